//! Signed requests: made by a caller, taken apart and verified by the server.

use std::fmt::Write as _;

use gm::sm2::{Signature, SigningKey, VerifyingKey};

use super::parse::{self as read, Input};
use super::{
    ALGORITHM, Component, SignatureError, TOLERANCE_SECONDS, content_digest, push_line, signature_header,
};

/// A request as both ends see it.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// Upper-case method.
    pub method: &'a str,
    /// The absolute URI that the caller used: public origin, path and query.
    pub target_uri: &'a str,
    /// Looks a header up by its lower-case name. A header sent more than once must come out as `None` or joined.
    pub headers: &'a dyn Fn(&str) -> Option<&'a str>,
    /// The body, as sent.
    pub body: &'a [u8],
}

impl<'a> Message<'a> {
    fn component(&self, component: Component) -> Option<&'a str> {
        match component {
            Component::Method => Some(self.method),
            Component::TargetUri => Some(self.target_uri),
            field => (self.headers)(field.name()).map(str::trim),
        }
    }

    /// Whether a signature must cover this component: the line and every listed header always, the digest and
    /// type also when there is a body.
    fn requires(&self, component: Component) -> bool {
        match component {
            Component::Method | Component::TargetUri => true,
            Component::ContentDigest | Component::ContentType if !self.body.is_empty() => true,
            field => self.component(field).is_some(),
        }
    }
}

/// The headers that make a request signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// `Content-Digest`; absent for a request without a body.
    pub content_digest: Option<String>,
    /// `Signature-Input`
    pub signature_input: String,
    /// `Signature`; keep it to check the response against it.
    pub signature: String,
}

/// Signs a request. `message.headers` gives the headers that will be sent, without `content-digest`; `created` is
/// in seconds since 1970 and `nonce` must be fresh and random.
pub fn sign(message: &Message<'_>, key: &SigningKey, key_id: &str, created: i64, nonce: &[u8; 16]) -> Signed {
    let digest = (!message.body.is_empty()).then(|| content_digest(message.body));
    let mut base = String::with_capacity(512);
    let mut list = String::with_capacity(256);
    for component in Component::ALL {
        let value = match component {
            Component::ContentDigest => digest.as_deref(),
            other => message.component(other),
        };
        if let Some(value) = value {
            list.push_str(if list.is_empty() { "(\"" } else { " \"" });
            list.push_str(component.name());
            list.push('"');
            push_line(&mut base, component.name(), value);
        }
    }
    let _ = write!(
        list,
        ");created={created};expires={};nonce=\"{}\";keyid=\"{key_id}\";alg=\"{ALGORITHM}\"",
        created.saturating_add(TOLERANCE_SECONDS),
        data_encoding::HEXLOWER.encode(nonce),
    );
    push_params(&mut base, &list);
    let signature = signature_header(&key.sign(base.as_bytes()));
    Signed { content_digest: digest, signature_input: format!("sig={list}"), signature }
}

/// What a signed request asserts, not yet believed: find the key of `key_id`, then [`Claim::verify`].
#[derive(Debug)]
pub struct Claim<'a> {
    key_id: &'a str,
    created: i64,
    nonce: [u8; 16],
    signature: Signature,
    base: String,
}

/// A request whose signature verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The key that signed.
    pub key_id: String,
    /// When, in seconds since 1970: the bucket of the nonce, which must be kept until `created` plus twice the
    /// tolerance.
    pub created: i64,
    /// To be spent, once, in the transaction of the effect.
    pub nonce: [u8; 16],
}

/// Takes the signature headers of a request apart and checks everything that needs no key.
///
/// Refuses, in this order: a missing header, a malformed one or another algorithm, a time outside the tolerance
/// around `now` (seconds since 1970), a component that is not covered, a body that is not the digest's.
pub fn parse<'a>(message: &Message<'a>, now: i64) -> Result<Claim<'a>, SignatureError> {
    let header = |name: &'static str| (message.headers)(name).ok_or(SignatureError::Missing(name));
    let input = read::input(header("signature-input")?)?;
    let signature = read::signature(header("signature")?)?;
    let nonce = input.nonce.ok_or(SignatureError::Malformed("signature-input: nonce is missing"))?;
    check_times(&input, now)?;
    for component in Component::ALL {
        if message.requires(component) && !input.components.contains(&component.name()) {
            return Err(SignatureError::ComponentsMissing(component.name()));
        }
    }
    let mut base = String::with_capacity(512);
    for name in &input.components {
        let component =
            Component::named(name).ok_or(SignatureError::Malformed("signature-input: unknown component"))?;
        let value = message.component(component).ok_or(SignatureError::Missing(component.name()))?;
        if component == Component::ContentDigest {
            read::check_digest(value, message.body)?;
        }
        push_line(&mut base, component.name(), value);
    }
    push_params(&mut base, input.params);
    Ok(Claim { key_id: input.key_id, created: input.created, nonce, signature, base })
}

impl Claim<'_> {
    /// The key that the request says signed it.
    pub fn key_id(&self) -> &str {
        self.key_id
    }

    /// When the request says it was signed, in seconds since 1970.
    pub fn created(&self) -> i64 {
        self.created
    }

    /// The signature base, for a caller who debugs its own; it holds no secret.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The signature, for [`VerifyingKey::verify_batch`].
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Checks the signature under the key registered as `key_id`.
    pub fn verify(self, key: &VerifyingKey) -> Result<Verified, SignatureError> {
        key.verify(self.base.as_bytes(), &self.signature).map_err(|_| SignatureError::Invalid)?;
        Ok(Verified { key_id: self.key_id.to_owned(), created: self.created, nonce: self.nonce })
    }
}

fn check_times(input: &Input<'_>, now: i64) -> Result<(), SignatureError> {
    let expires = input.expires.ok_or(SignatureError::Malformed("signature-input: expires is missing"))?;
    if expires <= input.created || expires > input.created + TOLERANCE_SECONDS {
        return Err(SignatureError::Malformed("signature-input: expires is not within 300 s after created"));
    }
    if input.created > now.saturating_add(TOLERANCE_SECONDS) {
        return Err(SignatureError::NotYetValid);
    }
    if now > expires { Err(SignatureError::Expired) } else { Ok(()) }
}

/// Ends a signature base: the last line has no newline.
pub(super) fn push_params(base: &mut String, params: &str) {
    base.push_str("\"@signature-params\": ");
    base.push_str(params);
}
