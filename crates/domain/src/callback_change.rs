//! A change of a callback address (回调地址变更): where a channel is told what happens, moved to another address or begun at one.
//!
//! The owner asks; the platform sends the new address a signed challenge, and only one that answers it goes on; somebody else,
//! of the owner or of the operator, confirms; then the endpoint has the address. Until then the one before stays in use. The history
//! of the matters is the history of the addresses.
//!
//! Invariants. No address of a channel in production that did not answer, and none that one person brought. One change of a channel
//! at a time. Which addresses may be named at all is not here: what a name leads to is asked where something is sent. Nor is
//! pausing or removing an endpoint: what has to stop, stops at once. The regulation is silent about addresses: one is read as a
//! contact detail, of which the operator is told (CH-16.3); that two people change it is ours.

#[cfg(test)]
mod tests;

use crate::channel::Phase;
use crate::id::{ChannelId, OrgId, WebhookId};
use crate::matter::{self, By, Effect, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait};
use crate::name::names;
use crate::notification::Occasion;
use crate::refusal::refusals;
use crate::time::Timestamp;
use crate::webhook::{ENDPOINTS, EventType};
use serde::{Deserialize, Serialize};

refusals! {
    /// Why an address is not changed.
    Refusal {
        /// The channel has no such endpoint.
        Endpoint = "callback_change.endpoint" "该渠道没有这个回调地址，可能已被移除" "the channel has no such endpoint: it may have been removed";
        /// The channel has it already.
        Same = "callback_change.same" "该地址已是本渠道的回调地址" "the channel has an endpoint with this address already";
        /// Another one fits in no more.
        Full = "callback_change.full" "该渠道的回调地址已达10个，请更换其中一个或先移除" "the channel has ten endpoints: change one of them or remove one first";
        /// Written with blanks, or not at all.
        Address = "callback_change.url" "请填写不含空格的完整地址" "give a whole address without blanks";
    }
}

names! {
    /// Where it stands.
    State {
        /// The platform asks the address to prove itself.
        Asked = "asked",
        /// It did not answer as it should.
        Unproven = "unproven",
        /// It answered; somebody else looks at it.
        Proven = "proven",
        /// The endpoint has the address.
        Changed = "changed",
        /// The second person said no.
        Refused = "refused",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
    /// What is done to it.
    Action {
        /// The address is asked once more.
        Prove = "prove",
        /// It answered the challenge.
        Answer = "answer",
        /// It did not.
        Miss = "miss",
        /// A second person puts it in use.
        Confirm = "confirm",
        /// A second person does not.
        Refuse = "refuse",
        /// The owner takes it back.
        Withdraw = "withdraw",
    }
}

/// The change of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CallbackChangeBody))]
pub struct CallbackChange {
    state: State,
    /// Whose.
    channel: ChannelId,
    /// The endpoint that moves; none where one is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<WebhookId>,
    /// Where that is until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// The new address.
    url: String,
    /// Of what a new endpoint is told; empty for everything. One that moves is told what it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    events: Vec<EventType>,
    /// Who asked for it.
    opened_by: By,
    /// How the challenges went, oldest first.
    proofs: Vec<Proof>,
    /// Who looked at it, and how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decided: Option<Decided>,
}

/// How a challenge went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CallbackChangeProof))]
pub struct Proof {
    /// When.
    pub at: Timestamp,
    /// Whether it was answered.
    pub is_answered: bool,
    /// The HTTP status, where there was an answer at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What was wrong with the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Missed>,
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CallbackChangeDecided))]
pub struct Decided {
    /// Why, where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// By whom.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

names! {
    /// What was wrong with the answer to a challenge.
    Missed {
        /// Nobody answered: no such name, no connection, no answer in time, or a name that leads into an internal network.
        Unreachable = "unreachable",
        /// Answered with another status than 2xx.
        Status = "status",
        /// Answered without the words of the challenge.
        Words = "words",
    }
}

/// What an owner begins with.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CallbackChangeOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// `whk_…`: the endpoint that moves; none to begin one.
    #[serde(default)]
    pub endpoint: Option<WebhookId>,
    /// The new address: `https`, of the public internet, without user name or fragment; in the sandbox also `http` on the loopback.
    /// At most 500 characters.
    pub url: String,
    /// Of what a new endpoint is told; empty or nothing for everything. Not for one that moves.
    #[serde(default)]
    pub events: Vec<EventType>,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CallbackChangeInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Nothing more to say.
    Prove {},
    /// The platform: it answered.
    Answer {
        /// The HTTP status.
        status: u16,
    },
    /// The platform: it did not.
    Miss {
        /// The HTTP status, where there was one.
        #[serde(default)]
        status: Option<u16>,
        /// What was wrong.
        why: Missed,
    },
    /// Nothing more to say.
    Confirm {},
    /// Why not.
    Refuse {
        /// The reason.
        words: String,
    },
    /// Nothing more to say.
    Withdraw {},
}

/// What the endpoint becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The endpoint that moves; none where one is begun.
    pub endpoint: Option<WebhookId>,
    /// Its address from now on.
    pub url: String,
    /// Of what one that is begun is told; empty for everything.
    pub events: Vec<EventType>,
}

/// The body of a change as an organisation sees it: whole to the owner and to whoever may confirm, without the path and query to
/// others, since a receiver may keep a secret there.
pub(crate) fn seen_by(body: &str, is_whole: bool, org: OrgId) -> Option<String> {
    let own: CallbackChange = serde_json::from_str(body).ok()?;
    if is_whole || own.opened_by.org == Some(org) {
        return Some(body.to_owned());
    }
    let (url, before) = (host_of(&own.url), own.before.as_deref().map(host_of));
    serde_json::to_string(&CallbackChange { url, before, ..own }).ok()
}

/// Scheme and host of an address.
fn host_of(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "…".to_owned() };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    format!("{scheme}://{host}/…")
}

/// The address that a change asks to prove itself; none once it did, or when nothing is asked any more.
pub fn challenged(body: &str) -> Option<String> {
    let own: CallbackChange = serde_json::from_str(body).ok()?;
    (own.state == State::Asked).then_some(own.url)
}

impl CallbackChange {
    /// That the endpoints of the channel let it be done, as they are now: where the one that moves is.
    fn fits(&self, scene: &Scene<'_>) -> Result<Option<String>, Refusal> {
        if scene.endpoints.iter().any(|one| one.url == self.url) {
            return Err(Refusal::Same);
        }
        match self.endpoint {
            Some(id) => {
                let found = scene.endpoints.iter().find(|one| one.id == id);
                found.map(|one| Some(one.url.clone())).ok_or(Refusal::Endpoint)
            }
            None if scene.endpoints.len() >= ENDPOINTS => Err(Refusal::Full),
            None => Ok(None),
        }
    }

    fn asks(self) -> Step<Self> {
        let challenge = Effect::Challenge(self.url.clone());
        Step::plain(Self { state: State::Asked, ..self }).and(challenge)
    }

    fn tried(mut self, proof: Proof, scene: &Scene<'_>) -> Step<Self> {
        self.state = if proof.is_answered { State::Proven } else { State::Unproven };
        let told = if proof.is_answered {
            let zh = "新的回调地址已通过验证，待另一人确认后启用；原地址继续使用";
            let en = "The new callback address has proved itself; it is used once another person confirms it, and the one before \
                      until then";
            let mut told = scene.tell_owner(zh, en);
            told.extend([
                scene.tell(Party::Operator, zh, en),
                Effect::WriteToContacts(Occasion::CallbackAsked),
            ]);
            told
        } else {
            let zh = "新的回调地址未通过验证，请检查后重试；原地址继续使用";
            let en = "The new callback address did not prove itself: look at it and try again; the one before stays in use";
            vec![scene.tell(Party::Owner, zh, en)]
        };
        self.proofs.push(proof);
        Step::plain(self).with(told)
    }

    fn confirm(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.fits(scene)?;
        let moved = Moved { endpoint: self.endpoint, url: self.url.clone(), events: self.events.clone() };
        let decided = Some(Decided { words: None, by: scene.by, at: scene.at });
        let told = scene.tell_owner(
            "新的回调地址已启用，尚未送达的推送也发往新地址",
            "The new callback address is in use; what is still on its way goes there too",
        );
        let changed = Self { state: State::Changed, decided, ..self };
        Ok(Step::plain(changed)
            .and(Effect::Redirect(moved))
            .with(told)
            .and(Effect::WriteToContacts(Occasion::CallbackChanged)))
    }

    fn refuse(self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        let told = scene.tell(
            Party::Owner,
            "回调地址变更未获确认",
            "The change of the callback address was refused",
        );
        let decided = Some(Decided { words: Some(words), by: scene.by, at: scene.at });
        Ok(Step::plain(Self { state: State::Refused, decided, ..self }).and(told))
    }
}

impl Matter for CallbackChange {
    const KIND: Kind = Kind::CallbackChange;
    const OPENED_BY: &'static [Party] = &[Party::Owner];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn opens_in(phase: Phase, _: Party) -> Result<(), Refused> {
        Ok(phase.is_present()?)
    }

    /// It asks nothing of the channel that an endpoint's registration did not ask for before.
    fn opens_afresh(_: Party) -> bool {
        true
    }

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let channel = scene.channel()?;
        if scene.others::<Self>().any(|(_, one)| !one.is_ended()) {
            return Err(matter::Refusal::AlreadyOpen.into());
        }
        let mut faults = Faults::default();
        let url = opening.url.trim().to_owned();
        if url.is_empty() || url.contains(char::is_whitespace) {
            faults.add("/url", Refusal::Address);
        }
        let mut events = if opening.endpoint.is_some() { Vec::new() } else { opening.events };
        events.sort_unstable();
        events.dedup();
        let mut own = Self {
            state: State::Asked,
            channel: channel.id,
            endpoint: opening.endpoint,
            before: None,
            url,
            events,
            opened_by: scene.by,
            proofs: Vec::new(),
            decided: None,
        };
        let pointer = if own.endpoint.is_some() { "/endpoint" } else { "/url" };
        own.before = match own.fits(scene) {
            Err(refusal @ (Refusal::Same | Refusal::Address)) => {
                faults.add("/url", refusal);
                None
            }
            other => faults.take(pointer, other).flatten(),
        };
        faults.check()?;
        Ok(own.asks())
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use {Action as A, State as S};
        match (state, action) {
            (S::Unproven, A::Prove) => &[S::Asked],
            (S::Asked, A::Answer) => &[S::Proven],
            (S::Asked, A::Miss) => &[S::Unproven],
            (S::Proven, A::Confirm) => &[S::Changed],
            (S::Proven, A::Refuse) => &[S::Refused],
            (S::Asked | S::Unproven | S::Proven, A::Withdraw) => &[S::Withdrawn],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        use Action as A;
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            A::Prove => (&[Party::Owner], "重新验证地址", "Try the address again", &[]),
            A::Answer => (&[Party::Platform], "地址通过验证", "Note that the address answered", &[]),
            A::Miss => (&[Party::Platform], "地址未通过验证", "Note that the address did not answer", &[]),
            A::Confirm => (SECOND, "确认并启用", "Confirm the address", &[Need::StepUp, Need::SecondPerson]),
            A::Refuse => (SECOND, "不予确认", "Refuse", &[Need::Words, Need::SecondPerson]),
            A::Withdraw => (&[Party::Owner], "撤回", "Withdraw", &[]),
        };
        Rule { by, zh, en, clause: "CH-16.3", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Prove {} => Action::Prove,
            Input::Answer { .. } => Action::Answer,
            Input::Miss { .. } => Action::Miss,
            Input::Confirm {} => Action::Confirm,
            Input::Refuse { .. } => Action::Refuse,
            Input::Withdraw {} => Action::Withdraw,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        match action {
            Action::Confirm | Action::Refuse => Ok(by.other_than(&self.opened_by)?),
            Action::Prove | Action::Answer | Action::Miss | Action::Withdraw => Ok(()),
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let proof = |is_answered, status, why| Proof { at: scene.at, is_answered, status, why };
        match input {
            Input::Prove {} => Ok(self.asks()),
            Input::Answer { status } => Ok(self.tried(proof(true, Some(status), None), scene)),
            Input::Miss { status, why } => Ok(self.tried(proof(false, status, Some(why)), scene)),
            Input::Confirm {} => self.confirm(scene),
            Input::Refuse { words } => self.refuse(words, scene),
            Input::Withdraw {} => Ok(Step::plain(Self { state: State::Withdrawn, ..self })),
        }
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Withdraw {})
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task| Wait { party, division: None, task, deadline: None };
        match self.state {
            State::Asked => vec![wait(Party::Platform, "challenge")],
            State::Unproven => vec![wait(Party::Owner, "prove")],
            // Whichever of the two comes first: an owner may have one account only.
            State::Proven => vec![wait(Party::Owner, "confirm"), wait(Party::Operator, "confirm")],
            State::Changed | State::Refused | State::Withdrawn => Vec::new(),
        }
    }

    fn title(&self) -> String {
        "回调地址变更".to_owned()
    }
}

/// Whoever is not the one who asked.
const SECOND: &[Party] = &[Party::Owner, Party::Operator];
