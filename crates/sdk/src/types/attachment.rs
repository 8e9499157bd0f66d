//! Wire types of attachments (附件): files that belong to matters.

use serde::{Deserialize, Serialize};

/// Announces a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateAttachment {
    /// What it is for, e.g. `recording_ios`: 1 to 40 lower-case letters, digits or underscores.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub purpose: String,
    /// What the sender calls it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub file_name: String,
    /// Its length in bytes.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub size: i64,
    /// Its SM3 digest, 64 hexadecimal digits.
    #[cfg_attr(feature = "openapi", schema(min_length = 64, max_length = 64))]
    pub sm3: String,
}

/// A file of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentView {
    /// Its id.
    pub attachment_id: String,
    /// The matter it belongs to.
    pub matter_id: String,
    /// What it is for.
    pub purpose: String,
    /// What the sender calls it.
    pub file_name: String,
    /// Its length in bytes.
    pub size: i64,
    /// Its SM3 digest.
    pub sm3: String,
    /// Bytes that have arrived: where the next part begins.
    pub received: i64,
    /// `receiving` or `complete`.
    pub state: String,
    /// What the content is, once the file is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// When it was announced.
    pub created_at: String,
    /// When it was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<String>,
}

/// The files of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentList {
    /// In the order in which they were announced.
    pub data: Vec<AttachmentView>,
    /// Most bytes that a file may have now.
    pub max_bytes: i64,
    /// Most files that the matter may have now.
    pub max_files: i64,
}
