//! `ykt bench`: how fast, beside what. Every figure is a ratio of two things run in turn in the same run; medians of
//! several rounds. The load comes from one more thread of this process, so server, database and load share the cores.

mod caller;
mod copy;
mod cpu_time;
mod ledger;
mod load;
mod peer;
mod report;
mod rounds;
mod site;
mod space;

use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use crate::folder::Scratch;
use crate::output;
use clap::{Args, ValueEnum};
use peer::Peer;
use report::Report;
use rounds::Pair;
use site::{Holder, Site};
use std::path::PathBuf;
use std::process::Command;

/// Requests of a ceiling at least: fewer say little.
const CEILING: usize = 5_000;

/// How much to measure.
#[derive(Debug, Args)]
pub struct Flags {
    /// Holders whose codes are verified
    #[arg(long, default_value_t = 100_000)]
    holders: usize,
    /// Cards of the large registry; the small one has a hundredth
    #[arg(long, default_value_t = 1_000_000)]
    cards: usize,
    /// Rounds of each comparison
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Address of a PostgreSQL server on which databases may be made; without it only SQLite is measured
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Folder of the peers (npm packages installed); without it they are left out, and the report says so
    #[arg(long, value_name = "DIR")]
    peers: Option<PathBuf>,
    /// Only these parts
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
}

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Verification, beside the ceiling and beside the peer
    Verification,
    /// Claiming an e-card
    Claim,
    /// Payment
    Payment,
    /// Grouped beside one commit for each request
    Grouping,
    /// Ledger postings
    Ledger,
    /// A large registry: import, memory, space
    Scale,
}

impl Flags {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Holders whose claims or payments make a round.
    fn few(&self) -> usize {
        (self.holders / 20).max(100)
    }
}

/// Measures and prints.
///
/// # Errors
/// Whatever a part could not do; what was measured before is printed.
pub fn run(flags: &Flags, context: &Context) -> Result<(), Failure> {
    let mut report = Report::default();
    let outcome = measure(flags, &mut report);
    report.print(context.output)?;
    outcome
}

fn measure(flags: &Flags, report: &mut Report) -> Result<(), Failure> {
    let engines: Vec<Option<&str>> =
        std::iter::once(None).chain(flags.postgres.as_deref().map(Some)).collect();
    for engine in engines {
        let name = if engine.is_some() { "postgres" } else { "sqlite" };
        if [Part::Verification, Part::Claim, Part::Payment].into_iter().any(|part| flags.wants(part)) {
            output::note(&format!("{name}: the complete job"));
            job(flags, engine, name, report)?;
        }
        if flags.wants(Part::Grouping) {
            output::note(&format!("{name}: grouped beside one commit per request"));
            grouping(flags, engine, name, report)?;
        }
        if flags.wants(Part::Ledger) {
            output::note(&format!("{name}: ledger postings"));
            ledger::measure(flags.rounds, engine, name, report)?;
        }
        if flags.wants(Part::Scale) {
            output::note(&format!("{name}: the large registry beside the small one"));
            space::measure(flags.cards, flags.rounds, (engine, name), report)?;
        }
    }
    Ok(())
}

/// A fresh data folder, on a fresh database where the engine is a server.
fn scratch(engine: Option<&str>, grouped: bool) -> Result<Scratch, Failure> {
    let Some(server) = engine else { return Scratch::make_with(None, grouped) };
    let name = format!("ykt_bench_{}", data_encoding::HEXLOWER.encode(&gm::random::bytes::<6>()));
    let made = Command::new("psql").args([server, "-q", "-c", &format!("create database {name}")]).status();
    if !made.attempt("run psql")?.success() {
        return Err(Failure::failed("cannot make a database for the measurement"));
    }
    let (head, _) =
        server.rsplit_once('/').ok_or_else(|| Failure::usage("a PostgreSQL address names a database"))?;
    Scratch::make_with(Some(format!("{head}/{name}")), grouped)
}

/// Registers, claims and sets passwords for persons `from..to`; seconds of the claims.
fn enrol(site: &mut Site, from: usize, to: usize) -> Result<(Vec<Holder>, load::Round), Failure> {
    site.import(from, to)?;
    let mut holders = Vec::with_capacity(to - from);
    let mut last = load::Round::default();
    // Passwords are sealed with a time, so a slice must be sent within the five minutes that it is good for.
    let mut at = from;
    while at < to {
        let end = (at + 20_000).min(to);
        let (requests, devices) = site.claims(at, end)?;
        last = site.all(requests, 201)?;
        holders.extend(site.settle(at, &last, devices)?);
        at = end;
    }
    Ok((holders, last))
}

fn job(flags: &Flags, engine: Option<&str>, name: &str, report: &mut Report) -> Result<(), Failure> {
    let scratch = scratch(engine, true)?;
    let mut site = Site::start(&scratch.folder)?;
    let (main, lost) = if flags.wants(Part::Verification) {
        (flags.holders, flags.holders / 100 * flags.rounds)
    } else {
        (flags.few(), 0)
    };
    let (holders, _) = enrol(&mut site, 0, main + lost)?;
    if flags.wants(Part::Verification) {
        verifications(flags, &mut site, holders.split_at(main), name, report)?;
    }
    if flags.wants(Part::Claim) {
        claims(flags, &mut site, main + lost, name, report)?;
    }
    if flags.wants(Part::Payment) {
        payments(flags, &mut site, &holders, name, report)?;
    }
    site.stop()
}

fn verifications(
    flags: &Flags,
    site: &mut Site,
    (main, lost): (&[Holder], &[Holder]),
    name: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    let peer = flags.peers.as_deref().map(Peer::start).transpose()?;
    let main: Vec<&Holder> = main.iter().collect();
    let lost_each = lost.len() / flags.rounds.max(1);
    let (mut verify, mut beside, mut accepted) = (Pair::default(), Pair::default(), 0);
    for round in 0..flags.rounds {
        let from = round * lost_each;
        let lost: Vec<(usize, &Holder)> =
            (from..from + lost_each).map(|i| (main.len() + i, &lost[i])).collect();
        let (measured, ceiling, good) = site.verifications(&main, &lost, &format!("v{round}"))?;
        verify.add(&measured, &ceiling);
        accepted += good;
        if let Some(peer) = &peer {
            beside.add(&measured, &peer.round()?);
        }
    }
    let goal = if name == "postgres" { 0.4 } else { 0.5 };
    report.ratio(&format!("verification ÷ ceiling, {name}"), &verify, goal);
    report.line(&format!("verification p99 ÷ ceiling p99, {name}"), verify.p99_ratio(), "< 10");
    let counted = site.counted_uses()?;
    let equal = if counted == i64::try_from(accepted).unwrap_or(-1) { "equal" } else { "DIFFERENT" };
    report.text(
        &format!("uses counted against answers given, {name}"),
        &format!("{counted} and {accepted}: {equal}"),
    );
    if peer.is_some() {
        report.ratio(&format!("verification ÷ oidc-provider introspection, {name}"), &beside, 6.0);
    }
    Ok(())
}

fn claims(
    flags: &Flags,
    site: &mut Site,
    population: usize,
    name: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    let (count, mut claim, mut bare) = (flags.few(), Pair::default(), Pair::default());
    let mut from = population;
    for _ in 0..flags.rounds {
        site.import(from, from + 2 * count)?;
        let (requests, _) = site.claims(from, from + count)?;
        let measured = site.all(requests, 201)?;
        let ceiling = site.ceiling(count.max(CEILING))?;
        claim.add(&measured, &ceiling);
        let requests = site.bare_claims(from + count, from + 2 * count)?;
        let measured = site.all(requests, 201)?;
        let ceiling = site.ceiling(count.max(CEILING))?;
        bare.add(&measured, &ceiling);
        from += 2 * count;
    }
    report.ratio(&format!("claim ÷ ceiling, {name}"), &bare, 0.2);
    report.ratio(&format!("claim that also opens a holder session ÷ ceiling, {name}"), &claim, 0.2);
    Ok(())
}

fn payments(
    flags: &Flags,
    site: &mut Site,
    holders: &[Holder],
    name: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    let payers: Vec<&Holder> = holders.iter().take(flags.few()).collect();
    site.fund(&payers, 100)?;
    site.wait_for_funds(&payers)?;
    let (mut payment, mut grown, mut paid) = (Pair::default(), 0, 0);
    for round in 0..flags.rounds {
        let payments = site.ready_payments(&payers, &format!("p{round}"))?;
        let (before, count) = (site.bytes()?, payments.len());
        let measured = site.all(payments, 201)?;
        grown += site.bytes()? - before;
        paid += count;
        payment.add(&measured, &site.ceiling(count.max(CEILING))?);
    }
    report.ratio(&format!("payment, order to posted ÷ ceiling, {name}"), &payment, 0.2);
    report.text(&format!("bytes on disk per payment, {name}"), &format!("{:.0}", grown as f64 / paid as f64));
    Ok(())
}

/// The complete verification, grouped and with one commit per request, round by round.
fn grouping(flags: &Flags, engine: Option<&str>, name: &str, report: &mut Report) -> Result<(), Failure> {
    let count = (flags.holders / 10).max(200);
    let (many, one) = (scratch(engine, true)?, scratch(engine, false)?);
    let (mut grouped, mut single) = (Site::start(&many.folder)?, Site::start(&one.folder)?);
    let (grouped_holders, _) = enrol(&mut grouped, 0, count)?;
    let (single_holders, _) = enrol(&mut single, 0, count)?;
    let mut pair = Pair::default();
    for round in 0..flags.rounds {
        let label = format!("g{round}");
        let (a, _, _) = grouped.verifications(&grouped_holders.iter().collect::<Vec<_>>(), &[], &label)?;
        let (b, _, _) = single.verifications(&single_holders.iter().collect::<Vec<_>>(), &[], &label)?;
        pair.add(&a, &b);
    }
    report.ratio(
        &format!("grouped ÷ one commit per request, {name}"),
        &pair,
        if engine.is_some() { 2.0 } else { 6.0 },
    );
    grouped.stop()?;
    single.stop()
}
