//! What requests looked like in numbers: how they ended and how long their answers took.
//!
//! Invariant: latencies are counted in fixed classes, two to a doubling, the same on every server and day. So counts add
//! up in any order, and a percentile of a sum is one of all that was counted: never less than the true one, and at most
//! half more. No clock is here, and nothing is decided by these figures.

mod funnel;

pub use funnel::{Funnel, Gate, Passage};

/// From this many microseconds on a class of latency has a lower end.
const FIRST_MICROS: i64 = 128;
/// The last class ends above the longest request that is waited for.
const CLASSES: usize = 40;

/// A class of latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Latency(u8);

impl Latency {
    /// The class of so many microseconds; what is longer than the last class is counted there.
    #[must_use]
    pub fn of(micros: u64) -> Self {
        let micros = i64::try_from(micros).unwrap_or(i64::MAX);
        let class = (0..CLASSES).find(|class| micros <= bound(*class)).unwrap_or(CLASSES - 1);
        Self(u8::try_from(class).unwrap_or(u8::MAX))
    }

    /// The class with this number, if there is one.
    #[must_use]
    pub fn numbered(number: i64) -> Option<Self> {
        u8::try_from(number).ok().filter(|number| usize::from(*number) < CLASSES).map(Self)
    }

    /// Its number in rows.
    #[must_use]
    pub fn number(self) -> i64 {
        i64::from(self.0)
    }

    /// Its upper end, included, in microseconds.
    #[must_use]
    pub fn most_micros(self) -> i64 {
        bound(usize::from(self.0))
    }
}

/// 128, 192, 256, 384, 512, …
const fn bound(class: usize) -> i64 {
    let doubled = FIRST_MICROS << (class / 2);
    if class.is_multiple_of(2) { doubled } else { doubled / 2 * 3 }
}

/// How many answers took how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram([i64; CLASSES]);

impl Default for Histogram {
    fn default() -> Self {
        Self([0; CLASSES])
    }
}

impl Histogram {
    /// Counts so many more.
    pub fn add(&mut self, latency: Latency, by: i64) {
        let class = &mut self.0[usize::from(latency.0)];
        *class = class.saturating_add(by);
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.0.iter().fold(0, |sum, more| sum.saturating_add(*more))
    }

    /// What `percent` of 100 answers took at most, in microseconds, by the nearest rank; nothing when none was counted.
    #[must_use]
    pub fn percentile(&self, percent: u8) -> Option<i64> {
        let rank = (i128::from(self.count()) * i128::from(percent) + 99) / 100;
        let mut seen = 0;
        let reached = self.0.iter().position(|more| {
            seen += i128::from(*more);
            seen > 0 && seen >= rank
        });
        reached.map(bound)
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As was asked.
    Answered,
    /// The platform said no, and why.
    Refused,
    /// The platform could not, or not in time, or nobody waited for it.
    Failed,
}

/// What stands for the status of a request that nobody waited to be answered any more: its caller hung up, or it was cut
/// off after its time. None of HTTP's, and never sent.
pub const UNANSWERED: u16 = 499;
/// The status of what came above the rate.
const TOO_MANY: u16 = 429;

impl Ending {
    /// What a status says.
    #[must_use]
    pub const fn of(status: u16) -> Self {
        match status {
            0..=399 => Self::Answered,
            UNANSWERED | 500.. => Self::Failed,
            400..=499 => Self::Refused,
        }
    }
}

/// Requests together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// As was asked.
    pub answered: i64,
    /// Refused with a reason.
    pub refused: i64,
    /// Failed.
    pub failed: i64,
    /// How long those took that were worked on and came to an answer: not those that nobody waited for, nor those above the rate.
    pub latency: Histogram,
}

impl Figures {
    /// Counts so many more that ended with `status`.
    pub fn add(&mut self, status: u16, latency: Latency, by: i64) {
        let ended = match Ending::of(status) {
            Ending::Answered => &mut self.answered,
            Ending::Refused => &mut self.refused,
            Ending::Failed => &mut self.failed,
        };
        *ended = ended.saturating_add(by);
        if !matches!(status, UNANSWERED | TOO_MANY) {
            self.latency.add(latency, by);
        }
    }

    /// All of them.
    #[must_use]
    pub fn calls(&self) -> i64 {
        self.answered.saturating_add(self.refused).saturating_add(self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_classes_make_a_doubling_and_each_has_its_upper_end_in_it() {
        let ends: Vec<_> = (0..6).map(bound).collect();
        assert_eq!(ends, [128, 192, 256, 384, 512, 768]);
        for (micros, most) in [(0, 128), (128, 128), (129, 192), (192, 192), (193, 256), (1_000, 1_024)] {
            assert_eq!(Latency::of(micros).most_micros(), most, "{micros}");
        }
        assert!(Latency::of(60_000_000).most_micros() > 60_000_000, "a request ends after a minute");
        assert_eq!(Latency::of(u64::MAX), Latency::of(100_000_000));
        assert_eq!(Latency::numbered(Latency::of(193).number()), Some(Latency::of(193)));
        assert_eq!((Latency::numbered(-1), Latency::numbered(40)), (None, None));
    }

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let mut counted = Histogram::default();
        assert_eq!(counted.percentile(50), None);
        counted.add(Latency::of(100), 19);
        counted.add(Latency::of(1_000), 1);
        assert_eq!((counted.percentile(50), counted.percentile(95)), (Some(128), Some(128)));
        counted.add(Latency::of(1_000), 1);
        assert_eq!((counted.percentile(95), counted.percentile(100)), (Some(1_024), Some(1_024)));
        assert_eq!(counted.percentile(0), Some(128), "the least that was counted");
    }

    #[test]
    fn a_refusal_is_no_failure_and_no_answer_is_one() {
        for (status, ending) in [
            (200, Ending::Answered),
            (204, Ending::Answered),
            (399, Ending::Answered),
            (400, Ending::Refused),
            (401, Ending::Refused),
            (429, Ending::Refused),
            (UNANSWERED, Ending::Failed),
            (500, Ending::Failed),
            (503, Ending::Failed),
        ] {
            assert_eq!(Ending::of(status), ending, "{status}");
        }
    }

    fn counted(all: &[u64]) -> Histogram {
        let mut counted = Histogram::default();
        all.iter().for_each(|micros| counted.add(Latency::of(*micros), 1));
        counted
    }

    proptest! {
        #[test]
        fn a_percentile_is_never_less_than_the_true_one_and_at_most_half_more(
            mut all in prop::collection::vec(0_u64..90_000_000, 1..300), percent in 1_u8..=100
        ) {
            let told = counted(&all).percentile(percent).unwrap();
            all.sort_unstable();
            let truth = i64::try_from(all[(all.len() * usize::from(percent)).div_ceil(100) - 1]).unwrap();
            prop_assert!(told >= truth);
            prop_assert!(told <= FIRST_MICROS || told * 2 <= truth * 3, "{told} {truth}");
        }
    }
}
