//! The monthly report of a level-1 channel on its level-2 channels (CH-11.4d).
//!
//! The platform opens one for every closed month and every level-1 channel that has level-2 channels; it says which.
//! Invariant: a report has one row for each of them and none for another channel. Whether it came late is kept.

use crate::calendar::{Duty, Period};
use crate::channel::ChannelNumber;
use crate::matter::{
    self, By, Deadline, Expiry, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::name::names;
use crate::parameter::{Name, Parameters};
use crate::refusal::refusals;
use crate::time::{Month, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

refusals! {
    /// Why a report is not demanded or not taken.
    Refusal {
        /// A month that is not over.
        Month = "filing.month" ["CH-11.4d"] "报送月份尚未结束" "the month is not over";
        /// No level-2 channel, or one twice.
        Channels = "filing.channels" ["CH-11.4d"] "须列明二级渠道且不得重复"
            "name the level-2 channels, each once";
        /// A channel without its row.
        Rows { channel: ChannelNumber } = "filing.rows" ["CH-11.4d"] "报表缺少二级渠道{channel}的数据"
            "the report has no row for the level-2 channel {channel}";
        /// A row for a channel that is not asked about.
        Channel = "filing.channel" ["CH-11.4d"] "该渠道不在本月应报送之列"
            "this is no channel that the month is reported on";
        /// A second row for a channel.
        Repeated = "filing.repeated" ["CH-11.4d"] "该渠道重复填报" "this channel is reported twice";
    }
}

names! {
    /// Where it stands.
    State {
        /// Waits for the report.
        Due = "due",
        /// The operator reads it.
        Reported = "reported",
        /// The operator took it.
        Accepted = "accepted",
    }
    /// What is done to it.
    Action {
        /// The level-1 channel reports.
        Report = "report",
        /// The operator takes the report.
        Accept = "accept",
        /// The operator sends it back.
        Return = "return",
    }
}

/// A monthly report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FilingBody))]
pub struct Filing {
    state: State,
    month: Month,
    channels: Vec<ChannelNumber>,
    deadline: Deadline,
    report: Option<Report>,
    opinions: Vec<Opinion>,
}

/// What was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FilingReport))]
pub struct Report {
    rows: Vec<Row>,
    by: By,
    at: Timestamp,
    is_late: bool,
}

/// The figures of one level-2 channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FilingRow))]
#[serde(deny_unknown_fields)]
pub struct Row {
    channel: ChannelNumber,
    issuance: u64,
    active: u64,
    uses: u64,
}

/// The figures of one level-2 channel, as they are reported: the channel is read by the rule, so that every wrong row is
/// named, and not only the first.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FilingInputRow))]
#[serde(deny_unknown_fields)]
pub struct Reported {
    channel: String,
    issuance: u64,
    active: u64,
    uses: u64,
}

/// What the operator thinks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FilingOpinion))]
pub struct Opinion {
    words: String,
    by: By,
    at: Timestamp,
}

/// What the platform opens one with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FilingOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The closed month.
    pub month: Month,
    /// The level-2 channels of the channel.
    pub channels: Vec<ChannelNumber>,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FilingInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// The figures.
    Report {
        /// One row for each level-2 channel.
        rows: Vec<Reported>,
    },
    /// Nothing more to say.
    Accept {},
    /// What is wrong with them.
    Return {
        /// The opinion.
        words: String,
    },
}

fn sorted(channels: impl Iterator<Item = ChannelNumber>) -> Vec<ChannelNumber> {
    let mut channels: Vec<_> = channels.collect();
    channels.sort_unstable();
    channels
}

impl Opening {
    /// What the close of `month` demands of a level-1 channel about the level-2 channels that were live in it: a report in
    /// the month that ends a cycle, counted from January; none without such a channel (CH-11.4d).
    pub fn demanded(month: Month, channels: Vec<ChannelNumber>, parameters: &Parameters) -> Option<Self> {
        let day = month.last_day().plus_days(1);
        let cycle = i32::try_from(parameters.get(Name::LevelTwoReport, day)).unwrap_or(1).max(1);
        let ends = (month.as_number() + 1).rem_euclid(cycle) == 0;
        (ends && !channels.is_empty()).then_some(Self { month, channels })
    }
}

impl Filing {
    /// The month reported on.
    pub const fn month(&self) -> Month {
        self.month
    }

    /// The rows of a report: one for each of the channels that it is on, and no other (CH-11.4d).
    fn read(&self, reported: &[Reported]) -> Result<Vec<Row>, Refused> {
        let (mut faults, mut rows) = (Faults::default(), Vec::with_capacity(reported.len()));
        let mut seen = BTreeSet::new();
        for (at, row) in reported.iter().enumerate() {
            let pointer = format!("/rows/{at}/channel");
            let Some(channel) = faults.take(&pointer, row.channel.parse::<ChannelNumber>()) else { continue };
            if !self.channels.contains(&channel) {
                faults.add(pointer, Refusal::Channel);
            } else if !seen.insert(channel) {
                faults.add(pointer, Refusal::Repeated);
            }
            rows.push(Row { channel, issuance: row.issuance, active: row.active, uses: row.uses });
        }
        for channel in self.channels.iter().filter(|channel| !seen.contains(channel)) {
            faults.add("/rows", Refusal::Rows { channel: *channel });
        }
        faults.check().map(|()| rows)
    }
}

impl Matter for Filing {
    const KIND: Kind = Kind::Filing;
    const OPENED_BY: &'static [Party] = &[Party::Platform];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let channels = sorted(opening.channels.iter().copied());
        let mut faults = Faults::default();
        if opening.month >= scene.today().month() {
            faults.add("/month", Refusal::Month);
        }
        if channels.is_empty() || channels.windows(2).any(|pair| pair[0] == pair[1]) {
            faults.add("/channels", Refusal::Channels);
        }
        faults.check()?;
        scene.channel()?;
        if scene.others::<Self>().any(|(_, other)| other.month == opening.month) {
            return Err(matter::Refusal::AlreadyOpen.into());
        }
        let days = Period::Days(scene.number(Name::LevelTwoReportDue));
        let last = opening.month.last_day();
        let deadline = Deadline::new(scene, last, days, Duty::Filing, "CH-11.4d", Expiry::Recorded);
        let state = State::Due;
        let month = opening.month;
        Ok(Step::plain(Self { state, month, channels, deadline, report: None, opinions: Vec::new() }))
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        match (state, action) {
            (State::Due, Action::Report) => &[State::Reported],
            (State::Reported, Action::Accept) => &[State::Accepted],
            (State::Reported, Action::Return) => &[State::Due],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            Action::Report => (&[Party::Owner], "报送", "Report", &[Need::Form]),
            Action::Accept => (&[Party::Operator], "接收", "Accept", &[]),
            Action::Return => (&[Party::Operator], "退回", "Return", &[Need::Words]),
        };
        Rule { by, zh, en, clause: "CH-11.4d", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Report { .. } => Action::Report,
            Input::Accept {} => Action::Accept,
            Input::Return { .. } => Action::Return,
        }
    }

    fn act(mut self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let state = match input {
            Input::Report { rows } => {
                let rows = self.read(&rows)?;
                let is_late = self.deadline.is_over(scene.at);
                self.report = Some(Report { rows, by: scene.by, at: scene.at, is_late });
                State::Reported
            }
            Input::Accept {} => State::Accepted,
            Input::Return { words } => {
                matter::words(&words)?;
                self.opinions.push(Opinion { words, by: scene.by, at: scene.at });
                State::Due
            }
        };
        Ok(Step::plain(Self { state, ..self }))
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task, deadline| vec![Wait { party, division: None, task, deadline }];
        match self.state {
            State::Due => wait(Party::Owner, "report", Some(self.deadline.clone())),
            State::Reported => wait(Party::Operator, "accept", None),
            State::Accepted => Vec::new(),
        }
    }

    fn title(&self) -> String {
        format!("{}二级渠道业务统计", self.month)
    }
}

#[cfg(test)]
mod tests {
    use crate::matter::testing::{Play, workflow};
    use crate::matter::{Kind, Party};

    const OPENING: &str = r#"{"month":"2026-02","channels":["3300000003","3300000002"]}"#;
    const REPORT: &str = r#"{"action":"report","rows":[
        {"channel":"3300000002","issuance":1,"active":2,"uses":3},
        {"channel":"3300000003","issuance":0,"active":0,"uses":0}]}"#;

    fn opened(month: &str, today: &str) -> Play {
        let mut play = Play::channel(Kind::Filing);
        play.on(today).open(Party::Platform, &OPENING.replace("2026-02", month)).unwrap();
        play
    }

    /// CH-11.4d.
    #[test]
    fn a_level_1_channel_reports_on_each_of_its_level_2_channels() {
        let mut play = opened("2026-02", "2026-03-01");
        assert_eq!(play.waits(), ["owner:report@2026-03-10"]);
        let short =
            r#"{"action":"report","rows":[{"channel":"3300000002","issuance":1,"active":2,"uses":3}]}"#;
        assert_eq!(play.refused(Party::Owner, short), "request.fields");
        assert_eq!(play.refused(Party::Owner, &REPORT.replace("3300000003", "3300000002")), "request.fields");
        play.act(Party::Owner, REPORT).unwrap();
        play.act(Party::Operator, r#"{"action":"return","words":"请核对"}"#).unwrap();
        play.act(Party::Owner, REPORT).unwrap();
        play.act(Party::Operator, r#"{"action":"accept"}"#).unwrap();
        assert!(play.is_ended());
        assert_eq!(play.open(Party::Owner, OPENING).unwrap_err().code(), "matter.party");
    }

    /// CH-11.4d: every row that is wrong is named, and every channel that has none.
    #[test]
    fn what_is_wrong_with_a_report_is_told_row_by_row() {
        let mut play = opened("2026-02", "2026-03-01");
        let row = |channel: &str| format!(r#"{{"channel":"{channel}","issuance":1,"active":2,"uses":3}}"#);
        let report = |rows: &[&str]| {
            let rows: Vec<_> = rows.iter().map(|channel| row(channel)).collect();
            format!(r#"{{"action":"report","rows":[{}]}}"#, rows.join(","))
        };
        for (rows, faults) in [
            (&["3300000002"][..], &[("/rows", "filing.rows")][..]),
            (&[][..], &[("/rows", "filing.rows"), ("/rows", "filing.rows")][..]),
            (
                &["3300000002", "3300000009", "33", "3300000002", "3300000003"][..],
                &[
                    ("/rows/1/channel", "filing.channel"),
                    ("/rows/2/channel", "channel.number"),
                    ("/rows/3/channel", "filing.repeated"),
                ][..],
            ),
        ] {
            let told = match play.act(Party::Owner, &report(rows)) {
                Err(crate::matter::Refused::Fields(told)) => told,
                other => panic!("{other:?}"),
            };
            let told: Vec<_> =
                told.iter().map(|fault| (fault.pointer.as_str(), fault.refusal.code())).collect();
            assert_eq!(told, faults);
        }
        play.act(Party::Owner, &report(&["3300000003", "3300000002"])).unwrap();
    }

    /// CH-11.4d, R0: the last day moves off a holiday; the day itself is in time, the next is late and still taken.
    #[test]
    fn a_late_report_is_taken_and_kept_as_late() {
        assert_eq!(opened("2026-01", "2026-02-01").waits(), ["owner:report@2026-02-10"]);
        assert_eq!(opened("2026-09", "2026-10-01").waits(), ["owner:report@2026-10-10"], "a worked Saturday");
        assert_eq!(opened("2025-12", "2026-01-01").waits(), ["owner:report@2026-01-12"], "after a weekend");
        for (day, late) in [("2026-03-10", false), ("2026-03-11", true)] {
            let mut play = opened("2026-02", "2026-03-01");
            play.on(day).act(Party::Owner, REPORT).unwrap();
            let body = &play.matter.as_ref().unwrap().body;
            assert!(body.contains(&format!(r#""is_late":{late}"#)), "{day}");
        }
    }

    /// CH-11.4d: only closed months, and only channels that exist.
    #[test]
    fn a_report_is_demanded_for_a_closed_month() {
        let mut play = Play::channel(Kind::Filing);
        for (today, accepted) in [("2026-02-28", false), ("2026-03-01", true)] {
            assert_eq!(play.on(today).open(Party::Platform, OPENING).is_ok(), accepted, "{today}");
        }
        for channels in ["[]", r#"["3300000002","3300000002"]"#] {
            let opening = format!(r#"{{"month":"2026-02","channels":{channels}}}"#);
            assert_eq!(play.open(Party::Platform, &opening).unwrap_err().code(), "request.fields");
        }
    }

    /// CH-11.4d: every month, or as often as the cycle says; none without a level-2 channel.
    #[test]
    fn a_report_is_demanded_at_the_end_of_every_cycle() {
        use super::Opening;
        use crate::parameter::{Name, Parameters};
        let level_two = || vec!["3300000002".parse().unwrap()];
        let demanded = |parameters: &Parameters| -> Vec<String> {
            let months = (1..=12).map(|month| format!("2026-{month:02}").parse().unwrap());
            let found = months.filter_map(|month| Opening::demanded(month, level_two(), parameters));
            found.map(|opening| opening.month.to_string()).collect()
        };
        let mut parameters = Parameters::standard();
        assert_eq!(demanded(&parameters).len(), 12);
        assert!(Opening::demanded("2026-02".parse().unwrap(), Vec::new(), &parameters).is_none());
        parameters.change(Name::LevelTwoReport, 2, 3, "2026-01-01".parse().unwrap()).unwrap();
        assert_eq!(demanded(&parameters), ["2026-03", "2026-06", "2026-09", "2026-12"]);
    }

    /// CH-11.4d: once a month.
    #[test]
    fn a_month_is_reported_on_once() {
        let mut play = opened("2026-02", "2026-03-01");
        play.put_aside(1, Kind::Filing, Kind::Filing);
        assert_eq!(play.open(Party::Platform, OPENING).unwrap_err().code(), "matter.already_open");
        play.on("2026-04-01").open(Party::Platform, &OPENING.replace("2026-02", "2026-03")).unwrap();
    }

    /// CH-11.4d: the state machine.
    #[test]
    fn the_workflow_of_a_filing() {
        expect_test::expect_file!["filing/workflow.txt"].assert_eq(&workflow(Kind::Filing));
    }
}
