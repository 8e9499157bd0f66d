//! Days and months of the civil calendar, counted; written out so that no other crate's calendar is trusted.

use std::fmt;

/// A day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A month, counted from January 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn length(month: Month) -> i32 {
    let year = 1970 + month.0.div_euclid(12);
    match month.0.rem_euclid(12) {
        1 if is_leap(year) => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

impl Month {
    /// Its first day.
    #[must_use]
    pub fn first(self) -> Day {
        let year = 1970 + self.0.div_euclid(12);
        let leaps = |before: i32| {
            let last = before - 1;
            last.div_euclid(4) - last.div_euclid(100) + last.div_euclid(400)
        };
        let years = (year - 1970) * 365 + leaps(year) - leaps(1970);
        let months = (self.0 - self.0.rem_euclid(12)..self.0).map(|month| length(Month(month)));
        Day(years + months.sum::<i32>())
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Day {
        Day(self.first().0 + length(self) - 1)
    }

    /// So many months later.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }
}

impl Day {
    /// The month it lies in.
    #[must_use]
    pub fn month(self) -> Month {
        let mut month = Month(self.0.div_euclid(31));
        while month.plus(1).first() <= self {
            month = month.plus(1);
        }
        month
    }

    /// So many days later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// The same day so many months later; the last of that month where it has none.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let from = self.month();
        let place = self.0 - from.first().0;
        let to = from.plus(months);
        Self((to.first().0 + place).min(to.last().0))
    }

    /// A day written YYYY-MM-DD.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-').map(str::parse::<i32>);
        let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        let month = Month((year - 1970) * 12 + month - 1);
        (1..=length(month)).contains(&day).then(|| Self(month.first().0 + day - 1))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = self.month();
        let (year, place) = (1970 + month.0.div_euclid(12), month.0.rem_euclid(12) + 1);
        write!(f, "{year:04}-{place:02}-{:02}", self.0 - month.first().0 + 1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", 1970 + self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_counts_them() {
        for text in ["1969-12-31", "1970-01-01", "2024-02-29", "2026-11-25", "2100-02-28", "2100-03-01"] {
            assert_eq!(Day::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Day::parse("2026-01-01"), Some(Day(20_454)));
        assert_eq!(Day::parse("2026-02-29"), None);
        let months = |text: &str, months| Day::parse(text).unwrap().plus_months(months).to_string();
        assert_eq!(months("2024-01-31", 1), "2024-02-29");
        assert_eq!(months("2024-11-30", 3), "2025-02-28");
        assert_eq!(months("2024-05-15", -12), "2023-05-15");
    }
}
