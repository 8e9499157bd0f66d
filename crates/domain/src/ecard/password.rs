//! The holder's six-digit password: which are allowed, and how many errors.
//!
//! Invariant: six digits are few, so what protects them is the count of attempts and not the cost of the hash.
//! Hashing is not here.

use super::Refusal;
use crate::parameter::{Name, Parameters};
use crate::time::{BusinessDate, Timestamp};

/// Digits of a password.
pub const PASSWORD_DIGITS: usize = 6;

/// Whether `password` may be the password of a holder whose document number is `number`.
///
/// Refuses, in order: shape, one digit repeated, a run up or down, six digits of the document number.
pub fn check_password(password: &str, number: &str) -> Result<(), Refusal> {
    let digits = password.as_bytes();
    if digits.len() != PASSWORD_DIGITS || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::PasswordShape);
    }
    let every = |step: fn(u8, u8) -> bool| digits.windows(2).all(|pair| step(pair[0], pair[1]));
    if every(|left, right| left == right) {
        return Err(Refusal::PasswordRepeated);
    }
    if every(|left, right| left + 1 == right) || every(|left, right| left == right + 1) {
        return Err(Refusal::PasswordConsecutive);
    }
    if number.contains(password) {
        return Err(Refusal::PasswordFromNumber);
    }
    Ok(())
}

/// How many errors in what time lock the password, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptRule {
    /// Errors until the lock.
    pub max_errors: i64,
    /// The time in which they are counted.
    pub window_seconds: i64,
    /// How long the lock lasts.
    pub lock_seconds: i64,
}

impl AttemptRule {
    /// The rule in force on `day`: 6 errors in 24 hours lock for 24 hours unless it was changed.
    pub fn of(parameters: &Parameters, day: BusinessDate) -> Self {
        Self {
            max_errors: parameters.get(Name::PasswordErrors, day),
            window_seconds: parameters.get(Name::PasswordWindow, day),
            lock_seconds: parameters.get(Name::PasswordLock, day),
        }
    }
}

/// The errors that still count, and the lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    failed_at: Vec<Timestamp>,
    locked_until: Option<Timestamp>,
}

impl Attempts {
    /// The attempts as stored: times of errors divided by commas, and the lock. What is not a number is dropped.
    pub fn from_parts(failed_at: &str, locked_until: Option<Timestamp>) -> Self {
        let times = failed_at.split(',').filter_map(|time| time.parse().ok());
        Self { failed_at: times.map(Timestamp::from_micros).collect(), locked_until }
    }

    /// The times of errors as stored.
    pub fn failed_at(&self) -> String {
        let times: Vec<_> = self.failed_at.iter().map(|time| time.as_micros().to_string()).collect();
        times.join(",")
    }

    /// The first instant at which it is open again, if it was locked.
    pub const fn locked_until(&self) -> Option<Timestamp> {
        self.locked_until
    }

    /// Whether a password may be tried at `now`; at the last instant of the lock it may.
    pub fn open(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.locked_until {
            Some(until) if now < until => Err(Refusal::PasswordLocked { seconds: seconds_until(now, until) }),
            Some(_) | None => Ok(()),
        }
    }

    /// Records an error at `now` and says what to answer: wrong and how many attempts are left, or locked.
    pub fn fail(&mut self, rule: &AttemptRule, now: Timestamp) -> Refusal {
        if self.locked_until.is_some_and(|until| now >= until) {
            *self = Self::default();
        }
        self.failed_at.retain(|time| !now.is_at_least_after(*time, rule.window_seconds));
        self.failed_at.push(now);
        let errors = i64::try_from(self.failed_at.len()).unwrap_or(i64::MAX);
        if errors < rule.max_errors {
            return Refusal::PasswordWrong { left: rule.max_errors - errors };
        }
        self.failed_at.clear();
        self.locked_until = Some(now.plus_seconds(rule.lock_seconds));
        Refusal::PasswordLocked { seconds: rule.lock_seconds }
    }

    /// Forgets everything: the right password was given, or it was reset.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Seconds until then, rounded up so that nobody is told to come too early.
fn seconds_until(now: Timestamp, until: Timestamp) -> i64 {
    let micros = until.micros_since(now);
    micros.div_euclid(1_000_000) + i64::from(micros % 1_000_000 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NUMBER: &str = "11010519491231002X";
    const DAY: i64 = 86_400;

    fn rule() -> AttemptRule {
        AttemptRule::of(&Parameters::standard(), BusinessDate::from_days(20_000))
    }

    #[test]
    fn a_password_is_refused_for_its_first_fault() {
        for (password, outcome) in [
            ("135790", Ok(())),
            ("12345", Err(Refusal::PasswordShape)),
            ("1234567", Err(Refusal::PasswordShape)),
            ("12345a", Err(Refusal::PasswordShape)),
            ("１２", Err(Refusal::PasswordShape)),
            ("000000", Err(Refusal::PasswordRepeated)),
            ("999999", Err(Refusal::PasswordRepeated)),
            ("000001", Ok(())),
            ("012345", Err(Refusal::PasswordConsecutive)),
            ("456789", Err(Refusal::PasswordConsecutive)),
            ("987654", Err(Refusal::PasswordConsecutive)),
            ("543210", Err(Refusal::PasswordConsecutive)),
            ("567890", Ok(())),
            ("123457", Ok(())),
            ("110105", Err(Refusal::PasswordFromNumber)),
            ("491231", Err(Refusal::PasswordFromNumber)),
            ("231002", Err(Refusal::PasswordFromNumber)),
            ("310021", Ok(())),
        ] {
            assert_eq!(check_password(password, NUMBER), outcome, "{password}");
        }
    }

    #[test]
    fn the_sixth_error_in_a_day_locks_for_a_day() {
        let start = Timestamp::from_seconds(1_000_000);
        let mut attempts = Attempts::default();
        for error in 0..5 {
            assert_eq!(
                attempts.fail(&rule(), start.plus_seconds(error)),
                Refusal::PasswordWrong { left: 5 - error }
            );
            assert_eq!(attempts.open(start.plus_seconds(error)), Ok(()));
        }
        let locked = start.plus_seconds(5);
        assert_eq!(attempts.fail(&rule(), locked), Refusal::PasswordLocked { seconds: DAY });
        let end = locked.plus_seconds(DAY);
        let just_before = Timestamp::from_micros(end.as_micros() - 1);
        assert_eq!(attempts.open(just_before), Err(Refusal::PasswordLocked { seconds: 1 }));
        assert_eq!(attempts.open(end), Ok(()));
        assert_eq!(attempts.fail(&rule(), end), Refusal::PasswordWrong { left: 5 }, "counting starts anew");
        assert_eq!(attempts.locked_until(), None);
    }

    #[test]
    fn an_error_counts_until_it_is_a_day_old() {
        let start = Timestamp::from_seconds(1_000_000);
        let end = start.plus_seconds(DAY);
        for (sixth, locks) in [(Timestamp::from_micros(end.as_micros() - 1), true), (end, false)] {
            let mut attempts = Attempts::default();
            attempts.fail(&rule(), start);
            for _ in 0..4 {
                attempts.fail(&rule(), start.plus_seconds(60));
            }
            let answer = attempts.fail(&rule(), sixth);
            assert_eq!(matches!(answer, Refusal::PasswordLocked { .. }), locks);
        }
    }

    #[test]
    fn the_right_password_forgets_the_errors() {
        let mut attempts = Attempts::default();
        attempts.fail(&rule(), Timestamp::EPOCH);
        attempts.clear();
        assert_eq!(attempts, Attempts::default());
    }

    #[test]
    fn attempts_are_stored_as_text() {
        let mut attempts = Attempts::default();
        assert_eq!(attempts.failed_at(), "");
        assert_eq!(Attempts::from_parts("", None), attempts);
        attempts.fail(&rule(), Timestamp::from_micros(5));
        attempts.fail(&rule(), Timestamp::from_micros(7));
        assert_eq!(attempts.failed_at(), "5,7");
        assert_eq!(Attempts::from_parts("5,7", None), attempts);
    }

    proptest! {
        /// However errors are spread, no moment sees more than six tries within any 24 hours.
        #[test]
        fn no_day_has_more_than_six_tries(gaps in prop::collection::vec(0..40_000_i64, 1..60)) {
            let mut attempts = Attempts::default();
            let mut now = Timestamp::from_seconds(1_000_000);
            let mut tried: Vec<Timestamp> = Vec::new();
            for gap in gaps {
                now = now.plus_seconds(gap);
                if attempts.open(now).is_ok() {
                    attempts.fail(&rule(), now);
                    tried.push(now);
                    let recent = tried.iter().filter(|time| !now.is_at_least_after(**time, DAY)).count();
                    prop_assert!(recent <= 6);
                }
            }
        }
    }
}
