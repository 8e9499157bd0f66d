//! Imports of the card registry: a file is announced once and sent in chunks of rows, in order.
//!
//! A row's fields are named by the data-element codes that every HRSS system uses. They are all text, as in a CSV file,
//! so that one bad row is refused alone and names its own field.

use serde::{Deserialize, Serialize};

use super::Private;

/// Most rows of one chunk.
pub const MAX_CHUNK_ROWS: usize = 10_000;

/// Most rows of a batch of what is registered row by row.
pub const MAX_BATCH_ROWS: usize = 500;

/// Announces a file. The same file (by digest) is the same import: it goes on where it stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartImport {
    /// Without its folder, at most 255 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 255))]
    pub file_name: String,
    /// SM3 of the file, 64 hex characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 64, max_length = 64))]
    pub digest: String,
    /// Rows of the file, without the header.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub total: i64,
}

/// How far an import has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportView {
    /// `imp_…`
    pub import_id: String,
    /// As announced.
    pub file_name: String,
    /// SM3 of the file, hex.
    pub digest: String,
    /// Rows of the file.
    pub total: i64,
    /// Rows that are done: the next chunk begins here.
    pub rows_done: i64,
    /// Cards that were new.
    pub inserted: i64,
    /// Rows that changed something.
    pub updated: i64,
    /// Rows that changed nothing.
    pub unchanged: i64,
    /// Rows that were refused.
    pub refused: i64,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339, once every row is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

/// A chunk of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportRows {
    /// Place of the first of these rows in the file; the first row of a file is 0. A chunk that comes again is
    /// recognised by it.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub first_row: i64,
    /// 1 to 10000 rows.
    #[cfg_attr(feature = "openapi", schema(max_items = 10000))]
    pub rows: Vec<CardRow>,
}

/// A row of the registry. An empty text is the same as none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CardRow {
    /// 发卡地: issuing division, 6 digits.
    pub aab301: String,
    /// `resident_id` when it is left out, `hmt_residence_permit`, `foreign_permanent_residence`, `hm_travel_permit`,
    /// `tw_travel_permit` or `passport`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id_kind: String,
    /// 社会保障号码, or the number of another document.
    pub aac002: Private,
    /// 姓名, at most 50 characters.
    pub aac003: Private,
    /// 性别: 1 male, 2 female, 9 unknown. Checked against the number, not kept.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub aac004: String,
    /// 出生日期, YYYYMMDD or YYYY-MM-DD. Checked against the number, not kept.
    #[serde(skip_serializing_if = "is_empty")]
    pub aac006: Private,
    /// 移动电话: the reserved phone.
    #[serde(skip_serializing_if = "is_empty")]
    pub aac067: Private,
    /// 卡号, 9 characters.
    pub aaz500: Private,
    /// 卡识别码, 32 hex characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub aaz501: String,
    /// 卡状态: 0 封装, 1 正常, 2 挂失, 3 应用锁定, 4 临时挂失, 9 注销.
    pub aaz502: String,
    /// 2 or 3; 3 when it is left out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub generation: String,
    /// YYYY-MM-DD or YYYYMMDD.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub issued_on: String,
    /// The last day it may be used, YYYY-MM-DD or YYYYMMDD.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expires_on: String,
    /// With state 9: `damaged`, `lost`, `expired`, `cancelled`, `replaced`, `deceased` or `other`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

fn is_empty(text: &Private) -> bool {
    text.expose().is_empty()
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// A new one.
    Inserted,
    /// A known one; something changed.
    Updated,
    /// It was there already as the row says.
    Unchanged,
    /// Not written; `errors` says why.
    Refused,
}

/// What became of one row of a chunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowResult {
    /// Place in the file, from 0.
    pub row: i64,
    /// What became of it.
    pub outcome: RowOutcome,
    /// Every reason against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<RowError>,
}

/// A reason against a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowError {
    /// Name of the field.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// For people, without the value.
    pub message: String,
}

/// What became of a chunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowsImported {
    /// How far the import has come with it.
    pub import: ImportView,
    /// These rows were done already: nothing was written or counted again, and rows that are in place read as
    /// `unchanged`.
    pub repeated: bool,
    /// One for each row, in order.
    pub results: Vec<RowResult>,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchOutcome {
    /// One for each row, in order, numbered from 0.
    pub results: Vec<RowResult>,
}
