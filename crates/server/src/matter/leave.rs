//! What becomes of the business of a channel that has left (CH-33.3; after grade 3, CH-31.3).
//!
//! Invariant: in the transaction in which a channel leaves, its endpoints fall silent, and whatever would wait for its owner ends or
//! waits for the platform. Done again it does nothing.

use super::step::{Course, Desk, RECORDED, area, kind};
use crate::channel::from_row;
use crate::{Error, World};
use domain::channel::{Phase, Portal};
use domain::id::ChannelId;
use domain::matter::{Party, received};
use store::WriteTx;
use store::matter::{MatterRow, WaitRow};

/// Channels that have left, looked at in one transaction that reads.
const PAGE: i64 = 500;

impl Course<'_> {
    /// Ends what a channel that has just left had open, as the platform.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn leave(&mut self, tx: &mut WriteTx<'_>, channel: ChannelId) -> Result<(), Error> {
        let row = store::channel::find(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
        let phase = from_row(&row)?.phase;
        if phase.portal() == Portal::Open {
            return Ok(());
        }
        let (actor, now) = self.hand();
        crate::webhook::service::silence(tx, channel, actor, now)?;
        for open in store::matter::list_open(tx, channel.as_bytes(), i64::MAX)? {
            let locked = store::matter::lock(tx, &open.id)?.ok_or_else(Error::not_found)?;
            if locked.ended == 0 && !self.end(tx, locked)? {
                await_no_owner(tx, &open, phase)?;
            }
        }
        Ok(())
    }
}

/// What waits for an owner who is not received waits for nobody; what the platform does when a day has passed it still does.
fn await_no_owner(tx: &mut WriteTx<'_>, matter: &MatterRow, phase: Phase) -> Result<(), Error> {
    if received(kind(matter)?.errand(), Party::Owner, Some(phase)).is_ok() {
        return Ok(());
    }
    let is_owners = |wait: &WaitRow| wait.party == Party::Owner.as_str();
    let mut waits = store::matter::list_waits(tx, &matter.id)?;
    if !waits.iter().any(is_owners) {
        return Ok(());
    }
    waits.retain(|wait| !is_owners(wait) || wait.expiry.as_deref().is_some_and(|word| word != RECORDED));
    for wait in waits.iter_mut().filter(|wait| is_owners(wait)) {
        wait.party = Party::Platform.to_string();
        wait.division = area(None);
    }
    Ok(store::matter::replace_waits(tx, &matter.id, &waits)?)
}

/// Does for every channel that has left what is done in the step in which one leaves: for those that left before there was such a
/// step, and those that the short way of ending one took. Done when a server starts.
///
/// # Errors
/// The store's.
pub async fn settle_left(world: &World) -> Result<(), Error> {
    let mut after = Vec::new();
    loop {
        let from = after.clone();
        let page = world.db().read(move |tx| store::channel::list_left(tx, &from, PAGE)).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.to_vec();
        for channel in page {
            settle_one(world, ChannelId::from_bytes(channel)).await?;
        }
    }
}

/// The same for one channel.
///
/// # Errors
/// The store's.
pub(crate) async fn settle_one(world: &World, channel: ChannelId) -> Result<(), Error> {
    let desk = Desk::platform(world);
    world
        .db()
        .write(move |tx| {
            tx.unaudited("what it ends is recorded matter by matter");
            Course::new(&desk).leave(tx, channel)
        })
        .await
}
