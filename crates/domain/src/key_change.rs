//! A key change (密钥更换): the next production key of a channel, filed by its owner and confirmed by the operator.
//!
//! The first keys come with the application (CH-9.3f); every later one comes so. The owner proves that it has the secret key by
//! signing the statement of the change with it; somebody at the operator is read the fingerprint on another way and types
//! what was heard, as with a signing key ([`crate::signing_key`]).
//!
//! Invariants. No key of a channel in production that no matter brought. Whoever files confirms nothing: the two are of two
//! organisations. One change of a channel at a time. The key before goes on working for the overlap and ends by itself; how
//! long that is and that there are two at most is not here ([`crate::key`]). Nor is the end of a key that was lost: that is at
//! once, and waits for no change. The regulation says that keys are kept and used by a strict procedure (CH-26.2) and is silent
//! about how they are changed: that two people of two organisations do it is ours.

#[cfg(test)]
mod tests;

use crate::channel::Phase;
use crate::id::{ChannelId, OrgId};
use crate::key::KeyUsage;
use crate::key::proof::{Confirmed, Filed, PublicKey, Said};
use crate::matter::{self, Effect, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait};
use crate::name::names;
use crate::refusal::refusals;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a key is not changed.
    Refusal {
        /// What a channel brings identifies it or is encrypted to.
        Usage = "key_change.usage" ["CH-26.1"] "渠道只能登记签名密钥（caller）或加密密钥（encrypt）"
            "a channel brings a key that identifies it (caller) or is encrypted to (encrypt)";
        /// No name, or too long a one.
        Label = "key_change.label" "密钥名称须为1至40字" "a key has a name of 1 to 40 characters";
        /// The statement is not signed with the key.
        Signature = "key_change.signature" ["CH-26.2"] "密钥更换声明的签名验证未通过" "the signature of the statement does not verify";
        /// Not what the owner's key comes to.
        Fingerprint = "key_change.fingerprint" ["CH-26.2"] "与所提交公钥的指纹不一致，请向单位重新核对"
            "this is not the fingerprint of the key that was filed: ask the organisation again";
    }
}

names! {
    /// Where it stands.
    State {
        /// The statement is not signed yet.
        Drafted = "drafted",
        /// Waits for the operator.
        Filed = "filed",
        /// The channel has the key.
        Changed = "changed",
        /// Taken back before it was confirmed.
        Withdrawn = "withdrawn",
    }
    /// What is done to it.
    Action {
        /// The owner signs the statement with the key.
        File = "file",
        /// The operator has been read the fingerprint.
        Confirm = "confirm",
        /// The operator was read another one, or reached nobody.
        Return = "return",
        /// The owner takes it back.
        Withdraw = "withdraw",
    }
}

/// The change of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyChangeBody))]
pub struct KeyChange {
    state: State,
    /// Whose key it is.
    channel: ChannelId,
    /// What it is for.
    usage: KeyUsage,
    /// What its owner calls it.
    label: String,
    /// What is signed with the key, word for word.
    statement: String,
    filed: Option<Filed>,
    confirmed: Option<Confirmed>,
    /// Why it was returned.
    said: Option<Said>,
}

/// What an owner begins with.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyChangeOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// `caller` (verifies the channel's requests) or `encrypt`.
    pub usage: KeyUsage,
    /// What the owner calls it: 1 to 40 characters.
    pub label: String,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyChangeInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// The key, and its signature over the statement.
    File {
        /// 65 bytes, uncompressed, in hexadecimal.
        public_key: String,
        /// 64 bytes, r and s, in hexadecimal.
        signature: String,
    },
    /// What was read out.
    Confirm {
        /// The fingerprint that the owner read out: the first 16 bytes of the key's SM3, in hexadecimal.
        fingerprint: String,
        /// How the owner was reached.
        words: String,
    },
    /// What did not fit.
    Return {
        /// The reason.
        words: String,
    },
    /// Nothing more to say.
    Withdraw {},
}

/// The name that somebody gives a key.
pub fn label(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if (1..=40).contains(&text.chars().count()) { Ok(text.to_owned()) } else { Err(Refusal::Label) }
}

fn statement(scene: &Scene<'_>, channel: ChannelId, number: &str, usage: KeyUsage) -> String {
    let matter = scene.matter;
    format!(
        "渠道密钥更换声明\n办件：{matter}\n渠道：{number}（{channel}）\n用途：{usage}\n本单位登记签署本声明的公钥，作为该渠道的生产密钥。\n"
    )
}

/// The body of a change as an organisation sees it: until the key is confirmed, nobody but whoever filed it what was filed.
pub(crate) fn seen_by(body: &str, org: OrgId) -> Option<String> {
    let own: KeyChange = serde_json::from_str(body).ok()?;
    let filed = own.filed.and_then(|filed| filed.of(own.confirmed.as_ref(), org));
    serde_json::to_string(&KeyChange { filed, ..own }).ok()
}

impl KeyChange {
    fn file(self, public_key: &str, signature: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        scene.channel()?.phase.holds_keys()?;
        let mut faults = Faults::default();
        let filed = Filed::new(public_key, signature, &self.statement, scene.by, scene.at);
        let filed = faults.take("/signature", filed.ok_or(Refusal::Signature));
        faults.check()?;
        Ok(Step::plain(Self { state: State::Filed, filed, said: None, ..self }))
    }

    fn confirm(self, typed: &str, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        scene.channel()?.phase.holds_keys()?;
        let mut faults = Faults::default();
        let heard = self.filed.as_ref().and_then(|filed| filed.heard(typed));
        let fingerprint = faults.take("/fingerprint", heard.ok_or(Refusal::Fingerprint));
        faults.take("/words", matter::words(&words));
        faults.check()?;
        let key = PublicKey {
            usage: self.usage,
            public_key: self.filed.as_ref().map(|filed| filed.public_key.clone()).unwrap_or_default(),
            label: Some(self.label.clone()),
        };
        let fingerprint = fingerprint.unwrap_or_default();
        let confirmed = Some(Confirmed { fingerprint, words, by: scene.by, at: scene.at });
        let told = scene.tell_owner(
            "新的渠道密钥已启用，原密钥在并用期内仍可使用，到期自动停用",
            "The channel's new key works; the one before goes on for the overlap and then ends by itself",
        );
        let changed = Self { state: State::Changed, confirmed, ..self };
        Ok(Step::plain(changed).and(Effect::ActivateKeys(vec![key])).with(told))
    }

    fn give_back(self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        let told = scene.tell(Party::Owner, "密钥更换被退回", "The key change was returned");
        let said = Some(Said { words, by: scene.by, at: scene.at });
        Ok(Step::plain(Self { state: State::Drafted, said, ..self }).and(told))
    }
}

impl Matter for KeyChange {
    const KIND: Kind = Kind::KeyChange;
    const OPENED_BY: &'static [Party] = &[Party::Owner];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn opens_in(phase: Phase, _: Party) -> Result<(), Refused> {
        Ok(phase.holds_keys()?)
    }

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let channel = scene.channel()?;
        if scene.others::<Self>().any(|(_, one)| !one.is_ended()) {
            return Err(matter::Refusal::AlreadyOpen.into());
        }
        let mut faults = Faults::default();
        if !matches!(opening.usage, KeyUsage::Caller | KeyUsage::Encrypt) {
            faults.add("/usage", Refusal::Usage);
        }
        let label = faults.take("/label", label(&opening.label));
        faults.check()?;
        Ok(Step::plain(Self {
            state: State::Drafted,
            channel: channel.id,
            usage: opening.usage,
            label: label.unwrap_or_default(),
            statement: statement(scene, channel.id, &channel.number.to_string(), opening.usage),
            filed: None,
            confirmed: None,
            said: None,
        }))
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use {Action as A, State as S};
        match (state, action) {
            (S::Drafted, A::File) => &[S::Filed],
            (S::Drafted | S::Filed, A::Withdraw) => &[S::Withdrawn],
            (S::Filed, A::Confirm) => &[S::Changed],
            (S::Filed, A::Return) => &[S::Drafted],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        use Action as A;
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            A::File => (&[Party::Owner], "提交新密钥", "File the key", &[Need::Form, Need::StepUp]),
            A::Confirm => (
                &[Party::Operator],
                "核对指纹并启用",
                "Confirm the fingerprint",
                &[Need::Form, Need::Words, Need::StepUp],
            ),
            A::Return => (&[Party::Operator], "退回", "Return", &[Need::Words]),
            A::Withdraw => (&[Party::Owner], "撤回", "Withdraw", &[]),
        };
        Rule { by, zh, en, clause: "CH-26.2", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::File { .. } => Action::File,
            Input::Confirm { .. } => Action::Confirm,
            Input::Return { .. } => Action::Return,
            Input::Withdraw {} => Action::Withdraw,
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::File { public_key, signature } => self.file(&public_key, signature, scene),
            Input::Confirm { fingerprint, words } => self.confirm(&fingerprint, words, scene),
            Input::Return { words } => self.give_back(words, scene),
            Input::Withdraw {} => Ok(Step::plain(Self { state: State::Withdrawn, ..self })),
        }
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Withdraw {})
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task| vec![Wait { party, division: None, task, deadline: None }];
        match self.state {
            State::Drafted => wait(Party::Owner, "file"),
            State::Filed => wait(Party::Operator, "confirm"),
            State::Changed | State::Withdrawn => Vec::new(),
        }
    }

    fn title(&self) -> String {
        "渠道密钥更换".to_owned()
    }
}
