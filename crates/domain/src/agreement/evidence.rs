//! What an owner signs, and the proof that it did (CH-25.2).
//!
//! Invariant: whoever has the body of an agreement can check a signature without the platform: the statement that was
//! signed stands there word for word, beside the text whose SM3 digest it names, the key with its registration and the
//! signature (SM2 with SM3, the usual identity).

use super::Refusal;
use crate::id::MatterId;
use crate::matter::{By, Evidence, EvidenceFault, Faults, Refused, Scene};
use crate::signing_key::{Registration, registered};
use crate::template::Origin;
use crate::time::{BusinessDate, Timestamp};
use data_encoding::HEXLOWER_PERMISSIVE;
use gm::sm2::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

/// A version of the agreement's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementText))]
pub struct Text {
    version: String,
    text: String,
    /// SM3 of the text's UTF-8, in hexadecimal.
    pub(super) sm3: String,
    /// From which template it was filled, if from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    template: Option<Origin>,
}

/// Most letters of a text. In Chinese they are 240,000 bytes, which a request of 256 KiB carries.
pub const LONGEST: usize = 80_000;

impl Text {
    /// A text with its digest. Refuses a version or text that is empty or too long, and a version that is more than one plain line:
    /// it stands in the statement that is signed.
    pub fn new(version: String, text: Option<String>, template: Option<Origin>) -> Result<Self, Refusal> {
        let text = text.unwrap_or_default();
        let (name, length) = (version.chars().count(), text.chars().count());
        let is_plain = (1..=40).contains(&name) && !version.contains(is_break);
        if !is_plain || !(1..=LONGEST).contains(&length) || text.trim().is_empty() {
            return Err(Refusal::Text);
        }
        let sm3 = HEXLOWER_PERMISSIVE.encode(&gm::sm3::digest(text.as_bytes()));
        Ok(Self { version, text, sm3, template })
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Word for word.
    pub fn words(&self) -> &str {
        &self.text
    }

    /// SM3 of the text's UTF-8, in hexadecimal.
    pub fn sm3(&self) -> &str {
        &self.sm3
    }

    /// Whether its digest is that of its text.
    pub(super) fn is_whole(&self) -> bool {
        self.sm3 == HEXLOWER_PERMISSIVE.encode(&gm::sm3::digest(self.text.as_bytes()))
    }
}

/// How long an agreement holds: first and last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementTerm))]
pub struct Term {
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    pub until: BusinessDate,
}

impl Term {
    /// The term that follows, of `years`: to the same day number, or the month's last day (R0).
    pub fn following(self, years: i64) -> Self {
        let months = i32::try_from(years.saturating_mul(12)).unwrap_or(i32::MAX);
        Self { from: self.until.plus_days(1), until: self.until.plus_months(months) }
    }

    /// Whether `day` lies in it.
    pub fn contains(self, day: BusinessDate) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// What would begin another line of a statement, or hide in one.
fn is_break(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// The value of the first line of a statement with this label: a later one with the same says nothing.
pub(super) fn line<'a>(statement: &'a str, label: &str) -> Option<&'a str> {
    statement.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix('：'))
}

/// The sentence to be signed: which agreement, of which channel, which text, from when until when. Each on one line, whatever the
/// channel is called.
pub fn statement(scene: &Scene<'_>, text: &Text, from: BusinessDate, until: BusinessDate) -> String {
    let channel =
        scene.channel.map(|channel| format!("{} {}", channel.number, channel.name).replace(is_break, " "));
    format!(
        "电子社会保障卡服务渠道合作协议签署声明\n协议：{}\n渠道：{}\n文本版本：{}\n文本SM3：{}\n生效日期：{from}\n终止日期：{until}\n",
        scene.matter,
        channel.unwrap_or_default(),
        text.version,
        text.sm3,
    )
}

/// A signature with all that is needed to check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementSigned))]
pub struct Signed {
    statement: String,
    /// 65 bytes, uncompressed, in hexadecimal.
    public_key: String,
    /// 64 bytes, r and s, in hexadecimal.
    signature: String,
    by: By,
    at: Timestamp,
    /// Under which the key was registered; none of what was signed before keys were.
    #[serde(default)]
    registration: Option<Registration>,
}

impl Signed {
    /// Takes a signature over `statement`. Refuses one that does not verify, or not under the registered key of the
    /// organisation that signs.
    pub fn new(
        statement: String,
        public_key: String,
        signature: String,
        scene: &Scene<'_>,
    ) -> Result<Self, Refused> {
        let (by, at) = (scene.by, scene.at);
        let signed = Self { statement, public_key, signature, by, at, registration: None };
        if !signed.verifies() {
            return Err(Refusal::Signature.into());
        }
        let mut faults = Faults::default();
        let registration = faults.take("/public_key", registered(scene, &signed.public_key));
        faults.check()?;
        Ok(Self { registration, ..signed })
    }

    /// The sentence that was signed.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The fingerprint of the key; none of one that cannot be read.
    pub fn fingerprint(&self) -> Option<String> {
        let key = HEXLOWER_PERMISSIVE.decode(self.public_key.as_bytes()).ok()?;
        Some(crate::key::proof::fingerprint(&key))
    }

    /// The signature, in hexadecimal.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// Under which the key was registered.
    pub const fn registration(&self) -> Option<&Registration> {
        self.registration.as_ref()
    }

    /// What was signed, checked with what the body of the agreement `matter` still holds: these texts.
    pub(super) fn evidence(&self, matter: MatterId, texts: &[&Text]) -> Evidence {
        let named = |label: &str, value: &str| line(&self.statement, label) == Some(value);
        let text = texts.iter().find(|text| named("文本SM3", &text.sm3));
        let is_covered = |found: &Registration| found.covers(&self.public_key, &self.by, self.at);
        let faults = [
            (EvidenceFault::Signature, !self.verifies()),
            (EvidenceFault::Matter, !named("协议", &matter.to_string())),
            (EvidenceFault::Text, text.is_some_and(|text| !text.is_whole())),
            (EvidenceFault::Registration, self.registration.as_ref().is_some_and(|found| !is_covered(found))),
            (EvidenceFault::Unregistered, self.registration.is_none()),
        ];
        let faults = faults.into_iter().filter(|(_, is_found)| *is_found).map(|(fault, _)| fault).collect();
        let (document, public_key) = (self.statement.clone(), self.public_key.clone());
        let registration = self.registration.clone();
        Evidence { document, public_key, has_text: text.is_some(), registration, faults }
    }

    /// Whether the signature is by the key over the statement.
    pub fn verifies(&self) -> bool {
        let bytes = |text: &str| HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
        let key = bytes(&self.public_key).and_then(|key| VerifyingKey::from_sec1(&key).ok());
        let signature = bytes(&self.signature).and_then(|bytes| Signature::from_slice(&bytes));
        match (key, signature) {
            (Some(key), Some(signature)) => key.verify(self.statement.as_bytes(), &signature).is_ok(),
            _ => false,
        }
    }
}
