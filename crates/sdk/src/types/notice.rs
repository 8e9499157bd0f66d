//! Wire types of notices to many channels (CH-17).

use super::channel::ChannelClass;
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
    pub audience: NoticeAudience,
    /// What a notice begins with; an object.
    #[cfg_attr(feature = "openapi", schema(schema_with = opening))]
    pub opening: Value,
}

/// Which channels. What is left empty does not narrow the audience; nothing at all means every channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticeAudience {
    /// Of these classes.
    #[serde(default)]
    pub classes: Vec<ChannelClass>,
    /// That serve in one of these regions, six digits each.
    #[serde(default)]
    pub regions: Vec<String>,
    /// These channels.
    #[serde(default)]
    pub channel_ids: Vec<String>,
}

/// A notice that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeSent {
    /// One matter for each channel, in the order of the channels.
    pub matter_ids: Vec<String>,
}
