//! Strict readers of the three headers. They accept one canonical spelling and nothing else, so that the text as
//! received is the text that was signed.

use gm::sm2::Signature;

use super::{ALGORITHM, SignatureError};
use SignatureError::Malformed;

/// A `Signature-Input` header taken apart.
pub(super) struct Input<'a> {
    /// Everything after `sig=`: the value of `@signature-params`.
    pub params: &'a str,
    /// The identifiers covered, with their parameters, as written.
    pub components: Vec<&'a str>,
    pub created: i64,
    pub expires: Option<i64>,
    pub nonce: Option<[u8; 16]>,
    pub key_id: &'a str,
}

/// Reads `sig=("…" "…");created=…;…`. Each parameter may appear once; an unknown one is refused.
pub(super) fn input(header: &str) -> Result<Input<'_>, SignatureError> {
    let params = header.strip_prefix("sig=").ok_or(Malformed("signature-input: one member labelled sig"))?;
    let rest = params.strip_prefix('(').ok_or(Malformed("signature-input: a list in parentheses"))?;
    let (list, rest) = rest.split_once(')').ok_or(Malformed("signature-input: the list does not end"))?;
    let components = components(list)?;
    let (mut created, mut expires, mut nonce, mut key_id, mut algorithm) = (None, None, None, None, None);
    let rest = rest.strip_prefix(';').ok_or(Malformed("signature-input: parameters are missing"))?;
    for parameter in rest.split(';') {
        let (name, value) =
            parameter.split_once('=').ok_or(Malformed("signature-input: a bare parameter"))?;
        match name {
            "created" => once(&mut created, seconds(value)?)?,
            "expires" => once(&mut expires, seconds(value)?)?,
            "nonce" => once(&mut nonce, nonce_bytes(quoted(value)?)?)?,
            "keyid" => once(&mut key_id, quoted(value)?)?,
            "alg" => once(&mut algorithm, quoted(value)?)?,
            _ => return Err(Malformed("signature-input: unknown parameter")),
        }
    }
    if algorithm.ok_or(Malformed("signature-input: alg is missing"))? != ALGORITHM {
        return Err(SignatureError::UnknownAlgorithm);
    }
    let created = created.ok_or(Malformed("signature-input: created is missing"))?;
    let key_id = key_id.ok_or(Malformed("signature-input: keyid is missing"))?;
    Ok(Input { params, components, created, expires, nonce, key_id })
}

/// Reads `sig=:<base64>:`.
pub(super) fn signature(header: &str) -> Result<Signature, SignatureError> {
    let bytes = header
        .strip_prefix("sig=:")
        .and_then(|rest| rest.strip_suffix(':'))
        .and_then(|text| data_encoding::BASE64.decode(text.as_bytes()).ok())
        .ok_or(Malformed("signature: sig=:base64:"))?;
    Signature::from_slice(&bytes).ok_or(Malformed("signature: 64 bytes, r then s"))
}

/// Checks that `header` is the digest of `body`.
pub(super) fn check_digest(header: &str, body: &[u8]) -> Result<(), SignatureError> {
    let digest = header
        .strip_prefix("sm3=:")
        .and_then(|rest| rest.strip_suffix(':'))
        .and_then(|text| data_encoding::BASE64.decode(text.as_bytes()).ok())
        .ok_or(Malformed("content-digest: sm3=:base64:"))?;
    if digest == gm::sm3::digest(body) { Ok(()) } else { Err(SignatureError::DigestMismatch) }
}

fn components(list: &str) -> Result<Vec<&str>, SignatureError> {
    let mut components = Vec::with_capacity(6);
    for item in list.split(' ') {
        let name = item.strip_prefix('"').ok_or(Malformed("signature-input: a component is not quoted"))?;
        let name = match name.strip_suffix(";req") {
            // `"name";req` → `name";req`, as it stands in the signature base.
            Some(quoted) if quoted.ends_with('"') => name,
            _ => name.strip_suffix('"').ok_or(Malformed("signature-input: a component is not quoted"))?,
        };
        if components.contains(&name) {
            return Err(Malformed("signature-input: a component is named twice"));
        }
        components.push(name);
    }
    Ok(components)
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), SignatureError> {
    if slot.replace(value).is_some() {
        return Err(Malformed("signature-input: a parameter is given twice"));
    }
    Ok(())
}

/// Seconds since 1970: 1 to 12 digits without a leading zero, so that arithmetic on them cannot overflow.
fn seconds(text: &str) -> Result<i64, SignatureError> {
    let canonical = (1..=12).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'));
    if !canonical {
        return Err(Malformed("signature-input: a time is not in whole seconds"));
    }
    text.parse().map_err(|_| Malformed("signature-input: a time is not in whole seconds"))
}

fn quoted(text: &str) -> Result<&str, SignatureError> {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    match inner {
        Some(value) if (1..=64).contains(&value.len()) && value.bytes().all(plain) => Ok(value),
        _ => Err(Malformed("signature-input: a string is not 1 to 64 of A-Z a-z 0-9 _ - .")),
    }
}

fn nonce_bytes(text: &str) -> Result<[u8; 16], SignatureError> {
    let mut nonce = [0; 16];
    if text.len() == 32 && data_encoding::HEXLOWER.decode_mut(text.as_bytes(), &mut nonce).is_ok() {
        return Ok(nonce);
    }
    Err(Malformed("signature-input: nonce is 16 bytes in lower-case hex"))
}
