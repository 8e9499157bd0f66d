//! Reading the list.

use crate::channel::from_row;
use crate::{Error, World};
use domain::channel::{Channel, ChannelNumber, Phase, State};
use domain::division::DivisionCode;

/// Rows that are read at a time.
const CHUNK: i64 = 200;
/// Channels that one transaction lists of a list that is read whole.
const PART: usize = 500;

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

/// Every channel in service that serves in `area` or somewhere within it, by number; read part by part, so that no transaction
/// lasts long.
///
/// # Errors
/// The store's.
pub async fn whole(world: &World, area: DivisionCode) -> Result<Vec<Listed>, Error> {
    let mut all: Vec<Listed> = Vec::new();
    loop {
        let after = all.last().map(|last| last.channel.number.to_string()).unwrap_or_default();
        let part = list(world, area, None, after, PART).await?;
        let is_last = part.len() < PART;
        all.extend(part);
        if is_last {
            return Ok(all);
        }
    }
}

/// The channels in service that serve in `area` or somewhere within it, by number, beginning behind `after`; of a channel
/// that leaves, those to which its holders can move (CH-34.2).
///
/// # Errors
/// `resource.not_found` for a leaving channel that is not; the store's.
pub async fn list(
    world: &World,
    area: DivisionCode,
    leaving: Option<ChannelNumber>,
    after: String,
    wanted: usize,
) -> Result<Vec<Listed>, Error> {
    world
        .db()
        .read(move |tx| {
            let (mut listed, mut after) = (Vec::new(), after.clone());
            let leaving = match &leaving {
                Some(number) => {
                    let row = store::channel::find_by_number(tx, &number.to_string())?;
                    Some(from_row(&row.ok_or_else(Error::not_found)?)?)
                }
                None => None,
            };
            loop {
                let rows = store::channel::list_by_number(tx, Phase::Live.as_str(), &after, CHUNK)?;
                let Some(last) = rows.last() else { return Ok(listed) };
                after.clone_from(&last.number);
                for row in rows {
                    let channel = from_row(&row)?;
                    let serves = match &leaving {
                        Some(leaving) => channel.succeeds(leaving),
                        None => channel.state() != State::Suspended,
                    };
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
