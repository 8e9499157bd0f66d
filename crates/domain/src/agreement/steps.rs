//! The steps of an agreement: what each action does.

use super::evidence::{Signed, Term, Text, statement};
use super::outlook::Outlook;
use super::{
    Agreement, Amendment, Decision, Earlier, Ending, Input, Opening, Opinion, Past, Plan, Refusal, State,
};
use crate::application::class::needs_agreement;
use crate::matter::{self, Deadline, Expiry, Faults, Refused, Scene, Step};
use crate::parameter::Name;
use crate::time::BusinessDate;

pub(super) fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Agreement>, Refused> {
    let channel = scene.channel()?;
    if !needs_agreement(channel.class) {
        return Err(Refusal::NotDue.into());
    }
    if scene.others::<Agreement>().any(|(known, _)| !known.is_ended) {
        return Err(matter::Refusal::AlreadyOpen.into());
    }
    let mut faults = Faults::default();
    let text = faults.take("/text", Text::new(opening.version, opening.text, opening.template));
    let term = Term { from: opening.from, until: opening.until };
    if term.until <= term.from {
        faults.add("/until", Refusal::Term);
    }
    faults.check()?;
    let text = text.ok_or(Refusal::Text)?;
    let statement = Some(statement(scene, &text, term.from, term.until));
    let matter = Agreement {
        state: State::Offered,
        offered: Opinion { words: text.version().to_owned(), by: scene.by, at: scene.at },
        text,
        announced: None,
        earlier: Vec::new(),
        term,
        past: Vec::new(),
        statement,
        stated_at: Some(scene.at),
        signatures: Vec::new(),
        papers: Vec::new(),
        amendment: None,
        objections: Vec::new(),
        plan: None,
        decisions: Vec::new(),
    };
    let offered = tell(matter, scene, "合作协议待签署", "An agreement waits for your signature");
    Ok(offered.with(crate::application::note_agreement(scene)))
}

fn tell(matter: Agreement, scene: &Scene<'_>, zh: &str, en: &str) -> Step<Agreement> {
    Step { matter, effects: scene.tell_owner(zh, en) }
}

fn opinion(words: String, scene: &Scene<'_>) -> Result<Opinion, Refused> {
    matter::words(&words)?;
    Ok(Opinion { words, by: scene.by, at: scene.at })
}

pub(super) fn act(
    mut agreement: Agreement,
    input: Input,
    scene: &Scene<'_>,
) -> Result<Step<Agreement>, Refused> {
    match input {
        Input::Sign { public_key, signature } => return agreement.sign(public_key, signature, scene),
        Input::FilePaper { files, words } => return agreement.file_paper(&files, words, scene),
        Input::AcceptPaper { seen_on, words } => return agreement.accept_paper(seen_on, words, scene),
        Input::ReturnPaper { words } => return agreement.return_paper(words, scene),
        Input::Amend { version, text, template, effective_on, words } => {
            let text = Text::new(version, text, template);
            return agreement.amend(text, effective_on, words, scene);
        }
        Input::TakeEffect {} => return agreement.take_effect(scene),
        Input::Expire {} => return agreement.expire(scene),
        Input::Observe {} => {}
        Input::Object { words } => agreement.objections.push(opinion(words, scene)?),
        Input::Retract { words } => {
            let retracted = opinion(words, scene)?;
            agreement.objections.retain(|objection| objection.by.party != retracted.by.party);
        }
        Input::FilePlan { words } => {
            if agreement.state == State::InForce && agreement.warning(scene).is_none() {
                return Err(Refusal::Plan.into());
            }
            let filed = opinion(words, scene)?;
            agreement.plan = Some(Plan { filed, decided: None, is_accepted: false });
        }
        Input::AcceptPlan { words } => return agreement.decide_plan(true, words, scene),
        Input::ReturnPlan { words } => return agreement.decide_plan(false, words, scene),
        Input::Renew { words } => return agreement.renew(words, scene),
        Input::Withdraw { words } => return agreement.end(State::Withdrawn, words, scene),
        Input::Refuse { words } | Input::Lapse { words } => {
            return agreement.end(State::Lapsed, words, scene);
        }
    }
    Ok(Step::plain(agreement))
}

impl Agreement {
    fn sign(
        mut self,
        public_key: String,
        signature: String,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let statement = self.statement.clone().ok_or(Refusal::NothingToSign)?;
        self.withdraw_statement();
        self.signatures.push(Signed::new(statement, public_key, signature, scene)?);
        self.overtake_paper(scene);
        Ok(self.conclude(scene))
    }

    /// The next term begins; what was said about the one before is over.
    pub(super) fn follow(&mut self, ended: Ending, scene: &Scene<'_>) {
        self.past.push(Past { term: self.term, ended });
        self.term = self.term.following(scene.number(Name::AutoExtension));
        self.plan = None;
        self.objections.clear();
        self.offer_change(scene);
    }

    /// What is signed of an announced change: its text until the end of the term in which it takes effect, as terms are
    /// counted now.
    fn offer_change(&mut self, scene: &Scene<'_>) {
        let Some(change) = self.amendment.as_ref().filter(|change| change.signed_at.is_none()) else {
            return;
        };
        let mut term = self.term;
        while term.until < change.effective_on {
            term = term.following(scene.number(Name::AutoExtension));
        }
        self.put(statement(scene, &change.text, change.effective_on, term.until), scene);
    }

    /// Puts to the owner what it is to sign; what was put to it before in the same words stays as old as it is.
    fn put(&mut self, statement: String, scene: &Scene<'_>) {
        if self.statement.as_ref() != Some(&statement) {
            (self.statement, self.stated_at) = (Some(statement), Some(scene.at));
        }
    }

    /// Nothing is to be signed any more.
    pub(super) fn withdraw_statement(&mut self) {
        (self.statement, self.stated_at) = (None, None);
    }

    /// The text that was announced is the text from now on.
    pub(super) fn replace_text(&mut self, scene: &Scene<'_>) {
        if let Some(change) = self.amendment.take() {
            let before = self.announced.replace(change.announced);
            self.earlier.push(Earlier {
                text: std::mem::replace(&mut self.text, change.text),
                offered: Some(before.unwrap_or_else(|| self.offered.clone())),
                term: Some(self.term),
                replaced_at: Some(scene.at),
            });
        }
    }

    fn amend(
        mut self,
        text: Result<Text, Refusal>,
        effective_on: BusinessDate,
        words: String,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let months = i32::try_from(scene.number(Name::AgreementNotice)).unwrap_or(i32::MAX);
        let earliest = scene.today().plus_months(months);
        let mut faults = Faults::default();
        faults.take("/words", matter::words(&words));
        let text = faults.take("/text", text);
        if effective_on < earliest {
            faults.add("/effective_on", Refusal::Notice { earliest });
        }
        faults.check()?;
        let text = text.ok_or(Refusal::Text)?;
        let announced = Opinion { words, by: scene.by, at: scene.at };
        self.amendment = Some(Amendment { text, announced, effective_on, signed_at: None });
        self.offer_change(scene);
        let zh = format!("协议调整通知：{effective_on}生效，请在该日前签署");
        let en = format!("The agreement changes on {effective_on}: sign it by then");
        Ok(tell(self, scene, &zh, &en))
    }

    /// The day of a change has come: signed, it is the text; unsigned, the owner is late once the day is over (R14).
    fn take_effect(mut self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let change = self.amendment.as_ref().ok_or(matter::Refusal::Transition)?;
        let last = match change.signed_at {
            Some(_) => change.effective_on.plus_days(-1),
            None => change.effective_on,
        };
        if scene.today() <= last {
            return Err(Refusal::Early { until: last }.into());
        }
        if change.signed_at.is_some() {
            self.replace_text(scene);
            return Ok(Step::plain(self));
        }
        let (zh, en) = ("协议调整逾期未签署", "The change of the agreement was not signed in time");
        Ok(tell(Self { state: State::Unsigned, ..self }, scene, zh, en))
    }

    /// What the end of a term comes to (CH-24.1 to CH-24.3).
    fn expire(mut self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if scene.today() <= self.term.until {
            return Err(Refusal::Early { until: self.term.until }.into());
        }
        let Outlook { becomes: state, .. } = self.outlook(scene)?;
        let (zh, en) = match state {
            State::PlanRequired => ("协议期满：请提交运营改进方案", "The term is over: file a plan"),
            State::Observation => ("协议期满：进入考察期", "The term is over: under observation"),
            State::Renewing => ("协议期满：请续签", "The term is over: sign the renewal"),
            State::InForce => ("协议自动顺延", "The agreement was extended"),
            State::Offered | State::Unsigned | State::Lapsed | State::Withdrawn => {
                ("协议期满终止", "The agreement has ended")
            }
        };
        match state {
            State::Renewing => self.offer_renewal(scene),
            State::InForce => self.follow(Ending::Extended, scene),
            _ => {}
        }
        Ok(tell(Self { state, ..self }, scene, zh, en))
    }

    fn offer_renewal(&mut self, scene: &Scene<'_>) {
        let next = self.term.following(scene.number(Name::AutoExtension));
        self.put(statement(scene, &self.text, next.from, next.until), scene);
    }

    fn decide_plan(
        mut self,
        is_accepted: bool,
        words: String,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let decided = Some(opinion(words, scene)?);
        if let Some(plan) = &mut self.plan {
            (plan.decided, plan.is_accepted) = (decided, is_accepted);
        }
        if self.state == State::PlanRequired && is_accepted {
            if self.events(scene).is_empty() {
                self.state = State::Renewing;
                self.offer_renewal(scene);
            } else {
                self.state = State::Observation;
            }
        }
        Ok(Step::plain(self))
    }

    /// The ministry consents: after the observation, or before its end, which is recorded (R7).
    fn renew(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let opinion = opinion(words, scene)?;
        let events = self.events(scene);
        let ends: Option<Vec<_>> = events.iter().map(|(_, event)| event.observed_until()).collect();
        let last = ends.ok_or(Refusal::Unrectified)?.into_iter().max();
        let early_of = last.filter(|last| scene.today() <= *last);
        self.decisions.push(Decision { opinion, early_of });
        self.offer_renewal(scene);
        let (zh, en) = ("部信息中心同意续签，请签署", "The ministry consents: sign the renewal");
        Ok(tell(Self { state: State::Renewing, ..self }, scene, zh, en))
    }

    fn end(mut self, state: State, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.decisions.push(Decision { opinion: opinion(words, scene)?, early_of: None });
        self.withdraw_statement();
        self.overtake_paper(scene);
        let ended = tell(Self { state, ..self }, scene, "协议已终止", "The agreement has ended");
        Ok(ended.with(crate::application::note_agreement(scene)))
    }
}

/// The observation: six months from the last completed rectification; none while one is not completed (R7).
pub(super) fn observation(agreement: &Agreement, scene: &Scene<'_>) -> Option<Deadline> {
    let events = agreement.events(scene);
    let ends: Option<Vec<_>> = events.iter().map(|(_, event)| event.observed_until()).collect();
    let due_on = ends?.into_iter().max()?;
    let months = i32::try_from(scene.number(Name::Observation)).unwrap_or(i32::MAX);
    let (clause, expiry) = ("CH-24.3".to_owned(), Expiry::Recorded);
    let starts_on = due_on.plus_months(-months);
    Some(Deadline { starts_on, due_on, is_provisional: false, working_days: None, clause, expiry })
}
