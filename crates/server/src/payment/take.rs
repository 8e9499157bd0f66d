//! The batch that takes payments: what handles, orders, payees and accounts say is read once for all commands, the
//! ledger's engine applies the money in order in memory, and rows are written as sets.
//!
//! Invariant: a payment row, its order, its transfers, the counters and the evidence commit together. A handle is
//! spent once because its payment has the handle's key.

use super::order::{Order, Payer, Taken, again, event, key_of, told};
use super::service::{DEBIT, EXPIRE};
use crate::auth::{Caller, CallerKind, Evidence};
use crate::authority::Authority;
use crate::ledger::{Accounts, Known, clear, open};
use crate::{Error, webhook};
use domain::audit::{Label, Outcome, Record, Reference};
use domain::authorization::{self, Department, Person, Request, authorize};
use domain::division::DivisionCode;
use domain::ecard::{BindingState, Level};
use domain::id::{ChannelId, OrgId, TerminalId};
use domain::identity::Shard;
use domain::ledger::plan::{self, BankRoute};
use domain::ledger::{self, AccountKind, Book, Transfer};
use domain::locator::Locator;
use domain::money::{Amount, Fen};
use domain::parameter::{Name, Parameters};
use domain::payment::{Funding, Handle, Limits, Payee, Refusal, Status};
use domain::statistic::{Key, Kind};
use domain::time::Timestamp;
use domain::webhook::EventType;
use domain::{card, channel, ecard, service};
use std::collections::{BTreeMap, HashSet};
use store::payment::{HandleRow, PaymentKey, PaymentRow, Spender};
use store::{Batch, StoreError, WriteTx};

/// One payment by handle.
#[derive(Debug, Clone)]
pub struct Command {
    /// The order.
    pub order: Order,
    /// The handle.
    pub handle: Locator,
}

/// The lane of payments by handle.
pub struct Pay;

impl Batch for Pay {
    type Command = Command;
    type Outcome = Result<Taken, Error>;

    fn run(tx: &mut WriteTx<'_>, commands: &[Command]) -> Result<Vec<Self::Outcome>, StoreError> {
        let mut authority = Authority::recall(tx)?;
        let commands: Vec<&Command> = commands.iter().collect();
        let outcomes = pay(tx, &mut authority, &commands)?;
        tx.keep(authority);
        tx.unaudited(
            "what changed nothing needs no record; every payment and every refusal of one has its own",
        );
        Ok(outcomes)
    }
}

/// What the tables say about one command.
struct Facts {
    handle: Option<HandleRow>,
    order: Option<PaymentKey>,
    spent: Option<PaymentRow>,
    payee: bool,
}

/// What is to be done about one command.
enum Decision {
    Known(Box<PaymentRow>, OrgId),
    New(Box<Payer>),
}

fn pay(
    tx: &mut WriteTx<'_>,
    authority: &mut Authority,
    commands: &[&Command],
) -> Result<Vec<Result<Taken, Error>>, StoreError> {
    let facts = facts(tx, commands)?;
    let mut outcomes: Vec<Option<Result<Taken, Error>>> = commands.iter().map(|_| None).collect();
    let (mut keys, mut numbers) = (HashSet::new(), HashSet::new());
    let mut fresh: Vec<(usize, &Order, Payer)> = Vec::with_capacity(commands.len());
    let mut repeated = Vec::new();
    for (i, (command, facts)) in commands.iter().zip(facts).enumerate() {
        let order = &command.order;
        if !keys.insert(command.handle) | !numbers.insert((order.payee, &order.order_no)) {
            repeated.push(i);
            continue;
        }
        match decide(tx, authority, command, facts) {
            Ok(Decision::New(payer)) => fresh.push((i, order, *payer)),
            Ok(Decision::Known(row, party)) => {
                outcomes[i] = Some(Ok(Taken { row: *row, party, replayed: true }));
            }
            Err(error) => {
                refused(tx, order, None, &error);
                outcomes[i] = Some(Err(error));
            }
        }
    }
    for (i, outcome) in take(tx, fresh)? {
        outcomes[i] = Some(outcome);
    }
    // The second command about one handle or order sees what became of the first.
    for i in repeated {
        outcomes[i] = pay(tx, authority, &commands[i..=i])?.pop();
    }
    let missing = || Err(Error::internal("a payment was not decided"));
    Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(missing)).collect())
}

fn facts(tx: &mut WriteTx<'_>, commands: &[&Command]) -> Result<Vec<Facts>, StoreError> {
    let keys: Vec<PaymentKey> = commands.iter().map(|command| key_of(&command.handle)).collect();
    let numbers: Vec<_> =
        commands.iter().map(|c| (*c.order.payee.as_bytes(), c.order.order_no.as_str())).collect();
    let payees: Vec<[u8; 16]> = commands.iter().map(|command| *command.order.payee.as_bytes()).collect();
    let known = known_payees(tx, &payees)?;
    let handles = store::payment::handles(tx, &keys)?;
    // In this order: another server may commit between two statements, and whose handle is seen spent must have its order seen too.
    let spent = store::payment::find_each(tx, &keys)?;
    let orders = store::payment::orders(tx, &numbers)?;
    let rows = handles.into_iter().zip(orders).zip(spent).zip(payees);
    let fact =
        |(((handle, order), spent), payee)| Facts { handle, order, spent, payee: known.contains(&payee) };
    Ok(rows.map(fact).collect())
}

/// Payees this connection has met. A payee's row never changes, so it may be remembered.
#[derive(Default)]
struct Payees(HashSet<[u8; 16]>);

pub(super) fn known_payees(
    tx: &mut WriteTx<'_>,
    wanted: &[[u8; 16]],
) -> Result<HashSet<[u8; 16]>, StoreError> {
    let mut met: Box<Payees> = tx.recall();
    let mut unmet: Vec<[u8; 16]> = wanted.iter().filter(|id| !met.0.contains(*id)).copied().collect();
    unmet.sort_unstable();
    unmet.dedup();
    met.0.extend(store::payee::find_each(tx, &unmet)?.into_iter().flatten().map(|row| row.id));
    let known = wanted.iter().filter(|id| met.0.contains(*id)).copied().collect();
    tx.keep(met);
    Ok(known)
}

/// Refuses, in order: the caller, another payment under the order number, a payee nobody registered, the handle,
/// the three authorizations, the holder.
fn decide(
    tx: &mut WriteTx<'_>,
    authority: &mut Authority,
    command: &Command,
    facts: Facts,
) -> Result<Decision, Error> {
    let Command { order, handle: locator } = command;
    admit(tx, authority, order)?;
    let national = DivisionCode::NATIONAL;
    let (_, party) = authority.place(tx, &order.caller, Some(national), national)?;
    if let Some(key) = facts.order {
        let known =
            store::payment::find(tx, key)?.ok_or_else(|| Error::internal("an order without a payment"))?;
        again(order, facts.handle.as_ref().map(|handle| &handle.ecard_id), &known)?;
        return Ok(Decision::Known(Box::new(known), party));
    }
    if !facts.payee {
        return Err(Error::field("/payee_id", &Refusal::PayeeUnknown));
    }
    let row = facts.handle.filter(|row| row.outcome == "ok").ok_or_else(Error::not_found)?;
    let payee: OrgId = row.purpose.strip_prefix("pay:").ok_or_else(Error::not_found)?.parse()?;
    let handle = Handle {
        payee: Payee(*payee.as_bytes()),
        verified_by: row.caller,
        issued_at: Timestamp::from_micros(row.at),
        spent: facts.spent.is_some(),
    };
    if facts
        .spent
        .is_some_and(|spent| spent.caller == order.caller.id && spent.idempotency_key == order.key.text)
    {
        return Err(Error::platform("idempotency.mismatch"));
    }
    let ttl = order.rules.get(Name::PaymentHandleTtl, order.now.business_date());
    handle.spend(Payee(*order.payee.as_bytes()), order.caller.id, order.at, ttl)?;
    check(tx, authority, order, &row, party)?;
    let shard = Shard::new(i64::from(locator.shard)).ok_or_else(Error::not_found)?;
    Ok(Decision::New(Box::new(Payer {
        key: key_of(locator),
        shard,
        ecard: row.ecard_id,
        channel: row.channel_id,
        division: division(&row.division)?,
        source: "handle".to_owned(),
        limits: standard_limits(order),
        spender: row.ecard_id,
        party,
    })))
}

/// Admits the caller and spends the nonce of a signed request.
pub(super) fn admit(tx: &mut WriteTx<'_>, authority: &mut Authority, order: &Order) -> Result<(), Error> {
    authority.admit(tx, &order.caller)?;
    if let Evidence::Signature { key, second, nonce } = order.caller.evidence
        && !store::key::spend_nonce(tx, second, key.as_bytes(), &nonce)?
    {
        return Err(Error::detailed("signature.invalid", "the nonce was used before"));
    }
    Ok(())
}

/// What may be paid in one payment and in one day where no grant says otherwise.
pub(super) fn standard_limits(order: &Order) -> Limits {
    let limit = |name| Amount::new(order.rules.get(name, order.now.business_date())).ok();
    Limits { per_payment: limit(Name::PaymentPerUse), per_day: limit(Name::PaymentPerDay) }
}

/// The caller as a department opens services to it.
pub(super) fn place(caller: &Caller) -> authorization::Caller {
    match caller.kind {
        CallerKind::Channel => authorization::Caller::Channel(ChannelId::from_bytes(caller.id)),
        CallerKind::Terminal => authorization::Caller::Terminal(TerminalId::from_bytes(caller.id)),
    }
}

/// Whether the use and the holder still stand as they did when the code was verified (ND-1.4, ND-3.5d).
fn check(
    tx: &mut WriteTx<'_>,
    authority: &mut Authority,
    order: &Order,
    row: &HandleRow,
    party: OrgId,
) -> Result<(), Error> {
    let service = service::find("pay.code")?;
    let caller = place(&order.caller);
    let openings = authority.openings(tx, caller, service)?.to_vec();
    let showing = authority.channel(tx, &row.channel_id)?.ok_or_else(Error::not_found)?;
    let request = Request {
        caller,
        party,
        channel_use: channel::Use::Serve,
        service,
        purpose: service.purpose,
        division: division(&row.division)?,
        holder_division: division(&row.card_division)?,
        spending: None,
        now: order.now,
    };
    authorize(&request, &Person::Code, &Department { openings: &openings }, showing)?;
    row.binding_state.parse::<BindingState>()?.usable()?;
    usable(&row.ecard_state)?;
    Ok(Level::new(row.sign_level).ok_or(ecard::Refusal::Level)?.pays()?)
}

fn division(text: &str) -> Result<DivisionCode, Error> {
    text.parse().map_err(|_| Error::internal("a stored division is unknown"))
}

/// Whether the card behind an e-card of this stored state may be used; the reason of an invalid one is the card's.
pub(super) fn usable(state: &str) -> Result<(), Error> {
    let phase = state.split(':').next().unwrap_or_default().parse()?;
    Ok(card::State::from_parts(phase, None).unwrap_or(card::State::Invalid(card::Reason::Other)).usable()?)
}

/// What an order moves.
pub(super) fn movements(order: &Order, payer: &Payer, accounts: &mut Accounts) -> Vec<Transfer> {
    let payee = accounts.of(payer.shard, AccountKind::Payee, order.payee.as_bytes());
    match order.funding {
        Funding::Prepaid => {
            let prepaid = accounts.of(payer.shard, AccountKind::Prepaid, &payer.ecard);
            vec![plan::pay_prepaid(event(&payer.key, "post"), prepaid, payee, order.amount, order.now)]
        }
        Funding::Bank => {
            let clearing = accounts.platform(payer.shard, AccountKind::BankClearing);
            let transit = accounts.of(payer.shard, AccountKind::Transit, &payer.ecard);
            let ids = [event(&payer.key, "hold 1"), event(&payer.key, "hold 2")];
            plan::hold_bank(ids, BankRoute { clearing, transit, payee }, order.amount, order.now).into()
        }
    }
}

/// The outcome of a command, with its place in the batch.
type Placed = (usize, Result<Taken, Error>);

/// Takes payments whose holders may pay: limits, money, rows. One outcome for each, with its place.
pub(super) fn take(
    tx: &mut WriteTx<'_>,
    fresh: Vec<(usize, &Order, Payer)>,
) -> Result<Vec<Placed>, StoreError> {
    let Some(rules) = fresh.first().map(|(_, order, _)| order.rules.clone()) else { return Ok(Vec::new()) };
    let mut accounts = Accounts::default();
    let chains: Vec<Vec<Transfer>> =
        fresh.iter().map(|(_, order, payer)| movements(order, payer, &mut accounts)).collect();
    let mut book = open(tx, &accounts, &chains.concat(), Known::Never)?;
    let mut spent = Spent::read(tx, &fresh)?;
    let mut outcomes = Vec::with_capacity(fresh.len());
    let mut rows = Vec::with_capacity(fresh.len());
    for ((i, order, payer), chain) in fresh.into_iter().zip(&chains) {
        match spend(&mut book, &mut spent, order, &payer, chain) {
            Ok(row) => {
                recorded(tx, order, &payer, &row);
                rows.push(row.clone());
                outcomes.push((i, Ok(Taken { row, party: payer.party, replayed: false })));
            }
            Err(error) => {
                refused(tx, order, Some(&payer), &error);
                outcomes.push((i, Err(error)));
            }
        }
    }
    write(tx, &rows, &rules)?;
    let posted = rows.iter().filter(|row| row.posted_at.is_some());
    let events: Vec<_> = posted.map(|row| told(row, EventType::PaymentSucceeded, row.created_at)).collect();
    webhook::emit_each(tx, &events)?;
    spent.write(tx)?;
    clear(tx, &mut book)?;
    Ok(outcomes)
}

fn write(tx: &mut WriteTx<'_>, rows: &[PaymentRow], rules: &Parameters) -> Result<(), StoreError> {
    let mut sorted: Vec<&PaymentRow> = rows.iter().collect();
    sorted.sort_unstable_by_key(|row| row.key);
    let inserted = store::payment::insert(tx, &sorted)?;
    sorted.sort_unstable_by(|a, b| (a.payee_id, &a.order_no).cmp(&(b.payee_id, &b.order_no)));
    let filed = store::payment::insert_orders(tx, &sorted)?;
    // Another process was faster with the same handle or order: look again.
    if inserted.contains(&false) || filed.contains(&false) {
        return Err(StoreError::Unique("payment_pk".into()));
    }
    for row in rows.iter().filter(|row| row.funding == Funding::Bank.as_str()) {
        let (now, subject) = (row.created_at, super::order::locator(&row.key).text(Locator::PAYMENT));
        let now = Timestamp::from_micros(now);
        let ttl = rules.get(Name::PaymentPendingTtl, now.business_date());
        for (kind, due_at) in [(DEBIT, now), (EXPIRE, now.plus_seconds(ttl))] {
            let (due_at, now) = (due_at.as_micros(), now.as_micros());
            store::job::enqueue(tx, kind, &subject, due_at, now)?;
        }
    }
    Ok(())
}

/// Applies one payment to the book and to the day's sum.
fn spend(
    book: &mut Book,
    spent: &mut Spent,
    order: &Order,
    payer: &Payer,
    chain: &[Transfer],
) -> Result<PaymentRow, Error> {
    let day = i64::from(order.now.business_date().as_days());
    let spender = (payer.key.shard, payer.spender);
    payer.limits.check(order.amount, Fen::new(spent.on(&spender, day)))?;
    let failed = |outcome: &ledger::Refusal| *outcome != ledger::Refusal::LinkedFailed;
    if let Some(refusal) = book.apply(chain).into_iter().filter_map(Result::err).find(failed) {
        return Err(refusal.into());
    }
    spent.add(spender, day, order.amount.get());
    let posted = order.funding == Funding::Prepaid;
    let now = order.now.as_micros();
    Ok(PaymentRow {
        key: payer.key,
        caller: order.caller.id,
        idempotency_key: order.key.text.clone(),
        digest: order.key.digest,
        order_no: order.order_no.to_string(),
        ecard_id: payer.ecard,
        channel_id: payer.channel,
        division: payer.division.to_string(),
        payee_id: *order.payee.as_bytes(),
        amount_fen: order.amount.get(),
        refunded_fen: 0,
        description: order.description.clone(),
        funding: order.funding.to_string(),
        source: payer.source.clone(),
        state: if posted { Status::Succeeded } else { Status::Created }.to_string(),
        failure: None,
        business_date: posted.then_some(day),
        created_at: now,
        posted_at: posted.then_some(now),
        closed_at: None,
        asked: 0,
        version: 1,
    })
}

/// What spenders have spent, while a batch runs. Read after their accounts were locked, so that nobody else spends
/// in between.
struct Spent(BTreeMap<Spender, (i64, i64)>);

impl Spent {
    fn read(tx: &mut WriteTx<'_>, fresh: &[(usize, &Order, Payer)]) -> Result<Self, StoreError> {
        let mut spenders: Vec<Spender> =
            fresh.iter().map(|(_, _, payer)| (payer.key.shard, payer.spender)).collect();
        spenders.sort_unstable();
        spenders.dedup();
        let rows = store::payment::spent(tx, &spenders)?;
        Ok(Self(spenders.into_iter().zip(rows).filter_map(|(spender, row)| Some((spender, row?))).collect()))
    }

    fn on(&self, spender: &Spender, day: i64) -> i64 {
        self.0.get(spender).filter(|(on, _)| *on == day).map_or(0, |(_, fen)| *fen)
    }

    fn add(&mut self, spender: Spender, day: i64, fen: i64) {
        let sum = self.on(&spender, day).saturating_add(fen);
        self.0.insert(spender, (day, sum));
    }

    fn write(self, tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
        let rows: Vec<_> = self.0.into_iter().collect();
        store::payment::put_spent(tx, &rows)
    }
}

fn recorded(tx: &mut WriteTx<'_>, order: &Order, payer: &Payer, row: &PaymentRow) {
    let action = if row.posted_at.is_some() { "payment.posted" } else { "payment.created" };
    let mut record = Record::done(order.at, order.caller.actor(), action);
    fill(&mut record, order, payer);
    tx.audit(&record);
    if row.posted_at.is_some() {
        count(tx, order, payer, Kind::PaymentCount, 1);
        count(tx, order, payer, Kind::PaymentFen, row.amount_fen);
    }
}

pub(super) fn refused(tx: &mut WriteTx<'_>, order: &Order, payer: Option<&Payer>, error: &Error) {
    let mut record = Record::done(order.at, order.caller.actor(), "payment.refused");
    record.outcome = Outcome::Refused(Label::parse(error.code()).unwrap_or(Label::of("payment.refused")));
    record.clause = error.clause().and_then(|clause| Label::parse(clause).ok());
    if let Some(payer) = payer {
        fill(&mut record, order, payer);
        count(tx, order, payer, Kind::RefusalPayment, 1);
    }
    tx.audit(&record);
}

fn fill(record: &mut Record, order: &Order, payer: &Payer) {
    record.subject = Some(order.ring.commit(&payer.ecard));
    record.origin = Some(Reference::new(ChannelId::PREFIX, &payer.channel));
    record.object = Some(reference(&payer.key));
    record.evidence = Some(order.key.digest);
}

/// A payment as the audit names it.
pub(super) fn reference(key: &PaymentKey) -> Reference {
    Reference::filed(Locator::PAYMENT, &super::order::locator(key))
}

fn count(tx: &mut WriteTx<'_>, order: &Order, payer: &Payer, kind: Kind, by: i64) {
    let channel = ChannelId::from_bytes(payer.channel);
    tx.count(Key { day: order.now.business_date(), channel, division: payer.division, kind }, by);
}
