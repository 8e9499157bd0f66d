//! Accounts of the double-entry ledger.

use serde::{Deserialize, Serialize};

/// What an account holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 银行清算.
    BankClearing,
    /// A holder's prepaid money.
    Prepaid,
    /// A holder's linked bank account in flight.
    Transit,
    /// What a payee took in one shard since the last day cut.
    Payee,
    /// What the day cuts brought together for a payee.
    Settled,
    /// Fees.
    Fee,
    /// Unknown outcomes (挂账).
    Suspense,
    /// Refunds in flight.
    Refund,
}

/// The side that makes an account grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Debit.
    Debit,
    /// Credit.
    Credit,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// `acc_…`
    pub account_id: String,
    /// What it holds.
    pub kind: AccountKind,
    /// `ecd_…` or `org_…` it belongs to; absent = the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<String>,
    /// The side that makes it grow.
    pub normal_side: Side,
    /// Held, in fen.
    pub debits_pending_fen: i64,
    /// In fen.
    pub debits_posted_fen: i64,
    /// Held, in fen.
    pub credits_pending_fen: i64,
    /// In fen.
    pub credits_posted_fen: i64,
    /// Posted, on the normal side, in fen.
    pub balance_fen: i64,
    /// How far below zero it may go, in fen; absent = not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_fen: Option<i64>,
}

/// What recomputing every balance from the transfers found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerVerified {
    /// Accounts looked at.
    pub accounts: i64,
    /// Sum of all posted debits, which is that of all posted credits, in fen.
    pub posted_fen: i64,
    /// `acc_…` whose counters differ from their transfers.
    pub differing: Vec<String>,
    /// Debits equal credits and no account differs.
    pub balanced: bool,
    /// RFC 3339.
    pub verified_at: String,
}
