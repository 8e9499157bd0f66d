//! Orders, refunds and top-ups. Amounts are integers in fen; a time-out is not a failure: ask for the state.

use serde::{Deserialize, Serialize};

use super::{Private, Proof};

/// Where the holder's money comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    /// The prepaid balance.
    Prepaid,
    /// The bank account linked to the card.
    Bank,
}

/// What the holder authorized the payment with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentSource {
    /// The payment handle that verifying a code gave.
    Handle(Private),
    /// Confirmation by password in a level-2 holder session.
    Password(PasswordSource),
    /// `grt_…`: a standing grant with limits.
    Grant(String),
}

/// Confirmation by password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordSource {
    /// `bnd_…` of the payer.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub binding_id: String,
    /// Operation `create_payment` on the binding.
    pub proof: Proof,
    /// The 6 digits; context `create_payment`.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password_envelope: String,
}

/// Takes a payment. The same order number is the same payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreatePayment {
    /// The caller's order number, 1 to 64 characters, unique per caller.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub order_no: String,
    /// In fen, > 0.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub amount_fen: i64,
    /// For the holder, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub description: Option<String>,
    /// `org_…` that is paid.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub payee_id: String,
    /// What the holder authorized it with.
    pub source: PaymentSource,
    /// Where the money comes from.
    pub funding: Funding,
}

/// Where a payment is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// The amount is held; the bank has not answered yet.
    Pending,
    /// The money has moved.
    Paid,
    /// Closed before it was paid; what was held is free again.
    Closed,
    /// Refused, see `failure_code`.
    Failed,
    /// The bank's answer is not known: ask again, do not pay twice.
    Unknown,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentView {
    /// `pay_…`
    pub payment_id: String,
    /// The caller's order number.
    pub order_no: String,
    /// Where it is in its life.
    pub state: PaymentState,
    /// In fen.
    pub amount_fen: i64,
    /// Sum of the refunds that have been made, in fen.
    pub refunded_fen: i64,
    /// Where the money came from.
    pub funding: Funding,
    /// `org_…` that is paid.
    pub payee_id: String,
    /// For the holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The payer, as this caller knows the person.
    pub pseudonym: String,
    /// Business date that it counts in, `YYYY-MM-DD`, once paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_on: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<String>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    /// Stable code, when failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
    /// This is the state of an order that was there before.
    pub replayed: bool,
}

/// Closes a payment that has not been paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClosePayment {
    /// At most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub reason: Option<String>,
}

/// Refunds a payment in part or whole, back to where the money came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateRefund {
    /// The caller's refund number, 1 to 64 characters, unique per payment.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub refund_no: String,
    /// In fen, > 0; all refunds together at most the payment.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub amount_fen: i64,
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// Where a refund is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// The bank has not answered yet.
    Pending,
    /// The money has moved back.
    Refunded,
    /// Refused.
    Failed,
    /// The bank's answer is not known.
    Unknown,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefundView {
    /// `rfd_…`
    pub refund_id: String,
    /// The caller's refund number.
    pub refund_no: String,
    /// `pay_…`
    pub payment_id: String,
    /// Where it is in its life.
    pub state: RefundState,
    /// In fen.
    pub amount_fen: i64,
    /// As given.
    pub reason: String,
    /// Business date that it counts in, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_on: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded_at: Option<String>,
    /// This is the state of a refund that was there before.
    pub replayed: bool,
}

/// Moves money from the linked bank account to the prepaid balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTopUp {
    /// The caller's number, 1 to 64 characters, unique per caller.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub top_up_no: String,
    /// `bnd_…` of the holder.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub binding_id: String,
    /// In fen, > 0.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub amount_fen: i64,
    /// Operation `create_top_up` on the binding.
    pub proof: Proof,
}

/// A top-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopUpView {
    /// `top_…`
    pub top_up_id: String,
    /// The caller's number.
    pub top_up_no: String,
    /// Where it is in its life.
    pub state: PaymentState,
    /// In fen.
    pub amount_fen: i64,
    /// Stable code, when failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
    /// Prepaid balance after it, in fen, once paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_fen: Option<i64>,
    /// RFC 3339.
    pub created_at: String,
    /// This is the state of a top-up that was there before.
    pub replayed: bool,
}

/// The holder's prepaid money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BalanceView {
    /// `bnd_…`
    pub binding_id: String,
    /// In fen, after what is held.
    pub available_fen: i64,
    /// Held by pending payments, in fen.
    pub held_fen: i64,
}
