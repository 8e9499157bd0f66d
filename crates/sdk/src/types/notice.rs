//! Wire types of notices to many channels (CH-17).

use super::sending::Audience;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(feature = "openapi")]
fn opening() -> utoipa::openapi::Ref {
    utoipa::openapi::Ref::from_schema_name("NoticeOpening")
}

/// Sends a notice to every channel of an audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SendNotice {
    /// To whom.
    pub audience: Audience,
    /// What a notice begins with; an object.
    #[cfg_attr(feature = "openapi", schema(schema_with = opening))]
    pub opening: Value,
    /// When it is sent; at once without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<String>,
}
