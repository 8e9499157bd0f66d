//! A key rotation (密钥轮换): the operator asks the owner of a channel for another key by a day.
//!
//! What answers it is no click but a fact: a key of that usage works that was registered after it was asked for, and, where
//! that is wanted, none from before works any more. So the owner does nothing here; it files a key change
//! ([`crate::key_change`]), and the platform notes what the keys say ([`Goal::reached`]).
//!
//! Invariants. Nothing is revoked or suspended by it: whoever is late is shown as late. Until the day is over an answer is only as
//! good as the key, so that one which is revoked again counts for nothing; what was reached by then stays. The regulation
//! demands one system of keys and a strict procedure (CH-26.1, CH-26.2) and no rhythm: why and until when is the operator's to say, and
//! no risk event follows from missing it.

#[cfg(test)]
mod tests;

use crate::calendar::{Duty, Period};
use crate::channel::Phase;
use crate::key::{Held, KeyUsage};
use crate::matter::{
    self, By, Deadline, Effect, Expiry, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::name::names;
use crate::refusal::refusals;
use crate::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

refusals! {
    /// Why no rotation is asked for.
    Refusal {
        /// What a channel brings identifies it or is encrypted to.
        Usage = "key_rotation.usage" ["CH-26.1"] "渠道只有签名密钥（caller）和加密密钥（encrypt）可以轮换"
            "a channel has keys that identify it (caller) or are encrypted to (encrypt)";
        /// A day that is over.
        Past = "key_rotation.past" "轮换期限不得早于今天" "the last day must not lie in the past";
        /// There is nothing to rotate.
        NoKey = "key_rotation.no_key" "该渠道没有该用途的有效密钥" "the channel has no key of this usage that works";
        /// It is asked for already.
        Asked = "key_rotation.asked" "该渠道正在轮换该用途的密钥" "a rotation of this key is asked for already";
    }
}

names! {
    /// Where it stands.
    State {
        /// The keys do not say yet what they are to say.
        Asked = "asked",
        /// They do, and the day is not over.
        Rotated = "rotated",
        /// They did when the day was over, or when they first did after it.
        Closed = "closed",
        /// The channel holds no keys any more.
        Lapsed = "lapsed",
        /// Taken back by the operator.
        Withdrawn = "withdrawn",
    }
    /// What is done to it.
    Action {
        /// The keys say it.
        Rotate = "rotate",
        /// They say it no more: the new key was revoked.
        Reopen = "reopen",
        /// The day is over, and they said it.
        Close = "close",
        /// The channel has come to its end.
        Lapse = "lapse",
        /// The operator takes it back.
        Withdraw = "withdraw",
    }
    /// How far a channel has come, by its keys and its open key change.
    Stage {
        /// No key change of that usage is open.
        NotBegun = "not_begun",
        /// One is begun and waits for the owner's signature.
        Drafted = "drafted",
        /// The key was filed and waits for the operator.
        Filed = "filed",
        /// The new key works, and so does one from before.
        Both = "both",
        /// Only keys from after it was asked for work.
        Rotated = "rotated",
    }
}

/// A rotation that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyRotationBody))]
pub struct KeyRotation {
    state: State,
    usage: KeyUsage,
    subject: String,
    words: String,
    asked_by: By,
    /// Only a key that was registered after this moment counts.
    asked_at: Timestamp,
    /// Whether the keys from before have to have ended as well.
    ends_old: bool,
    rotate: Deadline,
    /// The key by which it was answered; none while it is not.
    rotated: Option<Rotated>,
    withdrawn: Option<Withdrawn>,
}

/// By which key a rotation was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyRotationRotated))]
pub struct Rotated {
    /// The key.
    key: String,
    /// When the keys said so first.
    at: Timestamp,
}

/// Why it was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyRotationWithdrawn))]
pub struct Withdrawn {
    words: String,
    by: By,
    at: Timestamp,
}

/// What the operator asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyRotationOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// `caller` (verifies the channel's requests) or `encrypt`.
    pub usage: KeyUsage,
    /// One line.
    pub subject: String,
    /// Why.
    pub words: String,
    /// The last day.
    pub rotate_by: BusinessDate,
    /// Whether the keys from before have to have ended by then, or only another one to work.
    #[serde(default)]
    pub ends_old: bool,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyRotationInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Nothing more to say.
    Rotate {},
    /// Nothing more to say.
    Reopen {},
    /// Nothing more to say.
    Close {},
    /// Nothing more to say.
    Lapse {},
    /// Why.
    Withdraw {
        /// The reason.
        words: String,
    },
}

/// What the keys of a channel are to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Keys of this usage.
    pub usage: KeyUsage,
    /// After which a key counts.
    pub asked_at: Timestamp,
    /// Whether those from before have to have ended.
    pub ends_old: bool,
}

/// What they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// The newest key that works and counts.
    pub new: Option<&'a Held>,
    /// The newest from before that works still.
    pub old: Option<&'a Held>,
    /// Since when they say what they are to say; none while they do not.
    pub reached_at: Option<Timestamp>,
}

impl Goal {
    /// What the keys of a channel say of it.
    pub fn look<'a>(&self, keys: &'a [Held]) -> Found<'a> {
        let own = || keys.iter().filter(|key| key.usage == self.usage);
        let counts = |key: &&Held| key.registered_at > self.asked_at;
        let newest = |one: &&Held| one.registered_at;
        let new = own().filter(counts).filter(|key| key.works()).max_by_key(newest);
        let old = own().filter(|key| !counts(key)).filter(|key| key.works()).max_by_key(newest);
        // Since the first of those that work came, and, where that is wanted, the last from before ended.
        let came = own().filter(counts).filter(|key| key.works()).map(|key| key.registered_at).min();
        let ended = own().filter(|key| !counts(key)).filter_map(|key| key.ends_at).max();
        let reached_at = match (came, self.ends_old, old) {
            (None, ..) | (_, true, Some(_)) => None,
            (Some(came), true, None) => Some(ended.map_or(came, |ended| ended.max(came))),
            (Some(came), false, _) => Some(came),
        };
        Found { new, old, reached_at }
    }
}

impl Found<'_> {
    /// Since when a rotation is answered: while it is open, as the keys are; what was `noted` when it ended stays.
    pub fn answered_at(&self, state: State, noted: Option<Timestamp>) -> Option<Timestamp> {
        match state {
            State::Asked | State::Rotated => self.reached_at,
            State::Closed => [self.reached_at, noted].into_iter().flatten().min(),
            State::Lapsed | State::Withdrawn => None,
        }
    }

    /// How far the channel has come; `change` is the state of its open key change of that usage.
    pub fn stage(&self, change: Option<crate::key_change::State>) -> Stage {
        use crate::key_change::State as Change;
        match (self.new, self.old, change) {
            (Some(_), Some(_), _) => Stage::Both,
            (Some(_), None, _) => Stage::Rotated,
            (None, _, Some(Change::Drafted)) => Stage::Drafted,
            (None, _, Some(Change::Filed)) => Stage::Filed,
            (None, _, Some(Change::Changed | Change::Withdrawn) | None) => Stage::NotBegun,
        }
    }
}

impl KeyRotation {
    const fn goal(&self) -> Goal {
        Goal { usage: self.usage, asked_at: self.asked_at, ends_old: self.ends_old }
    }

    /// What follows from the keys as they are.
    fn follows(&self, keys: &[Held], phase: Phase) -> Option<Action> {
        let is_reached = self.goal().look(keys).reached_at.is_some();
        match self.state {
            State::Asked | State::Rotated if phase.holds_keys().is_err() => Some(Action::Lapse),
            State::Asked if is_reached => Some(Action::Rotate),
            State::Rotated if !is_reached => Some(Action::Reopen),
            State::Asked | State::Rotated | State::Closed | State::Lapsed | State::Withdrawn => None,
        }
    }

    /// Refuses what does not follow from the keys.
    fn must_follow(&self, action: Action, scene: &Scene<'_>) -> Result<(), Refused> {
        let is_so = self.follows(scene.keys, scene.channel()?.phase) == Some(action);
        if is_so { Ok(()) } else { Err(matter::Refusal::Transition.into()) }
    }

    fn rotate(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.must_follow(Action::Rotate, scene)?;
        let found = self.goal().look(scene.keys);
        let key = found.new.map(|key| key.id.to_string()).unwrap_or_default();
        let state = if self.rotate.is_over(scene.at) { State::Closed } else { State::Rotated };
        Ok(Step::plain(Self { state, rotated: Some(Rotated { key, at: scene.at }), ..self }))
    }

    fn reopen(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.must_follow(Action::Reopen, scene)?;
        let (subject, due) = (&self.subject, self.rotate.due_on);
        let told = scene.tell_owner(
            format!("“{subject}”尚未完成：新密钥已失效，须于{due}前另行更换"),
            format!("“{subject}” is not done: the new key works no more, another one is due on {due}"),
        );
        Ok(Step::plain(Self { state: State::Asked, rotated: None, ..self }).with(told))
    }

    fn lapse(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.must_follow(Action::Lapse, scene)?;
        Ok(Step::plain(Self { state: State::Lapsed, ..self }))
    }

    fn withdraw(self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        let told = scene.tell_owner(
            format!("“{}”已撤回，无需再为此更换密钥", self.subject),
            format!("“{}” was taken back: no key has to be changed for it", self.subject),
        );
        let withdrawn = Some(Withdrawn { words, by: scene.by, at: scene.at });
        Ok(Step::plain(Self { state: State::Withdrawn, withdrawn, ..self }).with(told))
    }

    fn close(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if !self.rotate.is_over(scene.at) {
            return Err(matter::Refusal::Early.into());
        }
        Ok(Step::plain(Self { state: State::Closed, ..self }))
    }
}

/// What the platform does in a rotation by its keys as they are: the action, or none. It reads the body of an open one.
pub fn follows(body: &str, keys: &[Held], phase: Phase) -> Option<Action> {
    serde_json::from_str::<KeyRotation>(body).ok()?.follows(keys, phase)
}

impl Matter for KeyRotation {
    const KIND: Kind = Kind::KeyRotation;
    const OPENED_BY: &'static [Party] = &[Party::Operator];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    /// CH-9.3f: of a channel that may hold keys.
    fn opens_in(phase: Phase, _: Party) -> Result<(), Refused> {
        Ok(phase.holds_keys()?)
    }

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        scene.channel()?;
        let mut faults = Faults::default();
        if !matches!(opening.usage, KeyUsage::Caller | KeyUsage::Encrypt) {
            faults.add("/usage", Refusal::Usage);
        }
        faults.take("/subject", matter::words(&opening.subject));
        faults.take("/words", matter::words(&opening.words));
        if opening.rotate_by < scene.today() {
            faults.add("/rotate_by", Refusal::Past);
        }
        faults.check()?;
        let is_same = |one: &Self| one.state == State::Asked && one.usage == opening.usage;
        if scene.others::<Self>().any(|(_, one)| is_same(&one)) {
            return Err(Refusal::Asked.into());
        }
        if !scene.keys.iter().any(|key| key.usage == opening.usage && key.works()) {
            return Err(Refusal::NoKey.into());
        }
        // A day that was named is kept: it protects holders, and no holiday makes a key younger.
        let days = Period::Days(i64::from(opening.rotate_by.days_since(scene.today())));
        let rotate = Deadline::new(scene, scene.today(), days, Duty::Safety, "CH-26.2", Expiry::Recorded);
        let due = opening.rotate_by;
        let told = scene.tell_owner(
            format!("请于{due}前轮换渠道密钥：{}", opening.subject),
            format!("The channel's key is to be rotated by {due}: {}", opening.subject),
        );
        let matter = Self {
            state: State::Asked,
            usage: opening.usage,
            subject: opening.subject,
            words: opening.words,
            asked_by: scene.by,
            asked_at: scene.at,
            ends_old: opening.ends_old,
            rotate,
            rotated: None,
            withdrawn: None,
        };
        // A key may have come between the moment of asking and this transaction.
        let is_reached = matter.goal().look(scene.keys).reached_at.is_some();
        let rotated = is_reached.then(|| Effect::act::<Self>(scene.matter, Action::Rotate));
        Ok(Step::plain(matter).with(told).with(rotated))
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use {Action as A, State as S};
        match (state, action) {
            (S::Asked, A::Rotate) => &[S::Rotated, S::Closed],
            (S::Rotated, A::Reopen) => &[S::Asked],
            (S::Rotated, A::Close) => &[S::Closed],
            (S::Asked | S::Rotated, A::Lapse) => &[S::Lapsed],
            (S::Asked, A::Withdraw) => &[S::Withdrawn],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            Action::Rotate => (&[Party::Platform], "更换密钥", "Rotate the key", &[]),
            Action::Reopen => (&[Party::Platform], "新密钥失效，重新等待", "Wait again", &[]),
            Action::Close => (&[Party::Platform], "期满办结", "Close", &[]),
            Action::Lapse => (&[Party::Platform], "渠道不再持有密钥", "Lapse", &[]),
            Action::Withdraw => (&[Party::Operator], "撤回轮换要求", "Withdraw", &[Need::Words]),
        };
        Rule { by, zh, en, clause: "CH-26.2", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Rotate {} => Action::Rotate,
            Input::Reopen {} => Action::Reopen,
            Input::Close {} => Action::Close,
            Input::Lapse {} => Action::Lapse,
            Input::Withdraw { .. } => Action::Withdraw,
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::Rotate {} => self.rotate(scene),
            Input::Reopen {} => self.reopen(scene),
            Input::Close {} => self.close(scene),
            Input::Lapse {} => self.lapse(scene),
            Input::Withdraw { words } => self.withdraw(words, scene),
        }
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Lapse {})
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait =
            |party, task, deadline| vec![Wait { party, division: None, task, deadline: Some(deadline) }];
        match self.state {
            State::Asked => wait(Party::Owner, "rotate", self.rotate.clone()),
            State::Rotated => {
                let expiry = Expiry::Acts(Action::Close.as_str().to_owned());
                wait(Party::Platform, "close", Deadline { expiry, ..self.rotate.clone() })
            }
            State::Closed | State::Lapsed | State::Withdrawn => Vec::new(),
        }
    }

    fn title(&self) -> String {
        self.subject.clone()
    }
}
