//! Working days and the last day of a period (reading R0; Civil Code 200–204).
//!
//! A period starts the day after its event; a period of months ends on the same day number, or on the month's last
//! day. If the last day of a *filing by a party* is not a working day, the period runs to the next working day;
//! the last day of a safety action or of a term never moves. Working days are a table that the State Council
//! publishes a year ahead. Invariant: past the table's end nothing is guessed: the last day is the natural one and
//! marked provisional, to be found anew when the table has grown.

use crate::name::names;
use crate::time::BusinessDate;
use std::collections::BTreeMap;

names! {
    /// What a period limits, which decides whether its last day moves off a holiday.
    Duty {
        /// Something that a party files, answers or submits.
        Filing = "filing",
        /// Something that protects holders.
        Safety = "safety",
        /// A time during which a state lasts.
        Term = "term",
    }
}

/// A length of time in natural days or months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Natural days.
    Days(i64),
    /// Natural months.
    Months(i64),
}

/// The last day of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day on which the duty is met in time.
    pub on: BusinessDate,
    /// Whether the table of working days ended before it, so that the day may still move.
    pub is_provisional: bool,
}

/// The published working days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    exceptions: BTreeMap<BusinessDate, Day>,
    from: BusinessDate,
    until: BusinessDate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    Holiday,
    Working,
}

/// The years that the built-in table covers.
const YEARS: (i32, i32) = (2025, 2026);

/// Statutory holidays on weekdays or weekends, first and last day of each: 国办发明电〔2024〕12号 and its successor.
const HOLIDAYS: [(&str, &str); 13] = [
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
];

/// Saturdays and Sundays on which work is done instead.
const WORKED: [&str; 11] = [
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
];

impl Calendar {
    /// The table that is built in.
    pub fn published() -> Self {
        let day = |text: &str| text.parse::<BusinessDate>().ok();
        let mut exceptions = BTreeMap::new();
        for (first, last) in HOLIDAYS {
            let (Some(first), Some(last)) = (day(first), day(last)) else { continue };
            for offset in 0..=last.days_since(first) {
                exceptions.insert(first.plus_days(offset), Day::Holiday);
            }
        }
        exceptions.extend(WORKED.iter().filter_map(|text| Some((day(text)?, Day::Working))));
        let edge = |year, month, day| BusinessDate::from_civil(year, month, day);
        let from = edge(YEARS.0, 1, 1).unwrap_or(BusinessDate::from_days(0));
        let until = edge(YEARS.1, 12, 31).unwrap_or(from);
        Self { exceptions, from, until }
    }

    /// The last day that the table covers.
    pub const fn until(&self) -> BusinessDate {
        self.until
    }

    /// Whether work is done on `day`; nothing outside the table.
    pub fn is_working(&self, day: BusinessDate) -> Option<bool> {
        if day < self.from || day > self.until {
            return None;
        }
        Some(match self.exceptions.get(&day) {
            Some(Day::Holiday) => false,
            Some(Day::Working) => true,
            None => weekday(day) < 5,
        })
    }

    /// The last day of a `period` that an event of `start` began.
    pub fn due(&self, start: BusinessDate, period: Period, duty: Duty) -> Due {
        let last = match period {
            Period::Days(days) => start.plus_days(i32::try_from(days).unwrap_or(i32::MAX)),
            Period::Months(months) => start.plus_months(i32::try_from(months).unwrap_or(i32::MAX)),
        };
        if duty != Duty::Filing {
            return Due { on: last, is_provisional: false };
        }
        let mut on = last;
        loop {
            match self.is_working(on) {
                Some(true) => return Due { on, is_provisional: false },
                Some(false) => on = on.plus_days(1),
                None => return Due { on: last, is_provisional: true },
            }
        }
    }
}

/// 0 is Monday, 6 is Sunday.
const fn weekday(day: BusinessDate) -> i32 {
    // 1970-01-01 was a Thursday.
    (day.as_days() + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn due(start: &str, period: Period, duty: Duty) -> (String, bool) {
        let due = Calendar::published().due(day(start), period, duty);
        (due.on.to_string(), due.is_provisional)
    }

    /// R0.
    #[test]
    fn a_filing_runs_to_the_next_working_day_and_nothing_else_does() {
        let month = Period::Months(1);
        for (start, duty, on) in [
            // 2026-02-15 to 23 is the Spring Festival; the 24th is a Tuesday.
            ("2026-01-15", Duty::Filing, "2026-02-24"),
            ("2026-01-15", Duty::Safety, "2026-02-15"),
            ("2026-01-15", Duty::Term, "2026-02-15"),
            // The Saturday before it is worked.
            ("2026-01-14", Duty::Filing, "2026-02-14"),
            // A Sunday that nobody works.
            ("2026-02-15", Duty::Filing, "2026-03-16"),
            // Saturday 28 February is worked.
            ("2026-01-31", Duty::Filing, "2026-02-28"),
        ] {
            assert_eq!(due(start, month, duty), (on.to_owned(), false), "{start} {duty}");
        }
        assert_eq!(due("2026-09-19", Period::Days(6), Duty::Filing), ("2026-09-28".to_owned(), false));
    }

    /// R0: a month that is shorter ends on its last day; the day counts itself.
    #[test]
    fn months_end_on_the_same_day_number_or_the_months_last_day() {
        for (start, months, on) in [
            ("2026-08-31", 1, "2026-09-30"),
            ("2023-12-31", 2, "2024-02-29"),
            ("2024-12-31", 2, "2025-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2026-11-25", 2, "2027-01-25"),
        ] {
            assert_eq!(due(start, Period::Months(months), Duty::Term).0, on, "{start}");
        }
    }

    /// R0: past the end of the table the day is natural and provisional.
    #[test]
    fn past_the_end_of_the_table_nothing_is_guessed() {
        let days = Period::Days(1);
        assert_eq!(due("2026-12-30", days, Duty::Filing), ("2026-12-31".to_owned(), false));
        assert_eq!(due("2026-12-31", days, Duty::Filing), ("2027-01-01".to_owned(), true));
        assert_eq!(due("2026-12-31", days, Duty::Safety), ("2027-01-01".to_owned(), false));
        assert_eq!(due("2024-12-30", days, Duty::Filing), ("2024-12-31".to_owned(), true));
        assert_eq!(Calendar::published().until(), day("2026-12-31"));
    }

    #[test]
    fn every_exception_changes_its_day() {
        let calendar = Calendar::published();
        assert_eq!(
            calendar.exceptions.len(),
            1 + 8 + 3 + 5 + 3 + 8 + 3 + 9 + 3 + 5 + 3 + 3 + 7 + WORKED.len()
        );
        for worked in WORKED {
            assert!(weekday(day(worked)) >= 5, "{worked} is worked anyway");
        }
        assert_eq!(calendar.is_working(day("2026-11-25")), Some(true));
        assert_eq!(calendar.is_working(day("2026-11-28")), Some(false));
    }
}
