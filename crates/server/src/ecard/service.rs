//! Claiming an e-card, looking at it, its password, and letting it go.

use super::claim::{Claim, Command, PreparedSession};
use super::password::{self, SealedPassword};
use super::preview::{self, Preview};
use super::proof::{self, Holder, HolderProof};
use super::real_person::{self, Evidence};
use super::session::{Opened, activate, document, expiry};
use super::usable;
use crate::auth::Caller;
use crate::key::Ring;
use crate::{Error, World, webhook};
use domain::audit::{Record, Reference};
use domain::card::{CardNumber, Phase};
use domain::channel::Use;
use domain::division::DivisionCode;
use domain::ecard::{BindingAction, BindingState, Level, Refusal};
use domain::id::{BindingId, ChannelId, HolderSessionId};
use domain::identity::{IdDocument, PersonName};
use domain::time::Timestamp;
use gm::random;
use gm::sm2::EncryptingKey;
use store::binding::BindingRow;
use store::ecard::EcardRow;
use store::ecard::uses::{Seen, ShownUse};
use store::{ReadTx, WriteTx};

pub use super::proof::prove;

/// Who claims an e-card, and what they bring.
#[derive(Debug, Clone)]
pub struct Claimant {
    /// The document.
    pub document: IdDocument,
    /// The name.
    pub name: PersonName,
    /// 卡号, if the holder says.
    pub number: Option<CardNumber>,
    /// Issuing division, if the holder says.
    pub division: Option<DivisionCode>,
    /// From the real-person check.
    pub evidence: Evidence,
    /// The level asked for.
    pub level: Level,
    /// The device's public key and its SEC1 form, if the first session is to be opened for one.
    pub device: Option<(EncryptingKey, Vec<u8>)>,
}

/// A claim that held.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The binding.
    pub binding: BindingRow,
    /// The state of card and e-card.
    pub state: Phase,
    /// The e-card existed before, in this or another channel.
    pub known: bool,
    /// A password exists: a session is opened with it.
    pub password_set: bool,
    /// The first session, while there is no password.
    pub session: Option<Opened>,
}

/// Claims an e-card in the calling channel.
///
/// The tables are looked at first, so that no real-person check is spent on a claim that cannot hold; every check is
/// made again in the transaction of the effect, where card and e-card are locked.
///
/// # Errors
/// In order: the caller's admission, `authorization.channel_missing`, `person.mismatch`, `ecard.no_card`, the region
/// and `authorization.department_missing` (ND-3.5d), the card's state (ND-1.4) and expiry, `ecard.other_card`
/// (ND-1.3), `real_person.failed`, `real_person.other_person`. `real_person.unavailable` and `real_person.no_answer`
/// may be tried again and leave no trace.
pub async fn claim(world: &World, caller: Caller, claimant: Claimant) -> Result<Claimed, Error> {
    caller.channel()?;
    let ring = world.keys().ring();
    let look = preview::Command {
        caller,
        shard: ring.shard_of(&claimant.document),
        document_index: ring.document_index(&claimant.document),
        name_index: ring.name_index(&claimant.name),
        number: claimant.number.map(|number| number.as_str().to_owned()),
        division: claimant.division,
        now: world.now(),
    };
    let shard = look.shard;
    let seen = world.db().submit::<Preview>(shard.get(), look.clone()).await??;
    let verdict = if seen.passes {
        let evidence = claimant.evidence.clone();
        Some(real_person::check(world.real_person(), evidence, claimant.document.clone()).await?)
    } else {
        None
    };
    let new = || BindingId::make_in(world.real_now(), shard, random::bytes());
    let binding = seen.binding.map_or_else(new, BindingId::from_bytes);
    let shown = [claimant.name.masked(), claimant.document.number().masked()].join("\n");
    let opens = verdict == Some(Ok(())) && !seen.password_set;
    let (session, envelope) =
        claimant.device.as_ref().filter(|_| opens).map(|device| prepare(world, binding, device)).unzip();
    let command = Command {
        caller,
        shard,
        document_index: look.document_index,
        name_index: look.name_index,
        number: look.number,
        division: look.division,
        level: claimant.level,
        verdict,
        binding,
        display: ring.seal(binding.as_bytes(), shown.as_bytes()),
        sign_random: random::bytes(),
        ecard_no: random::bytes(),
        session: session.clone(),
        at: world.real_now(),
        now: world.now(),
        ring,
    };
    let claimed = world.db().submit::<Claim>(shard.get(), command).await??;
    let opened = session.zip(envelope).filter(|_| claimed.session_opened);
    Ok(Claimed {
        session: opened.map(|(session, envelope)| Opened {
            id: session.id,
            envelope,
            level: claimed.binding.sign_level,
            expires_at: session.expires_at,
        }),
        binding: claimed.binding,
        state: claimed.state,
        known: claimed.known,
        password_set: claimed.password_set,
    })
}

fn prepare(
    world: &World,
    binding: BindingId,
    (device, device_key): &(EncryptingKey, Vec<u8>),
) -> (PreparedSession, Vec<u8>) {
    let id = HolderSessionId::make_in(world.real_now(), binding.shard(), random::bytes());
    let (wrapped, envelope) = world.keys().make_session(id.as_bytes(), device);
    let device_key = device_key.clone();
    (PreparedSession { id, wrapped, device_key, expires_at: expiry(world) }, envelope)
}

/// A binding as its channel may see it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The e-card.
    pub ecard: EcardRow,
    /// The binding.
    pub binding: BindingRow,
    /// Masked name.
    pub name: String,
    /// Masked number.
    pub number: String,
    /// While the password is locked.
    pub locked_until: Option<Timestamp>,
}

fn show(ring: &Ring, ecard: EcardRow, binding: BindingRow, now: Timestamp) -> Result<Shown, Error> {
    let plain = ring.open(binding.key_version, &binding.id, &binding.display)?;
    let text = String::from_utf8(plain).map_err(|_| Error::internal("a sealed display is not text"))?;
    let (name, number) = text.split_once('\n').unwrap_or((&text, ""));
    let locked_until = ecard.locked_until.map(Timestamp::from_micros).filter(|until| *until > now);
    Ok(Shown { name: name.to_owned(), number: number.to_owned(), locked_until, ecard, binding })
}

/// A binding of the calling channel.
///
/// # Errors
/// `resource.not_found` for any other.
pub async fn get(world: &World, caller: Caller, id: BindingId) -> Result<Shown, Error> {
    let (channel, ring, now) = (caller.channel()?, world.keys().ring(), world.now());
    caller
        .read(world, move |tx| {
            let (ecard, binding) = proof::find(tx, channel, id)?;
            show(&ring, ecard, binding, now)
        })
        .await
}

/// The uses of the holder's e-card that the channel has part in, newest first, after the one at `before`: of codes that
/// it showed, and what it verified itself. Where else a person shows an e-card is not a channel's to know.
///
/// # Errors
/// `resource.not_found` for a binding that is not the caller's.
pub async fn uses(
    world: &World,
    caller: Caller,
    id: BindingId,
    before: (i64, Vec<u8>),
    limit: i64,
) -> Result<Vec<ShownUse>, Error> {
    let channel = caller.channel()?;
    caller
        .read(world, move |tx| {
            let (ecard, _) = proof::find(tx, channel, id)?;
            let seen = Seen::Through(channel.as_bytes());
            let before = (before.0, before.1.as_slice());
            Ok(store::ecard::uses::list(tx, (ecard.shard, &ecard.id), seen, before, limit)?)
        })
        .await
}

/// Every use of the holder's e-card that was answered, in whichever channel, newest first: the holder asks (ND-2.4b).
///
/// # Errors
/// `resource.not_found` for a binding that is not the caller's; as [`proof::prove`].
pub async fn all_uses(
    world: &World,
    caller: Caller,
    id: BindingId,
    holder_proof: HolderProof,
    before: (i64, Vec<u8>),
    limit: i64,
) -> Result<Vec<ShownUse>, Error> {
    let (channel, ring, now) = (caller.channel()?, world.keys().ring(), world.now());
    let inside = world.clone();
    caller
        .write(world, move |tx| {
            let holder = prove(tx, &inside, channel, id, &holder_proof)?;
            let subject = ring.commit(&holder.ecard.id);
            let actor = domain::audit::Actor::Holder(subject);
            let mut record = Record::done(now, actor, "ecard.uses_read");
            record.subject = Some(subject);
            record.authorization = Some(Reference::new(HolderSessionId::PREFIX, &holder.session.id));
            record.object = Some(Reference::new(BindingId::PREFIX, &holder.binding.id));
            record.origin = Some(Reference::new(ChannelId::PREFIX, &holder.binding.channel_id));
            tx.audit(&record);
            let before = (before.0, before.1.as_slice());
            let of = (holder.ecard.shard, &holder.ecard.id);
            Ok(store::ecard::uses::list(tx, of, Seen::All, before, limit)?)
        })
        .await
}

/// Indexes the uses of minutes that can take no more codes, so that holders find theirs.
///
/// # Errors
/// The store's.
pub async fn index_uses(world: &World) -> Result<(), Error> {
    // A code lives at most a minute after the minute it was issued in; the third minute after that is safe.
    let end = world.real_now().as_seconds() / 60 - 2;
    while let Some((from, to)) = world.db().read(move |tx| store::ecard::uses::next_part(tx, end)).await? {
        world.db().write(move |tx| store::ecard::uses::index(tx, from, to)).await?;
    }
    Ok(())
}

/// The document number behind a binding of the caller's, for the rules of a new password.
async fn number(world: &World, caller: Caller, id: BindingId) -> Result<(EcardRow, String), Error> {
    let channel = caller.channel()?;
    let (ecard, person) = world
        .db()
        .read(move |tx: &mut ReadTx<'_>| {
            crate::auth::admit(tx, &caller)?;
            let (ecard, _) = proof::find(tx, channel, id)?;
            let person = store::person::find(tx, ecard.shard, &ecard.id)?;
            Ok::<_, Error>((ecard, person.ok_or_else(|| Error::internal("an e-card without its person"))?))
        })
        .await?;
    let document = document(world, &person)?;
    Ok((ecard, document.number().as_str().to_owned()))
}

/// Sets the first password and activates the binding.
///
/// # Errors
/// In order: `resource.not_found`, `password.envelope`, the password's rules, the proof, the card's state (ND-1.4),
/// `ecard.password_set`, `ecard.not_bound`.
pub async fn set_password(
    world: &World,
    caller: Caller,
    id: BindingId,
    holder_proof: HolderProof,
    sealed: SealedPassword,
) -> Result<Shown, Error> {
    let (_, number) = number(world, caller, id).await?;
    let fresh = password::fresh(world, number, sealed).await?;
    act(world, caller, id, holder_proof, "password.set", move |tx, holder, now| {
        usable(&holder.ecard)?;
        if holder.ecard.password.is_some() {
            return Err(Refusal::PasswordSet.into());
        }
        if holder.binding.state == BindingState::Unbound {
            return Err(Refusal::NotBound.into());
        }
        store::ecard::update_password(tx, &holder.ecard, &fresh, false)?;
        holder.ecard.password = Some(fresh.clone());
        if holder.binding.state == BindingState::UnsetPassword {
            activate(tx, &holder.ecard, &mut holder.binding, now)?;
        }
        Ok(Ok(()))
    })
    .await
}

/// Replaces the password by knowing the current one. Every other session of the holder ends, in every channel.
///
/// # Errors
/// In order: `resource.not_found`, `ecard.password_unset`, `password.envelope`, the new password's rules, the proof,
/// the card's state (ND-1.4), `password.locked`, `password.wrong`.
pub async fn change_password(
    world: &World,
    caller: Caller,
    id: BindingId,
    holder_proof: HolderProof,
    current: SealedPassword,
    new: SealedPassword,
) -> Result<Shown, Error> {
    let (ecard, number) = number(world, caller, id).await?;
    let candidate = password::candidate(world, &ecard, current).await?;
    let fresh = password::fresh(world, number, new).await?;
    act(world, caller, id, holder_proof, "password.change", move |tx, holder, now| {
        usable(&holder.ecard)?;
        if let Err(refusal) = password::attempt(tx, &mut holder.ecard, &candidate, now)? {
            return Ok(Err(refusal));
        }
        store::ecard::update_password(tx, &holder.ecard, &fresh, true)?;
        let session = &holder.session;
        store::holder_session::renew(tx, session.shard, &session.id, holder.ecard.generation + 1)?;
        Ok(Ok(()))
    })
    .await
}

/// Replaces a forgotten password in a session that a real-person check opened. A lock ends, and every session of the
/// holder, this one too.
///
/// # Errors
/// In order: `resource.not_found`, `password.envelope`, the password's rules, the proof, the card's state (ND-1.4),
/// `holder_session.factor`, `ecard.password_unset`.
pub async fn reset_password(
    world: &World,
    caller: Caller,
    id: BindingId,
    holder_proof: HolderProof,
    sealed: SealedPassword,
) -> Result<Shown, Error> {
    let (_, number) = number(world, caller, id).await?;
    let fresh = password::fresh(world, number, sealed).await?;
    act(world, caller, id, holder_proof, "password.reset", move |tx, holder, now| {
        usable(&holder.ecard)?;
        if holder.session.factor != "real_person" {
            return Err(Refusal::Factor.into());
        }
        if holder.ecard.password.is_none() {
            return Err(Refusal::PasswordUnset.into());
        }
        store::ecard::update_password(tx, &holder.ecard, &fresh, true)?;
        if holder.binding.state == BindingState::UnsetPassword {
            activate(tx, &holder.ecard, &mut holder.binding, now)?;
        }
        holder.ecard.locked_until = None;
        Ok(Ok(()))
    })
    .await
}

/// Ends the binding: its sessions and the grants given through it end with it, the e-card stays.
///
/// # Errors
/// In order: `resource.not_found`, the proof, `ecard.binding`.
pub async fn unbind(
    world: &World,
    caller: Caller,
    id: BindingId,
    holder_proof: HolderProof,
) -> Result<Shown, Error> {
    let at = world.real_now();
    act(world, caller, id, holder_proof, "ecard.unbind", move |tx, holder, now| {
        let channel = store::channel::find(tx, &holder.binding.channel_id)?.ok_or_else(Error::not_found)?;
        crate::channel::from_row(&channel)?.phase.permits(Use::Release)?;
        let (ecard, binding) = (&holder.ecard, &mut holder.binding);
        binding.state = binding.state.act(BindingAction::Unbind, binding.activated_at.is_some())?.to;
        binding.unbound_at = Some(now.as_micros());
        store::binding::update_state(tx, binding)?;
        webhook::emit(tx, &webhook::binding_changed(&binding.id, &binding.channel_id, now))?;
        store::holder_session::close_of_binding(tx, ecard.shard, &binding.id, at.as_micros())?;
        store::grant::revoke_of_channel(tx, ecard.shard, &ecard.id, &binding.channel_id, now.as_micros())?;
        Ok(Ok(()))
    })
    .await
}

/// Runs what a holder has proven: proof, effect and record in one transaction. An inner refusal is committed with
/// its record and raised afterwards.
async fn act<F>(
    world: &World,
    caller: Caller,
    id: BindingId,
    holder_proof: HolderProof,
    action: &'static str,
    effect: F,
) -> Result<Shown, Error>
where
    F: Fn(&mut WriteTx<'_>, &mut Holder, Timestamp) -> Result<Result<(), Refusal>, Error> + Send + 'static,
{
    let (channel, ring, now) = (caller.channel()?, world.keys().ring(), world.now());
    let inside = world.clone();
    caller
        .write(world, move |tx| {
            let mut holder = prove(tx, &inside, channel, id, &holder_proof)?;
            let outcome = effect(tx, &mut holder, now)?;
            let subject = ring.commit(&holder.ecard.id);
            let actor = domain::audit::Actor::Holder(subject);
            let mut record = match &outcome {
                Ok(()) => Record::done(now, actor, action),
                Err(refusal) => Record::refused(now, actor, action, refusal),
            };
            record.subject = Some(subject);
            record.authorization = Some(Reference::new(HolderSessionId::PREFIX, &holder.session.id));
            record.object = Some(Reference::new(BindingId::PREFIX, &holder.binding.id));
            record.origin = Some(Reference::new(ChannelId::PREFIX, &holder.binding.channel_id));
            tx.audit(&record);
            match outcome {
                Ok(()) => Ok(Ok(show(&ring, holder.ecard, holder.binding, now)?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
        .await?
        .map_err(Error::from)
}
