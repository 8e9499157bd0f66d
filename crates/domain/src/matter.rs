//! The matter (办件): one piece of business in a channel's life, such as an application, a risk event or an exit.
//!
//! Every kind is a state machine with a body, in a module of its own that implements [`Matter`]. What they share is here:
//! who acts ([`By`]), what a rule may look at ([`Scene`]), what a step asks of the rest of the platform ([`Effect`]), and for
//! whom a matter waits until when ([`Wait`]). [`life`] drives any kind by its words: one piece of code for all of them.
//!
//! Invariants. A step ends in a state that [`Matter::next`] lists for the one it began in. What a step does to
//! anything but its matter is an [`Effect`], carried out in the same transaction. A button is shown exactly when
//! [`Matter::admits`] would let the action through. Nothing here reads a clock, a table or a file.

mod by;
mod evidence;
mod extension;
mod life;
mod remind;
mod settle;
#[cfg(feature = "openapi")]
mod shape;
mod sight;
mod tell;
#[cfg(test)]
pub(crate) mod testing;
mod words;

pub use by::By;
pub use evidence::{Evidence, Fault as EvidenceFault, PaperEvidence, evidence, papers};
pub use extension::{Extension, extension, extensions};
pub use life::{Edge, Life, Shown, Stored, Workflow, life, received};
pub use remind::remind;
#[cfg(feature = "openapi")]
pub use shape::{Shape, shape};
pub use sight::{Onlooker, seen_by};
pub use words::{Kind, Mine, Need, Party, Starter, Timing};

use crate::authorization::{Opening, Order};
use crate::calendar::{Calendar, Due, Duty, Period};
use crate::callback_change::Moved;
use crate::channel::{Channel, ChannelNumber, Phase, Registration, Scope, Withheld};
use crate::division::DivisionCode;
use crate::id::{AttachmentId, ChannelId, MatterId, OpeningId, OrgId};
use crate::key::Held;
use crate::key::proof::PublicKey;
use crate::name::Word;
use crate::notification::Occasion;
use crate::parameter::Parameters;
use crate::refusal::{Refuse, refusals};
use crate::service_form::Blank;
use crate::time::{BusinessDate, Timestamp};
use crate::webhook::Endpoint;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why nothing happens to a matter, whatever its kind.
    Refusal {
        /// The party has no part in this action.
        Party = "matter.party" "该操作不由当前机构办理" "this action belongs to another party";
        /// The matter is about another region than the actor's.
        Division = "matter.division" ["CH-5.2"] "该办件不在本辖区" "the matter lies outside the own jurisdiction";
        /// The state does not allow it.
        Transition = "matter.transition" "办件当前状态不允许该操作" "the state of the matter does not allow this";
        /// Whoever did the first half does not do the second.
        SamePerson = "matter.same_person" "须由另一人复核，经办人不得复核本人办理的事项"
            "a second person has to do this: nobody reviews their own work";
        /// A sentence is demanded and none was given, or one that is too long.
        Words = "matter.words" "请填写1至2000字的意见或说明" "an opinion or reason of 1 to 2000 characters is required";
        /// The matter needs a channel and there is none.
        NoChannel = "matter.no_channel" "须指明渠道" "the matter is about a channel: name it";
        /// Another matter of this kind is open for the channel.
        AlreadyOpen = "matter.already_open" "该渠道已有同类办件正在办理" "the channel has an open matter of this kind";
        /// The platform would act before the period is over.
        Early = "matter.early" "期限尚未届满" "the period is not over yet";
        /// It is the reminder's own office that has to act.
        OwnTurn = "matter.own_turn" "正在等待本机构办理，无需催办" "it waits for the own office: there is nobody to remind";
        /// What the platform does by itself waits for nobody.
        Nobody = "matter.nobody" "平台自动办理，无人可催办" "the platform does this by itself: there is nobody to remind";
        /// No kind was named, or another one than that of the state.
        State = "matter.state" "须指明办件类型，且状态须为该类办件的状态" "name the kind, and one of the states of that kind";
        /// A grade of what has none.
        Grade = "matter.grade" ["CH-31.0"] "仅安全风险事件有等级，请同时指明该类型" "only risk events have a grade: name their kind";
        /// They were reminded today.
        Reminded = "matter.reminded" "今日已催办，请明日再催" "they were reminded today: do it again tomorrow";
    }
}

/// What a rule may look at. Everything was read in the transaction that will carry the step.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Who acts.
    pub by: By,
    /// Business time.
    pub at: Timestamp,
    /// The matter itself.
    pub matter: MatterId,
    /// The numbers in force.
    pub parameters: &'a Parameters,
    /// The working days.
    pub calendar: &'a Calendar,
    /// The channel it is about, once there is one.
    pub channel: Option<&'a Channel>,
    /// The level-1 channel of that channel, or the one that an application names.
    pub parent: Option<&'a Channel>,
    /// The other matters of the channel and, before there is one, of the owner; open ones and ended ones, but none of
    /// [`Kind::ASIDE`]. Where something may be signed, the open signing keys of the acting organisation too.
    pub others: &'a [Known],
    /// The complete files of the matter.
    pub files: &'a [File],
    /// What departments have opened to the channel, and closed again; of a kind that [is about one](Kind::is_of_opening), and
    /// else nothing.
    pub openings: &'a [Opening<'a>],
    /// The keys of the channel, those that have ended too; of the kinds that [`Kind::looks_at_keys`].
    pub keys: &'a [Held],
    /// The forms of personalised services that are current; of an application, and else none.
    pub blanks: &'a [Blank],
    /// The callback endpoints of the channel; of the kinds that [`Kind::looks_at_endpoints`].
    pub endpoints: &'a [Endpoint],
}

impl<'a> Scene<'a> {
    /// The business day.
    pub fn today(&self) -> BusinessDate {
        self.at.business_date()
    }

    /// The value of a parameter today.
    pub fn number(&self, name: crate::parameter::Name) -> i64 {
        self.number_on(name, self.today())
    }

    /// The value of a parameter on a day.
    pub fn number_on(&self, name: crate::parameter::Name, day: BusinessDate) -> i64 {
        self.parameters.get(name, day)
    }

    /// The last day of a period that begins today.
    pub fn due(&self, period: Period, duty: Duty) -> Due {
        self.calendar.due(self.today(), period, duty)
    }

    /// The channel; refuses when there is none. A rule about running, security or exit asks for it and not for its level:
    /// level 2 is treated as level 1 (CH-11.4a).
    pub fn channel(&self) -> Result<&'a Channel, Refusal> {
        self.channel.ok_or(Refusal::NoChannel)
    }

    /// What does `action`, which takes no more, in the other matters of a kind that are in `state`.
    pub fn act_on_others<M: Matter>(&self, state: M::State, action: M::Action) -> Vec<Effect> {
        let wanted = |known: &&Known| known.kind == M::KIND && known.state == state.as_str();
        self.others.iter().filter(wanted).map(|known| Effect::act::<M>(known.id, action)).collect()
    }

    /// The other matters of a kind, newest first.
    pub fn others<M: Matter>(&self) -> impl Iterator<Item = (&'a Known, M)> {
        debug_assert!(!Kind::ASIDE.contains(&M::KIND), "a rule looks at what is not read for it");
        let mut found: Vec<_> = self.others.iter().filter(|known| known.kind == M::KIND).collect();
        found.sort_by_key(|known| std::cmp::Reverse(known.opened_at));
        found.into_iter().filter_map(|known| Some((known, serde_json::from_str(&known.body).ok()?)))
    }
}

/// Another matter, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub id: MatterId,
    /// Its kind.
    pub kind: Kind,
    /// The word of its state.
    pub state: String,
    /// Whether it has ended.
    pub is_ended: bool,
    /// Its body.
    pub body: String,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// A file that has arrived whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Which.
    pub id: AttachmentId,
    /// The organisation that sent it.
    pub org: OrgId,
    /// What the sender calls its purpose, e.g. `recording_ios`.
    pub purpose: String,
    /// The type found in its content, e.g. `video/mp4`.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Its SM3 digest, which was verified.
    pub digest: [u8; 32],
}

/// The period in which somebody has to act, or for which a state lasts (C21: shown wherever it matters).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MatterDeadline))]
pub struct Deadline {
    /// The day of the event that began it; the period starts the day after.
    pub starts_on: BusinessDate,
    /// Its last day.
    pub due_on: BusinessDate,
    /// Whether the day may move when the next working days are published.
    pub is_provisional: bool,
    /// How many working days it lasts, where it is counted in them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<i64>,
    /// The clause it comes from.
    pub clause: String,
    /// What happens when the last day has passed.
    pub expiry: Expiry,
}

impl Deadline {
    /// A deadline over `period` from `starts_on`.
    pub fn new(
        scene: &Scene<'_>,
        starts_on: BusinessDate,
        period: Period,
        duty: Duty,
        clause: &'static str,
        expiry: Expiry,
    ) -> Self {
        let due = scene.calendar.due(starts_on, period, duty);
        let working_days = match period {
            Period::WorkingDays(days) => Some(days),
            Period::Days(_) | Period::Months(_) => None,
        };
        Self {
            starts_on,
            due_on: due.on,
            is_provisional: due.is_provisional,
            working_days,
            clause: clause.to_owned(),
            expiry,
        }
    }

    /// Whether its last day is over at `at`.
    pub fn is_over(&self, at: Timestamp) -> bool {
        at >= self.due_on.end()
    }
}

/// What happens when the last day of a period has passed and nobody has acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MatterExpiry))]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// The default is recorded and stays visible until somebody acts.
    Recorded,
    /// The platform does this action, named by its word.
    Acts(String),
}

/// For whom a matter waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Whose turn it is.
    pub party: Party,
    /// Of which area, where the party has many.
    pub division: Option<DivisionCode>,
    /// What is waited for: a word such as `review`.
    pub task: &'static str,
    /// Until when, if there is a limit.
    pub deadline: Option<Deadline>,
}

/// What a step asks of the rest of the platform, in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A channel comes into being in testing, with a number of its own (CH-9.1d); the matter is about it from now on.
    Register(Box<Registration>),
    /// The channel enters a phase.
    Enter(Phase),
    /// What and where the channel is admitted for becomes this.
    Rescope(Scope),
    /// The channel's production keys become these public keys (CH-9.3f).
    ActivateKeys(Vec<PublicKey>),
    /// Every key of the channel is revoked (CH-31.3).
    RevokeKeys,
    /// A measure of this matter is opened, in place of one it opened before (CH-31.1, CH-31.2).
    Withhold(Withheld),
    /// The measure of this matter ends.
    Restore,
    /// Holders of the channel are guided to these; refused for one that cannot take them today (CH-34.2).
    Guide(Vec<ChannelNumber>),
    /// What a department has opened to the channel stands so from now on, by this matter (ND-3.5e).
    Order {
        /// Which.
        opening: OpeningId,
        /// How.
        order: Order,
    },
    /// A matter of another kind is opened about the same channel, by the platform; the body is its opening as JSON.
    Open {
        /// Which kind.
        kind: Kind,
        /// The opening.
        opening: String,
    },
    /// The platform acts on another matter; the input as JSON.
    Act {
        /// Which.
        matter: MatterId,
        /// The input.
        input: String,
    },
    /// A callback address is asked to prove itself, by a signed challenge; refused for one that may not be named.
    Challenge(String),
    /// A callback endpoint of the channel has this address from now on, and both addresses are told.
    Redirect(Moved),
    /// Whoever is to be called about the channel, and whoever was before, is written to.
    WriteToContacts(Occasion),
    /// Somebody is told.
    Tell(Message),
}

impl Effect {
    /// The platform does `action`, which takes no more, in a matter of a kind.
    pub fn act<M: Matter>(matter: MatterId, action: M::Action) -> Self {
        Self::Act { matter, input: format!(r#"{{"action":"{}"}}"#, action.as_str()) }
    }
}

/// Something that a party is told in its portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who.
    pub party: Party,
    /// Of which area, where the party has many.
    pub division: Option<DivisionCode>,
    /// About which channel instead of the matter's own; CH-11.4c tells a level-1 channel of its level-2 channel.
    pub channel: Option<ChannelId>,
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
}

/// Why an opening or an action is refused: one rule, or several fields at once.
#[derive(Debug)]
pub enum Refused {
    /// The input cannot be read: where, and why.
    Unreadable {
        /// JSON pointer.
        pointer: String,
        /// The reader's sentence.
        why: String,
    },
    /// A rule said no.
    Rule(Box<dyn Refuse>),
    /// Fields are wrong; there is at least one.
    Fields(Vec<Fault>),
}

impl Refused {
    /// The code of the rule, or `request.fields` when fields are wrong.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rule(refusal) => refusal.code(),
            Self::Unreadable { .. } | Self::Fields(_) => "request.fields",
        }
    }
}

/// A wrong field.
#[derive(Debug)]
pub struct Fault {
    /// JSON pointer.
    pub pointer: String,
    /// What is wrong with it.
    pub refusal: Box<dyn Refuse>,
}

impl<R: Refuse + 'static> From<R> for Refused {
    fn from(refusal: R) -> Self {
        Self::Rule(Box::new(refusal))
    }
}

/// Collects what is wrong with the fields of a form, so that all of it is named at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes that the field at `pointer` is wrong.
    pub fn add(&mut self, pointer: impl Into<String>, refusal: impl Refuse + 'static) {
        self.0.push(Fault { pointer: pointer.into(), refusal: Box::new(refusal) });
    }

    /// The value, or a note that the field at `pointer` is wrong.
    pub fn take<T, R: Refuse + 'static>(
        &mut self,
        pointer: impl Into<String>,
        value: Result<T, R>,
    ) -> Option<T> {
        value.map_err(|refusal| self.add(pointer, refusal)).ok()
    }

    /// Refuses if anything was wrong.
    pub fn check(self) -> Result<(), Refused> {
        if self.0.is_empty() { Ok(()) } else { Err(Refused::Fields(self.0)) }
    }
}

/// What a step leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<M> {
    /// The matter afterwards.
    pub matter: M,
    /// What else has to happen.
    pub effects: Vec<Effect>,
}

impl<M> Step<M> {
    /// A step that touches nothing but the matter.
    pub const fn plain(matter: M) -> Self {
        Self { matter, effects: Vec::new() }
    }

    /// Adds an effect.
    #[must_use]
    pub fn and(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// Adds effects.
    #[must_use]
    pub fn with(mut self, effects: impl IntoIterator<Item = Effect>) -> Self {
        self.effects.extend(effects);
        self
    }
}

/// What an action is: who, how it is called, where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Who may do it.
    pub by: &'static [Party],
    /// Its Chinese name, on the button.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// The clause.
    pub clause: &'static str,
    /// What it wants.
    pub needs: &'static [Need],
}

/// A kind of matter. Its value is the body: everything about it that is kept, the state included.
pub trait Matter: Sized + Clone + Serialize + DeserializeOwned {
    /// Which kind.
    const KIND: Kind;
    /// Who may open one.
    const OPENED_BY: &'static [Party];
    /// The states.
    type State: Word;
    /// The actions.
    type Action: Word;
    /// What opens one.
    type Opening: DeserializeOwned;
    /// What an action brings, tagged by `action`.
    type Input: DeserializeOwned;

    /// Whether `party`, one of [`Matter::OPENED_BY`], may open one about a channel in this phase.
    ///
    /// CH-33.3: about what has left nobody but the platform begins anything, unless a kind says otherwise.
    fn opens_in(phase: Phase, party: Party) -> Result<(), Refused> {
        if party == Party::Platform { Ok(()) } else { Ok(phase.is_present()?) }
    }

    /// Whether `party` proves afresh who it is before it opens one: where a channel is stopped by that alone.
    fn opens_afresh(party: Party) -> bool {
        let _ = party;
        false
    }

    /// A new one. The party has been checked against [`Matter::OPENED_BY`], the phase by [`Matter::opens_in`].
    fn open(opening: Self::Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused>;

    /// The state it is in.
    fn state(&self) -> Self::State;

    /// The states it may be in after `action`; none when the action is not possible.
    fn next(state: Self::State, action: Self::Action) -> &'static [Self::State];

    /// What the action is.
    fn rule(action: Self::Action) -> Rule;

    /// The action of an input.
    fn action(input: &Self::Input) -> Self::Action;

    /// Whether `by` may do `action` now, as far as the matter itself knows. State and party have been checked.
    fn admits(&self, action: Self::Action, by: &By) -> Result<(), Refused> {
        let _ = (action, by);
        Ok(())
    }

    /// Does an action. State, party and [`Matter::admits`] have been checked.
    fn act(self, input: Self::Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused>;

    /// For whom it waits; empty when it has ended or only time passes without consequence.
    fn waits(&self, scene: &Scene<'_>) -> Vec<Wait>;

    /// CH-33.3: what the platform does with it in the step after which its channel has left, so that it does not stay open for an
    /// owner who is received no more; nothing where an office, the owner or a passing day still ends it.
    fn leaving(state: Self::State) -> Option<Self::Input> {
        let _ = state;
        None
    }

    /// Whether nothing can happen to it any more: no action leads out of the state.
    fn is_ended(&self) -> bool {
        Self::Action::ALL.iter().all(|action| Self::next(self.state(), *action).is_empty())
    }

    /// One line for a list, without personal data.
    fn title(&self) -> String;

    /// The areas whose departments see it before there is a channel; empty when the channel's regions say it.
    fn regions(&self) -> Vec<DivisionCode> {
        Vec::new()
    }
}

/// The platform's words where it ends what a channel that has left had open (CH-33.3).
pub const LEFT: &str = "渠道已退出或终止，平台办结";

/// Most letters of words that a person wrote.
pub const LONGEST: usize = 2000;

/// Checks words that a person wrote: 1 to 2000 characters that are not all blank.
pub fn words(text: &str) -> Result<(), Refusal> {
    let length = text.chars().count();
    if (1..=LONGEST).contains(&length) && !text.trim().is_empty() { Ok(()) } else { Err(Refusal::Words) }
}
