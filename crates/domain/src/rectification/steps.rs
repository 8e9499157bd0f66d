//! What each action does to a rectification and to the opening that it is about.

use super::{
    Action, Answered, CLAUSE, Input, MoreTime, Opening, Rectification, Refusal, Said, State, Suspension,
};
use crate::authorization::{self, Order};
use crate::calendar::{Duty, Period};
use crate::id::AttachmentId;
use crate::matter::{self, By, Deadline, Effect, Expiry, Faults, Kind, Message, Party, Refused, Scene, Step};
use crate::parameter::Name;

/// What may hint at a risk: what a region is shown as one.
const HINTS: [Kind; 4] = [Kind::RiskEvent, Kind::SecurityReport, Kind::Monitoring, Kind::Exit];

pub(super) fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Rectification>, Refused> {
    scene.channel()?;
    let mut faults = Faults::default();
    let found = faults.take("/opening_id", of_region(&opening, scene));
    faults.take("/words", matter::words(&opening.words));
    let is_hint = |id| scene.others.iter().any(|known| known.id == id && HINTS.contains(&known.kind));
    if opening.hint.is_some_and(|id| !is_hint(id)) {
        faults.add("/hint", Refusal::Hint);
    }
    let due = faults.take("/days", due(opening.days, scene));
    faults.check()?;
    let (Some(found), Some(due)) = (found, due) else { return Err(Refusal::Opening.into()) };
    let mut others = scene.others::<Rectification>();
    if others.any(|(known, other)| !known.is_ended && other.opening == found.id) {
        return Err(Refusal::Ordered.into());
    }
    let said = Said { words: opening.words.clone(), by: scene.by, at: scene.at };
    let matter = Rectification {
        state: State::Ordered,
        opening: found.id,
        service: found.service.to_owned(),
        division: found.division,
        words: opening.words,
        hint: opening.hint,
        ordered_by: scene.by,
        ordered_at: scene.at,
        due,
        suspension: opening.is_suspended.then_some(Suspension { said, lifted_at: None }),
        more_time: None,
        missed_on: Vec::new(),
        answers: Vec::new(),
        decision: None,
    };
    let (order, zh, en) = if opening.is_suspended {
        (
            Order::Suspend,
            "属地责令整改一项服务，并已暂停该服务",
            "a region orders a service to be put right and has suspended it",
        )
    } else {
        (Order::Rectify, "属地责令限期整改一项服务", "a region orders a service to be put right by a day")
    };
    let effect = matter.order(order);
    Ok(Step::plain(matter).and(effect).with(tell_all(zh, en, scene)))
}

/// The opening that is named, if it is open to the channel in the area of whoever orders: of those that it may also close.
fn of_region<'a>(opening: &Opening, scene: &Scene<'a>) -> Result<authorization::Opening<'a>, Refusal> {
    let found = scene.openings.iter().find(|one| one.id == opening.opening_id);
    let is_own =
        |one: &&authorization::Opening<'a>| one.is_open(scene.at) && scene.by.division.covers(one.division);
    found.filter(is_own).copied().ok_or(Refusal::Opening)
}

/// Until when the owner has time from today on.
fn due(days: Option<i64>, scene: &Scene<'_>) -> Result<Deadline, Refusal> {
    let (least, most) = (scene.number(Name::RectificationLeast), scene.number(Name::RectificationMost));
    let days = days.unwrap_or_else(|| scene.number(Name::RectificationDays).clamp(least, most));
    if !(least..=most).contains(&days) {
        return Err(Refusal::Days { least, most });
    }
    let expiry = Expiry::Acts(Action::Expire.as_str().to_owned());
    Ok(Deadline::new(scene, scene.today(), Period::Days(days), Duty::Safety, CLAUSE, expiry))
}

fn said(words: String, scene: &Scene<'_>) -> Result<Said, Refused> {
    matter::words(&words)?;
    Ok(Said { words, by: scene.by, at: scene.at })
}

/// Tells the owner and, of level 2, its level-1 channel; the operator and the ministry too.
fn tell_all(zh: &str, en: &str, scene: &Scene<'_>) -> Vec<Effect> {
    let mut told = scene.tell_owner(zh, en);
    told.extend([Party::Operator, Party::Ministry].map(|party| scene.tell(party, zh, en)));
    told
}

impl Rectification {
    pub(super) fn step(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::Answer { words, files } => self.answer(words, files, scene),
            Input::AskTime { days, words } => self.ask_time(days, words, scene),
            Input::GrantTime { words } => self.decide_time(true, words, scene),
            Input::RefuseTime { words } => self.decide_time(false, words, scene),
            Input::Suspend { words } => self.suspend(words, scene),
            Input::Accept { words } => self.accept(words, scene),
            Input::Return { words, days } => self.give_back(words, days, scene),
            Input::Close { words } => self.close(words, scene),
            Input::Withdraw { words } => self.withdraw(words, scene),
            Input::Expire {} if !self.due.is_over(scene.at) => Err(matter::Refusal::Early.into()),
            Input::Expire {} => Ok(self.miss(scene)),
            Input::Settle {} => Ok(self.settle(scene)),
        }
    }

    /// How its opening stands from now on.
    fn order(&self, order: Order) -> Effect {
        Effect::Order { opening: self.opening, order }
    }

    /// Tells the department that ordered it.
    fn tell_region(&self, zh: &str, en: &str) -> Effect {
        let By { party, division, .. } = self.ordered_by;
        let division = Some(division);
        Effect::Tell(Message { party, division, channel: None, zh: zh.to_owned(), en: en.to_owned() })
    }

    fn answer(
        mut self,
        words: String,
        files: Vec<AttachmentId>,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        faults.take("/words", matter::words(&words));
        let has_arrived = |id| scene.files.iter().any(|file| file.id == id);
        if files.is_empty() || !files.iter().all(|id| has_arrived(*id)) {
            faults.add("/files", Refusal::Files);
        }
        faults.check()?;
        let said = Said { words, by: scene.by, at: scene.at };
        self.answers.push(Answered { said, files, review: None });
        let told =
            self.tell_region("渠道已提交整改结果，请验收", "the owner says that it is put right: review it");
        Ok(Step::plain(Self { state: State::Answered, ..self }).and(told))
    }

    fn ask_time(self, days: i64, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        faults.take("/words", matter::words(&words));
        let most = scene.number(Name::RectificationExtension);
        if !(1..=most).contains(&days) {
            faults.add("/days", Refusal::Extension { most });
        }
        faults.check()?;
        let said = Said { words, by: scene.by, at: scene.at };
        let told = self.tell_region("渠道申请延长整改期限", "the owner asks for more time");
        let more_time = Some(MoreTime { days, said, answer: None, is_granted: false });
        Ok(Step::plain(Self { more_time, ..self }).and(told))
    }

    /// More time is counted from the day that was set, not from the day on which it is given.
    fn decide_time(
        mut self,
        is_granted: bool,
        words: String,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let said = said(words, scene)?;
        let Some(asked) = &mut self.more_time else { return Err(Refusal::NotAsked.into()) };
        (asked.answer, asked.is_granted) = (Some(said), is_granted);
        let told = if is_granted {
            self.due.due_on = self.due.due_on.plus_days(i32::try_from(asked.days).unwrap_or(0));
            scene.tell_owner("属地同意延长整改期限", "the region gives more time")
        } else {
            scene.tell_owner("属地不同意延长整改期限", "the region gives no more time")
        };
        Ok(Step::plain(self).with(told))
    }

    fn suspend(self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let suspension = Some(Suspension { said: said(words, scene)?, lifted_at: None });
        let effect = self.order(Order::Suspend);
        let (zh, en) =
            ("属地已暂停正在整改的服务", "a region has suspended a service that is to be put right");
        Ok(Step::plain(Self { suspension, ..self }).and(effect).with(tell_all(zh, en, scene)))
    }

    /// The same without a suspension in force.
    fn lifted(mut self, scene: &Scene<'_>) -> Self {
        if let Some(suspension) = self.suspension.as_mut().filter(|one| one.lifted_at.is_none()) {
            suspension.lifted_at = Some(scene.at);
        }
        self
    }

    fn reviewed(&mut self, said: Said) {
        if let Some(answer) = self.answers.last_mut().filter(|answer| answer.review.is_none()) {
            answer.review = Some(said);
        }
    }

    fn accept(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.reviewed(said(words, scene)?);
        let effect = self.order(Order::Release);
        let (zh, en) = if self.is_suspended() {
            ("整改验收通过，已恢复服务", "it is put right and accepted: the service goes on")
        } else {
            ("整改验收通过", "it is put right and accepted")
        };
        let matter = Self { state: State::Accepted, ..self.lifted(scene) };
        Ok(Step::plain(matter).and(effect).with(tell_all(zh, en, scene)))
    }

    /// Counted from today on: whoever has missed a day is given another, and knows what is wrong only now. A request for more
    /// time that nobody has decided is answered by it.
    fn give_back(
        mut self,
        words: String,
        days: Option<i64>,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        faults.take("/words", matter::words(&words));
        let due = faults.take("/days", due(days, scene));
        faults.check()?;
        let said = Said { words, by: scene.by, at: scene.at };
        if let Some(asked) = self.more_time.as_mut().filter(|asked| asked.answer.is_none()) {
            asked.answer = Some(said.clone());
        }
        self.reviewed(said);
        let due = due.unwrap_or(self.due);
        let told = scene
            .tell_owner("整改未通过，请按意见继续整改", "it is not put right: go on as the opinion says");
        Ok(Step::plain(Self { state: State::Returned, due, ..self }).with(told))
    }

    fn close(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let decision = said(words, scene)?;
        if self.state == State::Answered {
            self.reviewed(decision.clone());
        }
        let effect = self.order(Order::Close);
        let matter = Self { state: State::Closed, decision: Some(decision), ..self.lifted(scene) };
        let (zh, en) =
            ("整改未达要求，属地已终止该项服务", "it was not put right: the region has ended the service");
        Ok(Step::plain(matter).and(effect).with(tell_all(zh, en, scene)))
    }

    fn withdraw(self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let decision = Some(said(words, scene)?);
        let effect = self.order(Order::Release);
        let matter = Self { state: State::Withdrawn, decision, ..self.lifted(scene) };
        let (zh, en) = ("属地已撤销整改", "the region has taken its order back");
        Ok(Step::plain(matter).and(effect).with(tell_all(zh, en, scene)))
    }

    /// Nothing ends by itself: what is suspended stays so, what is not goes on.
    fn miss(mut self, scene: &Scene<'_>) -> Step<Self> {
        self.missed_on.push(self.due.due_on);
        let (zh, en) = (
            "整改期满未提交结果，由属地决定继续整改、暂停或终止",
            "the day has passed without an answer: the region decides whether to go on, suspend or end the service",
        );
        let told = self.tell_region(zh, en);
        Step::plain(Self { state: State::Missed, ..self }).and(told).with(tell_all(zh, en, scene))
    }

    fn settle(self, scene: &Scene<'_>) -> Step<Self> {
        let (zh, en) = (
            "授权或渠道已终止，整改办结",
            "the opening or the channel has ended, and with it the rectification",
        );
        let (effect, told) = (self.order(Order::Release), self.tell_region(zh, en));
        let matter = Self { state: State::Settled, ..self.lifted(scene) };
        Step::plain(matter).and(effect).and(told).with(scene.tell_owner(zh, en))
    }
}
