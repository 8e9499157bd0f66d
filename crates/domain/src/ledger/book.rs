//! The engine: a view of some accounts and transfers, and the application of a batch to it.

use super::{Account, Pending, PendingState, Total, Transfer, TransferKind};
use crate::id::{AccountId, TransferId};
use crate::money::{self, Amount, Fen};
use crate::refusal::refusals;
use std::collections::{BTreeMap, BTreeSet};

refusals! {
    /// Why a transfer does not take effect.
    Refusal {
        /// The id is known, with another content.
        ExistsWithDifferent {
            /// What differs.
            field: &'static str,
        } = "transfer.exists_with_different" "转账号已用于另一笔转账（{field}不同）"
            "the id belongs to another transfer: its {field} differs";
        /// Debit and credit are one account.
        SameAccount = "transfer.same_account" "借贷双方不能是同一账户"
            "an account cannot be debited and credited by one transfer";
        /// An account is not in the book.
        UnknownAccount = "transfer.unknown_account" "账户不存在" "there is no such account";
        /// More than the account holds.
        Overdraft = "transfer.overdraft" "账户余额不足" "the account does not hold that much";
        /// More than the clearing limit.
        Limit = "transfer.limit" "超出清算账户透支限额" "the clearing account's limit would be passed";
        /// No such pending transfer.
        PendingNotFound = "transfer.pending_not_found" "待决转账不存在" "there is no such pending transfer";
        /// The decision names other accounts or, giving back, another amount than the pending transfer.
        PendingDiffers {
            /// What differs.
            field: &'static str,
        } = "transfer.pending_differs" "与待决转账不一致（{field}不同）"
            "the decision does not fit the pending transfer: its {field} differs";
        /// It was carried out.
        AlreadyPosted = "transfer.already_posted" "待决转账已入账" "the pending transfer was posted";
        /// It was given back.
        AlreadyVoided = "transfer.already_voided" "待决转账已撤销" "the pending transfer was voided";
        /// Its time was over.
        AlreadyExpired = "transfer.already_expired" "待决转账已过期" "the pending transfer has expired";
        /// More than was promised.
        AmountExceeds = "transfer.amount_exceeds" "金额超出待决转账金额"
            "the amount exceeds that of the pending transfer";
        /// Another transfer of its chain did not take effect.
        LinkedFailed = "transfer.linked_failed" "关联转账未成功" "a linked transfer did not take effect";
        /// The batch ends inside its chain.
        LinkedChainOpen = "transfer.linked_chain_open" "关联转账不完整"
            "the chain of linked transfers is not closed";
        /// A counter would pass its range.
        Overflow = "transfer.overflow" "账户累计金额超出范围" "a counter of the account would overflow";
    }
}

/// How a transfer came to be in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// By this call.
    New,
    /// By an earlier one, with the same content.
    Exists,
}

/// What became of one transfer of a batch.
pub type Outcome = Result<Applied, Refusal>;

/// The rows a batch needs in its book, each list sorted and without repetition: an order to lock in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Accounts debited or credited.
    pub accounts: Vec<AccountId>,
    /// Ids that may have been applied before.
    pub transfers: Vec<TransferId>,
    /// Pending transfers to be decided.
    pub pendings: Vec<TransferId>,
}

impl Wanted {
    /// What `batch` needs. Pending transfers made inside the batch itself are named too and simply not found.
    pub fn by(batch: &[Transfer]) -> Self {
        let accounts: BTreeSet<_> =
            batch.iter().flat_map(|transfer| [transfer.debit, transfer.credit]).collect();
        let transfers: BTreeSet<_> = batch.iter().map(|transfer| transfer.id).collect();
        let pendings: BTreeSet<_> = batch.iter().filter_map(|transfer| transfer.kind.of()).collect();
        Self {
            accounts: accounts.into_iter().collect(),
            transfers: transfers.into_iter().collect(),
            pendings: pendings.into_iter().collect(),
        }
    }
}

/// What a book's batches changed and a store must write, each list sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Accounts with other counters.
    pub accounts: Vec<Account>,
    /// Transfers now in effect.
    pub transfers: Vec<Transfer>,
    /// Pending transfers, new or decided.
    pub pendings: Vec<(TransferId, Pending)>,
}

/// A view of accounts, applied transfers and pending transfers. Ordered, so that whatever is derived from it
/// is the same in every run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    accounts: BTreeMap<AccountId, Account>,
    transfers: BTreeMap<TransferId, Transfer>,
    pendings: BTreeMap<TransferId, Pending>,
    changed: Changed,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Changed {
    accounts: BTreeSet<AccountId>,
    transfers: BTreeSet<TransferId>,
    pendings: BTreeSet<TransferId>,
}

/// What one transfer replaces, kept until its chain is closed.
struct Undo {
    transfer: TransferId,
    accounts: [Account; 2],
    pending: Option<(TransferId, Option<Pending>)>,
}

/// What one transfer makes of the book.
struct Effect {
    accounts: [Account; 2],
    pending: Option<(TransferId, Pending)>,
}

impl Book {
    /// Puts an account into view.
    pub fn put_account(&mut self, account: Account) {
        self.accounts.insert(account.id, account);
    }

    /// Puts a transfer into view that was applied before.
    pub fn put_transfer(&mut self, transfer: Transfer) {
        self.transfers.insert(transfer.id, transfer);
    }

    /// Puts a pending transfer into view.
    pub fn put_pending(&mut self, id: TransferId, pending: Pending) {
        self.pendings.insert(id, pending);
    }

    /// The account, if it is in view.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// The pending transfer, if it is in view.
    pub fn pending(&self, id: TransferId) -> Option<&Pending> {
        self.pendings.get(&id)
    }

    /// Every account in view, by id.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// Applies `batch` in order; one outcome for each transfer. What is refused leaves no trace.
    ///
    /// Refusals of one transfer, in order: exists with different, same account, pending not found, pending
    /// differs, already posted, voided or expired, amount exceeds, unknown account, overflow, overdraft or
    /// limit. In a chain the first that is not newly applied keeps its own outcome, the others are
    /// `LinkedFailed`, except when all of the chain is in effect already.
    pub fn apply(&mut self, batch: &[Transfer]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(batch.len());
        let mut rest = batch;
        while !rest.is_empty() {
            let length =
                rest.iter().position(|transfer| !transfer.linked).map_or(rest.len(), |last| last + 1);
            let (chain, after) = rest.split_at(length);
            self.apply_chain(chain, &mut outcomes);
            rest = after;
        }
        outcomes
    }

    /// What changed since the book was made or last asked.
    pub fn take_changes(&mut self) -> Changes {
        let changed = std::mem::take(&mut self.changed);
        Changes {
            accounts: changed.accounts.iter().filter_map(|id| self.accounts.get(id).copied()).collect(),
            transfers: changed.transfers.iter().filter_map(|id| self.transfers.get(id).copied()).collect(),
            pendings: changed.pendings.iter().filter_map(|id| Some((*id, *self.pendings.get(id)?))).collect(),
        }
    }

    fn apply_chain(&mut self, chain: &[Transfer], outcomes: &mut Vec<Outcome>) {
        let first = outcomes.len();
        if chain.last().is_some_and(|last| last.linked) {
            outcomes.extend(chain.iter().map(|_| Err(Refusal::LinkedFailed)));
            outcomes[first + chain.len() - 1] = Err(Refusal::LinkedChainOpen);
            return;
        }
        if chain.iter().all(|transfer| self.known(transfer) == Some(Ok(Applied::Exists))) {
            outcomes.extend(chain.iter().map(|_| Ok(Applied::Exists)));
            return;
        }
        let mut undone = Vec::with_capacity(chain.len());
        for (at, transfer) in chain.iter().enumerate() {
            let outcome = self.known(transfer).unwrap_or_else(|| self.apply_one(transfer, &mut undone));
            if outcome != Ok(Applied::New) {
                self.take_back(undone);
                outcomes.extend(chain.iter().map(|_| Err(Refusal::LinkedFailed)));
                outcomes[first + at] = outcome;
                return;
            }
        }
        self.keep(&undone);
        outcomes.extend(chain.iter().map(|_| Ok(Applied::New)));
    }

    /// The outcome of a transfer whose id was applied before.
    fn known(&self, transfer: &Transfer) -> Option<Outcome> {
        let known = self.transfers.get(&transfer.id)?;
        let field = if known.kind != transfer.kind {
            "kind"
        } else if known.debit != transfer.debit {
            "debit"
        } else if known.credit != transfer.credit {
            "credit"
        } else if known.amount != transfer.amount {
            "amount"
        } else if known.linked != transfer.linked {
            "linked"
        } else if known.code != transfer.code {
            "code"
        } else {
            return Some(Ok(Applied::Exists));
        };
        Some(Err(Refusal::ExistsWithDifferent { field }))
    }

    fn apply_one(&mut self, transfer: &Transfer, undone: &mut Vec<Undo>) -> Outcome {
        let Effect { accounts, pending } = self.effect(transfer)?;
        let before = accounts.map(|account| self.accounts.insert(account.id, account).unwrap_or(account));
        let pending = pending.map(|(id, pending)| (id, self.pendings.insert(id, pending)));
        self.transfers.insert(transfer.id, *transfer);
        undone.push(Undo { transfer: transfer.id, accounts: before, pending });
        Ok(Applied::New)
    }

    /// What `transfer` makes of its accounts and of the pending transfer; changes nothing.
    fn effect(&self, transfer: &Transfer) -> Result<Effect, Refusal> {
        if transfer.debit == transfer.credit {
            return Err(Refusal::SameAccount);
        }
        let decided = transfer.kind.of().map(|of| self.decided(transfer, of)).transpose()?;
        let (move_one, pending): (Move, _) = match (transfer.kind, decided) {
            (TransferKind::Pending, _) => {
                (Move { promise: Some(transfer.amount), ..Move::NONE }, Some(transfer.id))
            }
            (TransferKind::Post { of }, Some(decided)) => (
                Move { release: Some(decided.amount), settle: Some(transfer.amount), ..Move::NONE },
                Some(of),
            ),
            (TransferKind::Void { of } | TransferKind::Expire { of }, Some(decided)) => {
                (Move { release: Some(decided.amount), ..Move::NONE }, Some(of))
            }
            _ => (Move { settle: Some(transfer.amount), ..Move::NONE }, None),
        };
        let [mut debit, mut credit] = [transfer.debit, transfer.credit]
            .map(|id| self.accounts.get(&id).copied().ok_or(Refusal::UnknownAccount));
        move_one.make(&mut debit.as_mut().map_err(|refusal| *refusal)?.debits)?;
        move_one.make(&mut credit.as_mut().map_err(|refusal| *refusal)?.credits)?;
        let accounts = [debit?, credit?];
        for account in &accounts {
            self.check_floor(account)?;
        }
        let opened = Pending {
            debit: transfer.debit,
            credit: transfer.credit,
            amount: transfer.amount,
            state: PendingState::Pending,
        };
        Ok(Effect { accounts, pending: pending.map(|id| (id, decided.unwrap_or(opened))) })
    }

    /// The pending transfer `of` as `transfer` leaves it.
    fn decided(&self, transfer: &Transfer, of: TransferId) -> Result<Pending, Refusal> {
        let pending = *self.pendings.get(&of).ok_or(Refusal::PendingNotFound)?;
        if pending.debit != transfer.debit {
            return Err(Refusal::PendingDiffers { field: "debit" });
        }
        if pending.credit != transfer.credit {
            return Err(Refusal::PendingDiffers { field: "credit" });
        }
        match pending.state {
            PendingState::Pending => {}
            PendingState::Posted => return Err(Refusal::AlreadyPosted),
            PendingState::Voided => return Err(Refusal::AlreadyVoided),
            PendingState::Expired => return Err(Refusal::AlreadyExpired),
        }
        let state = match transfer.kind {
            TransferKind::Post { .. } if transfer.amount > pending.amount => {
                return Err(Refusal::AmountExceeds);
            }
            TransferKind::Post { .. } => PendingState::Posted,
            _ if transfer.amount != pending.amount => {
                return Err(Refusal::PendingDiffers { field: "amount" });
            }
            TransferKind::Expire { .. } => PendingState::Expired,
            _ => PendingState::Voided,
        };
        Ok(Pending { state, ..pending })
    }

    /// Refuses what draws an account further below its floor; what fills it up again is always accepted.
    fn check_floor(&self, after: &Account) -> Result<(), Refusal> {
        let headroom = after.headroom();
        let before = self.accounts.get(&after.id).map_or(0, Account::headroom);
        if headroom < 0 && headroom < before { Err(after.kind.shortfall()) } else { Ok(()) }
    }

    fn take_back(&mut self, undone: Vec<Undo>) {
        for undo in undone.into_iter().rev() {
            self.transfers.remove(&undo.transfer);
            for account in undo.accounts {
                self.accounts.insert(account.id, account);
            }
            match undo.pending {
                Some((id, Some(before))) => drop(self.pendings.insert(id, before)),
                Some((id, None)) => drop(self.pendings.remove(&id)),
                None => {}
            }
        }
    }

    fn keep(&mut self, undone: &[Undo]) {
        for undo in undone {
            self.changed.transfers.insert(undo.transfer);
            self.changed.accounts.extend(undo.accounts.iter().map(|account| account.id));
            self.changed.pendings.extend(undo.pending.iter().map(|(id, _)| *id));
        }
    }
}

/// What a transfer does to one side of an account.
#[derive(Clone, Copy)]
struct Move {
    promise: Option<Amount>,
    release: Option<Amount>,
    settle: Option<Amount>,
}

impl Move {
    const NONE: Self = Self { promise: None, release: None, settle: None };

    fn make(self, side: &mut Total) -> Result<(), Refusal> {
        let sum = |amount: Option<Amount>| amount.map_or(Fen::ZERO, Amount::fen);
        let overflow = |_: money::Refusal| Refusal::Overflow;
        side.pending = side.pending.plus(sum(self.promise)).map_err(overflow)?;
        side.pending = side.pending.minus(sum(self.release)).map_err(overflow)?;
        side.posted = side.posted.plus(sum(self.settle)).map_err(overflow)?;
        Ok(())
    }
}
