//! Whose a public key is: what its owner signed with it, and the fingerprint that somebody else heard from the owner.
//!
//! Invariant: nothing here vouches for a person. A signature says that whoever filed the key has its secret half; a
//! fingerprint that was heard on another way says whose it is; both together say the key is theirs. Until it was heard the
//! key is shown to nobody but whoever filed it ([`Filed::of`]), so that a fingerprint cannot be typed that was computed.

use super::KeyUsage;
use crate::id::OrgId;
use crate::matter::By;
use crate::time::Timestamp;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use gm::sm2::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

/// A public key of a channel, as it was sent in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MatterPublicKey))]
pub struct PublicKey {
    /// `caller` (verifies its requests) or `encrypt`.
    pub usage: KeyUsage,
    /// 65 bytes, uncompressed, in hexadecimal.
    pub public_key: String,
    /// What its owner calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A key with the proof that whoever filed it has its secret half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyFiled))]
pub struct Filed {
    /// 65 bytes, uncompressed, in hexadecimal.
    pub public_key: String,
    /// SM2 with SM3 over the statement's bytes: r and s, 64 bytes, in hexadecimal.
    pub signature: String,
    /// By whom.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// Who confirmed whose key it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyConfirmed))]
pub struct Confirmed {
    /// What the owner read out.
    pub fingerprint: String,
    /// How it was heard.
    pub words: String,
    /// By whom.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// Why a key went no further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeySaid))]
pub struct Said {
    /// The reason.
    pub words: String,
    /// By whom.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

impl Filed {
    /// The key of this text with its signature over `statement`, in the one way in which keys are kept; none when it did not
    /// sign that.
    pub fn new(public_key: &str, signature: String, statement: &str, by: By, at: Timestamp) -> Option<Self> {
        let key = key(public_key).filter(|_| signs(public_key, &signature, statement))?;
        Some(Self { public_key: HEXLOWER.encode(&key.to_sec1()), signature, by, at })
    }

    /// What was filed, as an organisation is shown it: whoever filed it, and everybody once it was confirmed.
    pub fn of(self, confirmed: Option<&Confirmed>, org: OrgId) -> Option<Self> {
        (confirmed.is_some() || self.by.org == Some(org)).then_some(self)
    }

    /// The fingerprint, if it is what was typed.
    pub fn heard(&self, typed: &str) -> Option<String> {
        key(&self.public_key).map(|key| fingerprint(&key.to_sec1())).filter(|own| *own == plain(typed))
    }
}

/// The key of a hexadecimal text.
pub fn key(public_key: &str) -> Option<VerifyingKey> {
    let bytes = HEXLOWER_PERMISSIVE.decode(public_key.as_bytes()).ok()?;
    VerifyingKey::from_sec1(&bytes).ok()
}

/// What of a key is read out and compared: the first 16 bytes of the SM3 of its point, in hexadecimal. The point is hashed as
/// it is given: the 65 bytes of a key.
pub fn fingerprint(point: &[u8]) -> String {
    HEXLOWER.encode(&gm::sm3::digest(point)[..16])
}

/// Whether `public_key` signed `statement`.
pub fn signs(public_key: &str, signature: &str, statement: &str) -> bool {
    let bytes = HEXLOWER_PERMISSIVE.decode(signature.as_bytes()).ok();
    match (key(public_key), bytes.and_then(|bytes| Signature::from_slice(&bytes))) {
        (Some(key), Some(signature)) => key.verify(statement.as_bytes(), &signature).is_ok(),
        _ => false,
    }
}

/// A fingerprint as it is typed: letters of either case, in groups or not.
pub fn plain(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
