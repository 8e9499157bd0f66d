//! The e-mail address of a contact: a code is mailed to it, and the owner gives that back.
//!
//! Invariants. An address is verified for an owner, by somebody of that owner, so for all its channels whose contact has it; another
//! owner shows it anew, and whoever answers for a channel of another vouches for nobody there. It is
//! kept as a keyed digest, and so is the code, which holds so long and for so many attempts, by real time. The row is written
//! before the letter goes out. No address stands in a record.

use super::service::{acts_for_an_owner, current, may_verify};
use crate::auth::{Staff, authorize_role};
use crate::channel::service::in_sight;
use crate::key::Ring;
use crate::notification::{ContactLetter, mail_contact_code};
use crate::{Error, World};
use domain::application::form::Contact;
use domain::audit::{Record, Reference};
use domain::contact;
use domain::id::ChannelId;
use domain::matter;
use domain::notification::{MailAddress, Mailed, Refusal, admit_code, code, wrong_code};
use domain::org::Operation;
use domain::parameter::Name;
use domain::time::Timestamp;
use gm::Secret;
use store::channel::ChannelRow;
use store::contact::ContactMailRow;
use store::{ReadTx, WriteTx};

/// What is known of the addresses of an owner.
pub(super) struct Known<'a> {
    ring: &'a Ring,
    rows: Vec<ContactMailRow>,
}

impl<'a> Known<'a> {
    pub(super) fn of(tx: &mut ReadTx<'_>, ring: &'a Ring, owner: [u8; 16]) -> Result<Self, Error> {
        Ok(Self { ring, rows: store::contact::list(tx, &owner)? })
    }

    fn find(&self, contact: &Contact) -> Option<&ContactMailRow> {
        let address: MailAddress = contact.email.parse().ok()?;
        let digest = self.ring.contact_address(address.as_str());
        self.rows.iter().find(|row| row.address == digest)
    }

    /// When the address of a contact was shown to be read.
    pub(super) fn verified_at(&self, contact: &Contact) -> Option<Timestamp> {
        self.find(contact)?.verified_at.map(Timestamp::from_micros)
    }

    /// Until when a code confirms the address of a contact, if one does.
    pub(super) fn pending(&self, contact: &Contact, now: Timestamp, most: i64) -> Option<Timestamp> {
        let row = self.find(contact).filter(|row| row.digest.is_some())?;
        let expires_at = Timestamp::from_micros(row.expires_at);
        admit_code(expires_at, row.wrong, now, most).ok().map(|()| expires_at)
    }
}

/// A code that is under way.
#[derive(Debug)]
pub struct Pending {
    /// Where it was mailed.
    pub address: MailAddress,
    /// Until when it confirms.
    pub expires_at: Timestamp,
}

/// Has a code mailed to the contact that holds now.
///
/// # Errors
/// `staff.role`; `notification.no_relay`; `resource.not_found`; `matter.party` for whoever does not act for the owner;
/// `contact.missing`; `contact.verified`; `notification.address`; `notification.code_pause`; `notification.codes_daily`;
/// `notification.unsent` when the relay did not take the letter.
pub async fn begin(world: &World, staff: &Staff, id: ChannelId) -> Result<Pending, Error> {
    admit(staff)?;
    let relay = world.relay();
    let has_relay = relay.is_some();
    let (ring, at, now) = (world.keys().ring(), world.real_now(), world.now());
    let ttl = world.parameter(Name::MailCodeTtl);
    let (pause, most) = (world.parameter(Name::MailCodePause), world.parameter(Name::MailCodesDaily));
    let code = Secret::new(code(u64::from_be_bytes(gm::random::bytes())));
    let (asker, expires_at, sent) = (staff.clone(), at.plus_seconds(ttl), Secret::new(code.expose().clone()));
    let (address, row, letter) = world
        .db()
        .write(move |tx| {
            let (channel, address) = addressed(tx, &ring, &asker, id)?;
            if !has_relay {
                return Err(Refusal::NoRelay.into());
            }
            let key = ring.contact_address(address.as_str());
            let before = store::contact::lock(tx, &channel.owner_id, &key)?;
            if before.as_ref().is_some_and(|row| row.verified_at.is_some()) {
                return Err(Error::from(contact::Refusal::Verified));
            }
            let before = before.map(|row| Mailed {
                last_at: Timestamp::from_micros(row.mailed_at),
                since: Timestamp::from_micros(row.since),
                count: row.mailed,
            });
            let mailed = Mailed::again(before, at, pause, most)?;
            let row = ContactMailRow {
                owner_id: channel.owner_id,
                address: key,
                verified_at: None,
                digest: Some(ring.contact_code(&channel.owner_id, &key, sent.expose())),
                expires_at: expires_at.as_micros(),
                wrong: 0,
                mailed_at: mailed.last_at.as_micros(),
                since: mailed.since.as_micros(),
                mailed: mailed.count,
            };
            store::contact::replace(tx, &row)?;
            tx.audit(&about(&channel, Record::done(now, asker.actor(), "contact.code_mailed")));
            let letter = ContactLetter::of(tx, asker.id, &channel.name)?;
            Ok((address, row, letter))
        })
        .await?;
    let relay = relay.ok_or(Refusal::NoRelay)?;
    match mail_contact_code(world, relay, &address, &letter, (&code, ttl / 60)).await? {
        Ok(()) => Ok(Pending { address, expires_at }),
        Err(said) => {
            tracing::warn!(channel = %id, said, "a code for a contact was not taken by the relay");
            take_back(world, row).await?;
            Err(Refusal::Unsent.into())
        }
    }
}

/// A code that was mailed to nobody does not count; nor can it be used.
async fn take_back(world: &World, sent: ContactMailRow) -> Result<(), Error> {
    world
        .db()
        .write(move |tx| {
            tx.unaudited("a code that no relay took");
            let row = store::contact::lock(tx, &sent.owner_id, &sent.address)?;
            let Some(row) = row.filter(|row| row.mailed_at == sent.mailed_at) else { return Ok(()) };
            let left = ContactMailRow { digest: None, mailed: (row.mailed - 1).max(0), ..row };
            Ok(store::contact::replace(tx, &left)?)
        })
        .await
}

/// Confirms the address of the contact that holds now by the code that was mailed to it.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `matter.party`; `contact.missing`; `notification.address`; `notification.no_code`;
/// `notification.code_refused`, which counts.
pub async fn confirm(
    world: &World,
    staff: &Staff,
    id: ChannelId,
    given: Secret<String>,
) -> Result<(), Error> {
    admit(staff)?;
    let (ring, at, now) = (world.keys().ring(), world.real_now(), world.now());
    let most = world.parameter(Name::MailCodeErrors);
    let asker = staff.clone();
    let outcome = world
        .db()
        .write(move |tx| {
            let (channel, address) = addressed(tx, &ring, &asker, id)?;
            let key = ring.contact_address(address.as_str());
            let row = store::contact::lock(tx, &channel.owner_id, &key)?.ok_or(Refusal::NoCode)?;
            let digest = row.digest.ok_or(Refusal::NoCode)?;
            admit_code(Timestamp::from_micros(row.expires_at), row.wrong, at, most)?;
            let right = ring.contact_code(&channel.owner_id, &key, given.expose());
            if digest != right {
                let refusal = wrong_code(row.wrong + 1, most);
                let left = row.digest.filter(|_| refusal != Refusal::NoCode);
                store::contact::replace(tx, &ContactMailRow { digest: left, wrong: row.wrong + 1, ..row })?;
                let record = Record::refused(now, asker.actor(), "contact.verified", &refusal);
                tx.audit(&about(&channel, record));
                return Ok(Err(refusal));
            }
            let verified = ContactMailRow { digest: None, verified_at: Some(at.as_micros()), ..row };
            store::contact::replace(tx, &verified)?;
            tx.audit(&about(&channel, Record::done(now, asker.actor(), "contact.verified")));
            Ok::<_, Error>(Ok(()))
        })
        .await?;
    Ok(outcome?)
}

fn admit(staff: &Staff) -> Result<(), Error> {
    authorize_role(staff, Operation::MatterAct)?;
    if acts_for_an_owner(staff) { Ok(()) } else { Err(matter::Refusal::Party.into()) }
}

/// A channel that the asker owns and the address of its contact; the owner is locked, so that two who ask at once wait for each other.
fn addressed(
    tx: &mut WriteTx<'_>,
    ring: &Ring,
    asker: &Staff,
    id: ChannelId,
) -> Result<(ChannelRow, MailAddress), Error> {
    let channel = in_sight(tx, asker.sight(), id)?;
    if !may_verify(asker, &channel) {
        return Err(matter::Refusal::Party.into());
    }
    store::org::lock(tx, &channel.owner_id)?;
    let address = current(tx, ring, &channel)?.contact.email.parse::<MailAddress>()?;
    Ok((channel, address))
}

fn about(channel: &ChannelRow, mut record: Record) -> Record {
    record.object = Some(Reference::new(ChannelId::PREFIX, &channel.id));
    record
}
