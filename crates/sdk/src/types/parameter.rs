//! A parameter: a number of the rules, the versions of it, and changing it.

use serde::{Deserialize, Serialize};

/// Proposes a version of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposeParameter {
    /// The new value, between the parameter's `least` and `most`.
    pub value: i64,
    /// The first day it shall be in force, `YYYY-MM-DD`: the day after tomorrow at the earliest.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 10))]
    pub begins_on: String,
    /// Why; 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
}

/// What a reviewer says of a proposed version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ParameterDecision {
    /// It will be in force.
    Approve,
    /// It will not.
    Reject,
}

/// Decides on a proposed version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideParameter {
    /// Approve or reject. Whoever proposed it may only reject it.
    pub decision: ParameterDecision,
    /// Why; 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
}

/// Where a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ParameterState {
    /// Waits for a second person.
    Proposed,
    /// In force from its day on.
    Approved,
    /// Never in force.
    Rejected,
}

/// A version after the delivered one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParameterVersionView {
    /// `pmv_…`
    pub version_id: String,
    /// The parameter.
    pub name: String,
    /// From 2; the delivered version is 1.
    pub number: i64,
    /// The value.
    pub value: i64,
    /// The first day in force.
    pub begins_on: String,
    /// Where it is.
    pub state: ParameterState,
    /// `stf_…` who proposed it.
    pub proposed_by: String,
    /// RFC 3339.
    pub proposed_at: String,
    /// Why it was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `stf_…` who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// Why it was decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_reason: Option<String>,
    /// For `If-Match`.
    pub version: i64,
}

/// A parameter as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// What it means, in Chinese.
    pub meaning: String,
    /// What a value counts: `seconds`, `days`, `months`, `quarters`, `years`, `basis_points`, `count` or `fen`.
    pub unit: String,
    /// The value in force today.
    pub value: i64,
    /// The number of the version in force today; 1 is the delivered one.
    pub number: i64,
    /// The least the rule can work with.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// The clause or reading it comes from; without one it is a choice of the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Whether another value can be tried on the closed months (`GET /parameters/{parameter}/trial`).
    pub has_trial: bool,
    /// Versions after the delivered one, the oldest first: of one parameter its whole history, in the list those that
    /// wait for a decision or for their day.
    pub versions: Vec<ParameterVersionView>,
}

/// The numbers of the conditions of access, in force today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessConditions {
    /// So many years a channel has run in each region it applies for (CH-7.3).
    pub min_running_years: i64,
    /// So many users a channel of class 社会 has (CH-7.4).
    pub social_min_users: i64,
    /// So many years the company of a channel of class 社会 has been registered (CH-F2.3).
    pub social_min_company_years: i64,
}
