//! Signed responses, bound to the request they answer.

use std::fmt::Write as _;

use gm::sm2::{SigningKey, VerifyingKey};

use super::request::push_params;
use super::{
    ALGORITHM, SignatureError, TOLERANCE_SECONDS, content_digest, parse, push_line, signature_header,
};

/// The request that a response answers.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Upper-case method.
    pub method: &'a str,
    /// The absolute URI that the caller used.
    pub target_uri: &'a str,
    /// The request's `Signature` header, if it had one.
    pub signature: Option<&'a str>,
}

impl<'a> Question<'a> {
    /// The components of the request, as identifier in the base (after its first quote) and value.
    fn components(&self) -> impl Iterator<Item = (&'static str, &'a str)> {
        let signature = self.signature.map(|value| ("signature\";req", value.trim()));
        [("@method\";req", self.method), ("@target-uri\";req", self.target_uri)].into_iter().chain(signature)
    }
}

/// The headers that make a response signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReply {
    /// `Content-Digest`
    pub content_digest: String,
    /// `Signature-Input`
    pub signature_input: String,
    /// `Signature`
    pub signature: String,
}

/// A response as its receiver sees it.
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    /// HTTP status.
    pub status: u16,
    /// Looks a header up by its lower-case name.
    pub headers: &'a dyn Fn(&str) -> Option<&'a str>,
    /// The body, as received.
    pub body: &'a [u8],
}

/// Signs a response; `created` is in seconds since 1970.
pub fn sign_response(
    question: &Question<'_>,
    status: u16,
    body: &[u8],
    key: &SigningKey,
    key_id: &str,
    created: i64,
) -> SignedReply {
    let digest = content_digest(body);
    let mut list = String::from("(\"@status\" \"content-digest\"");
    for (identifier, _) in question.components() {
        let _ = write!(list, " \"{identifier}");
    }
    let _ = write!(list, ");created={created};keyid=\"{key_id}\";alg=\"{ALGORITHM}\"");
    let base = base(question, status, &digest, &list);
    let signature = signature_header(&key.sign(base.as_bytes()));
    SignedReply { content_digest: digest, signature_input: format!("sig={list}"), signature }
}

/// Checks that the platform answered exactly this question with exactly this response. `key_of` gives the pinned
/// key of a key id; `now` is in seconds since 1970.
///
/// Refuses, in this order: a missing header, a malformed one or another algorithm, a time outside the tolerance,
/// a component that is not covered, a body that is not the digest's, an unknown key or a wrong signature.
pub fn verify_response<'k>(
    question: &Question<'_>,
    reply: &Reply<'_>,
    now: i64,
    key_of: impl FnOnce(&str) -> Option<&'k VerifyingKey>,
) -> Result<(), SignatureError> {
    let header = |name: &'static str| (reply.headers)(name).ok_or(SignatureError::Missing(name));
    let input = parse::input(header("signature-input")?)?;
    let signature = parse::signature(header("signature")?)?;
    let digest = header("content-digest")?.trim();
    if now > input.created.saturating_add(TOLERANCE_SECONDS) {
        return Err(SignatureError::Expired);
    }
    if input.created > now.saturating_add(TOLERANCE_SECONDS) {
        return Err(SignatureError::NotYetValid);
    }
    let mut covered = input.components.iter().copied();
    for name in ["@status", "content-digest"].into_iter().chain(question.components().map(|(name, _)| name)) {
        if covered.next() != Some(name) {
            return Err(SignatureError::ComponentsMissing(name.strip_suffix("\";req").unwrap_or(name)));
        }
    }
    if covered.next().is_some() {
        return Err(SignatureError::Malformed("signature-input: unknown component"));
    }
    parse::check_digest(digest, reply.body)?;
    let key = key_of(input.key_id).ok_or(SignatureError::Invalid)?;
    let base = base(question, reply.status, digest, input.params);
    key.verify(base.as_bytes(), &signature).map_err(|_| SignatureError::Invalid)
}

fn base(question: &Question<'_>, status: u16, digest: &str, params: &str) -> String {
    let mut base = String::with_capacity(640);
    let _ = writeln!(base, "\"@status\": {status}");
    push_line(&mut base, "content-digest", digest);
    for (identifier, value) in question.components() {
        let _ = writeln!(base, "\"{identifier}: {value}");
    }
    push_params(&mut base, params);
    base
}
