//! The physical card: its state, its replacement, and imports of the registry.

use serde::{Deserialize, Serialize};

use super::Private;

/// Where a card is in its life; its e-card is always in the same state (ND-1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// Applied for.
    Applied,
    /// Made.
    Personalised,
    /// With the holder, not activated.
    Delivered,
    /// In use.
    Active,
    /// 挂失.
    LossReported,
    /// 临时挂失.
    TemporarilyLost,
    /// 应用锁定.
    Locked,
    /// 注销: on the invalid list, for good (CM-19.1).
    Invalid,
}

/// What can be done to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardAction {
    /// It has been made.
    Personalise,
    /// It has been handed over.
    Deliver,
    /// The holder starts to use it.
    Activate,
    /// 挂失.
    ReportLoss,
    /// 临时挂失.
    ReportTemporaryLoss,
    /// 解挂.
    WithdrawLoss,
    /// 应用锁定.
    Lock,
    /// 应用解锁.
    Unlock,
    /// 注销, for a reason.
    Invalidate,
}

/// Why a card is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum InvalidReason {
    /// 损坏.
    Damaged,
    /// 遗失.
    Lost,
    /// 到期.
    Expired,
    /// 注销.
    Cancelled,
    /// 换卡.
    Replaced,
    /// The holder has died.
    Deceased,
    /// Any other reason.
    Other,
}

/// Changes the state of a card, and of its e-card in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeCardState {
    /// What to do.
    pub action: CardAction,
    /// Required for `invalidate`, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<InvalidReason>,
}

/// Replaces a card by a new one; the e-card and its bindings go on with it (R27). The new card may have been imported
/// before, not yet activated; otherwise it is registered now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplaceCard {
    /// 卡号 of the new card, 9 characters, in the division of the old one.
    #[cfg_attr(feature = "openapi", schema(min_length = 9, max_length = 9))]
    pub card_number: Private,
    /// 卡识别码 of the new card, 32 hex characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 32, max_length = 32))]
    pub recognition: Option<String>,
    /// 2 or 3; 3 when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 2, maximum = 3))]
    pub generation: Option<i64>,
    /// The last day the new card may be used, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<String>,
    /// Why the old card is invalid.
    pub reason: InvalidReason,
}

/// A card, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardView {
    /// `card_…`
    pub card_id: String,
    /// Such as `A******23`.
    pub card_number_masked: String,
    /// Where it is in its life.
    pub state: CardState,
    /// aaz502: 0 封装, 1 正常, 2 挂失, 3 应用锁定, 4 临时挂失, 9 注销.
    pub wire_state: u8,
    /// When invalid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<InvalidReason>,
    /// Issuing division, 6 digits.
    pub division: String,
    /// 2 or 3.
    pub generation: i64,
    /// `YYYY-MM-DD`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<String>,
    /// `YYYY-MM-DD`, the last day it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<String>,
    /// Such as `张*三`.
    pub name_masked: String,
    /// Such as `1101**********0018`.
    pub id_number_masked: String,
    /// For `If-Match`.
    pub version: i64,
    /// RFC 3339.
    pub changed_at: String,
}

/// Looks cards up, by division and card number or by the holder's document; a POST so that numbers are in no log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FindCard {
    /// Issuing division, with `card_number`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 6, max_length = 6))]
    pub division: Option<String>,
    /// 卡号, with `division`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_number: Option<Private>,
    /// Kind of `id_number`, as in a row of an import; `resident_id` when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_kind: Option<String>,
    /// 社会保障号码 or the number of another document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<Private>,
}

/// An entry of the invalid list (失效名单, CM-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvalidCardView {
    /// `card_…`
    pub card_id: String,
    /// Issuing division, 6 digits.
    pub division: String,
    /// 卡号, in full: a list of cards to refuse is no use without it, and it names nobody.
    pub card_number: String,
    /// Why.
    pub reason: InvalidReason,
    /// Since when, RFC 3339.
    pub invalid_at: String,
}
