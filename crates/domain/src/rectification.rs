//! The rectification of a local service (属地服务整改): a region that sees a risk orders the owner of a channel to put right one
//! service that was opened to it there, suspends that service meanwhile where it must, and accepts or ends it (ND-3.5e).
//!
//! Invariants. It is about one opening in the area of whoever orders, and about no other: the channel as such is the operator's
//! to suspend ([`crate::risk_event`]). One of an opening at a time. What is suspended goes on when the region that ordered has
//! accepted or has taken its order back, never by a clock, and never by the owner's hand. A day that passes in vain ends
//! nothing: it is recorded, and the region decides. Who ordered does not also end the opening for it: that takes a second
//! person. The clause has no number: the days are choices of this project. How a suspended opening refuses a use is
//! [`crate::authorization`]'s.

mod steps;
#[cfg(test)]
mod tests;
mod words;

pub use words::{Action, Refusal, State};

use crate::channel::Phase;
use crate::division::DivisionCode;
use crate::id::{AttachmentId, MatterId, OpeningId};
use crate::matter::{
    self, By, Deadline, Effect, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::service;
use crate::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

/// The clause of everything here.
const CLAUSE: &str = "ND-3.5e";
/// The department that ordered it.
const REGION: &[Party] = &[Party::Prefecture, Party::Province];

/// A rectification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RectificationBody))]
pub struct Rectification {
    state: State,
    /// What was opened.
    opening: OpeningId,
    /// The code of its service.
    service: String,
    /// Where it was opened.
    division: DivisionCode,
    /// What is wrong.
    words: String,
    /// The matter that hinted at it.
    hint: Option<MatterId>,
    ordered_by: By,
    ordered_at: Timestamp,
    /// Until when the owner has time.
    due: Deadline,
    suspension: Option<Suspension>,
    more_time: Option<MoreTime>,
    /// The days that passed in vain.
    missed_on: Vec<BusinessDate>,
    answers: Vec<Answered>,
    /// What the region said at its end.
    decision: Option<Said>,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RectificationSaid))]
struct Said {
    words: String,
    by: By,
    at: Timestamp,
}

/// That the service is withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RectificationSuspension))]
struct Suspension {
    said: Said,
    /// When it went on again, or was over with the opening.
    lifted_at: Option<Timestamp>,
}

/// What the owner says was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RectificationAnswer))]
struct Answered {
    said: Said,
    /// What proves it.
    files: Vec<AttachmentId>,
    /// What the region said to it.
    review: Option<Said>,
}

/// More time that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RectificationMoreTime))]
struct MoreTime {
    days: i64,
    said: Said,
    /// What the region said to it; nothing yet, or nothing at all: the owner had answered, or the day had passed.
    answer: Option<Said>,
    is_granted: bool,
}

/// What orders one.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RectificationOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// `opn_…`: what was opened to the channel in the own area.
    opening_id: OpeningId,
    /// What is wrong.
    words: String,
    /// The matter that hints at the risk.
    #[serde(default)]
    hint: Option<MatterId>,
    /// How many days the owner has; `rectification.days` if nothing is said.
    #[serde(default)]
    days: Option<i64>,
    /// Whether the service is withheld from now on.
    #[serde(default)]
    is_suspended: bool,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RectificationInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// What was done.
    Answer {
        /// It.
        words: String,
        /// What proves it: complete files of the matter, at least one.
        files: Vec<AttachmentId>,
    },
    /// More time.
    AskTime {
        /// How many days more, `rectification.extension_days` at most.
        days: i64,
        /// Why.
        words: String,
    },
    /// It is given.
    GrantTime {
        /// Why.
        words: String,
    },
    /// It is not.
    RefuseTime {
        /// Why.
        words: String,
    },
    /// The service is withheld from now on.
    Suspend {
        /// Why.
        words: String,
    },
    /// It is put right.
    Accept {
        /// What was looked at.
        words: String,
    },
    /// It is not.
    Return {
        /// What is still wrong.
        words: String,
        /// How many days the owner has from today on; `rectification.days` if nothing is said.
        #[serde(default)]
        days: Option<i64>,
    },
    /// The opening ends.
    Close {
        /// Why.
        words: String,
    },
    /// The order was wrong, or is needed no more.
    Withdraw {
        /// Why.
        words: String,
    },
    /// The day is over.
    Expire {},
    /// The opening or the channel has ended.
    Settle {},
}

impl Rectification {
    /// Whether the service is withheld by it now.
    pub fn is_suspended(&self) -> bool {
        self.suspension.as_ref().is_some_and(|suspension| suspension.lifted_at.is_none())
    }

    /// Whether a request for more time waits to be decided.
    fn is_asked(&self) -> bool {
        self.more_time.as_ref().is_some_and(|asked| asked.answer.is_none())
    }

    /// What settles the open ones of a channel that ends.
    pub(crate) fn settle_all(scene: &Scene<'_>) -> Vec<Effect> {
        let open = scene.others::<Self>().filter(|(known, _)| !known.is_ended);
        open.map(|(known, _)| Effect::act::<Self>(known.id, Action::Settle)).collect()
    }
}

impl Matter for Rectification {
    const KIND: Kind = Kind::Rectification;
    const OPENED_BY: &'static [Party] = REGION;
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    /// About a channel that is connected: what is not serves nobody.
    fn opens_in(phase: Phase, _: Party) -> Result<(), Refused> {
        Ok(phase.holds_keys()?)
    }

    /// What is ordered may withhold the service at once.
    fn opens_afresh(_: Party) -> bool {
        true
    }

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        steps::open(opening, scene)
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use {Action as A, State as S};
        match (state, action) {
            (S::Ordered | S::Returned | S::Missed, A::Answer) => &[S::Answered],
            (S::Ordered, A::AskTime | A::GrantTime | A::RefuseTime | A::Suspend) => &[S::Ordered],
            (S::Returned, A::AskTime | A::GrantTime | A::RefuseTime | A::Suspend) => &[S::Returned],
            (S::Answered, A::Suspend) => &[S::Answered],
            (S::Missed, A::Suspend) => &[S::Missed],
            (S::Ordered | S::Returned, A::Expire) => &[S::Missed],
            (S::Answered, A::Accept) => &[S::Accepted],
            (S::Answered | S::Missed, A::Return) => &[S::Returned],
            (S::Answered | S::Missed, A::Close) => &[S::Closed],
            (S::Ordered | S::Answered | S::Returned | S::Missed, A::Withdraw) => &[S::Withdrawn],
            (S::Ordered | S::Answered | S::Returned | S::Missed, A::Settle) => &[S::Settled],
            (S::Ordered | S::Returned, A::Accept | A::Return | A::Close)
            | (S::Answered, A::Answer | A::AskTime | A::GrantTime | A::RefuseTime | A::Expire)
            | (S::Missed, A::AskTime | A::GrantTime | A::RefuseTime | A::Accept | A::Expire)
            | (S::Accepted | S::Closed | S::Withdrawn | S::Settled, _) => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        const OWNER: &[Party] = &[Party::Owner];
        const PLATFORM: &[Party] = &[Party::Platform];
        const WORDS: &[Need] = &[Need::Words];
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            Action::Answer => {
                (OWNER, "提交整改结果", "Report the rectification", &[Need::Words, Need::Form, Need::Files])
            }
            Action::AskTime => (OWNER, "申请延长期限", "Ask for more time", &[Need::Form, Need::Words]),
            Action::GrantTime => (REGION, "同意延期", "Give more time", WORDS),
            Action::RefuseTime => (REGION, "不同意延期", "Give no more time", WORDS),
            Action::Suspend => (REGION, "暂停该项服务", "Suspend the service", &[Need::Words, Need::StepUp]),
            Action::Accept => (REGION, "验收通过", "Accept", &[Need::Words, Need::StepUp]),
            Action::Return => (REGION, "退回，继续整改", "Return", &[Need::Form, Need::Words]),
            Action::Close => {
                (REGION, "终止该项服务", "End the service", &[Need::Words, Need::StepUp, Need::SecondPerson])
            }
            Action::Withdraw => (REGION, "撤销整改", "Take the order back", &[Need::Words, Need::StepUp]),
            Action::Expire => (PLATFORM, "整改期满", "Record that the day has passed", &[]),
            Action::Settle => (PLATFORM, "授权已终止，办结", "Settle: the opening has ended", &[]),
        };
        Rule { by, zh, en, clause: CLAUSE, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Answer { .. } => Action::Answer,
            Input::AskTime { .. } => Action::AskTime,
            Input::GrantTime { .. } => Action::GrantTime,
            Input::RefuseTime { .. } => Action::RefuseTime,
            Input::Suspend { .. } => Action::Suspend,
            Input::Accept { .. } => Action::Accept,
            Input::Return { .. } => Action::Return,
            Input::Close { .. } => Action::Close,
            Input::Withdraw { .. } => Action::Withdraw,
            Input::Expire {} => Action::Expire,
            Input::Settle {} => Action::Settle,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        if REGION.contains(&by.party) {
            by.is_party(self.ordered_by.party)?;
            if by.division != self.ordered_by.division {
                return Err(matter::Refusal::Division.into());
            }
        }
        match action {
            Action::AskTime if self.more_time.is_some() => Err(Refusal::Asked.into()),
            Action::GrantTime | Action::RefuseTime if !self.is_asked() => Err(Refusal::NotAsked.into()),
            Action::Suspend if self.is_suspended() => Err(Refusal::Suspended.into()),
            Action::Close => Ok(by.other_than(&self.ordered_by)?),
            _ => Ok(()),
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.step(input, scene)
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Settle {})
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let region = |task| {
            let By { party, division, .. } = self.ordered_by;
            Wait { party, division: Some(division), task, deadline: None }
        };
        match self.state {
            State::Ordered | State::Returned => {
                let deadline = Some(self.due.clone());
                let answer = Wait { party: Party::Owner, division: None, task: "answer", deadline };
                let asked = self.is_asked().then(|| region("more_time"));
                [answer].into_iter().chain(asked).collect()
            }
            State::Answered => vec![region("review")],
            State::Missed => vec![region("decide")],
            State::Accepted | State::Closed | State::Withdrawn | State::Settled => Vec::new(),
        }
    }

    fn title(&self) -> String {
        let service = service::find(&self.service).map_or(self.service.as_str(), |found| found.zh);
        // A county has no name here.
        match self.division.name().or_else(|| self.division.prefecture().name()) {
            Some(place) => format!("责令整改：{service}（{place}）"),
            None => format!("责令整改：{service}"),
        }
    }

    /// Whoever ordered it sees it, whatever becomes of the channel's regions.
    fn regions(&self) -> Vec<DivisionCode> {
        vec![self.division]
    }
}
