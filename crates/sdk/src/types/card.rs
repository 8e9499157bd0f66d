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
    CancelLoss,
    /// 应用锁定.
    Lock,
    /// 应用解锁.
    Unlock,
    /// 注销.
    Cancel,
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
    /// Required for `cancel`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_reason: Option<InvalidReason>,
    /// At most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// Replaces a card by a new one; the e-card and its bindings go on with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplaceCard {
    /// 卡号 of the new card, 9 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 9, max_length = 9))]
    pub card_number: Private,
    /// 卡识别码 of the new card, 32 hex characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 32, max_length = 32))]
    pub identification: String,
    /// Why the old card is invalid.
    pub reason: InvalidReason,
}

/// A card, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardView {
    /// `card_…`
    pub card_id: String,
    /// Such as `A1*****23`.
    pub card_number_masked: String,
    /// Where it is in its life.
    pub state: CardState,
    /// aaz502: 0 封装, 1 正常, 2 挂失, 3 应用锁定, 4 临时挂失, 9 注销.
    pub wire_state: u8,
    /// When invalid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_reason: Option<InvalidReason>,
    /// Issuing division, 6 digits.
    pub division: String,
    /// Such as `张*三`.
    pub name_masked: String,
    /// Such as `110***********0018`.
    pub id_number_masked: String,
    /// `card_…` that replaced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// For `If-Match`.
    pub version: i64,
    /// RFC 3339.
    pub changed_at: String,
}

/// Looks a card up by its holder's number; a POST so that the number is in no log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FindCard {
    /// 社会保障号码.
    #[cfg_attr(feature = "openapi", schema(max_length = 18))]
    pub id_number: Private,
}

/// What an import of the registry did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// `imp_…`
    pub import_id: String,
    /// Rows read.
    pub rows: i64,
    /// New persons or cards.
    pub inserted: i64,
    /// Rows that changed something.
    pub updated: i64,
    /// Rows that changed nothing.
    pub unchanged: i64,
    /// Rows that were refused.
    pub rejected: i64,
    /// The first of them, at most 1000.
    pub rejects: Vec<RejectedRow>,
    /// SM3 of the file, hex.
    pub digest: String,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

/// A row that an import refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectedRow {
    /// Line in the file, the header being 1.
    pub line: i64,
    /// Name of the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Stable code.
    pub code: String,
    /// For people, without the value.
    pub message: String,
}
