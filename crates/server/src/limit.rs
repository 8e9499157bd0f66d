//! How fast each caller may go on: requests per minute of one channel, terminal or member of staff, off unless it is
//! set.
//!
//! A minute's worth may come at once, then one request per its part of a minute. Counted is who has proven to be
//! somebody, so nobody uses up the share of another by claiming to be them; what proves nothing is the business of the
//! proxy in front. Each server counts for itself: the counts are no promise across several.

use domain::time::Timestamp;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

/// What may come at once, in microseconds of its rate.
const BURST_MICROS: i64 = 60_000_000;
/// Callers remembered before those that have rested are forgotten.
const REMEMBERED: usize = 65_536;

/// The rate of every caller, and how far each is ahead of it.
#[derive(Debug)]
pub struct Limits {
    interval_micros: i64,
    /// When each caller would have been back at nothing, had it kept to its rate.
    due: Mutex<HashMap<[u8; 16], i64>>,
}

impl Limits {
    /// So many requests per minute for each.
    #[must_use]
    pub fn new(per_minute: NonZeroU32) -> Self {
        let interval_micros = BURST_MICROS / i64::from(per_minute.get());
        Self { interval_micros: interval_micros.max(1), due: Mutex::default() }
    }

    /// Counts a request of `who` at `now`, real time.
    ///
    /// # Errors
    /// How many seconds later the next one passes; the refused one is not counted.
    pub fn pass(&self, who: &[u8; 16], now: Timestamp) -> Result<(), u32> {
        let now = now.as_micros();
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if due.len() >= REMEMBERED {
            due.retain(|_, at| *at > now);
        }
        let entry = due.entry(*who).or_insert(now);
        let next = (*entry).max(now) + self.interval_micros;
        let excess = next - now - BURST_MICROS;
        if excess > 0 {
            let seconds = excess.saturating_add(999_999) / 1_000_000;
            return Err(u32::try_from(seconds).unwrap_or(u32::MAX));
        }
        *entry = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_passes_at_once_and_then_the_rate() {
        let limits = Limits::new(NonZeroU32::new(5).unwrap());
        let at = Timestamp::from_seconds;
        let (one, other) = ([1; 16], [2; 16]);
        for _ in 0..5 {
            assert_eq!(limits.pass(&one, at(100)), Ok(()));
        }
        assert_eq!(limits.pass(&one, at(100)), Err(12));
        assert_eq!(limits.pass(&other, at(100)), Ok(()), "each has its own");
        assert_eq!(limits.pass(&one, at(111)), Err(1));
        assert_eq!(limits.pass(&one, at(112)), Ok(()), "one twelfth of a minute later");
        assert_eq!(limits.pass(&one, at(112)), Err(12));
        let rested = (0..10).filter(|_| limits.pass(&one, at(1_000)).is_ok()).count();
        assert_eq!(rested, 5, "rest is saved for a minute at most");
    }

    #[test]
    fn a_high_rate_is_exact_too() {
        let limits = Limits::new(NonZeroU32::new(60_000).unwrap());
        let passed =
            (0..100_000).filter(|_| limits.pass(&[1; 16], Timestamp::from_seconds(1)).is_ok()).count();
        assert_eq!(passed, 60_000);
    }
}
