//! Top-ups: a holder moves money from the linked bank account to the prepaid one; and what the prepaid one holds.

use super::service::DEBIT;
use super::take::usable;
use crate::auth::Caller;
use crate::ecard::{self, HolderProof};
use crate::idempotency::Key;
use crate::{Error, World, job};
use domain::audit::{Record, Reference};
use domain::ecard::Level;
use domain::id::{BindingId, ChannelId, TopupId};
use domain::identity::Shard;
use domain::ledger::{AccountKind, address};
use domain::money::{Amount, Fen};
use domain::parameter::Name;
use domain::payment::{Limits, Number, Refusal, Status};
use domain::time::Timestamp;
use store::topup::TopupRow;
use store::{ReadTx, StoreError};

/// What a holder wants.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The caller's number.
    pub number: Number,
    /// The holder's binding.
    pub binding: BindingId,
    /// How much.
    pub amount: Amount,
    /// The holder's proof.
    pub proof: HolderProof,
    /// The request's key.
    pub key: Key,
}

/// A top-up that stands.
#[derive(Debug, Clone)]
pub struct ToppedUp {
    /// As it is stored.
    pub row: TopupRow,
    /// The prepaid balance once it is posted.
    pub balance: Option<Fen>,
    /// It was there before this request.
    pub replayed: bool,
}

/// What a holder's prepaid account holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Balance {
    /// What may be paid.
    pub available: Fen,
    /// What is promised.
    pub held: Fen,
}

/// The same caller and number in the same shard are the same top-up.
fn id_of(caller: &Caller, shard: Shard, number: &Number) -> TopupId {
    let digest = gm::sm3::digest_parts(&[b"topup\n", &caller.id, number.as_str().as_bytes()]);
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    TopupId::make_in(Timestamp::from_micros(0), shard, random)
}

/// Orders a top-up; the bank is asked by a job.
///
/// # Errors
/// The caller's admission; `idempotency.mismatch`, `payment.order_reused`; the holder's proof; the card's state;
/// `ecard.level`; `payment.over_payment_limit`.
pub async fn create(world: &World, caller: Caller, wish: Wish) -> Result<ToppedUp, Error> {
    let channel = caller.channel()?;
    let (at, now, ring, inner) = (world.real_now(), world.now(), world.keys().ring(), world.clone());
    let shard = wish.binding.shard();
    let id = id_of(&caller, shard, &wish.number);
    caller
        .write(world, move |tx| {
            if let Some(row) = store::topup::find(tx, i64::from(shard.get()), id.as_bytes())? {
                tx.unaudited("a top-up that was there before");
                return again(tx, &wish, row);
            }
            let holder = ecard::prove(tx, &inner, channel, wish.binding, &wish.proof)?;
            holder.binding.state.usable()?;
            usable(holder.ecard.state.as_str())?;
            Level::new(holder.binding.sign_level).ok_or(domain::ecard::Refusal::Level)?.pays()?;
            let limit = inner.parameters().get(Name::TopupPerUse, now.business_date());
            Limits { per_payment: Amount::new(limit).ok(), per_day: None }.check(wish.amount, Fen::ZERO)?;
            let row = TopupRow {
                shard: i64::from(shard.get()),
                id: *id.as_bytes(),
                caller: caller.id,
                idempotency_key: wish.key.text.clone(),
                digest: wish.key.digest,
                number: wish.number.to_string(),
                ecard_id: holder.ecard.id,
                amount_fen: wish.amount.get(),
                state: Status::Pending.to_string(),
                failure: None,
                created_at: now.as_micros(),
                posted_at: None,
                asked: 0,
                version: 1,
            };
            store::topup::insert(tx, &row)?;
            job::enqueue(tx, DEBIT, &id.to_string(), now)?;
            let mut record = Record::done(at, caller.actor(), "topup.created");
            record.subject = Some(ring.commit(&holder.ecard.id));
            record.object = Some(Reference::new(TopupId::PREFIX, id.as_bytes()));
            record.origin = Some(Reference::new(ChannelId::PREFIX, channel.as_bytes()));
            tx.audit(&record);
            Ok(ToppedUp { row, balance: None, replayed: false })
        })
        .await
}

fn again(tx: &mut ReadTx<'_>, wish: &Wish, row: TopupRow) -> Result<ToppedUp, Error> {
    if row.idempotency_key == wish.key.text && row.digest != wish.key.digest {
        return Err(Error::platform("idempotency.mismatch"));
    }
    if row.amount_fen != wish.amount.get() {
        return Err(Refusal::OrderReused.into());
    }
    let posted = row.posted_at.is_some();
    let balance =
        if posted { Some(prepaid(tx, wish.binding.shard(), &row.ecard_id)?.available) } else { None };
    Ok(ToppedUp { row, balance, replayed: true })
}

fn prepaid(tx: &mut ReadTx<'_>, shard: Shard, ecard: &[u8; 16]) -> Result<Balance, StoreError> {
    let id = address::account(shard, AccountKind::Prepaid, ecard);
    let account = store::ledger::find_account(tx, id)?;
    Ok(account.map_or_else(Balance::default, |account| Balance {
        available: Fen::new(i64::try_from(account.headroom()).unwrap_or_default()),
        held: account.debits.pending,
    }))
}

/// What the prepaid account behind a binding of the calling channel holds.
///
/// # Errors
/// `resource.not_found` for a binding that is not this channel's.
pub async fn balance(world: &World, caller: Caller, binding: BindingId) -> Result<Balance, Error> {
    let channel = caller.channel()?;
    caller
        .read(world, move |tx| {
            let (ecard, _) = ecard::proof::find(tx, channel, binding)?;
            Ok(prepaid(tx, binding.shard(), &ecard.id)?)
        })
        .await
}
