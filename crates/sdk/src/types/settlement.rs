//! The day cut, settlement batches and day files.

use serde::{Deserialize, Serialize};

/// Cuts a business day: what is posted later counts in the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CutDay {
    /// The day to close, `YYYY-MM-DD`.
    pub business_on: String,
}

/// Where a settlement batch is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Being summed.
    Open,
    /// The day is closed.
    Cut,
    /// Agreed with the bank.
    Reconciled,
    /// Paid out.
    Settled,
}

/// A settlement batch: one payee and business day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchView {
    /// `set_…`
    pub batch_id: String,
    /// `YYYY-MM-DD`
    pub business_on: String,
    /// `org_…`
    pub payee_id: String,
    /// Where it is in its life.
    pub state: BatchState,
    /// Number of payments.
    pub payments: i64,
    /// Sum of the payments, in fen.
    pub paid_fen: i64,
    /// Number of refunds.
    pub refunds: i64,
    /// Sum of the refunds, in fen.
    pub refunded_fen: i64,
    /// Fee, in fen.
    pub fee_fen: i64,
    /// What the payee gets, in fen.
    pub net_fen: i64,
    /// RFC 3339.
    pub cut_at: String,
}

/// A day that was cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCutView {
    /// `YYYY-MM-DD`
    pub business_on: String,
    /// Number of batches.
    pub batches: i64,
    /// What all payees get, in fen.
    pub net_fen: i64,
    /// Debits equal credits over all accounts.
    pub balanced: bool,
    /// RFC 3339.
    pub cut_at: String,
}

/// A day file: UTF-8 CSV, header by name, amounts in fen, and a trailer with count, sum and SM3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayFile {
    /// File name.
    pub name: String,
    /// `YYYY-MM-DD`
    pub business_on: String,
    /// `org_…`
    pub payee_id: String,
    /// The file.
    pub content: String,
    /// Rows without header and trailer.
    pub rows: i64,
    /// Sum of the amounts, in fen.
    pub sum_fen: i64,
    /// SM3 of `content`, hex.
    pub digest: String,
    /// `key_…` that signed the digest.
    pub key_id: String,
    /// The signed text: the sums and `digest`, one `name=value` line each.
    pub manifest: String,
    /// SM2 signature of `manifest`, r‖s, hex.
    pub signature: String,
    /// Root of the audit tree when the file was made, hex.
    pub audit_head: String,
}
