//! Working days and the last day of a period (reading R0; Civil Code 200–204).
//!
//! A period starts the day after its event; a period of months ends on the same day number, or on the month's last
//! day. If the last day of a *filing by a party* is not a working day, the period runs to the next working day;
//! the last day of a safety action or of a term never moves. Working days are a table of years that the State Council
//! arranges one at a time, late in the year before: those known when the program was built are [`Calendar::delivered`],
//! a further one is entered by the ministry. Invariants: the table has no gap, a year that has begun does not change, and
//! past the table's end nothing is guessed: the last day is the natural one and marked provisional; where working days
//! are counted, every weekday is one.

mod delivered;
mod year;

pub use delivered::Delivered;
pub use year::{Holiday, Year};

use crate::name::names;
use crate::refusal::refusals;
use crate::time::BusinessDate;
use std::collections::BTreeMap;

refusals! {
    /// Why a year is not taken into the calendar.
    Refusal {
        /// A day of another year.
        OtherYear { year: i32 } = "calendar.other_year" "日期须在{year}年内" "the day must lie in {year}";
        /// The last day comes before the first, or the holiday is longer than any.
        Span { most: i32 } = "calendar.span" "截止日不得早于起始日，且一次放假不超过{most}天"
            "the last day is no earlier than the first, and a holiday lasts {most} days at most";
        /// Arranged already in the same year.
        Twice = "calendar.twice" "该日期已在本年安排中，不得重复" "the day is arranged already";
        /// Worked instead of a holiday, but worked anyway.
        Weekday = "calendar.weekday" "调休上班日须为星期六或星期日" "a day worked instead is a Saturday or a Sunday";
        /// The days given and taken do not add up to the holidays of the law.
        Sum { expected: i64, found: i64 } = "calendar.sum"
            "放假占用的工作日减去调休上班日应为{expected}天（法定节假日），现为{found}天，请核对"
            "weekdays off less weekends worked must be {expected}, the holidays of the law; they are {found}";
        /// A year before it is not arranged yet.
        Order { next: i32 } = "calendar.order" "请先录入{next}年的安排" "enter {next} first";
        /// What has begun stays as it is.
        Begun { year: i32 } = "calendar.begun" "{year}年已经开始，其安排不得更改"
            "{year} has begun: its arrangement stays as it is";
        /// Another proposal for the same year waits for its review.
        Pending = "calendar.pending" "该年度已有待审核的安排" "an arrangement of this year waits for its review";
    }
}

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
    /// Working days, the day after the event being the first that may count. Past the end of the table every weekday counts,
    /// and the day is provisional.
    WorkingDays(i64),
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

/// The month from which on a calendar without the next year is short: the State Council arranges it about then.
const SHORT_FROM: i64 = 11;

impl Calendar {
    /// The years known when the program was built, the first of them first.
    pub fn delivered() -> Vec<Delivered> {
        delivered::years()
    }

    /// The table of the delivered years.
    pub fn published() -> Self {
        let nothing = BusinessDate::from_days(0);
        let mut table = Self { exceptions: BTreeMap::new(), from: nothing, until: nothing };
        for delivered in Self::delivered() {
            table.arrange(&delivered.year);
        }
        table
    }

    /// Puts a year into the table, in place of what was arranged for it before. One that leaves a gap, or lies before the
    /// table, is no part of it.
    pub fn arrange(&mut self, year: &Year) {
        let (first, last) = (year.first_day(), year.last_day());
        if self.exceptions.is_empty() {
            self.from = first;
        } else if first < self.from || first > self.until.plus_days(1) {
            return;
        }
        self.exceptions.retain(|day, _| *day < first || *day > last);
        let holidays = year.holidays.iter().flat_map(Holiday::days);
        self.exceptions.extend(holidays.map(|day| (day, Day::Holiday)));
        self.exceptions.extend(year.worked.iter().map(|day| (*day, Day::Working)));
        self.until = self.until.max(last);
    }

    /// Whether an arrangement of `year` may be entered on `today`: of a year that has not begun, or of the first that the
    /// table does not know, begun or not. Refuses, in order: order, begun.
    pub fn admit(&self, year: i32, today: BusinessDate) -> Result<(), Refusal> {
        let next = self.next_year();
        if year > next {
            return Err(Refusal::Order { next });
        }
        if year < next && year <= year_of(today) {
            return Err(Refusal::Begun { year });
        }
        Ok(())
    }

    /// The first year that the table does not know.
    pub fn next_year(&self) -> i32 {
        year_of(self.until) + 1
    }

    /// The year that should be arranged by `today` and is not: the present one, or from November on the next.
    pub fn missing(&self, today: BusinessDate) -> Option<i32> {
        let (_, month, _) = today.civil();
        let wanted = year_of(today) + i32::from(month >= SHORT_FROM);
        Some(self.next_year()).filter(|next| *next <= wanted)
    }

    /// The first day that the table covers.
    pub const fn from(&self) -> BusinessDate {
        self.from
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
            Period::WorkingDays(days) => return self.after_working_days(start, days),
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

    /// The `days`th working day after `start`.
    fn after_working_days(&self, start: BusinessDate, days: i64) -> Due {
        let (mut on, mut is_provisional) = (start, false);
        for _ in 0..days {
            loop {
                on = on.plus_days(1);
                let known = self.is_working(on);
                is_provisional |= known.is_none();
                if known.unwrap_or_else(|| weekday(on) < 5) {
                    break;
                }
            }
        }
        Due { on, is_provisional }
    }
}

fn year_of(day: BusinessDate) -> i32 {
    i32::try_from(day.civil().0).unwrap_or(i32::MAX)
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

    /// R0: working days are counted from the day after; holidays, and weekends that nobody works, do not count.
    #[test]
    fn working_days_are_counted_one_by_one() {
        let after = |start, days| due(start, Period::WorkingDays(days), Duty::Filing);
        // Friday; Saturday 28 February is worked.
        assert_eq!(after("2026-02-27", 1), ("2026-02-28".to_owned(), false));
        assert_eq!(after("2026-02-27", 2), ("2026-03-02".to_owned(), false));
        // Over the Spring Festival, whose last day is Monday 23 February.
        assert_eq!(after("2026-02-14", 1), ("2026-02-24".to_owned(), false));
        assert_eq!(after("2026-03-02", 15), ("2026-03-23".to_owned(), false));
        assert_eq!(after("2026-12-30", 1), ("2026-12-31".to_owned(), false));
        // 2027 is not published: Friday 1 January would count, the weekend after it does not.
        assert_eq!(after("2026-12-31", 2), ("2027-01-04".to_owned(), true));
    }

    #[test]
    fn every_exception_changes_its_day() {
        let calendar = Calendar::published();
        let days = [1 + 8 + 3 + 5 + 3 + 8, 3 + 9 + 3 + 5 + 3 + 3 + 7];
        assert_eq!(calendar.exceptions.len(), days[0] + 5 + days[1] + 6);
        assert_eq!(calendar.is_working(day("2026-11-25")), Some(true));
        assert_eq!(calendar.is_working(day("2026-11-28")), Some(false));
        let counts: Vec<_> = Calendar::delivered().iter().map(|one| one.year.working_days()).collect();
        assert_eq!(counts, [248, 248]);
    }

    /// A year that nobody has arranged.
    fn made_up(year: i32) -> Year {
        let on = |month, date| BusinessDate::from_civil(year, month, date).unwrap();
        let holiday = Holiday { name: "甲".into(), first_on: on(1, 1), last_on: on(1, 3) };
        Year { year, holidays: vec![holiday], worked: Vec::new() }
    }

    /// R0: what is found once the year is known is not provisional any more.
    #[test]
    fn a_further_year_carries_the_table_on() {
        let mut calendar = Calendar::published();
        calendar.arrange(&made_up(2027));
        assert_eq!(calendar.until(), day("2027-12-31"));
        let found = calendar.due(day("2026-12-31"), Period::Days(1), Duty::Filing);
        // Friday 1 to Sunday 3 January.
        assert_eq!(found, Due { on: day("2027-01-04"), is_provisional: false });
        assert_eq!(calendar.is_working(day("2026-02-28")), Some(true), "other years stay as they are");
        let mut again = made_up(2027);
        again.holidays[0].last_on = day("2027-01-04");
        calendar.arrange(&again);
        assert_eq!(calendar.is_working(day("2027-01-04")), Some(false));
        calendar.arrange(&made_up(2029));
        assert_eq!(calendar.until(), day("2027-12-31"), "a gap is no calendar");
    }

    #[test]
    fn a_year_is_entered_in_its_turn_and_stays_once_it_has_begun() {
        let mut calendar = Calendar::published();
        let admit = |calendar: &Calendar, year, today| calendar.admit(year, day(today));
        assert_eq!(admit(&calendar, 2027, "2026-11-26"), Ok(()));
        assert_eq!(admit(&calendar, 2028, "2026-11-26"), Err(Refusal::Order { next: 2027 }));
        assert_eq!(admit(&calendar, 2026, "2026-11-26"), Err(Refusal::Begun { year: 2026 }));
        assert_eq!(admit(&calendar, 2027, "2027-03-01"), Ok(()), "late is better than never");
        calendar.arrange(&made_up(2027));
        assert_eq!(admit(&calendar, 2027, "2026-12-31"), Ok(()));
        assert_eq!(admit(&calendar, 2027, "2027-01-01"), Err(Refusal::Begun { year: 2027 }));
        assert_eq!(admit(&calendar, 2028, "2027-01-01"), Ok(()));
    }

    #[test]
    fn the_next_year_is_missed_from_november_on() {
        let mut calendar = Calendar::published();
        for (today, missing) in [
            ("2026-10-31", None),
            ("2026-11-01", Some(2027)),
            ("2026-12-31", Some(2027)),
            ("2028-05-01", Some(2027)),
        ] {
            assert_eq!(calendar.missing(day(today)), missing, "{today}");
        }
        calendar.arrange(&made_up(2027));
        assert_eq!(calendar.missing(day("2026-11-26")), None);
        assert_eq!(calendar.missing(day("2027-10-31")), None);
        assert_eq!(calendar.missing(day("2027-11-01")), Some(2028));
    }
}
