//! What each event of a payment's life posts: the only place that says which accounts it moves.
//!
//! Ids come from the caller and are derived from the event (the same event, the same ids), so that a repeated
//! job applies nothing twice. A chain that leaves here is already linked.

use super::{Purpose, Transfer, TransferKind};
use crate::id::{AccountId, TransferId};
use crate::money::Amount;
use crate::time::Timestamp;

/// The accounts a payment by linked bank account runs through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankRoute {
    /// The platform's account at the bank.
    pub clearing: AccountId,
    /// The holder's account in flight.
    pub transit: AccountId,
    /// The payee's sub-account in the holder's shard.
    pub payee: AccountId,
}

/// Moves `amount` from one account to another at once.
pub fn posted(
    id: TransferId,
    [debit, credit]: [AccountId; 2],
    amount: Amount,
    code: Purpose,
    at: Timestamp,
) -> Transfer {
    Transfer { id, kind: TransferKind::Posted, debit, credit, amount, linked: false, code, at }
}

/// Promises `amount` from one account to another.
pub fn pending(
    id: TransferId,
    accounts: [AccountId; 2],
    amount: Amount,
    code: Purpose,
    at: Timestamp,
) -> Transfer {
    Transfer { kind: TransferKind::Pending, ..posted(id, accounts, amount, code, at) }
}

/// The bank confirmed a top-up: clearing → prepaid.
pub fn top_up(
    id: TransferId,
    clearing: AccountId,
    prepaid: AccountId,
    amount: Amount,
    at: Timestamp,
) -> Transfer {
    posted(id, [clearing, prepaid], amount, Purpose::TopUp, at)
}

/// A payment from prepaid money, final at once: prepaid → payee.
pub fn pay_prepaid(
    id: TransferId,
    prepaid: AccountId,
    payee: AccountId,
    amount: Amount,
    at: Timestamp,
) -> Transfer {
    posted(id, [prepaid, payee], amount, Purpose::Payment, at)
}

/// A payment the bank has been asked for: clearing ⇢ transit ⇢ payee, both promised or neither.
pub fn hold_bank(ids: [TransferId; 2], route: BankRoute, amount: Amount, at: Timestamp) -> [Transfer; 2] {
    let BankRoute { clearing, transit, payee } = route;
    [
        pending(ids[0], [clearing, transit], amount, Purpose::Payment, at).linked(),
        pending(ids[1], [transit, payee], amount, Purpose::Payment, at),
    ]
}

/// The bank took the money: both promises of [`hold_bank`] are carried out, money in before money out.
pub fn post_bank(ids: [TransferId; 2], held: &[Transfer; 2], at: Timestamp) -> [Transfer; 2] {
    [held[0].post(ids[0], held[0].amount, at).linked(), held[1].post(ids[1], held[1].amount, at)]
}

/// The bank did not take it, or the payee closed it: both promises are given back, the one that draws on the other first.
pub fn void_bank(ids: [TransferId; 2], held: &[Transfer; 2], at: Timestamp) -> [Transfer; 2] {
    [held[1].void(ids[0], at).linked(), held[0].void(ids[1], at)]
}

/// Nobody asked the bank in the time there was: both promises expire, the one that draws on the other first.
pub fn expire_bank(ids: [TransferId; 2], held: &[Transfer; 2], at: Timestamp) -> [Transfer; 2] {
    [held[1].expire(ids[0], at).linked(), held[0].expire(ids[1], at)]
}

/// The bank took the money of a payment that was already closed: clearing → suspense, until it is returned.
pub fn late_answer(
    id: TransferId,
    clearing: AccountId,
    suspense: AccountId,
    amount: Amount,
    at: Timestamp,
) -> Transfer {
    posted(id, [clearing, suspense], amount, Purpose::LateAnswer, at)
}

/// A refund to prepaid money: settled → prepaid.
pub fn refund_prepaid(
    id: TransferId,
    settled: AccountId,
    prepaid: AccountId,
    amount: Amount,
    at: Timestamp,
) -> Transfer {
    posted(id, [settled, prepaid], amount, Purpose::Refund, at)
}

/// A refund to a bank: settled → refund now, and refund ⇢ clearing promised until the bank confirms.
pub fn refund_bank(
    ids: [TransferId; 2],
    [settled, refund, clearing]: [AccountId; 3],
    amount: Amount,
    at: Timestamp,
) -> [Transfer; 2] {
    [
        posted(ids[0], [settled, refund], amount, Purpose::Refund, at).linked(),
        pending(ids[1], [refund, clearing], amount, Purpose::Refund, at),
    ]
}

/// The day cut brings a payee's sub-account to the swept account: payee → settled.
pub fn sweep(
    id: TransferId,
    payee: AccountId,
    settled: AccountId,
    amount: Amount,
    at: Timestamp,
) -> Transfer {
    posted(id, [payee, settled], amount, Purpose::Sweep, at)
}

/// The fee of a batch: settled → fee.
pub fn fee(id: TransferId, settled: AccountId, fee: AccountId, amount: Amount, at: Timestamp) -> Transfer {
    posted(id, [settled, fee], amount, Purpose::Fee, at)
}

/// A batch is paid out to the payee's bank: settled → clearing.
pub fn payout(
    id: TransferId,
    settled: AccountId,
    clearing: AccountId,
    amount: Amount,
    at: Timestamp,
) -> Transfer {
    posted(id, [settled, clearing], amount, Purpose::Payout, at)
}
