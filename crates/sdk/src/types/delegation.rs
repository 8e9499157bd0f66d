//! Who stands in for whom.

use serde::{Deserialize, Serialize};

/// Asks a colleague of the own organisation to act in matters in one's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateDelegation {
    /// The colleague's login name.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 32))]
    pub login: String,
    /// The first day, `YYYY-MM-DD`; today or later.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub from_on: String,
    /// The last day.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub until_on: String,
}

/// Answers or ends a delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActOnDelegation {
    /// `accept` and `decline` by whoever was asked; `revoke` by either.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub action: String,
}

/// One of the two of a delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Representative {
    /// `stf_…`
    pub staff_id: String,
    /// Login name.
    pub login: String,
    /// The own role.
    pub role: String,
}

/// A delegation, as one of the two sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DelegationView {
    /// `dlg_…`; sent as `Ykt-Delegation` with a request, it says that the request is made in the giver's place.
    pub delegation_id: String,
    /// Who is away.
    pub giver: Representative,
    /// Who stands in.
    pub taker: Representative,
    /// Which of the two the asker is: `giver` or `taker`.
    pub side: String,
    /// The first day.
    pub from_on: String,
    /// The last day.
    pub until_on: String,
    /// `offered`, `coming`, `in_force`, `lapsed`, `declined` or `revoked`, as it stands today.
    pub state: String,
    /// RFC 3339.
    pub offered_at: String,
    /// What the asker may do with it: `accept`, `decline`, `revoke`.
    pub actions: Vec<String>,
}

/// In whose place a session acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandingIn {
    /// `dlg_…`
    pub delegation_id: String,
    /// `stf_…` of whoever is away.
    pub giver_id: String,
    /// The role whose part is taken in matters.
    pub role: String,
}
