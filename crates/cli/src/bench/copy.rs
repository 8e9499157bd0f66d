//! The bare load on PostgreSQL: `copy` of the registry's rows, in the order of their keys, into an empty database.

use super::scratch;
use crate::failure::{Attempt, Failure};
use crate::folder::Scratch;
use server::WorldName;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use store::Db;

/// The registry's tables and the order of their keys.
const TABLES: [(&str, &str); 3] =
    [("person", "shard, id"), ("card", "shard, id"), ("card_number", "division, number")];

/// Cards per second, the median of the rounds.
///
/// # Errors
/// `psql` fails.
pub fn measure(source: &Scratch, rounds: usize) -> Result<f64, Failure> {
    let folder = tempfile::tempdir().attempt("make a temporary folder")?;
    let from = address(source);
    for (table, key) in TABLES {
        let file = file(folder.path(), table);
        psql(
            &from,
            &format!("\\copy (select * from {table} order by {key}) to '{file}' with (format binary)"),
        )?;
    }
    let cards = psql(&from, "select count(*) from card")?;
    let cards: f64 = cards.trim().parse().attempt("count the cards")?;
    let mut rates = Vec::new();
    for _ in 0..rounds.max(1) {
        let empty = scratch(Some(&from), true)?;
        let database = empty.folder.database(WorldName::Sandbox);
        drop(Db::open(&database)?);
        let to = address(&empty);
        let started = Instant::now();
        for (table, _) in TABLES {
            psql(&to, &format!("\\copy {table} from '{}' with (format binary)", file(folder.path(), table)))?;
        }
        rates.push(cards / started.elapsed().as_secs_f64());
    }
    Ok(super::rounds::median(rates))
}

fn file(folder: &Path, table: &str) -> String {
    folder.join(table).display().to_string()
}

fn address(scratch: &Scratch) -> String {
    scratch.folder.database(WorldName::Sandbox).url
}

/// Runs one command in the schema of the measured world; what it printed.
fn psql(address: &str, command: &str) -> Result<String, Failure> {
    let path = format!("-csearch_path={}", WorldName::Sandbox.as_str());
    let arguments = ["-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", command];
    let output = Command::new("psql").arg(address).args(arguments).env("PGOPTIONS", path).output();
    let output = output.attempt("run psql")?;
    if !output.status.success() {
        return Err(Failure::failed(format!("psql: {}", String::from_utf8_lossy(&output.stderr))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
