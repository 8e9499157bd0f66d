//! `ykt calendar`: the years of the calendar of working days on a running system.

use crate::arguments::Context;
use crate::failure::Failure;
use clap::{Args, Subcommand};
use sdk::client::Staff;
use sdk::types::calendar::{CalendarHoliday, CalendarYearState, DecideCalendarYear, ProposeCalendarYear};
use sdk::types::parameter::ParameterDecision;

/// What can be done with the calendar.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show the calendar: every year, who entered it, and what is missing
    Show,
    /// Propose the arrangement of a year; it holds when a second person has approved it
    Propose(Propose),
    /// Approve the arrangement that waits
    Approve(Review),
    /// Reject the arrangement that waits
    Reject(Review),
}

/// The arrangement of a year.
#[derive(Debug, Args)]
pub struct Propose {
    /// Such as 2027
    year: i32,
    /// Title and number of the notice
    #[arg(long)]
    source: String,
    /// Days off in a row, NAME=FIRST..LAST with days as YYYY-MM-DD; again for each holiday
    #[arg(long = "holiday", value_name = "NAME=FIRST..LAST", value_parser = holiday, required = true)]
    holidays: Vec<CalendarHoliday>,
    /// A Saturday or Sunday that is worked instead, YYYY-MM-DD; again for each
    #[arg(long = "worked", value_name = "DAY")]
    worked: Vec<String>,
    /// Why, or what was checked
    #[arg(long)]
    reason: String,
}

/// A decision on the arrangement of a year that waits.
#[derive(Debug, Args)]
pub struct Review {
    /// Such as 2027
    year: i32,
    /// Why
    #[arg(long)]
    reason: String,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Show => context.output.item(&staff.calendar()?),
            Self::Propose(Propose { year, source, holidays, worked, reason }) => {
                let request = ProposeCalendarYear { year, source, holidays, worked, reason };
                context.output.item(&staff.propose_calendar_year(&request)?)
            }
            Self::Approve(review) => review.run(&staff, ParameterDecision::Approve, context),
            Self::Reject(review) => review.run(&staff, ParameterDecision::Reject, context),
        }
    }
}

impl Review {
    fn run(self, staff: &Staff, decision: ParameterDecision, context: &Context) -> Result<(), Failure> {
        let mut years = staff.calendar()?.data.into_iter().filter(|one| one.year == self.year);
        let waiting = years.find(|one| one.state == CalendarYearState::Proposed).and_then(|one| one.entry);
        let waiting =
            waiting.ok_or_else(|| Failure::failed(format!("no arrangement of {} waits", self.year)))?;
        let request = DecideCalendarYear { decision, reason: self.reason };
        context.output.item(&staff.decide_calendar_year(
            &waiting.calendar_year_id,
            waiting.version,
            &request,
        )?)
    }
}

/// Reads `NAME=FIRST..LAST`; one day may stand alone.
fn holiday(text: &str) -> Result<CalendarHoliday, String> {
    let (name, days) = text.split_once('=').ok_or("write NAME=FIRST..LAST")?;
    let (first, last) = days.split_once("..").unwrap_or((days, days));
    Ok(CalendarHoliday { name: name.into(), first_on: first.into(), last_on: last.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holiday_is_written_with_its_first_and_last_day_or_with_one() {
        let read = |text| holiday(text).map(|one| (one.name, one.first_on, one.last_on));
        let of = |first: &str, last: &str| Ok(("春节".to_owned(), first.to_owned(), last.to_owned()));
        assert_eq!(read("春节=2030-02-04..2030-02-08"), of("2030-02-04", "2030-02-08"));
        assert_eq!(read("春节=2030-02-04"), of("2030-02-04", "2030-02-04"));
        assert!(read("2030-02-04").is_err());
    }
}
