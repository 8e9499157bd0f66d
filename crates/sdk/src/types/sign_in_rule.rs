//! From where the accounts of an organisation are used, and whether in one place at a time.

use serde::{Deserialize, Serialize};

/// In how many places at a time an account is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Concurrency {
    /// In any number.
    Many,
    /// In one: whoever signs in ends what was signed in before, by browser or by bearer token.
    Single,
}

/// Sets the rule of an organisation; what it was is replaced as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetSignInRule {
    /// Networks in CIDR notation, `192.0.2.0/24` or `2001:db8::/32`, or single addresses; none = from anywhere. At most
    /// `sign_in_rule.max_networks` (50).
    pub networks: Vec<String>,
    /// In how many places at a time.
    pub concurrency: Concurrency,
}

/// The rule of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInRuleView {
    /// `org_…`
    pub org_id: String,
    /// Networks in CIDR notation; none = from anywhere.
    pub networks: Vec<String>,
    /// In how many places at a time.
    pub concurrency: Concurrency,
    /// RFC 3339; absent when it was never set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<String>,
    /// The address that this request came from, as the platform sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_address: Option<String>,
    /// For `If-Match`.
    pub version: i64,
}
