//! People who work for an organisation, and their sessions.

use serde::{Deserialize, Serialize};

use super::Private;
use super::org::OrgView;

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

/// Who is signed in, where they stand and what their role may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffSessionView {
    /// The account.
    pub staff: StaffView,
    /// The organisation that the account belongs to.
    pub org: OrgView,
    /// Every operation that the role holds, such as `channel.list`; where it holds is another question.
    pub operations: Vec<String>,
    /// The time that rules go by in this world, RFC 3339.
    pub now: String,
}

/// Replaces one's own password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeStaffPassword {
    /// The password, or the one-time secret, that signs in now.
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub current_password: Private,
    /// At least 12 characters, without the login in it.
    #[cfg_attr(feature = "openapi", schema(min_length = 12, max_length = 256))]
    pub new_password: Private,
}

/// Adds a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateStaff {
    /// `org_…` they work for.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub org_id: String,
    /// Login name, 3 to 32 lower-case letters, digits, `.`, `_` and `-`, beginning with a letter; unique.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 32))]
    pub login: String,
    /// The one role, such as `region_clerk`.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub role: String,
}

/// A new member of staff and the secret to hand over; it is shown once and must be replaced at the first sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffCreated {
    /// The account.
    pub staff: StaffView,
    /// Signs in until it is replaced.
    pub one_time_password: Private,
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
    /// The one role.
    pub role: String,
    /// `active` or `disabled`.
    pub state: String,
    /// Whether the one-time password has yet to be replaced; until then nothing else is allowed.
    pub must_change_password: bool,
    /// RFC 3339.
    pub created_at: String,
}
