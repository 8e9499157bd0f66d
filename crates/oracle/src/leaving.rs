//! The days of an exit: two months ahead (CH-32.2), a transition of a month (CH-33.2, R19), fifteen days of announcement
//! (CH-34.3), and a certificate of deletion before the end (CH-36.1).

use crate::{CaseNo, Day, Number, Oracle, Step};

impl Oracle {
    /// What the days of an exit say about its newest step.
    pub(crate) fn leaves(&mut self, step: &Step) {
        if step.kind != "exit" {
            return;
        }
        match step.action.as_str() {
            "open" if step.party == "owner" => {
                let months = i32::try_from(self.number(Number::ExitNotice)).unwrap_or(i32::MAX);
                let earliest = step.day.plus_months(months);
                let is_ahead = step.brought.day.is_some_and(|planned| planned >= earliest);
                self.check(is_ahead, || {
                    format!(
                        "CH-32.2: exit {} is planned for {:?}, before {earliest}",
                        step.case, step.brought.day
                    )
                });
            }
            "close" => {
                let last = self.last_day(step.case);
                self.check(last.is_some_and(|last| last < step.day), || {
                    format!(
                        "CH-33.3: exit {} was closed on {}, and serves until {last:?}",
                        step.case, step.day
                    )
                });
            }
            "accept" => {
                let is_certified = self.has_done_since(step.case, "accept", "certify");
                self.check(is_certified, || {
                    format!("CH-36.1: exit {} ended without a certificate of deletion", step.case)
                });
            }
            _ => {}
        }
    }

    /// The last day on which the channel of an exit serves; none while it is not known.
    fn last_day(&self, exit: CaseNo) -> Option<Day> {
        let case = self.cases.get(&exit)?;
        let step = |action: &str| case.steps.iter().rfind(|step| step.action == action);
        let opened = case.steps.first()?;
        if opened.party == "owner" {
            let announced = step("announce")?.brought.day?;
            let days = self.number_on(Number::ExitAnnouncement, announced);
            let days = i32::try_from(days).unwrap_or(i32::MAX);
            let transition = step("notify")?.day.plus_months(1);
            return Some(opened.brought.day?.max(transition).max(announced.plus(days)));
        }
        let confirmed = step("confirm")?.day;
        Some(opened.brought.day.map_or(confirmed.plus_months(1), |until| until.max(confirmed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Brought;

    fn step(number: i64, day: i32, party: &str, action: &str, brought: Option<i32>) -> Step {
        Step {
            case: 7,
            kind: "exit".into(),
            channel: Some(1),
            number,
            day: Day(day),
            party: party.into(),
            person: None,
            action: action.into(),
            from: (number > 1).then(|| "transition".to_owned()),
            to: "transition".into(),
            brought: Brought { day: brought.map(Day), ..Brought::default() },
        }
    }

    /// What of the days is found wrong; the states are not looked at here.
    fn wrong(steps: &[Step]) -> Vec<String> {
        let mut oracle = Oracle::new();
        steps.iter().for_each(|step| oracle.step(step));
        oracle.found().iter().filter(|wrong| wrong.contains("CH-3")).cloned().collect()
    }

    #[test]
    fn an_exit_has_its_days() {
        let begin = Day::parse("2026-01-15").unwrap().0;
        let ahead = |day: i32| wrong(&[step(1, begin, "owner", "open", Some(begin + day))]).len();
        assert_eq!((ahead(58), ahead(59)), (1, 0), "two months from 15 January end on 15 March");
        let close = |announced: i32, day: i32| {
            let steps = [
                step(1, begin, "owner", "open", Some(begin + 59)),
                step(2, begin + 20, "operator", "notify", None),
                step(3, begin + announced, "owner", "announce", Some(begin + announced)),
                step(4, begin + day, "operator", "close", None),
            ];
            wrong(&steps).len()
        };
        assert_eq!((close(30, 59), close(30, 60)), (1, 0), "it serves until the planned day");
        assert_eq!((close(50, 65), close(50, 66)), (1, 0), "and for 15 days of announcement");
        assert_eq!(wrong(&[step(1, begin, "operator", "accept", None)]).len(), 1, "nothing was deleted");
    }
}
