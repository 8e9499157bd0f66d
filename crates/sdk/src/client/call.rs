//! One call: method, path, body, and whether it may be repeated.

use serde::Serialize;

use super::Error;

/// Whether sending a call twice is the same as sending it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It is not: never retried.
    Never,
    /// By its nature: a GET, a DELETE, or a request that carries its own id.
    ByNature,
    /// By this `Idempotency-Key`.
    Keyed(String),
}

const JSON: &str = "application/json";

/// A call to be made with [`super::Client::send`].
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Vec<u8>,
    pub(super) content_type: &'static str,
    pub(super) repeat: Repeat,
    pub(super) if_match: Option<String>,
    pub(super) range: Option<String>,
}

impl Call {
    /// A GET of a path below the base URL, such as `/api/v1/keys`.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            body: Vec::new(),
            content_type: JSON,
            repeat: Repeat::ByNature,
            if_match: None,
            range: None,
        }
    }

    /// A DELETE of a path below the base URL.
    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: "DELETE", ..Self::get(path) }
    }

    /// A POST with a JSON body and a fresh `Idempotency-Key`.
    ///
    /// # Errors
    /// [`Error::Setup`]: the body cannot be written as JSON.
    pub fn post(path: impl Into<String>, body: &impl Serialize) -> Result<Self, Error> {
        let body =
            serde_json::to_vec(body).map_err(|_| Error::Setup("the body cannot be written as JSON"))?;
        let key = data_encoding::HEXLOWER.encode(&gm::random::bytes::<16>());
        Ok(Self { method: "POST", body, repeat: Repeat::Keyed(key), ..Self::get(path) })
    }

    /// A PUT of bytes as they are. Never repeated: where they belong may have been filled.
    pub fn put(path: impl Into<String>, bytes: &[u8]) -> Self {
        Self {
            method: "PUT",
            body: bytes.to_vec(),
            content_type: "application/octet-stream",
            repeat: Repeat::Never,
            ..Self::get(path)
        }
    }

    /// Uses this `Idempotency-Key`: one that the caller has stored, so that a call can be repeated after a crash.
    #[must_use]
    pub fn keyed(mut self, idempotency_key: impl Into<String>) -> Self {
        self.repeat = Repeat::Keyed(idempotency_key.into());
        self
    }

    /// Sends no `Idempotency-Key`: the request carries its own id and may be repeated as it is.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeat = Repeat::ByNature;
        self
    }

    /// Sends no `Idempotency-Key` and never repeats the call.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.repeat = Repeat::Never;
        self
    }

    /// Acts only if the resource still has this version.
    #[must_use]
    pub fn if_match(mut self, version: i64) -> Self {
        self.if_match = Some(format!("\"{version}\""));
        self
    }

    /// Asks for at most `most` bytes of the answer, from byte `at` on.
    #[must_use]
    pub fn range(mut self, at: u64, most: u64) -> Self {
        self.range = Some(format!("bytes={at}-{}", at.saturating_add(most.max(1) - 1)));
        self
    }

    pub(super) fn idempotency_key(&self) -> Option<&str> {
        match &self.repeat {
            Repeat::Keyed(key) => Some(key),
            Repeat::Never | Repeat::ByNature => None,
        }
    }

    /// Headers beside the authentication; the content type is there exactly when a body is.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        [
            ("content-type", (!self.body.is_empty()).then_some(self.content_type)),
            ("idempotency-key", self.idempotency_key()),
            ("if-match", self.if_match.as_deref()),
            ("range", self.range.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
    }
}

/// Builds a path with its query; values are percent-encoded, absent ones left out.
pub(super) fn with_query(path: &str, query: &[(&str, Option<&str>)]) -> String {
    let mut out = path.to_owned();
    for (name, value) in query {
        if let Some(value) = value {
            out.push(if out.contains('?') { '&' } else { '?' });
            out.push_str(name);
            out.push('=');
            out.push_str(&encode(value));
        }
    }
    out
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            data_encoding::HEXUPPER.encode_append(&[byte], &mut out);
        }
    }
    out
}
