//! The course of an exit, from its filing or its ground to the accepted deletion: what is done, what is next, by when.
//!
//! Invariant: it follows from the body alone, but for the day on which interfaces close, which is asked of the rule that
//! closes them. What was not done when the channel ended is left out by the course, not called done.

use super::{Action, Exit, State};
use crate::matter::{Party, Scene};
use crate::name::names;
use crate::time::BusinessDate;

names! {
    /// A stage of an exit.
    Milestone {
        /// The owner asks to leave.
        Filed = "filed",
        /// The operator proposes to force it out.
        Proposed = "proposed",
        /// A second person confirms that.
        Confirmed = "confirmed",
        /// The provinces of its regions are asked.
        Consulted = "consulted",
        /// The ministry agrees.
        Approved = "approved",
        /// The operator notifies it: the transition begins.
        Notified = "notified",
        /// Holders are prompted and guided to other channels.
        Prompted = "prompted",
        /// The exit is announced.
        Announced = "announced",
        /// Interfaces and portal are closed.
        Closed = "closed",
        /// The deletion of all raw data is certified.
        Certified = "certified",
        /// The certificate is accepted.
        Accepted = "accepted",
    }
    /// Where a stage stands.
    Standing {
        /// Over.
        Done = "done",
        /// Somebody has to do it now.
        Current = "current",
        /// It comes later.
        Ahead = "ahead",
        /// The channel ended without it.
        Skipped = "skipped",
    }
}

/// A stage as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Which.
    pub milestone: Milestone,
    /// Where it stands.
    pub standing: Standing,
    /// When it was done, once it is.
    pub done_on: Option<BusinessDate>,
    /// Its last day, or the last day of service for the closing; while it is known and not done.
    pub due_on: Option<BusinessDate>,
}

impl Milestone {
    /// Who does it.
    pub const fn party(self) -> Party {
        match self {
            Self::Filed | Self::Prompted | Self::Announced | Self::Certified => Party::Owner,
            Self::Consulted => Party::Province,
            Self::Approved => Party::Ministry,
            Self::Proposed | Self::Confirmed | Self::Notified | Self::Accepted => Party::Operator,
            Self::Closed => Party::Platform,
        }
    }

    /// The actions that carry it on.
    pub const fn actions(self) -> &'static [Action] {
        match self {
            Self::Filed | Self::Proposed => &[],
            Self::Consulted => &[Action::Consult, Action::Reply],
            Self::Approved => &[Action::Approve, Action::Refuse],
            Self::Confirmed => &[Action::Confirm, Action::Reject],
            Self::Notified => &[Action::Notify],
            Self::Prompted => &[Action::Prompt],
            Self::Announced => &[Action::Announce],
            Self::Closed => &[Action::Close],
            Self::Certified => &[Action::Certify],
            Self::Accepted => &[Action::Accept, Action::Return],
        }
    }

    /// By which clause.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Filed => "CH-32.2",
            Self::Proposed | Self::Confirmed => "CH-35.0",
            Self::Consulted | Self::Approved => "CH-33.1",
            Self::Notified => "CH-33.2",
            Self::Prompted => "CH-34.1",
            Self::Announced => "CH-34.3",
            Self::Closed => "CH-33.3",
            Self::Certified | Self::Accepted => "CH-36.1",
        }
    }
}

/// The course of an exit by its stored body; nothing of a body that is none.
pub fn course(body: &str, scene: &Scene<'_>) -> Vec<Stage> {
    serde_json::from_str::<Exit>(body).map(|exit| exit.course(scene)).unwrap_or_default()
}

impl Exit {
    /// Its stages in their order.
    pub fn course(&self, scene: &Scene<'_>) -> Vec<Stage> {
        let stages = self.milestones().iter().map(|milestone| {
            let done_on = self.done_on(*milestone);
            let standing = self.standing(*milestone, done_on.is_some());
            let is_open = matches!(standing, Standing::Current | Standing::Ahead);
            let due_on = if is_open { self.due_on(*milestone, scene) } else { None };
            Stage { milestone: *milestone, standing, done_on, due_on }
        });
        stages.collect()
    }

    /// The way out that this one is. What the platform has opened begins with the end of the channel.
    fn milestones(&self) -> &'static [Milestone] {
        use Milestone as M;
        match (&self.voluntary, &self.forced) {
            (Some(_), _) => &[
                M::Filed,
                M::Consulted,
                M::Approved,
                M::Notified,
                M::Prompted,
                M::Announced,
                M::Closed,
                M::Certified,
                M::Accepted,
            ],
            _ if self.opened.by.party == Party::Platform => &[M::Closed, M::Certified, M::Accepted],
            (None, Some(forced)) if forced.ground == super::Ground::GradeThree => {
                &[M::Proposed, M::Confirmed, M::Closed, M::Certified, M::Accepted]
            }
            (None, _) => &[M::Proposed, M::Confirmed, M::Prompted, M::Closed, M::Certified, M::Accepted],
        }
    }

    fn done_on(&self, milestone: Milestone) -> Option<BusinessDate> {
        let day = |stamp: &super::Stamp| stamp.at.business_date();
        let asked = self.consultation.iter().flat_map(|consultation| &consultation.asked);
        let decided = self.decision.as_ref().map(|said| day(&said.stamp));
        let is_refused = matches!(self.state, State::Refused | State::Rejected);
        match milestone {
            Milestone::Filed | Milestone::Proposed => Some(day(&self.opened)),
            Milestone::Consulted => {
                let said = asked.clone().filter_map(|asked| asked.opinion.as_ref());
                let last = said.map(|(_, said)| day(&said.stamp)).max();
                let is_whole = asked.clone().all(|asked| asked.opinion.is_some());
                if is_whole || decided.is_some() { last.or(decided) } else { None }
            }
            Milestone::Approved | Milestone::Confirmed => decided.filter(|_| !is_refused),
            Milestone::Notified => self.transition.as_ref().map(|transition| transition.starts_on),
            Milestone::Prompted => self.prompts.iter().map(|prompted| prompted.prompt.prompted_on).max(),
            Milestone::Announced => self.announcement.as_ref().map(|announcement| announcement.from_on),
            Milestone::Closed => self.closed_on,
            Milestone::Certified => {
                let is_filed = matches!(self.state, State::Certified | State::Closed);
                self.certificates.last().filter(|_| is_filed).map(|filed| day(&filed.stamp))
            }
            Milestone::Accepted => {
                let review = self.certificates.last().and_then(|filed| filed.review.as_ref());
                review.filter(|_| self.is_closed()).map(|said| day(&said.stamp))
            }
        }
    }

    fn standing(&self, milestone: Milestone, is_done: bool) -> Standing {
        use Milestone as M;
        let is_current = match self.state {
            State::Filed | State::Consulting if milestone == M::Approved => {
                self.done_on(M::Consulted).is_some()
            }
            State::Filed | State::Consulting => milestone == M::Consulted,
            State::Approved => milestone == M::Notified,
            State::Proposed => milestone == M::Confirmed,
            State::Transition => match milestone {
                M::Prompted | M::Announced => true,
                // The owner's part is over: what is left is the last day.
                M::Closed => self.voluntary.is_none() || self.announcement.is_some(),
                _ => false,
            },
            State::Deleting => milestone == M::Certified,
            State::Certified => milestone == M::Accepted,
            State::Refused | State::Withdrawn | State::Rejected | State::Closed => false,
        };
        let is_over = self.closed_on.is_some() || self.has_ended_early();
        match (is_done, is_current) {
            (true, _) => Standing::Done,
            (false, true) => Standing::Current,
            (false, false) if is_over && (milestone < M::Closed || self.has_ended_early()) => {
                Standing::Skipped
            }
            (false, false) => Standing::Ahead,
        }
    }

    fn has_ended_early(&self) -> bool {
        matches!(self.state, State::Refused | State::Withdrawn | State::Rejected)
    }

    fn due_on(&self, milestone: Milestone, scene: &Scene<'_>) -> Option<BusinessDate> {
        match milestone {
            Milestone::Consulted => self.consultation.as_ref().map(|consultation| consultation.due.due_on),
            Milestone::Prompted => self.transition.as_ref().map(|transition| transition.due_on),
            // What is waited for says its last day; announced later, it closes later (R18).
            Milestone::Announced => self
                .leaving(scene)
                .into_iter()
                .find(|wait| wait.task == "announce")?
                .deadline
                .map(|due| due.due_on),
            Milestone::Closed => {
                let is_leaving = self.state == State::Transition;
                self.last_day()
                    .and_then(|day| if is_leaving { self.closes_on(scene).ok() } else { Some(day) })
            }
            Milestone::Certified => self.closed_on,
            Milestone::Filed
            | Milestone::Proposed
            | Milestone::Confirmed
            | Milestone::Approved
            | Milestone::Notified
            | Milestone::Accepted => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{announce, consulting, in_transition};
    use super::*;
    use crate::matter::testing::{Play, by};
    use std::fmt::Write;

    /// What is not ahead without a day: a line for each stage, as a page shows it.
    fn told(play: &Play) -> Vec<String> {
        let body = &play.matter.as_ref().unwrap().body;
        let stages = play.on_stage(by(Party::Owner, 1, "330000"), |scene| course(body, scene));
        let line = |stage: &Stage| {
            let mut line = format!("{} {}", stage.milestone, stage.standing);
            if let Some(day) = stage.done_on {
                _ = write!(line, " {day}");
            }
            if let Some(day) = stage.due_on {
                _ = write!(line, " by {day}");
            }
            line
        };
        stages.iter().map(line).collect()
    }

    /// CH-32.2, CH-33.1, CH-33.2, CH-34.1, CH-34.3, CH-33.3, CH-36.1, R17, R18: what is done, what is next, by when.
    #[test]
    fn an_exit_says_what_is_done_and_what_is_next() {
        let mut play = consulting();
        assert_eq!(
            told(&play)[..4],
            ["filed done 2026-03-02", "consulted current by 2026-03-16", "approved ahead", "notified ahead"]
        );
        play = in_transition("2026-04-20");
        assert_eq!(
            told(&play)[3..],
            [
                "notified done 2026-04-20",
                "prompted current by 2026-05-20",
                "announced current by 2026-05-05",
                "closed ahead",
                "certified ahead",
                "accepted ahead"
            ],
            "without an announcement nothing closes, so there is no day"
        );
        play.on("2026-05-10").act(Party::Owner, &announce("2026-05-10", "2026-06-30")).unwrap();
        assert_eq!(
            told(&play)[5..7],
            ["announced done 2026-05-10", "closed current by 2026-05-25"],
            "fifteen days after it was announced, later than the transition"
        );
        play.on("2026-05-26").act(Party::Platform, r#"{"action":"close"}"#).unwrap();
        assert_eq!(
            told(&play)[4..],
            [
                "prompted skipped",
                "announced done 2026-05-10",
                "closed done 2026-05-26",
                "certified current by 2026-05-26",
                "accepted ahead"
            ],
            "what was not done is not called done"
        );
    }

    /// CH-31.3, R19: a termination leaves out what was still to come before the closing.
    #[test]
    fn a_termination_skips_what_was_to_come() {
        let mut play = consulting();
        play.on("2026-03-05").act(Party::Platform, r#"{"action":"terminate"}"#).unwrap();
        assert_eq!(
            told(&play)[1..8],
            [
                "consulted skipped",
                "approved skipped",
                "notified skipped",
                "prompted skipped",
                "announced skipped",
                "closed done 2026-03-05",
                "certified current by 2026-03-05"
            ]
        );
    }

    /// What anybody does to an exit belongs to one stage, but for what ends it.
    #[test]
    fn every_action_carries_on_one_stage() {
        for action in Action::ALL {
            let stages = Milestone::ALL.iter().filter(|stage| stage.actions().contains(action)).count();
            let ends = matches!(action, Action::Withdraw | Action::Terminate);
            assert_eq!(stages, usize::from(!ends), "{action}");
        }
    }

    /// CH-32.2: whoever stays has nothing ahead.
    #[test]
    fn an_exit_that_was_withdrawn_goes_nowhere() {
        let mut play = consulting();
        play.act(Party::Owner, r#"{"action":"withdraw"}"#).unwrap();
        assert!(told(&play)[1..].iter().all(|line| line.ends_with("skipped")), "{:?}", told(&play));
    }
}
