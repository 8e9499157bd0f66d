//! Wire types of sendings (群发): what is put to many channels at once, and who has answered.

use super::channel::ChannelClass;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which channels. What is left empty does not narrow the audience; nothing at all means every channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Of these classes.
    #[serde(default)]
    pub classes: Vec<ChannelClass>,
    /// That serve in one of these regions, six digits each.
    #[serde(default)]
    pub regions: Vec<String>,
    /// These channels; one that there is not, or that cannot be told, is refused at its place.
    #[serde(default)]
    pub channel_ids: Vec<String>,
    /// Of a rotation of keys: whose key in use, the newest of that usage that works, was registered before this day, YYYY-MM-DD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_before: Option<String>,
}

/// Another text of the agreement, for every channel of an audience that has one in force (CH-25.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SendAmendment {
    /// To whom.
    pub audience: Audience,
    /// What changes.
    pub amendment: Amendment,
    /// When it is sent; at once without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<String>,
}

/// Another text of the agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// Its version.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub version: String,
    /// The whole text; none where a template is named, which is filled for each channel.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80_000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// From which version in force of which template the text of each channel is filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<AmendmentTemplate>,
    /// Its first day, and the last day to sign it, YYYY-MM-DD.
    pub effective_on: String,
    /// What changes, and why.
    pub words: String,
}

/// A version of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AmendmentTemplate {
    /// `agt_…`
    pub template_id: String,
    /// Which version.
    pub number: u32,
}

/// What was put to channels, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sent {
    /// The sending; none when it was only tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending_id: Option<String>,
    /// When it will be put to them; of one that is planned, and until then nobody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<String>,
    /// The channels it was put to, or would be if it were now; none while it waits.
    pub channel_ids: Vec<String>,
    /// The matter of each of these channels, in the same order; none when it was only tried.
    pub matter_ids: Vec<String>,
    /// The channels of the audience that it could not be put to.
    pub left_out: Vec<LeftOut>,
}

/// A channel to which something could not be put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeftOut {
    /// The channel.
    pub channel_id: String,
    /// Its number.
    pub channel_number: String,
    /// Its name.
    pub channel_name: String,
    /// The code of the rule that says why.
    pub code: String,
    /// What it said then, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A sending and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendingView {
    /// Its id.
    pub sending_id: String,
    /// `notice`, `amendment` or `key_rotation`.
    pub kind: String,
    /// One line: the subject of a notice or a rotation, the version of another text.
    pub title: String,
    /// `planned`, `sent`, `cancelled` or `failed`.
    pub state: String,
    /// When it was sent; none of one that was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<String>,
    /// The moment for which it was planned; none of one that was sent at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<String>,
    /// When it was cancelled or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Why it was not sent at its moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<SendingFailure>,
    /// The account that sent or planned it.
    pub sent_by_staff: String,
    /// How many stand where.
    pub counts: SendingCounts,
    /// To whom it was sent; of one sending only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// What was sent, as a notice or a rotation begins or an agreement is amended; of one sending only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Value>,
    /// Channel by channel; of one sending only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<SendingEntry>,
    /// The channels of the audience that it could not be put to; of one sending only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// Why a sending was not sent at its moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendingFailure {
    /// The code of the rule.
    pub code: String,
    /// What it said, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// How many channels of a sending stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendingCounts {
    /// Channels it was put to: answered, late, open and dropped together.
    pub channels: i64,
    /// Those whose owner has read what it was told, or has answered.
    pub read: i64,
    /// Those that have acknowledged, signed or rotated.
    pub answered: i64,
    /// Those that have not, and whose day is over.
    pub late: i64,
    /// Those that have not yet.
    pub open: i64,
    /// Those whose matter has ended without an answer.
    pub dropped: i64,
    /// Channels of the audience that it could not be put to.
    pub left_out: i64,
}

/// One channel of a sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendingEntry {
    /// Its matter.
    pub matter_id: String,
    /// The channel.
    pub channel_id: String,
    /// Its number.
    pub channel_number: String,
    /// Its name.
    pub channel_name: String,
    /// The state of the matter.
    pub state: String,
    /// `answered`, `late`, `open` or `dropped`.
    pub standing: String,
    /// When somebody of the owner first read what it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<String>,
    /// When it was acknowledged or signed, or since when the keys are rotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
    /// The day on which the owner was last reminded, YYYY-MM-DD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_on: Option<String>,
    /// Whether the owner may be reminded today.
    pub may_remind: bool,
    /// Of a rotation of keys: how far the channel has come, by its keys as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<RotationProgress>,
}

/// How far a channel has come with the rotation of a key, as its keys and its open key change say when asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RotationProgress {
    /// `not_begun`; `drafted`, a key change waits for the owner's signature; `filed`, it waits for the operator; `both`, the new key
    /// and one from before work; `rotated`, only new ones work.
    pub stage: String,
    /// The open key change of that usage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_matter_id: Option<String>,
    /// The newest key that was registered after the sending began and works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_key_id: Option<String>,
    /// The newest key from before that works still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_key_id: Option<String>,
    /// When that one ends by itself; none while nothing ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_ends_at: Option<String>,
}

/// Who was reminded of a sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendingReminded {
    /// Every channel that had not answered, in the order of their numbers.
    pub rows: Vec<SendingReminder>,
}

/// What came of reminding one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendingReminder {
    /// The channel.
    pub channel_id: String,
    /// Its matter.
    pub matter_id: String,
    /// `now`: its owner was told; `already`: it had been today; `over`: nothing waits for it any more.
    pub outcome: String,
}
