//! A letter that is written once, to an address that is no account's or no more: of a contact of a channel, or what an account had before.
//!
//! Invariants. It is left in the transaction of its cause, and goes out by a job, at least once and under one Message-ID. The
//! address lies sealed until the relay took the letter, and then nowhere. Where no mail is sent, the letter is given up; so is one
//! that the relay did not want for its address for so many attempts. It says what happened and to whom to turn, in both languages, and no more.

use super::address::give;
use super::letter::{self, Sheet};
use super::relay::Untaken;
use crate::job::{Handlers, Job};
use crate::key::Ring;
use crate::{Error, World, job};
use data_encoding::HEXLOWER;
use domain::export::Language;
use domain::id::{ChannelId, LetterId};
use domain::notification::{Answer, MailAddress, Occasion};
use domain::time::Timestamp;
use store::WriteTx;
use store::letter::LetterRow;

/// The kind of the job.
const KIND: &str = "letter.write";
/// What the seal of an address is bound to, before the letter's id.
const SEALED: &[u8] = b"letter\n";
/// Attempts after which an address that is not taken is given up.
const MOST: u32 = 10;

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
    };
    store::letter::insert(tx, &row)?;
    job::enqueue(tx, KIND, &letter.id.to_string(), at)
}

fn associated(id: &[u8; 16]) -> Vec<u8> {
    [SEALED, id].concat()
}

/// Does the jobs of this kind.
#[must_use]
pub(crate) fn register(handlers: Handlers) -> Handlers {
    handlers.on(KIND, |world, job: Job| async move { write(&world, &job).await })
}

async fn write(world: &World, job: &Job) -> Result<(), Error> {
    let id: LetterId = job.subject().parse()?;
    let found = world
        .db()
        .read(move |tx| {
            let Some(row) = store::letter::find(tx, id.as_bytes())? else { return Ok(None) };
            let channel = match &row.channel_id {
                Some(channel) => store::channel::find(tx, channel)?.map(|channel| channel.name),
                None => None,
            };
            Ok::<_, Error>(Some((row, channel)))
        })
        .await?;
    let Some((row, channel)) = found else { return Ok(()) };
    let Some(relay) = world.relay() else { return end(world, job, id).await };
    let plain = world.keys().ring().open(row.key_version, &associated(&row.id), &row.sealed)?;
    let to: Option<MailAddress> = std::str::from_utf8(&plain).ok().and_then(|text| text.parse().ok());
    let to = to.ok_or_else(|| Error::internal("a sealed address is none"))?;
    let occasion = row.occasion.parse().map_err(|_| Error::internal("a stored occasion is unknown"))?;
    let sheet = Sheet { world: world.name(), language: Language::Zh, portal: relay.portal() };
    let text = sheet.once(occasion, channel.as_deref().unwrap_or_default());
    let letter = letter::write(&relay, &to, &text, &HEXLOWER.encode(&row.id), world.real_now())?;
    match give(relay, to, letter).await? {
        Ok(()) => end(world, job, id).await,
        Err(Untaken::Address(answer, said)) if answer == Answer::Never || job.attempt() >= MOST => {
            tracing::warn!(letter = %id, said, "a letter is given up: its address was not taken by the relay");
            end(world, job, id).await
        }
        Err(Untaken::Address(_, said) | Untaken::Relay(said)) => {
            Err(Error::internal(format!("a letter was not taken: {said}")))
        }
    }
}

/// The letter and its job are gone.
async fn end(world: &World, job: &Job, id: LetterId) -> Result<(), Error> {
    let job = job.clone();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("the end of a letter");
            store::letter::delete(tx, id.as_bytes())?;
            job.finish(tx)
        })
        .await
}
