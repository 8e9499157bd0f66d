//! The audit log as others may hold and check it.

use serde::{Deserialize, Serialize};

/// A signed head of the audit tree: nothing under a head that somebody else has seen can change unnoticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeadView {
    /// When it was folded, RFC 3339 to the microsecond.
    pub at: String,
    /// Number of records under it.
    pub size: u64,
    /// For each log its id (16 bytes), its number of records (8 bytes) and its root (32 bytes), hex.
    pub logs: String,
    /// SM3 Merkle root over the logs, hex.
    pub root: String,
    /// `key_…` that signed it.
    pub key_id: String,
    /// SM2 signature, r‖s, hex.
    pub signature: String,
}

/// The records of one transaction in one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockView {
    /// Id of the log, hex.
    pub log: String,
    /// Place of the first record in its log, from 0.
    pub first: u64,
    /// Length (2 bytes) and canonical encoding of each record, hex.
    pub records: String,
    /// SM3 leaf of each record, hex.
    pub leaves: String,
    /// Right edge of the log's tree after the block: size (8 bytes) and peaks (32 bytes each), hex.
    pub frontier: String,
}

/// A key that signed heads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeadKey {
    /// `key_…`
    pub key_id: String,
    /// SM2 public key, SEC1 uncompressed, hex. Compare it with one that was obtained elsewhere.
    pub public_key: String,
}

/// The proof that one record is sealed: with the platform's key, enough to check it without a server. A line of the
/// file that `ykt audit verify-proof` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProofView {
    /// Canonical encoding of the record, hex.
    pub record: String,
    /// Id of the log that holds it, hex.
    pub log: String,
    /// Its place in the log, from 0.
    pub place: u64,
    /// The siblings from its leaf upwards to the root of the log, SM3, hex.
    pub path: Vec<String>,
    /// A head that covers it.
    pub head: HeadView,
    /// The key that signed the head.
    pub key: HeadKey,
}

/// A record about a channel, a matter, an organisation, a terminal or a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrailEntry {
    /// When, RFC 3339.
    pub at: String,
    /// Who: `system`, `holder`, or the id of a member of staff or a caller.
    pub actor: String,
    /// The organisation of a member of staff who acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_org: Option<String>,
    /// What was done, e.g. `channel.suspended`.
    pub action: String,
    /// To what: the thing itself, or a part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// `done`, or the code with which it was refused.
    pub outcome: String,
    /// The clause that the outcome rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Id of the log that holds the record, hex.
    pub log: String,
    /// Its place in the log, from 0.
    pub place: u64,
    /// Where its proof is, for whoever may have one; `ykt audit prove` asks there.
    pub proof: String,
}

/// What an export is and how to read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportTitle {
    /// 1
    pub version: u32,
}

/// One line of an export: the title, then keys, heads and blocks, in this order. Written one JSON object to a line,
/// the items of the export are the file that `ykt audit verify` checks without a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportLine {
    /// The first line.
    Title(ExportTitle),
    /// A key that signed heads below.
    Key(HeadKey),
    /// A head, oldest first.
    Head(HeadView),
    /// A block, by log and place.
    Block(BlockView),
}
