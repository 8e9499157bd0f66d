//! Giving, listing and revoking grants, and finding the one that a use rests on.

use crate::auth::Caller;
use crate::ecard::proof::{self, prove};
use crate::ecard::{Holder, HolderProof, session::served_by, usable};
use crate::{Error, World};
use domain::audit::{Actor, Record, Reference};
use domain::channel::Use;
use domain::grant::{Grant, Limits, Refusal};
use domain::id::{BindingId, ChannelId, EcardId, GrantId, HolderSessionId, OrgId, TerminalId};
use domain::money::Amount;
use domain::service::{self, Purpose};
use domain::time::Timestamp;
use store::grant::GrantRow;
use store::{ReadTx, WriteTx};

/// To whom a holder gives a grant; through a channel or terminal its organisation is meant.
#[derive(Debug, Clone, Copy)]
pub enum Party {
    /// An organisation.
    Org(OrgId),
    /// The owner of a channel.
    Channel(ChannelId),
    /// Who runs a terminal.
    Terminal(TerminalId),
}

/// A grant that a holder wants to give.
#[derive(Debug, Clone)]
pub struct Wish {
    /// For which service.
    pub service: &'static service::Service,
    /// To whom.
    pub party: Party,
    /// The purpose in the holder's words.
    pub purpose: String,
    /// Business time.
    pub expires_at: Timestamp,
    /// What it may cost.
    pub limits: Option<Limits>,
}

/// A stored grant as the rules see it.
///
/// # Errors
/// `service.unknown`, internal for stored limits that are none.
pub fn from_row(row: &GrantRow) -> Result<Grant, Error> {
    let amount = |fen: i64| Amount::new(fen).map_err(|_| Error::internal("a stored limit is none"));
    let limits = match (row.limit_fen_per_use, row.limit_fen_per_day) {
        (Some(per_use), Some(per_day)) => {
            Some(Limits { per_use: amount(per_use)?, per_day: amount(per_day)? })
        }
        _ => None,
    };
    let purpose: Purpose = service::find(&row.service)?.purpose;
    Ok(Grant {
        id: GrantId::from_bytes(row.id),
        ecard: EcardId::from_bytes(row.ecard_id),
        party: OrgId::from_bytes(row.party_id),
        channel: ChannelId::from_bytes(row.channel_id),
        service: row.service.parse()?,
        purpose,
        limits,
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: Timestamp::from_micros(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp::from_micros),
    })
}

/// The grant that a use by `party` of `service` would rest on, given through `channel`: the one in force, or else the
/// newest, so that the refusal can say what became of it. Whether it permits the use is the rules' to say.
///
/// # Errors
/// The store's.
pub fn find_standing(
    tx: &mut ReadTx<'_>,
    shard: i64,
    ecard: &[u8; 16],
    (party, channel): (OrgId, ChannelId),
    service: &str,
    now: Timestamp,
) -> Result<Option<Grant>, Error> {
    let parties = (party.as_bytes(), channel.as_bytes());
    let found = store::grant::find_standing(tx, shard, ecard, parties, service, now.as_micros())?;
    found.as_ref().map(from_row).transpose()
}

/// Gives a grant.
///
/// # Errors
/// In order: `resource.not_found`, the proof, the binding's state, the card's (ND-1.4), `authorization.channel_missing`,
/// an unknown party, the grant's own rules.
pub async fn create(
    world: &World,
    caller: Caller,
    id: BindingId,
    holder_proof: HolderProof,
    wish: Wish,
) -> Result<GrantRow, Error> {
    let (channel, now, ring) = (caller.channel()?, world.now(), world.keys().ring());
    let grant = GrantId::make_in(world.real_now(), id.shard(), gm::random::bytes());
    let inside = world.clone();
    caller
        .write(world, move |tx| {
            let holder = prove(tx, &inside, channel, id, &holder_proof)?;
            holder.binding.state.usable()?;
            usable(&holder.ecard)?;
            served_by(tx, channel, &holder.ecard)?;
            let party = find_party(tx, wish.party)?;
            let row = row(&wish, &holder, grant, party, now);
            from_row(&row)?.check(wish.service, &inside.parameters())?;
            store::grant::insert(tx, &row)?;
            record(tx, &holder, ring.commit(&holder.ecard.id), &row.id, (now, "grant.create"));
            Ok(row)
        })
        .await
}

fn row(wish: &Wish, holder: &Holder, grant: GrantId, party: OrgId, now: Timestamp) -> GrantRow {
    GrantRow {
        shard: holder.ecard.shard,
        id: *grant.as_bytes(),
        ecard_id: holder.ecard.id,
        party_id: *party.as_bytes(),
        channel_id: holder.binding.channel_id,
        service: wish.service.code.to_owned(),
        purpose: wish.purpose.clone(),
        limit_fen_per_use: wish.limits.map(|limits| limits.per_use.fen().get()),
        limit_fen_per_day: wish.limits.map(|limits| limits.per_day.fen().get()),
        created_at: now.as_micros(),
        expires_at: wish.expires_at.as_micros(),
        revoked_at: None,
        version: 1,
    }
}

fn find_party(tx: &mut ReadTx<'_>, party: Party) -> Result<OrgId, Error> {
    let found = match party {
        Party::Org(id) => store::org::find(tx, id.as_bytes())?.map(|org| org.id),
        Party::Channel(id) => store::channel::find(tx, id.as_bytes())?.map(|channel| channel.owner_id),
        Party::Terminal(id) => store::terminal::find(tx, id.as_bytes())?.map(|terminal| terminal.org_id),
    };
    let unknown = || Error::field_text("/party_id", "grant.party", "没有此对象 (there is no such party)");
    found.map(OrgId::from_bytes).ok_or_else(unknown)
}

/// The grants given in a binding of the caller's, newest first, before `before`.
///
/// # Errors
/// `resource.not_found` for a binding that is not the caller's.
pub async fn list(
    world: &World,
    caller: Caller,
    id: BindingId,
    before: Vec<u8>,
    limit: i64,
) -> Result<Vec<GrantRow>, Error> {
    let channel = caller.channel()?;
    caller
        .read(world, move |tx| {
            let (ecard, binding) = proof::find(tx, channel, id)?;
            Ok(store::grant::list(tx, ecard.shard, &ecard.id, &binding.channel_id, &before, limit)?)
        })
        .await
}

/// Takes a grant back: from this transaction on it allows nothing. The grant and the binding it was given in.
///
/// # Errors
/// In order: `resource.not_found` for a grant that was not given through the caller, the proof, `grant.revoked`.
pub async fn revoke(
    world: &World,
    caller: Caller,
    id: GrantId,
    holder_proof: HolderProof,
) -> Result<(GrantRow, BindingId), Error> {
    let (channel, now, ring) = (caller.channel()?, world.now(), world.keys().ring());
    let inside = world.clone();
    caller
        .write(world, move |tx| {
            let shard = i64::from(id.shard().get());
            let row = store::grant::find(tx, shard, id.as_bytes())?;
            let row = row.filter(|row| row.channel_id == *channel.as_bytes()).ok_or_else(Error::not_found)?;
            let key = (shard, row.ecard_id, row.channel_id);
            let binding =
                store::binding::find_each(tx, &[key])?.pop().flatten().ok_or_else(Error::not_found)?;
            let binding = BindingId::from_bytes(binding.id);
            let holder = prove(tx, &inside, channel, binding, &holder_proof)?;
            let live = store::channel::find(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
            crate::channel::from_row(&live)?.phase.permits(Use::Release)?;
            if !store::grant::revoke(tx, shard, id.as_bytes(), now.as_micros())? {
                return Err(Refusal::Revoked.into());
            }
            record(tx, &holder, ring.commit(&holder.ecard.id), id.as_bytes(), (now, "grant.revoke"));
            Ok((GrantRow { revoked_at: Some(now.as_micros()), ..row }, binding))
        })
        .await
}

fn record(
    tx: &mut WriteTx<'_>,
    holder: &Holder,
    subject: domain::audit::Subject,
    grant: &[u8; 16],
    (now, action): (Timestamp, &'static str),
) {
    let mut record = Record::done(now, Actor::Holder(subject), action);
    record.subject = Some(subject);
    record.authorization = Some(Reference::new(HolderSessionId::PREFIX, &holder.session.id));
    record.object = Some(Reference::new(GrantId::PREFIX, grant));
    record.origin = Some(Reference::new(ChannelId::PREFIX, &holder.binding.channel_id));
    tx.audit(&record);
}
