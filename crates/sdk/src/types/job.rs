//! What the platform does later or from time to time, and how that goes.

use serde::{Deserialize, Serialize};

/// How the work behind the requests goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobsView {
    /// What waits, by kind; a kind of which nothing waits is left out.
    pub queues: Vec<JobQueue>,
    /// The periodic work of the server that answers, since its start.
    pub duties: Vec<DutyView>,
}

/// The jobs of one kind that are not done yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobQueue {
    /// What is to be done, such as `webhook.deliver`.
    pub kind: String,
    /// How many, failed ones included.
    pub waiting: i64,
    /// How many of them failed the last time.
    pub failed: i64,
    /// When the oldest was left, RFC 3339, business time.
    pub oldest_at: String,
    /// When the next is tried, RFC 3339, business time; while one is being tried, when its lease ends.
    pub next_at: String,
}

/// A job whose last attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobView {
    /// `job_…`
    pub job_id: String,
    /// What is to be done.
    pub kind: String,
    /// To what: an id; absent where it is longer than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Times tried.
    pub attempts: i64,
    /// Why the last attempt came to nothing.
    pub last_error: String,
    /// RFC 3339, business time.
    pub created_at: String,
    /// RFC 3339, business time.
    pub next_at: String,
}

/// A piece of periodic work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DutyView {
    /// Which, such as `audit`.
    pub name: String,
    /// How often, milliseconds.
    pub period_ms: i64,
    /// When it began last, RFC 3339, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<String>,
    /// How long that took, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_us: Option<i64>,
    /// When it begins next, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<String>,
    /// When the run began that took longest since the server started, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slowest_at: Option<String>,
    /// How long that took, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slowest_us: Option<i64>,
    /// How often it was done since the server started.
    pub runs: i64,
    /// How often it came to nothing.
    pub failed: i64,
    /// The last of those, newest first, 20 at most; it may have gone well since.
    pub failures: Vec<DutyFailure>,
}

/// A run of a duty that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DutyFailure {
    /// When it began, RFC 3339.
    pub at: String,
    /// Why.
    pub error: String,
}
