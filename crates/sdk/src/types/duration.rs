//! 办理时长: how long the steps of applications took.

use serde::{Deserialize, Serialize};

/// How long each step of an application took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationDurations {
    /// The first day on which steps ended that are counted.
    pub from_on: String,
    /// The last one.
    pub until_on: String,
    /// Of fewer cases nothing is told.
    pub min_cases: i64,
    /// Every step between filing and access, in order.
    pub steps: Vec<StepDuration>,
}

/// How long one step took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepDuration {
    /// The state of an application, e.g. `local_review`.
    pub state: String,
    /// How many ended; none is told of too few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases: Option<i64>,
    /// Half of them took no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_seconds: Option<i64>,
    /// Nine of ten took no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ninety_seconds: Option<i64>,
}
