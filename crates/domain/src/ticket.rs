//! Tickets: what a channel asks about one user, and problems that it reports (CH-20.3, CH-20.4).
//!
//! Invariants. A ticket about a user names the person masked, and no ticket holds a number of a document, a bank card or
//! a mobile telephone: text with one is refused, for what is said here is read by many. Every answer stays. The clause
//! wants prompt answers and has no number: the days are choices of this project.

#[cfg(test)]
mod tests;

use crate::calendar::{Duty, Period};
use crate::id::RequestId;
use crate::identity::{DocumentKind, IdDocument};
use crate::matter::{
    self, By, Deadline, Expiry, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait,
};
use crate::name::names;
use crate::parameter::Name;
use crate::refusal::refusals;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a ticket is not filed or not continued.
    Refusal {
        /// A number of a person in the text.
        Personal = "ticket.personal" "内容不得包含证件号码、银行卡号或手机号码，请脱敏后提交"
            "no number of a document, a bank card or a mobile telephone may appear: mask it";
        /// A user's ticket without a user, or another one with.
        Holder = "ticket.holder" ["CH-20.3"] "用户个体问题须填写脱敏后的用户信息，其他类别不得填写"
            "a ticket about a user names the user masked, no other does";
        /// Not masked.
        Mask = "ticket.mask" ["CH-20.3"] "用户信息须以*脱敏" "what names a user must be masked with *";
        /// Not 1 to 5.
        Satisfaction = "ticket.satisfaction" "满意度取值为1至5" "satisfaction is 1 to 5";
        /// The channel may still come back to it.
        Early = "ticket.early" "答复后的追问期尚未届满" "the channel may still follow up";
    }
}

names! {
    /// What it is about.
    Category {
        /// 用户个体: one user's question or check (CH-20.3).
        User = "user",
        /// 共性问题 (CH-20.4).
        Common = "common",
        /// 舆情问题 (CH-20.4).
        PublicOpinion = "public_opinion",
        /// 恶意投诉 (CH-20.4).
        Malicious = "malicious",
    }
    /// Where it stands.
    State {
        /// Waits for the operator.
        Filed = "filed",
        /// Answered; the channel may follow up.
        Answered = "answered",
        /// Over.
        Closed = "closed",
    }
    /// What is done to it.
    Action {
        /// The operator answers.
        Answer = "answer",
        /// The channel asks on.
        FollowUp = "follow_up",
        /// The channel is done, and says how it was served.
        Close = "close",
        /// The channel has said nothing more.
        Expire = "expire",
    }
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TicketBody))]
pub struct Ticket {
    state: State,
    category: Category,
    subject: String,
    holder: Option<Holder>,
    /// The request it is about, as the channel's log has it.
    request: Option<String>,
    entries: Vec<Entry>,
    deadline: Deadline,
    satisfaction: Option<u8>,
}

/// A user, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TicketHolder))]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Such as 张*三.
    name: String,
    /// Such as 33**************12.
    document: String,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TicketEntry))]
pub struct Entry {
    words: String,
    by: By,
    at: Timestamp,
}

/// What a channel files.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TicketOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    category: Category,
    subject: String,
    words: String,
    #[serde(default)]
    holder: Option<Holder>,
    #[serde(default)]
    request: Option<String>,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TicketInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// The answer.
    Answer {
        /// The words.
        words: String,
    },
    /// Another question.
    FollowUp {
        /// The words.
        words: String,
    },
    /// How the channel was served.
    Close {
        /// From 1, badly, to 5, well.
        satisfaction: u8,
    },
    /// Nothing more to say.
    Expire {},
}

/// Digits in a row from which on a number is one of a document or a bank card.
const LONG_NUMBER: usize = 15;

/// Letters of the longest number that is written in groups: that of a resident.
const LONGEST: usize = 18;

/// Words that name nobody. Digits of full width count as digits, and a number written in groups as one; of several groups only
/// what is certainly a phone or a valid number of a resident, so that two days beside each other are no number.
fn plain(text: &str) -> Result<(), Refusal> {
    let folded: String = text.chars().map(narrow).collect();
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, 'X' | 'x');
    let is_gap = |letter: char| matches!(letter, ' ' | '-' | '\u{3000}' | '\u{a0}');
    let names_somebody = folded.split(|letter| !is_part(letter) && !is_gap(letter)).any(|stretch| {
        let groups: Vec<_> = stretch.split(is_gap).filter(|group| !group.is_empty()).collect();
        groups.iter().any(|group| is_number(group))
            || (0..groups.len()).any(|first| is_spread(&groups[first..]))
    });
    if names_somebody { Err(Refusal::Personal) } else { Ok(()) }
}

/// A digit of full width as the digit that it is.
fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' => {
            char::from_u32(u32::from(letter) - u32::from('０') + u32::from('0')).unwrap_or(letter)
        }
        _ => letter,
    }
}

/// Whether digits in a row are long enough for a document or a card, or look like a phone.
fn is_number(group: &str) -> bool {
    let digits = group.split(|letter: char| !letter.is_ascii_digit());
    digits.into_iter().any(|run| run.len() >= LONG_NUMBER || is_phone(run))
}

fn is_phone(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && !digits.starts_with("10")
}

/// Whether the first groups of these, two or more, are together a phone or a valid number of a resident.
fn is_spread(groups: &[&str]) -> bool {
    let mut whole = String::new();
    for (place, group) in groups.iter().enumerate() {
        whole.push_str(group);
        if whole.len() > LONGEST {
            return false;
        }
        let is_one = || is_phone(&whole) || IdDocument::new(DocumentKind::ResidentId, &whole).is_ok();
        if place > 0 && is_one() {
            return true;
        }
    }
    false
}

impl Holder {
    fn check(&self, faults: &mut Faults) {
        for (pointer, text) in [("/holder/name", &self.name), ("/holder/document", &self.document)] {
            let shown = text.chars().filter(|letter| *letter != '*').count();
            let hidden = text.chars().count() - shown;
            if hidden == 0 || text.chars().count() > 64 || shown > 8 {
                faults.add(pointer, Refusal::Mask);
            }
        }
    }
}

impl Ticket {
    /// Whether it goes before others: what the public talks about, and what is meant to harm (CH-20.4).
    pub const fn is_urgent(&self) -> bool {
        is_urgent(self.category)
    }

    fn say(mut self, state: State, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        plain(&words)?;
        self.entries.push(Entry { words, by: scene.by, at: scene.at });
        let deadline = match state {
            State::Filed => to_answer(self.category, scene),
            State::Answered | State::Closed => to_follow_up(scene),
        };
        Ok(Step::plain(Self { state, deadline, ..self }))
    }
}

const fn is_urgent(category: Category) -> bool {
    matches!(category, Category::PublicOpinion | Category::Malicious)
}

fn to_answer(category: Category, scene: &Scene<'_>) -> Deadline {
    let name = if is_urgent(category) { Name::TicketUrgentAnswer } else { Name::TicketAnswer };
    let (days, clause) = (Period::Days(scene.number(name)), clause(category));
    Deadline::new(scene, scene.today(), days, Duty::Filing, clause, Expiry::Recorded)
}

fn to_follow_up(scene: &Scene<'_>) -> Deadline {
    let days = Period::Days(scene.number(Name::TicketFollowUp));
    let expiry = Expiry::Acts(Action::Expire.as_str().to_owned());
    Deadline::new(scene, scene.today(), days, Duty::Filing, "CH-20.3", expiry)
}

const fn clause(category: Category) -> &'static str {
    match category {
        Category::User => "CH-20.3",
        Category::Common | Category::PublicOpinion | Category::Malicious => "CH-20.4",
    }
}

impl Matter for Ticket {
    const KIND: Kind = Kind::Ticket;
    const OPENED_BY: &'static [Party] = &[Party::Owner];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        for (pointer, text) in [("/subject", &opening.subject), ("/words", &opening.words)] {
            faults.take(pointer, matter::words(text));
            faults.take(pointer, plain(text));
        }
        if let Some(request) = &opening.request {
            faults.take("/request", matter::words(request));
            if request.parse::<RequestId>().is_err() {
                faults.take("/request", plain(request));
            }
        }
        if opening.holder.is_some() != (opening.category == Category::User) {
            faults.add("/holder", Refusal::Holder);
        }
        if let Some(holder) = &opening.holder {
            holder.check(&mut faults);
        }
        faults.check()?;
        scene.channel()?;
        Ok(Step::plain(Self {
            state: State::Filed,
            category: opening.category,
            subject: opening.subject,
            holder: opening.holder,
            request: opening.request,
            entries: vec![Entry { words: opening.words, by: scene.by, at: scene.at }],
            deadline: to_answer(opening.category, scene),
            satisfaction: None,
        }))
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        match (state, action) {
            (State::Filed | State::Answered, Action::Answer) => &[State::Answered],
            (State::Answered, Action::FollowUp) => &[State::Filed],
            (State::Filed | State::Answered, Action::Close) => &[State::Closed],
            (State::Answered, Action::Expire) => &[State::Closed],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            Action::Answer => (&[Party::Operator], "答复", "Answer", &[Need::Words]),
            Action::FollowUp => (&[Party::Owner], "追问", "Follow up", &[Need::Words]),
            Action::Close => (&[Party::Owner], "评价并关闭", "Rate and close", &[Need::Form]),
            Action::Expire => (&[Party::Platform], "逾期自动关闭", "Close in silence", &[]),
        };
        Rule { by, zh, en, clause: "CH-20.3", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Answer { .. } => Action::Answer,
            Input::FollowUp { .. } => Action::FollowUp,
            Input::Close { .. } => Action::Close,
            Input::Expire {} => Action::Expire,
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::Answer { words } => self.say(State::Answered, words, scene),
            Input::FollowUp { words } => self.say(State::Filed, words, scene),
            Input::Close { satisfaction } if !(1..=5).contains(&satisfaction) => {
                Err(Refusal::Satisfaction.into())
            }
            Input::Close { satisfaction } => {
                let satisfaction = Some(satisfaction);
                Ok(Step::plain(Self { state: State::Closed, satisfaction, ..self }))
            }
            Input::Expire {} if !self.deadline.is_over(scene.at) => Err(Refusal::Early.into()),
            Input::Expire {} => Ok(Step::plain(Self { state: State::Closed, ..self })),
        }
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait =
            |party, task| vec![Wait { party, division: None, task, deadline: Some(self.deadline.clone()) }];
        match self.state {
            State::Filed => wait(Party::Operator, "answer"),
            State::Answered => wait(Party::Owner, "close"),
            State::Closed => Vec::new(),
        }
    }

    fn title(&self) -> String {
        self.subject.clone()
    }
}
