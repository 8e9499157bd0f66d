//! Counting deadlines again that were counted before the calendar knew their days.
//!
//! Invariant: only what is marked provisional moves, and only to a day that the calendar knows; what was stated for certain
//! is never counted again, and no last day comes nearer. Nothing else of the matter changes.

use super::life::{Stored, read, stored};
use super::{Deadline, Matter, Refused, Scene, Step};
use crate::calendar::{Calendar, Duty, Period};
use crate::name::Word;
use serde::Deserialize;
use serde_json::Value;

/// The word of the step.
const SETTLE: &str = "settle";

impl Deadline {
    /// The same for certain, if it was provisional and the calendar knows its days by now.
    pub fn settled(&self, calendar: &Calendar) -> Option<Self> {
        if !self.is_provisional {
            return None;
        }
        let due = match self.working_days {
            Some(days) => calendar.due(self.starts_on, Period::WorkingDays(days), Duty::Filing),
            // The natural last day stands already; only a filing is ever provisional.
            None => calendar.due(self.due_on, Period::Days(0), Duty::Filing),
        };
        // A weekend that is worked may bring the day nearer than was stated; nobody is late by what could not be known.
        let due_on = due.on.max(self.due_on);
        (!due.is_provisional).then(|| Self { due_on, is_provisional: false, ..self.clone() })
    }
}

/// The matter with every deadline settled that can be; nothing when none can.
pub(super) fn settle<M: Matter>(body: &str, scene: &Scene<'_>) -> Result<Option<Stored>, Refused> {
    let mut value: Value = read(body)?;
    if !settle_within(&mut value, scene.calendar) {
        return Ok(None);
    }
    let matter: M = read(&value.to_string())?;
    let state = matter.state().as_str();
    stored(Step::plain(matter), Some((state, SETTLE)), scene).map(Some)
}

/// Settles the deadlines of a body wherever they stand in it; whether there were any.
fn settle_within(value: &mut Value, calendar: &Calendar) -> bool {
    if value.get("is_provisional").is_some() {
        let settled = Deadline::deserialize(&*value).ok().and_then(|deadline| deadline.settled(calendar));
        let Some(written) = settled.and_then(|deadline| serde_json::to_value(deadline).ok()) else {
            return false;
        };
        *value = written;
        return true;
    }
    match value {
        Value::Array(parts) => settle_all(parts.iter_mut(), calendar),
        Value::Object(parts) => settle_all(parts.values_mut(), calendar),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn settle_all<'a>(parts: impl Iterator<Item = &'a mut Value>, calendar: &Calendar) -> bool {
    // Each of them, not only up to the first.
    parts.filter_map(|part| settle_within(part, calendar).then_some(())).count() > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Holiday, Year};
    use crate::matter::testing::Play;
    use crate::matter::{Kind, Party};
    use crate::time::BusinessDate;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    /// The published years and one that nobody has arranged, with three days off from New Year on.
    fn longer() -> Calendar {
        let mut calendar = Calendar::published();
        let year = calendar.next_year();
        let on = |date| BusinessDate::from_civil(year, 1, date).unwrap();
        let holiday = Holiday { name: "甲".into(), first_on: on(1), last_on: on(3) };
        calendar.arrange(&Year { year, holidays: vec![holiday], worked: Vec::new() });
        calendar
    }

    fn deadline(starts_on: &str, period: Period, duty: Duty) -> Deadline {
        let play = Play::channel(Kind::Ticket);
        let by = crate::matter::testing::by(Party::Operator, 1, "000000");
        play.on_stage(by, |scene| {
            Deadline::new(scene, day(starts_on), period, duty, "R0", crate::matter::Expiry::Recorded)
        })
    }

    /// R0: what was provisional is found anew when the table has grown; what was certain is not.
    #[test]
    fn a_provisional_day_moves_off_a_holiday_that_was_not_known() {
        let natural = deadline("2026-12-31", Period::Days(1), Duty::Filing);
        assert_eq!((natural.due_on, natural.is_provisional), (day("2027-01-01"), true));
        let settled = natural.settled(&longer()).unwrap();
        assert_eq!((settled.due_on, settled.is_provisional), (day("2027-01-04"), false));
        assert_eq!(natural.settled(&Calendar::published()), None, "nothing is known yet");
        assert_eq!(settled.settled(&longer()), None, "it is certain already");
        let certain = deadline("2026-12-30", Period::Days(1), Duty::Filing);
        assert_eq!(certain.settled(&longer()), None);
    }

    /// R0: counted in working days, the days are counted again from the beginning.
    #[test]
    fn provisional_working_days_are_counted_again() {
        let counted = deadline("2026-12-30", Period::WorkingDays(2), Duty::Filing);
        assert_eq!((counted.due_on, counted.is_provisional), (day("2027-01-01"), true));
        assert_eq!(counted.settled(&longer()).unwrap().due_on, day("2027-01-04"));
        let beyond = deadline("2026-12-30", Period::WorkingDays(300), Duty::Filing);
        assert_eq!(beyond.settled(&longer()), None, "it ends in a year that is not known either");
    }

    /// R0: a weekend that turns out to be worked does not bring a last day nearer that was stated already.
    #[test]
    fn a_last_day_that_was_stated_never_comes_nearer() {
        let counted = deadline("2026-12-30", Period::WorkingDays(8), Duty::Filing);
        assert_eq!((counted.due_on, counted.is_provisional), (day("2027-01-11"), true));
        let mut calendar = Calendar::published();
        calendar.arrange(&Year { year: 2027, holidays: Vec::new(), worked: vec![day("2027-01-09")] });
        let settled = counted.settled(&calendar).unwrap();
        assert_eq!((settled.due_on, settled.is_provisional), (day("2027-01-11"), false));
    }

    /// R0.
    #[test]
    fn the_deadlines_of_a_matter_are_settled_wherever_they_stand_and_nothing_else_changes() {
        let mut play = Play::channel(Kind::Ticket);
        play.on("2026-12-31");
        let opening = r#"{"category":"malicious","subject":"投诉","words":"请核实"}"#;
        play.open(Party::Owner, opening).unwrap();
        let before = play.matter.clone().unwrap();
        let settle = |body: &str, calendar: &Calendar| {
            let by = crate::matter::testing::by(Party::Platform, 1, "000000");
            play.on_stage(by, |scene| {
                (crate::matter::life(Kind::Ticket).settle)(body, &Scene { calendar, ..*scene }).unwrap()
            })
        };
        assert_eq!(settle(&before.body, &Calendar::published()), None);
        let after = settle(&before.body, &longer()).unwrap();
        let [wait] = &after.waits[..] else { panic!("{after:?}") };
        assert_eq!(wait.deadline.as_ref().unwrap().due_on, day("2027-01-04"));
        assert_eq!(
            (after.state, after.action, after.from),
            (before.state, Some("settle"), Some(before.state))
        );
        assert_eq!((after.effects.len(), after.title == before.title), (0, true));
        assert_eq!(settle(&after.body, &longer()), None);
    }
}
