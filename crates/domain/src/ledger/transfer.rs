//! A transfer: one movement, or the decision on a pending one.

use crate::id::{AccountId, TransferId};
use crate::money::Amount;
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
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Pending => "pending",
            Self::Post { .. } => "post",
            Self::Void { .. } => "void",
            Self::Expire { .. } => "expire",
        }
    }

    /// The kind of that name, deciding `of` if it decides.
    pub fn find(name: &str, of: Option<TransferId>) -> Option<Self> {
        match (name, of) {
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

/// Why money moves; stored with the transfer and never interpreted by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// A holder puts money into the prepaid account.
    TopUp,
    /// A holder pays a payee.
    Payment,
    /// A payee's money goes back to a holder.
    Refund,
    /// A payee's sub-accounts are brought together at the day cut.
    Sweep,
    /// The fee of a settlement batch.
    Fee,
    /// A settlement batch is paid out.
    Payout,
    /// A bank's answer came after the payment was closed.
    LateAnswer,
    /// A difference found in reconciliation is put right.
    Correction,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 8] = [
        Self::TopUp,
        Self::Payment,
        Self::Refund,
        Self::Sweep,
        Self::Fee,
        Self::Payout,
        Self::LateAnswer,
        Self::Correction,
    ];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TopUp => "top_up",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Sweep => "sweep",
            Self::Fee => "fee",
            Self::Payout => "payout",
            Self::LateAnswer => "late_answer",
            Self::Correction => "correction",
        }
    }

    /// The purpose of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
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

/// What has become of a pending transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PendingState {
    /// Not decided.
    Pending,
    /// Carried out.
    Posted,
    /// Given back.
    Voided,
    /// Given back because its time was over.
    Expired,
}

impl PendingState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Posted, Self::Voided, Self::Expired];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Posted => "posted",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }

    /// The state of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
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
