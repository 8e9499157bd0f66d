//! The catalogue of what an e-card can be used for, and where it has been opened.

use super::service_form::ServiceFormView;
use serde::{Deserialize, Serialize};

/// The family a service belongs to (ND-3.3b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServiceFamily {
    /// 签发, the precondition of every other (CH-6.3).
    Issuance,
    /// 身份认证.
    Identity,
    /// 信息查询.
    Query,
    /// 业务申办.
    Application,
    /// 移动支付.
    Payment,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceView {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Family.
    pub family: ServiceFamily,
    /// The purpose a holder must have agreed to.
    pub purpose: String,
    /// The least consent a use takes: `code`, `confirmation` or `grant`.
    pub consent: String,
    /// Level an e-card needs: 1 or 2.
    pub sign_level: u8,
    /// Part of the standard set that every general channel gets (CH-8.2a).
    pub standard: bool,
    /// The form that an application for it brings filled in, of a personalised service that has one (CH-F1.12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<ServiceFormView>,
    /// RFC 3339.
    pub created_at: String,
}

/// A department opens a service, in its region, to a channel or terminal (ND-3.5d).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateOpening {
    /// Code of the service.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub service: String,
    /// `chn_…` or `trm_…`
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub caller_id: String,
    /// Where, 6 digits; covers what lies below it.
    #[cfg_attr(feature = "openapi", schema(min_length = 6, max_length = 6))]
    pub division: String,
}

/// Opens services as they stand in the rows of a file. A row that is open already is told as unchanged, so a batch may come
/// again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenServices {
    /// 1 to 500 rows.
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub rows: Vec<OpeningRow>,
}

/// An opening as a row of a file: all text, so that one bad row is refused alone and names its own field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OpeningRow {
    /// Code of the service, or its name in either language.
    pub service: String,
    /// To whom: the number of a channel, the serial of a terminal, or `chn_…` or `trm_…`. Ten digits are a channel's number.
    pub caller: String,
    /// Where, 6 digits; covers what lies below it.
    pub division: String,
}

/// Closes an opening at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CloseOpening {
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// A service that is open to a caller somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningView {
    /// `opn_…`
    pub opening_id: String,
    /// Code of the service.
    pub service: String,
    /// `chn_…` or `trm_…`
    pub caller_id: String,
    /// 6 digits.
    pub division: String,
    /// `stf_…` who opened it for the department.
    pub opened_by: String,
    /// RFC 3339.
    pub opened_at: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    /// RFC 3339: since when the department withholds it, until a risk is put right (ND-3.5e).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<String>,
    /// `mat_…`: the rectification that the department has ordered of it, while that is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rectification_id: Option<String>,
}
