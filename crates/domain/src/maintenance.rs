//! A channel's own maintenance, pause or resumption, filed with the operator before it happens (CH-18).
//!
//! Invariant: nothing is filed after it has begun. What breaks down unannounced is no maintenance: it is reported as a
//! risk event (CH-27.2). After a major upgrade the channel is tested again (CH-28.4b).

use crate::calendar::{Duty, Period};
use crate::matter::{
    self, By, Deadline, Expiry, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::name::names;
use crate::refusal::refusals;
use crate::security_report::SecurityReport;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why maintenance is not filed.
    Refusal {
        /// It has begun.
        Late = "maintenance.late" ["CH-18.1"] "应在实施前通知，开始时间须晚于当前时间"
            "notify before the fact: the start must lie in the future";
        /// It ends before it begins, or a resumption has an end, or anything else has none.
        End = "maintenance.end" ["CH-18.1"] "结束时间须晚于开始时间；服务恢复无须填写结束时间"
            "the end must follow the start; a resumption has no end, anything else has one";
    }
}

names! {
    /// What the channel does (CH-18.1).
    Topic {
        /// 停机运维.
        Maintenance = "maintenance",
        /// 服务暂停.
        Pause = "pause",
        /// 服务恢复.
        Resumption = "resumption",
    }
    /// Where it stands.
    State {
        /// The operator has not read it.
        Filed = "filed",
        /// The operator knows.
        Acknowledged = "acknowledged",
        /// It is over.
        Finished = "finished",
        /// It did not take place.
        Cancelled = "cancelled",
    }
    /// What is done to it.
    Action {
        /// The operator has read it.
        Acknowledge = "acknowledge",
        /// The channel says that it is over.
        Finish = "finish",
        /// The channel calls it off.
        Cancel = "cancel",
    }
}

/// A channel's maintenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MaintenanceBody))]
pub struct Maintenance {
    state: State,
    topic: Topic,
    subject: String,
    words: String,
    /// What users are told (CH-18.2).
    prompt: String,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
    /// A major upgrade, or a major change of the security policy (CH-28.4b).
    is_major: bool,
    filed_by: By,
    filed_at: Timestamp,
    acknowledge: Deadline,
    finish: Option<Deadline>,
    acknowledged_by: Option<By>,
    finished: Option<Report>,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MaintenanceReport))]
pub struct Report {
    words: String,
    by: By,
    at: Timestamp,
}

/// What a channel files.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MaintenanceOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    topic: Topic,
    subject: String,
    words: String,
    prompt: String,
    starts_at: Timestamp,
    #[serde(default)]
    ends_at: Option<Timestamp>,
    /// Whether it is a major upgrade, or a major change of the security policy.
    #[serde(default)]
    is_major: bool,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MaintenanceInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Nothing more to say.
    Acknowledge {},
    /// How it went.
    Finish {
        /// The report.
        words: String,
    },
    /// Why it does not take place, or ends at once.
    Cancel {
        /// The reason.
        words: String,
    },
}

/// The day of `at` as a deadline.
fn on_day_of(at: Timestamp, scene: &Scene<'_>) -> Deadline {
    let days = Period::Days(i64::from(at.business_date().days_since(scene.today())));
    Deadline::new(scene, scene.today(), days, Duty::Term, "CH-18.1", Expiry::Recorded)
}

impl Matter for Maintenance {
    const KIND: Kind = Kind::Maintenance;
    const OPENED_BY: &'static [Party] = &[Party::Owner];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        faults.take("/subject", matter::words(&opening.subject));
        faults.take("/words", matter::words(&opening.words));
        faults.take("/prompt", matter::words(&opening.prompt));
        if opening.starts_at <= scene.at {
            faults.add("/starts_at", Refusal::Late);
        }
        let ends_well = match (opening.topic, opening.ends_at) {
            (Topic::Resumption, end) => end.is_none(),
            (Topic::Maintenance | Topic::Pause, end) => end.is_some_and(|end| end > opening.starts_at),
        };
        if !ends_well {
            faults.add("/ends_at", Refusal::End);
        }
        faults.check()?;
        scene.channel()?;
        Ok(Step::plain(Self {
            state: State::Filed,
            topic: opening.topic,
            subject: opening.subject,
            words: opening.words,
            prompt: opening.prompt,
            starts_at: opening.starts_at,
            ends_at: opening.ends_at,
            is_major: opening.is_major,
            filed_by: scene.by,
            filed_at: scene.at,
            acknowledge: on_day_of(opening.starts_at, scene),
            finish: opening.ends_at.map(|end| on_day_of(end, scene)),
            acknowledged_by: None,
            finished: None,
        }))
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        match (state, action) {
            (State::Filed, Action::Acknowledge) => &[State::Acknowledged],
            (State::Filed | State::Acknowledged, Action::Finish) => &[State::Finished],
            (State::Filed | State::Acknowledged, Action::Cancel) => &[State::Cancelled],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            Action::Acknowledge => (&[Party::Operator], "确认知悉", "Acknowledge", &[]),
            Action::Finish => (&[Party::Owner], "报告结束", "Report the end", &[Need::Words]),
            Action::Cancel => (&[Party::Owner], "取消", "Cancel", &[Need::Words]),
        };
        Rule { by, zh, en, clause: "CH-18.1", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Acknowledge {} => Action::Acknowledge,
            Input::Finish { .. } => Action::Finish,
            Input::Cancel { .. } => Action::Cancel,
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let (state, words) = match input {
            Input::Acknowledge {} => {
                let acknowledged_by = Some(scene.by);
                return Ok(Step::plain(Self { state: State::Acknowledged, acknowledged_by, ..self }));
            }
            Input::Finish { words } => (State::Finished, words),
            Input::Cancel { words } => (State::Cancelled, words),
        };
        matter::words(&words)?;
        let finished = Some(Report { words, by: scene.by, at: scene.at });
        let is_upgraded = self.is_major && state == State::Finished;
        let retest = is_upgraded.then(|| SecurityReport::after_upgrade(scene));
        Ok(Step::plain(Self { state, finished, ..self }).with(retest.into_iter().flatten()))
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Cancel { words: matter::LEFT.to_owned() })
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task, deadline| Wait { party, division: None, task, deadline };
        let finish = || wait(Party::Owner, "finish", self.finish.clone());
        match self.state {
            State::Filed => {
                vec![wait(Party::Operator, "acknowledge", Some(self.acknowledge.clone())), finish()]
            }
            State::Acknowledged => vec![finish()],
            State::Finished | State::Cancelled => Vec::new(),
        }
    }

    fn title(&self) -> String {
        self.subject.clone()
    }
}

#[cfg(test)]
mod tests {
    use crate::matter::testing::{Play, workflow};
    use crate::matter::{Kind, Party, Refused};

    const FILED: &str = r#"{"topic":"maintenance","subject":"数据库升级","words":"升级数据库",
        "prompt":"今晚电子社保卡暂停服务","starts_at":"2026-03-02T09:00:01+08:00",
        "ends_at":"2026-03-03T06:00:00+08:00"}"#;

    fn faults(opening: &str) -> Vec<String> {
        let Refused::Fields(faults) =
            Play::channel(Kind::Maintenance).open(Party::Owner, opening).unwrap_err()
        else {
            panic!("{opening}")
        };
        faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.refusal.code())).collect()
    }

    /// CH-18.1, CH-18.2.
    #[test]
    fn maintenance_is_filed_acknowledged_and_reported_as_over() {
        let mut play = Play::channel(Kind::Maintenance);
        play.open(Party::Owner, FILED).unwrap();
        assert_eq!(play.waits(), ["operator:acknowledge@2026-03-02", "owner:finish@2026-03-03"]);
        play.act(Party::Operator, r#"{"action":"acknowledge"}"#).unwrap();
        assert_eq!(play.actions(Party::Owner), ["finish", "cancel"]);
        assert_eq!(play.refused(Party::Owner, r#"{"action":"finish","words":""}"#), "matter.words");
        play.act(Party::Owner, r#"{"action":"finish","words":"按时完成"}"#).unwrap();
        assert!(play.is_ended() && play.waits().is_empty());
    }

    /// CH-28.4b: a major upgrade that took place asks for a test; one that was called off, and any other, does not.
    #[test]
    fn after_a_major_upgrade_the_channel_is_tested_again() {
        let major = FILED.replace(r#""ends_at""#, r#""is_major":true,"ends_at""#);
        let open = r#"open security_report {"occasion":"upgrade"}"#;
        for (opening, input, effects) in [
            (&major, r#"{"action":"finish","words":"完成"}"#, vec![open, "tell owner"]),
            (&major, r#"{"action":"cancel","words":"取消"}"#, vec![]),
            (&FILED.to_owned(), r#"{"action":"finish","words":"完成"}"#, vec![]),
        ] {
            let mut play = Play::channel(Kind::Maintenance);
            play.open(Party::Owner, opening).unwrap();
            play.act(Party::Owner, input).unwrap();
            assert_eq!(play.effect_words(), effects, "{input}");
        }
    }

    /// CH-18.1: before the fact, not at the very moment and not after.
    #[test]
    fn nothing_is_filed_once_it_has_begun() {
        for (second, late) in [("08:59:59", true), ("09:00:00", true), ("09:00:01", false)] {
            let opening = FILED.replace("09:00:01", second);
            if late {
                assert_eq!(faults(&opening), ["/starts_at maintenance.late"], "{second}");
            } else {
                Play::channel(Kind::Maintenance).open(Party::Owner, &opening).unwrap();
            }
        }
        let backwards = FILED.replace("2026-03-03T06:00:00", "2026-03-02T09:00:01");
        assert_eq!(faults(&backwards), ["/ends_at maintenance.end"]);
        let resumption = FILED.replace(r#":"maintenance""#, r#":"resumption""#);
        assert_eq!(faults(&resumption), ["/ends_at maintenance.end"]);
        let silent = FILED.replace("今晚电子社保卡暂停服务", " ");
        assert_eq!(faults(&silent), ["/prompt matter.words"]);
    }

    /// CH-18.1: the state machine.
    #[test]
    fn the_workflow_of_maintenance() {
        expect_test::expect_file!["maintenance/workflow.txt"].assert_eq(&workflow(Kind::Maintenance));
    }
}
