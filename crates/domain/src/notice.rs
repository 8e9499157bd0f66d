//! Notices of the platform to a channel: what it has to know, acknowledge and do in time (CH-17).
//!
//! A notice to many channels is one matter for each of them. Invariant: an upgrade that was not reported by its last day
//! opens a risk event, of grade 1 for a function (CH-31.1.1) and of grade 2 for security (CH-31.2.4), and an upgrade
//! that was reported in time and is still being confirmed does not.

#[cfg(test)]
mod tests;

use crate::calendar::{Duty, Period};
use crate::matter::{
    self, By, Deadline, Expiry, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::name::names;
use crate::refusal::refusals;
use crate::risk_event::{Cause, RiskEvent};
use crate::template::Origin;
use crate::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a notice is not sent.
    Refusal {
        /// A day that is over.
        Past = "notice.past" ["CH-17.1"] "截止日期不得早于今天" "a due day must not lie in the past";
        /// An upgrade without a last day or a nature, or either without an upgrade.
        Upgrade = "notice.upgrade" ["CH-17.1"] "功能升级通知须指明升级类型和完成期限，其他通知不得填写"
            "an upgrade needs a nature and a last day, any other notice has neither";
        /// The platform counts an upgrade as missed only when its last day is over.
        Early { until: BusinessDate } = "notice.early" ["CH-17.1"] "升级期限至{until}，尚未届满"
            "the upgrade may be done until {until}";
    }
}

names! {
    /// What a notice is about (CH-17.1).
    Topic {
        /// 功能升级.
        Upgrade = "upgrade",
        /// 停机运维.
        Maintenance = "maintenance",
        /// 服务暂停.
        Pause = "pause",
        /// 服务恢复.
        Resumption = "resumption",
    }
    /// What an upgrade is for; it decides what missing it means.
    Nature {
        /// 功能性升级 (CH-31.1.1).
        Functional = "functional",
        /// 安全性升级 (CH-31.2.4).
        Security = "security",
    }
    /// Where it stands.
    State {
        /// The channel has not acknowledged it.
        Sent = "sent",
        /// Acknowledged; an upgrade is still to be done.
        Acknowledged = "acknowledged",
        /// The channel says that the upgrade is done; the operator looks.
        Reported = "reported",
        /// Nothing remains to be done.
        Done = "done",
        /// The upgrade was not done in time.
        Missed = "missed",
        /// Taken back by the operator.
        Withdrawn = "withdrawn",
    }
    /// What is done to it.
    Action {
        /// The channel has read it.
        Acknowledge = "acknowledge",
        /// The channel has done the upgrade.
        Report = "report",
        /// The operator agrees.
        Confirm = "confirm",
        /// The operator does not.
        Return = "return",
        /// The last day of the upgrade is over.
        Miss = "miss",
        /// The operator takes it back.
        Withdraw = "withdraw",
    }
}

/// A notice to one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NoticeBody))]
pub struct Notice {
    state: State,
    topic: Topic,
    nature: Option<Nature>,
    subject: String,
    words: String,
    /// From which template title and words were filled, if from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    template: Option<Origin>,
    sent_by: By,
    /// When what it tells of begins, if that is a moment.
    from: Option<Timestamp>,
    /// When it ends.
    until: Option<Timestamp>,
    acknowledge: Deadline,
    upgrade: Option<Deadline>,
    acknowledged: Option<Done>,
    reported: Option<Report>,
    decided: Option<Report>,
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NoticeDone))]
pub struct Done {
    by: By,
    at: Timestamp,
}

/// The same with words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NoticeReport))]
pub struct Report {
    words: String,
    by: By,
    at: Timestamp,
}

/// What the operator sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NoticeOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// What it is about.
    pub topic: Topic,
    /// Of an upgrade: what for.
    #[serde(default)]
    pub nature: Option<Nature>,
    /// One line; filled by the platform where a template is named.
    #[serde(default)]
    pub subject: String,
    /// The text; filled by the platform where a template is named.
    #[serde(default)]
    pub words: String,
    /// From which version in force of which template title and text are filled.
    #[serde(default)]
    pub template: Option<Origin>,
    /// When what it tells of begins.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// When it ends.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// The last day to acknowledge it.
    pub acknowledge_by: BusinessDate,
    /// Of an upgrade: the last day to have it done.
    #[serde(default)]
    pub upgrade_by: Option<BusinessDate>,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NoticeInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Nothing more to say.
    Acknowledge {},
    /// What was done.
    Report {
        /// The report.
        words: String,
    },
    /// That it is enough.
    Confirm {
        /// The opinion.
        words: String,
    },
    /// What is missing.
    Return {
        /// The opinion.
        words: String,
    },
    /// Nothing more to say.
    Miss {},
    /// Why.
    Withdraw {
        /// The reason.
        words: String,
    },
}

/// The deadline whose last day was named, counted from today. A day that was named is kept, but for a filing that
/// would end on a holiday (R0).
fn by_day(scene: &Scene<'_>, day: BusinessDate, duty: Duty, expiry: Expiry) -> Deadline {
    let days = Period::Days(i64::from(day.days_since(scene.today())));
    Deadline::new(scene, scene.today(), days, duty, "CH-17.1", expiry)
}

impl Notice {
    /// Closes it as missed and opens the risk event that follows. Whoever has left owes no upgrade (CH-33.3).
    fn miss(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let (Some(upgrade), Some(nature)) = (&self.upgrade, self.nature) else {
            return Err(matter::Refusal::Transition.into());
        };
        if !upgrade.is_over(scene.at) {
            return Err(Refusal::Early { until: upgrade.due_on }.into());
        }
        if scene.channel.is_some_and(|channel| channel.phase.receives(Self::KIND.errand()).is_err()) {
            return Ok(Step::plain(Self { state: State::Withdrawn, ..self }));
        }
        let cause = match nature {
            Nature::Functional => Cause::FunctionalUpgradeMissed,
            Nature::Security => Cause::SecurityUpgradeMissed,
        };
        let event = RiskEvent::missed_upgrade(cause, scene.matter, scene);
        Ok(Step::plain(Self { state: State::Missed, ..self }).and(event))
    }
}

impl Matter for Notice {
    const KIND: Kind = Kind::Notice;
    const OPENED_BY: &'static [Party] = &[Party::Operator];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let (today, is_upgrade) = (scene.today(), opening.topic == Topic::Upgrade);
        let mut faults = Faults::default();
        faults.take("/subject", matter::words(&opening.subject));
        faults.take("/words", matter::words(&opening.words));
        if opening.acknowledge_by < today {
            faults.add("/acknowledge_by", Refusal::Past);
        }
        if opening.nature.is_some() != is_upgrade {
            faults.add("/nature", Refusal::Upgrade);
        }
        if opening.upgrade_by.is_some() != is_upgrade {
            faults.add("/upgrade_by", Refusal::Upgrade);
        }
        if opening.upgrade_by.is_some_and(|day| day < today) {
            faults.add("/upgrade_by", Refusal::Past);
        }
        faults.check()?;
        scene.channel()?;
        let acts = || Expiry::Acts(Action::Miss.as_str().to_owned());
        let upgrade = opening.upgrade_by.map(|day| by_day(scene, day, Duty::Safety, acts()));
        let effects = scene.tell_owner(
            format!("平台通知：{}", opening.subject),
            format!("A notice of the platform: {}", opening.subject),
        );
        let matter = Self {
            state: State::Sent,
            topic: opening.topic,
            nature: opening.nature,
            subject: opening.subject,
            words: opening.words,
            template: opening.template,
            sent_by: scene.by,
            from: opening.from,
            until: opening.until,
            acknowledge: by_day(scene, opening.acknowledge_by, Duty::Filing, Expiry::Recorded),
            upgrade,
            acknowledged: None,
            reported: None,
            decided: None,
        };
        Ok(Step { matter, effects })
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use {Action as A, State as S};
        match (state, action) {
            (S::Sent, A::Acknowledge) => &[S::Acknowledged, S::Done],
            (S::Acknowledged, A::Report) => &[S::Reported],
            (S::Reported, A::Confirm) => &[S::Done],
            (S::Reported, A::Return) => &[S::Acknowledged],
            (S::Sent | S::Acknowledged, A::Miss) => &[S::Missed, S::Withdrawn],
            (S::Sent | S::Acknowledged | S::Reported, A::Withdraw) => &[S::Withdrawn],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            Action::Acknowledge => (&[Party::Owner], "确认收到", "Acknowledge", &[]),
            Action::Report => (&[Party::Owner], "报告升级完成", "Report the upgrade", &[Need::Words]),
            Action::Confirm => (&[Party::Operator], "确认完成", "Confirm", &[Need::Words]),
            Action::Return => (&[Party::Operator], "退回", "Return", &[Need::Words]),
            Action::Miss => (&[Party::Platform], "逾期未升级", "Count as missed", &[]),
            Action::Withdraw => (&[Party::Operator], "撤回通知", "Withdraw", &[Need::Words]),
        };
        Rule { by, zh, en, clause: "CH-17.1", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Acknowledge {} => Action::Acknowledge,
            Input::Report { .. } => Action::Report,
            Input::Confirm { .. } => Action::Confirm,
            Input::Return { .. } => Action::Return,
            Input::Miss {} => Action::Miss,
            Input::Withdraw { .. } => Action::Withdraw,
        }
    }

    fn admits(&self, action: Action, _: &By) -> Result<(), Refused> {
        // A notice that asks for nothing but to be read is over once it was.
        match (action, &self.upgrade) {
            (Action::Miss, None) => Err(matter::Refusal::Transition.into()),
            _ => Ok(()),
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let report = |words: String| {
            matter::words(&words)?;
            Ok::<_, Refused>(Some(Report { words, by: scene.by, at: scene.at }))
        };
        Ok(match input {
            Input::Acknowledge {} => {
                let state = if self.upgrade.is_some() { State::Acknowledged } else { State::Done };
                let acknowledged = Some(Done { by: scene.by, at: scene.at });
                Step::plain(Self { state, acknowledged, ..self })
            }
            // CH-17.2: prompts, adaptation and tests are the channel's; what it says of them is kept and confirmed.
            Input::Report { words } => {
                Step::plain(Self { state: State::Reported, reported: report(words)?, ..self })
            }
            Input::Confirm { words } => {
                Step::plain(Self { state: State::Done, decided: report(words)?, ..self })
            }
            Input::Return { words } => {
                Step::plain(Self { state: State::Acknowledged, decided: report(words)?, ..self })
            }
            Input::Miss {} => return self.miss(scene),
            Input::Withdraw { words } => {
                Step::plain(Self { state: State::Withdrawn, decided: report(words)?, ..self })
            }
        })
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Withdraw { words: matter::LEFT.to_owned() })
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task, deadline| Wait { party, division: None, task, deadline };
        let upgrade = self.upgrade.clone();
        let upgrade = upgrade.map(|deadline| wait(Party::Owner, "upgrade", Some(deadline)));
        match self.state {
            State::Sent => {
                let acknowledge = wait(Party::Owner, "acknowledge", Some(self.acknowledge.clone()));
                std::iter::once(acknowledge).chain(upgrade).collect()
            }
            State::Acknowledged => upgrade.into_iter().collect(),
            State::Reported => vec![wait(Party::Operator, "confirm", None)],
            State::Done | State::Missed | State::Withdrawn => Vec::new(),
        }
    }

    fn title(&self) -> String {
        self.subject.clone()
    }
}
