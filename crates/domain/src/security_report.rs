//! The security report of a channel (安全检测报告): filed, reviewed, rectified, retested, and due again every year
//! (CH-28, CH-29).
//!
//! A matter begins when the owner means to file a report or when the operator orders a test (CH-28.2b). Invariant: a
//! report is accepted only if its laboratory was qualified on the day of the test and found no danger; a retest that
//! still finds one withholds everything until one passes (CH-28.6a). Whoever had to test and did not is marked late,
//! bears the main liability for what happens then (CH-28.6b) and may be forced out (CH-35.3).
//!
//! The last day to file again moves off a holiday, since filing is a party's duty; how long the report holds does not.

mod lab;
mod review;
#[cfg(test)]
mod tests;
mod words;

pub use lab::{Lab, Qualification, Report};
pub use review::{Checked, Remark, checklist};
pub use words::{Action, Item, Occasion, Outcome, QualificationKind, Refusal, State};

use crate::calendar::{Duty, Period};
use crate::channel::Withheld;
use crate::matter::{
    self, By, Deadline, Effect, Expiry, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::parameter::Name;
use crate::time::{BusinessDate, Timestamp};
use review::Review;
use serde::{Deserialize, Serialize};

/// The specification that a report names (CH-28.1).
pub const SPECIFICATION: &str = "电子社会保障卡服务渠道接入安全技术规范";

/// A security report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportBody))]
pub struct SecurityReport {
    state: State,
    occasion: Occasion,
    opened_by: By,
    order: Option<Order>,
    /// The day of the upgrade after which the channel is tested (CH-28.4b).
    upgraded_on: Option<BusinessDate>,
    filings: Vec<Filing>,
    validity: Option<Validity>,
    /// Nothing was filed by the day it was due (CH-28.6b).
    is_late: bool,
    /// Everything is withheld because of it (CH-28.6a).
    is_withheld: bool,
}

/// What the operator ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportOrder))]
struct Order {
    words: String,
    due: Deadline,
}

/// A report as it was filed, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportFiling))]
struct Filing {
    report: Report,
    by: By,
    at: Timestamp,
    review: Option<Review>,
}

/// How long an accepted report holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportValidity))]
struct Validity {
    tested_on: BusinessDate,
    valid_until: BusinessDate,
    /// By when the next one is filed.
    due: Deadline,
    /// The days on which the owner is still to be reminded, in order.
    reminders: Vec<BusinessDate>,
    is_reminded: bool,
}

/// What opens one.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    occasion: Occasion,
    /// The operator's last day for the report.
    #[serde(default)]
    due_on: Option<BusinessDate>,
    /// Why the operator wants it.
    #[serde(default)]
    words: Option<String>,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// The report.
    Submit {
        /// It.
        report: Box<Report>,
    },
    /// Why it is good.
    Accept {
        /// The opinion.
        words: String,
        /// What was confirmed; when it is told, all that no rule can know.
        #[serde(default)]
        confirmed: Option<Vec<Item>>,
    },
    /// What is missing.
    Return {
        /// The opinion.
        words: String,
        /// What is missing, item by item.
        #[serde(default)]
        remarks: Vec<Remark>,
    },
    /// What is dangerous.
    Fail {
        /// The opinion.
        words: String,
        /// What is dangerous, item by item.
        #[serde(default)]
        remarks: Vec<Remark>,
    },
    /// A day has come.
    Remind {},
    /// The last day is over.
    Lapse {},
    /// There is a newer one.
    Retire {},
    /// Nothing more to say.
    Withdraw {},
}

impl QualificationKind {
    const fn missing(self) -> Refusal {
        match self {
            Self::Cnas => Refusal::Cnas,
            Self::Cma => Refusal::Cma,
            Self::RiskAssessment => Refusal::RiskAssessment,
            Self::Cryptography => Refusal::Cryptography,
        }
    }
}

impl SecurityReport {
    /// Whether it was accepted and holds on `day`; the day of the test and the last day do.
    pub fn covers(&self, day: BusinessDate) -> bool {
        self.validity.as_ref().is_some_and(|held| held.tested_on <= day && day <= held.valid_until)
    }

    /// Whether it is accepted and nothing has happened to it since.
    pub fn is_accepted(&self) -> bool {
        self.state == State::Accepted
    }

    /// Whether its channel failed to file in time and has not put that right: a ground to force it out (CH-35.3), and
    /// the main liability for what happens until then (CH-28.6b).
    pub fn is_overdue(&self) -> bool {
        self.is_late && !matches!(self.state, State::Accepted | State::Retired | State::Withdrawn)
    }

    /// Why the channel is tested.
    pub const fn occasion(&self) -> Occasion {
        self.occasion
    }

    /// What asks the channel for a test after a major upgrade (CH-28.4b). The clause sets no period: an order does.
    pub(crate) fn after_upgrade(scene: &Scene<'_>) -> Vec<Effect> {
        let opening = format!(r#"{{"occasion":"{}"}}"#, Occasion::Upgrade);
        let told = scene.tell_owner(
            "重大升级已完成，请重新进行安全检测并提交报告",
            "the major upgrade is done: have the channel tested and file the report",
        );
        std::iter::once(Effect::Open { kind: Kind::SecurityReport, opening }).chain(told).collect()
    }

    /// What sets aside every report of the channel that has not ended: its channel is gone.
    pub(crate) fn retire_all(scene: &Scene<'_>) -> Vec<Effect> {
        let open = scene.others::<Self>().filter(|(known, _)| !known.is_ended);
        open.map(|(known, _)| act(known.id, "retire")).collect()
    }

    /// The newest report that holds or has run out.
    fn newest(scene: &Scene<'_>) -> Option<Validity> {
        let held = scene.others::<Self>().filter_map(|(_, other)| other.validity);
        held.max_by_key(|held| held.tested_on)
    }

    fn submit(mut self, report: Report, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let newest = Self::newest(scene);
        let failed = self.filings.iter().rfind(|filing| filing.is_failed());
        let earlier = failed.map(|filing| filing.report.tested_on);
        let earlier = earlier.max(newest.as_ref().map(|held| held.tested_on));
        if self.upgraded_on.is_some_and(|day| report.tested_on < day) {
            let mut faults = matter::Faults::default();
            faults.add("/report/tested_on", Refusal::BeforeUpgrade);
            faults.check()?;
        }
        report.check(scene, newest.map(|held| held.due.due_on), earlier)?;
        if failed.is_some_and(|filing| filing.report.file == report.file) {
            let mut faults = matter::Faults::default();
            faults.add("/report/file", Refusal::SameFile);
            faults.check()?;
        }
        self.state = if self.is_rectified() { State::Retested } else { State::Filed };
        self.filings.push(Filing { report, by: scene.by, at: scene.at, review: None });
        Ok(Step::plain(self))
    }

    /// Whether a danger was found in it before.
    fn is_rectified(&self) -> bool {
        self.filings.iter().any(Filing::is_failed)
    }

    fn review(&mut self, review: Review) -> Result<(), Refused> {
        if let Some(filing) = self.filings.last_mut() {
            if review.verdict == Action::Accept && filing.report.outcome == Outcome::Failed {
                return Err(Refusal::Failed.into());
            }
            filing.review = Some(review);
        }
        Ok(())
    }

    fn accept(
        mut self,
        words: String,
        confirmed: Option<Vec<Item>>,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        if let Some(confirmed) = &confirmed {
            self.all_confirmed(confirmed, scene)?;
        }
        let told = (words, confirmed.unwrap_or_default(), Vec::new());
        self.review(Review::new(Action::Accept, told, scene)?)?;
        self.validity = self.filings.last().map(|filing| Validity::new(&filing.report, scene));
        let was_withheld = std::mem::replace(&mut self.is_withheld, false);
        self.state = State::Accepted;
        let followed = scene.others::<Self>();
        let followed = followed.filter(|(_, other)| matches!(other.state, State::Accepted | State::Overdue));
        let retired: Vec<_> = followed.map(|(known, _)| act(known.id, "retire")).collect();
        let step = Step::plain(self).with(was_withheld.then_some(Effect::Restore)).with(retired);
        Ok(step.with(scene.tell_owner("安全检测报告已审核通过", "the security report is accepted")))
    }

    fn give_back(
        mut self,
        words: String,
        remarks: Vec<Remark>,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        self.review(Review::new(Action::Return, (words, Vec::new(), remarks), scene)?)?;
        self.state = match (self.is_withheld, self.is_rectified()) {
            (true, _) => State::Dangerous,
            (false, true) => State::Rectifying,
            (false, false) => State::Returned,
        };
        let late = Self::late(scene);
        let told = scene.tell_owner("安全检测报告须补正", "the security report has to be completed");
        Ok(Step::plain(self).with(told).with(late))
    }

    fn fail(mut self, words: String, remarks: Vec<Remark>, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let is_retest = self.state == State::Retested;
        self.review(Review::new(Action::Fail, (words, Vec::new(), remarks), scene)?)?;
        self.state = if is_retest { State::Dangerous } else { State::Rectifying };
        let stops = is_retest && !self.is_withheld;
        self.is_withheld |= is_retest;
        let (zh, en) = if is_retest {
            (
                "复测仍存在安全隐患，暂停提供服务直至结果达标",
                "the retest still found a danger: service is suspended until one passes",
            )
        } else {
            ("安全检测发现隐患，请整改后复测", "the security test found a danger: rectify and test again")
        };
        let step = Step::plain(self).with(stops.then_some(Effect::Withhold(Withheld::All)));
        Ok(step.with(scene.tell_owner(zh, en)).with(Self::late(scene)))
    }

    /// What was filed in time turned out not to be good: the report that ran out meanwhile is late after all.
    fn late(scene: &Scene<'_>) -> Vec<Effect> {
        let waiting =
            scene.others::<Self>().filter(|(_, other)| other.state == State::Overdue && !other.is_late);
        waiting.map(|(known, _)| act(known.id, "lapse")).collect()
    }

    fn remind(mut self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let today = scene.today();
        let Some(held) = self.validity.as_mut().filter(|held| held.reminders.iter().any(|day| *day <= today))
        else {
            return Err(matter::Refusal::Early.into());
        };
        held.reminders.retain(|day| *day > today);
        held.is_reminded = true;
        let due = held.due.due_on;
        let zh = format!("安全检测即将满一年，请于{due}前提交新的检测报告");
        let told = scene.tell_owner(zh, format!("a new security report is due by {due}"));
        Ok(Step::plain(self).with(told))
    }

    fn lapse(mut self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if !self.due().is_some_and(|due| due.is_over(scene.at)) {
            return Err(matter::Refusal::Early.into());
        }
        let is_filed = |other: &Self| matches!(other.state, State::Filed | State::Retested);
        self.is_late = match self.state {
            State::Accepted => !scene.others::<Self>().any(|(_, other)| is_filed(&other)),
            _ => true,
        };
        if self.state == State::Accepted {
            self.state = State::Overdue;
        }
        if !self.is_late {
            return Ok(Step::plain(self));
        }
        let (zh, en) = (
            "未按期提交安全检测报告，对此间出现的安全问题负主要责任",
            "no security report was filed in time: the channel is mainly liable for what happens meanwhile",
        );
        let told = scene.tell_owner(zh, en);
        Ok(Step::plain(self).with(told).and(scene.tell(Party::Operator, zh, en)))
    }

    /// By when something has to be filed.
    fn due(&self) -> Option<&Deadline> {
        match self.state {
            State::Accepted | State::Overdue => self.validity.as_ref().map(|held| &held.due),
            State::Ordered | State::Returned => self.order.as_ref().map(|order| &order.due),
            _ => None,
        }
    }

    /// The same day, once it is only shown.
    fn shown(&self) -> Option<Deadline> {
        self.due().map(|due| Deadline { expiry: Expiry::Recorded, ..due.clone() })
    }
}

impl Validity {
    fn new(report: &Report, scene: &Scene<'_>) -> Self {
        let period = Period::Months(12 * scene.number(Name::ReportValidity));
        let expiry = Expiry::Acts(Action::Lapse.as_str().to_owned());
        let due = Deadline::new(scene, report.tested_on, period, Duty::Filing, "CH-28.4a", expiry);
        let valid_until = report.valid_until(scene);
        let names = [Name::ReportReminderFirst, Name::ReportReminderSecond, Name::ReportReminderLast];
        let day = |name| valid_until.plus_days(-i32::try_from(scene.number(name)).unwrap_or(i32::MAX));
        let mut reminders: Vec<_> = names.into_iter().map(day).filter(|day| *day > scene.today()).collect();
        reminders.sort_unstable();
        reminders.dedup();
        let is_reminded = reminders.len() < names.len();
        Self { tested_on: report.tested_on, valid_until, due, reminders, is_reminded }
    }
}

fn act(matter: crate::id::MatterId, action: &str) -> Effect {
    Effect::Act { matter, input: format!(r#"{{"action":"{action}"}}"#) }
}

impl Matter for SecurityReport {
    const KIND: Kind = Kind::SecurityReport;
    /// The platform opens one after a major upgrade.
    const OPENED_BY: &'static [Party] = &[Party::Owner, Party::Operator, Party::Platform];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        scene.channel()?;
        let order = match (scene.by.party, opening.due_on, opening.words) {
            (Party::Operator, Some(due_on), Some(words)) => {
                let mut faults = matter::Faults::default();
                faults.take("/words", matter::words(&words));
                if due_on <= scene.today() {
                    faults.add("/due_on", Refusal::DueDay);
                }
                faults.check()?;
                let due = Deadline {
                    starts_on: scene.today(),
                    due_on,
                    is_provisional: false,
                    working_days: None,
                    clause: "CH-28.2b".to_owned(),
                    expiry: Expiry::Acts(Action::Lapse.as_str().to_owned()),
                };
                Some(Order { words, due })
            }
            (Party::Owner, None, None) => None,
            (Party::Platform, None, None) if opening.occasion == Occasion::Upgrade => None,
            _ => return Err(Refusal::Order.into()),
        };
        let state = if order.is_some() { State::Ordered } else { State::Draft };
        let told = order.as_ref().map(|order| {
            let due = order.due.due_on;
            let zh = format!("平台运营机构发起安全检测，请于{due}前提交检测报告");
            scene.tell_owner(zh, format!("the operator orders a security test: report by {due}"))
        });
        let matter = Self {
            state,
            occasion: opening.occasion,
            opened_by: scene.by,
            order,
            upgraded_on: (scene.by.party == Party::Platform).then(|| scene.today()),
            filings: Vec::new(),
            validity: None,
            is_late: false,
            is_withheld: false,
        };
        Ok(Step::plain(matter).with(told.into_iter().flatten()))
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        match (state, action) {
            (State::Draft | State::Ordered | State::Returned, Action::Submit) => &[State::Filed],
            (State::Rectifying | State::Dangerous, Action::Submit) => &[State::Retested],
            (State::Filed | State::Retested, Action::Accept) => &[State::Accepted],
            (State::Filed, Action::Return) => &[State::Returned],
            (State::Filed, Action::Fail) => &[State::Rectifying],
            (State::Retested, Action::Return) => &[State::Rectifying, State::Dangerous],
            (State::Retested, Action::Fail) => &[State::Dangerous],
            (State::Accepted, Action::Remind) => &[State::Accepted],
            (State::Accepted | State::Overdue, Action::Lapse) => &[State::Overdue],
            (State::Ordered, Action::Lapse) => &[State::Ordered],
            (State::Returned, Action::Lapse) => &[State::Returned],
            (State::Draft | State::Ordered | State::Returned, Action::Withdraw) => &[State::Withdrawn],
            (State::Retired | State::Withdrawn, _) => &[],
            (_, Action::Retire) => &[State::Retired],
            (
                State::Draft
                | State::Ordered
                | State::Filed
                | State::Returned
                | State::Rectifying
                | State::Retested
                | State::Dangerous
                | State::Accepted
                | State::Overdue,
                _,
            ) => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        const OWNER: &[Party] = &[Party::Owner];
        const OPERATOR: &[Party] = &[Party::Operator];
        const PLATFORM: &[Party] = &[Party::Platform];
        let (by, zh, en, clause, needs): (_, _, _, _, &[Need]) = match action {
            Action::Submit => {
                (OWNER, "提交检测报告", "File the report", "CH-28.3", &[Need::Form, Need::Files])
            }
            Action::Accept => (OPERATOR, "审核通过", "Accept", "CH-9.3d", &[Need::Words]),
            Action::Return => (OPERATOR, "退回补正", "Return", "CH-9.3d", &[Need::Words]),
            Action::Fail => (OPERATOR, "检测不通过", "Fail", "CH-28.6a", &[Need::Words]),
            Action::Remind => (PLATFORM, "到期提醒", "Remind", "CH-28.4a", &[]),
            Action::Lapse => (PLATFORM, "记录逾期", "Record as overdue", "CH-28.6b", &[]),
            Action::Retire => (PLATFORM, "归档", "Set aside", "CH-28.4a", &[]),
            Action::Withdraw => (&[Party::Owner, Party::Operator], "撤回", "Withdraw", "CH-28.2a", &[]),
        };
        Rule { by, zh, en, clause, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Submit { .. } => Action::Submit,
            Input::Accept { .. } => Action::Accept,
            Input::Return { .. } => Action::Return,
            Input::Fail { .. } => Action::Fail,
            Input::Remind {} => Action::Remind,
            Input::Lapse {} => Action::Lapse,
            Input::Retire {} => Action::Retire,
            Input::Withdraw {} => Action::Withdraw,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        match action {
            Action::Withdraw => Ok(by.is_party(self.opened_by.party)?),
            Action::Submit
            | Action::Accept
            | Action::Return
            | Action::Fail
            | Action::Remind
            | Action::Lapse
            | Action::Retire => Ok(()),
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::Submit { report } => self.submit(*report, scene),
            Input::Accept { words, confirmed } => self.accept(words, confirmed, scene),
            Input::Return { words, remarks } => self.give_back(words, remarks, scene),
            Input::Fail { words, remarks } => self.fail(words, remarks, scene),
            Input::Remind {} => self.remind(scene),
            Input::Lapse {} => self.lapse(scene),
            Input::Retire {} => {
                let restored = self.is_withheld.then_some(Effect::Restore);
                Ok(Step::plain(Self { state: State::Retired, is_withheld: false, ..self }).with(restored))
            }
            Input::Withdraw {} => Ok(Step::plain(Self { state: State::Withdrawn, ..self })),
        }
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Retire {})
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task, deadline| Wait { party, division: None, task, deadline };
        match self.state {
            State::Draft => vec![wait(Party::Owner, "submit", None)],
            State::Ordered | State::Returned if self.is_late => {
                vec![wait(Party::Owner, "submit", self.shown())]
            }
            State::Ordered | State::Returned => vec![wait(Party::Owner, "submit", self.due().cloned())],
            State::Filed | State::Retested => vec![wait(Party::Operator, "review", None)],
            State::Rectifying | State::Dangerous => vec![wait(Party::Owner, "retest", None)],
            State::Accepted => {
                let mut waits = vec![wait(Party::Platform, "lapse", self.due().cloned())];
                if let Some(held) = &self.validity {
                    waits.extend(held.reminders.first().map(|day| {
                        let reminder = Deadline {
                            starts_on: held.tested_on,
                            due_on: day.plus_days(-1),
                            is_provisional: false,
                            working_days: None,
                            clause: "R15".to_owned(),
                            expiry: Expiry::Acts(Action::Remind.as_str().to_owned()),
                        };
                        wait(Party::Platform, "remind", Some(reminder))
                    }));
                    waits.extend(held.is_reminded.then(|| wait(Party::Owner, "renew", self.shown())));
                }
                waits
            }
            State::Overdue => vec![wait(Party::Owner, "renew", self.shown())],
            State::Retired | State::Withdrawn => Vec::new(),
        }
    }

    fn title(&self) -> String {
        let occasion = match self.occasion {
            Occasion::First => "首次入网",
            Occasion::Annual => "年度",
            Occasion::Upgrade => "重大升级",
            Occasion::Retest => "复测",
            Occasion::Spot => "抽测",
        };
        let number = self.filings.last().map(|filing| format!("：{}", filing.report.number));
        format!("安全检测（{occasion}）{}", number.unwrap_or_default())
    }
}
