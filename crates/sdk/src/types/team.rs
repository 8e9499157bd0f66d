//! The accounts of one organisation, administered by one of them.

use serde::{Deserialize, Serialize};

/// Adds an account to the own organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateMember {
    /// Login name, 3 to 32 lower-case letters, digits, `.`, `_` and `-`, beginning with a letter; unique.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 32))]
    pub login: String,
    /// The one role, such as `channel_engineer`.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub role: String,
}
