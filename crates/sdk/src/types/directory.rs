//! 授权渠道名录: the channels in service, as everybody may read them (ND-3.5b).

use serde::{Deserialize, Serialize};

use super::channel::{ChannelClass, ChannelForm};

/// A channel in service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectoryEntry {
    /// 渠道编号, 10 digits, unique for ever.
    pub number: String,
    /// Name.
    pub name: String,
    /// The owner unit.
    pub owner_name: String,
    /// The class by owner.
    pub class: ChannelClass,
    /// 1 or 2.
    pub level: u8,
    /// The form.
    pub form: ChannelForm,
    /// What the form is, when `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_name: Option<String>,
    /// Divisions of service.
    pub regions: Vec<String>,
}
