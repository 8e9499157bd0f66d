//! RFC 9421 HTTP Message Signatures, the subset that the platform speaks, with `Content-Digest` by SM3 and the
//! (unregistered) algorithm `sm2-sm3`.
//!
//! A request has exactly one signature, labelled `sig`, over `@method`, `@target-uri` and whichever of
//! `content-digest`, `content-type`, `idempotency-key` and `if-match` the message carries, with `created`,
//! `expires`, `nonce`, `keyid` and `alg`. A message with a body must carry the first two. A response is signed
//! over `@status` and `content-digest`, and bound to its request by `@method`, `@target-uri` and `signature` with
//! `;req`, so an answer cannot be moved to another question.
//!
//! Invariant: a [`Claim`] says what a message asserts; only a [`Verified`] one may be believed. A header that
//! [`Component`] lists is covered or the message is refused, so that nothing the server acts on is unsigned.
//!
//! Deliberately not here: remembering nonces (they are spent in the transaction of the effect), finding keys,
//! HTTP library types.

mod parse;
mod request;
mod response;

use std::fmt;

pub use request::{Claim, Message, Signed, Verified, parse, sign};
pub use response::{Question, Reply, SignedReply, sign_response, verify_response};

/// The algorithm name of SM2 with SM3, default user id, signature r‖s.
pub const ALGORITHM: &str = "sm2-sm3";
/// How far, in seconds, a clock may be off, and how long after `created` a signature is good.
pub const TOLERANCE_SECONDS: i64 = 300;

/// What a request signature can cover, in the order in which we write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component {
    /// `@method`
    Method,
    /// `@target-uri`
    TargetUri,
    /// `content-digest`
    ContentDigest,
    /// `content-type`
    ContentType,
    /// `idempotency-key`
    IdempotencyKey,
    /// `if-match`
    IfMatch,
}

impl Component {
    /// Every component, in the order in which we write them.
    pub const ALL: [Self; 6] = [
        Self::Method,
        Self::TargetUri,
        Self::ContentDigest,
        Self::ContentType,
        Self::IdempotencyKey,
        Self::IfMatch,
    ];

    /// The identifier of the component; for a field also the header's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Method => "@method",
            Self::TargetUri => "@target-uri",
            Self::ContentDigest => "content-digest",
            Self::ContentType => "content-type",
            Self::IdempotencyKey => "idempotency-key",
            Self::IfMatch => "if-match",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|component| component.name() == name)
    }
}

/// Which check a signed message failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// A header that the check needs is absent.
    Missing(&'static str),
    /// A header is not in the form that the subset allows; says what is wrong.
    Malformed(&'static str),
    /// `Content-Digest` is not the SM3 of the body.
    DigestMismatch,
    /// `alg` is not `sm2-sm3`.
    UnknownAlgorithm,
    /// The signature's time has passed, or its sender's clock is behind.
    Expired,
    /// The signature is from the future: its sender's clock is ahead.
    NotYetValid,
    /// The message carries, or must carry, a component that the signature does not cover.
    ComponentsMissing(&'static str),
    /// The signature does not verify under the key.
    Invalid,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(header) => write!(f, "the header {header} is missing"),
            Self::Malformed(what) => write!(f, "malformed: {what}"),
            Self::DigestMismatch => f.write_str("content-digest is not the SM3 of the body"),
            Self::UnknownAlgorithm => write!(f, "the algorithm is not {ALGORITHM}"),
            Self::Expired => f.write_str("the signature has expired; check the sender's clock"),
            Self::NotYetValid => f.write_str("the signature is from the future; check the sender's clock"),
            Self::ComponentsMissing(name) => write!(f, "the signature does not cover {name}"),
            Self::Invalid => f.write_str("the signature does not verify under this key"),
        }
    }
}

impl std::error::Error for SignatureError {}

/// The value of `Content-Digest` for a body: `sm3=:<base64>:`.
pub fn content_digest(body: &[u8]) -> String {
    let mut value = String::with_capacity(50);
    value.push_str("sm3=:");
    data_encoding::BASE64.encode_append(&gm::sm3::digest(body), &mut value);
    value.push(':');
    value
}

/// Appends one line of a signature base.
fn push_line(base: &mut String, identifier: &str, value: &str) {
    base.push('"');
    base.push_str(identifier);
    base.push_str("\": ");
    base.push_str(value);
    base.push('\n');
}

/// `sig=:<base64>:`
fn signature_header(signature: &gm::sm2::Signature) -> String {
    let mut value = String::with_capacity(96);
    value.push_str("sig=:");
    data_encoding::BASE64.encode_append(&signature.0, &mut value);
    value.push(':');
    value
}
