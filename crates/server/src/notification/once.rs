//! A letter that is written once, to an address that is no account's or no more: of a contact of a channel, or what an account had before.
//!
//! Invariants. It is left in the transaction of its cause, and goes out by the duty that mails, under a lease like everything that it
//! mails: at least once and under one Message-ID. The address lies sealed until the relay took the letter, and then nowhere. Where no
//! mail is sent, the letter is given up; so is one whose address is bad, and every one that is older than an address may fail,
//! whoever did not take it: nothing older is sent. It says what happened and to whom to turn, in both languages, and no more.

use super::address::give;
use super::digest::{AGAIN_SECONDS, AT_ONCE, LEASE_SECONDS, RELAY_SECONDS, since};
use super::letter::{self, Sheet};
use super::relay::{Relay, Untaken};
use crate::key::Ring;
use crate::{Error, World};
use data_encoding::HEXLOWER;
use domain::export::Language;
use domain::id::{ChannelId, LetterId};
use domain::notification::{Answer, MailAddress, Occasion, is_too_old};
use domain::parameter::Name;
use domain::time::Timestamp;
use std::sync::Arc;
use std::time::Instant;
use store::WriteTx;
use store::letter::LetterRow;

/// What the seal of an address is bound to, before the letter's id.
const SEALED: &[u8] = b"letter\n";

/// What is written to whom.
#[derive(Debug)]
pub(crate) struct Letter<'a> {
    /// Its id.
    pub id: LetterId,
    /// What it says.
    pub occasion: Occasion,
    /// About which channel.
    pub channel: Option<ChannelId>,
    /// To whom.
    pub to: &'a MailAddress,
}

/// Leaves a letter in the transaction of its cause.
///
/// # Errors
/// The store's.
pub(crate) fn leave(
    tx: &mut WriteTx<'_>,
    ring: &Ring,
    letter: &Letter<'_>,
    at: Timestamp,
) -> Result<(), Error> {
    let id = *letter.id.as_bytes();
    let (key_version, sealed) = ring.seal(&associated(&id), letter.to.as_str().as_bytes());
    let row = LetterRow {
        id,
        occasion: letter.occasion.to_string(),
        channel_id: letter.channel.map(|id| *id.as_bytes()),
        key_version,
        sealed,
        at: at.as_micros(),
        next_at: 0,
    };
    Ok(store::letter::insert(tx, &row)?)
}

fn associated(id: &[u8; 16]) -> Vec<u8> {
    [SEALED, id].concat()
}

/// What became of a letter.
enum Outcome {
    /// The relay has it.
    Taken,
    /// Nobody gets it.
    GivenUp,
    /// It was not taken, and is tried again.
    PutOff,
    /// The relay could not be reached, or does not want us; it is tried again.
    Away(String),
}

/// Sends the letters that were left, at `at`, real time. How many were taken.
///
/// # Errors
/// The store's; internal: the relay cannot be reached, or does not want us.
pub(super) async fn send_left(world: &World, relay: &Arc<Relay>, at: Timestamp) -> Result<usize, Error> {
    let (mut taken, begun) = (0, Instant::now());
    for row in due(world, at).await? {
        let at = since(at, begun);
        let Some(held) = hold(world, row, at).await? else { continue };
        let id = LetterId::from_bytes(held.id);
        // What is wrong with one letter keeps the others from nothing; a relay that is away keeps all of them.
        match send_one(world, relay, &held, at).await {
            Ok(Outcome::Taken) => taken += 1,
            Ok(Outcome::GivenUp | Outcome::PutOff) => (),
            Ok(Outcome::Away(said)) => {
                return Err(Error::internal(format!("the relay {relay} took no letter: {said}")));
            }
            Err(error) => {
                let (code, source) = (error.code(), error.source_for_log());
                tracing::error!(letter = %id, code, source, "a letter could not be sent");
            }
        }
    }
    Ok(taken)
}

/// Gives up what was left where no mail is sent.
///
/// # Errors
/// The store's.
pub(super) async fn give_up(world: &World, at: Timestamp) -> Result<(), Error> {
    for row in due(world, at).await? {
        settle(world, &row, None).await?;
    }
    Ok(())
}

async fn due(world: &World, at: Timestamp) -> Result<Vec<LetterRow>, Error> {
    Ok(world.db().read(move |tx| store::letter::list_due(tx, at.as_micros(), AT_ONCE)).await?)
}

/// Puts a letter under a lease of this process; none when another one was faster.
async fn hold(world: &World, row: LetterRow, at: Timestamp) -> Result<Option<LetterRow>, Error> {
    let lease_until = at.plus_seconds(LEASE_SECONDS).as_micros();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("a lease on a letter");
            let is_held = store::letter::put_off(tx, &row, lease_until)?;
            Ok(is_held.then(|| LetterRow { next_at: lease_until, ..row.clone() }))
        })
        .await
}

async fn send_one(
    world: &World,
    relay: &Arc<Relay>,
    held: &LetterRow,
    at: Timestamp,
) -> Result<Outcome, Error> {
    let id = LetterId::from_bytes(held.id);
    let days = world.parameter(Name::MailFailing);
    if is_too_old(Timestamp::from_micros(held.at), world.now(), days) {
        tracing::warn!(letter = %id, "a letter is given up: the relay did not take it for days");
        settle(world, held, None).await?;
        return Ok(Outcome::GivenUp);
    }
    let (outcome, next_at) = match give_one(world, relay, held, at).await? {
        Ok(()) => (Outcome::Taken, None),
        Err(Untaken::Address(Answer::Never, said)) => {
            tracing::warn!(letter = %id, said, "a letter is given up: its address was not taken by the relay");
            (Outcome::GivenUp, None)
        }
        Err(Untaken::Address(Answer::NotNow, said)) => {
            tracing::warn!(letter = %id, said, "a letter was not taken by the relay");
            (Outcome::PutOff, Some(at.plus_seconds(AGAIN_SECONDS)))
        }
        Err(Untaken::Relay(said)) => (Outcome::Away(said), Some(at.plus_seconds(RELAY_SECONDS))),
    };
    settle(world, held, next_at).await?;
    Ok(outcome)
}

async fn give_one(
    world: &World,
    relay: &Arc<Relay>,
    held: &LetterRow,
    at: Timestamp,
) -> Result<Result<(), Untaken>, Error> {
    let plain = world.keys().ring().open(held.key_version, &associated(&held.id), &held.sealed)?;
    let to: Option<MailAddress> = std::str::from_utf8(&plain).ok().and_then(|text| text.parse().ok());
    let to = to.ok_or_else(|| Error::internal("a sealed address is none"))?;
    let occasion = held.occasion.parse().map_err(|_| Error::internal("a stored occasion is unknown"))?;
    let channel = match held.channel_id {
        Some(id) => {
            world.db().read(move |tx| store::channel::find(tx, &id)).await?.map(|channel| channel.name)
        }
        None => None,
    };
    let sheet = Sheet { world: world.name(), language: Language::Zh, portal: relay.portal() };
    let text = sheet.once(occasion, channel.as_deref().unwrap_or_default());
    let letter = letter::write(relay, &to, &text, &HEXLOWER.encode(&held.id), at)?;
    give(relay.clone(), to, letter).await
}

/// Puts a letter off, or takes it away for good, if it is still in hand; what lost its lease is whoever's has it now.
async fn settle(world: &World, held: &LetterRow, next_at: Option<Timestamp>) -> Result<(), Error> {
    let held = held.clone();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("what became of a letter");
            let is_held = match next_at {
                Some(next_at) => store::letter::put_off(tx, &held, next_at.as_micros())?,
                None => store::letter::delete(tx, &held)?,
            };
            if !is_held {
                tracing::warn!("a letter was let go of");
            }
            Ok(())
        })
        .await
}
