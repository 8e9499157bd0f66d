//! Time as a value: real time for signatures, sessions and codes; business time, which may be moved, for rules.
//!
//! The one place that asks the operating system for the time.

pub mod http;
pub mod service;

use domain::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock whose business time runs at a settable distance from real time, or stands until it is moved.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// The distance, or where it stands.
    offset_micros: Arc<AtomicI64>,
    /// Real time of one that stands.
    played_micros: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// A clock whose business time is real time.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until it is moved, so that what happens by it does not depend on how fast the machine
    /// is: for a world whose years are played. Real time passes by a millisecond with every look at it, so that ids lie in
    /// the order in which they were made.
    #[must_use]
    pub fn standing(at: Timestamp) -> Self {
        let begin = || Arc::new(AtomicI64::new(at.as_micros()));
        Self { offset_micros: begin(), played_micros: Some(begin()) }
    }

    /// Real time: signatures, sessions, code lifetimes.
    #[must_use]
    pub fn real_now(&self) -> Timestamp {
        let played = self.played_micros.as_ref().map(|played| played.fetch_add(1000, Ordering::Relaxed));
        Timestamp::from_micros(played.unwrap_or_else(micros))
    }

    /// Business time: every rule with a date or a period.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let begin = if self.played_micros.is_some() { 0 } else { micros() };
        Timestamp::from_micros(begin.saturating_add(self.offset_micros.load(Ordering::Relaxed)))
    }

    /// Moves business time forward (or back) by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.offset_micros.fetch_add(seconds.saturating_mul(1_000_000), Ordering::Relaxed);
    }

    /// Takes up where a world stood: a clock that nobody has moved goes to `offset_micros`, which may lie behind real
    /// time; another only goes forward.
    pub fn resume(&self, offset_micros: i64) {
        if self
            .offset_micros
            .compare_exchange(0, offset_micros, Ordering::Relaxed, Ordering::Relaxed)
            .is_err()
        {
            self.catch_up(offset_micros);
        }
    }

    /// Goes forward until business time is `offset_micros` ahead of real time; never back. One that stands stays.
    pub fn catch_up(&self, offset_micros: i64) {
        if self.played_micros.is_none() {
            self.offset_micros.fetch_max(offset_micros, Ordering::Relaxed);
        }
    }
}

/// Real time in microseconds since 1970.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place that asks for the time")]
pub fn micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_it_is_moved_and_its_real_time_with_every_look() {
        let clock = Clock::standing(Timestamp::from_seconds(1_000_000));
        clock.catch_up(i64::MAX);
        assert_eq!((clock.now(), clock.now()), (Timestamp::from_seconds(1_000_000), clock.clone().now()));
        let (first, second) = (clock.real_now(), clock.clone().real_now());
        assert_eq!(second.micros_since(first), 1000);
        clock.advance(60);
        assert_eq!(clock.now(), Timestamp::from_seconds(1_000_060));
    }
}
