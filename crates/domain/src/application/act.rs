//! The steps of an application: what each action checks, leaves and asks of the platform.
//!
//! Invariant: a check that somebody could see on a button stands in [`Application::may`], one that depends on what
//! is sent or on other matters in the step.

use super::class::needs_agreement;
use super::consultation;
use super::evidence::{self, FormThree};
use super::form::{self, Commitment, Context, text};
use super::routing::{Opinion, Round, Verdict};
use super::{
    Action, Application, Check, Comment, Demand, Input, Opening, Purpose, Refusal, Return, Shared, State,
    Waiver, level_two,
};
use crate::channel::{self, Channel, Class, Level, Phase, Registration, Relation, Scope};
use crate::division::{self, DivisionCode};
use crate::matter::{self, By, Effect, Faults, Kind, Message, Party, Refused, Scene, Step, Wait};
use crate::monitoring;

/// Most rows of one form.
const ROWS: usize = 20;

/// The state of an agreement that is in force.
const IN_FORCE: &str = "in_force";

/// Opens an application, and one more for each further row of the form.
pub(super) fn open(opening: &Opening, scene: &Scene<'_>) -> Result<Step<Application>, Refused> {
    if scene.by.party == Party::Platform && opening.shared.is_none() {
        return Err(matter::Refusal::Party.into());
    }
    let shared = opening.shared.as_ref().filter(|_| scene.by.party == Party::Platform);
    let (form, row, opened_by) = match shared {
        Some(shared) => (shared.form, shared.row, shared.by),
        None => (scene.matter, 1, scene.by),
    };
    admit(opening.purpose, &Scene { by: opened_by, ..*scene })?;
    let mut application = blank(opening, form, row, opened_by);
    if opening.purpose == Purpose::Contact {
        return note_contact(application);
    }
    if !opening.further.is_empty() && (opening.purpose != Purpose::Access || opening.further.len() >= ROWS) {
        let mut faults = Faults::default();
        faults.add("/further", Refusal::Rows);
        faults.check()?;
    }
    application.state = State::Draft;
    let mut step = Step::plain(application);
    for (place, line) in opening.further.iter().enumerate() {
        let forms = form::Forms { channel: line.clone(), ..opening.forms.clone() };
        let shared = Some(Shared { form, row: place + 2, by: opened_by });
        let next = Opening { purpose: opening.purpose, forms, further: Vec::new(), shared };
        let opening = serde_json::to_string(&next).map_err(|_| Refusal::Rows)?;
        step = step.and(Effect::Open { kind: Kind::Application, opening });
    }
    Ok(step)
}

fn blank(opening: &Opening, form: crate::id::MatterId, row: usize, opened_by: By) -> Application {
    Application {
        state: State::Draft,
        purpose: opening.purpose,
        form,
        row,
        opened_by,
        forms: opening.forms.clone(),
        waived: Vec::new(),
        demands: Vec::new(),
        filed: None,
        test: Round::default(),
        consultation: Round::default(),
        opinions_due: None,
        silence: None,
        decision: None,
        regions: Vec::new(),
        is_platform_level: false,
        formal: FormThree::default(),
        first: Round::default(),
        audit: None,
        recordings: None,
        report: None,
        returned: None,
    }
}

/// Whether such an application may be opened at all.
fn admit(purpose: Purpose, scene: &Scene<'_>) -> Result<(), Refused> {
    match purpose {
        Purpose::Access => {
            if scene.channel.is_some() {
                return Err(Refusal::NumberBlank.into());
            }
            level_two::may_apply(scene)
        }
        Purpose::Change => {
            if scene.channel()?.phase != Phase::Live {
                return Err(Refusal::NotLive.into());
            }
            let open = |known: &matter::Known| known.kind == Kind::Application && !known.is_ended;
            if scene.others.iter().any(open) {
                return Err(matter::Refusal::AlreadyOpen.into());
            }
            level_two::may_apply(scene)
        }
        Purpose::Contact => scene.channel().map(|_| ()).map_err(Refused::from),
    }
}

/// CH-16.3: the operator is told at once.
fn note_contact(application: Application) -> Result<Step<Application>, Refused> {
    let mut faults = Faults::default();
    form::contact(&application.forms.one.contact, "/forms/one/contact", &mut faults);
    faults.check()?;
    let told = tell(Party::Operator, "渠道联系人已变更", "The contact of the channel has changed");
    Ok(Step::plain(Application { state: State::Noted, ..application }).and(told))
}

fn tell(party: Party, zh: &str, en: &str) -> Effect {
    Effect::Tell(Message { party, division: None, channel: None, zh: zh.to_owned(), en: en.to_owned() })
}

fn check(words: String, scene: &Scene<'_>) -> Result<Option<Check>, matter::Refusal> {
    matter::words(&words)?;
    Ok(Some(Check { words, by: scene.by, at: scene.at }))
}

/// CH-F1.15, CH-F3.3: an opinion with its contact, phone and date.
fn opinion(
    verdict: Verdict,
    words: String,
    contact: String,
    phone: String,
    scene: &Scene<'_>,
) -> Result<Opinion, Refused> {
    let mut faults = Faults::default();
    faults.take("/words", matter::words(&words));
    faults.take("/contact", text(&contact));
    faults.take("/phone", text(&phone));
    faults.check()?;
    Ok(Opinion { verdict, words, contact, phone, by: scene.by, at: scene.at })
}

impl Application {
    /// Whether `by` may do `action` now, as far as the application itself knows.
    pub(super) fn may(&self, action: Action, by: &By) -> Result<(), Refused> {
        match action {
            Action::Approve | Action::Refuse => self.round().admits(by)?,
            Action::Reply => self.consultation.admits(by)?,
            Action::Return => self.may_return(by)?,
            Action::Decide => self.may_decide()?,
            Action::NoteSilence => self.may_note_silence()?,
            Action::Audit => once(self.audit.as_ref())?,
            Action::ConfirmRecordings => once(self.recordings.as_ref())?,
            Action::ConfirmReport => once(self.report.as_ref())?,
            Action::Activate => self.may_activate(by)?,
            Action::Answer if self.demands.iter().all(|demand| demand.answer.is_some()) => {
                return Err(matter::Refusal::Transition.into());
            }
            Action::Save
            | Action::Waive
            | Action::Require
            | Action::Answer
            | Action::File
            | Action::Allocate
            | Action::Verify
            | Action::SaveFormal
            | Action::FileFormal
            | Action::NoteAgreement
            | Action::Withdraw => {}
        }
        Ok(())
    }

    fn round(&self) -> &Round {
        if self.state == State::LocalReview { &self.test } else { &self.first }
    }

    fn may_return(&self, by: &By) -> Result<(), matter::Refusal> {
        match self.state {
            State::LocalReview | State::FirstReview => self.round().admits(by),
            State::MinistryReview => by.is_party(Party::Ministry),
            State::FinalReview if by.party == Party::Operator => Ok(()),
            _ => by.is_party(Party::Ministry),
        }
    }

    /// CH-9.3f, as far as it is known here: audit, recordings and report, and a person who confirmed neither.
    fn may_activate(&self, by: &By) -> Result<(), Refused> {
        if self.audit.is_none() {
            return Err(Refusal::AuditOpen.into());
        }
        let recordings = self.recordings.as_ref().ok_or(Refusal::RecordingsOpen)?;
        let report = self.report.as_ref().ok_or(Refusal::ReportOpen)?;
        by.other_than(&recordings.by)?;
        by.other_than(&report.by)?;
        Ok(())
    }

    /// Does an action.
    pub(super) fn step(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let plain = |next: Self| Ok(Step::plain(next));
        match input {
            Input::Save { forms } => plain(Self { forms: *forms, ..self }),
            Input::Waive { condition, words } => {
                matter::words(&words)?;
                let mut waived = self.waived.clone();
                waived.push(Waiver { condition, words, by: scene.by });
                plain(Self { waived, ..self })
            }
            Input::Require { words } => self.demand(words, scene),
            Input::Answer { words } => self.answer(words, scene),
            Input::File {} => self.file(scene),
            Input::Approve { region, words, contact, phone } => {
                self.review(region, opinion(Verdict::Agreed, words, contact, phone, scene)?)
            }
            Input::Refuse { region, words, contact, phone } => {
                self.review(region, opinion(Verdict::Refused, words, contact, phone, scene)?)
            }
            Input::Return { words, comments } => self.send_back(words, comments, scene),
            Input::Reply { verdict, words, contact, phone } => {
                let mut consultation = self.consultation.clone();
                consultation.give(scene.by.division, &opinion(verdict, words, contact, phone, scene)?)?;
                plain(Self { consultation, ..self })
            }
            Input::NoteSilence {} => self.note_silence(scene),
            Input::Decide { regions, words, is_platform_level } => {
                self.decide(regions, words, is_platform_level, scene)
            }
            Input::Allocate { words, commitment } => self.allocate(&words, commitment),
            Input::Verify { words } => {
                matter::words(&words)?;
                plain(Self { state: State::Preparing, ..self })
            }
            Input::SaveFormal { form } => plain(Self { formal: *form, ..self }),
            Input::FileFormal {} => self.file_formally(scene),
            Input::Audit { words } => plain(Self { audit: check(words, scene)?, ..self }),
            Input::ConfirmRecordings { words, seen } => {
                let mut faults = Faults::default();
                faults.take("/seen", evidence::all_seen(&seen));
                faults.check()?;
                plain(Self { recordings: check(words, scene)?, ..self })
            }
            Input::ConfirmReport { words } => {
                if !evidence::has_accepted_report(scene) {
                    return Err(Refusal::ReportOpen.into());
                }
                plain(Self { report: check(words, scene)?, ..self })
            }
            Input::NoteAgreement {} => plain(self),
            Input::Activate { words } => self.activate(&words, scene),
            Input::Withdraw { words } => self.withdraw(&words, scene),
        }
    }

    /// CH-7.5: what is demanded of this application beside the conditions of the article; the owner is told.
    fn demand(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        let condition = Check { words, by: scene.by, at: scene.at };
        self.demands.push(Demand { condition, answer: None });
        let (zh, en) =
            ("部信息中心增设了入网条件，请说明", "The ministry has set a further condition: answer it");
        Ok(Step::plain(self).and(tell(Party::Owner, zh, en)))
    }

    fn answer(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let answer = check(words, scene)?;
        if let Some(open) = self.demands.iter_mut().find(|demand| demand.answer.is_none()) {
            open.answer = answer;
        }
        Ok(Step::plain(self))
    }

    /// CH-7.5: every further condition has its answer.
    fn check_demands(&self) -> Result<(), Refused> {
        let mut faults = Faults::default();
        let open = self.demands.iter().enumerate().filter(|(_, demand)| demand.answer.is_none());
        for (place, _) in open {
            faults.add(format!("/demands/{place}"), Refusal::FurtherCondition);
        }
        faults.check()
    }

    /// CH-9.1a, CH-9.1b, CH-8.1b, CH-8.1d.
    fn file(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let waived: Vec<_> = self.waived.iter().map(|waiver| waiver.condition).collect();
        let filed = form::check(&self.forms, &Context { scene, purpose: self.purpose, waived: &waived })?;
        self.check_demands()?;
        let (regions, test) = (filed.regions.clone(), Round::of(&filed.regions));
        let nationwide = regions.contains(&DivisionCode::NATIONAL);
        let state = if nationwide { State::MinistryReview } else { State::LocalReview };
        let consultation = if nationwide { Round::consultation() } else { Round::default() };
        let opinions_due = nationwide.then(|| consultation::deadline(scene));
        let open = Self { opinions_due, silence: None, returned: None, ..self };
        Ok(Step::plain(Self { state, filed: Some(filed), regions, test, consultation, ..open }))
    }

    /// CH-9.1c, CH-9.3b, CH-F1.16, CH-F3.6, R12, R25: a department's opinion; the last one passes on what was agreed to, to the ministry.
    fn review(mut self, region: DivisionCode, opinion: Opinion) -> Result<Step<Self>, Refused> {
        let is_test = self.state == State::LocalReview;
        let round = if is_test { &mut self.test } else { &mut self.first };
        round.give(region, &opinion)?;
        if !round.is_complete() {
            return Ok(Step::plain(self));
        }
        self.regions = round.agreed();
        if self.regions.is_empty() {
            self.state = if is_test { State::Draft } else { State::Preparing };
            self.returned =
                Some(Return { words: opinion.words, comments: Vec::new(), by: opinion.by, at: opinion.at });
            return Ok(Step::plain(self).and(sent_back()));
        }
        self.state = if is_test { State::MinistryReview } else { State::FinalReview };
        Ok(Step::plain(self))
    }

    fn send_back(
        self,
        words: String,
        comments: Vec<Comment>,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        let mut faults = Faults::default();
        for (place, comment) in comments.iter().enumerate() {
            faults.take(format!("/comments/{place}/pointer"), text(&comment.pointer));
            faults.take(format!("/comments/{place}/words"), text(&comment.words));
        }
        faults.check()?;
        let state = match self.state {
            State::LocalReview | State::MinistryReview => State::Draft,
            _ => State::Preparing,
        };
        let returned = Some(Return { words, comments, by: scene.by, at: scene.at });
        let open = Self { audit: None, recordings: None, report: None, state, returned, ..self };
        Ok(Step::plain(open).and(sent_back()))
    }

    /// CH-8.1e, CH-9.1d: the ministry opens the regions, or a part of them.
    fn decide(
        self,
        mut regions: Vec<DivisionCode>,
        words: String,
        is_platform_level: bool,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        regions.sort_unstable();
        regions.dedup();
        let mut faults = Faults::default();
        let open = |region: &DivisionCode| match region.level() {
            division::Level::National | division::Level::Province | division::Level::Prefecture => {
                region.is_listed() && self.regions.iter().any(|agreed| agreed.covers(*region))
            }
            division::Level::County => false,
        };
        let apart = regions
            .iter()
            .enumerate()
            .all(|(place, one)| !regions[..place].iter().any(|other| other.covers(*one)));
        if regions.is_empty() || !apart || !regions.iter().all(open) {
            faults.add("/regions", Refusal::Decided);
        }
        let (class, parent) = self.filed.as_ref().map(|filed| (filed.class, filed.parent)).unzip();
        let may_be = class == Some(Class::NationalSigned) && parent == Some(None);
        if is_platform_level && !(may_be && self.purpose == Purpose::Access) {
            faults.add("/is_platform_level", Refusal::PlatformLevel);
        }
        faults.check()?;
        let state = if self.purpose == Purpose::Access { State::Allocation } else { State::Testing };
        let decision = check(words, scene)?;
        Ok(Step::plain(Self { state, regions, is_platform_level, decision, ..self }))
    }

    /// CH-9.1d, CH-11.3: the channel comes into being with a number of its own, under its level-1 channel.
    fn allocate(mut self, words: &str, commitment: Option<Commitment>) -> Result<Step<Self>, Refused> {
        matter::words(words)?;
        let filed = self.filed.as_mut().ok_or(matter::Refusal::Transition)?;
        if let Some(agreed) = commitment {
            let mut faults = Faults::default();
            let promises =
                if filed.class == Class::Social { agreed.check() } else { Err(Refusal::Commitment) };
            faults.take("/commitment", promises);
            faults.check()?;
            filed.commitment = Some(agreed);
        }
        let other = filed.parent.is_some_and(|parent| parent.relation == Relation::DifferentEntity);
        let owner = if other { Some((filed.owner_name.clone(), filed.uscc.parse()?)) } else { None };
        let registration = Registration {
            name: filed.name.clone(),
            owner,
            class: filed.class,
            level: if filed.parent.is_some() { Level::Two } else { Level::One },
            parent: filed.parent.map(|parent| (parent.channel, parent.relation)),
            form: filed.form,
            form_name: filed.form_name.clone(),
            access_mode: filed.access_mode,
            scope: Scope::new(self.regions.clone(), filed.services.clone())?,
            is_platform_level: self.is_platform_level,
            test_keys: filed.test_keys.clone(),
        };
        let told = tell(
            Party::Owner,
            "已分配渠道编号，可以开始对接测试",
            "A number was allotted: testing may begin",
        );
        let next = Self { state: State::Testing, ..self };
        Ok(Step::plain(next).and(Effect::Register(Box::new(registration))).and(told))
    }

    /// CH-9.3a, CH-9.3b, R12.
    fn file_formally(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        evidence::check(&self.formal, self.purpose, scene)?;
        let nationwide =
            self.filed.as_ref().is_some_and(|filed| filed.regions.contains(&DivisionCode::NATIONAL));
        let first = if nationwide { Round::default() } else { Round::of(&self.regions) };
        let state = if nationwide { State::FinalReview } else { State::FirstReview };
        let open = Self { audit: None, recordings: None, report: None, returned: None, ..self };
        Ok(Step::plain(Self { state, first, ..open }))
    }

    /// CH-9.3f: every review and the agreement stand; the production keys take over, and the channel is live.
    fn activate(self, words: &str, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(words)?;
        self.still_stands(scene)?;
        if !evidence::has_accepted_report(scene) {
            return Err(Refusal::ReportOpen.into());
        }
        if !self.has_agreement(scene) {
            return Err(Refusal::AgreementOpen.into());
        }
        let filed = self.filed.as_ref().ok_or(matter::Refusal::Transition)?;
        let regions = match self.purpose {
            Purpose::Access => self.regions.clone(),
            Purpose::Change | Purpose::Contact => kept(&self.regions, &filed.regions, scene.channel()?),
        };
        let scope = Effect::Rescope(Scope::new(regions, filed.services.clone())?);
        let keys = Effect::ActivateKeys(self.formal.keys.clone());
        let is_access = self.purpose == Purpose::Access;
        let step = Step::plain(Self { state: State::Live, ..self }).and(scope);
        Ok(if is_access {
            let told = tell(Party::Owner, "渠道已正式接入", "The channel is live");
            step.and(keys).and(Effect::Enter(Phase::Live)).and(told)
        } else {
            step.and(tell(Party::Owner, "渠道变更已生效", "The change of the channel is in force"))
        })
    }

    /// Whether the channel is where the application left it: one that a risk event has ended meanwhile never comes back
    /// (CH-31.3), and none goes live under a level-1 channel that is not (CH-4.2).
    fn still_stands(&self, scene: &Scene<'_>) -> Result<(), Refused> {
        let is_access = self.purpose == Purpose::Access;
        match (scene.channel()?.phase, is_access) {
            (Phase::Testing, true) | (Phase::Live, false) => {}
            (Phase::Terminated, _) => return Err(channel::Refusal::Terminated.into()),
            (Phase::Exited, _) => return Err(channel::Refusal::Exited.into()),
            (Phase::Testing | Phase::Leaving, false) => return Err(Refusal::NotLive.into()),
            (Phase::Live | Phase::Leaving, true) => return Err(matter::Refusal::Transition.into()),
        }
        let is_orphan = scene.parent.is_some_and(|level_one| level_one.phase != Phase::Live);
        if is_access && is_orphan { Err(Refusal::ParentPhase.into()) } else { Ok(()) }
    }

    /// A channel that is still in testing ends with its application.
    fn withdraw(self, words: &str, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(words)?;
        let in_testing = scene.channel.is_some_and(|channel| channel.phase == Phase::Testing);
        let step = Step::plain(Self { state: State::Withdrawn, ..self });
        Ok(if in_testing { step.and(Effect::RevokeKeys).and(Effect::Enter(Phase::Exited)) } else { step })
    }

    /// What a channel of class 社会 has promised, as agreed with the operator (CH-F2.10).
    pub fn commitment(&self) -> Option<Commitment> {
        self.filed.as_ref().and_then(|filed| filed.commitment)
    }

    /// The promise that a live channel is measured by: that of its newest access in force (CH-F2.10, CH-23.2). What a change
    /// says of it was settled with nobody.
    pub fn baseline(others: &[matter::Known]) -> Option<monitoring::Commitment> {
        let in_force = others.iter().filter(|known| known.state == State::Live.as_str());
        let promise = |known: &matter::Known| {
            let matter: Self = serde_json::from_str(&known.body).ok()?;
            let promise = matter.commitment().filter(|_| matter.purpose == Purpose::Access)?;
            Some((known.opened_at, promise))
        };
        let newest = in_force.filter(|known| known.kind == Kind::Application).filter_map(promise);
        newest.max_by_key(|(at, _)| *at).and_then(|(_, promise)| promise.measured())
    }

    /// CH-9.3e, R22: the agreement is in force, or the class signs none.
    fn has_agreement(&self, scene: &Scene<'_>) -> bool {
        let in_force = |known: &matter::Known| known.kind == Kind::Agreement && known.state == IN_FORCE;
        let needed = self.filed.as_ref().is_none_or(|filed| needs_agreement(filed.class));
        !needed || scene.others.iter().any(in_force)
    }

    /// For whom it waits. No clause of the access process sets a period; that of the consultation is ours.
    pub(super) fn waiting(&self, scene: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task| Wait { party, division: None, task, deadline: None };
        let correct = |task| if self.returned.is_some() { "correct" } else { task };
        match self.state {
            State::Draft => vec![wait(Party::Owner, correct("file"))],
            State::LocalReview => self.test.waits(),
            State::MinistryReview if !self.consultation.is_complete() => self.consulted(),
            State::MinistryReview => vec![wait(Party::Ministry, "decide")],
            State::Allocation => vec![wait(Party::Operator, "allocate")],
            State::Testing => vec![wait(Party::Operator, "verify")],
            State::Preparing => vec![wait(Party::Owner, correct("file_formal"))],
            State::FirstReview => self.first.waits(),
            State::FinalReview => self.final_waits(scene),
            State::Live | State::Noted | State::Withdrawn => Vec::new(),
        }
    }

    fn final_waits(&self, scene: &Scene<'_>) -> Vec<Wait> {
        let wait = |(party, task)| Wait { party, division: None, task, deadline: None };
        let mut tasks = Vec::new();
        if self.audit.is_none() {
            tasks.push((Party::Ministry, "audit"));
        }
        if self.recordings.is_none() {
            tasks.push((Party::Operator, "confirm_recordings"));
        }
        if self.report.is_none() {
            tasks.push((Party::Operator, "confirm_report"));
        }
        if !self.has_agreement(scene) {
            let is_open = |known: &matter::Known| known.kind == Kind::Agreement && !known.is_ended;
            let is_offered = scene.others.iter().any(is_open);
            tasks.push(if is_offered {
                (Party::Owner, "agreement")
            } else {
                (Party::Operator, "offer_agreement")
            });
        }
        if tasks.is_empty() {
            tasks.push((Party::Operator, "activate"));
        }
        tasks.into_iter().map(wait).collect()
    }
}

/// What tells the applications of the channel that its agreement was offered, signed or withdrawn (CH-9.3e): they wait for
/// whoever is next, the operator to offer one, the owner to sign it, or nobody.
pub(crate) fn note_agreement(scene: &Scene<'_>) -> Vec<Effect> {
    scene.act_on_others::<Application>(State::FinalReview, Action::NoteAgreement)
}

fn once(check: Option<&Check>) -> Result<(), matter::Refusal> {
    if check.is_none() { Ok(()) } else { Err(matter::Refusal::Transition) }
}

fn sent_back() -> Effect {
    tell(Party::Owner, "申请已退回，请查看意见", "The application was returned: see the opinion")
}

/// CH-15.1: what a change leaves. A region that was asked for again and refused stays as it was; nothing that lies
/// within another is named.
fn kept(approved: &[DivisionCode], asked: &[DivisionCode], channel: &Channel) -> Vec<DivisionCode> {
    let old = channel.scope.regions();
    let still = asked.iter().filter(|region| channel.scope.covers(**region));
    let within = old.iter().filter(|region| asked.iter().any(|asked| asked.covers(**region)));
    let mut all: Vec<_> = approved.iter().chain(still).chain(within).copied().collect();
    all.sort_unstable();
    all.dedup();
    let is_inside = |region: &DivisionCode| all.iter().any(|other| other != region && other.covers(*region));
    all.iter().filter(|region| !is_inside(region)).copied().collect()
}
