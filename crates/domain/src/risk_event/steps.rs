//! What each action does to a risk event and to its channel.

use super::{
    Attempt, Cause, Decision, Finding, Grade, Input, Involved, Opening, Proposal, Proposed, Recipient,
    Refusal, RiskEvent, Said, State,
};
use crate::agreement::Agreement;
use crate::attachment::ContentType;
use crate::calendar::{Duty, Period};
use crate::channel::{Phase, Plan, Withheld};
use crate::exit::Exit;
use crate::id::AttachmentId;
use crate::matter::{self, Deadline, Effect, Expiry, Faults, File, Matter, Party, Refused, Scene, Step};
use crate::parameter::{Name, Parameters};
use crate::rectification::Rectification;
use crate::security_report::SecurityReport;
use crate::time::BusinessDate;

/// What the report of a retest is called among the files of the matter.
const RETEST_REPORT: &str = "retest_report";

/// Reported or found: contained at once (CH-30.1), told to both sides (CH-27.2).
pub(super) fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<RiskEvent>, Refused> {
    let channel = scene.channel()?;
    let containment = opening.containment.unwrap_or(Withheld::All);
    let mut faults = Faults::default();
    faults.take("/words", matter::words(&opening.words));
    if opening.discovered_at > scene.at {
        faults.add("/discovered_at", Refusal::Future);
    }
    let may_narrow = scene.by.party != Party::Owner && may_be_part(opening.suspected);
    if containment != Withheld::All && !may_narrow {
        faults.add("/containment", Refusal::Containment);
    }
    if !is_enough(&containment) {
        faults.add("/containment", Refusal::Part);
    }
    faults.check()?;
    let alarm = scene.number(Name::ReportAlarm);
    let micros = scene.at.micros_since(opening.discovered_at);
    let is_late = scene.by.party == Party::Owner && micros > alarm.saturating_mul(1_000_000);
    let event = RiskEvent {
        state: State::Contained,
        incident: opening.incident,
        discovered_at: opening.discovered_at,
        reported_at: scene.at,
        reported_by: scene.by,
        is_late_report: is_late,
        words: opening.words,
        suggested: suggested(&opening.involves),
        involves: opening.involves,
        suspected: opening.suspected,
        notice: opening.notice,
        is_mainly_liable: scene.others::<SecurityReport>().any(|(_, report)| report.is_overdue()),
        jointly_liable: scene.jointly_liable(),
        is_secret: false,
        withheld: Some(containment.clone()),
        proposal: None,
        finding: None,
        confirmed: None,
        rectification: None,
        is_renewed: false,
        missed_on: Vec::new(),
        attempts: Vec::new(),
        decision: None,
        agreed: Vec::new(),
        root_cause: None,
        observation: None,
    };
    let zh = format!(
        "渠道{}发生安全风险事件（{}），已先行暂停服务，等待定级",
        channel.number,
        event.incident.zh()
    );
    let en =
        format!("channel {}: a risk event was raised and contained; it waits for its grade", channel.number);
    let late = is_late.then(|| {
        let zh = format!("渠道{}报告安全风险事件超过告警时限", channel.number);
        scene.tell(Party::Operator, zh, format!("channel {} reported a risk event late", channel.number))
    });
    Ok(Step::plain(event)
        .and(Effect::Withhold(containment))
        .and(scene.tell(Party::Operator, zh.as_str(), en.as_str()))
        .with(scene.tell_departments(&zh, &en))
        .with(scene.tell_owner(zh, en))
        .with(late)
        .with(Agreement::observe_all(scene)))
}

/// R10: an aid to whoever grades.
fn suggested(involves: &[Involved]) -> Option<Grade> {
    let is_major = |what: &Involved| matches!(what, Involved::KeyMaterial | Involved::BiometricTemplate);
    involves.iter().any(is_major).then_some(Grade::Three)
}

/// Less than everything is enough only where the suspected cause is of grade 1.
fn may_be_part(suspected: Option<Cause>) -> bool {
    suspected.is_some_and(|cause| cause.grade() == Grade::One)
}

/// A list of services withholds at least one.
fn is_enough(withheld: &Withheld) -> bool {
    !matches!(withheld, Withheld::Services(services) if services.is_empty())
}

/// What is withheld for a grade (CH-31.1, CH-31.2, R9).
fn withheld_for(grade: Grade, chosen: Option<Withheld>) -> Result<Withheld, Refusal> {
    match (grade, chosen) {
        (Grade::One, None) => Ok(Withheld::NewHolders),
        (Grade::One, Some(part)) if part != Withheld::All && is_enough(&part) => Ok(part),
        (Grade::One, Some(_)) => Err(Refusal::Part),
        (Grade::Two | Grade::Three, None | Some(Withheld::All)) => Ok(Withheld::All),
        (Grade::Two | Grade::Three, Some(_)) => Err(Refusal::Whole),
    }
}

/// CH-31.2.2, CH-31.3.1, R11.
fn check_recipient(cause: Cause, recipient: Option<&Recipient>) -> Result<(), Refused> {
    match recipient {
        None if cause.has_recipient() => Err(Refusal::Recipient.into()),
        None => Ok(()),
        Some(recipient) => {
            matter::words(&recipient.name)?;
            let is_related = matches!(cause, Cause::InterfaceToRelated | Cause::IdentityToRelated);
            let is_lawful = is_related && recipient.number.is_some();
            if is_lawful { Err(Refusal::Lawful.into()) } else { Ok(()) }
        }
    }
}

impl Cause {
    /// What comes upon the channel with this cause: less than everything only where the grade allows it (CH-31.1 to
    /// CH-31.3, R9).
    pub fn plan(self, chosen: Option<Withheld>) -> Result<Plan, Refusal> {
        let withheld = withheld_for(self.grade(), chosen)?;
        Ok(match self.grade() {
            Grade::One | Grade::Two => Plan::Withhold(withheld),
            Grade::Three => Plan::End,
        })
    }
}

impl Cause {
    /// The last day by which what is found today has to be rectified (CH-31.1, CH-31.2); none where the channel ends. Service
    /// comes back when a retest has passed and by no day: this is when it is decided upon if none has (R8).
    pub fn rectify_by(self, today: BusinessDate, parameters: &Parameters) -> Option<BusinessDate> {
        match self.grade() {
            Grade::One | Grade::Two => Some(today.plus_months(parameters.period(Name::Rectification, today))),
            Grade::Three => None,
        }
    }
}

fn said(words: String, scene: &Scene<'_>) -> Result<Said, Refused> {
    matter::words(&words)?;
    Ok(Said { words, by: scene.by, at: scene.at })
}

impl RiskEvent {
    pub(super) fn step(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::Contain { withheld, words } => self.contain(withheld, words, scene),
            Input::Propose { cause, words, withheld, recipient, is_crime_suspected } => {
                check_recipient(cause, recipient.as_ref())?;
                let grade = cause.grade();
                let withheld = withheld_for(grade, withheld)?;
                let finding = Finding { cause, grade, withheld, recipient, is_crime_suspected };
                self.propose(Some(finding), words, scene)
            }
            Input::ProposeDismissal { words } => self.propose(None, words, scene),
            Input::Confirm { words } => self.confirm(words, scene),
            Input::Reject { words } => {
                matter::words(&words)?;
                Ok(Step::plain(Self { state: State::Contained, proposal: None, ..self }))
            }
            Input::Rectify { words, report } => self.rectify(words, report, scene),
            Input::Pass { words } => self.pass(words, scene),
            Input::Fail { words } => self.fail(words, scene),
            Input::Expire {} => {
                if !self.is_month_over(scene) {
                    return Err(matter::Refusal::Early.into());
                }
                Ok(self.miss(scene))
            }
            Input::ProposeDecision { decision, words } => self.propose_decision(decision, words, scene),
            Input::Agree { words } => self.agree(words, scene),
            Input::Disagree { words } => {
                matter::words(&words)?;
                Ok(Step::plain(Self { state: State::Overdue, decision: None, ..self }))
            }
            Input::RecordCause { words } => {
                let root_cause = Some(said(words, scene)?);
                Ok(Step::plain(Self { root_cause, ..self }))
            }
            Input::Escalate { words } => {
                matter::words(&words)?;
                let told = scene.tell(
                    Party::Ministry,
                    "安全风险事件转按国家安全保密规定处理",
                    "a risk event is handled under the rules on state secrets",
                );
                Ok(Step::plain(Self { is_secret: true, ..self }).and(told))
            }
            Input::Close {} => self.close(scene),
        }
    }

    fn contain(self, withheld: Withheld, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        said(words, scene)?;
        if withheld != Withheld::All && !may_be_part(self.suspected) {
            return Err(Refusal::Containment.into());
        }
        if !is_enough(&withheld) {
            return Err(Refusal::Part.into());
        }
        let effect = Effect::Withhold(withheld.clone());
        Ok(Step::plain(Self { withheld: Some(withheld), ..self }).and(effect))
    }

    fn propose(
        self,
        finding: Option<Finding>,
        words: String,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let proposal = Some(Proposal { finding, said: said(words, scene)? });
        Ok(Step::plain(Self { state: State::Proposed, proposal, ..self }))
    }

    fn confirm(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.confirmed = Some(said(words, scene)?);
        let Some(Proposal { finding: Some(finding), .. }) = self.proposal.take() else {
            let told = scene.tell_owner(
                "经复核不构成安全风险事件，已恢复服务",
                "no risk event after all: service is restored",
            );
            let matter = Self { state: State::Dismissed, withheld: None, ..self };
            let step = Step::plain(matter).and(Effect::Restore).with(told);
            return Ok(step.with(Agreement::observe_all(scene)));
        };
        Ok(self.find(finding, scene))
    }

    /// What follows from a grade (CH-31.1 to CH-31.3). A grade of two or three is a major problem: the ministry is told at
    /// once (ND-5.2).
    fn find(self, finding: Finding, scene: &Scene<'_>) -> Step<Self> {
        let grade = finding.grade;
        let withheld = finding.withheld.clone();
        let matter = Self { withheld: Some(withheld.clone()), finding: Some(finding), ..self };
        match grade {
            Grade::One | Grade::Two => {
                let zh = format!("安全风险事件定为{}，限期整改", grade.zh());
                let en = format!("the risk event is of grade {grade}: rectify in time");
                let step = matter.begin_month(grade, scene);
                let told =
                    (grade == Grade::Two).then(|| scene.tell(Party::Ministry, zh.as_str(), en.as_str()));
                step.and(Effect::Withhold(withheld)).with(told).with(scene.tell_owner(zh, en))
            }
            Grade::Three => matter.terminate(scene),
        }
    }

    fn begin_month(self, grade: Grade, scene: &Scene<'_>) -> Step<Self> {
        let period = Period::Months(scene.number(Name::Rectification));
        let expiry = Expiry::Acts(super::Action::Expire.as_str().to_owned());
        let month = Deadline::new(scene, scene.today(), period, Duty::Safety, grade.clause(), expiry);
        Step::plain(Self { state: State::Rectifying, rectification: Some(month), ..self })
    }

    /// CH-31.3: keys and channel end now, and what it holds is deleted (CH-36.1); users are told by the operator (R19).
    fn terminate(self, scene: &Scene<'_>) -> Step<Self> {
        let matter = Self { state: State::Terminated, rectification: None, ..self };
        let is_ended = scene.channel.is_some_and(|channel| channel.phase == Phase::Terminated);
        let zh = "安全风险事件定为三级，即时终止服务、解除合作关系；须删除全部原始信息";
        let en =
            "a risk event of grade 3: the channel is terminated at once and all raw data has to be deleted";
        let step = Step::plain(matter)
            .with((!is_ended).then_some(Effect::RevokeKeys))
            .with((!is_ended).then_some(Effect::Enter(Phase::Terminated)))
            .with(Exit::after_termination(scene))
            .with(SecurityReport::retire_all(scene))
            .with(Rectification::settle_all(scene))
            .and(scene.tell(Party::Operator, zh, en))
            .with(scene.tell_departments_and_ministry(zh, en));
        step.with(scene.tell_owner(zh, en))
    }

    fn rectify(
        mut self,
        words: String,
        report: Option<AttachmentId>,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        let is_report = |id| {
            let is_it = |file: &File| {
                // CH-31.1, CH-31.2: the owner has to show that it is right again, so what it shows is its own.
                file.id == id
                    && scene.by.org == Some(file.org)
                    && file.purpose == RETEST_REPORT
                    && file.content_type == ContentType::Pdf.as_str()
            };
            // That of an attempt that failed is not that of another.
            scene.files.iter().any(is_it) && self.attempts.iter().all(|one| one.report != Some(id))
        };
        if report.is_some_and(|id| !is_report(id)) {
            faults.add("/report", Refusal::Report);
        }
        faults.check()?;
        let rectified = said(words, scene)?;
        self.attempts.push(Attempt { rectified, report, retested: None, has_passed: false });
        Ok(Step::plain(Self { state: State::Retesting, ..self }))
    }

    fn retested(&mut self, has_passed: bool, words: String, scene: &Scene<'_>) -> Result<(), Refused> {
        let said = said(words, scene)?;
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.retested = Some(said);
            attempt.has_passed = has_passed;
        }
        Ok(())
    }

    /// It comes back, and is observed (CH-24.3).
    fn pass(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.retested(true, words, scene)?;
        let period = Period::Months(scene.number(Name::Observation));
        let expiry = Expiry::Recorded;
        let observation = Deadline::new(scene, scene.today(), period, Duty::Term, "CH-24.3", expiry);
        let told = scene.tell_owner(
            "复测达标，已恢复服务，进入考察期",
            "the retest passed: service is restored and observed",
        );
        let matter = Self {
            state: State::Observing,
            withheld: None,
            rectification: None,
            observation: Some(observation),
            ..self
        };
        let step = Step::plain(matter).and(Effect::Restore).with(told);
        Ok(step.with(Agreement::observe_all(scene)))
    }

    fn fail(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.retested(false, words, scene)?;
        if self.is_month_over(scene) {
            return Ok(self.miss(scene));
        }
        let told = scene.tell_owner("复测未达标，请继续整改", "the retest failed: go on rectifying");
        Ok(Step::plain(Self { state: State::Rectifying, ..self }).with(told))
    }

    fn is_month_over(&self, scene: &Scene<'_>) -> bool {
        self.rectification.as_ref().is_some_and(|month| month.is_over(scene.at))
    }

    /// R8: nothing ends by itself; operator and ministry are told.
    fn miss(mut self, scene: &Scene<'_>) -> Step<Self> {
        self.missed_on.extend(self.rectification.as_ref().map(|month| month.due_on));
        let (zh, en) = (
            "安全风险事件整改期满未达标，须作出处理决定",
            "a risk event was not rectified in time: decide what to do",
        );
        Step::plain(Self { state: State::Overdue, ..self })
            .and(scene.tell(Party::Operator, zh, en))
            .and(scene.tell(Party::Ministry, zh, en))
            .with(
                scene.tell_owner(
                    "整改期满未达标，继续暂停服务",
                    "not rectified in time: service stays suspended",
                ),
            )
    }

    fn propose_decision(
        self,
        decision: Decision,
        words: String,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        if decision == Decision::Renew && self.is_renewed {
            return Err(Refusal::Renewed.into());
        }
        let decision = Some(Proposed { decision, said: said(words, scene)? });
        Ok(Step::plain(Self { state: State::Deciding, decision, ..self }))
    }

    fn agree(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.agreed.push(said(words, scene)?);
        let (Some(proposed), Some(finding)) = (self.decision.take(), self.finding.clone()) else {
            return Err(matter::Refusal::Transition.into());
        };
        match proposed.decision {
            Decision::Renew => {
                let told = scene.tell_owner("整改期延长一次", "the time to rectify is renewed once");
                let step = Self { is_renewed: true, ..self }.begin_month(finding.grade, scene);
                Ok(step.with(told))
            }
            Decision::Raise => {
                let raised = Finding { grade: finding.grade.raised(), withheld: Withheld::All, ..finding };
                Ok(self.find(raised, scene))
            }
            Decision::ForceExit => {
                let (zh, en) =
                    ("已决定强制退出，请按法定情形提出", "to be forced out: propose it on its ground");
                let step = Step::plain(Self { state: State::Exiting, ..self });
                Ok(step.and(scene.tell(Party::Operator, zh, en)))
            }
        }
    }

    /// The observation is over, or the channel is gone and its data deleted.
    fn close(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let is_gone =
            scene.channel.is_some_and(|channel| matches!(channel.phase, Phase::Exited | Phase::Terminated));
        let is_deleted = is_gone
            && (scene.by.party == Party::Platform
                || scene.others::<Exit>().any(|(_, exit)| exit.is_closed()));
        if !is_deleted {
            match &self.observation {
                Some(period) if self.state == State::Observing && period.is_over(scene.at) => {}
                Some(_) if self.state == State::Observing => return Err(matter::Refusal::Early.into()),
                _ => return Err(Refusal::Deletion.into()),
            }
        }
        let restored = self.withheld.is_some().then_some(Effect::Restore);
        Ok(Step::plain(Self { state: State::Closed, withheld: None, ..self }).with(restored))
    }

    /// What closes the events of a channel whose data is deleted, where their cause is known.
    pub(crate) fn close_all(scene: &Scene<'_>) -> Vec<Effect> {
        let open = scene.others::<Self>().filter(|(_, event)| {
            event.root_cause.is_some() && !Self::next(event.state, super::Action::Close).is_empty()
        });
        open.map(|(known, _)| Effect::Act { matter: known.id, input: r#"{"action":"close"}"#.to_owned() })
            .collect()
    }
}
