//! Roles and what each may do.

use serde::{Deserialize, Serialize};

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleView {
    /// Its word.
    pub role: String,
    /// `system`, `security` or `audit`: one account never joins two of them.
    pub power: String,
    /// The kinds of organisation whose accounts may have it.
    pub org_kinds: Vec<String>,
    /// Whether it sees what is its own organisation's only, whatever the division.
    pub is_own_org_only: bool,
}

/// An operation of staff, and who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperationView {
    /// Its word, `noun.verb`.
    pub operation: String,
    /// What it is, in Chinese.
    pub name: String,
    /// What it is, in English.
    pub name_en: String,
    /// The roles that hold it.
    pub roles: Vec<String>,
}

/// What every role may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleTable {
    /// The roles.
    pub roles: Vec<RoleView>,
    /// The operations.
    pub operations: Vec<OperationView>,
}
