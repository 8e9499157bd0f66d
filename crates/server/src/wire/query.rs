//! Reading a query: a parameter of the wrong type is named, as a wrong field of a body is.

use crate::Error;
use axum::extract::FromRequestParts;
use domain::time::BusinessDate;
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
/// The days that a query asks about, both included.
///
/// # Errors
/// `time.date` of either; `request.range` when the last is before the first or more than `most` days after it.
pub fn period((from_on, to_on): (&str, &str), most: i32) -> Result<(BusinessDate, BusinessDate), Error> {
    let date = |pointer: &str, text: &str| {
        text.parse::<BusinessDate>().map_err(|refusal| Error::field(pointer, &refusal))
    };
    let (from, to) = (date("?from_on", from_on)?, date("?to_on", to_on)?);
    if to < from || to.days_since(from) > most {
        let message = format!(
            "须不早于from_on且最多相隔{most}天 (must not be before from_on, nor more than {most} days after it)"
        );
        return Err(Error::field_text("?to_on", "request.range", &message));
    }
    Ok((from, to))
}

fn wrong(sentence: &str) -> Error {
    let why = sentence.split_once(": ").map_or(sentence, |(_, why)| why);
    let quoted = why.split('`').nth(1);
    let name = quoted.or_else(|| why.split_once(": ").map(|(name, _)| name)).unwrap_or_default();
    let message = format!("查询参数缺失、重复或类型不正确 ({why})");
    Error::field_text(&format!("?{name}"), "request.fields", &message)
}
