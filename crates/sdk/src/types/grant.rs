//! A standing authorization by the holder: for one service and party, with purpose, limits and an end.

use serde::{Deserialize, Serialize};

use super::Proof;

/// Gives a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateGrant {
    /// Operation `create_grant` on the binding.
    pub proof: Proof,
    /// Code of the service.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub service: String,
    /// Who may use it: `org_…`, `chn_…` or `trm_…`.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub party_id: String,
    /// In the holder's words, 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub purpose: String,
    /// RFC 3339.
    pub expires_at: String,
    /// For payments, in fen, > 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub limit_fen_per_use: Option<i64>,
    /// For payments, in fen, > 0; required together with the limit per use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub limit_fen_per_day: Option<i64>,
}

/// Revokes a grant at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeGrant {
    /// Operation `revoke_grant` on the grant.
    pub proof: Proof,
}

/// Where a grant is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// In force.
    Active,
    /// Past its end.
    Expired,
    /// Taken back by the holder, or ended with the binding.
    Revoked,
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantView {
    /// `grt_…`
    pub grant_id: String,
    /// `bnd_…` it was given in.
    pub binding_id: String,
    /// Code of the service.
    pub service: String,
    /// Who may use it.
    pub party_id: String,
    /// In the holder's words.
    pub purpose: String,
    /// Where it is in its life.
    pub state: GrantState,
    /// In fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_fen_per_use: Option<i64>,
    /// In fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_fen_per_day: Option<i64>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub expires_at: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
}
