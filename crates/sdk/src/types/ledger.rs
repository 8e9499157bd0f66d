//! Accounts of the double-entry ledger.

use serde::{Deserialize, Serialize};

/// What an account holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 银行清算.
    BankClearing,
    /// What is owed to a holder.
    Holder,
    /// What is owed to a payee.
    Payee,
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
    /// `per_…` or `org_…` it belongs to.
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
