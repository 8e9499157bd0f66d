//! The cut of one business day, in one transaction.
//!
//! Invariant: after it, for every payee, what its accounts hold equals all payments less all refunds less the fees
//! taken, and over all accounts debits equal credits; otherwise nothing is written. A day's money is what its
//! sub-accounts hold beyond the payments of later days, so refunds drawn on them meanwhile need no special case; a
//! fee that the swept account cannot bear today is taken at a later cut.

use super::service::Cut;
use crate::Error;
use crate::key::Ring;
use crate::ledger::{Accounts, post};
use domain::audit::{Actor, Record, Reference};
use domain::id::{AccountId, KeyId, SettlementId};
use domain::identity::Shard;
use domain::ledger::address::{self, shard_of};
use domain::ledger::{AccountKind, Transfer, plan};
use domain::locator::Locator;
use domain::money::{Amount, Fen};
use domain::payment::Payee;
use domain::settlement::{self, Batch, FeeRate, Line, LineKind, Manifest, Refusal};
use domain::time::{BusinessDate, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use store::WriteTx;
use store::ledger::OwnedAccount;
use store::payee::PayeeRow;
use store::settlement::{BatchRow, DayRow, LineRow, Sums};

/// Cuts `day`, or answers what an earlier cut did.
pub(super) fn cut(
    tx: &mut WriteTx<'_>,
    ring: &Ring,
    actor: Actor,
    day: BusinessDate,
    now: Timestamp,
) -> Result<Cut, Error> {
    let number = i64::from(day.as_days());
    // Holding every payee's account: what is being posted now is either in them already or waits.
    let accounts = store::ledger::lock_payees(tx)?;
    if let Some(day) = store::settlement::find_day(tx, number)? {
        tx.unaudited("the day was cut before");
        return Ok(Cut { day, replayed: true });
    }
    if let Some(earlier) = store::settlement::first_open_day(tx, number - 1)? {
        let earlier = BusinessDate::from_days(i32::try_from(earlier).unwrap_or_default());
        return Err(Refusal::EarlierOpen { day: earlier }.into());
    }
    // An empty day may be cut after later ones: what those hold is in batches already.
    let until = store::settlement::last_day(tx)?.map_or(number, |last| last.max(number));
    let books = Books::read(tx, until, accounts)?;
    let mut batches = Vec::new();
    let mut net = Fen::ZERO;
    for (payee, lines) in books.lines(tx, number)? {
        let row = books.settle(tx, ring, day, now, &payee, &lines)?;
        net = net.plus(Fen::new(row.net_fen))?;
        store::settlement::insert_batch(tx, &row)?;
        let mut record = Record::done(now, actor, "settlement.batch");
        record.object = Some(Reference::new(SettlementId::PREFIX, &row.id));
        record.evidence = Some(gm::sm3::digest(row.manifest.as_bytes()));
        tx.audit(&record);
        batches.push(row);
    }
    check(tx, until)?;
    let count = i64::try_from(batches.len()).unwrap_or(i64::MAX);
    let row = DayRow { business_date: number, cut_at: now.as_micros(), batches: count, net_fen: net.get() };
    if !store::settlement::insert_day(tx, &row)? {
        return Err(store::StoreError::Stale.into());
    }
    tx.audit(&Record::done(now, actor, "settlement.day_cut"));
    Ok(Cut { day: row, replayed: false })
}

type Payees = [u8; 16];

/// What a cut needs of the ledger and of earlier cuts.
struct Books {
    accounts: Vec<OwnedAccount>,
    later: BTreeMap<(Payees, i64), i64>,
    batches: BTreeMap<Payees, Sums>,
}

impl Books {
    fn read(tx: &mut WriteTx<'_>, until: i64, accounts: Vec<OwnedAccount>) -> Result<Self, Error> {
        let later = store::settlement::paid_after(tx, until)?;
        let later = later.into_iter().map(|(payee, shard, fen)| ((payee, shard), fen)).collect();
        let batches = store::settlement::batch_sums(tx)?.into_iter().collect();
        Ok(Self { accounts, later, batches })
    }

    /// The day's lines, for each payee that has any.
    fn lines(&self, tx: &mut WriteTx<'_>, day: i64) -> Result<Vec<(PayeeRow, Vec<LineRow>)>, Error> {
        let mut by_payee: BTreeMap<Payees, Vec<LineRow>> = BTreeMap::new();
        for line in store::settlement::list_lines(tx, day)? {
            by_payee.entry(line.payee_id).or_default().push(line);
        }
        let ids: Vec<Payees> = by_payee.keys().copied().collect();
        let payees = store::payee::find_each(tx, &ids)?;
        let missing = || Error::internal("a payment to nobody");
        by_payee.into_values().zip(payees).map(|(lines, row)| Ok((row.ok_or_else(missing)?, lines))).collect()
    }

    fn settle(
        &self,
        tx: &mut WriteTx<'_>,
        ring: &Ring,
        day: BusinessDate,
        now: Timestamp,
        payee: &PayeeRow,
        rows: &[LineRow],
    ) -> Result<BatchRow, Error> {
        let rate = FeeRate::new(u16::try_from(payee.fee_basis_points).unwrap_or(u16::MAX))?;
        let lines: Vec<Line> = rows.iter().map(|row| line(row, rate)).collect::<Result<_, Error>>()?;
        let batch = Batch::of(day, Payee(payee.id), &lines)?;
        let (swept, charged) = self.move_money(tx, day, now, payee, batch.fee)?;
        let file = settlement::write(&lines);
        let name = format!("{day}-{}.csv", SettlementId::from_bytes(payee.id));
        let manifest =
            Manifest::new(batch, name.parse()?, &file, store::settlement::audit_root(tx)?).text()?;
        let (key_id, signature) = ring.sign(manifest.as_bytes());
        let mut random = [0; 10];
        random.copy_from_slice(&gm::sm3::digest_parts(&[day.to_string().as_bytes(), &payee.id])[..10]);
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Ok(BatchRow {
            business_date: i64::from(day.as_days()),
            payee_id: payee.id,
            id: *SettlementId::make(now, random).as_bytes(),
            payment_count: number(batch.payments),
            payment_fen: batch.paid.get(),
            refund_count: number(batch.refunds),
            refund_fen: batch.refunded.get(),
            fee_fen: batch.fee.get(),
            charged_fen: charged,
            swept_fen: swept,
            net_fen: batch.net()?.get(),
            file,
            manifest,
            key_id: *KeyId::as_bytes(&key_id),
            signature: signature.0,
            created_at: now.as_micros(),
        })
    }

    /// Sweeps the payee's sub-accounts and takes the fee, as far as the swept account bears it.
    fn move_money(
        &self,
        tx: &mut WriteTx<'_>,
        day: BusinessDate,
        now: Timestamp,
        payee: &PayeeRow,
        fee: Fen,
    ) -> Result<(i64, i64), Error> {
        let home = Shard::new(payee.home_shard).ok_or_else(|| Error::internal("a payee at home nowhere"))?;
        let mut accounts = Accounts::default();
        let settled = accounts.of(home, AccountKind::Settled, &payee.id);
        let fees = accounts.platform(home, AccountKind::Fee);
        let (mut swept, mut held) = (0, 0);
        let mut transfers = Vec::new();
        for owned in self.accounts.iter().filter(|owned| owned.owner == payee.id) {
            let account = &owned.account;
            if account.id == settled {
                held = account.balance().get();
                continue;
            }
            let shard = shard_of(account.id);
            let later = self.later.get(&(payee.id, i64::from(shard))).copied().unwrap_or_default();
            if let Ok(amount) = Amount::new(account.balance().get() - later) {
                let from = accounts.of(Shard::new(i64::from(shard)).unwrap_or(home), account.kind, &payee.id);
                transfers.push(plan::sweep(event(day, home, "sweep", from), from, settled, amount, now));
                swept += amount.get();
            }
        }
        let owed = self.batches.get(&payee.id).map_or(0, |sums| sums.fee - sums.charged);
        let charged = (owed + fee.get()).min(held + swept).max(0);
        if let Ok(amount) = Amount::new(charged) {
            transfers.push(plan::fee(event(day, home, "fee", settled), settled, fees, amount, now));
        }
        applied(tx, &accounts, &transfers)?;
        Ok((swept, charged))
    }
}

fn applied(tx: &mut WriteTx<'_>, accounts: &Accounts, transfers: &[Transfer]) -> Result<(), Error> {
    let outcomes = post(tx, accounts, transfers)?;
    match outcomes.into_iter().find_map(Result::err) {
        None => Ok(()),
        Some(refusal) => Err(refusal.into()),
    }
}

/// The transfer that books what a cut did with an account.
fn event(day: BusinessDate, shard: Shard, what: &str, account: AccountId) -> domain::id::TransferId {
    let bucket = u32::try_from(day.end().as_seconds().div_euclid(60)).unwrap_or_default();
    address::transfer(bucket, shard.get(), &[what.as_bytes(), day.to_string().as_bytes(), account.as_bytes()])
}

fn line(row: &LineRow, rate: FeeRate) -> Result<Line, Error> {
    let amount = Amount::new(row.amount_fen)?;
    let kind = if row.refund_no.is_some() { LineKind::Refund } else { LineKind::Payment };
    let locator = Locator {
        bucket: u32::try_from(row.payment.bucket).unwrap_or_default(),
        shard: u16::try_from(row.payment.shard).unwrap_or_default(),
        id: row.payment.id,
    };
    Ok(Line {
        kind,
        payment_no: locator.text(Locator::PAYMENT).parse()?,
        order_no: row.order_no.parse()?,
        refund_no: row.refund_no.as_deref().map(str::parse).transpose()?,
        channel_no: row.channel_no.parse()?,
        amount,
        fee: if kind == LineKind::Payment { rate.fee(amount) } else { Fen::ZERO },
        posted_at: Timestamp::from_micros(row.posted_at),
    })
}

/// Holds every payee's accounts against the books, after all batches up to the day `until` were written.
fn check(tx: &mut WriteTx<'_>, until: i64) -> Result<(), Error> {
    let mut owed: BTreeMap<Payees, i128> = BTreeMap::new();
    for (payee, sums) in store::settlement::batch_sums(tx)? {
        *owed.entry(payee).or_default() +=
            i128::from(sums.paid) - i128::from(sums.refunded) - i128::from(sums.charged);
    }
    let accounts = store::ledger::lock_payees(tx)?;
    let known: BTreeSet<(Payees, i64)> =
        accounts.iter().map(|a| (a.owner, i64::from(shard_of(a.account.id)))).collect();
    for (payee, shard, fen) in store::settlement::paid_after(tx, until)? {
        // An account opened since is not held; its payment is not in the sum either.
        if known.contains(&(payee, shard)) {
            *owed.entry(payee).or_default() += i128::from(fen);
        }
    }
    for (payee, _, fen) in store::settlement::refunded_after(tx, until)? {
        *owed.entry(payee).or_default() -= i128::from(fen);
    }
    let mut held: BTreeMap<Payees, i128> = owed.keys().map(|payee| (*payee, 0)).collect();
    for owned in &accounts {
        *held.entry(owned.owner).or_default() += i128::from(owned.account.balance().get());
    }
    let differs = held.iter().any(|(payee, held)| owed.get(payee).copied().unwrap_or_default() != *held);
    if differs { Err(Refusal::Unbalanced.into()) } else { Ok(()) }
}
