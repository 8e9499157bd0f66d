//! A large registry beside a small one: speed of import and verification, memory, start-up, bytes on disk.

use super::cpu_time::CpuTime;
use super::report::Report;
use super::rounds::{Pair, median};
use super::site::{Holder, Site};
use super::{enrol, scratch};
use crate::failure::{Attempt, Failure};
use crate::folder::Scratch;
use server::WorldName;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::Db;
use store::registry::{self, Registry};

/// Holders whose codes are verified in each registry.
const HOLDERS: usize = 10_000;
/// Rows of one transaction of the bare load.
const CHUNK: usize = 5_000;

/// Measures with `cards` cards and with a hundredth of them.
///
/// # Errors
/// The first step that fails.
pub fn measure(
    cards: usize,
    rounds: usize,
    (engine, name): (Option<&str>, &str),
    report: &mut Report,
) -> Result<(), Failure> {
    let holders = HOLDERS.min(cards / 100);
    let (few, many) = (scratch(engine, true)?, scratch(engine, true)?);
    let (mut small, mut large) = (Site::start(&few.folder)?, Site::start(&many.folder)?);
    let (small_holders, _) = enrol(&mut small, 0, holders)?;
    let (large_holders, _) = enrol(&mut large, 0, holders)?;
    let before = large.bytes()?;
    let used = CpuTime::now();
    let seconds = large.import(holders, cards)?;
    let used = CpuTime::now() - used;
    let imported = cards - holders;
    let each = |bytes: i64, count: usize| format!("{:.0}", bytes as f64 / count.max(1) as f64);
    report.text(&format!("bytes on disk per card, {name}"), &each(large.bytes()? - before, imported));
    let (pair, grown) = verify_both((&mut large, &large_holders), (&mut small, &small_holders), rounds)?;
    report.ratio(&format!("verification with {cards} cards ÷ with {holders}, {name}"), &pair, 0.8);
    report.text(&format!("bytes on disk per verification, {name}"), &each(grown.0, grown.1));
    small.stop()?;
    large.stop()?;
    let bare = match engine {
        None => bare_load(&many, rounds.min(3))?,
        Some(_) => super::copy::measure(&many, rounds.min(3))?,
    };
    let rate = imported as f64 / seconds;
    report.line(&format!("import ÷ bare load of the same rows, {name}"), rate / bare, "≥ 0.3");
    report.text(
        &format!("cards imported per second, and loaded bare, {name}"),
        &format!("{rate:.0} and {bare:.0}; µs of processor {}", used.told_each(imported)),
    );
    if engine.is_none() { idle(many, cards, report) } else { Ok(()) }
}

/// Verifications in both registries in turn, one before the other by turns; and by how many bytes how many verifications
/// let the large one grow. The first round of each is not counted: an import leaves the disk busy and the caches full
/// of what nobody asks for.
fn verify_both(
    (large, of_large): (&mut Site, &[Holder]),
    (small, of_small): (&mut Site, &[Holder]),
    rounds: usize,
) -> Result<(Pair, (i64, usize)), Failure> {
    let (of_large, of_small): (Vec<_>, Vec<_>) = (of_large.iter().collect(), of_small.iter().collect());
    let (mut pair, mut grown) = (Pair::default(), (0, 0));
    for round in 0..=rounds {
        let label = format!("s{round}");
        let early = if round % 2 == 0 { Some(small.verifications(&of_small, &[], &label)?.0) } else { None };
        let before = large.bytes()?;
        let (measured, _, _) = large.verifications(&of_large, &[], &label)?;
        let after = large.bytes()?;
        let beside = match early {
            Some(beside) => beside,
            None => small.verifications(&of_small, &[], &label)?.0,
        };
        if round > 0 {
            grown = (grown.0 + after - before, grown.1 + measured.answered);
            pair.add(&measured, &beside);
        }
    }
    Ok((pair, grown))
}

/// Cards per second when the registry's final rows are loaded into an empty database, in key order.
fn bare_load(scratch: &Scratch, rounds: usize) -> Result<f64, Failure> {
    let source = Db::open(&scratch.folder.database(WorldName::Sandbox))?;
    let registry: Registry = source.read_blocking(|tx| registry::read(tx).map_err(Failure::from))?;
    let registry = std::sync::Arc::new(registry);
    let mut rates = Vec::new();
    for _ in 0..rounds.max(1) {
        let empty = super::scratch(None, true)?;
        let target = Db::open(&empty.folder.database(WorldName::Sandbox))?;
        let started = Instant::now();
        load(&target, &registry, registry.persons.len(), |r| &r.persons, registry::load_persons)?;
        load(&target, &registry, registry.cards.len(), |r| &r.cards, registry::load_cards)?;
        load(&target, &registry, registry.numbers.len(), |r| &r.numbers, registry::load_numbers)?;
        rates.push(registry.cards.len() as f64 / started.elapsed().as_secs_f64());
    }
    Ok(median(rates))
}

type Load = fn(&mut store::WriteTx<'_>, &[store::Row]) -> Result<(), store::StoreError>;

fn load(
    db: &Db,
    registry: &std::sync::Arc<Registry>,
    rows: usize,
    table: fn(&Registry) -> &Vec<store::Row>,
    insert: Load,
) -> Result<(), Failure> {
    for from in (0..rows).step_by(CHUNK) {
        let registry = registry.clone();
        let to = (from + CHUNK).min(rows);
        db.write_blocking(move |tx| insert(tx, &table(&registry)[from..to]).map_err(Failure::from))?;
    }
    Ok(())
}

/// Ends the server with its value.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // A server that has already gone needs no ending.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the real program on the large registry: time until it is ready, memory while nobody calls.
fn idle(scratch: Scratch, cards: usize, report: &mut Report) -> Result<(), Failure> {
    let root = scratch.unlock();
    let program = std::env::current_exe().attempt("find this program")?;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").attempt("find a free port")?;
    let addr = listener.local_addr().attempt("find a free port")?;
    drop(listener);
    let started = Instant::now();
    let child = Command::new(program)
        .args(["serve", "--listen", &addr.to_string(), "--data"])
        .arg(root.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .attempt("start a server")?;
    let served = Served(child);
    while !is_ready(addr) {
        if started.elapsed() > Duration::from_secs(30) {
            return Err(Failure::failed("the server was not ready within 30 s"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let ready = started.elapsed().as_secs_f64();
    std::thread::sleep(Duration::from_secs(5));
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", served.0.id())).attempt("read its memory")?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: f64 = resident.and_then(|text| text.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN);
    report.line(&format!("seconds until ready, {cards} cards"), ready, "< 1");
    report.line(&format!("MB resident while idle, {cards} cards"), kib / 1024.0, "< 60");
    Ok(())
}

fn is_ready(addr: std::net::SocketAddr) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(addr) else { return false };
    let asked = stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let mut answer = [0; 12];
    asked.is_ok() && stream.read_exact(&mut answer).is_ok() && answer.ends_with(b"200")
}
