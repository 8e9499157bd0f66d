//! Wire types of matters (办件): business in a channel's life.

use super::Private;
use super::notification::MessageCategory;
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
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// The level-1 channel that an application of level 2 names.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// What the kind wants to begin with; an object.
    pub opening: Value,
}

/// What may be left out is text when it is there, never `null`.
fn given<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<String>, D::Error> {
    String::deserialize(reader).map(Some)
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
    /// Who may move that day; absent where nobody may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<MatterExtension>,
    /// `recorded`, or the action that the platform does when the day has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// When the passing of the day was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_at: Option<String>,
    /// When the party was last reminded; of one matter only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_at: Option<String>,
    /// The organisation that did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_by: Option<String>,
    /// The account that did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_by_staff: Option<String>,
    /// Whether the asker may remind the party today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_remind: Option<bool>,
}

/// Who may move a last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterExtension {
    /// The parties; each has a part in it.
    pub parties: Vec<String>,
    /// By which clause.
    pub clause: String,
}

/// Reminds those for whom a matter waits, once a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RemindMatter {
    /// `owner`, `prefecture`, `province`, `ministry` or `operator`.
    pub party: String,
    /// Of which area, where the party has many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
}

/// How much the asker's party has not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnreadView {
    /// Messages.
    pub unread: i64,
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
    /// The account in whose place it acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_place_of: Option<String>,
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
    /// Of a risk event, its grade and what is suspended for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<MatterRisk>,
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
    /// Whether the asker is of its owner and only reads it, because the channel has left (CH-33.3); of one matter only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_read_only: Option<bool>,
    /// What the end of the term comes to as things stand; of one agreement in force only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal: Option<RenewalOutlook>,
    /// What the security report that waits for a review, or the rectification that waits for its retest, is looked through for; of one
    /// matter only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<ReportCheck>,
    /// The stages of the exit, from its filing to the accepted deletion; of one exit only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub course: Vec<ExitStage>,
    /// In whose hands the asker's office has it; of one matter only, and only for an office that has a part in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<MatterAssignment>,
    /// What other offices were asked about it, oldest first; of one matter only, and not for its owner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<AdviceView>,
    /// Whether the asker may ask another office for its opinion; of one matter only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_ask_advice: Option<bool>,
    /// Whether the asker may be told the contacts that are masked; of one matter only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_reveal: Option<bool>,
}

/// What a list tells of a risk event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterRisk {
    /// `1`, `2` or `3`, once two people have graded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// What is withheld for it now: `all`, `new_holders` or `services`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
    /// The services, where single ones are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
}

/// A stage of an exit as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExitStage {
    /// `filed`, `consulted`, `approved`, `notified`, `prompted`, `announced`, `closed`, `certified` or `accepted`; of a forced
    /// one `proposed` and `confirmed` instead of the first four.
    pub milestone: String,
    /// `done`, `current`, `ahead`, or `skipped` when the channel ended without it.
    pub standing: String,
    /// Who does it.
    pub party: String,
    /// The actions that carry it on, whoever may do them.
    pub actions: Vec<String>,
    /// By which clause.
    pub clause: String,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<String>,
    /// Its last day, or for the closing the last day of service, while it is known and not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
}

/// Something that a security report is looked through for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportCheck {
    /// `cnas`, `cma`, `risk_assessment`, `cryptography`, `specification`, `tested_on`, `scope`, `document` or `retest`; of a risk
    /// event that waits for its retest `retest_report`.
    pub item: String,
    /// The clause that asks for it.
    pub clause: String,
    /// What the rules find; nothing where no rule knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<bool>,
    /// Whether a person has to confirm it.
    pub is_confirmed: bool,
}

/// What the end of an agreement's term comes to, if nothing changes until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RenewalOutlook {
    /// The state that it would be in: `in_force` when it is extended of itself.
    pub becomes: String,
    /// What stands against that.
    pub hindrances: Vec<RenewalHindrance>,
}

/// One thing that stands against the extension of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RenewalHindrance {
    /// `gone`, `grade_three`, `objection`, `warning` or `risk_event`.
    pub ground: String,
    /// The clause by which it does.
    pub clause: String,
    /// The matter in which it arose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter_id: Option<String>,
    /// The side that objects: `owner` or `operator`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// The last day of the observation, once the event is rectified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_until: Option<String>,
}

/// Somebody of the own office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleague {
    /// The account.
    pub staff_id: String,
    /// Its name.
    pub login: String,
}

/// In whose hands an office has a matter. It changes nothing of who may act in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterAssignment {
    /// In whose; nobody's when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Colleague>,
    /// Into whose it can be put; empty while it does not wait for the office.
    pub colleagues: Vec<Colleague>,
    /// How it came there, oldest first.
    pub history: Vec<AssignmentLine>,
}

/// One time that a matter was put into somebody's hands, or laid down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentLine {
    /// When.
    pub at: String,
    /// By whom.
    pub by: Colleague,
    /// Into whose; nobody's when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Colleague>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// Puts a matter into the hands of somebody of the own office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignMatter {
    /// Into whose; without it the matter is laid down.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<String>,
    /// Why: needed but for taking what nobody has and laying down one's own.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// What another office was asked about a matter, and what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdviceView {
    /// Its id.
    pub advice_id: String,
    /// `asked`, `answered` or `withdrawn`.
    pub state: String,
    /// Whose opinion is asked: `prefecture`, `province`, `ministry` or `operator`.
    pub party: String,
    /// Of which area, where the party has many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// When it was asked.
    pub asked_at: String,
    /// The organisation that asked.
    pub asked_by: String,
    /// The account that asked.
    pub asked_by_staff: String,
    /// What is asked.
    pub words: String,
    /// When it was answered or taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    /// The organisation that answered or took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
    /// The opinion, or why it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Files of the answer: attachments of the matter.
    pub files: Vec<String>,
    /// Whether the asker may answer it now.
    pub may_answer: bool,
    /// Whether the asker may take it back now.
    pub may_withdraw: bool,
}

/// Asks another office for its opinion on a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskAdvice {
    /// `prefecture`, `province`, `ministry` or `operator`.
    pub party: String,
    /// Of which area, where the party has many.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// What is asked.
    pub words: String,
}

/// Answers what the own office was asked, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerAdvice {
    /// The opinion.
    pub words: String,
    /// Attachments of the matter that the own organisation has sent.
    #[serde(default)]
    pub files: Vec<String>,
}

/// Takes a question back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawAdvice {
    /// Why.
    pub words: String,
}

/// A line of an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxItem {
    /// What is waited for, of the asker's party.
    pub wait: MatterWait,
    /// The matter.
    pub matter: MatterView,
    /// In whose hands the asker's office has it; nobody's when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Colleague>,
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
    /// The channel's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_name: Option<String>,
    /// About which matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter_id: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter_title: Option<String>,
    /// What it is about.
    pub category: MessageCategory,
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

/// Who can be reached about an application, in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterContacts {
    /// Those that were filled in.
    pub contacts: Vec<MatterContact>,
}

/// A contact of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterContact {
    /// Where it stands in the body: `/forms/one/contact` or `/formal/contact`.
    pub place: String,
    /// Name.
    pub name: Private,
    /// Mobile phone.
    pub phone: Private,
    /// E-mail.
    pub email: Private,
}
