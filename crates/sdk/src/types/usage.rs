//! The record of each use of an e-card, as its holder may read it (ND-2.4b).

use serde::{Deserialize, Serialize};

use super::qr::Purpose;

/// What the holder authorized the use with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Authorization {
    /// A code shown.
    Code,
    /// The password, in a holder session.
    Password,
    /// A stored grant.
    Grant,
}

/// One use: who used the e-card, for what, where and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UseView {
    /// Id of the use.
    pub use_id: String,
    /// RFC 3339.
    pub used_at: String,
    /// What for.
    pub purpose: Purpose,
    /// What the holder authorized it with.
    pub authorization: Authorization,
    /// Code of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// `chn_…` that asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// `trm_…` that scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal_id: Option<String>,
    /// Name of that channel or terminal.
    pub caller_name: String,
    /// Where, 6 digits.
    pub division: String,
    /// For a payment, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
}
