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
    /// The fields that it changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeView>,
    /// Why, in the words of whoever acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The request that brought it about: `x-request-id` of its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// From which address that came; for an auditor, as long as it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the record's commitment to the address was made with, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_salt: Option<String>,
    /// The proof that it is sealed, with `proven=true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<ProofView>,
}

/// A field that changed; of a list, a member that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeView {
    /// Which, e.g. `phase`.
    pub field: String,
    /// What it held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The record does not say what it held or holds: it could be about a person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
}

/// Which records about a thing are wanted.
#[derive(Debug, Clone, Default)]
pub struct TrailFilter<'a> {
    /// By whom: an id, `system`, `holder`, or a part of the name of an organisation.
    pub actor: Option<&'a str>,
    /// What the action begins with.
    pub action: Option<&'a str>,
    /// Only what this request brought about: `req_…`.
    pub request: Option<&'a str>,
    /// RFC 3339, not before.
    pub from: Option<&'a str>,
    /// RFC 3339, before.
    pub until: Option<&'a str>,
    /// Whether each comes with the proof that it is sealed.
    pub is_proven: bool,
}

/// As what a list is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A workbook.
    Xlsx,
    /// Text.
    Csv,
    /// Pages to print, of 5,000 rows at most.
    Pdf,
}

/// The lists that files are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportedList {
    /// Channels.
    Channel,
    /// What was done to one channel.
    ChannelTrail,
    /// Matters.
    Matter,
    /// Matters in which one has acted.
    MatterActed,
    /// Matters that the own organisation has opened.
    MatterOpened,
    /// What was done in one matter.
    MatterTrail,
    /// Messages.
    Message,
    /// Openings.
    Opening,
    /// Organisations.
    Org,
    /// What was done to one organisation.
    OrgTrail,
    /// Parameters.
    Parameter,
    /// Registrations.
    Registration,
    /// What was put to many channels at once.
    Sending,
    /// The channels of what was put to many.
    SendingChannel,
    /// Accounts of staff.
    Staff,
    /// Statistics by day.
    StatisticDay,
    /// Statistics by month.
    StatisticMonth,
    /// The own organisation's people.
    Team,
    /// Terminals.
    Terminal,
    /// What was done to one terminal.
    TerminalTrail,
    /// What was done to one card.
    CardTrail,
    /// What was done to one account of staff, and what it did.
    StaffTrail,
    /// What was done to the own organisation, and what its people did.
    TeamTrail,
    /// Everything that is on record.
    AuditTrail,
    /// What was done to one parameter.
    ParameterTrail,
    /// What was done to one opening.
    OpeningTrail,
}

/// A file that somebody makes of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordExport {
    /// Of which list; one that the caller may see.
    pub list: ExportedList,
    /// Whose trail it is, with a trail and only then; that of the own team names nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub object_id: Option<String>,
    /// How many rows it has, a million at most.
    #[cfg_attr(feature = "openapi", schema(maximum = 1_000_000))]
    pub rows: u32,
    /// As what.
    pub format: ExportFormat,
}

/// An export that is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportRecorded {
    /// `exp_…`, which goes into the file.
    pub export_id: String,
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
