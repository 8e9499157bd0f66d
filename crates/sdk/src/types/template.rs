//! A template of agreements or of notices: its versions, and what one becomes for a channel.

use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
fn topic() -> utoipa::openapi::Ref {
    utoipa::openapi::Ref::from_schema_name("NoticeTopic")
}

/// What is filled from a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TemplateKind {
    /// An agreement, or another text of one.
    Agreement,
    /// A notice.
    Notice,
}

/// Makes a template with its first draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTemplate {
    /// What it is called; 1 to 40 characters, and no other template's name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub name: String,
    /// What it is of; that never changes.
    pub kind: TemplateKind,
    /// Of notices: what they are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = topic))]
    pub topic: Option<String>,
    /// The title of a notice, with placeholders; one line of 1 to 200 characters. An agreement has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub subject: Option<String>,
    /// Its text, with placeholders such as `{{渠道名称}}`; of a notice at most 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80_000))]
    pub text: String,
    /// What it is for; 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub words: String,
}

/// Writes the draft of a template: the next version, or the own draft anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveTemplate {
    /// The title of a notice, with placeholders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub subject: Option<String>,
    /// Its text, with placeholders such as `{{渠道名称}}`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80_000))]
    pub text: String,
    /// What is new in it; 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub words: String,
}

/// What becomes of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TemplateDecision {
    /// It is in force, and the version before is not any more.
    Approve,
    /// It is given up.
    Drop,
}

/// Decides on the draft of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideTemplate {
    /// Whoever wrote it may only drop it.
    pub decision: TemplateDecision,
    /// Why; 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub words: String,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateView {
    /// `agt_…`
    pub template_id: String,
    /// What it is called.
    pub name: String,
    /// `agreement` or `notice`.
    pub kind: String,
    /// Of notices: what they are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Every version without its text, the oldest first.
    pub versions: Vec<TemplateVersionView>,
    /// Counted up by every change.
    pub version: i64,
}

/// A version of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateVersionView {
    /// From 1.
    pub number: i64,
    /// `draft`, `in_force`, `superseded` or `dropped`.
    pub state: String,
    /// The title of a notice; only where one version is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Its text; only where one version is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What is new in it.
    pub words: String,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: String,
    /// Why it was put in force or dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
}

/// Tries words on a channel; nothing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewTemplate {
    /// What they are of.
    pub kind: TemplateKind,
    /// The title of a notice, with placeholders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub subject: Option<String>,
    /// The text, with placeholders.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80_000))]
    pub text: String,
    /// The channel.
    pub channel_id: String,
    /// The version that the agreement's text would have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The first day, YYYY-MM-DD; of a notice the moment when what it tells of begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day; of a change there is none. Of a notice the moment when it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Of a notice: the last day to acknowledge it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledge_by: Option<String>,
    /// Of a notice of an upgrade: the last day to have it done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade_by: Option<String>,
}

/// What words are for a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FilledTemplate {
    /// The title of a notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text; a placeholder that has no value stands as it was.
    pub text: String,
    /// The placeholders that have no value, each once; an offer or a notice from this text would be refused for them.
    pub absent: Vec<String>,
}
