//! A channel between the levels: the level-1 channel above it and the level-2 channels below it (CH-4, CH-11.3).
//!
//! Invariant: an owner is told of every level-2 channel of its own level-1 channel, whoever owns that, since it answers for
//! it (CH-11.4c); a department of those that serve in its area. Whether the asker may open one is said with it.

use super::service::{in_sight, sees};
use crate::auth::{Sight, Staff, authorize_role};
use crate::{Error, World};
use domain::id::ChannelId;
use domain::org::Operation;
use store::ReadTx;
use store::channel::ChannelRow;
use store::org::OrgRow;

/// The channels above and below a channel.
#[derive(Debug, Clone)]
pub struct Levels {
    /// The level-1 channel of a level-2 channel.
    pub parent: Option<Relative>,
    /// The level-2 channels of a level-1 channel, by number.
    pub below: Vec<Relative>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Relative {
    /// The channel.
    pub row: ChannelRow,
    /// Its owner.
    pub owner: OrgRow,
    /// Whether it is in the asker's sight.
    pub is_in_sight: bool,
}

/// The channels above and below a channel in sight.
///
/// # Errors
/// `staff.role`; `resource.not_found`
pub async fn levels(world: &World, staff: &Staff, id: ChannelId) -> Result<Levels, Error> {
    authorize_role(staff, Operation::ChannelList)?;
    let sight = staff.sight();
    world
        .db()
        .read(move |tx| {
            let row = in_sight(tx, sight, id)?;
            let above = row.parent_id.map(|parent| store::channel::find(tx, &parent)).transpose()?.flatten();
            let parent = above.map(|row| relative(tx, sight, row)).transpose()?;
            let mut below = Vec::new();
            for row in store::channel::list_below(tx, &row.id)? {
                let relative = relative(tx, sight, row)?;
                if relative.is_in_sight || matches!(sight, Sight::Own(_)) {
                    below.push(relative);
                }
            }
            Ok(Levels { parent, below })
        })
        .await
}

fn relative(tx: &mut ReadTx<'_>, sight: Sight, row: ChannelRow) -> Result<Relative, Error> {
    let owner = store::org::find(tx, &row.owner_id)?;
    let owner = owner.ok_or_else(|| Error::internal("a channel without owner"))?;
    Ok(Relative { is_in_sight: sees(tx, sight, &row)?, owner, row })
}
