//! A channel's own campaign, filed before it begins (CH-19.2, CH-19.3) and reported on afterwards (CH-19.1).
//!
//! Invariant: a campaign that speaks of the business of a human-resources department waits for a department to confirm
//! its words, and nobody else can. One that does not is filed by being received.

use crate::division::{DivisionCode, Level};
use crate::matter::{
    self, By, Deadline, Expiry, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::name::names;
use crate::refusal::refusals;
use crate::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a campaign is not filed.
    Refusal {
        /// It has begun.
        Late = "campaign.late" ["CH-19.2"] "活动应在开始前报备，开始日期须晚于今天"
            "file a campaign before it begins: the first day must lie in the future";
        /// It ends before it begins.
        End = "campaign.end" ["CH-19.2"] "结束日期不得早于开始日期" "the last day must not precede the first";
        /// The results of something that is still to come.
        Early { from: BusinessDate } = "campaign.early" ["CH-19.1"] "活动于{from}开始，尚不能反馈成效"
            "the campaign begins on {from}: there are no results yet";
    }
}

names! {
    /// Where it stands.
    State {
        /// A department reads its words (CH-19.3).
        InReview = "in_review",
        /// The department wants other words.
        Returned = "returned",
        /// It may take place.
        Filed = "filed",
        /// The channel said how it went.
        Reported = "reported",
        /// It does not take place.
        Cancelled = "cancelled",
    }
    /// What is done to it.
    Action {
        /// The department confirms the words.
        Confirm = "confirm",
        /// The department sends it back.
        Return = "return",
        /// The channel words it anew.
        Revise = "revise",
        /// The channel says how it went.
        Report = "report",
        /// The channel calls it off.
        Cancel = "cancel",
    }
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CampaignBody))]
pub struct Campaign {
    state: State,
    subject: String,
    words: String,
    /// What it says about the business of a department; none when it says nothing.
    wording: Option<String>,
    reviewer: Reviewer,
    starts_on: BusinessDate,
    ends_on: BusinessDate,
    filed_by: By,
    filed_at: Timestamp,
    opinions: Vec<Opinion>,
    report: Option<Opinion>,
}

/// Which department reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CampaignReviewer))]
pub struct Reviewer {
    party: Party,
    division: DivisionCode,
}

/// Somebody's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CampaignOpinion))]
pub struct Opinion {
    words: String,
    by: By,
    at: Timestamp,
}

/// What a channel files.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CampaignOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    subject: String,
    words: String,
    #[serde(default)]
    wording: Option<String>,
    starts_on: BusinessDate,
    ends_on: BusinessDate,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CampaignInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Why the words will do.
    Confirm {
        /// The opinion.
        words: String,
    },
    /// What is wrong with them.
    Return {
        /// The opinion.
        words: String,
    },
    /// Other words.
    Revise {
        /// What the campaign says about the business of a department.
        wording: String,
    },
    /// Form and results.
    Report {
        /// The report.
        words: String,
    },
    /// Why it does not take place.
    Cancel {
        /// The reason.
        words: String,
    },
}

/// The department of a channel that serves `regions`: of the one prefecture or the one province they lie in, the
/// ministry's information centre where there are several.
fn reviewer(regions: &[DivisionCode]) -> Reviewer {
    let same = |up: fn(DivisionCode) -> DivisionCode| {
        let first = regions.first().map(|region| up(*region))?;
        regions.iter().all(|region| up(*region) == first).then_some(first)
    };
    let prefecture = same(DivisionCode::prefecture).filter(|area| area.level() == Level::Prefecture);
    let province = same(DivisionCode::province).filter(|area| area.level() == Level::Province);
    match (prefecture, province) {
        (Some(division), _) => Reviewer { party: Party::Prefecture, division },
        (None, Some(division)) => Reviewer { party: Party::Province, division },
        (None, None) => Reviewer { party: Party::Ministry, division: DivisionCode::NATIONAL },
    }
}

impl Campaign {
    fn note(mut self, state: State, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        self.opinions.push(Opinion { words, by: scene.by, at: scene.at });
        Ok(Step::plain(Self { state, ..self }))
    }

    /// The last day of the campaign or the day before it begins, as a deadline.
    fn deadline(&self, on: BusinessDate) -> Option<Deadline> {
        let starts_on = self.filed_at.business_date();
        let (clause, expiry) = ("CH-19.2".to_owned(), Expiry::Recorded);
        Some(Deadline { starts_on, due_on: on, is_provisional: false, working_days: None, clause, expiry })
    }
}

impl Matter for Campaign {
    const KIND: Kind = Kind::Campaign;
    const OPENED_BY: &'static [Party] = &[Party::Owner];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        faults.take("/subject", matter::words(&opening.subject));
        faults.take("/words", matter::words(&opening.words));
        if let Some(wording) = &opening.wording {
            faults.take("/wording", matter::words(wording));
        }
        if opening.starts_on <= scene.today() {
            faults.add("/starts_on", Refusal::Late);
        }
        if opening.ends_on < opening.starts_on {
            faults.add("/ends_on", Refusal::End);
        }
        faults.check()?;
        let channel = scene.channel()?;
        Ok(Step::plain(Self {
            state: if opening.wording.is_some() { State::InReview } else { State::Filed },
            subject: opening.subject,
            words: opening.words,
            wording: opening.wording,
            reviewer: reviewer(channel.scope.regions()),
            starts_on: opening.starts_on,
            ends_on: opening.ends_on,
            filed_by: scene.by,
            filed_at: scene.at,
            opinions: Vec::new(),
            report: None,
        }))
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        match (state, action) {
            (State::InReview, Action::Confirm) => &[State::Filed],
            (State::InReview, Action::Return) => &[State::Returned],
            (State::Returned, Action::Revise) => &[State::InReview],
            (State::Filed, Action::Report) => &[State::Reported],
            (State::InReview | State::Returned | State::Filed, Action::Cancel) => &[State::Cancelled],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        const DEPARTMENT: &[Party] = &[Party::Prefecture, Party::Province, Party::Ministry];
        let (by, zh, en, clause, needs): (_, _, _, _, &[Need]) = match action {
            Action::Confirm => (DEPARTMENT, "确认宣传口径", "Confirm the words", "CH-19.3", &[Need::Words]),
            Action::Return => (DEPARTMENT, "退回修改", "Return", "CH-19.3", &[Need::Words]),
            Action::Revise => (&[Party::Owner] as _, "修改后提交", "Revise", "CH-19.3", &[Need::Form]),
            Action::Report => (&[Party::Owner] as _, "反馈成效", "Report", "CH-19.1", &[Need::Words]),
            Action::Cancel => (&[Party::Owner] as _, "取消", "Cancel", "CH-19.2", &[Need::Words]),
        };
        Rule { by, zh, en, clause, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Confirm { .. } => Action::Confirm,
            Input::Return { .. } => Action::Return,
            Input::Revise { .. } => Action::Revise,
            Input::Report { .. } => Action::Report,
            Input::Cancel { .. } => Action::Cancel,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        if !matches!(action, Action::Confirm | Action::Return) {
            return Ok(());
        }
        by.is_party(self.reviewer.party)?;
        if by.division == self.reviewer.division { Ok(()) } else { Err(matter::Refusal::Division.into()) }
    }

    fn act(mut self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::Confirm { words } => self.note(State::Filed, words, scene),
            Input::Return { words } => self.note(State::Returned, words, scene),
            Input::Cancel { words } => self.note(State::Cancelled, words, scene),
            Input::Revise { wording } => {
                matter::words(&wording)?;
                self.wording = Some(wording);
                Ok(Step::plain(Self { state: State::InReview, ..self }))
            }
            Input::Report { words } => {
                matter::words(&words)?;
                if scene.today() < self.starts_on {
                    return Err(Refusal::Early { from: self.starts_on }.into());
                }
                let report = Some(Opinion { words, by: scene.by, at: scene.at });
                Ok(Step::plain(Self { state: State::Reported, report, ..self }))
            }
        }
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Cancel { words: matter::LEFT.to_owned() })
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let before = self.deadline(self.starts_on.plus_days(-1));
        let owner = |task, deadline| vec![Wait { party: Party::Owner, division: None, task, deadline }];
        match self.state {
            State::InReview => {
                let Reviewer { party, division } = self.reviewer;
                vec![Wait { party, division: Some(division), task: "review", deadline: before }]
            }
            State::Returned => owner("revise", before),
            State::Filed => owner("report", self.deadline(self.ends_on)),
            State::Reported | State::Cancelled => Vec::new(),
        }
    }

    fn title(&self) -> String {
        self.subject.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::testing::{Play, by, workflow};

    const OWN: &str =
        r#"{"subject":"开学季","words":"校园宣传","starts_on":"2026-03-03","ends_on":"2026-03-09"}"#;
    const HRSS: &str = r#"{"subject":"开学季","words":"校园宣传","wording":"社保卡补贴政策说明",
        "starts_on":"2026-03-03","ends_on":"2026-03-09"}"#;
    const REPORT: &str = r#"{"action":"report","words":"新增用户三千"}"#;
    const CONFIRM: &str = r#"{"action":"confirm","words":"口径无误"}"#;

    /// CH-19.1, CH-19.2.
    #[test]
    fn a_campaign_without_wording_is_filed_by_being_received() {
        let mut play = Play::channel(Kind::Campaign);
        play.open(Party::Owner, OWN).unwrap();
        assert_eq!((play.state(), play.waits()), ("filed", vec!["owner:report@2026-03-09".to_owned()]));
        assert_eq!(play.refused(Party::Owner, REPORT), "campaign.early");
        play.on("2026-03-03").act(Party::Owner, REPORT).unwrap();
        assert!(play.is_ended());
    }

    /// CH-19.2: the day before is in time, the day itself is not.
    #[test]
    fn a_campaign_is_filed_before_it_begins() {
        for (day, in_time) in [("2026-03-02", true), ("2026-03-03", false)] {
            let outcome = Play::channel(Kind::Campaign).on(day).open(Party::Owner, OWN);
            assert_eq!(outcome.is_ok(), in_time, "{day}");
        }
        let backwards = OWN.replace("2026-03-09", "2026-03-02");
        let refused = Play::channel(Kind::Campaign).open(Party::Owner, &backwards).unwrap_err();
        let Refused::Fields(faults) = refused else { panic!("{refused:?}") };
        assert_eq!(faults[0].refusal.code(), "campaign.end");
        Play::channel(Kind::Campaign).open(Party::Owner, &OWN.replace("2026-03-09", "2026-03-03")).unwrap();
    }

    /// CH-19.3: the stage's channel serves two provinces, so the ministry reads.
    #[test]
    fn wording_about_the_departments_business_is_confirmed_by_the_department() {
        let mut play = Play::channel(Kind::Campaign);
        play.open(Party::Owner, HRSS).unwrap();
        assert_eq!(play.waits(), ["ministry/000000:review@2026-03-02"]);
        assert_eq!(play.refused(Party::Operator, CONFIRM), "matter.party");
        assert_eq!(play.refused(Party::Province, CONFIRM), "matter.party");
        assert_eq!(play.refused(Party::Owner, REPORT), "matter.transition");
        play.act(Party::Ministry, r#"{"action":"return","words":"删去金额"}"#).unwrap();
        play.act(Party::Owner, r#"{"action":"revise","wording":"政策说明"}"#).unwrap();
        play.act(Party::Ministry, CONFIRM).unwrap();
        assert_eq!(play.state(), "filed");
    }

    /// CH-19.3, CH-5.2.
    #[test]
    fn the_department_is_that_of_the_smallest_area_that_holds_every_region() {
        let code = |text: &str| text.parse::<DivisionCode>().unwrap();
        for (regions, party, division) in [
            (&["330100"] as &[&str], Party::Prefecture, "330100"),
            (&["330106", "330108"], Party::Prefecture, "330100"),
            (&["330100", "330200"], Party::Province, "330000"),
            (&["330000"], Party::Province, "330000"),
            (&["330000", "310000"], Party::Ministry, "000000"),
            (&["000000"], Party::Ministry, "000000"),
        ] {
            let regions: Vec<_> = regions.iter().map(|text| code(text)).collect();
            assert_eq!(reviewer(&regions), Reviewer { party, division: code(division) }, "{regions:?}");
        }
        let mut play = Play::channel(Kind::Campaign);
        let channel = play.channel.as_mut().unwrap();
        channel.scope =
            crate::channel::Scope::new(vec![code("330100")], channel.scope.services().to_vec()).unwrap();
        play.open(Party::Owner, HRSS).unwrap();
        let elsewhere = play.act_by(by(Party::Prefecture, 1, "330200"), CONFIRM).unwrap_err();
        assert_eq!(elsewhere.code(), "matter.division");
        play.act_by(by(Party::Prefecture, 1, "330100"), CONFIRM).unwrap();
    }

    /// CH-19.2, CH-19.3: the state machine.
    #[test]
    fn the_workflow_of_a_campaign() {
        expect_test::expect_file!["campaign/workflow.txt"].assert_eq(&workflow(Kind::Campaign));
    }
}
