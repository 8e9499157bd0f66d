//! A terminal: a scanner or card reader at a counter, gate or till.

use serde::{Deserialize, Serialize};

use super::key::{AddKey, KeyView};

/// Registers a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTerminal {
    /// The maker's serial number, 1 to 32 capital letters, digits and hyphens, unique.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 32))]
    pub serial: String,
    /// `org_…` that runs it, and that is paid at it.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub org_id: String,
    /// Where it stands, 6 digits.
    #[cfg_attr(feature = "openapi", schema(min_length = 6, max_length = 6))]
    pub division: String,
    /// 终端机编号, 12 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 12, max_length = 12))]
    pub psam_no: Option<String>,
    /// Its public keys; more can be added.
    #[serde(default)]
    pub keys: Vec<AddKey>,
}

/// Registers terminals as they stand in the rows of a file. A row that is registered just so is told as unchanged, so a
/// batch may come again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterTerminals {
    /// 1 to 500 rows.
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub rows: Vec<TerminalRow>,
}

/// A terminal as a row of a file: all text, so that one bad row is refused alone and names its own field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TerminalRow {
    /// The maker's serial number.
    pub serial: String,
    /// Who runs it: the 统一社会信用代码, or `org_…` of an organisation that has none.
    pub org: String,
    /// Where it stands, 6 digits.
    pub division: String,
    /// 终端机编号, 12 digits; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub psam_no: String,
}

/// Whether a terminal may work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TerminalState {
    /// It may.
    Active,
    /// On the blacklist (SE-2.2e).
    Blocked,
}

/// Blocks or unblocks a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeTerminalState {
    /// The state to be in.
    pub state: TerminalState,
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// What a terminal presented as codes that are none (SE-2.2d): now and then a misread, in numbers a manipulation. Counted
/// some seconds behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedCodes {
    /// Well formed, but made by nobody who may.
    pub forged: u64,
    /// No code at all.
    pub malformed: u64,
    /// When the first was, RFC 3339.
    pub first_at: String,
    /// When the last was, RFC 3339.
    pub last_at: String,
}

/// A terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TerminalView {
    /// `trm_…`
    pub terminal_id: String,
    /// The maker's serial number.
    pub serial: String,
    /// `org_…` that runs it.
    pub org_id: String,
    /// 6 digits.
    pub division: String,
    /// 12 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub psam_no: Option<String>,
    /// Whether it may work.
    pub state: TerminalState,
    /// Why, in the words of whoever changed the state last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it presented as codes that are none, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_codes: Option<RefusedCodes>,
    /// Its registered keys.
    pub keys: Vec<KeyView>,
    /// For `If-Match`.
    pub version: i64,
    /// RFC 3339.
    pub created_at: String,
}
