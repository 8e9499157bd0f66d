//! Wire types of the forms of personalised services (个性化服务申请表).

use serde::{Deserialize, Serialize};

/// A version of the form that comes filled in with an application for a service (CH-F1.12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceFormView {
    /// `sfm_…`
    pub service_form_id: String,
    /// Code of the service.
    pub service: String,
    /// The version, from 1.
    pub number: u32,
    /// `current`, `replaced` or `withdrawn`.
    pub state: String,
    /// What the document is called.
    pub file_name: String,
    /// Its length in bytes.
    pub size: i64,
    /// Its SM3 digest, 64 hexadecimal digits.
    pub sm3: String,
    /// What it is.
    pub content_type: String,
    /// The day on which it came into use, `YYYY-MM-DD`.
    pub from_on: String,
    /// RFC 3339.
    pub published_at: String,
    /// `stf_…` who published it.
    pub published_by: String,
    /// RFC 3339: when it was replaced or withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Why it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Takes the form of a service down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawServiceForm {
    /// `sfm_…`, the current form: another one stays.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub service_form_id: String,
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}
