//! Duties: what a server does from time to time without being asked, and how it went last.
//!
//! Invariant: told by the process that does it, of itself: another server of the same world has its own, and a start begins
//! anew. Nothing is decided by what is told.

use domain::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A piece of periodic work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// How long after it began it begins again.
    pub period: Duration,
    /// Its last run; none before the first.
    pub last: Option<Run>,
    /// The run that took longest.
    pub slowest: Option<Run>,
    /// How many runs have ended.
    pub runs: u64,
    /// How many of them came to nothing.
    pub failed: u64,
    /// The last of those, newest first, [`REMEMBERED`] at most; what goes well leaves them standing.
    pub failures: VecDeque<Failure>,
}

/// Failures of a duty that are remembered.
pub const REMEMBERED: usize = 20;

/// One run that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// When it began, by the server's clock.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
}

/// A run that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// When it began.
    pub at: Timestamp,
    /// Why.
    pub why: String,
}

impl Duty {
    fn every(period: Duration) -> Self {
        Self { period, last: None, slowest: None, runs: 0, failed: 0, failures: VecDeque::new() }
    }

    fn ran(&mut self, run: Run, outcome: Result<(), String>) {
        self.last = Some(run);
        self.slowest = self.slowest.filter(|slowest| slowest.took >= run.took).or(Some(run));
        self.runs += 1;
        if let Err(why) = outcome {
            self.failed += 1;
            self.failures.push_front(Failure { at: run.at, why });
            self.failures.truncate(REMEMBERED);
        }
    }

    /// When it begins again: a run that took longer than the period is followed by the next at once.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        let last = self.last?;
        let wait = i64::try_from(self.period.max(last.took).as_micros()).unwrap_or(i64::MAX);
        Some(Timestamp::from_micros(last.at.as_micros().saturating_add(wait)))
    }
}

/// The duties of a process in one world, by name.
#[derive(Debug, Default)]
pub struct Duties(Mutex<BTreeMap<&'static str, Duty>>);

impl Duties {
    /// Notes that `name` is done every `period` from now on.
    pub fn take_up(&self, name: &'static str, period: Duration) {
        self.change(|known| {
            known.insert(name, Duty::every(period));
        });
    }

    /// Notes how a run went.
    pub fn ran(&self, name: &'static str, run: Run, outcome: Result<(), String>) {
        self.change(|known| {
            if let Some(duty) = known.get_mut(name) {
                duty.ran(run, outcome);
            }
        });
    }

    /// All of them, by name.
    #[must_use]
    pub fn list(&self) -> Vec<(&'static str, Duty)> {
        self.change(|known| known.iter().map(|(name, duty)| (*name, duty.clone())).collect())
    }

    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<&'static str, Duty>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_stays_when_the_next_run_goes_well() {
        let duties = Duties::default();
        duties.take_up("audit", Duration::from_secs(1));
        let at = |second: i64| Timestamp::from_seconds(second);
        let run = |second: i64| Run { at: at(second), took: Duration::from_millis(3) };
        assert_eq!(duties.list()[0].1.next_at(), None);
        duties.ran("audit", run(10), Err("the disk is full".into()));
        duties.ran("audit", run(11), Ok(()));
        duties.ran("unknown", run(11), Ok(()));
        let [(name, duty)] = &duties.list()[..] else { panic!() };
        assert_eq!((*name, duty.last), ("audit", Some(run(11))));
        assert_eq!(duty.failures, [Failure { at: at(10), why: "the disk is full".into() }]);
        assert_eq!((duty.runs, duty.failed), (2, 1));
        assert_eq!(duty.next_at(), Some(at(12)));
    }

    #[test]
    fn the_slowest_run_and_the_last_failures_are_remembered() {
        let duties = Duties::default();
        duties.take_up("audit", Duration::from_secs(1));
        let failures = i64::try_from(REMEMBERED).unwrap() + 1;
        for second in 1..=failures {
            let took = Duration::from_millis(if second == 2 { 9 } else { 3 });
            duties.ran("audit", Run { at: Timestamp::from_seconds(second), took }, Err(second.to_string()));
        }
        let [(_, duty)] = &duties.list()[..] else { panic!() };
        assert_eq!(duty.slowest.unwrap().at, Timestamp::from_seconds(2));
        assert_eq!((duty.failed, duty.failures.len()), (failures.unsigned_abs(), REMEMBERED));
        let ends = [duty.failures.front(), duty.failures.back()].map(|one| one.unwrap().why.as_str());
        assert_eq!(ends, ["21", "2"], "the first is forgotten");
    }

    #[test]
    fn a_run_longer_than_its_period_is_followed_at_once() {
        let last = Some(Run { at: Timestamp::EPOCH, took: Duration::from_secs(7) });
        let duty = Duty { last, ..Duty::every(Duration::from_secs(5)) };
        assert_eq!(duty.next_at(), Some(Timestamp::from_seconds(7)));
    }
}
