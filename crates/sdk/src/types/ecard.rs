//! The e-card in a channel: claiming it, looking at it, its password, and unbinding it.

use serde::{Deserialize, Serialize};

use super::card::CardState;
use super::holder_session::HolderSessionOpened;
use super::{Private, Proof};

/// The document that the social-security number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IdKind {
    /// 居民身份证, GB 11643.
    ResidentId,
    /// 港澳居民来往内地通行证.
    HongKongMacaoPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 外国人永久居留身份证.
    ForeignPermanentResident,
    /// 护照.
    Passport,
}

/// How the holder was checked to be the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RealPersonMethod {
    /// Face comparison.
    Face,
    /// A code sent to the reserved phone.
    Sms,
    /// A clerk, in person.
    Window,
}

/// Evidence of a real-person check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RealPerson {
    /// How.
    pub method: RealPersonMethod,
    /// What the checking service gave for this person, good for one use.
    #[cfg_attr(feature = "openapi", schema(max_length = 512))]
    pub token: Private,
}

/// Claims the holder's e-card in the calling channel (签发).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClaimEcard {
    /// As in the card registry.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub name: Private,
    /// The kind of `id_number`.
    pub id_kind: IdKind,
    /// 社会保障号码; 18 characters for residents.
    #[cfg_attr(feature = "openapi", schema(max_length = 18))]
    pub id_number: Private,
    /// 卡号, 9 characters, when the holder has more than one card on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_number: Option<Private>,
    /// Issuing division, GB/T 2260, 6 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// Evidence of the real-person check.
    pub real_person: RealPerson,
    /// 签发级别 asked for: 1 proves identity, 2 also pays.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2))]
    pub level: u8,
    /// SM2 public key of the holder's device, SEC1, hex: the first holder session is opened for it. Without one the
    /// holder opens a session later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 130))]
    pub device_key: Option<String>,
}

/// The e-card as bound to the calling channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EcardClaimed {
    /// `bnd_…`: this person in this channel.
    pub binding_id: String,
    /// 电子社保卡号: 32 hex characters, one per e-card and channel.
    pub ecard_no: String,
    /// 签发号.
    pub sign_no: String,
    /// Stable for the person in this channel; two channels cannot join theirs.
    pub pseudonym: String,
    /// 1 proves identity, 2 also pays.
    pub sign_level: u8,
    /// State of the card, which the e-card always shares (ND-1.4).
    pub state: CardState,
    /// The person had this e-card in this or another channel before.
    pub already_claimed: bool,
    /// A password exists: open a holder session with it (`holder_session` is absent).
    pub password_required: bool,
    /// The holder's first session on this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_session: Option<HolderSessionOpened>,
}

/// A binding as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EcardView {
    /// `bnd_…`
    pub binding_id: String,
    /// 32 hex characters.
    pub ecard_no: String,
    /// 签发号.
    pub sign_no: String,
    /// Stable for the person in this channel.
    pub pseudonym: String,
    /// 1 or 2.
    pub sign_level: u8,
    /// State of the card, which the e-card always shares (ND-1.4).
    pub state: CardState,
    /// Issuing division, 6 digits.
    pub division: String,
    /// Such as `张*三`.
    pub name_masked: String,
    /// Such as `1101**********0018`.
    pub id_number_masked: String,
    /// Whether the holder has set the 6-digit password.
    pub password_set: bool,
    /// RFC 3339, while too many wrong attempts lock the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_locked_until: Option<String>,
    /// RFC 3339.
    pub claimed_at: String,
    /// RFC 3339, once the holder has unbound the channel (解除关联).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unbound_at: Option<String>,
}

/// Sets the first password. One password serves all channels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// Operation `set_password` on the binding.
    pub proof: Proof,
    /// The 6 digits, sealed to the platform; context `set_password`.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password_envelope: String,
}

/// Replaces the password by knowing the current one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// Operation `change_password` on the binding.
    pub proof: Proof,
    /// The current password; context `change_password.current`.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub current_password_envelope: String,
    /// The new password; context `change_password.new`.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub new_password_envelope: String,
}

/// Replaces a forgotten password in a holder session that a real-person check opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// Operation `reset_password` on the binding.
    pub proof: Proof,
    /// The new password; context `reset_password`.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password_envelope: String,
}

/// Asks for every use of the e-card, in whichever channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ListAllUses {
    /// Operation `list_all_uses` on the binding.
    pub proof: Proof,
}

/// Ends this binding (解除关联); the e-card stays in other channels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Unbind {
    /// Operation `unbind` on the binding.
    pub proof: Proof,
}
