//! Payees: organisations that are paid.

use serde::{Deserialize, Serialize};

/// Registers an organisation as a payee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreatePayee {
    /// `org_…` of a department.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub org_id: String,
    /// Fee of each payment in 1/10000, at most 10000.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10000))]
    pub fee_basis_points: i64,
}

/// A payee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayeeView {
    /// `org_…`
    pub payee_id: String,
    /// Name of the organisation.
    pub name: String,
    /// Fee of each payment in 1/10000.
    pub fee_basis_points: i64,
    /// RFC 3339.
    pub created_at: String,
}
