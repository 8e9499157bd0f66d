//! An order, who pays it, and what is taken to be the same order again.

use crate::Error;
use crate::auth::Caller;
use crate::idempotency::Key;
use crate::key::Ring;
use crate::webhook::Event;
use domain::division::DivisionCode;
use domain::id::{ChannelId, OrgId, TransferId};
use domain::identity::Shard;
use domain::ledger::address;
use domain::locator::Locator;
use domain::money::Amount;
use domain::parameter::Parameters;
use domain::payment::{Funding, Limits, Number, Refusal};
use domain::time::Timestamp;
use domain::webhook::EventType;
use std::sync::Arc;
use store::payment::{PaymentKey, PaymentRow};

/// An order as it was asked for.
#[derive(Debug, Clone)]
pub struct Order {
    /// Who takes the payment.
    pub caller: Caller,
    /// The request's key and digest.
    pub key: Key,
    /// The payee's number.
    pub order_no: Number,
    /// How much.
    pub amount: Amount,
    /// Who is paid.
    pub payee: OrgId,
    /// Where the money comes from.
    pub funding: Funding,
    /// For the holder.
    pub description: Option<String>,
    /// Real time.
    pub at: Timestamp,
    /// Business time.
    pub now: Timestamp,
    /// For commitments.
    pub ring: Arc<Ring>,
    /// The numbers of the rules.
    pub rules: Arc<Parameters>,
}

/// A payment that stands.
#[derive(Debug, Clone)]
pub struct Taken {
    /// As it is stored.
    pub row: PaymentRow,
    /// The organisation behind the caller.
    pub party: OrgId,
    /// It was there before this request.
    pub replayed: bool,
}

/// Who pays, with what right, and up to how much.
#[derive(Debug, Clone)]
pub(super) struct Payer {
    /// The key the payment will have.
    pub key: PaymentKey,
    /// The holder's shard.
    pub shard: Shard,
    /// The holder.
    pub ecard: [u8; 16],
    /// The channel through which the holder is served.
    pub channel: [u8; 16],
    /// Where.
    pub division: DivisionCode,
    /// `handle`, `password`, or the grant's id.
    pub source: String,
    /// Of the rules or of the grant.
    pub limits: Limits,
    /// Whose day's limit is used up: the holder's or the grant's.
    pub spender: [u8; 16],
    /// The organisation behind the caller.
    pub party: OrgId,
}

/// The key of the row a locator names.
pub(crate) fn key_of(locator: &Locator) -> PaymentKey {
    PaymentKey { bucket: i64::from(locator.bucket), shard: i64::from(locator.shard), id: locator.id }
}

/// The locator of a payment.
pub(super) fn locator(key: &PaymentKey) -> Locator {
    // A stored key was a locator's before it was stored.
    Locator {
        bucket: u32::try_from(key.bucket).unwrap_or_default(),
        shard: u16::try_from(key.shard).unwrap_or_default(),
        id: key.id,
    }
}

/// The transfer that books `what` happened to a payment.
pub(super) fn event(key: &PaymentKey, what: &str) -> TransferId {
    let Locator { bucket, shard, id } = locator(key);
    address::transfer(bucket, shard, &[b"payment\n", &id, what.as_bytes()])
}

/// What an order means that is there already: the same request again, the same order asked for under another key,
/// or a contradiction. Another caller's orders are not shown.
pub(super) fn again(order: &Order, payer: Option<&[u8; 16]>, known: &PaymentRow) -> Result<(), Error> {
    let own = known.caller == order.caller.id;
    if own && known.idempotency_key == order.key.text {
        let same = known.digest == order.key.digest;
        return if same { Ok(()) } else { Err(Error::platform("idempotency.mismatch")) };
    }
    let same = own
        && known.payee_id == *order.payee.as_bytes()
        && known.amount_fen == order.amount.get()
        && known.funding == order.funding.as_str()
        && payer.is_none_or(|payer| known.ecard_id == *payer);
    if same { Ok(()) } else { Err(Refusal::OrderReused.into()) }
}

/// What the channel that served the holder is told about a payment.
pub(super) fn told(row: &PaymentRow, kind: EventType, at: i64) -> Event {
    Event {
        owner: ChannelId::from_bytes(row.channel_id),
        kind,
        subject: locator(&row.key).text(Locator::PAYMENT),
        at: Timestamp::from_micros(at),
    }
}
