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
    stands: bool,
}

impl Clock {
    /// A clock whose business time is real time.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until it is moved, so that what happens by it does not depend on how fast the machine
    /// is: for a world whose years are played.
    #[must_use]
    pub fn standing(at: Timestamp) -> Self {
        Self { offset_micros: Arc::new(AtomicI64::new(at.as_micros())), stands: true }
    }

    /// Real time: signatures, sessions, code lifetimes.
    #[must_use]
    pub fn real_now(&self) -> Timestamp {
        Timestamp::from_micros(micros())
    }

    /// Business time: every rule with a date or a period.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let begin = if self.stands { 0 } else { micros() };
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
        if !self.stands {
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
