//! Ledger postings in process, beside pgbench's TPC-B on the same server: both move an amount between two balances
//! durably; pgbench does so one transaction each, the ledger in the batches that arrive together.

use super::report::Report;
use super::rounds::Pair;
use super::scratch;
use crate::failure::{Attempt, Failure};
use domain::id::TransferId;
use domain::identity::Shard;
use domain::ledger::{AccountKind, Purpose, plan};
use domain::money::Amount;
use domain::time::Timestamp;
use server::WorldName;
use server::ledger::{Accounts, Posting, Postings};
use std::process::Command;
use std::time::Instant;
use store::Db;

/// Postings of one round.
const POSTINGS: usize = 60_000;
/// Postings that wait at once.
const WAITING: usize = 4096;
/// Holders and payees that money moves between.
const PARTIES: usize = 20_000;

/// Measures postings; the comparison needs a `PostgreSQL` server.
///
/// # Errors
/// A posting is refused, or pgbench cannot be run.
pub fn measure(rounds: usize, engine: Option<&str>, name: &str, report: &mut Report) -> Result<(), Failure> {
    let scratch = scratch(engine, true)?;
    let db = Db::open(&scratch.folder.database(WorldName::Sandbox))?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().attempt("start a runtime")?;
    runtime.block_on(post(&db, fund()))?;
    if let Some(server) = engine {
        pgbench(server, &["-i", "-q", "-s", "20"])?;
    }
    let mut pair = Pair::default();
    let mut alone = Vec::new();
    for round in 0..rounds {
        let started = Instant::now();
        runtime.block_on(post(&db, payments(round)))?;
        let rate = POSTINGS as f64 / started.elapsed().as_secs_f64();
        alone.push(rate);
        if let Some(server) = engine {
            pair.rates.push(rate);
            pair.ceilings.push(tpc_b(server)?);
        }
    }
    if engine.is_some() {
        report.ratio(&format!("ledger postings ÷ pgbench TPC-B, {name}"), &pair, 10.0);
    } else {
        report.text(
            &format!("ledger postings per second, {name}"),
            &format!("{:.0}", super::rounds::median(alone)),
        );
    }
    Ok(())
}

fn shard_of(party: usize) -> Shard {
    Shard::new(i64::try_from(party % usize::from(Shard::COUNT)).unwrap_or(0)).unwrap_or(Shard::of(&[0; 32]))
}

fn party(kind: u8, number: usize) -> [u8; 16] {
    let mut id = [kind; 16];
    id[8..].copy_from_slice(&(number as u64).to_be_bytes());
    id
}

fn now() -> Timestamp {
    Timestamp::from_micros(server::clock::micros())
}

fn posting(
    number: usize,
    from: AccountKind,
    to: AccountKind,
    fen: i64,
    code: Purpose,
) -> Result<(Shard, Posting), Failure> {
    let shard = shard_of(number);
    let mut accounts = Accounts::default();
    let account = |accounts: &mut Accounts, kind| match kind {
        AccountKind::BankClearing => accounts.platform(shard, kind),
        AccountKind::Prepaid => accounts.of(shard, kind, &party(1, number)),
        _ => accounts.of(shard, kind, &party(2, number % 50)),
    };
    let (debit, credit) = (account(&mut accounts, from), account(&mut accounts, to));
    let amount = Amount::new(fen).attempt("make an amount")?;
    let id = TransferId::make(now(), gm::random::bytes());
    Ok((shard, Posting { accounts, transfers: vec![plan::posted(id, [debit, credit], amount, code, now())] }))
}

fn fund() -> Vec<Result<(Shard, Posting), Failure>> {
    let top_up = |n| posting(n, AccountKind::BankClearing, AccountKind::Prepaid, 1_000_000, Purpose::TopUp);
    (0..PARTIES).map(top_up).collect()
}

fn payments(round: usize) -> Vec<Result<(Shard, Posting), Failure>> {
    let pay = |n: usize| {
        let payer = n.wrapping_mul(7919).wrapping_add(round * 31) % PARTIES;
        posting(payer, AccountKind::Prepaid, AccountKind::Payee, 1, Purpose::Payment)
    };
    (0..POSTINGS).map(pay).collect()
}

/// Posts everything, with at most [`WAITING`] postings on their way.
async fn post(db: &Db, postings: Vec<Result<(Shard, Posting), Failure>>) -> Result<(), Failure> {
    let permits = std::sync::Arc::new(tokio::sync::Semaphore::new(WAITING));
    let mut tasks = Vec::with_capacity(postings.len());
    for posting in postings {
        let (shard, posting) = posting?;
        let permit = permits.clone().acquire_owned().await.attempt("wait for a place")?;
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            let outcome = db.submit::<Postings>(shard.get(), posting).await;
            drop(permit);
            outcome
        }));
    }
    for task in tasks {
        let outcomes = task.await.attempt("post")??;
        if let Some(refusal) = outcomes.iter().find_map(|outcome| outcome.as_ref().err()) {
            return Err(Failure::failed(format!("a posting was refused: {refusal}")));
        }
    }
    Ok(())
}

fn pgbench(server: &str, arguments: &[&str]) -> Result<String, Failure> {
    let output = Command::new("pgbench").args(arguments).arg(server).output().attempt("run pgbench")?;
    if !output.status.success() {
        return Err(Failure::failed(format!("pgbench: {}", String::from_utf8_lossy(&output.stderr))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Transactions per second of pgbench's TPC-B with eight clients.
fn tpc_b(server: &str) -> Result<f64, Failure> {
    let told = pgbench(server, &["-n", "-c", "8", "-j", "2", "-T", "5", "-M", "prepared"])?;
    let line = told.lines().find(|line| line.starts_with("tps = "));
    let rate = line.and_then(|line| line.split_whitespace().nth(2)).and_then(|rate| rate.parse().ok());
    rate.ok_or_else(|| Failure::failed("pgbench told no rate"))
}
