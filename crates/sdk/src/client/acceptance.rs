//! What channels and terminals both do: spend codes and take payments. Every method fails as [`Client::send`] does.

use super::call::{encode, with_query};
use super::{Call, Client, Error, Items};
use crate::types::audit::ProofView;
use crate::types::payment::{ClosePayment, CreatePayment, CreateRefund, PaymentView, RefundView};
use crate::types::qr::{CodeVerified, VerifyCode};

/// Accepting e-cards: identity by code, and money.
pub trait Acceptance {
    /// The client underneath, for calls without a method of their own.
    fn client(&self) -> &Client;

    /// Spends a code. Repeat it with the same `request_id` if no answer came.
    fn verify_code(&self, request: &VerifyCode) -> Result<CodeVerified, Error> {
        self.client().send(&Call::post("/api/v1/verifications", request)?.repeatable())
    }

    /// Takes a payment.
    fn create_payment(&self, request: &CreatePayment) -> Result<PaymentView, Error> {
        self.client().send(&Call::post("/api/v1/payments", request)?)
    }

    /// A payment by its id.
    fn payment(&self, payment_id: &str) -> Result<PaymentView, Error> {
        self.client().send(&Call::get(format!("/api/v1/payments/{}", encode(payment_id))))
    }

    /// A payment by the caller's order number; what to ask after a time-out.
    fn payment_of_order(&self, order_no: &str) -> Result<PaymentView, Error> {
        self.client().send(&Call::get(format!("/api/v1/orders/{}", encode(order_no))))
    }

    /// Closes a payment that has not been paid.
    fn close_payment(&self, payment_id: &str, request: &ClosePayment) -> Result<PaymentView, Error> {
        self.client().send(&Call::post(format!("/api/v1/payments/{}/close", encode(payment_id)), request)?)
    }

    /// Refunds a payment in part or whole.
    fn create_refund(&self, payment_id: &str, request: &CreateRefund) -> Result<RefundView, Error> {
        self.client().send(&Call::post(format!("/api/v1/payments/{}/refunds", encode(payment_id)), request)?)
    }

    /// The refunds of a payment.
    fn refunds(&self, payment_id: &str) -> Items<'_, RefundView> {
        self.client().list(format!("/api/v1/payments/{}/refunds", encode(payment_id)))
    }

    /// The records about one thing that the caller took part in, from `at` on (by default from when its id was made),
    /// each with the proof that it is sealed.
    fn proofs(&self, object: &str, at: Option<&str>) -> Items<'_, ProofView> {
        self.client().list(with_query("/api/v1/proofs", &[("object", Some(object)), ("at", at)]))
    }
}
