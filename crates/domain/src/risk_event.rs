//! A security risk event (安全风险事件): reported or found, contained at once, graded by two people, rectified,
//! observed (CH-27, CH-30, CH-31).
//!
//! Invariant: from its opening until a retest passes, what it withholds is withheld; nothing ends that but a passed
//! retest or two people who say that it was no event. A grade is one person's proposal and another's confirmation
//! (R10). Grade 3 revokes the channel's keys and ends it in the same step (CH-31.3). Nothing is closed before its cause
//! is known (CH-27.3). A month that passes in vain ends nothing by itself: operator and ministry decide (R8).
//!
//! A channel may have several events at once. What level 2 does, its level-1 channel is told (CH-11.4c).

mod brief;
mod steps;
#[cfg(test)]
mod tests;
mod words;

pub use brief::{Brief, Retest, brief, retest};
pub use words::{Action, Cause, Decision, Grade, Graded, Incident, Involved, Refusal, State};

use crate::channel::{ChannelNumber, Phase, Withheld};
use crate::id::{AttachmentId, ChannelId, MatterId};
use crate::matter::{
    By, Deadline, Effect, Expiry, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

/// A risk event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventBody))]
pub struct RiskEvent {
    state: State,
    incident: Incident,
    discovered_at: Timestamp,
    reported_at: Timestamp,
    reported_by: By,
    /// The owner reported it later than the alarm allows (R20).
    is_late_report: bool,
    words: String,
    involves: Vec<Involved>,
    suspected: Option<Cause>,
    /// What the data involved suggests; an aid and no more (R10).
    suggested: Option<Grade>,
    /// The notice that was not heeded.
    notice: Option<MatterId>,
    /// The channel was late with its security test when it happened (CH-28.6b).
    is_mainly_liable: bool,
    /// The level-1 channel that is liable too (CH-11.4c).
    jointly_liable: Option<ChannelId>,
    /// Handled under the rules on state secrets (CH-27.4).
    is_secret: bool,
    /// What its measure withholds now.
    withheld: Option<Withheld>,
    proposal: Option<Proposal>,
    finding: Option<Finding>,
    /// What the second person said to the grade.
    confirmed: Option<Said>,
    rectification: Option<Deadline>,
    is_renewed: bool,
    /// The months that passed in vain, by their last days (R8).
    missed_on: Vec<BusinessDate>,
    attempts: Vec<Attempt>,
    decision: Option<Proposed>,
    /// What the ministry said each time it agreed to a decision.
    agreed: Vec<Said>,
    root_cause: Option<Said>,
    observation: Option<Deadline>,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventSaid))]
struct Said {
    words: String,
    by: By,
    at: Timestamp,
}

/// What the first person proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventProposal))]
struct Proposal {
    /// None: it is no event.
    finding: Option<Finding>,
    said: Said,
}

/// What two people found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventFinding))]
struct Finding {
    cause: Cause,
    grade: Grade,
    /// What is withheld for it.
    withheld: Withheld,
    recipient: Option<Recipient>,
    /// To be reported to the police (CH-31.3).
    is_crime_suspected: bool,
}

/// To whom something was passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventRecipient))]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Who.
    name: String,
    /// The number that the platform gave it, if it has one: then it was approved itself (R11).
    #[serde(default)]
    number: Option<ChannelNumber>,
}

/// A rectification and its retest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventAttempt))]
struct Attempt {
    rectified: Said,
    /// That it was tested again, as a file; none of what was rectified before reports were asked for.
    #[serde(default)]
    report: Option<AttachmentId>,
    retested: Option<Said>,
    has_passed: bool,
}

/// A decision that waits for the ministry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventProposed))]
struct Proposed {
    decision: Decision,
    said: Said,
}

/// What opens one.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    incident: Incident,
    discovered_at: Timestamp,
    words: String,
    #[serde(default)]
    involves: Vec<Involved>,
    #[serde(default)]
    suspected: Option<Cause>,
    #[serde(default)]
    containment: Option<Withheld>,
    #[serde(default)]
    notice: Option<MatterId>,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RiskEventInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// What is withheld until it is graded.
    Contain {
        /// It.
        withheld: Withheld,
        /// Why.
        words: String,
    },
    /// Cause and grade.
    Propose {
        /// The cause, which gives the grade.
        cause: Cause,
        /// Why.
        words: String,
        /// The part that grade 1 suspends; new holders if nothing is said (R9).
        #[serde(default)]
        withheld: Option<Withheld>,
        /// To whom it was passed.
        #[serde(default)]
        recipient: Option<Recipient>,
        /// Whether it is to be reported to the police.
        #[serde(default)]
        is_crime_suspected: bool,
    },
    /// No event.
    ProposeDismissal {
        /// Why.
        words: String,
    },
    /// Agreed.
    Confirm {
        /// Why.
        words: String,
    },
    /// Not agreed.
    Reject {
        /// Why.
        words: String,
    },
    /// What was done.
    Rectify {
        /// It.
        words: String,
        /// The report of a retest, if there is one: a PDF of the matter.
        #[serde(default)]
        report: Option<AttachmentId>,
    },
    /// The retest passed.
    Pass {
        /// What was tested.
        words: String,
    },
    /// The retest failed.
    Fail {
        /// What still is wrong.
        words: String,
    },
    /// The month is over.
    Expire {},
    /// What to do now.
    ProposeDecision {
        /// It.
        decision: Decision,
        /// Why.
        words: String,
    },
    /// Agreed.
    Agree {
        /// Why.
        words: String,
    },
    /// Not agreed.
    Disagree {
        /// Why.
        words: String,
    },
    /// Why it happened.
    RecordCause {
        /// It.
        words: String,
    },
    /// State secrets are touched.
    Escalate {
        /// How.
        words: String,
    },
    /// It is over.
    Close {},
}

impl RiskEvent {
    /// Its grade, once two people have said it.
    pub fn grade(&self) -> Option<Grade> {
        self.finding.as_ref().map(|finding| finding.grade)
    }

    /// Its cause, once two people have said it.
    pub fn cause(&self) -> Option<Cause> {
        self.finding.as_ref().map(|finding| finding.cause)
    }

    /// The day it was raised, by which a term of an agreement knows it (R6).
    pub fn raised_on(&self) -> BusinessDate {
        self.reported_at.business_date()
    }

    /// Whether it turned out to be none.
    pub fn is_dismissed(&self) -> bool {
        self.state == State::Dismissed
    }

    /// The last day of the observation, once rectification has passed (CH-24.3).
    pub fn observed_until(&self) -> Option<BusinessDate> {
        self.observation.as_ref().map(|period| period.due_on)
    }

    /// Whether the channel is to be forced out by decision, or is terminated.
    pub const fn ends_the_channel(&self) -> bool {
        matches!(self.state, State::Exiting | State::Terminated)
    }

    /// Opens one about an upgrade that a notice asked for and that was not done in time (CH-31.1.1, CH-31.2.4).
    pub fn missed_upgrade(cause: Cause, notice: MatterId, scene: &Scene<'_>) -> Effect {
        // A functional upgrade is of grade 1 at most: a part is withheld from the start.
        let containment = match cause.grade() {
            Grade::One => Some(Withheld::NewHolders),
            Grade::Two | Grade::Three => None,
        };
        let opening = serde_json::json!({
            "incident": Incident::MissedUpgrade,
            "discovered_at": scene.at,
            "words": cause.zh(),
            "suspected": cause,
            "containment": containment,
            "notice": notice,
        });
        Effect::Open { kind: Kind::RiskEvent, opening: opening.to_string() }
    }
}

impl Matter for RiskEvent {
    const KIND: Kind = Kind::RiskEvent;
    const OPENED_BY: &'static [Party] = &[Party::Owner, Party::Operator, Party::Ministry, Party::Platform];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    /// What a channel did is looked into after its exit too, as long as it was not ended for it.
    fn opens_in(phase: Phase, _: Party) -> Result<(), Refused> {
        if phase == Phase::Terminated { Err(Refusal::Terminated.into()) } else { Ok(()) }
    }

    /// CH-30.1: it is contained at once, which stops the channel; an owner that reports its own is not kept waiting.
    fn opens_afresh(party: Party) -> bool {
        matches!(party, Party::Operator | Party::Ministry)
    }

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        steps::open(opening, scene)
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        match (state, action) {
            (State::Closed | State::Dismissed, _) => &[],
            (State::Contained, Action::Contain | Action::RecordCause | Action::Escalate) => {
                &[State::Contained]
            }
            (State::Contained, Action::Propose | Action::ProposeDismissal) => &[State::Proposed],
            (State::Proposed, Action::Confirm) => &[State::Rectifying, State::Terminated, State::Dismissed],
            (State::Proposed, Action::Reject) => &[State::Contained],
            (State::Proposed, Action::RecordCause | Action::Escalate) => &[State::Proposed],
            (State::Rectifying, Action::Rectify) => &[State::Retesting],
            (State::Rectifying, Action::Expire) => &[State::Overdue],
            (State::Rectifying, Action::RecordCause | Action::Escalate) => &[State::Rectifying],
            (State::Retesting, Action::Pass) => &[State::Observing],
            (State::Retesting, Action::Fail) => &[State::Rectifying, State::Overdue],
            (State::Retesting, Action::RecordCause | Action::Escalate) => &[State::Retesting],
            (State::Overdue | State::Exiting, Action::ProposeDecision) => &[State::Deciding],
            (State::Overdue, Action::RecordCause | Action::Escalate) => &[State::Overdue],
            (State::Deciding, Action::Agree) => &[State::Rectifying, State::Terminated, State::Exiting],
            (State::Deciding, Action::Disagree) => &[State::Overdue],
            (State::Deciding, Action::RecordCause | Action::Escalate) => &[State::Deciding],
            (State::Observing, Action::RecordCause | Action::Escalate) => &[State::Observing],
            (State::Exiting, Action::RecordCause | Action::Escalate) => &[State::Exiting],
            (State::Terminated, Action::RecordCause | Action::Escalate) => &[State::Terminated],
            (
                State::Rectifying
                | State::Retesting
                | State::Overdue
                | State::Deciding
                | State::Observing
                | State::Exiting
                | State::Terminated,
                Action::Close,
            ) => &[State::Closed],
            (
                State::Contained
                | State::Proposed
                | State::Rectifying
                | State::Retesting
                | State::Overdue
                | State::Deciding
                | State::Observing
                | State::Exiting
                | State::Terminated,
                _,
            ) => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        const OWNER: &[Party] = &[Party::Owner];
        const OPERATOR: &[Party] = &[Party::Operator];
        const MINISTRY: &[Party] = &[Party::Ministry];
        const EITHER: &[Party] = &[Party::Operator, Party::Ministry];
        const SECOND: &[Need] = &[Need::Words, Need::StepUp, Need::SecondPerson];
        const WORDS: &[Need] = &[Need::Words];
        let (by, zh, en, clause, needs): (&[Party], _, _, _, &[Need]) = match action {
            Action::Contain => (
                OPERATOR,
                "调整临时处置范围",
                "Change what is withheld",
                "CH-30.1",
                &[Need::Words, Need::StepUp],
            ),
            Action::Propose => {
                (OPERATOR, "提出定级", "Propose a grade", "CH-31.0", &[Need::Form, Need::Words])
            }
            Action::ProposeDismissal => (OPERATOR, "提出不构成事件", "Propose to dismiss", "CH-31.0", WORDS),
            Action::Confirm => (EITHER, "复核同意", "Confirm", "R10", SECOND),
            Action::Reject => (EITHER, "复核退回", "Reject", "R10", &[Need::Words, Need::SecondPerson]),
            Action::Rectify => {
                (OWNER, "提交整改结果", "Report the rectification", "CH-31.1", &[Need::Form, Need::Words])
            }
            Action::Pass => {
                (OPERATOR, "复测达标，恢复服务", "Pass and restore", "CH-31.1", &[Need::Words, Need::StepUp])
            }
            Action::Fail => (OPERATOR, "复测未达标", "Fail", "CH-31.1", WORDS),
            Action::Expire => (&[Party::Platform], "整改期满", "Record that the month has passed", "R8", &[]),
            Action::ProposeDecision => {
                (OPERATOR, "提出逾期处理意见", "Propose what to do", "R8", &[Need::Form, Need::Words])
            }
            Action::Agree => (MINISTRY, "同意处理意见", "Agree", "R8", SECOND),
            Action::Disagree => (MINISTRY, "不同意处理意见", "Disagree", "R8", WORDS),
            Action::RecordCause => {
                (&[Party::Owner, Party::Operator], "记录事件原因", "Record the cause", "CH-27.3", WORDS)
            }
            Action::Escalate => (EITHER, "按保密规定处理", "Handle as a state secret", "CH-27.4", WORDS),
            Action::Close => (&[Party::Operator, Party::Platform], "办结", "Close", "CH-27.3", &[]),
        };
        Rule { by, zh, en, clause, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Contain { .. } => Action::Contain,
            Input::Propose { .. } => Action::Propose,
            Input::ProposeDismissal { .. } => Action::ProposeDismissal,
            Input::Confirm { .. } => Action::Confirm,
            Input::Reject { .. } => Action::Reject,
            Input::Rectify { .. } => Action::Rectify,
            Input::Pass { .. } => Action::Pass,
            Input::Fail { .. } => Action::Fail,
            Input::Expire {} => Action::Expire,
            Input::ProposeDecision { .. } => Action::ProposeDecision,
            Input::Agree { .. } => Action::Agree,
            Input::Disagree { .. } => Action::Disagree,
            Input::RecordCause { .. } => Action::RecordCause,
            Input::Escalate { .. } => Action::Escalate,
            Input::Close {} => Action::Close,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        match (action, &self.proposal, &self.decision) {
            (Action::Confirm | Action::Reject, Some(proposal), _) => Ok(by.other_than(&proposal.said.by)?),
            (Action::Agree | Action::Disagree, _, Some(decision)) => Ok(by.other_than(&decision.said.by)?),
            (Action::Close, _, _) if self.root_cause.is_none() => Err(Refusal::RootCause.into()),
            _ => Ok(()),
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.step(input, scene)
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task, deadline| Wait { party, division: None, task, deadline };
        let month = || self.rectification.clone();
        let shown = || month().map(|month| Deadline { expiry: Expiry::Recorded, ..month });
        let closing = |then: Wait| match self.root_cause {
            Some(_) => vec![then],
            None => vec![wait(Party::Owner, "cause", None), then],
        };
        match self.state {
            State::Contained => vec![wait(Party::Operator, "grade", None)],
            State::Proposed => vec![wait(Party::Operator, "confirm", None)],
            State::Rectifying => vec![wait(Party::Owner, "rectify", month())],
            State::Retesting => vec![wait(Party::Operator, "retest", shown())],
            // The month was the owner's: what is decided after it has no last day (R8).
            State::Overdue => vec![wait(Party::Operator, "decide", None)],
            State::Deciding => vec![wait(Party::Ministry, "agree", None)],
            State::Exiting => closing(wait(Party::Operator, "force_exit", None)),
            State::Terminated => closing(wait(Party::Operator, "close", None)),
            State::Observing => {
                let acts = Expiry::Acts(Action::Close.as_str().to_owned());
                let expiry = if self.root_cause.is_some() { acts } else { Expiry::Recorded };
                let period = self.observation.clone().map(|period| Deadline { expiry, ..period });
                closing(wait(Party::Platform, "observe", period))
            }
            State::Closed | State::Dismissed => Vec::new(),
        }
    }

    fn title(&self) -> String {
        let what = self.cause().map_or(self.incident.zh(), Cause::zh);
        match self.grade() {
            Some(grade) => format!("{}安全风险事件：{what}", grade.zh()),
            None => format!("安全风险事件（待定级）：{what}"),
        }
    }
}
