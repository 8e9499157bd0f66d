//! The numbers that the ministry may change, each with the day from which it holds (CH-37.1).

use crate::{Day, Oracle};
use std::collections::BTreeMap;

/// A number of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// Issuances of three months that are enough (CH-23.1a).
    MinIssuance,
    /// Active users of a month that are enough, of ten thousand issuances (CH-23.1c).
    MauRatio,
    /// Months between the filing of an exit and its planned day (CH-32.2).
    ExitNotice,
    /// Days for which an exit is announced (CH-34.3).
    ExitAnnouncement,
}

/// What was changed, and from which day on it holds.
#[derive(Debug, Default)]
pub(crate) struct Numbers(BTreeMap<Number, Vec<(Day, u64)>>);

impl Oracle {
    /// The ministry changed a number from a day on.
    pub fn changed(&mut self, number: Number, value: u64, from: Day) {
        let (today, earlier) = (self.today, self.numbers.0.entry(number).or_default());
        let last = earlier.last().map_or(today, |(day, _)| *day);
        earlier.push((from, value));
        self.check(from > today && from >= last, || {
            format!("CH-37.1: {number:?} was changed from {from} on, after {last}")
        });
    }

    /// A number as it is today.
    pub(crate) fn number(&self, number: Number) -> u64 {
        self.number_on(number, self.today)
    }

    /// A number as it was on a day.
    pub(crate) fn number_on(&self, number: Number, on: Day) -> u64 {
        let delivered = match number {
            Number::MinIssuance => 100,
            Number::MauRatio => 300,
            Number::ExitNotice => 2,
            Number::ExitAnnouncement => 15,
        };
        let changed = self.numbers.0.get(&number).map_or(&[][..], Vec::as_slice);
        changed.iter().rfind(|(day, _)| *day <= on).map_or(delivered, |(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_holds_from_its_day_on() {
        let mut oracle = Oracle::new();
        oracle.begin(Day(10));
        oracle.changed(Number::MinIssuance, 80, Day(12));
        assert_eq!(oracle.number(Number::MinIssuance), 100);
        oracle.begin(Day(12));
        assert_eq!(oracle.number(Number::MinIssuance), 80);
        assert_eq!(oracle.number_on(Number::MinIssuance, Day(11)), 100);
        oracle.changed(Number::MinIssuance, 60, Day(12));
        assert_eq!(oracle.found().len(), 1, "not from today on");
    }
}
