//! Files of lists that are too long to be exported at once.

use super::audit::{ExportFormat, ExportedList};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Asks for a file of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateExport {
    /// Of which list: matters, terminals, or a trail. Any other is exported at once.
    pub list: ExportedList,
    /// Whose trail it is, with a trail and only then; that of the own team names nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub object_id: Option<String>,
    /// What narrows the list: the parameters of the list's own operation, but `limit`, `cursor` and `proven`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub filter: Map<String, Value>,
    /// As what.
    pub format: ExportFormat,
    /// In which language its heads are.
    #[serde(default)]
    pub language: ExportLanguage,
}

/// A language of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ExportLanguage {
    /// Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// How far an export has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// Others are made before it.
    Waiting,
    /// Its rows are being read.
    Running,
    /// The file can be had.
    Ready,
    /// It came to nothing.
    Failed,
    /// The file is gone.
    Expired,
}

/// An export of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportView {
    /// `exp_…`, under which its making and every download are on record.
    pub export_id: String,
    /// Of which list.
    pub list: ExportedList,
    /// Whose trail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_id: Option<String>,
    /// What narrows the list.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub filter: Map<String, Value>,
    /// As what.
    pub format: ExportFormat,
    /// How far it has come.
    pub state: ExportState,
    /// Rows that are written.
    pub rows: i64,
    /// What the file is called, while it can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Bytes of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// SM3 over the file, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sm3: Option<String>,
    /// The code of the rule or fault for which it came to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// When it was ready or failed, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Until when the file can be had, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}
