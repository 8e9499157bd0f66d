//! 单位登记信息: what a company is by the register of companies.

use serde::{Deserialize, Serialize};

/// What an organisation stated of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompanyView {
    /// `org_…`
    pub org_id: String,
    /// 法定代表人; absent until it is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<String>,
    /// 成立日期; absent until it is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_on: Option<String>,
    /// Whole years since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_years: Option<i32>,
    /// From when on it is old enough for a channel of class 社会.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_enough_on: Option<String>,
    /// When it was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_at: Option<String>,
    /// For `If-Match`; 0 until it is stated.
    pub version: i64,
}

/// States what the own organisation is by the register of companies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StateCompany {
    /// 法定代表人, at most 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub legal_representative: String,
    /// 成立日期, not after today.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 10))]
    pub registered_on: String,
}
