//! 渠道联系人: whom to call about a channel, now and before.

use super::Private;
use serde::{Deserialize, Serialize};

/// On what occasion a contact was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactOccasion {
    /// 附表1 of the first access.
    Test,
    /// 附表3 of the first access.
    Formal,
    /// 附表3 of a change of regions or services.
    Change,
    /// A notice that the contact is another one.
    Notice,
}

/// Who is and was to be called about a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelContacts {
    /// `chn_…`
    pub channel_id: String,
    /// Newest first: the first one holds now. None of a channel that no application told of.
    pub contacts: Vec<HeldContact>,
    /// Whether this platform sends e-mail at all; without, no address is verified.
    pub is_mail_sent: bool,
    /// Until when the code that was mailed to the contact of now confirms its address, to whoever is of the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_until: Option<String>,
    /// Whether the asker may have a code mailed, and give it back.
    pub may_verify: bool,
    /// Whether the asker may have the contact of now told in clear.
    pub may_reveal: bool,
}

/// A contact while it held; masked, save for whoever is of the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldContact {
    /// `mat_…` of the application that told it.
    pub matter_id: String,
    /// On what occasion.
    pub occasion: ContactOccasion,
    /// Name.
    pub name: Private,
    /// Mobile phone.
    pub phone: Private,
    /// E-mail.
    pub email: Private,
    /// When it was told.
    pub since_at: String,
    /// When another one was; absent while it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_at: Option<String>,
    /// When whoever reads the address showed so to this owner; absent when nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<String>,
}

/// Whom to call about a channel now, in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelContact {
    /// Name.
    pub name: Private,
    /// Mobile phone.
    pub phone: Private,
    /// E-mail.
    pub email: Private,
}

/// Shows that the mail was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmChannelContact {
    /// The six digits.
    pub code: Private,
}
