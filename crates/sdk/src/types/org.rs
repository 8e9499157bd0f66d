//! Who acts: ministry, province, prefecture, operator, owners, departments and labs.

use serde::{Deserialize, Serialize};

/// What an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrgKind {
    /// 部信息中心.
    Ministry,
    /// 省级人社部门.
    Province,
    /// 地市级人社部门.
    Prefecture,
    /// 平台运营机构.
    Operator,
    /// 渠道所属单位.
    ChannelOwner,
    /// A department or public service that relies on the card.
    Department,
    /// 安全检测专业机构.
    Lab,
}

/// Registers an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateOrg {
    /// Full name, at most 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// What it is.
    pub kind: OrgKind,
    /// Its jurisdiction or seat, 6 digits; 000000 is the nation.
    #[cfg_attr(feature = "openapi", schema(min_length = 6, max_length = 6))]
    pub division: String,
    /// 统一社会信用代码, 18 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 18, max_length = 18))]
    pub uscc: Option<String>,
}

/// Registers organisations as they stand in the rows of a file. A row that is registered just so is told as unchanged, so a
/// batch may come again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterOrgs {
    /// 1 to 500 rows.
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub rows: Vec<OrgRow>,
}

/// An organisation as a row of a file: all text, so that one bad row is refused alone and names its own field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OrgRow {
    /// Full name, at most 200 characters.
    pub name: String,
    /// What it is: the word of [`OrgKind`], or what the pages call it in either language.
    pub kind: String,
    /// Its jurisdiction or seat, 6 digits; 000000 is the nation.
    pub division: String,
    /// 统一社会信用代码, 18 characters; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uscc: String,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrgView {
    /// `org_…`
    pub org_id: String,
    /// Full name.
    pub name: String,
    /// What it is.
    pub kind: OrgKind,
    /// 6 digits.
    pub division: String,
    /// 18 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<String>,
    /// RFC 3339.
    pub created_at: String,
}
