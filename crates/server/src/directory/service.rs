//! Reading the list.

use crate::channel::from_row;
use crate::{Error, World};
use domain::channel::{Channel, Phase, State};
use domain::division::DivisionCode;

/// Rows that are read at a time.
const CHUNK: i64 = 200;

/// A channel in service and its owner's name.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The channel.
    pub channel: Channel,
    /// What the form is, when it is a named other one.
    pub form_name: Option<String>,
    /// Full name of the owner unit.
    pub owner_name: String,
}

/// The channels in service that serve in `area` or somewhere within it, by number, beginning behind `after`.
///
/// # Errors
/// The store's.
pub async fn list(
    world: &World,
    area: DivisionCode,
    after: String,
    wanted: usize,
) -> Result<Vec<Listed>, Error> {
    world
        .db()
        .read(move |tx| {
            let (mut listed, mut after) = (Vec::new(), after.clone());
            loop {
                let rows = store::channel::list_by_number(tx, Phase::Live.as_str(), &after, CHUNK)?;
                let Some(last) = rows.last() else { return Ok(listed) };
                after.clone_from(&last.number);
                for row in rows {
                    let channel = from_row(&row)?;
                    let serves = channel.state() != State::Suspended;
                    if !serves || !channel.scope.regions().iter().any(|region| region.overlaps(area)) {
                        continue;
                    }
                    let owner = store::org::find(tx, channel.owner.as_bytes())?
                        .ok_or_else(|| Error::internal("a channel without owner"))?;
                    listed.push(Listed { channel, form_name: row.form_name, owner_name: owner.name });
                    if listed.len() == wanted {
                        return Ok(listed);
                    }
                }
            }
        })
        .await
}
