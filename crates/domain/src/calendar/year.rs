//! A year of the calendar as the State Council arranges it: holidays, and the weekends that are worked instead.
//!
//! Invariant: what is arranged lies in its year, no day is arranged twice, only Saturdays and Sundays are worked instead, and
//! the weekdays that are given exceed the weekends that are taken by as many days as the law has holidays
//! (《全国年节及纪念日放假办法》). The last is what finds a day that was mistyped or left out.
//!
//! A day of another year is not arranged here, though a notice may name one: the days before New Year are given and taken
//! in the old year and add up to nothing.

use super::{Refusal, weekday};
use crate::matter::{Faults, Refused};
use crate::parameter::{Name, Parameters};
use crate::time::BusinessDate;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The longest run of days off that is believed.
const LONGEST: i32 = 15;

/// Days off in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// What is celebrated.
    pub name: String,
    /// The first day off.
    pub first_on: BusinessDate,
    /// The last.
    pub last_on: BusinessDate,
}

impl Holiday {
    /// Its days.
    pub fn days(&self) -> impl Iterator<Item = BusinessDate> {
        let first = self.first_on;
        (0..=self.last_on.days_since(first)).map(move |offset| first.plus_days(offset))
    }
}

/// What is arranged for one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// Which.
    pub year: i32,
    /// The holidays, in order.
    pub holidays: Vec<Holiday>,
    /// Saturdays and Sundays on which work is done instead, in order.
    pub worked: Vec<BusinessDate>,
}

impl Year {
    /// The first day of it.
    pub fn first_day(&self) -> BusinessDate {
        edge(self.year, 1, 1)
    }

    /// The last day of it.
    pub fn last_day(&self) -> BusinessDate {
        edge(self.year, 12, 31)
    }

    /// How many of its days are worked.
    pub fn working_days(&self) -> usize {
        let all =
            (0..=self.last_day().days_since(self.first_day())).map(|place| self.first_day().plus_days(place));
        let weekdays = all.filter(|day| weekday(*day) < 5).count();
        (weekdays + self.worked.len()).saturating_sub(self.weekdays_off())
    }

    /// Whether it may stand; every wrong day is named. `parameters` are those of its days.
    pub fn check(&self, parameters: &Parameters) -> Result<(), Refused> {
        let mut faults = Faults::default();
        for (pointer, refusal) in self.wrong(parameters) {
            faults.add(pointer, refusal);
        }
        faults.check()
    }

    /// Everything that is wrong with it, each at its place.
    fn wrong(&self, parameters: &Parameters) -> Vec<(String, Refusal)> {
        let mut wrong = Vec::new();
        let mut seen = HashSet::new();
        for (place, holiday) in self.holidays.iter().enumerate() {
            let at = |field: &str| format!("/holidays/{place}/{field}");
            let length = holiday.last_on.days_since(holiday.first_on);
            if !self.holds(holiday.first_on) {
                wrong.push((at("first_on"), Refusal::OtherYear { year: self.year }));
            } else if !self.holds(holiday.last_on) {
                wrong.push((at("last_on"), Refusal::OtherYear { year: self.year }));
            } else if !(0..LONGEST).contains(&length) {
                wrong.push((at("last_on"), Refusal::Span { most: LONGEST }));
            } else if holiday.days().filter(|day| !seen.insert(*day)).count() > 0 {
                wrong.push((at("first_on"), Refusal::Twice));
            }
        }
        for (place, day) in self.worked.iter().enumerate() {
            let at = format!("/worked/{place}");
            if !self.holds(*day) {
                wrong.push((at, Refusal::OtherYear { year: self.year }));
            } else if weekday(*day) < 5 {
                wrong.push((at, Refusal::Weekday));
            } else if !seen.insert(*day) {
                wrong.push((at, Refusal::Twice));
            }
        }
        if wrong.is_empty() {
            wrong.extend(self.unbalanced(parameters));
        }
        wrong
    }

    /// What is given less what is taken must be what the law gives.
    fn unbalanced(&self, parameters: &Parameters) -> Option<(String, Refusal)> {
        let expected = parameters.get(Name::StatutoryHolidays, self.first_day());
        let count = |days: usize| i64::try_from(days).unwrap_or(i64::MAX);
        let found = count(self.weekdays_off()) - count(self.worked.len());
        (found != expected).then(|| ("/holidays".to_owned(), Refusal::Sum { expected, found }))
    }

    fn weekdays_off(&self) -> usize {
        self.holidays.iter().flat_map(Holiday::days).filter(|day| weekday(*day) < 5).count()
    }

    fn holds(&self, day: BusinessDate) -> bool {
        self.first_day() <= day && day <= self.last_day()
    }
}

fn edge(year: i32, month: u8, day: u8) -> BusinessDate {
    BusinessDate::from_civil(year, month, day).unwrap_or(BusinessDate::from_days(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    /// A year that nobody has arranged: fourteen weekdays off, and a Saturday worked.
    fn made_up() -> Year {
        let holiday = |name: &str, first: &str, last: &str| Holiday {
            name: name.to_owned(),
            first_on: day(first),
            last_on: day(last),
        };
        Year {
            year: 2030,
            // Tuesday; Monday to Friday; Monday to Wednesday; Monday to Saturday.
            holidays: vec![
                holiday("甲", "2030-01-01", "2030-01-01"),
                holiday("乙", "2030-02-04", "2030-02-08"),
                holiday("丙", "2030-05-06", "2030-05-08"),
                holiday("丁", "2030-09-30", "2030-10-05"),
            ],
            // Fourteen weekdays are given, a Saturday is taken.
            worked: vec![day("2030-02-02")],
        }
    }

    fn wrong(change: impl FnOnce(&mut Year)) -> Vec<(String, Refusal)> {
        let mut year = made_up();
        change(&mut year);
        year.wrong(&Parameters::standard())
    }

    fn at(pointer: &str, refusal: Refusal) -> Vec<(String, Refusal)> {
        vec![(pointer.to_owned(), refusal)]
    }

    #[test]
    fn the_delivered_years_add_up() {
        for delivered in Calendar::delivered() {
            assert_eq!(delivered.year.wrong(&Parameters::standard()), [], "{}", delivered.year.year);
            let mut short = delivered.year.clone();
            short.worked.pop();
            assert_eq!(
                short.wrong(&Parameters::standard()),
                at("/holidays", Refusal::Sum { expected: 13, found: 14 }),
            );
        }
    }

    #[test]
    fn a_year_is_wrong_where_a_day_lies_elsewhere_comes_twice_or_is_worked_anyway() {
        let outside = Refusal::OtherYear { year: 2030 };
        assert_eq!(wrong(|_| ()), []);
        assert_eq!(
            wrong(|year| year.holidays[0].first_on = day("2029-12-31")),
            at("/holidays/0/first_on", outside)
        );
        assert_eq!(
            wrong(|year| year.holidays[3].last_on = day("2031-01-01")),
            at("/holidays/3/last_on", outside)
        );
        assert_eq!(wrong(|year| year.worked[0] = day("2031-01-04")), at("/worked/0", outside));
        // A Friday.
        assert_eq!(wrong(|year| year.worked[0] = day("2030-02-01")), at("/worked/0", Refusal::Weekday));
        // Saturday 5 October is a holiday already.
        assert_eq!(wrong(|year| year.worked[0] = day("2030-10-05")), at("/worked/0", Refusal::Twice));
        assert_eq!(wrong(|year| year.worked.push(day("2030-02-02"))), at("/worked/1", Refusal::Twice));
        assert_eq!(
            wrong(|year| year.holidays[2].first_on = day("2030-02-08")),
            at("/holidays/2/last_on", Refusal::Span { most: 15 }),
        );
        assert_eq!(
            wrong(|year| year.holidays[1].last_on = day("2030-02-03")),
            at("/holidays/1/last_on", Refusal::Span { most: 15 }),
        );
    }

    #[test]
    fn fifteen_days_in_a_row_are_believed_and_sixteen_are_not() {
        let run = |last| {
            wrong(|year| {
                year.holidays.truncate(1);
                year.holidays[0].last_on = day(last);
            })
        };
        assert_ne!(run("2030-01-15"), at("/holidays/0/last_on", Refusal::Span { most: 15 }));
        assert_eq!(run("2030-01-16"), at("/holidays/0/last_on", Refusal::Span { most: 15 }));
    }

    #[test]
    fn what_is_given_exceeds_what_is_taken_by_the_days_of_the_law() {
        let sum = |found| at("/holidays", Refusal::Sum { expected: 13, found });
        assert_eq!(wrong(|year| year.worked.clear()), sum(14));
        assert_eq!(wrong(|year| year.holidays[0].name = "元旦".into()), []);
        assert_eq!(wrong(|year| drop(year.holidays.remove(0))), sum(12));
        assert_eq!(wrong(|year| year.holidays.clear()), sum(-1));
    }
}
