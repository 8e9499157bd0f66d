//! What comes with a formal filing and with a new contact: whom to ask (CH-16.1), the report and the films (CH-F3.2), and that
//! the operator is told at once (CH-16.3).

use crate::{CaseNo, Oracle, Step};

/// What a formal filing has with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filing {
    /// The contact's name, mobile number and e-mail address.
    pub contact: [String; 3],
    /// Which recordings came, by system.
    pub recordings: Vec<String>,
}

/// The systems that are recorded, one film each.
const SYSTEMS: [&str; 2] = ["android", "ios"];

impl Filing {
    /// Whether somebody is named and can be reached.
    fn has_contact(&self) -> bool {
        let [name, phone, email] = &self.contact;
        let is_mobile = phone.len() == 11 && phone.bytes().all(|digit| digit.is_ascii_digit());
        !name.trim().is_empty() && is_mobile && email.contains('@')
    }
}

impl Oracle {
    /// What is wrong with what came with the newest step.
    pub(crate) fn comes_with(&mut self, step: &Step) {
        match (step.kind.as_str(), step.action.as_str(), step.to.as_str()) {
            ("application", "file_formal", _) => {
                let has_report = step.channel.is_some_and(|channel| self.was_submitted(channel));
                let films = step.brought.filing.as_ref().map(|filing| {
                    let mut films: Vec<_> = filing.recordings.iter().map(String::as_str).collect();
                    films.sort_unstable();
                    films == SYSTEMS
                });
                self.uphold("CH-F3.2", has_report && films == Some(true), || {
                    format!("application {} was filed formally with {:?}", step.case, step.brought.filing)
                });
            }
            ("application", "open", "noted") => {
                self.uphold("CH-16.3", step.brought.told == Some(true), || {
                    format!("the operator was not told of the contact in application {}", step.case)
                });
            }
            _ => {}
        }
    }

    /// CH-16.1: who is formally admitted has said whom to ask, in the filing that was admitted.
    pub(crate) fn has_contact(&mut self, application: CaseNo) {
        let filed = self.cases.get(&application).and_then(|case| {
            let filed = case.steps.iter().rfind(|step| step.action == "file_formal")?;
            filed.brought.filing.clone()
        });
        self.uphold("CH-16.1", filed.as_ref().is_some_and(Filing::has_contact), || {
            format!("application {application} ends in access, and whom to ask is {filed:?}")
        });
    }

    /// Whether a security report of the channel was ever submitted.
    fn was_submitted(&self, channel: crate::ChannelNo) -> bool {
        let mut reports = self.cases_of(channel).filter(|(_, case)| case.kind == "security_report");
        reports.any(|(_, case)| case.steps.iter().any(|step| step.action == "submit"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Brought, Day};

    fn step(case: CaseNo, kind: &str, action: &str, to: &str, brought: Brought) -> Step {
        Step {
            case,
            kind: kind.into(),
            channel: Some(1),
            number: 1,
            day: Day(20_000),
            party: "owner".into(),
            person: None,
            action: action.into(),
            from: None,
            to: to.into(),
            brought,
        }
    }

    /// What is found wrong under a clause, and how often it was upheld.
    fn judged(clause: &str, play: impl FnOnce(&mut Oracle)) -> (usize, u64) {
        let mut oracle = Oracle::new();
        play(&mut oracle);
        let wrong = oracle.found().iter().filter(|wrong| wrong.contains(clause)).count();
        (wrong, oracle.upheld().get(clause).copied().unwrap_or(0))
    }

    fn filing(contact: [&str; 3], recordings: &[&str]) -> Brought {
        let recordings = recordings.iter().map(ToString::to_string).collect();
        Brought {
            filing: Some(Filing { contact: contact.map(str::to_owned), recordings }),
            ..Brought::default()
        }
    }

    const SOMEBODY: [&str; 3] = ["联系人", "13812341234", "a@example.cn"];

    #[test]
    fn a_formal_filing_comes_with_report_and_films() {
        let file = |films: &[&str], has_report: bool| {
            judged("CH-F3.2", |oracle| {
                if has_report {
                    oracle.step(&step(2, "security_report", "submit", "filed", Brought::default()));
                }
                let brought = filing(SOMEBODY, films);
                oracle.step(&step(1, "application", "file_formal", "first_review", brought));
            })
        };
        assert_eq!(file(&["ios", "android"], true), (0, 1));
        assert_eq!(file(&["ios", "android"], false), (1, 0));
        assert_eq!(file(&["ios"], true), (1, 0));
        assert_eq!(file(&["ios", "ios", "android"], true), (1, 0));
    }

    #[test]
    fn access_wants_somebody_to_ask() {
        let admit = |contact: [&str; 3]| {
            judged("CH-16.1", |oracle| {
                let brought = filing(contact, &[]);
                oracle.step(&step(1, "application", "file_formal", "first_review", brought));
                oracle.has_contact(1);
            })
        };
        assert_eq!(admit(SOMEBODY), (0, 1));
        assert_eq!(admit(["", "13812341234", "a@example.cn"]), (1, 0));
        assert_eq!(admit(["联系人", "1381234123", "a@example.cn"]), (1, 0));
        assert_eq!(admit(["联系人", "13812341234", ""]), (1, 0));
    }

    #[test]
    fn the_operator_is_told_of_a_new_contact() {
        let note = |told: Option<bool>| {
            judged("CH-16.3", |oracle| {
                let brought = Brought { told, ..Brought::default() };
                oracle.step(&step(1, "application", "open", "noted", brought));
            })
        };
        assert_eq!((note(Some(true)), note(Some(false)), note(None)), ((0, 1), (1, 0), (1, 0)));
    }
}
