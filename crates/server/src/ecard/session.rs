//! Holder sessions: opened by password or by a real-person check, for one binding and one device.
//!
//! Invariant: the secret leaves the platform only encrypted to the device key. A session ends with its time, with its
//! binding, when its e-card stops being usable, and when the password changes elsewhere.

use super::password::{self, SealedPassword};
use super::real_person::{self, Evidence};
use super::{division, proof, usable};
use crate::auth::Caller;
use crate::channel::from_row;
use crate::{Error, World, webhook};
use domain::audit::{Record, Reference};
use domain::authorization;
use domain::channel::Use;
use domain::ecard::{BindingAction, BindingState, Refusal};
use domain::id::{BindingId, ChannelId, HolderSessionId};
use domain::identity::IdDocument;
use domain::parameter::Name;
use domain::refusal::Refuse;
use domain::service::{self};
use domain::statistic::{Key, Kind};
use domain::time::Timestamp;
use gm::sm2::EncryptingKey;
use store::binding::BindingRow;
use store::ecard::EcardRow;
use store::holder_session::HolderSessionRow;
use store::{ReadTx, WriteTx};

/// What opens a session.
#[derive(Debug, Clone)]
pub enum Factor {
    /// The holder's password.
    Password(SealedPassword),
    /// A fresh real-person check.
    RealPerson(Evidence),
}

impl Factor {
    /// The word in rows.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Factor::Password(_) => "password",
            Factor::RealPerson(_) => "real_person",
        }
    }
}

/// A session that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its id.
    pub id: HolderSessionId,
    /// Its secret, encrypted to the device.
    pub envelope: Vec<u8>,
    /// 1 or 2.
    pub level: i64,
    /// Real time.
    pub expires_at: Timestamp,
}

/// The end of a session that is opened now.
#[must_use]
pub fn expiry(world: &World) -> Timestamp {
    let ttl = world.parameter(Name::HolderSessionTtl);
    world.real_now().plus_seconds(ttl)
}

/// Whether the channel's admitted scope and state let it serve this holder now.
///
/// # Errors
/// `authorization.channel_missing`.
pub fn served_by(tx: &mut ReadTx<'_>, channel: ChannelId, ecard: &EcardRow) -> Result<(), Error> {
    let row = store::channel::find(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
    let issuance = service::find(service::ISSUANCE)?.service_code();
    from_row(&row)?
        .permits(Use::Serve, &issuance, division(ecard)?)
        .map_err(|refusal| authorization::Refusal::ChannelMissing { cause: refusal.code() })?;
    Ok(())
}

/// What the factor showed before the transaction.
#[derive(Clone)]
enum Shown {
    Password(password::Candidate),
    RealPerson(Result<(), Refusal>),
}

/// Opens a session for a binding of the caller's.
///
/// # Errors
/// In order: `resource.not_found`, `ecard.not_bound`, the card's state (ND-1.4), `authorization.channel_missing`,
/// `ecard.password_unset`, `password.envelope`, `real_person.unavailable`, `real_person.no_answer`; then
/// `password.locked`, `password.wrong`, `real_person.failed`, `real_person.other_person`, which are recorded.
pub async fn open(
    world: &World,
    caller: Caller,
    id: BindingId,
    (device, device_key): (&EncryptingKey, Vec<u8>),
    factor: Factor,
) -> Result<Opened, Error> {
    let channel = caller.channel()?;
    let word = factor.as_str();
    let shown = show(world, caller, id, factor).await?;
    let session = HolderSessionId::make_in(world.real_now(), id.shard(), gm::random::bytes());
    let (wrapped, envelope) = world.keys().make_session(session.as_bytes(), device);
    let (at, now, expires_at) = (world.real_now(), world.now(), expiry(world));
    let ring = world.keys().ring();
    let opened = caller
        .write(world, move |tx| {
            let (mut ecard, mut binding) = proof::hold(tx, channel, id)?;
            admit(tx, channel, &ecard, &binding)?;
            let outcome = match &shown {
                Shown::Password(candidate) => password::attempt(tx, &mut ecard, candidate, now)?,
                Shown::RealPerson(verdict) => *verdict,
            };
            let mut record = Record::done(now, caller.actor(), "holder_session.open");
            if let Err(refusal) = &outcome {
                record = Record::refused(now, caller.actor(), "holder_session.open", refusal);
            }
            record.subject = Some(ring.commit(&ecard.id));
            record.origin = Some(caller.reference());
            record.object = Some(Reference::new(BindingId::PREFIX, &binding.id));
            tx.audit(&record);
            if let Err(refusal) = outcome {
                return Ok(Err(refusal));
            }
            if matches!(shown, Shown::Password(_)) && binding.state == BindingState::UnsetPassword {
                activate(tx, &ecard, &mut binding, now)?;
            }
            let row = HolderSessionRow {
                shard: ecard.shard,
                id: *session.as_bytes(),
                binding_id: binding.id,
                ecard_id: ecard.id,
                channel_id: binding.channel_id,
                ecard_generation: ecard.generation,
                factor: word.to_owned(),
                device_key: device_key.clone(),
                wrapped: wrapped.clone(),
                counter: 0,
                created_at: at.as_micros(),
                expires_at: expires_at.as_micros(),
                closed_at: None,
            };
            store::holder_session::insert_each(tx, &[row])?;
            Ok(Ok(binding.sign_level))
        })
        .await?;
    Ok(Opened { id: session, envelope, level: opened?, expires_at })
}

/// Refuses, in order: not bound, card state, channel.
fn admit(
    tx: &mut ReadTx<'_>,
    channel: ChannelId,
    ecard: &EcardRow,
    binding: &BindingRow,
) -> Result<(), Error> {
    if binding.state == BindingState::Unbound {
        return Err(Refusal::NotBound.into());
    }
    usable(ecard)?;
    served_by(tx, channel, ecard)
}

/// Takes the slow part of a factor out of the transaction: hashing, or asking the checking service.
async fn show(world: &World, caller: Caller, id: BindingId, factor: Factor) -> Result<Shown, Error> {
    let channel = caller.channel()?;
    let (ecard, person) = world
        .db()
        .read(move |tx| {
            crate::auth::admit(tx, &caller)?;
            let (ecard, binding) = proof::find(tx, channel, id)?;
            admit(tx, channel, &ecard, &binding)?;
            let person = store::person::find(tx, ecard.shard, &ecard.id)?;
            Ok::<_, Error>((ecard, person.ok_or_else(|| Error::internal("an e-card without its person"))?))
        })
        .await?;
    Ok(match factor {
        Factor::Password(sealed) => Shown::Password(password::candidate(world, &ecard, sealed).await?),
        Factor::RealPerson(evidence) => {
            let document = document(world, &person)?;
            Shown::RealPerson(real_person::check(world.real_person(), evidence, document).await?)
        }
    })
}

/// The document of a stored person.
///
/// # Errors
/// Internal for a row that does not open or holds no document.
pub fn document(world: &World, person: &store::person::PersonRow) -> Result<IdDocument, Error> {
    let ring = world.keys().ring();
    let [number, _, _] = ring.open_person(person.key_version, &person.document_index, &person.sealed)?;
    let unknown = |_| Error::internal("a stored document is none");
    let kind =
        person.document_kind.parse().map_err(|_| Error::internal("a stored kind of document is unknown"))?;
    IdDocument::new(kind, &number).map_err(unknown)
}

/// Activates a binding. The first time in a channel counts as an issuance (R26).
///
/// # Errors
/// `ecard.binding` for a binding that is active or ended.
pub fn activate(
    tx: &mut WriteTx<'_>,
    ecard: &EcardRow,
    binding: &mut BindingRow,
    now: Timestamp,
) -> Result<(), Error> {
    let event = binding.state.act(BindingAction::Activate, binding.activated_at.is_some())?;
    binding.state = event.to;
    if event.issues {
        binding.activated_at = Some(now.as_micros());
        let key = Key {
            day: now.business_date(),
            channel: ChannelId::from_bytes(binding.channel_id),
            division: division(ecard)?,
            kind: Kind::Issuance,
        };
        tx.count(key, 1);
    }
    store::binding::update_state(tx, binding)?;
    binding.version += 1;
    webhook::emit(tx, &webhook::binding_changed(&binding.id, &binding.channel_id, now))?;
    Ok(())
}
