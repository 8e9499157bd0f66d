//! Reading a query: a parameter of the wrong type is named, as a wrong field of a body is.

use crate::Error;
use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::Run;

/// The parameters of a query.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(wrong(&rejection.body_text())),
        }
    }
}

/// Whether a request only asks what it would do.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// `true`: everything is checked and answered as if it were done, and nothing is done.
    dry_run: Option<bool>,
}

impl DryRun {
    /// Whether what is asked is kept.
    #[must_use]
    pub fn run(self) -> Run {
        if self.dry_run == Some(true) { Run::Dry } else { Run::Real }
    }
}

/// The sentence reads `…: limit: invalid digit…` or `…: missing field `limit``.
fn wrong(sentence: &str) -> Error {
    let why = sentence.split_once(": ").map_or(sentence, |(_, why)| why);
    let quoted = why.split('`').nth(1);
    let name = quoted.or_else(|| why.split_once(": ").map(|(name, _)| name)).unwrap_or_default();
    let message = format!("查询参数缺失、重复或类型不正确 ({why})");
    Error::field_text(&format!("?{name}"), "request.fields", &message)
}
