//! What a play comes to: how often each clause fired, and what became of everything. It names no id and nothing random, so
//! that the same seed prints the same bytes.

use super::clauses;
use super::play::Play;
use crate::failure::Failure;
use domain::matter::{Kind, life};
use domain::refusal::{CATALOGUE, Refuse};
use server::Error;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use store::matter::{StepRow, WaitRow};

/// What was counted on the way.
#[derive(Debug, Default)]
pub struct Tally {
    /// Days that passed.
    pub days: i32,
    /// Worlds that were dropped and opened again.
    pub crashes: u64,
    /// Requests that were sent twice.
    pub repeated: u64,
    /// Requests that came out of turn or about what is no longer there.
    pub misplaced: u64,
    steps: BTreeMap<String, u64>,
    refusals: BTreeMap<String, u64>,
    clauses: BTreeMap<String, [u64; 3]>,
    phases: BTreeMap<oracle::Phase, u64>,
    rules: HashMap<(String, String), &'static str>,
}

/// Why a clause was counted.
#[derive(Debug, Clone, Copy)]
enum Fired {
    /// A step was taken by it, or something came about by it.
    Step,
    /// Something was refused by it.
    Refusal,
    /// A period of it began, or its last day passed.
    Deadline,
}

impl Tally {
    fn fired(&mut self, clause: &str, why: Fired) {
        let counts = self.clauses.entry(clause.to_owned()).or_default();
        let place = match why {
            Fired::Step => 0,
            Fired::Refusal => 1,
            Fired::Deadline => 2,
        };
        counts[place] += 1;
    }

    /// Something came about by a clause.
    pub fn came(&mut self, clause: &str) {
        self.fired(clause, Fired::Step);
    }

    /// The oracle put a clause to the test so often, and it held.
    fn held(&mut self, clause: &str, times: u64) {
        self.clauses.entry(clause.to_owned()).or_default()[0] += times;
    }

    /// A step was taken.
    pub fn step(&mut self, kind: &str, step: &StepRow) {
        *self.steps.entry(format!("{kind}.{}", step.action)).or_default() += 1;
        if self.rules.is_empty() {
            for kind in Kind::ALL {
                for shown in (life(*kind).workflow)().actions {
                    self.rules.insert((kind.to_string(), shown.action.to_owned()), shown.rule.clause);
                }
            }
        }
        let clause = self.rules.get(&(kind.to_owned(), step.action.clone())).copied();
        let registered = (step.action == "register").then_some("CH-9.1d");
        if let Some(clause) = clause.or(registered) {
            self.fired(clause, Fired::Step);
        }
    }

    /// Clauses that say whose a step is, which the oracle holds every step against.
    pub fn authority(&mut self, kind: &str, step: &StepRow) {
        match step.party.as_str() {
            "ministry" => self.came("CH-5.1"),
            "operator" => self.came("CH-5.3"),
            _ => {}
        }
        let from = step.from_state.as_deref().unwrap_or_default();
        match (kind, step.action.as_str(), from) {
            ("application", "approve", "local_review") => {
                self.came("CH-7.2");
                if step.party == "province" {
                    self.came("CH-F1.16");
                }
            }
            ("application", "refuse", "local_review") => self.came("CH-7.2"),
            ("application", "approve", "first_review") if step.party == "province" => self.came("CH-F3.6"),
            ("exit", "open", _) if step.party == "owner" => self.came("CH-11.2"),
            _ => {}
        }
    }

    /// Something was refused.
    pub fn refusal(&mut self, name: &str, error: &Error) {
        let problem = error.problem(true, "");
        let mut codes: Vec<_> = problem.errors.iter().map(|field| field.code.clone()).collect();
        if codes.is_empty() {
            codes.push(error.code().to_owned());
        }
        codes.sort();
        codes.dedup();
        for code in codes {
            *self.refusals.entry(format!("{name} {code}")).or_default() += 1;
            let entries = CATALOGUE.iter().flat_map(|(_, entries)| entries.iter());
            if let Some(clause) = entries.into_iter().find(|entry| entry.code == code).and_then(|e| e.clause)
            {
                self.fired(clause, Fired::Refusal);
            }
        }
    }

    /// A holder's request was not served.
    pub fn denied(&mut self, refusal: &domain::channel::Refusal) {
        *self.refusals.entry(format!("request {}", refusal.code())).or_default() += 1;
        if let Some(clause) = refusal.clause() {
            self.fired(clause, Fired::Refusal);
        }
    }

    /// A matter waits so from now on.
    pub fn waits(&mut self, waits: &[WaitRow]) {
        for clause in waits.iter().filter_map(|wait| wait.clause.clone()) {
            self.fired(&clause, Fired::Deadline);
        }
    }

    /// A channel entered a phase.
    pub fn phase(&mut self, phase: oracle::Phase) {
        *self.phases.entry(phase).or_default() += 1;
        match phase {
            oracle::Phase::Testing => self.came("CH-9.1e"),
            oracle::Phase::Live => self.came("CH-6.4"),
            oracle::Phase::Leaving => self.came("CH-33.2"),
            oracle::Phase::Exited => self.came("CH-33.3"),
            oracle::Phase::Terminated => self.came("CH-31.3"),
        }
    }
}

impl Play {
    /// The report as text.
    ///
    /// # Errors
    /// The world cannot be read.
    pub fn report(&mut self) -> Result<String, Failure> {
        self.digest()?;
        for (clause, times) in self.oracle.upheld() {
            self.tally.held(clause, *times);
        }
        let (tally, mut out) = (&self.tally, String::new());
        let steps: u64 = tally.steps.values().sum();
        let refusals: u64 = tally.refusals.values().sum();
        let _ = writeln!(
            out,
            "{} days, {} channels, {} matters, {steps} steps, {refusals} refusals, {} sent twice, {} out of turn, {} crashes, {} checks",
            tally.days,
            self.units.iter().filter(|unit| unit.channel.is_some()).count(),
            self.cases.len(),
            tally.repeated,
            tally.misplaced,
            tally.crashes,
            self.oracle.checks(),
        );
        let mut phases: BTreeMap<String, u64> = BTreeMap::new();
        for unit in &self.units {
            let class = format!("{:?}", unit.class);
            let phase = unit.phase.map_or("none".to_owned(), |phase| format!("{phase:?}"));
            *phases.entry(format!("{class} {phase}")).or_default() += 1;
        }
        section(&mut out, "channels by class and phase", &phases);
        section(&mut out, "matters by kind and state", &self.ends()?);
        section(&mut out, "steps", &self.tally.steps);
        section(&mut out, "refusals", &self.tally.refusals);
        let _ = writeln!(out, "\nclauses: steps, refusals, deadlines");
        for (clause, [steps, refusals, deadlines]) in &self.tally.clauses {
            let _ = writeln!(out, "  {clause:<12} {steps:>8} {refusals:>8} {deadlines:>8}");
        }
        let fired = self.tally.clauses.keys().cloned().collect();
        let silent = clauses::silent(&fired);
        let _ =
            writeln!(out, "\nof the clauses that a play can reach, silent in this one: {}", silent.join(" "));
        Ok(out)
    }

    fn ends(&self) -> Result<BTreeMap<String, u64>, Failure> {
        self.stage.read(|tx| {
            let mut found: BTreeMap<String, u64> = BTreeMap::new();
            let mut before = vec![u8::MAX; 16];
            loop {
                let rows = store::matter::list(tx, &before, 500)?;
                let Some(last) = rows.last() else { return Ok(found) };
                before = last.id.to_vec();
                for row in &rows {
                    *found.entry(format!("{} {}", row.kind, row.state)).or_default() += 1;
                }
            }
        })
    }
}

fn section(out: &mut String, title: &str, rows: &BTreeMap<String, u64>) {
    let _ = writeln!(out, "\n{title}");
    for (name, count) in rows {
        let _ = writeln!(out, "  {name:<56} {count:>8}");
    }
}
