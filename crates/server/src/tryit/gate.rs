//! How fast visitors may act: a bucket that refills, for all of them together.

use std::time::Instant;

/// Actions that may come at once.
const BURST: f64 = 120.0;
/// Actions per second in the long run.
const RATE: f64 = 20.0;

/// A token bucket.
#[derive(Debug)]
pub struct Gate {
    left: f64,
    at: Instant,
}

impl Default for Gate {
    fn default() -> Self {
        Self { left: BURST, at: Instant::now() }
    }
}

impl Gate {
    /// Takes one token, if there is one at `now`.
    pub fn pass(&mut self, now: Instant) -> bool {
        let refill = now.saturating_duration_since(self.at).as_secs_f64() * RATE;
        self.left = (self.left + refill).min(BURST);
        self.at = now;
        if self.left < 1.0 {
            return false;
        }
        self.left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate() {
        let mut gate = Gate::default();
        let start = gate.at;
        assert_eq!((0..200).filter(|_| gate.pass(start)).count(), 120);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..200).filter(|_| gate.pass(later)).count(), 20);
    }
}
