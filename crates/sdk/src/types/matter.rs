//! Wire types of matters (办件): business in a channel's life.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(feature = "openapi")]
fn body() -> utoipa::openapi::Ref {
    utoipa::openapi::Ref::from_schema_name("MatterBody")
}

/// Opens a matter. The API's description has a schema for each kind, made of what reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenMatter {
    /// Its kind, e.g. `application`.
    pub kind: String,
    /// The channel it is about, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// The level-1 channel that an application of level 2 names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// What the kind wants to begin with; an object.
    pub opening: Value,
}

/// Acts on a matter: `action` and what it brings, e.g. `{"action":"answer","words":"…"}`; described for each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActOnMatter {
    /// Which action.
    pub action: String,
    /// What it brings.
    #[serde(flatten)]
    pub input: serde_json::Map<String, Value>,
}

/// For whom a matter waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterWait {
    /// `owner`, `prefecture`, `province`, `ministry` or `operator`.
    pub party: String,
    /// Of which area, where the party has many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// Its Chinese name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division_name: Option<String>,
    /// What is waited for.
    pub task: String,
    /// Since when.
    pub since: String,
    /// The day of the event that began the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<String>,
    /// The last day in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// Whether that day may move when the next working days are published.
    pub is_provisional: bool,
    /// The clause of the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// `recorded`, or the action that the platform does when the day has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// When the passing of the day was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_at: Option<String>,
}

/// Something that happened to a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterStep {
    /// From 1.
    pub number: i64,
    /// When.
    pub at: String,
    /// Which party acted; `platform` when nobody did.
    pub party: String,
    /// The account that acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<String>,
    /// The organisation's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_name: Option<String>,
    /// What was done.
    pub action: String,
    /// Its Chinese name, where its kind has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_zh: Option<String>,
    /// Its English name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// The state before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The state after.
    pub to: String,
    /// What the person wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// An action that the asker may do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterAction {
    /// Its word.
    pub action: String,
    /// Its Chinese name.
    pub label_zh: String,
    /// Its English name.
    pub label_en: String,
    /// The clause.
    pub clause: String,
    /// What it wants: `words`, `step_up`, `second_person`, `form`, `files`.
    pub needs: Vec<String>,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterView {
    /// Its id.
    pub matter_id: String,
    /// Its kind.
    pub kind: String,
    /// The word of its state.
    pub state: String,
    /// Whether it has ended.
    pub is_ended: bool,
    /// One line.
    pub title: String,
    /// The channel, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// The channel's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_number: Option<String>,
    /// The channel's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_name: Option<String>,
    /// The organisation that acts as the owner.
    pub owner_id: String,
    /// Its name.
    pub owner_name: String,
    /// When it was opened.
    pub opened_at: String,
    /// When something last happened.
    pub changed_at: String,
    /// Optimistic version, as the `ETag` says.
    pub version: i64,
    /// For whom it waits.
    pub waits: Vec<MatterWait>,
    /// Everything about it, as its kind keeps it; of one matter only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = body))]
    pub body: Option<Value>,
    /// What happened; of one matter only.
    pub timeline: Vec<MatterStep>,
    /// What the asker may do now; of one matter only.
    pub actions: Vec<MatterAction>,
}

/// A line of an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxItem {
    /// What is waited for, of the asker's party.
    pub wait: MatterWait,
    /// The matter.
    pub matter: MatterView,
}

/// What waits for the asker's party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxView {
    /// By last day, then by age; at most 500.
    pub items: Vec<InboxItem>,
}

/// Something that the asker's party was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageView {
    /// Its id.
    pub message_id: String,
    /// About which channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// About which matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter_id: Option<String>,
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
    /// When.
    pub at: String,
    /// When the party first read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<String>,
}
