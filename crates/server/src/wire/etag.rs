//! Versions on the wire: `ETag` out, `If-Match` in. A version is a strong tag, `"7"`.

use crate::Error;
use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};

/// The version that a change insists on: 428 when the request names none, 412 when it names none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let mut all = parts.headers.get_all(header::IF_MATCH).iter();
        let (Some(value), None) = (all.next(), all.next()) else {
            return Err(Error::platform("resource.if_match_missing"));
        };
        let tag = value.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
        let version = tag.and_then(|text| text.parse().ok());
        version.map(Self).ok_or_else(|| Error::platform("resource.stale"))
    }
}

/// The header that names a version.
#[must_use]
pub fn headers(version: i64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&format!("\"{version}\"")) {
        headers.insert(header::ETAG, value);
    }
    headers
}
