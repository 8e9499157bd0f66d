//! What the holder's device proves, so that a channel's server alone can neither show a code, give a grant nor pay.
//!
//! The platform sends the secret of a holder session encrypted to the device key. Each operation carries a
//! [`Proof`]: HMAC-SM3 under that secret over operation, counter and subject. Passwords travel only inside an
//! [`Envelope`] encrypted to the platform.
//!
//! Invariant: a proof is for one operation on one target with exactly these values, and its counter is used once.
//! The text under the MAC is `operation "\n" counter "\n"` and then, for the target and each value that is present,
//! `name "=" length-in-bytes ":" value "\n"`, in the order of the `consent` functions below.
//!
//! Deliberately not here: the rules of a good password, and where counters are kept.

mod device;
mod envelope;

use std::fmt::Write as _;

use gm::hmac::Key;

use crate::types::Proof;
use crate::types::ecard::{ChangePassword, ListAllUses, ResetPassword, SetPassword, Unbind};
use crate::types::grant::{CreateGrant, RevokeGrant};
use crate::types::payment::{CreatePayment, CreateTopUp, Funding, PasswordSource, PaymentSource};
use crate::types::qr::CreateCode;

pub use device::{Device, DeviceError, GrantWish, PaymentWish};
pub use envelope::{Envelope, EnvelopeError, context, session_context};

/// One operation with all its values, as the holder sees and proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    operation: &'static str,
    subject: String,
}

impl Consent {
    /// An operation on a target: the id of the binding or grant it acts on.
    pub fn new(operation: &'static str, target: &str) -> Self {
        Self { operation, subject: String::with_capacity(128) }.with("target", target)
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        let _ = writeln!(self.subject, "{name}={}:{value}", value.len());
        self
    }

    fn with_number(self, name: &'static str, value: i64) -> Self {
        self.with(name, &value.to_string())
    }

    /// The name of the operation.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The canonical subject, for other implementations to compare with; it may hold an envelope, never a password.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Proves the operation under the secret of a holder session.
    pub fn prove(&self, secret: &Key, holder_session_id: &str, counter: u64) -> Proof {
        let mac = secret.mac_parts(&self.parts(counter.to_string().as_bytes()));
        Proof {
            holder_session_id: holder_session_id.to_owned(),
            counter,
            mac: data_encoding::HEXLOWER.encode(&mac),
        }
    }

    /// Whether the proof is for this operation, in constant time. The caller checks the session and the counter.
    #[must_use]
    pub fn verify(&self, secret: &Key, proof: &Proof) -> bool {
        let mut mac = [0; 32];
        proof.mac.len() == 64
            && data_encoding::HEXLOWER.decode_mut(proof.mac.as_bytes(), &mut mac).is_ok()
            && secret.verify(&self.parts(proof.counter.to_string().as_bytes()), &mac)
    }

    fn parts<'a>(&'a self, counter: &'a [u8]) -> [&'a [u8]; 5] {
        [self.operation.as_bytes(), b"\n", counter, b"\n", self.subject.as_bytes()]
    }
}

impl CreateCode {
    /// `create_code` on the binding.
    pub fn consent(&self, binding_id: &str) -> Consent {
        Consent::new("create_code", binding_id)
    }
}

impl SetPassword {
    /// `set_password` on the binding: the envelope.
    pub fn consent(&self, binding_id: &str) -> Consent {
        Consent::new("set_password", binding_id).with("password_envelope", &self.password_envelope)
    }
}

impl ChangePassword {
    /// `change_password` on the binding: both envelopes.
    pub fn consent(&self, binding_id: &str) -> Consent {
        Consent::new("change_password", binding_id)
            .with("current_password_envelope", &self.current_password_envelope)
            .with("new_password_envelope", &self.new_password_envelope)
    }
}

impl ResetPassword {
    /// `reset_password` on the binding: the envelope.
    pub fn consent(&self, binding_id: &str) -> Consent {
        Consent::new("reset_password", binding_id).with("password_envelope", &self.password_envelope)
    }
}

impl Unbind {
    /// `unbind` on the binding.
    pub fn consent(&self, binding_id: &str) -> Consent {
        Consent::new("unbind", binding_id)
    }
}

impl ListAllUses {
    /// `list_all_uses` on the binding.
    pub fn consent(&self, binding_id: &str) -> Consent {
        Consent::new("list_all_uses", binding_id)
    }
}

impl CreateGrant {
    /// `create_grant` on the binding: service, party, purpose, end and limits.
    pub fn consent(&self, binding_id: &str) -> Consent {
        let mut consent = Consent::new("create_grant", binding_id)
            .with("service", &self.service)
            .with("party_id", &self.party_id)
            .with("purpose", &self.purpose)
            .with("expires_at", &self.expires_at);
        if let Some(limit) = self.limit_fen_per_use {
            consent = consent.with_number("limit_fen_per_use", limit);
        }
        if let Some(limit) = self.limit_fen_per_day {
            consent = consent.with_number("limit_fen_per_day", limit);
        }
        consent
    }
}

impl RevokeGrant {
    /// `revoke_grant` on the grant.
    pub fn consent(&self, grant_id: &str) -> Consent {
        Consent::new("revoke_grant", grant_id)
    }
}

impl CreatePayment {
    /// `create_payment` on the payer's binding: order, amount, payee, funding, description and envelope. Only a
    /// payment confirmed by password has a proof; for the others this is `None`.
    pub fn consent(&self) -> Option<(Consent, &PasswordSource)> {
        let PaymentSource::Password(source) = &self.source else { return None };
        let funding = match self.funding {
            Funding::Prepaid => "prepaid",
            Funding::Bank => "bank",
        };
        let mut consent = Consent::new("create_payment", &source.binding_id)
            .with("order_no", &self.order_no)
            .with_number("amount_fen", self.amount_fen)
            .with("payee_id", &self.payee_id)
            .with("funding", funding);
        if let Some(description) = &self.description {
            consent = consent.with("description", description);
        }
        Some((consent.with("password_envelope", &source.password_envelope), source))
    }
}

impl CreateTopUp {
    /// `create_top_up` on the binding: number and amount.
    pub fn consent(&self) -> Consent {
        Consent::new("create_top_up", &self.binding_id)
            .with("top_up_no", &self.top_up_no)
            .with_number("amount_fen", self.amount_fen)
    }
}
