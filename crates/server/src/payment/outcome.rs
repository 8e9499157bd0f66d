//! What a bank's answer does to payments, refunds and top-ups: the ledger follows, and what is owed is left as jobs.
//!
//! Every function here may be told the same answer any number of times; it counts once.

use super::order::{event, key_of, told};
use super::refund::{End, REFUND, done, give_up, refund_event, rules_of, stale, subject};
use super::take::reference;
use crate::key::Ring;
use crate::ledger::{Accounts, post};
use crate::{Error, job, webhook};
use domain::audit::{Actor, Record, Reference};
use domain::id::{AccountId, ChannelId, GrantId, RefundId, TopupId};
use domain::identity::Shard;
use domain::ledger::plan::{self, BankRoute};
use domain::ledger::{AccountKind, Purpose, Transfer, address};
use domain::locator::Locator;
use domain::money::Amount;
use domain::payment::{Action, BankAnswer, Consequence, RefundStatus, Status, query_delay_seconds};
use domain::statistic::{Key, Kind};
use domain::time::Timestamp;
use domain::webhook::EventType;
use store::WriteTx;
use store::payment::PaymentRow;
use store::refund::RefundRow;
use store::topup::TopupRow;

/// The job that asks a bank what became of a movement.
pub const QUERY: &str = "bank.query";
/// After a movement was given up because the bank did not know it, the bank is asked once more: so many seconds later.
const CONTROL_SECONDS: i64 = 3600;

/// When an answer came, and how it is recorded.
#[derive(Clone)]
pub struct Moment<'a> {
    /// Business time.
    pub now: Timestamp,
    /// For commitments.
    pub ring: &'a Ring,
}

/// The shard of a stored payment.
pub(super) fn shard_of(row: &PaymentRow) -> Result<Shard, Error> {
    Shard::new(row.key.shard).ok_or_else(|| Error::internal("a payment is filed in no shard"))
}

/// What a bank payment holds until the bank has answered.
pub(super) fn held(row: &PaymentRow, accounts: &mut Accounts) -> Result<[Transfer; 2], Error> {
    let shard = shard_of(row)?;
    let route = BankRoute {
        clearing: accounts.platform(shard, AccountKind::BankClearing),
        transit: accounts.of(shard, AccountKind::Transit, &row.ecard_id),
        payee: accounts.of(shard, AccountKind::Payee, &row.payee_id),
    };
    let ids = [event(&row.key, "hold 1"), event(&row.key, "hold 2")];
    Ok(plan::hold_bank(ids, route, Amount::new(row.amount_fen)?, Timestamp::from_micros(row.created_at)))
}

/// Gives the day's limit back that a payment had used up which came to nothing.
///
/// # Errors
/// The store's.
pub(super) fn give_back(tx: &mut WriteTx<'_>, row: &PaymentRow) -> Result<(), Error> {
    // A standing payment uses up its grant's limit, every other one the holder's.
    let spender = row.source.parse::<GrantId>().map_or(row.ecard_id, |grant| *grant.as_bytes());
    let day = i64::from(Timestamp::from_micros(row.created_at).business_date().as_days());
    store::payment::give_back_spent(tx, (row.key.shard, spender), day, row.amount_fen)?;
    Ok(())
}

/// Counts what was posted, for the channel that served the holder.
pub(super) fn tally(tx: &mut WriteTx<'_>, row: &PaymentRow, now: Timestamp, kinds: (Kind, Kind), fen: i64) {
    let Ok(division) = row.division.parse() else { return };
    let channel = ChannelId::from_bytes(row.channel_id);
    let key = |kind| Key { day: now.business_date(), channel, division, kind };
    tx.count(key(kinds.0), 1);
    tx.count(key(kinds.1), fen);
}

fn record(
    tx: &mut WriteTx<'_>,
    moment: &Moment<'_>,
    action: &'static str,
    ecard: &[u8; 16],
    object: Reference,
) {
    let mut record = Record::done(moment.now, Actor::System, action);
    record.subject = Some(moment.ring.commit(ecard));
    record.object = Some(object);
    tx.audit(&record);
}

/// Notes that the bank is about to be asked for a payment's money; none where it must not be asked any more.
///
/// # Errors
/// The store's.
pub fn submit(tx: &mut WriteTx<'_>, payment: Locator) -> Result<Option<PaymentRow>, Error> {
    let Some(mut row) = store::payment::lock(tx, key_of(&payment))? else { return Ok(None) };
    let rules = rules_of(&row)?;
    match rules.status {
        Status::Created => {
            row.state = rules.act(&Action::Submit)?.status.to_string();
            store::payment::update(tx, &row)?;
            Ok(Some(row))
        }
        Status::Pending => Ok(Some(row)),
        _ => Ok(None),
    }
}

/// Takes in the bank's answer about a payment.
///
/// # Errors
/// The store's; internal when the ledger refuses what it promised.
pub fn payment(
    tx: &mut WriteTx<'_>,
    moment: &Moment<'_>,
    locator: Locator,
    answer: BankAnswer,
) -> Result<(), Error> {
    let mut row = store::payment::lock(tx, key_of(&locator))?.ok_or_else(Error::not_found)?;
    let status: Status = row.state.parse()?;
    let (after, consequence) = status.answered(answer);
    let mut accounts = Accounts::default();
    let held = held(&row, &mut accounts)?;
    let (now, name) = (moment.now, locator.text(Locator::PAYMENT));
    let ids = |what: &str| [event(&row.key, &format!("{what} 1")), event(&row.key, &format!("{what} 2"))];
    match consequence {
        Consequence::Post => {
            done(&post(tx, &accounts, &plan::post_bank(ids("post"), &held, now))?)?;
            row.business_date = Some(i64::from(now.business_date().as_days()));
            row.posted_at = Some(now.as_micros());
            tally(tx, &row, now, (Kind::PaymentCount, Kind::PaymentFen), row.amount_fen);
            record(tx, moment, "payment.posted", &row.ecard_id, reference(&row.key));
            webhook::emit(tx, &told(&row, EventType::PaymentSucceeded, now.as_micros()))?;
        }
        Consequence::Void => {
            done(&post(tx, &accounts, &plan::void_bank(ids("void"), &held, now))?)?;
            give_back(tx, &row)?;
            row.failure = failure(answer);
            record(tx, moment, "payment.failed", &row.ecard_id, reference(&row.key));
            webhook::emit(tx, &told(&row, EventType::PaymentFailed, now.as_micros()))?;
            job::enqueue(tx, QUERY, &name, now.plus_seconds(CONTROL_SECONDS))?;
        }
        Consequence::Query => {
            tx.unaudited("the outcome is still open");
            job::enqueue(tx, QUERY, &name, next_query(now, row.asked))?;
            row.asked += 1;
        }
        Consequence::Suspend => {
            let [clearing, suspense] = suspended(&mut accounts, shard_of(&row)?);
            let late = plan::late_answer(event(&row.key, "late"), clearing, suspense, held[0].amount, now);
            done(&post(tx, &accounts, &[late])?)?;
            record(tx, moment, "payment.late_answer", &row.ecard_id, reference(&row.key));
            job::enqueue(tx, REFUND, &name, now)?;
        }
        Consequence::Reconcile => {
            record(tx, moment, "payment.contradicted", &row.ecard_id, reference(&row.key));
        }
        Consequence::Nothing => tx.unaudited("the answer was known"),
    }
    row.state = after.to_string();
    store::payment::update(tx, &row).map_err(|_| stale())
}

fn suspended(accounts: &mut Accounts, shard: Shard) -> [AccountId; 2] {
    [accounts.platform(shard, AccountKind::BankClearing), accounts.platform(shard, AccountKind::Suspense)]
}

/// The bank took back what came too late: it leaves suspense.
///
/// # Errors
/// The store's; internal when the ledger refuses.
pub fn returned(tx: &mut WriteTx<'_>, moment: &Moment<'_>, locator: Locator) -> Result<(), Error> {
    let row = store::payment::lock(tx, key_of(&locator))?.ok_or_else(Error::not_found)?;
    let mut accounts = Accounts::default();
    let [clearing, suspense] = suspended(&mut accounts, shard_of(&row)?);
    let (id, amount) = (event(&row.key, "late returned"), Amount::new(row.amount_fen)?);
    let back = plan::posted(id, [suspense, clearing], amount, Purpose::LateAnswer, moment.now);
    done(&post(tx, &accounts, &[back])?)?;
    record(tx, moment, "payment.late_returned", &row.ecard_id, reference(&row.key));
    Ok(())
}

/// Closes a payment that no bank was asked about in its time.
///
/// # Errors
/// The store's.
pub fn expire(tx: &mut WriteTx<'_>, moment: &Moment<'_>, locator: Locator) -> Result<(), Error> {
    let row = store::payment::lock(tx, key_of(&locator))?;
    match row.filter(|row| row.state == Status::Created.as_str()) {
        Some(mut row) => {
            give_up(tx, &mut row, End::Expired, moment.now)?;
            record(tx, moment, "payment.expired", &row.ecard_id, reference(&row.key));
        }
        None => tx.unaudited("the payment went on"),
    }
    Ok(())
}

/// Takes in the bank's answer about a refund.
///
/// # Errors
/// The store's; internal when the ledger refuses what it promised.
pub fn refund(
    tx: &mut WriteTx<'_>,
    moment: &Moment<'_>,
    (locator, refund_no): (Locator, &str),
    answer: BankAnswer,
) -> Result<(), Error> {
    let payment = store::payment::lock(tx, key_of(&locator))?.ok_or_else(Error::not_found)?;
    let row = store::refund::lock(tx, payment.key, refund_no)?;
    let mut row: RefundRow = row.ok_or_else(Error::not_found)?;
    let (after, consequence) = row.state.parse::<RefundStatus>()?.answered(answer);
    let now = moment.now;
    let object = Reference::new(RefundId::PREFIX, &row.id);
    match consequence {
        Consequence::Post => {
            decide(tx, &payment, &row, now, true)?;
            row.business_date = Some(i64::from(now.business_date().as_days()));
            row.posted_at = Some(now.as_micros());
            tally(tx, &payment, now, (Kind::RefundCount, Kind::RefundFen), row.amount_fen);
            record(tx, moment, "refund.posted", &payment.ecard_id, object);
            webhook::emit(tx, &told(&payment, EventType::PaymentRefunded, now.as_micros()))?;
        }
        Consequence::Void => {
            decide(tx, &payment, &row, now, false)?;
            let restored = rules_of(&payment)?.restore(Amount::new(row.amount_fen)?)?;
            let (refunded_fen, state) = (restored.refunded.get(), restored.status.to_string());
            store::payment::update(tx, &PaymentRow { refunded_fen, state, ..payment.clone() })?;
            record(tx, moment, "refund.failed", &payment.ecard_id, object);
        }
        Consequence::Query => {
            tx.unaudited("the outcome is still open");
            job::enqueue(tx, QUERY, &subject(&row), next_query(now, row.asked))?;
            row.asked += 1;
        }
        Consequence::Reconcile => record(tx, moment, "refund.contradicted", &payment.ecard_id, object),
        Consequence::Suspend | Consequence::Nothing => tx.unaudited("the answer was known"),
    }
    row.state = after.to_string();
    store::refund::update(tx, &row).map_err(|_| stale())
}

/// Carries out the promise of a refund, or gives it back to the account it was drawn on.
fn decide(
    tx: &mut WriteTx<'_>,
    payment: &PaymentRow,
    row: &RefundRow,
    now: Timestamp,
    carried_out: bool,
) -> Result<(), Error> {
    let mut accounts = Accounts::default();
    let shard = shard_of(payment)?;
    let transit = accounts.platform(shard, AccountKind::Refund);
    let clearing = accounts.platform(shard, AccountKind::BankClearing);
    let source = AccountId::from_bytes(row.source_account);
    let kind = address::kind_of(source).unwrap_or(AccountKind::Payee);
    let home = Shard::new(i64::from(address::shard_of(source))).unwrap_or(shard);
    accounts.of(home, kind, &row.payee_id);
    let amount = Amount::new(row.amount_fen)?;
    let ids = [refund_event(row, "draw"), refund_event(row, "hold")];
    let created_at = Timestamp::from_micros(row.created_at);
    let [_, hold] = plan::refund_bank(ids, [source, transit, clearing], amount, created_at);
    let decision = refund_event(row, "decide");
    let chain = if carried_out {
        vec![hold.post(decision, amount, now)]
    } else {
        let back = refund_event(row, "back");
        let back = plan::posted(back, [transit, source], amount, Purpose::Refund, now);
        vec![hold.void(decision, now).linked(), back]
    };
    done(&post(tx, &accounts, &chain)?)
}

/// Takes in the bank's answer about a top-up. One that was given up and succeeded after all is credited: the money
/// is the holder's either way.
///
/// # Errors
/// The store's; internal when the ledger refuses.
pub fn topup(
    tx: &mut WriteTx<'_>,
    moment: &Moment<'_>,
    id: TopupId,
    answer: BankAnswer,
) -> Result<(), Error> {
    let shard = id.shard();
    let row = store::topup::lock(tx, i64::from(shard.get()), id.as_bytes())?;
    let mut row: TopupRow = row.ok_or_else(Error::not_found)?;
    let (after, consequence) = row.state.parse::<Status>()?.answered(answer);
    let (now, object) = (moment.now, Reference::new(TopupId::PREFIX, &row.id));
    match consequence {
        Consequence::Post | Consequence::Suspend => {
            let mut accounts = Accounts::default();
            let clearing = accounts.platform(shard, AccountKind::BankClearing);
            let prepaid = accounts.of(shard, AccountKind::Prepaid, &row.ecard_id);
            let bucket = u32::try_from(row.created_at.div_euclid(60_000_000)).unwrap_or_default();
            let transfer = address::transfer(bucket, shard.get(), &[b"topup\n", &row.id]);
            let amount = Amount::new(row.amount_fen)?;
            done(&post(tx, &accounts, &[plan::top_up(transfer, clearing, prepaid, amount, now)])?)?;
            row.posted_at = Some(now.as_micros());
            row.failure = None;
            row.state = Status::Succeeded.to_string();
            record(tx, moment, "topup.posted", &row.ecard_id, object);
            return store::topup::update(tx, &row).map_err(|_| stale());
        }
        Consequence::Void => {
            row.failure = failure(answer);
            record(tx, moment, "topup.failed", &row.ecard_id, object);
            job::enqueue(tx, QUERY, &id.to_string(), now.plus_seconds(CONTROL_SECONDS))?;
        }
        Consequence::Query => {
            tx.unaudited("the outcome is still open");
            job::enqueue(tx, QUERY, &id.to_string(), next_query(now, row.asked))?;
            row.asked += 1;
        }
        Consequence::Reconcile => record(tx, moment, "topup.contradicted", &row.ecard_id, object),
        Consequence::Nothing => tx.unaudited("the answer was known"),
    }
    row.state = after.to_string();
    store::topup::update(tx, &row).map_err(|_| stale())
}

fn failure(answer: BankAnswer) -> Option<String> {
    match answer {
        BankAnswer::Failed(reason) => Some(format!("bank.{reason}")),
        BankAnswer::Succeeded | BankAnswer::Unknown => None,
    }
}

fn next_query(now: Timestamp, asked: i64) -> Timestamp {
    now.plus_seconds(query_delay_seconds(u32::try_from(asked).unwrap_or(u32::MAX)))
}
