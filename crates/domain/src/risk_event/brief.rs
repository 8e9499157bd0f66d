//! What a list tells of a risk event, and what is found of a rectification before it is retested.
//!
//! Invariant: nothing here is decided; it is read from the body that the steps have left.

use super::{Grade, RiskEvent, State};
use crate::channel::Withheld;
use crate::id::AttachmentId;

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Its grade, once two people have said it (CH-31.0).
    pub grade: Option<Grade>,
    /// What its measure withholds now.
    pub withheld: Option<Withheld>,
}

/// A rectification that waits for its retest, and whether a report says that it passed one (CH-31.1, CH-31.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retest {
    /// The clause that lets it be restored when it passes.
    pub clause: &'static str,
    /// The report that the owner filed with it.
    pub report: Option<AttachmentId>,
}

/// What a list tells of a stored event; nothing of a body that is none.
pub fn brief(body: &str) -> Option<Brief> {
    let event: RiskEvent = serde_json::from_str(body).ok()?;
    Some(Brief { grade: event.grade(), withheld: event.withheld })
}

/// The rectification of a stored event that waits for its retest.
pub fn retest(body: &str) -> Option<Retest> {
    let event: RiskEvent = serde_json::from_str(body).ok()?;
    let (State::Retesting, Some(grade)) = (event.state, event.grade()) else { return None };
    Some(Retest { clause: grade.clause(), report: event.attempts.last().and_then(|attempt| attempt.report) })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{graded, reported};
    use super::super::{Graded, Refusal};
    use super::*;
    use crate::matter::testing::Play;
    use crate::matter::{Party, Refused};
    use crate::refusal::Refuse;

    fn told(play: &Play) -> Brief {
        brief(&play.matter.as_ref().unwrap().body).unwrap()
    }

    fn rectify(report: Option<u8>) -> String {
        let report = report.map(|id| format!(r#","report":"{}""#, AttachmentId::from_bytes([id; 16])));
        format!(r#"{{"action":"rectify","words":"已修复"{}}}"#, report.unwrap_or_default())
    }

    /// CH-31.0, CH-31.1, CH-31.2, CH-31.3, R9, R10: a list tells the grade that two people have said, and what is withheld now.
    #[test]
    fn a_list_tells_the_grade_and_what_is_withheld() {
        let ungraded = reported();
        assert_eq!(told(&ungraded), Brief { grade: None, withheld: Some(Withheld::All) });
        for (cause, grade, withheld) in [
            ("page_tampering", Grade::One, Some(Withheld::NewHolders)),
            ("ordinary_leak", Grade::Two, Some(Withheld::All)),
        ] {
            assert_eq!(told(&graded(cause)), Brief { grade: Some(grade), withheld });
        }
        assert_eq!(told(&graded("data_retained")).grade, Some(Grade::Three));
        let mut restored = graded("page_tampering");
        restored.act(Party::Owner, &rectify(None)).unwrap();
        restored.act(Party::Operator, r#"{"action":"pass","words":"复测达标"}"#).unwrap();
        assert_eq!(told(&restored), Brief { grade: Some(Grade::One), withheld: None });
        for grade in [None, Some(Grade::One), Some(Grade::Two), Some(Grade::Three)] {
            assert_eq!(Graded::ALL.iter().filter(|graded| graded.is(grade)).count(), 1, "{grade:?}");
        }
    }

    /// CH-31.1, CH-31.2: whoever retests sees whether a report was filed; one that is named has arrived, as a document of the owner.
    #[test]
    fn a_rectification_may_bring_the_report_of_its_retest() {
        for (cause, clause) in [("page_tampering", "CH-31.1"), ("ordinary_leak", "CH-31.2")] {
            let mut play = graded(cause);
            play.files = vec![Play::file(3, "retest_report")];
            play.files.push(Play::file(5, "material"));
            play.files[0].content_type = "image/png".to_owned();
            let body = |play: &Play| play.matter.as_ref().unwrap().body.clone();
            // A picture, a file that is not there, one that was sent as something else, one that somebody else has sent.
            play.files.push(Play::file(6, "retest_report"));
            play.files[2].org = crate::id::OrgId::from_bytes([9; 16]);
            for id in [3, 4, 5, 6] {
                let Err(Refused::Fields(faults)) = play.act(Party::Owner, &rectify(Some(id))) else {
                    panic!("{id}")
                };
                assert_eq!(
                    (faults[0].pointer.as_str(), faults[0].refusal.code()),
                    ("/report", Refusal::Report.code())
                );
            }
            assert_eq!(retest(&body(&play)), None, "nothing waits for a retest");
            play.files[0].content_type = "application/pdf".to_owned();
            play.act(Party::Owner, &rectify(Some(3))).unwrap();
            let report = Some(AttachmentId::from_bytes([3; 16]));
            assert_eq!(retest(&body(&play)), Some(Retest { clause, report }));
            play.act(Party::Operator, r#"{"action":"fail","words":"仍可越权"}"#).unwrap();
            assert!(
                play.act(Party::Owner, &rectify(Some(3))).is_err(),
                "the report of the retest that failed"
            );
            play.act(Party::Owner, &rectify(None)).unwrap();
            assert_eq!(
                retest(&body(&play)),
                Some(Retest { clause, report: None }),
                "of this attempt, not of the one before"
            );
        }
    }
}
