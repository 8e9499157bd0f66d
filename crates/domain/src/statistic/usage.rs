//! Uses by application and month (CH-22, CH-23.0a): what each service was used for, and how that changed in a year.
//!
//! Invariant: a month is compared when it is over and counted, with the same month of the year before, if that was counted
//! from its first day on: of a month that runs nothing is said, and nothing of one that follows a month of none.

use crate::service::ServiceCode;
use crate::time::{BusinessDate, Month};
use std::collections::BTreeMap;

/// Months of a year.
const YEAR: i32 = 12;
/// Ten thousand parts of a whole.
const WHOLE: i128 = 10_000;

/// Uses that were answered, by service and month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage(BTreeMap<ServiceCode, BTreeMap<Month, i64>>);

/// What one service was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Which.
    pub service: ServiceCode,
    /// In the month.
    pub uses: i64,
    /// In the same month of the year before.
    pub year_before: i64,
    /// The change, in ten thousand parts of what it was, toward zero; none where there is nothing to compare.
    pub change: Option<i64>,
    /// In each of the months that end with it, oldest first.
    pub months: Vec<i64>,
}

impl Usage {
    /// Counts so many more.
    pub fn add(&mut self, service: ServiceCode, month: Month, uses: i64) {
        let count = self.0.entry(service).or_default().entry(month).or_default();
        *count = count.saturating_add(uses);
    }

    /// Every service with a use in `month`, the year before or one of the `shown` months that end with it, the most used
    /// first; `counted` are the first and the last day from which and to which uses are counted.
    #[must_use]
    pub fn of(&self, month: Month, shown: i32, counted: Option<(BusinessDate, BusinessDate)>) -> Vec<Used> {
        // Both months wholly, or there is nothing to compare.
        let is_counted = counted
            .is_some_and(|(first, last)| first <= month.plus(-YEAR).first_day() && month.last_day() <= last);
        let used = self.0.iter().map(|(service, months)| {
            let in_month = |month: Month| months.get(&month).copied().unwrap_or_default();
            let (uses, year_before) = (in_month(month), in_month(month.plus(-YEAR)));
            Used {
                service: service.clone(),
                uses,
                year_before,
                change: if is_counted { change(uses, year_before) } else { None },
                months: (1 - shown..=0).map(|after| in_month(month.plus(after))).collect(),
            }
        });
        let mut used: Vec<_> =
            used.filter(|one| one.year_before > 0 || one.months.iter().any(|uses| *uses > 0)).collect();
        used.sort_by_key(|one| std::cmp::Reverse(one.uses));
        used
    }
}

/// How a figure changed, in ten thousand parts of what it was, toward zero; none of what was none.
#[must_use]
pub fn change(now: i64, before: i64) -> Option<i64> {
    if before <= 0 {
        return None;
    }
    let parts = (i128::from(now) - i128::from(before)) * WHOLE / i128::from(before);
    Some(i64::try_from(parts).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_of_what_was_there_before() {
        for (now, before, told) in [
            (150, 100, Some(5_000)),
            (100, 100, Some(0)),
            (0, 100, Some(-10_000)),
            (2, 3, Some(-3_333)),
            (4, 3, Some(3_333)),
            (5, 0, None),
            (0, 0, None),
            (i64::MAX, 1, Some(i64::MAX)),
        ] {
            assert_eq!(change(now, before), told, "{now} {before}");
        }
    }

    #[test]
    fn a_month_is_compared_with_the_same_month_of_the_year_before() {
        let code = |text: &str| text.parse::<ServiceCode>().unwrap();
        let month = |text: &str| text.parse::<Month>().unwrap();
        let mut usage = Usage::default();
        for (service, at, uses) in [
            ("query.card", "2026-10", 30),
            ("query.card", "2025-10", 20),
            ("query.card", "2026-09", 9),
            ("pay.code", "2026-10", 50),
            ("identity.verify", "2025-10", 7),
            ("life.old", "2024-10", 7),
        ] {
            usage.add(code(service), month(at), uses);
        }
        let day = |text: &str| text.parse::<BusinessDate>().unwrap();
        let told = |first: &str, last: &str| {
            let used = usage.of(month("2026-10"), 2, Some((day(first), day(last))));
            used.iter()
                .map(|one| (one.service.to_string(), one.change, one.months.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            told("2025-10-01", "2026-10-31"),
            [
                ("pay.code".to_owned(), None, vec![0, 50]),
                ("query.card".to_owned(), Some(5_000), vec![9, 30]),
                ("identity.verify".to_owned(), Some(-10_000), vec![0, 0]),
            ],
            "what was used neither then nor now is not told"
        );
        for (first, last, why) in [
            ("2025-10-01", "2026-10-30", "of a month that runs nothing is said"),
            ("2025-10-02", "2026-10-31", "nor where the other month was counted in part"),
        ] {
            assert!(told(first, last).iter().all(|(_, change, _)| change.is_none()), "{why}");
        }
        assert!(usage.of(month("2026-10"), 2, None).iter().all(|one| one.change.is_none()));
    }
}
