//! People who work for an organisation, and their sessions.

use serde::{Deserialize, Serialize};

use super::Private;

/// Signs a member of staff in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateStaffSession {
    /// Login name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub login: String,
    /// Password.
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub password: Private,
}

/// A staff session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffSessionOpened {
    /// `st_…`, for `Authorization: Bearer`.
    pub token: Private,
    /// Who signed in.
    pub staff: StaffView,
    /// RFC 3339.
    pub expires_at: String,
}

/// Adds a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateStaff {
    /// `org_…` they work for.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub org_id: String,
    /// Login name, 1 to 64 characters, unique.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub login: String,
    /// For people, at most 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// First password, at least 12 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 12, max_length = 256))]
    pub password: Private,
    /// Codes of roles; system, security and audit administrators exclude one another.
    pub roles: Vec<String>,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffView {
    /// `stf_…`
    pub staff_id: String,
    /// `org_…`
    pub org_id: String,
    /// Login name.
    pub login: String,
    /// For people.
    pub name: String,
    /// Codes of roles.
    pub roles: Vec<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<String>,
}
