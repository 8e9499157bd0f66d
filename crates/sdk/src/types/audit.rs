//! The audit log as others may hold and check it.

use serde::{Deserialize, Serialize};

/// A signed head of the audit tree: nothing under a head that somebody else has seen can change unnoticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeadView {
    /// Number of leaves under the head.
    pub size: i64,
    /// SM3 Merkle root, hex.
    pub root: String,
    /// RFC 3339.
    pub folded_at: String,
    /// `key_…` that signed it.
    pub key_id: String,
    /// SM2 signature, r‖s, hex.
    pub signature: String,
}

/// A run of consecutive leaves of one log, for offline verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportBlock {
    /// Id of the log.
    pub log: String,
    /// Index of the first leaf in its log.
    pub first: i64,
    /// In order.
    pub leaves: Vec<ExportLeaf>,
    /// Sibling hashes from the block up to `head.root`, hex, lowest first.
    pub proof: Vec<String>,
    /// The head they are sealed under.
    pub head: HeadView,
}

/// One audit record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportLeaf {
    /// Index in its log.
    pub index: i64,
    /// Canonical encoding, hex: who, for whom, under which authorization, what, where, when, outcome.
    pub record: String,
    /// SM3 leaf hash, hex.
    pub hash: String,
}
