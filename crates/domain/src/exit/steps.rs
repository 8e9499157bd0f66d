//! What each action does to an exit and to its channel.

use super::{
    Action, Announcement, Asked, Certificate, Certified, Consultation, Exit, Forced, Ground, Input, Opening,
    Prompt, Prompted, Refusal, Said, Stamp, Stance, State, Voluntary,
};
use crate::agreement;
use crate::calendar::{Duty, Period};
use crate::channel::{Channel, Level, Phase};
use crate::division::{self, DivisionCode};
use crate::matter::{
    self, Deadline, Effect, Expiry, Faults, Kind, Known, Message, Party, Refused, Scene, Step, Wait,
};
use crate::monitoring;
use crate::parameter::Name;
use crate::rectification::Rectification;
use crate::risk_event::{Grade, RiskEvent};
use crate::security_report::SecurityReport;
use crate::time::BusinessDate;

pub(super) fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Exit>, Refused> {
    let channel = scene.channel()?;
    if scene.others::<Exit>().any(|(known, _)| !known.is_ended) {
        return Err(matter::Refusal::AlreadyOpen.into());
    }
    let new = |state| Exit {
        state,
        voluntary: None,
        forced: None,
        opened: stamp(scene),
        consultation: None,
        decision: None,
        transition: None,
        prompts: Vec::new(),
        announcement: None,
        closed_on: None,
        certificates: Vec::new(),
    };
    match (opening.voluntary, opening.forced, scene.by.party) {
        (Some(voluntary), None, Party::Owner) => {
            check_voluntary(&voluntary, channel, scene)?;
            let exit = Exit { voluntary: Some(voluntary), ..new(State::Filed) };
            let told = scene.tell(Party::Operator, "渠道申请退出", "a channel wants to exit");
            Ok(Step::plain(exit).and(told))
        }
        (None, Some(forced), Party::Operator) => {
            check_forced(&forced, scene)?;
            Ok(Step::plain(Exit { forced: Some(forced), ..new(State::Proposed) }))
        }
        (None, Some(forced), Party::Platform) => {
            let exit = Exit { forced: Some(forced), closed_on: Some(scene.today()), ..new(State::Deleting) };
            Ok(Step::plain(exit))
        }
        (Some(_), Some(_), _) | (None, None, _) => Err(Refusal::Way.into()),
        (Some(_), None, _) | (None, Some(_), _) => Err(Refusal::WayOfParty.into()),
    }
}

fn stamp(scene: &Scene<'_>) -> Stamp {
    Stamp { by: scene.by, at: scene.at }
}

fn said(words: String, scene: &Scene<'_>) -> Result<Said, Refused> {
    matter::words(&words)?;
    Ok(Said { words, stamp: stamp(scene) })
}

/// CH-11.2, CH-32.1, CH-32.2, R17.
fn check_voluntary(exit: &Voluntary, channel: &Channel, scene: &Scene<'_>) -> Result<(), Refused> {
    let starter = scene.parent.map(|parent| parent.owner);
    if channel.level == Level::Two && starter != scene.by.org {
        return Err(Refusal::LevelTwo.into());
    }
    let mut faults = Faults::default();
    faults.take("/voluntary/reason", matter::words(&exit.reason));
    // Not a filing: the day is chosen by the owner, so that no holiday moves it.
    let notice = scene.due(Period::Months(scene.number(Name::ExitNotice)), Duty::Term).on;
    if exit.planned_on < notice {
        faults.add("/voluntary/planned_on", Refusal::Notice { earliest: notice });
    }
    match &exit.special_reason {
        Some(reason) => {
            faults.take("/voluntary/special_reason", matter::words(reason));
        }
        None if is_bound(scene) => faults.add("/voluntary/special_reason", Refusal::SpecialReason),
        None => {}
    }
    faults.check()
}

/// Whether the agreement of the channel is in force. 人社 and 政府 have none (R22).
fn is_bound(scene: &Scene<'_>) -> bool {
    scene
        .others
        .iter()
        .any(|known| known.kind == Kind::Agreement && known.state == agreement::State::InForce.as_str())
}

/// Whether another agreement was signed and has not ended, whatever stands at the end of its term (R7).
fn has_signed(scene: &Scene<'_>) -> bool {
    use agreement::State::{InForce, Observation, PlanRequired, Renewing};
    let signed = [InForce, PlanRequired, Observation, Renewing];
    let is_one = |known: &Known| signed.iter().any(|state| known.state == state.as_str());
    scene.others.iter().any(|known| known.kind == Kind::Agreement && is_one(known))
}

/// CH-35, R19.
fn check_forced(exit: &Forced, scene: &Scene<'_>) -> Result<(), Refused> {
    let mut faults = Faults::default();
    faults.take("/forced/words", matter::words(&exit.words));
    let evidence = scene.others.iter().find(|known| Some(known.id) == exit.evidence);
    let is_proven = match exit.ground {
        // Judged by the two people who decide.
        Ground::Reputation => true,
        ground => evidence.is_some_and(|known| proves(known, ground, scene)),
    };
    if !is_proven {
        faults.add("/forced/evidence", Refusal::Evidence);
    }
    match (exit.ground, exit.transition_until) {
        (Ground::GradeThree, Some(_)) => faults.add("/forced/transition_until", Refusal::NoTransition),
        (_, Some(day)) if day < scene.today() => {
            faults.add("/forced/transition_until", Refusal::TransitionDay);
        }
        (_, Some(_) | None) => {}
    }
    faults.check()
}

/// Whether a matter proves a ground, as it stands now. An agreement that lapsed proves nothing beside one in force.
fn proves(known: &Known, ground: Ground, scene: &Scene<'_>) -> bool {
    match (ground, known.kind) {
        (Ground::GradeThree, Kind::RiskEvent) => {
            read::<RiskEvent>(known).is_some_and(|event| event.grade() == Some(Grade::Three))
        }
        (Ground::Agreement, Kind::Agreement) => {
            known.state == agreement::State::Unsigned.as_str()
                || (known.state == agreement::State::Lapsed.as_str() && !has_signed(scene))
        }
        (Ground::SecurityReport, Kind::SecurityReport) => {
            read::<SecurityReport>(known).is_some_and(|report| report.is_overdue())
        }
        (Ground::Monitoring, Kind::Monitoring) => known.state == monitoring::State::Candidate.as_str(),
        _ => false,
    }
}

fn read<M: matter::Matter>(known: &Known) -> Option<M> {
    serde_json::from_str(&known.body).ok()
}

/// CH-33.1: a province is asked until a day, and told what its silence means: the clause leaves the decision to the ministry, which waits
/// no longer, and takes nobody to have agreed.
fn ask(province: DivisionCode, due_on: BusinessDate, scene: &Scene<'_>) -> Effect {
    let name = scene.channel.map(|channel| channel.name.as_str()).unwrap_or_default();
    Effect::Tell(Message {
        party: Party::Province,
        division: Some(province),
        channel: None,
        zh: format!(
            "渠道{name}申请退出，请于{due_on}前（含当日）反馈意见。逾期未复记录在案，不视为同意，部信息中心此后可据已收到的意见作出决定；决定作出前仍可反馈"
        ),
        en: format!(
            "channel {name} asks to leave: give your opinion by {due_on}. Who has not answered by then is on record and has not agreed, and the ministry may decide on the opinions it has; an answer is taken until it does"
        ),
    })
}

/// The provinces of the channel's regions; all of them when it serves the whole country (CH-33.1).
fn provinces(channel: &Channel) -> Vec<DivisionCode> {
    let regions = channel.scope.regions();
    let all = division::PROVINCES.iter().map(|province| province.code);
    all.filter(|province| regions.iter().any(|region| region.overlaps(*province))).collect()
}

impl Exit {
    pub(super) fn step(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::Consult { due_on } => self.consult(due_on, scene),
            Input::Reply { stance, words } => self.reply(stance, words, scene),
            Input::Approve { words } => self.approve(words, scene),
            Input::Refuse { words } => {
                let told =
                    scene.tell_owner("部信息中心不同意退出", "the ministry does not agree to the exit");
                let decision = Some(said(words, scene)?);
                Ok(Step::plain(Self { state: State::Refused, decision, ..self }).with(told))
            }
            Input::Withdraw {} => Ok(Step::plain(Self { state: State::Withdrawn, ..self })),
            Input::Notify {} => Ok(self.notify(scene)),
            Input::Confirm { words } => self.confirm(words, scene),
            Input::Reject { words } => {
                let decision = Some(said(words, scene)?);
                Ok(Step::plain(Self { state: State::Rejected, decision, ..self }))
            }
            Input::Prompt { prompt } => self.prompt(prompt, scene),
            Input::Announce { announcement } => self.announce(announcement, scene),
            Input::Close {} => {
                self.may_close(scene)?;
                Ok(self.close(Phase::Exited, scene))
            }
            Input::Terminate {} => {
                let closed_on = Some(scene.today());
                Ok(Step::plain(Self { state: State::Deleting, closed_on, ..self }))
            }
            Input::Certify { certificate } => self.certify(certificate, scene),
            Input::Accept { words } => {
                let exit = self.review(words, State::Closed, scene)?;
                let told = scene.tell_owner(
                    "数据删除证明已核验，退出办结",
                    "the deletion is accepted and the exit is over",
                );
                Ok(Step::plain(exit).with(RiskEvent::close_all(scene)).with(told))
            }
            Input::Return { words } => {
                let told = scene.tell_owner("数据删除证明被退回", "the certificate of deletion is returned");
                Ok(Step::plain(self.review(words, State::Deleting, scene)?).with(told))
            }
        }
    }

    fn consult(self, due_on: BusinessDate, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if due_on <= scene.today() {
            return Err(Refusal::ReplyDay.into());
        }
        let asked = provinces(scene.channel()?);
        let due = Deadline {
            starts_on: scene.today(),
            due_on,
            is_provisional: false,
            working_days: None,
            clause: "CH-33.1".to_owned(),
            expiry: Expiry::Recorded,
        };
        let asked: Vec<_> = asked.into_iter().map(|province| Asked { province, opinion: None }).collect();
        let told: Vec<_> = asked.iter().map(|asked| ask(asked.province, due_on, scene)).collect();
        let consultation = Some(Consultation { due, asked });
        Ok(Step::plain(Self { state: State::Consulting, consultation, ..self }).with(told))
    }

    fn reply(mut self, stance: Stance, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let said = said(words, scene)?;
        let mut asked = self.consultation.iter_mut().flat_map(|consultation| &mut consultation.asked);
        let asked = asked.find(|asked| asked.province == scene.by.division).ok_or(Refusal::NotAsked)?;
        asked.opinion = Some((stance, said));
        Ok(Step::plain(self))
    }

    fn approve(self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let decision = Some(said(words, scene)?);
        let is_over = self.consultation.as_ref().is_none_or(|consultation| {
            let all = consultation.asked.iter().all(|asked| asked.opinion.is_some());
            all || consultation.due.is_over(scene.at)
        });
        if !is_over {
            return Err(Refusal::Consulting.into());
        }
        Ok(Step::plain(Self { state: State::Approved, decision, ..self }))
    }

    /// CH-33.2: the transition begins with the operator's notice (R17).
    fn notify(self, scene: &Scene<'_>) -> Step<Self> {
        let period = Period::Months(scene.number(Name::ExitTransition));
        let until = scene.due(period, Duty::Term).on;
        self.leave(until, "CH-33.2", scene)
    }

    fn leave(self, until: BusinessDate, clause: &str, scene: &Scene<'_>) -> Step<Self> {
        let transition = Deadline {
            starts_on: scene.today(),
            due_on: until,
            is_provisional: false,
            working_days: None,
            clause: clause.to_owned(),
            expiry: Expiry::Recorded,
        };
        let zh = "渠道进入退出过渡期：请向存量用户推送提示、引导至其他渠道（可承接的渠道列在本办件中），并发布公告";
        let en = "the transition begins: prompt your holders, guide them to another channel (the matter lists them), announce the exit";
        let exit = Self { state: State::Transition, transition: Some(transition), ..self };
        Step::plain(exit)
            .and(Effect::Enter(Phase::Leaving))
            .with(scene.tell_departments("渠道进入退出过渡期", "a channel begins its exit"))
            .with(scene.tell_owner(zh, en))
    }

    fn confirm(self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let decision = Some(said(words, scene)?);
        let exit = Self { decision, ..self };
        match exit.forced.as_ref().map(|forced| (forced.ground, forced.transition_until)) {
            Some((Ground::GradeThree, _)) => Ok(exit.close(Phase::Terminated, scene)),
            Some((_, Some(until))) => Ok(exit.leave(until.max(scene.today()), "R19", scene)),
            _ => {
                let period = Period::Months(scene.number(Name::ForcedTransition));
                let until = scene.due(period, Duty::Term).on;
                Ok(exit.leave(until, "R19", scene))
            }
        }
    }

    fn lies_in_transition(&self, day: BusinessDate, scene: &Scene<'_>) -> bool {
        let begins_on = self.transition.as_ref().map(|transition| transition.starts_on);
        begins_on.is_some_and(|begins_on| begins_on <= day) && day <= scene.today()
    }

    /// CH-34.1, CH-34.2: that holders were prompted, and where they were guided to.
    fn prompt(mut self, prompt: Prompt, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        faults.take("/prompt/words", matter::words(&prompt.words));
        if !self.lies_in_transition(prompt.prompted_on, scene) {
            faults.add("/prompt/prompted_on", Refusal::PromptDay);
        }
        let own = scene.channel()?.number;
        if prompt.successors.is_empty() || prompt.successors.contains(&own) {
            faults.add("/prompt/successors", Refusal::Successors);
        }
        let has_arrived = |id| scene.files.iter().any(|file| file.id == id);
        if prompt.files.is_empty() || !prompt.files.iter().all(|id| has_arrived(*id)) {
            faults.add("/prompt/files", Refusal::Files);
        }
        faults.check()?;
        let guided = Effect::Guide(prompt.successors.clone());
        self.prompts.push(Prompted { prompt, stamp: stamp(scene) });
        Ok(Step::plain(self).and(guided))
    }

    fn announce(self, announcement: Announcement, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        let is_link = announcement.url.strip_prefix("https://").is_some_and(|rest| {
            !rest.is_empty() && rest.len() <= 2000 && !rest.contains(char::is_whitespace)
        });
        if !is_link {
            faults.add("/announcement/url", Refusal::Link);
        }
        if !self.lies_in_transition(announcement.from_on, scene) {
            faults.add("/announcement/from_on", Refusal::AnnouncementDay);
        }
        let earliest = announcement.has_run_on(scene);
        if announcement.until_on < earliest {
            faults.add("/announcement/until_on", Refusal::AnnouncementLength { earliest });
        }
        faults.check()?;
        Ok(Step::plain(Self { announcement: Some(announcement), ..self }))
    }

    /// The last day of service, which for a voluntary exit needs an announcement (R17, R18).
    pub(super) fn closes_on(&self, scene: &Scene<'_>) -> Result<BusinessDate, Refusal> {
        let last_day = self.last_day().unwrap_or(scene.today());
        match (&self.voluntary, &self.announcement) {
            (Some(_), None) => Err(Refusal::NotAnnounced),
            (Some(_), Some(announcement)) => Ok(last_day.max(announcement.has_run_on(scene))),
            (None, _) => Ok(last_day),
        }
    }

    fn may_close(&self, scene: &Scene<'_>) -> Result<(), Refusal> {
        let last_day = self.closes_on(scene)?;
        if scene.at < last_day.end() { Err(Refusal::Early { last_day }) } else { Ok(()) }
    }

    /// CH-33.3: interfaces, keys and portal, in one step.
    fn close(self, phase: Phase, scene: &Scene<'_>) -> Step<Self> {
        let exit = Self { state: State::Deleting, closed_on: Some(scene.today()), ..self };
        let (zh, en) = (
            "接口和渠道门户已关闭；须删除全部原始信息并提交删除证明",
            "interfaces and portal are closed: delete all raw data and certify it",
        );
        Step::plain(exit)
            .and(Effect::RevokeKeys)
            .and(Effect::Enter(phase))
            .with(SecurityReport::retire_all(scene))
            .with(Rectification::settle_all(scene))
            .with(scene.tell_departments("渠道已退出", "a channel has exited"))
            .with(scene.tell_owner(zh, en))
    }

    fn certify(mut self, certificate: Certificate, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let registration = certificate.check(scene, self.closed_on)?;
        self.certificates.push(Certified { certificate, stamp: stamp(scene), registration, review: None });
        Ok(Step::plain(Self { state: State::Certified, ..self }))
    }

    fn review(mut self, words: String, state: State, scene: &Scene<'_>) -> Result<Self, Refused> {
        let review = Some(said(words, scene)?);
        if let Some(filed) = self.certificates.last_mut() {
            filed.review = review;
        }
        Ok(Self { state, ..self })
    }

    /// Each province that has not answered, and the ministry when nobody is left to wait for.
    pub(super) fn consulted(&self) -> Vec<Wait> {
        let Some(consultation) = &self.consultation else { return Vec::new() };
        let open = consultation.asked.iter().filter(|asked| asked.opinion.is_none());
        let deadline = || Some(consultation.due.clone());
        let mut waits: Vec<_> = open
            .map(|asked| Wait {
                party: Party::Province,
                division: Some(asked.province),
                task: "reply",
                deadline: deadline(),
            })
            .collect();
        let deadline = if waits.is_empty() { None } else { deadline() };
        waits.push(Wait { party: Party::Ministry, division: None, task: "decide", deadline });
        waits
    }

    /// What is still to be done in the transition.
    pub(super) fn leaving(&self, scene: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task, deadline| Wait { party, division: None, task, deadline };
        let Some(transition) = &self.transition else { return Vec::new() };
        let mut waits = Vec::new();
        if self.prompts.is_empty() {
            let due = Deadline { clause: "CH-34.1".to_owned(), ..transition.clone() };
            waits.push(wait(Party::Owner, "prompt", Some(due)));
        }
        match self.closes_on(scene) {
            Ok(last_day) => {
                let expiry = Expiry::Acts(Action::Close.as_str().to_owned());
                // R18: that of a voluntary exit follows from what was announced.
                let clause = if self.voluntary.is_some() { "CH-34.3" } else { "CH-33.3" }.to_owned();
                let closing = Deadline { due_on: last_day, clause, expiry, ..transition.clone() };
                waits.push(wait(Party::Platform, "close", Some(closing)));
            }
            Err(_) => {
                let days = i32::try_from(scene.number(Name::ExitAnnouncement)).unwrap_or(i32::MAX);
                let due_on = self.last_day().unwrap_or(transition.due_on).plus_days(-days);
                let due = Deadline { due_on, clause: "CH-34.3".to_owned(), ..transition.clone() };
                waits.push(wait(Party::Owner, "announce", Some(due)));
            }
        }
        waits
    }
}

impl Announcement {
    /// The day on which it has run as long as it must; the day it began does not count (R0, R18). How long that is was known
    /// when it began: a later version lengthens no announcement that is out.
    fn has_run_on(&self, scene: &Scene<'_>) -> BusinessDate {
        let days = scene.number_on(Name::ExitAnnouncement, self.from_on);
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        self.from_on.plus_days(days)
    }
}
