//! Deadlines that were provisional are counted again once the calendar knows their days: a step of the platform in each
//! matter, with its line of history and its record.
//!
//! It looks for what is provisional and known, not for a year that was entered; so it does not matter by which way the
//! calendar grew, or whether the server stood meanwhile.

use super::step::{Course, Desk, lock};
use crate::{Error, World};
use domain::id::MatterId;
use store::ReadTx;

/// Matters that are looked at in one transaction.
const MOST: i64 = 200;

/// Settles what can be settled and says how many matters were changed. What one of them cannot do keeps the others from nothing.
///
/// # Errors
/// The last failure, when there was one.
pub(super) async fn settle(world: &World) -> Result<usize, Error> {
    let (mut after, mut done, mut failed) = ([0; 16], 0, None);
    loop {
        let page = world
            .db()
            .read(move |tx| {
                let calendar = crate::calendar::service::in_force(tx)?;
                let known = (calendar.from().to_string(), calendar.until().to_string());
                Ok::<_, Error>(store::matter::list_provisional(tx, (&known.0, &known.1), &after, MOST)?)
            })
            .await?;
        let Some(last) = page.last().copied() else { return failed.map_or(Ok(done), Err) };
        for id in page {
            match settle_one(world, id).await {
                Ok(moved) => done += usize::from(moved),
                Err(error) => failed = Some(error),
            }
        }
        after = last;
    }
}

/// Whether anything moved. It is looked at before it is locked: near the end of the calendar a day may stay provisional.
async fn settle_one(world: &World, id: [u8; 16]) -> Result<bool, Error> {
    let desk = Desk::platform(world);
    let looking = desk.clone();
    let may =
        world.db().read(move |tx| Ok::<_, Error>(!has_default(tx, &id)? && looking.may_settle(tx, &id)?));
    if !may.await? {
        return Ok(false);
    }
    world
        .db()
        .write(move |tx| {
            let row = lock(tx, MatterId::from_bytes(id))?;
            let moved = !has_default(tx, &id)? && Course::new(&desk).settle(tx, row)?;
            if !moved {
                tx.unaudited("somebody acted in the meantime");
            }
            Ok(moved)
        })
        .await
}

/// Whether a default stands recorded at a provisional day of the matter. Such a matter is left as it is: with another day the
/// default would be erased, and recorded once more.
fn has_default(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<bool, Error> {
    let waits = store::matter::list_waits(tx, id)?;
    Ok(waits.iter().any(|wait| wait.provisional != 0 && wait.overdue_at.is_some()))
}
