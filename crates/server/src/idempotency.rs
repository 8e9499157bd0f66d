//! Keyed POSTs: the same `Idempotency-Key` with the same body is answered as before, with another body refused.
//!
//! Invariant: what is kept under a key commits with the effect it answers, so neither exists without the other. A
//! noun whose row carries key and digest itself needs only [`Keyed`]; every other uses [`recall`] and [`keep`].

use crate::{Error, auth, world::World};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use domain::parameter::{Name, Parameters};
use domain::time::Timestamp;
use http::{HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use store::idempotency::AnswerRow;
use store::{ReadTx, WriteTx};

/// The header that marks a repeated answer.
pub const REPLAYED: &str = "idempotency-replayed";

/// A request's key and the digest of its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// 1 to 64 visible ASCII characters.
    pub text: String,
    /// SM3 of the body.
    pub digest: [u8; 32],
}

/// A JSON body that came with a key.
#[derive(Debug, Clone)]
pub struct Keyed<T> {
    /// The key.
    pub key: Key,
    /// The body.
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<World> for Keyed<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &World) -> Result<Self, Error> {
        let header =
            request.headers().get("idempotency-key").ok_or(Error::platform("idempotency.missing"))?;
        let plain =
            |text: &&str| (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        let text = header.to_str().ok().filter(plain).ok_or_else(|| {
            Error::detailed("idempotency.missing", "Idempotency-Key is 1 to 64 visible ASCII characters")
        })?;
        let text = text.to_owned();
        let bytes = axum::body::to_bytes(request.into_body(), auth::BODY_LIMIT)
            .await
            .map_err(|_| Error::platform("request.too_large"))?;
        let key = Key { text, digest: gm::sm3::digest(&bytes) };
        Ok(Self { key, body: crate::app::parse(&bytes)? })
    }
}

/// An answer that was given under a key.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// HTTP status.
    pub status: StatusCode,
    /// JSON.
    pub body: String,
}

/// The answer given before under this key.
///
/// # Errors
/// `idempotency.mismatch` when it answered another body.
pub fn recall(
    tx: &mut ReadTx<'_>,
    caller: &[u8; 16],
    key: &Key,
    real_now: Timestamp,
) -> Result<Option<Recorded>, Error> {
    let Some(row) = store::idempotency::find(tx, bucket(real_now), caller, &key.text)? else {
        return Ok(None);
    };
    if row.digest != key.digest {
        return Err(Error::platform("idempotency.mismatch"));
    }
    let status = u16::try_from(row.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    Ok(Some(Recorded { status: status.unwrap_or(StatusCode::OK), body: row.body }))
}

/// Keeps the answer of this transaction under its key.
///
/// # Errors
/// `idempotency.in_flight` when another request with the key was faster.
pub fn keep(
    tx: &mut WriteTx<'_>,
    caller: &[u8; 16],
    key: &Key,
    real_now: Timestamp,
    answer: &Recorded,
) -> Result<(), Error> {
    let row = AnswerRow {
        digest: key.digest,
        status: i64::from(answer.status.as_u16()),
        body: answer.body.clone(),
    };
    if store::idempotency::insert(tx, bucket(real_now), caller, &key.text, &row)? {
        Ok(())
    } else {
        Err(Error::platform("idempotency.in_flight"))
    }
}

/// Which bucket a moment falls into: as long as answers are kept, so that two of them hold every answer.
pub(crate) fn bucket(real_now: Timestamp) -> i64 {
    let seconds = Parameters::standard().get(Name::IdempotencyTtl, real_now.business_date());
    real_now.as_seconds().div_euclid(seconds.max(1))
}

impl IntoResponse for Recorded {
    fn into_response(self) -> Response {
        let json = [(http::header::CONTENT_TYPE, "application/json")];
        mark((self.status, json, self.body).into_response())
    }
}

/// Marks an answer as given before.
#[must_use]
pub fn mark(mut response: Response) -> Response {
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// Remembers the key of a request whose repetition its own number recognises, so that the key cannot come with
/// another body.
///
/// # Errors
/// As [`recall`].
pub fn guard(tx: &mut WriteTx<'_>, caller: &[u8; 16], key: &Key, real_now: Timestamp) -> Result<(), Error> {
    if recall(tx, caller, key, real_now)?.is_some() {
        return Ok(());
    }
    keep(tx, caller, key, real_now, &Recorded { status: StatusCode::OK, body: String::new() })
}
