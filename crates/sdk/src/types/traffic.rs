//! What a channel's own requests looked like.

use serde::{Deserialize, Serialize};

/// How often each signing key of a channel was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyTrafficList {
    /// The business day that `today` means, `YYYY-MM-DD`.
    pub today_on: String,
    /// Every signing key, ended ones included, the oldest first.
    pub keys: Vec<KeyTraffic>,
}

/// How often a signing key was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyTraffic {
    /// `key_…`
    pub key_id: String,
    /// Requests of today so far.
    pub calls_today: i64,
    /// Requests of the day before.
    pub calls_yesterday: i64,
    /// RFC 3339, the last request; absent when none is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_called_at: Option<String>,
}

/// What the requests of a channel looked like over some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrafficView {
    /// By day, the oldest first; a day without a request is left out.
    pub days: Vec<TrafficOfDay>,
    /// By operation, the most called first.
    pub operations: Vec<TrafficOfOperation>,
    /// Error codes, the most frequent first, at most 20.
    pub codes: Vec<TrafficOfCode>,
    /// What became of the claims of e-cards among them.
    pub issuance: IssuanceFunnel,
}

/// What became of what was asked to be issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuanceFunnel {
    /// Claims of e-cards.
    pub asked: i64,
    /// Those that were answered: with a new e-card, and with the one that was there when a claim was made again. How many were issued
    /// is the figure of issuance.
    pub answered: i64,
    /// Where the others ended, in the order in which a claim is looked at.
    pub gates: Vec<IssuanceGate>,
}

/// One thing that a claim is looked at for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuanceGate {
    /// `request`, `channel`, `person`, `department`, `card`, `real_person` or `platform`.
    pub gate: String,
    /// Claims that came to it.
    pub came: i64,
    /// Claims that ended there.
    pub lost: i64,
    /// Why, the most frequent first.
    pub reasons: Vec<IssuanceReason>,
}

/// Why claims ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuanceReason {
    /// The code of the problem.
    pub code: String,
    /// What the rule says, in Chinese; absent where no rule of the regulation refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_zh: Option<String>,
    /// In English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_en: Option<String>,
    /// The clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// How many.
    pub calls: i64,
}

/// The requests of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrafficOfDay {
    /// The business day, `YYYY-MM-DD`.
    pub day_on: String,
    /// How they ended.
    #[serde(flatten)]
    pub figures: TrafficFigures,
}

/// The requests for one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrafficOfOperation {
    /// Method and path, such as `POST /api/v1/payments`.
    pub operation: String,
    /// How they ended.
    #[serde(flatten)]
    pub figures: TrafficFigures,
}

/// The requests that ended with one error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrafficOfCode {
    /// The code of the problem; `request.unanswered` when nobody waited for the answer any more.
    pub code: String,
    /// The HTTP status; 499 when there was no answer.
    pub status: u16,
    /// How many.
    pub calls: i64,
}

/// How requests ended and how long that took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrafficFigures {
    /// All of them.
    pub calls: i64,
    /// Answered as was asked.
    pub answered: i64,
    /// Refused, with a code that says why.
    pub refused: i64,
    /// Failed at the platform, or not answered in time.
    pub failed: i64,
    /// Half of them took at most so many microseconds, told from above: at most half more than the true value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_micros: Option<i64>,
    /// 95 of 100 took at most so many microseconds, told likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_micros: Option<i64>,
}
