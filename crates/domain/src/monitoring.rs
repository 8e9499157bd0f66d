//! Monitoring of how a channel runs: a notice, three months to improve, a warning, and what follows (CH-23).
//!
//! The platform opens one when the figures of a closed month meet a trigger, and evaluates it anew with those of every
//! later month. A social channel that missed its commitment is warned at once (CH-23.2).
//!
//! Invariants. No test result is typed in: the rule evaluates the figures it is given. Against a result stand two
//! persons of the operator and a reason (R4). A candidate for a forced exit was warned, and its last figures fall short:
//! the first ones in order lift any monitoring (CH-35.4). The exit itself is decided elsewhere.

mod figures;
#[cfg(test)]
mod tests;

pub use figures::{
    Commitment, Figures, Fulfilment, Measure, MonthFigures, QuarterFigures, Thresholds, Trigger,
    first_full_month,
};

use crate::calendar::{Duty, Period};
use crate::channel::{Class, Phase};
use crate::matter::{
    self, By, Deadline, Expiry, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::name::names;
use crate::parameter::Name;
use crate::refusal::refusals;
use crate::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a monitoring is not opened or not evaluated.
    Refusal {
        /// A gap, or not the last closed month or quarter.
        Figures = "monitoring.figures" ["R1"] "监测数据须连续并截至最近已结束的月份或季度"
            "figures must be without a gap and end with the last closed month or quarter";
        /// Nothing falls short.
        NoTrigger = "monitoring.no_trigger" ["CH-23.1d"] "未达到任何监测触发条件" "no trigger is met";
        /// Only channels that serve the public are monitored.
        NotLive = "monitoring.not_live" ["CH-23.0a"] "渠道未正式接入或已退出" "the channel is not live";
        /// The commitment binds social channels only.
        NotSocial = "monitoring.not_social" ["CH-23.2"] "承诺指标考核仅适用于社会渠道"
            "a commitment is evaluated for social channels only";
        /// Months against a commitment, or the other way round.
        Basis = "monitoring.basis" ["CH-23.1f"] "复测须采用与触发时相同的口径"
            "the figures must be of the kind the monitoring began with";
        /// The improvement period is not over.
        Early { until: BusinessDate } = "monitoring.early" ["CH-23.1f"] "提升期至{until}，期满后方可复测"
            "the improvement period lasts until {until}";
        /// A warning after it was given.
        Warned = "monitoring.warned" ["R4"] "渠道已被告警" "the channel has been warned already";
    }
}

names! {
    /// Where it stands.
    State {
        /// The improvement period (CH-23.1e).
        Noticed = "noticed",
        /// Warned (CH-23.1f, CH-23.2); no plan yet.
        Warned = "warned",
        /// The operator reads the improvement plan.
        PlanFiled = "plan_filed",
        /// The plan is accepted and carried out.
        Improving = "improving",
        /// Warned and not improved: a ground for a forced exit (CH-35.4).
        Candidate = "candidate",
        /// The operator wants another outcome than the test's; a second person decides (R4).
        Overriding = "overriding",
        /// In order.
        Lifted = "lifted",
        /// Its channel has left (CH-33.3).
        Closed = "closed",
    }
    /// What is done to it.
    Action {
        /// The platform evaluates it anew.
        Evaluate = "evaluate",
        /// The channel says how it will improve.
        FilePlan = "file_plan",
        /// The operator accepts the plan.
        AcceptPlan = "accept_plan",
        /// The operator sends it back.
        ReturnPlan = "return_plan",
        /// The operator names the channel a candidate.
        Nominate = "nominate",
        /// The operator proposes another outcome.
        ProposeOutcome = "propose_outcome",
        /// A second person agrees.
        ConfirmOutcome = "confirm_outcome",
        /// A second person does not, or the first takes it back.
        RejectOutcome = "reject_outcome",
        /// The platform ends it with its channel.
        Close = "close",
    }
    /// How it may come out against the test.
    Outcome {
        /// In order.
        Lifted = "lifted",
        /// Warned.
        Warned = "warned",
    }
}

/// A monitoring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringBody))]
pub struct Monitoring {
    state: State,
    /// Every evaluation, the one that opened it first.
    tests: Vec<Test>,
    improvement: Option<Deadline>,
    warned_at: Option<Timestamp>,
    plan: Option<Plan>,
    proposal: Option<Proposal>,
    nominated: Option<Opinion>,
}

/// An evaluation: the figures and what they fell short of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringTest))]
pub struct Test {
    at: Timestamp,
    figures: Figures,
    triggers: Vec<Trigger>,
}

/// An improvement plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringPlan))]
pub struct Plan {
    words: String,
    filed: Opinion,
    decided: Option<Opinion>,
}

/// Somebody's decision and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringOpinion))]
pub struct Opinion {
    words: String,
    by: By,
    at: Timestamp,
}

/// An outcome against the test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringProposal))]
pub struct Proposal {
    outcome: Outcome,
    before: State,
    proposed: Opinion,
    decided: Option<Opinion>,
}

/// What the platform opens one with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The figures.
    pub figures: Figures,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// The figures of the last closed month or quarter.
    Evaluate {
        /// The figures.
        figures: Figures,
    },
    /// What will be done.
    FilePlan {
        /// The plan.
        words: String,
    },
    /// Why the plan will do.
    AcceptPlan {
        /// The opinion.
        words: String,
    },
    /// What is missing in it.
    ReturnPlan {
        /// The opinion.
        words: String,
    },
    /// Why the warning was not acted on.
    Nominate {
        /// The reason.
        words: String,
    },
    /// Another outcome than the test's.
    ProposeOutcome {
        /// Which.
        outcome: Outcome,
        /// The reason.
        words: String,
    },
    /// The second person's opinion.
    ConfirmOutcome {
        /// The opinion.
        words: String,
    },
    /// The second person's opinion.
    RejectOutcome {
        /// The opinion.
        words: String,
    },
    /// Its channel has left.
    Close {},
}

impl Monitoring {
    /// When the channel was warned, if it was; what CH-24.1 and CH-24.2 ask for.
    pub const fn warned_at(&self) -> Option<Timestamp> {
        self.warned_at
    }

    /// What was committed, where that is what it is measured by.
    pub fn commitment(&self) -> Option<Commitment> {
        match self.tests.last().map(|test| &test.figures) {
            Some(Figures::Quarters { commitment, .. }) => Some(*commitment),
            _ => None,
        }
    }

    /// Whether it is measured by a commitment.
    pub fn is_of_commitment(&self) -> bool {
        matches!(self.tests.first(), Some(Test { figures: Figures::Quarters { .. }, .. }))
    }

    /// Whether the platform has to evaluate it now with figures that end in the month before `today`'s: it waits for
    /// a result, and the figures are newer than the last ones.
    pub fn is_due(&self, today: BusinessDate) -> bool {
        let waits = match self.state {
            State::Noticed => self.improvement.as_ref().is_none_or(|period| today > period.due_on),
            State::Warned | State::PlanFiled | State::Improving | State::Candidate => true,
            State::Overriding | State::Lifted | State::Closed => false,
        };
        let month = today.month();
        let closed = if self.is_of_commitment() {
            month.plus(-month.as_number().rem_euclid(3) - 1)
        } else {
            month.plus(-1)
        };
        let tested = self.tests.last().and_then(|test| test.figures.until());
        waits && (self.state == State::Noticed || tested.is_none_or(|until| until < closed))
    }

    fn warn(mut self, scene: &Scene<'_>) -> Step<Self> {
        self.state = State::Warned;
        self.warned_at = Some(scene.at);
        let (zh, en) = ("运营监测告警：请提交改进方案", "A warning was given: file an improvement plan");
        Step { matter: self, effects: scene.tell_owner(zh, en) }
    }

    fn evaluate(mut self, figures: Figures, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if let (State::Noticed, Some(period)) = (self.state, &self.improvement)
            && !period.is_over(scene.at)
        {
            return Err(Refusal::Early { until: period.due_on }.into());
        }
        if matches!(figures, Figures::Quarters { .. }) != self.is_of_commitment() {
            return Err(Refusal::Basis.into());
        }
        let test = test(figures, scene)?;
        let in_order = test.triggers.is_empty();
        self.tests.push(test);
        if in_order {
            return Ok(self.lift(scene));
        }
        Ok(if self.state == State::Noticed { self.warn(scene) } else { Step::plain(self) })
    }

    fn lift(mut self, scene: &Scene<'_>) -> Step<Self> {
        self.state = State::Lifted;
        let (zh, en) = ("运营监测已解除", "The monitoring has ended: the figures are in order");
        Step { matter: self, effects: scene.tell_owner(zh, en) }
    }

    fn decide_plan(mut self, state: State, words: String, scene: &Scene<'_>) -> Step<Self> {
        if let Some(plan) = &mut self.plan {
            plan.decided = Some(opinion(words, scene));
        }
        Step::plain(Self { state, ..self })
    }

    fn propose(self, outcome: Outcome, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if outcome == Outcome::Warned && self.state != State::Noticed {
            return Err(Refusal::Warned.into());
        }
        let proposed = opinion(words, scene);
        let proposal = Some(Proposal { outcome, before: self.state, proposed, decided: None });
        Ok(Step::plain(Self { state: State::Overriding, proposal, ..self }))
    }

    fn decide_outcome(mut self, is_confirmed: bool, words: String, scene: &Scene<'_>) -> Step<Self> {
        let Some(proposal) = &mut self.proposal else { return Step::plain(self) };
        proposal.decided = Some(opinion(words, scene));
        let (outcome, before) = (proposal.outcome, proposal.before);
        match (is_confirmed, outcome) {
            (false, _) => Step::plain(Self { state: before, ..self }),
            (true, Outcome::Lifted) => self.lift(scene),
            (true, Outcome::Warned) => self.warn(scene),
        }
    }
}

fn opinion(words: String, scene: &Scene<'_>) -> Opinion {
    Opinion { words, by: scene.by, at: scene.at }
}

/// Evaluates figures for the channel of the scene. Refuses, in order: no channel, not live, not social, figures.
fn test(figures: Figures, scene: &Scene<'_>) -> Result<Test, Refused> {
    let channel = scene.channel()?;
    let live_at = match (channel.phase, channel.live_at) {
        (Phase::Live | Phase::Leaving, Some(at)) => at,
        _ => return Err(Refusal::NotLive.into()),
    };
    if matches!(figures, Figures::Quarters { .. }) && channel.class != Class::Social {
        return Err(Refusal::NotSocial.into());
    }
    figures.check(scene.today())?;
    let thresholds = Thresholds::new(scene.parameters, scene.today());
    let triggers = figures.triggers(live_at.business_date(), &thresholds);
    Ok(Test { at: scene.at, figures, triggers })
}

impl Matter for Monitoring {
    const KIND: Kind = Kind::Monitoring;
    const OPENED_BY: &'static [Party] = &[Party::Platform];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let test = test(opening.figures, scene)?;
        if test.triggers.is_empty() {
            return Err(Refusal::NoTrigger.into());
        }
        let of_commitment = test.triggers.contains(&Trigger::Commitment);
        let mut open = scene.others::<Self>().filter(|(known, _)| !known.is_ended);
        if open.any(|(_, other)| other.is_of_commitment() == of_commitment) {
            return Err(matter::Refusal::AlreadyOpen.into());
        }
        let new = Self {
            state: State::Noticed,
            tests: vec![test],
            improvement: None,
            warned_at: None,
            plan: None,
            proposal: None,
            nominated: None,
        };
        if of_commitment {
            return Ok(new.warn(scene));
        }
        let months = Period::Months(scene.number(Name::Improvement));
        let improvement =
            Deadline::new(scene, scene.today(), months, Duty::Term, "CH-23.1e", Expiry::Recorded);
        let zh = format!("运营监测通知：请在{}前提升", improvement.due_on);
        let en = format!("Monitoring: improve until {}", improvement.due_on);
        Ok(Step { matter: Self { improvement: Some(improvement), ..new }, effects: scene.tell_owner(zh, en) })
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use {Action as A, State as S};
        match (state, action) {
            (S::Noticed, A::Evaluate) => &[S::Lifted, S::Warned],
            (S::Warned, A::Evaluate) => &[S::Lifted, S::Warned],
            (S::PlanFiled, A::Evaluate) => &[S::Lifted, S::PlanFiled],
            (S::Improving, A::Evaluate) => &[S::Lifted, S::Improving],
            (S::Candidate, A::Evaluate) => &[S::Lifted, S::Candidate],
            (S::Warned, A::FilePlan) => &[S::PlanFiled],
            (S::PlanFiled, A::AcceptPlan) => &[S::Improving],
            (S::PlanFiled, A::ReturnPlan) => &[S::Warned],
            (S::Warned | S::PlanFiled | S::Improving, A::Nominate) => &[S::Candidate],
            (S::Noticed | S::Warned | S::PlanFiled | S::Improving | S::Candidate, A::ProposeOutcome) => {
                &[S::Overriding]
            }
            (S::Overriding, A::ConfirmOutcome) => &[S::Lifted, S::Warned],
            (S::Overriding, A::RejectOutcome) => {
                &[S::Noticed, S::Warned, S::PlanFiled, S::Improving, S::Candidate]
            }
            (S::Lifted | S::Closed, _) => &[],
            (_, A::Close) => &[S::Closed],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        const OPERATOR: &[Party] = &[Party::Operator];
        let words: &'static [Need] = &[Need::Words];
        let (by, zh, en, clause, needs): (&'static [Party], _, _, _, _) = match action {
            Action::Evaluate => (&[Party::Platform], "复测", "Evaluate", "CH-23.1f", &[Need::Form] as _),
            Action::FilePlan => (&[Party::Owner], "提交改进方案", "File a plan", "CH-24.2", words),
            Action::AcceptPlan => (OPERATOR, "同意改进方案", "Accept the plan", "CH-24.2", words),
            Action::ReturnPlan => (OPERATOR, "退回改进方案", "Return the plan", "CH-24.2", words),
            Action::Nominate => (OPERATOR, "列为强制退出情形", "Name a ground for exit", "CH-35.4", words),
            Action::ProposeOutcome => {
                (OPERATOR, "提出人工结论", "Propose an outcome", "CH-23.1f", &[Need::Form, Need::Words] as _)
            }
            Action::ConfirmOutcome => (
                OPERATOR,
                "复核同意",
                "Confirm the outcome",
                "CH-23.1f",
                &[Need::Words, Need::SecondPerson] as _,
            ),
            Action::RejectOutcome => (OPERATOR, "复核不同意", "Reject the outcome", "CH-23.1f", words),
            Action::Close => (&[Party::Platform], "渠道已退出，结束监测", "Close", "CH-33.3", &[] as _),
        };
        Rule { by, zh, en, clause, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Evaluate { .. } => Action::Evaluate,
            Input::FilePlan { .. } => Action::FilePlan,
            Input::AcceptPlan { .. } => Action::AcceptPlan,
            Input::ReturnPlan { .. } => Action::ReturnPlan,
            Input::Nominate { .. } => Action::Nominate,
            Input::ProposeOutcome { .. } => Action::ProposeOutcome,
            Input::ConfirmOutcome { .. } => Action::ConfirmOutcome,
            Input::RejectOutcome { .. } => Action::RejectOutcome,
            Input::Close {} => Action::Close,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        match (action, &self.proposal) {
            (Action::ConfirmOutcome, Some(proposal)) => Ok(by.other_than(&proposal.proposed.by)?),
            _ => Ok(()),
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if let Input::FilePlan { words }
        | Input::AcceptPlan { words }
        | Input::ReturnPlan { words }
        | Input::Nominate { words }
        | Input::ProposeOutcome { words, .. }
        | Input::ConfirmOutcome { words }
        | Input::RejectOutcome { words } = &input
        {
            matter::words(words)?;
        }
        Ok(match input {
            Input::Evaluate { figures } => return self.evaluate(figures, scene),
            Input::FilePlan { words } => {
                let filed = opinion(words.clone(), scene);
                let plan = Some(Plan { words, filed, decided: None });
                Step::plain(Self { state: State::PlanFiled, plan, ..self })
            }
            Input::AcceptPlan { words } => self.decide_plan(State::Improving, words, scene),
            Input::ReturnPlan { words } => self.decide_plan(State::Warned, words, scene),
            Input::Nominate { words } => {
                let nominated = Some(opinion(words, scene));
                Step::plain(Self { state: State::Candidate, nominated, ..self })
            }
            Input::ProposeOutcome { outcome, words } => return self.propose(outcome, words, scene),
            Input::ConfirmOutcome { words } => self.decide_outcome(true, words, scene),
            Input::RejectOutcome { words } => self.decide_outcome(false, words, scene),
            Input::Close {} => Step::plain(Self { state: State::Closed, ..self }),
        })
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Close {})
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task| vec![Wait { party, division: None, task, deadline: None }];
        match self.state {
            State::Noticed => {
                let deadline = self.improvement.clone();
                vec![Wait { party: Party::Owner, division: None, task: "improve", deadline }]
            }
            State::Warned => wait(Party::Owner, "file_plan"),
            State::PlanFiled => wait(Party::Operator, "review_plan"),
            State::Improving => wait(Party::Owner, "improve"),
            State::Candidate => wait(Party::Operator, "decide_exit"),
            State::Overriding => wait(Party::Operator, "confirm"),
            State::Lifted | State::Closed => Vec::new(),
        }
    }

    fn title(&self) -> String {
        // What it fell short of last: an evaluation that is in order does not rename what was wrong.
        let Some(test) = self.tests.iter().rfind(|test| !test.triggers.is_empty()) else {
            return String::new();
        };
        let names = test.triggers.iter().map(|trigger| trigger.zh()).collect::<Vec<_>>().join("、");
        test.figures.until().map_or_else(|| names.clone(), |month| format!("{names}（截至{month}）"))
    }
}
