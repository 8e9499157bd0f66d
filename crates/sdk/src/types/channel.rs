//! A channel: the carrier of e-card service, its scope and its life.

use serde::{Deserialize, Serialize};

use super::key::{AddKey, KeyView};

/// The class by owner (CH-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChannelClass {
    /// 人社渠道.
    Hrss,
    /// 政府渠道.
    Government,
    /// 全国签约渠道.
    NationalSigned,
    /// 银行渠道.
    Bank,
    /// 医药渠道.
    Medical,
    /// 社会渠道.
    Social,
}

/// The form (CH-2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChannelForm {
    /// APP.
    App,
    /// 公众号.
    OfficialAccount,
    /// 生活号.
    LifeAccount,
    /// 小程序.
    MiniProgram,
    /// Named in `form_name`.
    Other,
}

/// How the channel is integrated (CH-8.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccessMode {
    /// SDK; for an APP only.
    Sdk,
    /// H5.
    H5,
}

/// The owner unit (渠道所属单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelOwner {
    /// Full name, at most 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// 统一社会信用代码, 18 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 18, max_length = 18))]
    pub uscc: String,
}

/// Registers a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateChannel {
    /// At most 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// The owner unit.
    pub owner: ChannelOwner,
    /// The class by owner.
    pub class: ChannelClass,
    /// 1 connects directly, 2 through a level-1 channel.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2))]
    pub level: u8,
    /// `chn_…` of the level-1 channel; required on level 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub parent_id: Option<String>,
    /// The form.
    pub form: ChannelForm,
    /// What the form is, when `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 50))]
    pub form_name: Option<String>,
    /// How it is integrated.
    pub access_mode: AccessMode,
    /// Divisions of service, 6 digits each; 000000 is the nation.
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub regions: Vec<String>,
    /// Codes of services asked for.
    pub services: Vec<String>,
    /// Optional public keys to begin with; more can be added.
    #[serde(default)]
    pub keys: Vec<AddKey>,
}

/// Moves a channel along its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActOnChannel {
    /// One of the actions in `ChannelView.actions`.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub action: String,
    /// At most 500 characters; required where the action takes a right away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub reason: Option<String>,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelView {
    /// `chn_…`
    pub channel_id: String,
    /// 渠道编号, 10 digits, unique for ever.
    pub number: String,
    /// Name.
    pub name: String,
    /// The owner unit.
    pub owner: ChannelOwner,
    /// `org_…` of the owner unit.
    pub owner_id: String,
    /// The class by owner.
    pub class: ChannelClass,
    /// 1 or 2.
    pub level: u8,
    /// `chn_…` of the level-1 channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// Of a level-2 channel: `same_entity` with level 1, or `different_entity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// The form.
    pub form: ChannelForm,
    /// What the form is, when `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_name: Option<String>,
    /// How it is integrated.
    pub access_mode: AccessMode,
    /// `live`, `suspended` or `terminated`.
    pub state: String,
    /// Where it stands in its life: `testing`, `live`, `leaving`, `exited` or `terminated`.
    pub phase: String,
    /// How the portal stands to it: `open`, or `read_only` once it has left (CH-33.3).
    pub portal: String,
    /// Why, in the words of whoever changed the state last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Divisions of service.
    pub regions: Vec<String>,
    /// Codes of services in its scope.
    pub services: Vec<String>,
    /// Its registered keys.
    pub keys: Vec<KeyView>,
    /// What the asker may do with it now.
    pub actions: Vec<String>,
    /// Kinds of matters that the asker's party may begin about it in its phase.
    pub opens: Vec<String>,
    /// For `If-Match`.
    pub version: i64,
    /// RFC 3339.
    pub created_at: String,
}

/// A channel between the levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelLevels {
    /// The level-1 channel of a level-2 channel.
    pub parent: Option<ChannelRelative>,
    /// The level-2 channels of a level-1 channel, by number: all of them for its owner, for a department those that serve
    /// in its area.
    pub below: Vec<ChannelRelative>,
}

/// A channel above or below another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelRelative {
    /// `chn_…`
    pub channel_id: String,
    /// 渠道编号.
    pub number: String,
    /// Name.
    pub name: String,
    /// Name of its owner unit.
    pub owner_name: String,
    /// `same_entity` or `different_entity` as its level-1 channel; none of a level-1 channel.
    pub relation: Option<String>,
    /// As in `ChannelView`.
    pub state: String,
    /// As in `ChannelView`.
    pub phase: String,
    /// Whether the asker may see the channel itself.
    pub is_in_sight: bool,
}

/// What was or is withheld from a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeasureView {
    /// `mea_…`
    pub measure_id: String,
    /// `mat_…` that opened it; none in the sandbox's short way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter_id: Option<String>,
    /// `all`, `new_holders` or `services`.
    pub withheld: String,
    /// The codes of the services, where certain ones are withheld.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// RFC 3339.
    pub opened_at: String,
    /// RFC 3339; none while it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted_at: Option<String>,
}

/// The measures of a channel, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeasureList {
    /// Open and lifted ones.
    pub data: Vec<MeasureView>,
}

/// What a step against a channel would break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImpactView {
    /// What works now and would not then, by service.
    pub stops: Vec<ServiceStop>,
    /// The last day to rectify, where the cause gives one (CH-31.1, CH-31.2). Service comes back when a retest has passed, and
    /// by no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rectify_by: Option<String>,
    /// How much the channel is used, for whoever may read its statistics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<ChannelUsage>,
}

/// What of a service would stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceStop {
    /// Its code.
    pub service: String,
    /// `issue`, `open_application` (for holders who are new to it) or `serve` (for all the others).
    pub uses: Vec<String>,
}

/// How much a channel was used a day in the asker's area, all its services together; averages are rounded up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelUsage {
    /// First of the days.
    pub from_on: String,
    /// Last of the days.
    pub to_on: String,
    /// E-cards issued a day.
    pub issued: i64,
    /// Uses answered a day.
    pub uses: i64,
    /// Distinct users a day.
    pub users: i64,
    /// Payments a day.
    pub payments: i64,
}
