//! The template of an agreement: its versions, and what one becomes for a channel.

use serde::{Deserialize, Serialize};

/// Makes a template with its first draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateAgreementTemplate {
    /// What it is called; 1 to 40 characters, and no other template's name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub name: String,
    /// Its text, with placeholders such as `{{渠道名称}}`.
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
pub struct SaveAgreementTemplate {
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
pub enum AgreementTemplateDecision {
    /// It is in force, and the version before is not any more.
    Approve,
    /// It is given up.
    Drop,
}

/// Decides on the draft of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideAgreementTemplate {
    /// Whoever wrote it may only drop it.
    pub decision: AgreementTemplateDecision,
    /// Why; 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub words: String,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgreementTemplateView {
    /// `agt_…`
    pub template_id: String,
    /// What it is called.
    pub name: String,
    /// Every version without its text, the oldest first.
    pub versions: Vec<AgreementTemplateVersionView>,
    /// Counted up by every change.
    pub version: i64,
}

/// A version of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgreementTemplateVersionView {
    /// From 1.
    pub number: i64,
    /// `draft`, `in_force`, `superseded` or `dropped`.
    pub state: String,
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

/// Tries a text on a channel; nothing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewAgreementTemplate {
    /// The text, with placeholders.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80_000))]
    pub text: String,
    /// The channel.
    pub channel_id: String,
    /// The version that the agreement's text would have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The first day, YYYY-MM-DD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day; of a change there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// What a text is for a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FilledAgreementTemplate {
    /// The text; a placeholder that has no value stands as it was.
    pub text: String,
    /// The placeholders that have no value, each once; an offer from this text would be refused for them.
    pub absent: Vec<String>,
}
