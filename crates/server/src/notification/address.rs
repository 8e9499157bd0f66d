//! The address of an account: given with a fresh proof, and confirmed by a code that is mailed to it.
//!
//! Invariants. A code is made with the platform's randomness, kept as a keyed digest, tried so many times and for so long, by real
//! time; used or void, it is gone, and the address it was mailed to with it. The row is written before the letter goes out, so
//! that no code is under way of which we do not know. No address stands in a record.

use super::letter::{self, Sheet};
use super::once::{self, Letter};
use super::relay::{Relay, Untaken};
use super::service::Wish;
use crate::auth::{Staff, require_step_up};
use crate::key::Ring;
use crate::{Error, World};
use domain::audit::Record;
use domain::id::{LetterId, MessageId};
use domain::notification::{
    AddressState, MailAddress, Mailed, Occasion, Refusal, admit_code, code, wrong_code,
};
use domain::parameter::Name;
use domain::time::Timestamp;
use gm::Secret;
use std::sync::Arc;
use store::WriteTx;
use store::notification::{AddressRow, CodeRow};
use tokio::task::spawn_blocking;

/// What the seal of an address is bound to, before the account's id.
const SEALED: &[u8] = b"mail_address\n";

/// An address that waits for its code.
#[derive(Debug)]
pub struct Pending {
    /// The address.
    pub address: MailAddress,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What of a code row waits still.
pub(super) fn pending(
    ring: &Ring,
    row: &CodeRow,
    now: Timestamp,
    most: i64,
) -> Result<Option<Pending>, Error> {
    let expires_at = Timestamp::from_micros(row.expires_at);
    let Some(sealed) = &row.sealed else { return Ok(None) };
    if admit_code(expires_at, row.wrong, now, most).is_err() {
        return Ok(None);
    }
    let address = opened(ring, &row.staff_id, row.key_version, sealed)?;
    Ok(Some(Pending { address, expires_at }))
}

/// A sealed address in clear.
///
/// # Errors
/// As [`Ring::open`].
pub(super) fn opened(
    ring: &Ring,
    staff: &[u8; 16],
    key_version: i64,
    sealed: &[u8],
) -> Result<MailAddress, Error> {
    let plain = ring.open(key_version, &associated(staff), sealed)?;
    let text = std::str::from_utf8(&plain).ok();
    let address = text.and_then(|text| text.parse().ok());
    address.ok_or_else(|| Error::internal("a sealed address is none"))
}

fn associated(staff: &[u8; 16]) -> Vec<u8> {
    [SEALED, staff].concat()
}

/// Mails a code to an address. The address before it, if any, is written to until the new one is confirmed.
///
/// # Errors
/// `notification.no_relay`; `staff.step_up_required`; `notification.code_pause`; `notification.codes_daily`;
/// `notification.unsent` when the relay did not take the letter.
pub async fn begin(world: &World, staff: &Staff, address: MailAddress) -> Result<Pending, Error> {
    let relay = world.relay().ok_or(Refusal::NoRelay)?;
    require_step_up(staff)?;
    let (ring, at) = (world.keys().ring(), world.real_now());
    let ttl = world.parameter(Name::MailCodeTtl);
    let (pause, most) = (world.parameter(Name::MailCodePause), world.parameter(Name::MailCodesDaily));
    let code = Secret::new(code(u64::from_be_bytes(gm::random::bytes())));
    let id = *staff.id.as_bytes();
    let (key_version, sealed) = ring.seal(&associated(&id), address.as_str().as_bytes());
    let expires_at = at.plus_seconds(ttl);
    let row = CodeRow {
        staff_id: id,
        key_version,
        sealed: Some(sealed),
        digest: Some(ring.mail_digest(&id, code.expose())),
        expires_at: expires_at.as_micros(),
        wrong: 0,
        mailed_at: 0,
        since: 0,
        mailed: 0,
    };
    let (actor, now, org) = (staff.actor(), world.now(), *staff.org.as_bytes());
    let language = world
        .db()
        .write(move |tx| {
            store::org::lock_staff_of(tx, &org, &id)?.ok_or_else(Error::not_found)?;
            let before = store::notification::lock_code(tx, &id)?.map(|row| Mailed {
                last_at: Timestamp::from_micros(row.mailed_at),
                since: Timestamp::from_micros(row.since),
                count: row.mailed,
            });
            let mailed = Mailed::again(before, at, pause, most)?;
            let (mailed_at, since) = (mailed.last_at.as_micros(), mailed.since.as_micros());
            let row = CodeRow { mailed_at, since, mailed: mailed.count, ..row.clone() };
            store::notification::replace_code(tx, &row)?;
            tx.audit(&Record::done(now, actor, "notification.code_mailed"));
            Ok::<_, Error>(Wish::of(&store::notification::get(tx, &id)?)?.language)
        })
        .await?;
    let text = Sheet { world: world.name(), language, portal: relay.portal() }.code(code.expose(), ttl / 60);
    let name = data_encoding::HEXLOWER.encode(&gm::random::bytes::<16>());
    let letter = letter::write(&relay, &address, &text, &name, at)?;
    match give(relay, address.clone(), letter).await? {
        Ok(()) => Ok(Pending { address, expires_at }),
        Err(Untaken::Relay(said) | Untaken::Address(_, said)) => {
            tracing::warn!(staff = %staff.id, said, "a code was not taken by the relay");
            take_back(world, id, at).await?;
            Err(Refusal::Unsent.into())
        }
    }
}

/// A code that was mailed to nobody does not count against its owner; nor can it be used.
async fn take_back(world: &World, id: [u8; 16], at: Timestamp) -> Result<(), Error> {
    world
        .db()
        .write(move |tx| {
            tx.unaudited("a code that no relay took");
            let row = store::notification::lock_code(tx, &id)?.filter(|row| row.mailed_at == at.as_micros());
            let Some(row) = row else { return Ok(()) };
            let left = CodeRow { mailed: (row.mailed - 1).max(0), ..used(&row) };
            Ok(store::notification::replace_code(tx, &left)?)
        })
        .await
}

/// Gives a letter to a relay, on a thread that may wait.
pub(super) async fn give(
    relay: Arc<Relay>,
    to: MailAddress,
    letter: Vec<u8>,
) -> Result<Result<(), Untaken>, Error> {
    let given = spawn_blocking(move || relay.take(&to, &letter)).await;
    given.map_err(|error| Error::internal(error.to_string()))
}

/// Writes to the address that an account has, unless it has the new one: that it is left. Whoever got hold of the account cannot
/// stop that.
fn part(
    tx: &mut WriteTx<'_>,
    ring: &Ring,
    (staff, id): (&[u8; 16], LetterId),
    new: Option<&MailAddress>,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(row) = store::notification::find_address(tx, staff)? else { return Ok(()) };
    let old = opened(ring, staff, row.key_version, &row.sealed)?;
    if new == Some(&old) {
        return Ok(());
    }
    let letter = Letter { id, occasion: Occasion::AddressChanged, channel: None, to: &old };
    once::leave(tx, ring, &letter, now)
}

/// Confirms the address by its code: from now on mail goes there, what was told before is not sent, and the address before is written to.
///
/// # Errors
/// `notification.no_code`; `notification.code_refused`, which counts.
pub async fn confirm(world: &World, staff: &Staff, given: Secret<String>) -> Result<(), Error> {
    let (ring, at, now) = (world.keys().ring(), world.real_now(), world.now());
    let (id, actor) = (*staff.id.as_bytes(), staff.actor());
    let (most, letter) = (world.parameter(Name::MailCodeErrors), world.id(LetterId::make));
    let outcome = world
        .db()
        .write(move |tx| {
            let row = store::notification::lock_code(tx, &id)?.ok_or(Refusal::NoCode)?;
            let (Some(sealed), Some(digest)) = (row.sealed.clone(), row.digest) else {
                return Err(Error::from(Refusal::NoCode));
            };
            admit_code(Timestamp::from_micros(row.expires_at), row.wrong, at, most)?;
            if digest != ring.mail_digest(&id, given.expose()) {
                let refusal = wrong_code(row.wrong + 1, most);
                let is_void = refusal == Refusal::NoCode;
                let left = CodeRow { wrong: row.wrong + 1, ..row };
                store::notification::replace_code(tx, &if is_void { used(&left) } else { left })?;
                tx.audit(&Record::refused(now, actor, "notification.address_confirmed", &refusal));
                return Ok(Err(refusal));
            }
            let address = AddressRow {
                staff_id: id,
                key_version: row.key_version,
                sealed,
                state: AddressState::Active.to_string(),
                verified_at: at.as_micros(),
                told_before: *MessageId::make(at, [0; 10]).as_bytes(),
                told_batch: store::message::last_batch(tx)?,
                told_waits: Vec::new(),
                mailed_at: None,
                next_at: at.as_micros(),
                attempt: 0,
                refused_since: None,
            };
            let to = opened(&ring, &id, address.key_version, &address.sealed)?;
            part(tx, &ring, (&id, letter), Some(&to), now)?;
            store::notification::replace_code(tx, &used(&row))?;
            store::notification::replace_address(tx, &address)?;
            tx.audit(&Record::done(now, actor, "notification.address_confirmed"));
            Ok(Ok(()))
        })
        .await?;
    Ok(outcome?)
}

/// The row without what was secret in it; how many codes were mailed stays.
fn used(row: &CodeRow) -> CodeRow {
    CodeRow { sealed: None, digest: None, ..row.clone() }
}

/// Takes the address away, and the one that waits for its code; it is written to once more.
///
/// # Errors
/// `staff.step_up_required`; `resource.not_found` when there is none.
pub async fn remove(world: &World, staff: &Staff) -> Result<(), Error> {
    require_step_up(staff)?;
    let (id, actor, now) = (*staff.id.as_bytes(), staff.actor(), world.now());
    let (ring, letter) = (world.keys().ring(), world.id(LetterId::make));
    world
        .db()
        .write(move |tx| {
            part(tx, &ring, (&id, letter), None, now)?;
            let waiting = store::notification::lock_code(tx, &id)?.filter(|row| row.digest.is_some());
            let is_waiting = waiting.is_some();
            if let Some(row) = waiting {
                store::notification::replace_code(tx, &used(&row))?;
            }
            if store::notification::delete_address(tx, &id)? == 0 && !is_waiting {
                return Err(Error::not_found());
            }
            tx.audit(&Record::done(now, actor, "notification.address_removed"));
            Ok(())
        })
        .await
}
