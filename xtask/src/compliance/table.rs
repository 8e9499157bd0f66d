//! The tables that people keep: the clauses and readings of `domain`, what is out of scope, and the gaps allowed.

use crate::failure::{Attempt, Failure};
use crate::workspace;
use std::collections::BTreeSet;
use std::fs;

/// The clauses: id, kind, Chinese, English.
const CLAUSES: &str = "crates/domain/src/clause/clauses.tsv";
/// The readings: id, clauses, question, Chinese, English.
const READINGS: &str = "crates/domain/src/clause/readings.tsv";
/// What is out of scope so far: clause or group, status, Chinese reason.
const SCOPE: &str = "docs/compliance/scope.tsv";
/// The enforceable channel clauses without a test, one a line. The list may only shrink.
pub const GAPS: &str = "docs/compliance/unproven.txt";

/// A row of the clauses.
#[derive(Debug, Clone)]
pub struct Clause {
    pub id: String,
    pub kind: String,
    pub zh: String,
    pub en: String,
}

/// A row of the readings.
#[derive(Debug, Clone)]
pub struct Reading {
    pub id: String,
    pub clauses: String,
    pub zh: String,
    pub en: String,
}

/// Why nothing is enforced for a clause, or for all clauses of a group such as `CM-27`.
#[derive(Debug, Clone)]
pub struct Exemption {
    pub id: String,
    pub status: String,
    pub reason: String,
}

/// Everything that people keep.
#[derive(Debug, Default)]
pub struct Tables {
    pub clauses: Vec<Clause>,
    pub readings: Vec<Reading>,
    pub exemptions: Vec<Exemption>,
    pub gaps: BTreeSet<String>,
}

impl Clause {
    /// Whether a program can hold it and it is about channels: such a clause must have a test.
    pub fn must_be_proven(&self) -> bool {
        self.id.starts_with("CH-") && "GSTACN".contains(self.kind.as_str())
    }

    /// Whether it is `id` or belongs to the group `id`: `CH-23.1b` to `CH-23.1` and `CH-23`, not to `CH-2`.
    pub fn belongs_to(&self, id: &str) -> bool {
        self.id.strip_prefix(id).is_some_and(|rest| {
            let letter = |first: char| first.is_ascii_lowercase();
            rest.is_empty() || rest.starts_with('.') || rest.starts_with(letter)
        })
    }
}

impl Tables {
    /// Reads all of them.
    pub fn read() -> Result<Self, Failure> {
        Ok(Self {
            clauses: rows(CLAUSES, |[id, kind, zh, en]| Clause { id, kind, zh, en })?,
            readings: rows(READINGS, |[id, clauses, _, zh, en]| Reading { id, clauses, zh, en })?,
            exemptions: rows(SCOPE, |[id, status, reason]| Exemption { id, status, reason })?,
            gaps: text(GAPS)?.lines().map(str::to_owned).collect(),
        })
    }

    /// Whether `id` is a clause or a reading.
    pub fn knows(&self, id: &str) -> bool {
        self.clauses.iter().any(|clause| clause.id == id) || self.readings.iter().any(|one| one.id == id)
    }

    /// Whether `id` is the beginning of several clauses: an article or a part of one.
    pub fn knows_group(&self, id: &str) -> bool {
        self.clauses.iter().any(|clause| clause.belongs_to(id))
    }

    /// The exemption of a clause: its own before one of its group.
    pub fn exemption(&self, clause: &Clause) -> Option<&Exemption> {
        let fitting = self.exemptions.iter().filter(|one| clause.belongs_to(&one.id));
        fitting.max_by_key(|one| one.id.len())
    }
}

fn text(file: &str) -> Result<String, Failure> {
    fs::read_to_string(workspace::root().join(file)).attempt(format_args!("read {file}"))
}

/// The rows of a file of tab-separated text below its heading.
fn rows<T, const N: usize>(file: &str, make: impl Fn([String; N]) -> T) -> Result<Vec<T>, Failure> {
    let text = text(file)?;
    let cells = text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    cells
        .map(|cells| {
            let row = <[String; N]>::try_from(cells);
            row.map(&make)
                .map_err(|cells| Failure::task(format!("{file}: {N} columns expected in {cells:?}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_belongs_to_its_article_and_not_to_a_longer_number() {
        let clause =
            |id: &str| Clause { id: id.into(), kind: "T".into(), zh: String::new(), en: String::new() };
        for (id, group, belongs) in [
            ("CH-23.1b", "CH-23.1b", true),
            ("CH-23.1b", "CH-23.1", true),
            ("CH-23.1b", "CH-23", true),
            ("CH-23.1b", "CH-2", false),
            ("CH-31.1.1", "CH-31.1", true),
            ("CH-F2.10", "CH-F2.1", false),
        ] {
            assert_eq!(clause(id).belongs_to(group), belongs, "{id} {group}");
        }
        assert!(clause("CH-23.1b").must_be_proven() && !clause("ND-3.1").must_be_proven());
    }
}
