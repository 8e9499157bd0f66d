//! What an account is told by e-mail, and which messages it does not want to see counted.

use super::Private;
use serde::{Deserialize, Serialize};

/// What a message, or something that waits, is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageCategory {
    /// How a channel comes in: applications, agreements, the key by which they are signed.
    Access,
    /// What happens while it runs: monitoring, maintenance, campaigns, tickets, suggestions, monthly reports.
    Running,
    /// Security reports, risk events, changes of keys.
    Security,
    /// How it leaves.
    Exit,
    /// What the platform announces.
    Platform,
}

/// The language of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MailLanguage {
    /// Chinese.
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Sets what the own account wants; what it was is replaced as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetNotification {
    /// Categories that are neither counted nor listed unless asked for; not `platform`. What waits for the own office until a
    /// last day is shown all the same.
    pub muted: Vec<MessageCategory>,
    /// Categories of which no mail is wanted. What waits for the own office until a last day is mailed all the same.
    pub unmailed: Vec<MessageCategory>,
    /// The language of the mail.
    pub language: MailLanguage,
}

/// A category, as the own account wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    /// Which.
    pub category: MessageCategory,
    /// Whether it can be muted.
    pub may_mute: bool,
    /// Whether it is.
    pub is_muted: bool,
    /// Whether mail is wanted of it.
    pub is_mailed: bool,
}

/// Whether mail goes to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailAddressState {
    /// It does.
    Active,
    /// It was not taken there: none goes until an address is verified anew.
    Failing,
}

/// Where the mail of the own account goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailAddressView {
    /// `l***@example.cn`
    pub masked: String,
    /// Whether mail goes there.
    pub state: MailAddressState,
    /// When it was verified.
    pub verified_at: String,
    /// When the last mail was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed_at: Option<String>,
    /// Since when none was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_since: Option<String>,
}

/// An address to which a code was mailed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingMailAddress {
    /// `l***@example.cn`
    pub masked: String,
    /// Until when the code confirms it.
    pub expires_at: String,
}

/// What the own account wants to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationView {
    /// Every category.
    pub categories: Vec<CategoryView>,
    /// The language of the mail.
    pub language: MailLanguage,
    /// Whether this platform sends e-mail at all.
    pub is_mail_sent: bool,
    /// Seconds for which messages are gathered for one mail.
    pub interval_seconds: i64,
    /// Where the mail goes; absent when the account has verified no address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<MailAddressView>,
    /// An address that waits for its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<PendingMailAddress>,
    /// For `If-Match`.
    pub version: i64,
}

/// Gives an address, to which a code is mailed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginMailAddress {
    /// `name@host` in plain letters.
    pub address: Private,
}

/// Shows that the mail was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmMailAddress {
    /// The six digits.
    pub code: Private,
}
