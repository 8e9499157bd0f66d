//! Postings: what a slice of transfers touches is read and locked once, the engine applies them in order in memory,
//! and what changed is written back as sets.
//!
//! Invariant: an account is opened in the transaction of its first transfer, and no balance is written that was not
//! read under a lock of the same transaction.

use domain::audit::{Actor, Record};
use domain::id::{AccountId, TransferId};
use domain::identity::Shard;
use domain::ledger::{Account, AccountKind, Book, Outcome, Transfer, Wanted, address};
use domain::money::Fen;
use domain::parameter::{Name, Parameters};
use domain::time::Timestamp;
use std::collections::BTreeMap;
use store::ledger::OwnedAccount;
use store::{Batch, StoreError, WriteTx};

/// The accounts that transfers will touch, by id, with their owners.
#[derive(Debug, Clone, Default)]
pub struct Accounts(BTreeMap<AccountId, [u8; 16]>);

impl Accounts {
    /// The account of this kind that `owner` has in `shard`; opened if it is not there.
    pub fn of(&mut self, shard: Shard, kind: AccountKind, owner: &[u8; 16]) -> AccountId {
        let id = address::account(shard, kind, owner);
        self.0.insert(id, *owner);
        id
    }

    /// The platform's own account of this kind in `shard`.
    pub fn platform(&mut self, shard: Shard, kind: AccountKind) -> AccountId {
        self.of(shard, kind, &address::PLATFORM)
    }

    fn add(&mut self, more: &Self) {
        self.0.extend(&more.0);
    }
}

/// Whether transfers may have been applied before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// They may: look them up.
    Perhaps,
    /// They cannot, because another row of this transaction is inserted once; a contradiction is an error.
    Never,
}

/// Locks `accounts` and reads whatever `transfers` need into a book.
///
/// # Errors
/// The store's.
pub fn open(
    tx: &mut WriteTx<'_>,
    accounts: &Accounts,
    transfers: &[Transfer],
    known: Known,
) -> Result<Book, StoreError> {
    let wanted = Wanted::by(transfers);
    let mut book = Book::default();
    lock(tx, accounts, &mut book)?;
    if known == Known::Perhaps {
        for transfer in store::ledger::find_transfers(tx, &wanted.transfers)?.into_iter().flatten() {
            book.put_transfer(transfer);
        }
    }
    let pendings = store::ledger::lock_pendings(tx, &wanted.pendings)?;
    for (id, pending) in wanted.pendings.iter().zip(pendings) {
        if let Some(pending) = pending {
            book.put_pending(*id, pending);
        }
    }
    Ok(book)
}

/// Locks every account, opening those that are not there: whoever opens one at the same time is waited for.
fn lock(tx: &mut WriteTx<'_>, accounts: &Accounts, book: &mut Book) -> Result<(), StoreError> {
    let ids: Vec<AccountId> = accounts.0.keys().copied().collect();
    let mut missing = Vec::new();
    for (id, found) in ids.iter().zip(store::ledger::lock_accounts(tx, &ids)?) {
        match found {
            Some(account) => book.put_account(account),
            None => missing.push(*id),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let fresh = |id: &AccountId| {
        let owner = *accounts.0.get(id)?;
        Some(OwnedAccount { account: empty(*id, address::kind_of(*id)?), owner })
    };
    let fresh: Vec<OwnedAccount> = missing.iter().filter_map(fresh).collect();
    store::ledger::open_accounts(tx, &fresh)?;
    for account in store::ledger::lock_accounts(tx, &missing)?.into_iter().flatten() {
        book.put_account(account);
    }
    Ok(())
}

fn empty(id: AccountId, kind: AccountKind) -> Account {
    if kind == AccountKind::BankClearing {
        let limit =
            Parameters::standard().get(Name::ClearingLimit, Timestamp::from_micros(0).business_date());
        Account::clearing(id, Fen::new(limit))
    } else {
        Account::new(id, kind)
    }
}

/// Writes what changed in the book.
///
/// # Errors
/// `Unique` when another transaction applied one of the transfers meanwhile; the store's.
pub fn clear(tx: &mut WriteTx<'_>, book: &mut Book) -> Result<(), StoreError> {
    let changes = book.take_changes();
    if store::ledger::insert_transfers(tx, &changes.transfers)?.contains(&false) {
        return Err(StoreError::Unique("transfer_pk".into()));
    }
    store::ledger::put_pendings(tx, &changes.pendings)?;
    store::ledger::update_accounts(tx, &changes.accounts)
}

/// Applies `transfers` in order; one outcome for each. The caller leaves the audit record.
///
/// # Errors
/// As [`clear`].
pub fn post(
    tx: &mut WriteTx<'_>,
    accounts: &Accounts,
    transfers: &[Transfer],
) -> Result<Vec<Outcome>, StoreError> {
    let mut book = open(tx, accounts, transfers, Known::Perhaps)?;
    let outcomes = book.apply(transfers);
    clear(tx, &mut book)?;
    Ok(outcomes)
}

/// One chain of linked transfers, or a few that stand alone.
#[derive(Debug, Clone, Default)]
pub struct Posting {
    /// What they touch.
    pub accounts: Accounts,
    /// In order.
    pub transfers: Vec<Transfer>,
}

/// The lane of postings that come from inside the process.
pub struct Postings;

impl Batch for Postings {
    type Command = Posting;
    type Outcome = Vec<Outcome>;

    fn run(tx: &mut WriteTx<'_>, commands: &[Posting]) -> Result<Vec<Vec<Outcome>>, StoreError> {
        let mut accounts = Accounts::default();
        commands.iter().for_each(|command| accounts.add(&command.accounts));
        let transfers: Vec<Transfer> = commands.iter().flat_map(|c| c.transfers.iter().copied()).collect();
        // Together they are taken to be new, which saves a look-up; a batch that meets a known transfer is refused as
        // a whole and comes again one by one.
        let known = if commands.len() == 1 { Known::Perhaps } else { Known::Never };
        let mut book = open(tx, &accounts, &transfers, known)?;
        let outcomes: Vec<Vec<Outcome>> =
            commands.iter().map(|command| book.apply(&command.transfers)).collect();
        if known == Known::Never {
            refuse_known(tx, &transfers, &outcomes)?;
        }
        clear(tx, &mut book)?;
        let at = transfers.last().map_or(Timestamp::from_micros(0), |last| last.at);
        let mut record = Record::done(at, Actor::System, "ledger.posted");
        record.evidence = Some(evidence(transfers.iter().map(|transfer| &transfer.id)));
        tx.audit(&record);
        Ok(outcomes)
    }
}

/// A transfer that the engine refused may be one that took effect before.
fn refuse_known(
    tx: &mut WriteTx<'_>,
    transfers: &[Transfer],
    outcomes: &[Vec<Outcome>],
) -> Result<(), StoreError> {
    let outcomes = outcomes.iter().flatten();
    let refused: Vec<TransferId> =
        transfers.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_err()).map(|(t, _)| t.id).collect();
    let found = store::ledger::find_transfers(tx, &refused)?;
    if found.iter().any(Option::is_some) { Err(StoreError::Unique("transfer_pk".into())) } else { Ok(()) }
}

/// SM3 over the ids of transfers, in order.
fn evidence<'a>(ids: impl Iterator<Item = &'a TransferId>) -> [u8; 32] {
    let mut hasher = gm::sm3::Hasher::new();
    ids.for_each(|id| hasher.update(id.as_bytes()));
    hasher.finish()
}
