//! Wire types of key rotations (密钥轮换) that are asked of many channels (CH-26.2).

use super::sending::Audience;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(feature = "openapi")]
fn opening() -> utoipa::openapi::Ref {
    utoipa::openapi::Ref::from_schema_name("KeyRotationOpening")
}

/// Asks every channel of an audience for another key of one usage by a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SendKeyRotation {
    /// Of whom.
    pub audience: Audience,
    /// What a rotation begins with; an object.
    #[cfg_attr(feature = "openapi", schema(schema_with = opening))]
    pub opening: Value,
    /// When it is sent; at once without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<String>,
}
