//! The duty that sends: for each address what its account is owed, in one letter.
//!
//! Invariants. One process has an address in hand, under a lease. What was told moves on after the relay took the letter, in one
//! write that asks whether the lease is still held: a crash between the two sends the letter once more, under the same
//! Message-ID while nothing was added to it, and loses nothing. A relay that cannot be reached is the duty's failure and is held
//! against no address; an address that is not taken is held against nobody else.
//!
//! Times are real time; whether a last day is near is asked of business time.

use super::address::{give, opened};
use super::gather::{Moment, Owed, gather};
use super::letter::{self, Sheet};
use super::once;
use super::relay::{Relay, Untaken};
use crate::{Error, World};
use domain::id::StaffId;
use domain::notification::{AddressState, Answer, after};
use domain::parameter::Name;
use domain::time::Timestamp;
use std::sync::Arc;
use std::time::Instant;
use store::notification::AddressRow;

/// Addresses, and letters that are written once, that one run looks at.
pub(super) const AT_ONCE: i64 = 100;
/// Messages that are placed in one transaction.
const PLACED_AT_ONCE: i64 = 1000;
/// How long a process may have an address in hand, seconds: longer than a relay may keep silent in one letter.
pub(super) const LEASE_SECONDS: i64 = 420;
/// How long after a relay could not be reached it is tried again for the same address, seconds.
pub(super) const RELAY_SECONDS: i64 = 300;
/// How long after an address was not taken it is tried again, seconds.
pub(super) const AGAIN_SECONDS: i64 = 1800;

/// Sends at `at`, real time, what was left to be written once, and every account what it is owed. How many letters were taken.
///
/// # Errors
/// The store's; internal: the relay cannot be reached, or does not want us.
pub async fn send_due(world: &World, at: Timestamp) -> Result<usize, Error> {
    place(world).await?;
    let Some(relay) = world.relay() else {
        once::give_up(world, at).await?;
        return Ok(0);
    };
    // A letter that the relay does not want of us keeps no account from what it is owed.
    let begun = Instant::now();
    let once = once::send_left(world, &relay, at).await;
    let owed = send_owed(world, &relay, since(at, begun)).await;
    Ok(once? + owed?)
}

/// Now, of a run that began at `at`: letters take their time.
pub(super) fn since(at: Timestamp, begun: Instant) -> Timestamp {
    at.plus_seconds(i64::try_from(begun.elapsed().as_secs()).unwrap_or_default())
}

async fn send_owed(world: &World, relay: &Arc<Relay>, at: Timestamp) -> Result<usize, Error> {
    let due = world.db().read(move |tx| store::notification::list_due(tx, at.as_micros(), AT_ONCE)).await?;
    let (mut taken, begun) = (0, Instant::now());
    for row in due {
        // Each lease begins when its own letter is in hand.
        let at = since(at, begun);
        let Some(held) = hold(world, row, at).await? else { continue };
        // What is wrong with one letter keeps the others from nothing; a relay that is away keeps all of them.
        match send_one(world, relay, &held, at).await {
            Ok(Outcome::Nothing) => (),
            Ok(Outcome::Sent) => taken += 1,
            Ok(Outcome::Away(said)) => {
                return Err(Error::internal(format!("the relay {relay} took no mail: {said}")));
            }
            Err(error) => {
                let (code, source) = (error.code(), error.source_for_log());
                let staff = StaffId::from_bytes(held.staff_id);
                tracing::error!(%staff, code, source, "what an account is owed could not be sent");
            }
        }
    }
    Ok(taken)
}

/// Places what was committed since it was done before, so that it is gathered: always, so that there is never much of it, and in
/// portions.
async fn place(world: &World) -> Result<(), Error> {
    while world.db().read(store::message::is_unplaced).await? {
        world
            .db()
            .write(move |tx| {
                tx.unaudited("messages that were committed are put in their order");
                Ok::<_, Error>(store::message::place(tx, PLACED_AT_ONCE)?)
            })
            .await?;
    }
    Ok(())
}

/// What became of an address.
enum Outcome {
    /// There was nothing to send, or it was not taken there.
    Nothing,
    /// A letter was taken.
    Sent,
    /// The relay could not be reached.
    Away(String),
}

/// Puts an address under a lease of this process; none when another one was faster.
async fn hold(world: &World, row: AddressRow, at: Timestamp) -> Result<Option<AddressRow>, Error> {
    let lease_until = at.plus_seconds(LEASE_SECONDS).as_micros();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("a lease on an address");
            let is_held = store::notification::lease_address(tx, &row, lease_until)?;
            let held = AddressRow { next_at: lease_until, attempt: row.attempt + 1, ..row.clone() };
            Ok(is_held.then_some(held))
        })
        .await
}

async fn send_one(
    world: &World,
    relay: &Arc<Relay>,
    held: &AddressRow,
    at: Timestamp,
) -> Result<Outcome, Error> {
    let moment = Moment { at, today: world.now().business_date() };
    let row = held.clone();
    let owed = world.db().read(move |tx| gather(tx, &row, moment)).await?;
    let next_at = at.plus_seconds(world.parameter(Name::MailInterval)).as_micros();
    if owed.is_nothing() {
        settle(world, held, told(held, &owed, next_at)).await?;
        return Ok(Outcome::Nothing);
    }
    let to = opened(&world.keys().ring(), &held.staff_id, held.key_version, &held.sealed)?;
    let sheet = Sheet { world: world.name(), language: owed.language, portal: relay.portal() };
    let letter = letter::write(relay, &to, &sheet.digest(&owed.digest), &owed.name, at)?;
    match give(relay.clone(), to, letter).await? {
        Ok(()) => {
            let after = AddressRow {
                mailed_at: Some(at.as_micros()),
                refused_since: None,
                ..told(held, &owed, next_at)
            };
            settle(world, held, after).await?;
            Ok(Outcome::Sent)
        }
        Err(Untaken::Relay(said)) => {
            let next_at = at.plus_seconds(RELAY_SECONDS).as_micros();
            settle(world, held, AddressRow { next_at, ..held.clone() }).await?;
            Ok(Outcome::Away(said))
        }
        Err(Untaken::Address(answer, said)) => {
            let after = untaken(world, held, answer, at);
            let staff = StaffId::from_bytes(held.staff_id);
            tracing::warn!(%staff, said, state = after.state, "an address was not taken by the relay");
            settle(world, held, after).await?;
            Ok(Outcome::Nothing)
        }
    }
}

/// The address with everything told that is owed.
fn told(held: &AddressRow, owed: &Owed, next_at: i64) -> AddressRow {
    let (told_batch, told_waits) = (owed.told_batch, owed.told_waits.clone());
    AddressRow { told_batch, told_waits, next_at, ..held.clone() }
}

/// The address as it stands when the relay did not take it.
fn untaken(world: &World, held: &AddressRow, answer: Answer, at: Timestamp) -> AddressRow {
    let since = held.refused_since.map_or(at, Timestamp::from_micros);
    let state: AddressState = after(answer, since, at, world.parameter(Name::MailFailing));
    AddressRow {
        state: state.to_string(),
        refused_since: Some(since.as_micros()),
        next_at: at.plus_seconds(AGAIN_SECONDS).as_micros(),
        ..held.clone()
    }
}

/// Writes what became of an address, if it is still in hand; what lost its lease is whoever's has it now.
async fn settle(world: &World, held: &AddressRow, after: AddressRow) -> Result<(), Error> {
    let held = held.clone();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("what an account was told by mail");
            if !store::notification::settle_address(tx, &held, &after)? {
                tracing::warn!("an address was let go of, or is another one");
            }
            Ok(())
        })
        .await
}
