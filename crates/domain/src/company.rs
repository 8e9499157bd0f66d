//! 单位登记信息: what a company is by the register of companies, beside its name and its credit code (CH-7.1, CH-F2.3).
//!
//! Invariant: what is not known is not invented: a company of before has none until it states them. How long it has been
//! registered is counted when somebody looks, by the day of then. The names of legal representatives are published by the
//! register; they are told to whoever sees the business, and stand in no record.

use crate::matter::Faults;
use crate::parameter::{Name, Parameters};
use crate::time::BusinessDate;

/// Most characters of a name.
const NAME: usize = 100;

/// What the register says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// 法定代表人.
    pub legal_representative: String,
    /// 成立日期.
    pub registered_on: BusinessDate,
}

/// Reads what a company states; every wrong field is named below `pointer`.
pub fn read(
    legal_representative: &str,
    registered_on: &str,
    (today, pointer): (BusinessDate, &str),
    faults: &mut Faults,
) -> Option<Company> {
    let name = legal_representative.trim();
    if name.is_empty() || name.chars().count() > NAME || name.contains(char::is_control) {
        faults.add(format!("{pointer}/legal_representative"), crate::application::Refusal::Text);
    }
    let pointer = format!("{pointer}/registered_on");
    let registered_on = faults.take(pointer, crate::application::form::past(registered_on, today))?;
    Some(Company { legal_representative: name.to_owned(), registered_on })
}

impl Company {
    /// Whole years since it was registered: the same day of the year counts as passed (满, R0).
    #[must_use]
    pub fn full_years(&self, today: BusinessDate) -> i32 {
        let years = i32::try_from(today.civil().0 - self.registered_on.civil().0).unwrap_or_default();
        let has_passed = |years: i32| self.registered_on.plus_months(years * 12) <= today;
        if has_passed(years) { years } else { years - 1 }
    }

    /// The first day on which it is old enough for a channel of class 社会 (CH-F2.3).
    #[must_use]
    pub fn old_enough_on(&self, parameters: &Parameters, today: BusinessDate) -> BusinessDate {
        let years = parameters.get(Name::SocialMinCompanyAge, today);
        self.registered_on.plus_months(i32::try_from(years * 12).unwrap_or(i32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str) -> BusinessDate {
        day.parse().unwrap()
    }

    fn company(registered_on: &str) -> Company {
        Company { legal_representative: "赵敏".into(), registered_on: on(registered_on) }
    }

    /// CH-F2.3: a year is full on the same day of the next year, and not on the day before.
    #[test]
    fn years_are_counted_by_the_day_of_the_year() {
        for (registered, today, years) in [
            ("2025-03-02", "2026-03-01", 0),
            ("2025-03-02", "2026-03-02", 1),
            ("2025-03-02", "2026-03-03", 1),
            ("2024-02-29", "2025-02-27", 0),
            ("2024-02-29", "2025-02-28", 1),
            ("2015-06-01", "2026-05-31", 10),
            ("2026-03-02", "2026-03-02", 0),
        ] {
            assert_eq!(company(registered).full_years(on(today)), years, "{registered} {today}");
        }
        let parameters = Parameters::standard();
        assert_eq!(company("2025-03-02").old_enough_on(&parameters, on("2025-06-01")), on("2026-03-02"));
    }

    /// CH-7.1, CH-F2.3: a name and a day that has come.
    #[test]
    fn what_is_wrong_is_named() {
        let named = |name: &str, day: &str| {
            let mut faults = Faults::default();
            let found = read(name, day, (on("2026-03-02"), ""), &mut faults);
            let faults: Vec<_> = match faults.check() {
                Ok(()) => Vec::new(),
                Err(crate::matter::Refused::Fields(faults)) => {
                    faults.into_iter().map(|fault| fault.pointer).collect()
                }
                Err(other) => panic!("{other:?}"),
            };
            (found, faults)
        };
        let right = Company { legal_representative: "赵敏".into(), registered_on: on("2026-03-02") };
        assert_eq!(named(" 赵敏 ", "2026-03-02"), (Some(right), vec![]));
        assert_eq!(named("赵敏", "2026-03-03").1, ["/registered_on"]);
        assert_eq!(named("", "昨天").1, ["/legal_representative", "/registered_on"]);
        assert_eq!(named(&"名".repeat(100), "2026-03-02").1, [""; 0]);
        assert_eq!(named(&"名".repeat(101), "2026-03-02").1, ["/legal_representative"]);
    }
}
