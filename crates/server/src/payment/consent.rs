//! Payments without a code: confirmed by password in a holder session of level 2, or under a standing grant.
//!
//! They are taken by the same function as payments by handle, each in a transaction of its own.

use super::order::{Order, Payer, Taken, again};
use super::service::party;
use super::take::{known_payees, place, refused, standard_limits, take, usable};
use crate::authority::Authority;
use crate::ecard::HolderProof;
use crate::ecard::password::{self, Candidate, SealedPassword};
use crate::{Error, World, ecard};
use domain::authorization::{Department, Person, Request, authorize};
use domain::channel;
use domain::division::DivisionCode;
use domain::ecard::Level;
use domain::grant::{Grant, Spending};
use domain::id::{BindingId, ChannelId, EcardId, GrantId, OrgId};
use domain::identity::Shard;
use domain::money::{Amount, Fen};
use domain::payment::{Limits, Refusal};
use domain::service::{self, Purpose, Service};
use domain::time::Timestamp;
use gm::random;
use store::grant::GrantRow;
use store::payment::{PaymentKey, PaymentRow};
use store::{StoreError, WriteTx};

/// A confirmation by password.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// The payer's binding in the calling channel.
    pub binding: BindingId,
    /// The holder's proof of the whole order.
    pub proof: HolderProof,
    /// The password, sealed for the platform.
    pub password: SealedPassword,
}

/// What the transaction decides; a refusal is committed with its evidence and raised afterwards.
type Decided = Result<Taken, Error>;

/// Takes a payment that the holder confirmed by password.
///
/// # Errors
/// The caller's admission; `payment.order_reused`, `idempotency.mismatch`; the payee; the holder's proof;
/// `password.locked`, `password.wrong`; the card's state; `ecard.level`; the three authorizations; then as payments
/// by handle.
pub async fn pay_by_password(
    world: &World,
    order: Order,
    confirmation: Confirmation,
) -> Result<Taken, Error> {
    let channel = order.caller.channel()?;
    let binding = confirmation.binding;
    let (stored, _) = world.db().read(move |tx| ecard::proof::find(tx, channel, binding)).await?;
    let candidate = password::candidate(world, &stored, confirmation.password.clone()).await?;
    let (id, inner, caller) = (random::bytes::<13>(), world.clone(), order.caller);
    caller
        .write(world, move |tx| {
            let order = &order;
            if let Some(known) = known(tx, order)? {
                return Ok(Ok(known));
            }
            confirmed(tx, &inner, order, &confirmation, &candidate, id)
        })
        .await?
}

fn confirmed(
    tx: &mut WriteTx<'_>,
    world: &World,
    order: &Order,
    confirmation: &Confirmation,
    candidate: &Candidate,
    id: [u8; 13],
) -> Result<Decided, Error> {
    let channel = order.caller.channel()?;
    let mut holder = ecard::prove(tx, world, channel, confirmation.binding, &confirmation.proof)?;
    if let Err(refusal) = password::attempt(tx, &mut holder.ecard, candidate, order.now)? {
        return Ok(refuse(tx, order, refusal.into()));
    }
    let service = service::find("pay.password")?;
    let division = ecard::division(&holder.ecard)?;
    let checked = (|| {
        holder.binding.state.usable()?;
        ecard::usable(&holder.ecard)?;
        Level::new(holder.binding.sign_level).ok_or(domain::ecard::Refusal::Level)?.pays()?;
        let person = Person::Confirmation { purpose: Purpose::Pay };
        let shown = Shown { channel, holder: division, service };
        allow(tx, order, &shown, &person, None)
    })();
    let party = match checked {
        Ok((party, _)) => party,
        Err(error) => return Ok(refuse(tx, order, error)),
    };
    let payer = Payer {
        key: key(order, confirmation.binding.shard(), id),
        shard: confirmation.binding.shard(),
        ecard: holder.ecard.id,
        channel: *channel.as_bytes(),
        division,
        source: "password".to_owned(),
        limits: standard_limits(order),
        spender: holder.ecard.id,
        party,
    };
    one(tx, order, payer)
}

/// Takes a payment under a standing grant of the holder.
///
/// # Errors
/// As payments by handle, with `resource.not_found` for a grant that was not given to the caller's organisation, and
/// `authorization.person_missing` naming what the grant lacks.
pub async fn pay_by_grant(world: &World, order: Order, grant: GrantId) -> Result<Taken, Error> {
    let (id, caller) = (random::bytes::<13>(), order.caller);
    caller
        .write(world, move |tx| {
            let order = &order;
            if let Some(known) = known(tx, order)? {
                return Ok(Ok(known));
            }
            granted(tx, order, grant, id)
        })
        .await?
}

fn granted(tx: &mut WriteTx<'_>, order: &Order, id: GrantId, key_id: [u8; 13]) -> Result<Decided, Error> {
    let party = party(tx, &order.caller)?;
    let shard = id.shard();
    let row = store::grant::find(tx, i64::from(shard.get()), id.as_bytes())?;
    let row = row.filter(|row| row.party_id == *party.as_bytes()).ok_or_else(Error::not_found)?;
    // Held until the end, so that the day's sum under this grant is nobody else's to change.
    let card = store::ecard::lock(tx, row.shard, &row.ecard_id)?.ok_or_else(Error::not_found)?;
    let (grant, limits) = grant_of(&row)?;
    let service = service::find(&row.service)?;
    let spender = (row.shard, row.id);
    let day = i64::from(order.now.business_date().as_days());
    let spent = store::payment::spent(tx, &[spender])?.pop().flatten();
    let spent_today = spent.filter(|(on, _)| *on == day).map_or(0, |(_, fen)| fen);
    let holder = ecard::division(&card)?;
    let checked = (|| {
        usable(card.state.as_str())?;
        let spending = Spending { amount: order.amount, spent_today: Fen::new(spent_today) };
        let shown = Shown { channel: grant.channel, holder, service };
        allow(tx, order, &shown, &Person::Grant(&grant), Some(spending))
    })();
    let division = match checked {
        Ok((_, division)) => division,
        Err(error) => return Ok(refuse(tx, order, error)),
    };
    let payer = Payer {
        key: key(order, shard, key_id),
        shard,
        ecard: card.id,
        channel: row.channel_id,
        division,
        source: id.to_string(),
        limits,
        spender: row.id,
        party,
    };
    one(tx, order, payer)
}

/// The payment that the order is already, if it is one; and the payee must exist.
fn known(tx: &mut WriteTx<'_>, order: &Order) -> Result<Option<Taken>, Error> {
    let number = (*order.payee.as_bytes(), order.order_no.as_str());
    if let Some(key) = store::payment::orders(tx, &[number])?.pop().flatten() {
        let row: Option<PaymentRow> = store::payment::find(tx, key)?;
        let row = row.ok_or_else(|| Error::internal("an order without a payment"))?;
        again(order, None, &row)?;
        tx.unaudited("a payment that was there before");
        return Ok(Some(Taken { row, party: party(tx, &order.caller)?, replayed: true }));
    }
    if known_payees(tx, &[*order.payee.as_bytes()])?.is_empty() {
        return Err(Error::field("/payee_id", &Refusal::PayeeUnknown));
    }
    Ok(None)
}

/// Whom a use is about.
struct Shown<'a> {
    channel: ChannelId,
    holder: DivisionCode,
    service: &'a Service,
}

/// The three authorizations (ND-3.5d); the party behind the caller and the place of the use.
fn allow(
    tx: &mut WriteTx<'_>,
    order: &Order,
    shown: &Shown<'static>,
    person: &Person<'_>,
    spending: Option<Spending>,
) -> Result<(OrgId, DivisionCode), Error> {
    let mut authority = Authority::recall(tx)?;
    let allowed = (|| {
        let (division, party) = authority.place(tx, &order.caller, None, shown.holder)?;
        let caller = place(&order.caller);
        let openings = authority.openings(tx, caller, shown.service)?.to_vec();
        let channel = authority.channel(tx, shown.channel.as_bytes())?.ok_or_else(Error::not_found)?;
        let request = Request {
            caller,
            party,
            channel_use: channel::Use::Serve,
            service: shown.service,
            purpose: shown.service.purpose,
            division,
            holder_division: shown.holder,
            spending,
            now: order.now,
        };
        authorize(&request, person, &Department { openings: &openings }, channel)?;
        Ok((party, division))
    })();
    tx.keep(authority);
    allowed
}

fn grant_of(row: &GrantRow) -> Result<(Grant, Limits), Error> {
    let amount = |fen: Option<i64>| fen.map(Amount::new).transpose();
    let (per_use, per_day) = (amount(row.limit_fen_per_use)?, amount(row.limit_fen_per_day)?);
    let service = service::find(&row.service)?;
    let grant = Grant {
        id: GrantId::from_bytes(row.id),
        ecard: EcardId::from_bytes(row.ecard_id),
        party: OrgId::from_bytes(row.party_id),
        channel: ChannelId::from_bytes(row.channel_id),
        service: service.service_code(),
        purpose: service.purpose,
        limits: per_use.zip(per_day).map(|(per_use, per_day)| domain::grant::Limits { per_use, per_day }),
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: Timestamp::from_micros(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp::from_micros),
    };
    Ok((grant, Limits { per_payment: per_use, per_day }))
}

/// The key of a payment that no handle gave one.
fn key(order: &Order, shard: Shard, id: [u8; 13]) -> PaymentKey {
    PaymentKey { bucket: order.at.as_seconds().div_euclid(60), shard: i64::from(shard.get()), id }
}

fn refuse(tx: &mut WriteTx<'_>, order: &Order, error: Error) -> Decided {
    refused(tx, order, None, &error);
    Err(error)
}

fn one(tx: &mut WriteTx<'_>, order: &Order, payer: Payer) -> Result<Decided, Error> {
    let taken = take(tx, vec![(0, order, payer)]).map_err(|error| match error {
        // Another process was faster with the order; asked again, the answer is its payment.
        StoreError::Unique(_) => Error::platform("idempotency.in_flight"),
        other => other.into(),
    })?;
    let decided = taken.into_iter().next().map(|(_, decided)| decided);
    decided.ok_or_else(|| Error::internal("a payment was not decided"))
}
