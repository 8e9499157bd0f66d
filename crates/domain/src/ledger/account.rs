//! An account and how far it may be drawn.

use super::Refusal;
use crate::id::AccountId;
use crate::money::Fen;
use crate::name::names;

/// The side on which an account's balance grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Assets: what the bank holds for the platform.
    Debit,
    /// Liabilities: what the platform owes to a holder, a payee or itself.
    Credit,
}

names! {
    /// What an account is for; its rules follow from this alone.
    AccountKind {
        /// The platform's money at a bank. The only kind that may go below zero, down to its floor.
        BankClearing = "bank_clearing",
        /// A holder's prepaid money. Drawn on posted credits only.
        Prepaid = "prepaid",
        /// A holder's linked bank account in flight. What the bank has been asked for, though not yet
        /// confirmed, may be promised on: pending credits count.
        Transit = "transit",
        /// A payee's sub-account in one shard: what came in since the last day cut.
        Payee = "payee",
        /// A payee's swept account: what the day cuts brought together; refunds and payouts draw on it.
        Settled = "settled",
        /// Fees earned.
        Fee = "fee",
        /// Money whose owner an outcome still has to name.
        Suspense = "suspense",
        /// Refunds on their way back to a bank.
        Refund = "refund",
    }
}

impl AccountKind {
    /// The side on which its balance grows.
    pub const fn side(self) -> Side {
        match self {
            Self::BankClearing => Side::Debit,
            Self::Prepaid
            | Self::Transit
            | Self::Payee
            | Self::Settled
            | Self::Fee
            | Self::Suspense
            | Self::Refund => Side::Credit,
        }
    }

    /// Whether it may be drawn on money that is still pending.
    const fn counts_pending(self) -> bool {
        matches!(self, Self::Transit)
    }

    /// Why a draw that passes the floor is refused.
    pub(super) const fn shortfall(self) -> Refusal {
        match self {
            Self::BankClearing => Refusal::Limit,
            _ => Refusal::Overdraft,
        }
    }
}

/// One side's two counters; neither is ever negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Promised and not yet decided.
    pub pending: Fen,
    /// Final.
    pub posted: Fen,
}

/// An account as the ledger sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What it is for.
    pub kind: AccountKind,
    /// The balance below which nothing may be drawn: zero, or less for bank clearing.
    pub floor: Fen,
    /// Its debits.
    pub debits: Total,
    /// Its credits.
    pub credits: Total,
}

impl Account {
    /// An empty account whose floor is zero.
    pub fn new(id: AccountId, kind: AccountKind) -> Self {
        Self { id, kind, floor: Fen::ZERO, debits: Total::default(), credits: Total::default() }
    }

    /// An empty bank clearing account that may be overdrawn by `limit`.
    pub fn clearing(id: AccountId, limit: Fen) -> Self {
        Self { floor: Fen::new(-limit.get().max(0)), ..Self::new(id, AccountKind::BankClearing) }
    }

    /// Its posted balance on its own side. Both counters are at least zero, so the difference always fits.
    pub fn balance(&self) -> Fen {
        let (own, other) = self.own_and_other();
        Fen::new(own.posted.get() - other.posted.get())
    }

    /// What may still be drawn: the balance less what is promised and less the floor. Wide, because a sum of
    /// two counters may not fit a [`Fen`].
    pub fn headroom(&self) -> i128 {
        let (own, other) = self.own_and_other();
        let wide = |fen: Fen| i128::from(fen.get());
        let counted = if self.kind.counts_pending() { own.pending } else { Fen::ZERO };
        wide(own.posted) + wide(counted) - wide(other.posted) - wide(other.pending) - wide(self.floor)
    }

    fn own_and_other(&self) -> (Total, Total) {
        match self.kind.side() {
            Side::Debit => (self.debits, self.credits),
            Side::Credit => (self.credits, self.debits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_credits_can_be_drawn_on_in_transit_only() {
        for kind in AccountKind::ALL.iter().copied() {
            let mut account = Account::new(AccountId::from_bytes([1; 16]), kind);
            account.credits.pending = Fen::new(7);
            account.debits.pending = if kind.side() == Side::Debit { Fen::new(7) } else { Fen::ZERO };
            let expected = match kind {
                AccountKind::Transit => 7,
                AccountKind::BankClearing => -7,
                _ => 0,
            };
            assert_eq!(account.headroom(), expected, "{kind:?}");
        }
    }

    #[test]
    fn only_clearing_has_a_floor_below_zero() {
        let id = AccountId::from_bytes([1; 16]);
        assert_eq!(Account::clearing(id, Fen::new(50)).headroom(), 50);
        assert_eq!(Account::clearing(id, Fen::new(-50)).headroom(), 0);
        assert!(AccountKind::ALL.iter().all(|kind| Account::new(id, *kind).floor == Fen::ZERO));
    }
}
