//! An organisation's signing key (单位签名公钥): the key with which it signs agreements (CH-25.2) and certificates of deletion
//! (CH-36.1), registered before anything is signed with it.
//!
//! The owner proves that it has the secret key by signing the statement of the registration with it; somebody at the
//! operator is read the fingerprint by the owner on another way, types what was heard and so confirms whose key it is.
//!
//! Invariants. An organisation has one registered key at most: the next one takes its place. The owner files and the operator
//! confirms, and the key is shown to nobody but its owner before ([`crate::key::proof`]), so that a fingerprint cannot be typed that was not
//! heard. A registration is never changed: what was signed under it carries it and stays good when the key is replaced or
//! revoked later. Not here: the secret key, which no page and no server ever sees.

#[cfg(test)]
mod tests;

use crate::id::{MatterId, OrgId};
use crate::key::proof::{Confirmed, Filed, Said, fingerprint, key, plain, signs};
use crate::matter::{self, By, Effect, Faults, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait};
use crate::name::names;
use crate::refusal::refusals;
use crate::time::Timestamp;
use gm::sm2::VerifyingKey;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a key is not registered, or does not sign.
    Refusal {
        /// A channel was named.
        OfOrg = "signing_key.of_org" "签名公钥属于单位，登记时不指明渠道" "a signing key is an organisation's: no channel is named";
        /// The statement is not signed with the key.
        Signature = "signing_key.signature" ["CH-25.2"] "登记声明的签名验证未通过" "the signature of the statement does not verify";
        /// It is registered already.
        Known = "signing_key.known" "该公钥已是本单位登记的签名公钥" "this is the organisation's registered key already";
        /// Not what the owner's key comes to.
        Fingerprint = "signing_key.fingerprint" ["CH-25.2"] "与所提交公钥的指纹不一致，请向单位重新核对"
            "this is not the fingerprint of the key that was filed: ask the organisation again";
        /// Nobody has confirmed this key as the signer's.
        Unregistered = "signing_key.unregistered" ["CH-25.2"] "该公钥不是本单位当前登记的签名公钥，请先登记并由平台运营机构核对"
            "this is not the registered signing key of the organisation: register it first and have the operator confirm it";
    }
}

names! {
    /// Where it stands.
    State {
        /// The statement is not signed yet.
        Drafted = "drafted",
        /// Waits for the operator.
        Filed = "filed",
        /// The organisation signs with it.
        Registered = "registered",
        /// Another key has taken its place.
        Replaced = "replaced",
        /// It signs no more.
        Revoked = "revoked",
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
        /// The owner's next key was confirmed.
        Replace = "replace",
        /// The key was lost or is not trusted any more.
        Revoke = "revoke",
    }
}

/// The registration of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SigningKeyBody))]
pub struct SigningKey {
    state: State,
    /// Whose it is.
    org: OrgId,
    /// What is signed with the key, word for word.
    statement: String,
    filed: Option<Filed>,
    confirmed: Option<Confirmed>,
    /// Why it was returned or revoked.
    said: Option<Said>,
}

/// A confirmed key as it stands beside whatever is signed with it: enough to check it with nothing else at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SigningKeyRegistration))]
pub struct Registration {
    /// The matter in which it was registered.
    pub matter: MatterId,
    /// Whose key it is.
    pub org: OrgId,
    /// What was signed with it to register it.
    pub statement: String,
    /// The key and that signature.
    pub filed: Filed,
    /// Who confirmed it, and when.
    pub confirmed: Confirmed,
}

/// What an owner begins with: nothing; the platform makes the statement.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SigningKeyOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SigningKeyInput))]
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
    /// Nothing more to say.
    Replace {},
    /// Why.
    Revoke {
        /// The reason.
        words: String,
    },
}

fn statement(matter: MatterId, org: OrgId) -> String {
    format!(
        "单位签名公钥登记声明\n登记：{matter}\n单位：{org}\n本单位登记签署本声明的公钥，用于签署渠道合作协议和数据删除证明。\n"
    )
}

/// The registration under which the acting organisation signs with `public_key`: the one in force now.
pub(crate) fn registered(scene: &Scene<'_>, public_key: &str) -> Result<Registration, Refusal> {
    let wanted = key(public_key).map(|key| key.to_sec1());
    let own = scene.others::<SigningKey>().filter(|(_, one)| Some(one.org) == scene.by.org);
    own.filter(|(_, one)| one.state == State::Registered)
        .filter_map(|(known, one)| one.registration(known.id))
        .find(|one| wanted.is_some() && key(&one.filed.public_key).map(|key| key.to_sec1()) == wanted)
        .ok_or(Refusal::Unregistered)
}

/// The body of a registration as an organisation sees it: until the key is confirmed, nobody but its owner what was filed.
pub(crate) fn seen_by(body: &str, org: OrgId) -> Option<String> {
    let own: SigningKey = serde_json::from_str(body).ok()?;
    let filed = own.filed.and_then(|filed| filed.of(own.confirmed.as_ref(), org));
    serde_json::to_string(&SigningKey { filed, ..own }).ok()
}

impl Registration {
    /// Whether it is whole, and `by` could sign with `public_key` under it at `at`. Who filed and who confirmed, and when, is the
    /// platform's word: no signature covers it.
    pub fn covers(&self, public_key: &str, by: &By, at: Timestamp) -> bool {
        let (own, used) = (key(&self.filed.public_key), key(public_key));
        let is_the_key =
            own.is_some() && own.as_ref().map(VerifyingKey::to_sec1) == used.map(|key| key.to_sec1());
        is_the_key
            && signs(&self.filed.public_key, &self.filed.signature, &self.statement)
            && self.statement == statement(self.matter, self.org)
            && own.is_some_and(|key| fingerprint(&key.to_sec1()) == plain(&self.confirmed.fingerprint))
            && (self.filed.by.party, self.filed.by.org) == (Party::Owner, Some(self.org))
            && self.confirmed.by.party == Party::Operator
            && by.org == Some(self.org)
            && self.filed.at <= self.confirmed.at
            && self.confirmed.at <= at
    }
}

impl SigningKey {
    fn registration(self, matter: MatterId) -> Option<Registration> {
        let (filed, confirmed) = (self.filed?, self.confirmed?);
        Some(Registration { matter, org: self.org, statement: self.statement, filed, confirmed })
    }

    fn file(self, public_key: &str, signature: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        let filed = Filed::new(public_key, signature, &self.statement, scene.by, scene.at);
        if filed.is_none() {
            faults.add("/signature", Refusal::Signature);
        } else if registered(scene, public_key).is_ok() {
            faults.add("/public_key", Refusal::Known);
        }
        faults.check()?;
        Ok(Step::plain(Self { state: State::Filed, filed, said: None, ..self }))
    }

    fn confirm(self, typed: &str, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        let heard = self.filed.as_ref().and_then(|filed| filed.heard(typed));
        let fingerprint = faults.take("/fingerprint", heard.ok_or(Refusal::Fingerprint));
        faults.take("/words", matter::words(&words));
        faults.check()?;
        let fingerprint = fingerprint.unwrap_or_default();
        let confirmed = Some(Confirmed { fingerprint, words, by: scene.by, at: scene.at });
        let told = scene.tell(Party::Owner, "单位签名公钥已登记", "The signing key is registered");
        let replaced = scene.act_on_others::<Self>(State::Registered, Action::Replace);
        Ok(Step::plain(Self { state: State::Registered, confirmed, ..self }).with(replaced).and(told))
    }

    fn end(self, state: State, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        let (party, zh, en) = match (state, scene.by.party) {
            (State::Drafted, _) => (Party::Owner, "单位签名公钥登记被退回", "The signing key was returned"),
            (_, Party::Owner) => {
                (Party::Operator, "单位已吊销签名公钥", "An owner has revoked its signing key")
            }
            (_, _) => (Party::Owner, "单位签名公钥已被吊销", "The signing key was revoked"),
        };
        let told: Effect = scene.tell(party, zh, en);
        let said = Some(Said { words, by: scene.by, at: scene.at });
        Ok(Step::plain(Self { state, said, ..self }).and(told))
    }
}

impl Matter for SigningKey {
    const KIND: Kind = Kind::SigningKey;
    const OPENED_BY: &'static [Party] = &[Party::Owner];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(_: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if scene.channel.is_some() || scene.parent.is_some() {
            return Err(Refusal::OfOrg.into());
        }
        let is_open = |one: &Self| matches!(one.state, State::Drafted | State::Filed);
        if scene.others::<Self>().any(|(_, one)| is_open(&one)) {
            return Err(matter::Refusal::AlreadyOpen.into());
        }
        let org = scene.by.org.ok_or(matter::Refusal::Party)?;
        Ok(Step::plain(Self {
            state: State::Drafted,
            org,
            statement: statement(scene.matter, org),
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
            (S::Filed, A::Confirm) => &[S::Registered],
            (S::Filed, A::Return) => &[S::Drafted],
            (S::Registered, A::Replace) => &[S::Replaced],
            (S::Registered, A::Revoke) => &[S::Revoked],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        use Action as A;
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            A::File => (&[Party::Owner], "提交签名公钥", "File the key", &[Need::Form, Need::StepUp]),
            A::Confirm => (
                &[Party::Operator],
                "核对指纹并登记",
                "Confirm the fingerprint",
                &[Need::Form, Need::Words, Need::StepUp],
            ),
            A::Return => (&[Party::Operator], "退回", "Return", &[Need::Words]),
            A::Withdraw => (&[Party::Owner], "撤回", "Withdraw", &[]),
            A::Replace => (&[Party::Platform], "更换", "Replace", &[]),
            A::Revoke => (&[Party::Owner, Party::Operator], "吊销", "Revoke", &[Need::Words, Need::StepUp]),
        };
        Rule { by, zh, en, clause: "CH-25.2", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::File { .. } => Action::File,
            Input::Confirm { .. } => Action::Confirm,
            Input::Return { .. } => Action::Return,
            Input::Withdraw {} => Action::Withdraw,
            Input::Replace {} => Action::Replace,
            Input::Revoke { .. } => Action::Revoke,
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::File { public_key, signature } => self.file(&public_key, signature, scene),
            Input::Confirm { fingerprint, words } => self.confirm(&fingerprint, words, scene),
            Input::Return { words } => self.end(State::Drafted, words, scene),
            Input::Revoke { words } => self.end(State::Revoked, words, scene),
            Input::Withdraw {} => Ok(Step::plain(Self { state: State::Withdrawn, ..self })),
            Input::Replace {} => Ok(Step::plain(Self { state: State::Replaced, ..self })),
        }
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task| vec![Wait { party, division: None, task, deadline: None }];
        match self.state {
            State::Drafted => wait(Party::Owner, "file"),
            State::Filed => wait(Party::Operator, "confirm"),
            State::Registered | State::Replaced | State::Revoked | State::Withdrawn => Vec::new(),
        }
    }

    fn title(&self) -> String {
        "单位签名公钥".to_owned()
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! Registered keys for the tests of what is signed.

    use super::*;
    use crate::matter::testing::Play;
    use data_encoding::HEXLOWER;
    use gm::sm2::SigningKey as Secret;
    use serde_json::json;

    /// What brings the key of these bytes over the statement of the matter on the stage.
    pub(crate) fn filing(play: &Play, secret: &Secret) -> String {
        let body: SigningKey = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
        let signature = HEXLOWER.encode(secret.sign(body.statement.as_bytes()).as_bytes());
        let public_key = HEXLOWER.encode(&secret.verifying_key().to_sec1());
        json!({"action": "file", "public_key": public_key, "signature": signature}).to_string()
    }

    /// What confirms a key.
    pub(crate) fn confirming(secret: &Secret) -> String {
        let fingerprint = fingerprint(&secret.verifying_key().to_sec1());
        json!({"action": "confirm", "fingerprint": fingerprint, "words": "电话核对"}).to_string()
    }

    /// Puts a key of the first owner among the others, confirmed on the day of the stage.
    pub(crate) fn register(play: &mut Play, secret: &Secret) {
        let mut desk = Play::empty(Kind::SigningKey);
        desk.at = play.at;
        desk.open(Party::Owner, "{}").unwrap();
        let filing = filing(&desk, secret);
        desk.act(Party::Owner, &filing).unwrap();
        desk.act_by(crate::matter::testing::by(Party::Operator, 2, "000000"), &confirming(secret)).unwrap();
        // The stage has one id for whatever is played on it, and a registration names its own.
        desk.put_aside(7, Kind::SigningKey, Kind::SigningKey);
        play.others.append(&mut desk.others);
    }
}
