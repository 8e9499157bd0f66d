//! A transfer: one movement, or the decision on a pending one.

use crate::id::{AccountId, TransferId};
use crate::money::Amount;
use crate::name::names;
use crate::time::Timestamp;

/// What a transfer does. A decision names the pending transfer it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferKind {
    /// Moves at once.
    Posted,
    /// Promises; moves when posted.
    Pending,
    /// Carries out a promise, wholly or for less; the rest of it is released.
    Post {
        /// The pending transfer.
        of: TransferId,
    },
    /// Gives a promise back.
    Void {
        /// The pending transfer.
        of: TransferId,
    },
    /// Gives a promise back because its time is over.
    Expire {
        /// The pending transfer.
        of: TransferId,
    },
}

impl TransferKind {
    /// Its word in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Pending => "pending",
            Self::Post { .. } => "post",
            Self::Void { .. } => "void",
            Self::Expire { .. } => "expire",
        }
    }

    /// The kind of that word, deciding `of` if it decides.
    pub fn find(word: &str, of: Option<TransferId>) -> Option<Self> {
        match (word, of) {
            ("posted", None) => Some(Self::Posted),
            ("pending", None) => Some(Self::Pending),
            ("post", Some(of)) => Some(Self::Post { of }),
            ("void", Some(of)) => Some(Self::Void { of }),
            ("expire", Some(of)) => Some(Self::Expire { of }),
            _ => None,
        }
    }

    /// The pending transfer it decides, if it decides one.
    pub const fn of(self) -> Option<TransferId> {
        match self {
            Self::Posted | Self::Pending => None,
            Self::Post { of } | Self::Void { of } | Self::Expire { of } => Some(of),
        }
    }
}

names! {
    /// Why money moves; stored with the transfer and never interpreted by the engine.
    Purpose {
        /// A holder puts money into the prepaid account.
        TopUp = "top_up",
        /// A holder pays a payee.
        Payment = "payment",
        /// A payee's money goes back to a holder.
        Refund = "refund",
        /// A payee's sub-accounts are brought together at the day cut.
        Sweep = "sweep",
        /// The fee of a settlement batch.
        Fee = "fee",
        /// A settlement batch is paid out.
        Payout = "payout",
        /// A bank's answer came after the payment was closed.
        LateAnswer = "late_answer",
        /// A difference found in reconciliation is put right.
        Correction = "correction",
    }
}

/// One immutable movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Its id and idempotency key.
    pub id: TransferId,
    /// What it does.
    pub kind: TransferKind,
    /// The account debited.
    pub debit: AccountId,
    /// The account credited.
    pub credit: AccountId,
    /// How much.
    pub amount: Amount,
    /// Whether it stands or falls with the next transfer of the batch.
    pub linked: bool,
    /// Why.
    pub code: Purpose,
    /// When.
    pub at: Timestamp,
}

impl Transfer {
    /// The same transfer, standing or falling with the next one.
    pub fn linked(self) -> Self {
        Self { linked: true, ..self }
    }

    /// The decision that carries out this pending transfer for `amount`.
    pub fn post(&self, id: TransferId, amount: Amount, at: Timestamp) -> Self {
        Self { id, kind: TransferKind::Post { of: self.id }, amount, linked: false, at, ..*self }
    }

    /// The decision that gives this pending transfer back.
    pub fn void(&self, id: TransferId, at: Timestamp) -> Self {
        Self { id, kind: TransferKind::Void { of: self.id }, linked: false, at, ..*self }
    }

    /// The decision that this pending transfer's time is over.
    pub fn expire(&self, id: TransferId, at: Timestamp) -> Self {
        Self { id, kind: TransferKind::Expire { of: self.id }, linked: false, at, ..*self }
    }
}

names! {
    /// What has become of a pending transfer.
    PendingState {
        /// Not decided.
        Pending = "pending",
        /// Carried out.
        Posted = "posted",
        /// Given back.
        Voided = "voided",
        /// Given back because its time was over.
        Expired = "expired",
    }
}

/// A pending transfer as far as a decision needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The account debited.
    pub debit: AccountId,
    /// The account credited.
    pub credit: AccountId,
    /// How much was promised.
    pub amount: Amount,
    /// What has become of it.
    pub state: PendingState,
}
