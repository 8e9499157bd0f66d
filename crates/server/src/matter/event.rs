//! What a channel's server is told of the channel's matters, in the transaction of its cause: something waits for the owner, its
//! last day comes near, the channel is suspended or goes on, a key of it is being replaced.
//!
//! Invariant: an event names one id and says nothing else, so whoever gets it asks. It goes to the channel that the matter is
//! about; what was opened before there is one is told to nobody, and what the owner itself has just done is not told to the owner.

use super::list::SOON_DAYS;
use super::step::kind;
use crate::webhook::{Event, emit, emit_each};
use crate::{Error, World};
use domain::channel::State;
use domain::id::{ChannelId, KeyId, MatterId};
use domain::key::KeyState;
use domain::matter::{Kind, Party};
use domain::time::{BusinessDate, Timestamp};
use domain::webhook::EventType;
use store::WriteTx;
use store::key::KeyRow;
use store::matter::{MatterRow, WaitRow};
use store::reminder::DueRow;

/// What a notice waits for first (CH-17).
const ACKNOWLEDGE: &str = "acknowledge";

/// That these waits of a matter have come, as far as they are the owner's.
pub(super) fn awaits(
    tx: &mut WriteTx<'_>,
    row: &MatterRow,
    by: Party,
    came: &[&WaitRow],
    at: Timestamp,
) -> Result<(), Error> {
    let Some(owner) = row.channel_id.map(ChannelId::from_bytes) else { return Ok(()) };
    let (of, subject) = (kind(row)?, MatterId::from_bytes(row.id).to_string());
    for wait in came.iter().filter(|wait| by != Party::Owner && wait.party == Party::Owner.as_str()) {
        let kind = match (of, wait.task.as_str()) {
            (Kind::Notice, ACKNOWLEDGE) => EventType::NoticeIssued,
            _ => EventType::MatterWaiting,
        };
        emit(tx, &Event { owner, kind, subject: subject.clone(), at })?;
    }
    Ok(())
}

/// That what a channel may do has changed, as it stands now.
pub(super) fn measured(tx: &mut WriteTx<'_>, owner: ChannelId, at: Timestamp) -> Result<(), Error> {
    let row = store::channel::find(tx, owner.as_bytes())?.ok_or_else(Error::not_found)?;
    let kind = match crate::channel::from_row(&row)?.state() {
        State::Suspended | State::PartlySuspended => EventType::ChannelSuspended,
        State::Live | State::Leaving => EventType::ChannelResumed,
        State::Testing | State::Exited | State::Terminated => return Ok(()),
    };
    Ok(emit(tx, &Event { owner, kind, subject: owner.to_string(), at })?)
}

/// That a key which was in use before ends with its overlap.
pub(super) fn superseded(
    tx: &mut WriteTx<'_>,
    owner: ChannelId,
    before: &[KeyRow],
    at: Timestamp,
) -> Result<(), Error> {
    let ends = |row: &KeyRow| {
        let was_active = |old: &KeyRow| old.id == row.id && old.state == KeyState::Active.as_str();
        row.state == KeyState::Retiring.as_str() && before.iter().any(was_active)
    };
    for row in store::key::list_owned(tx, owner.as_bytes())?.iter().filter(|row| ends(row)) {
        let subject = KeyId::from_bytes(row.id).to_string();
        emit(tx, &Event { owner, kind: EventType::KeyExpiring, subject, at })?;
    }
    Ok(())
}

/// Tells every channel once what its owner has to do within [`SOON_DAYS`]: done on each business day for the last days that
/// have come that near since it was done before. How many were told.
///
/// # Errors
/// The store's.
pub async fn due_soon(world: &World) -> Result<usize, Error> {
    let (at, today) = (world.now(), world.now().business_date());
    let done = world.db().read(store::reminder::told_until).await?;
    if done >= i64::from(today.as_days()) {
        return Ok(0);
    }
    world
        .db()
        .write(move |tx| {
            tx.unaudited("what is sent is logged as a delivery");
            let done = store::reminder::lock_told_until(tx)?;
            if done >= i64::from(today.as_days()) {
                return Ok(0);
            }
            store::reminder::set_told_until(tx, i64::from(today.as_days()))?;
            let first = match i32::try_from(done) {
                Ok(done) if done > 0 => BusinessDate::from_days(done + 1),
                _ => today,
            };
            let near = |day: BusinessDate| day.plus_days(SOON_DAYS).to_string();
            let waits = store::reminder::list_due(tx, Party::Owner.as_str(), &near(first), &near(today))?;
            let event = |due: &DueRow| Event {
                owner: ChannelId::from_bytes(due.channel_id),
                kind: EventType::MatterDueSoon,
                subject: MatterId::from_bytes(due.matter_id).to_string(),
                at,
            };
            let events: Vec<_> = waits.iter().map(event).collect();
            emit_each(tx, &events)?;
            Ok(events.len())
        })
        .await
}
