//! Refunds: parts up to the payment, each back to where its money came from; and closing what was never asked for.

use super::order::{Taken, event, key_of, locator, told};
use super::outcome::{give_back, held, shard_of, tally};
use super::service::visible;
use super::take::reference;
use crate::auth::Caller;
use crate::idempotency::{self, Key};
use crate::key::Ring;
use crate::ledger::{Accounts, Known, clear, open, post};
use crate::{Error, World, job, webhook};
use domain::audit::{Record, Reference};
use domain::id::{AccountId, RefundId, TransferId};
use domain::ledger::{self, AccountKind, Transfer, plan};
use domain::locator::Locator;
use domain::money::{Amount, Fen};
use domain::parameter::Name;
use domain::payment::{
    Action, Funding, Number, Payment, Refund, RefundStatus, Refunding, Status, check_refund_window,
};
use domain::statistic::Kind;
use domain::time::{BusinessDate, Timestamp};
use domain::webhook::EventType;
use store::payment::PaymentRow;
use store::refund::RefundRow;
use store::{StoreError, WriteTx};

/// The job that asks a bank to take a refund back.
pub const REFUND: &str = "bank.refund";

/// What is asked to go back.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The payment.
    pub payment: Locator,
    /// The caller's number.
    pub refund_no: Number,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// The request's key.
    pub key: Key,
}

/// A refund that stands.
#[derive(Debug, Clone)]
pub struct Refunded {
    /// As it is stored.
    pub row: RefundRow,
    /// It was there before this request.
    pub replayed: bool,
}

/// A stored payment as the rules see it.
pub(super) fn rules_of(row: &PaymentRow) -> Result<Payment, Error> {
    Ok(Payment {
        status: row.state.parse()?,
        amount: Amount::new(row.amount_fen)?,
        refunded: Fen::new(row.refunded_fen),
        funding: row.funding.parse()?,
    })
}

/// The transfer that books `what` happened to a refund.
pub(super) fn refund_event(row: &RefundRow, what: &str) -> TransferId {
    event(&row.payment, &format!("refund {} {what}", row.refund_no))
}

/// What a job about a refund is about.
pub(super) fn subject(row: &RefundRow) -> String {
    format!("{}/{}", locator(&row.payment).text(Locator::PAYMENT), row.refund_no)
}

/// Refunds a part or all of a payment. The same number is the same refund.
///
/// # Errors
/// The caller's admission; `idempotency.mismatch`; `resource.not_found`; `refund.number_reused`, `payment.state`,
/// `refund.exceeds`, `refund.too_late`; `transfer.overdraft` when the payee's money is gone.
pub async fn refund(world: &World, caller: Caller, wish: Wish) -> Result<Refunded, Error> {
    let (at, now, ring) = (world.real_now(), world.now(), world.keys().ring());
    let (id, window) = (world.id(RefundId::make), world.parameter(Name::RefundWindow));
    caller
        .write(world, move |tx| {
            idempotency::guard(tx, &caller.id, &wish.key, at)?;
            let row = store::payment::lock(tx, key_of(&wish.payment))?;
            let payment = visible(tx, &caller, row)?.row;
            let known = store::refund::lock(tx, payment.key, wish.refund_no.as_str())?;
            let known_rules = known
                .as_ref()
                .map(|row| {
                    Ok::<_, Error>(Refund {
                        amount: Amount::new(row.amount_fen)?,
                        status: row.state.parse()?,
                    })
                })
                .transpose()?;
            match (rules_of(&payment)?.refund(known_rules, wish.amount)?, known) {
                (Refunding::Exists(_), Some(row)) => {
                    tx.unaudited("a refund that was there before");
                    Ok(Refunded { row, replayed: true })
                }
                (Refunding::Begun(after), _) => {
                    begin(tx, &caller, &ring, &wish, (payment, after), id, (now, window))
                }
                (Refunding::Exists(_), None) => Err(Error::internal("a refund is known and is not there")),
            }
        })
        .await
}

fn begin(
    tx: &mut WriteTx<'_>,
    caller: &Caller,
    ring: &Ring,
    wish: &Wish,
    (payment, after): (PaymentRow, Payment),
    id: RefundId,
    (now, window): (Timestamp, i64),
) -> Result<Refunded, Error> {
    let today = now.business_date();
    let paid_on = payment.business_date.and_then(|day| i32::try_from(day).ok()).map(BusinessDate::from_days);
    check_refund_window(paid_on.unwrap_or(today), today, i32::try_from(window).unwrap_or(i32::MAX))?;
    let prepaid = after.funding == Funding::Prepaid;
    let mut row = RefundRow {
        payment: payment.key,
        refund_no: wish.refund_no.to_string(),
        id: *id.as_bytes(),
        payee_id: payment.payee_id,
        amount_fen: wish.amount.get(),
        reason: wish.reason.clone(),
        state: if prepaid { RefundStatus::Succeeded } else { RefundStatus::Pending }.to_string(),
        source_account: [0; 16],
        business_date: prepaid.then_some(i64::from(today.as_days())),
        created_at: now.as_micros(),
        posted_at: prepaid.then_some(now.as_micros()),
        asked: 0,
        version: 1,
    };
    row.source_account = *draw(tx, &payment, &row, wish.amount, now)?.as_bytes();
    store::refund::insert(tx, &row)?;
    let changed =
        PaymentRow { refunded_fen: after.refunded.get(), state: after.status.to_string(), ..payment };
    store::payment::update(tx, &changed)?;
    let mut record = Record::done(now, caller.actor(), "refund.created");
    record.subject = Some(ring.commit(&changed.ecard_id));
    record.authorization = Some(reference(&changed.key));
    record.object = Some(Reference::new(RefundId::PREFIX, &row.id));
    record.evidence = Some(wish.key.digest);
    tx.audit(&record);
    if prepaid {
        tally(tx, &changed, now, (Kind::RefundCount, Kind::RefundFen), row.amount_fen);
        webhook::emit(tx, &told(&changed, EventType::PaymentRefunded, now.as_micros()))?;
    } else {
        job::enqueue(tx, REFUND, &subject(&row), now)?;
    }
    Ok(Refunded { row, replayed: false })
}

/// Draws a refund on the payee: before the sweep of its day on the sub-account, after it on the swept account, and
/// on the other one where the first does not hold enough. Answers which it was.
fn draw(
    tx: &mut WriteTx<'_>,
    payment: &PaymentRow,
    row: &RefundRow,
    amount: Amount,
    now: Timestamp,
) -> Result<AccountId, Error> {
    let shard = shard_of(payment)?;
    let payee = store::payee::find_each(tx, &[payment.payee_id])?.pop().flatten();
    let payee = payee.ok_or_else(|| Error::internal("a payment to nobody"))?;
    let home = domain::identity::Shard::new(payee.home_shard).ok_or_else(Error::not_found)?;
    let mut accounts = Accounts::default();
    let collected = accounts.of(shard, AccountKind::Payee, &payee.id);
    let settled = accounts.of(home, AccountKind::Settled, &payee.id);
    let day = payment.business_date.unwrap_or_default();
    let cut = store::settlement::is_cut(tx, day)?;
    let sources = if cut { [settled, collected] } else { [collected, settled] };
    let prepaid = accounts.of(shard, AccountKind::Prepaid, &payment.ecard_id);
    let transit = accounts.platform(shard, AccountKind::Refund);
    let clearing = accounts.platform(shard, AccountKind::BankClearing);
    let ids = [refund_event(row, "draw"), refund_event(row, "hold")];
    let chain = |source: AccountId| -> Vec<Transfer> {
        if row.posted_at.is_some() {
            vec![plan::refund_prepaid(ids[0], source, prepaid, amount, now)]
        } else {
            plan::refund_bank(ids, [source, transit, clearing], amount, now).into()
        }
    };
    let mut book = open(tx, &accounts, &chain(settled), Known::Perhaps)?;
    let mut refusal = ledger::Refusal::Overdraft;
    for source in sources {
        let outcomes = book.apply(&chain(source));
        match outcomes.iter().find_map(|outcome| outcome.err()) {
            None => {
                clear(tx, &mut book)?;
                return Ok(source);
            }
            Some(found) => refusal = found,
        }
    }
    Err(refusal.into())
}

/// A page of a payment's refunds.
///
/// # Errors
/// `resource.not_found`.
pub async fn list(
    world: &World,
    caller: Caller,
    payment: Locator,
    after: String,
    limit: i64,
) -> Result<Vec<RefundRow>, Error> {
    caller
        .read(world, move |tx| {
            let row = store::payment::find(tx, key_of(&payment))?;
            let key = visible(tx, &caller, row)?.row.key;
            Ok(store::refund::list(tx, key, &after, limit)?)
        })
        .await
}

/// Closes a payment whose money was not asked for yet; what was held is free again.
///
/// # Errors
/// The caller's admission; `idempotency.mismatch`; `resource.not_found`; `payment.state`.
pub async fn close(world: &World, caller: Caller, payment: Locator, key: Key) -> Result<Taken, Error> {
    let (at, now) = (world.real_now(), world.now());
    caller
        .write(world, move |tx| {
            idempotency::guard(tx, &caller.id, &key, at)?;
            let row = store::payment::lock(tx, key_of(&payment))?;
            let mut taken = visible(tx, &caller, row)?;
            if taken.row.state == Status::Closed.as_str() {
                tx.unaudited("a payment that was closed before");
                taken.replayed = true;
                return Ok(taken);
            }
            give_up(tx, &mut taken.row, End::Closed, now)?;
            let mut record = Record::done(at, caller.actor(), "payment.closed");
            record.object = Some(reference(&taken.row.key));
            tx.audit(&record);
            Ok(taken)
        })
        .await
}

/// Why a payment ends that nobody asked a bank about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Its payee wants it no more: the promises are void.
    Closed,
    /// Its time is over: the promises expire.
    Expired,
}

/// Closes a payment that nobody asked a bank about. The caller leaves the record.
pub(super) fn give_up(
    tx: &mut WriteTx<'_>,
    row: &mut PaymentRow,
    end: End,
    now: Timestamp,
) -> Result<(), Error> {
    let after = rules_of(row)?.act(&Action::Close)?;
    let mut accounts = Accounts::default();
    let held = held(row, &mut accounts)?;
    let ids = |what: &str| [event(&row.key, &format!("{what} 1")), event(&row.key, &format!("{what} 2"))];
    let released = match end {
        End::Closed => plan::void_bank(ids("void"), &held, now),
        End::Expired => plan::expire_bank(ids("expire"), &held, now),
    };
    done(&post(tx, &accounts, &released)?)?;
    row.state = after.status.to_string();
    row.closed_at = Some(now.as_micros());
    store::payment::update(tx, row)?;
    row.version += 1;
    give_back(tx, row)?;
    webhook::emit(tx, &told(row, EventType::PaymentFailed, now.as_micros()))?;
    Ok(())
}

/// Every transfer of a chain that must not be refused took effect, now or before.
pub(super) fn done(outcomes: &[ledger::Outcome]) -> Result<(), Error> {
    match outcomes.iter().find_map(|outcome| outcome.err()) {
        None => Ok(()),
        Some(refusal) => Err(Error::internal(format!("the ledger refused what was promised: {refusal:?}"))),
    }
}

/// Another process wrote the row meanwhile: the job is taken again.
pub(super) fn stale() -> Error {
    StoreError::Stale.into()
}
