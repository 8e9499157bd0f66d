//! Reading the ledger: its accounts, and whether its balances are what its transfers say.

use crate::auth::{Staff, authorize};
use crate::{Error, World};
use domain::audit::Record;
use domain::division::DivisionCode;
use domain::id::AccountId;
use domain::ledger::Account;
use domain::org::Operation;
use std::collections::BTreeMap;
use store::ledger::OwnedAccount;
use store::{ReadTx, StoreError};

/// What a verification of the ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Accounts looked at.
    pub accounts: usize,
    /// Sum of all posted debits, which is the sum of all posted credits.
    pub posted: i128,
    /// Accounts whose counters differ from what their transfers add up to.
    pub differing: Vec<AccountId>,
    /// Debits equal credits, posted and pending, and no account differs.
    pub balanced: bool,
}

/// A page of accounts.
///
/// # Errors
/// `staff.role`.
pub async fn accounts(
    world: &World,
    staff: &Staff,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<OwnedAccount>, Error> {
    authorize(staff, Operation::LedgerAccounts, DivisionCode::NATIONAL)?;
    Ok(world.db().read(move |tx| store::ledger::list_accounts(tx, after, limit)).await?)
}

/// Recomputes every balance from the transfers and records that it was done.
///
/// # Errors
/// `staff.role`.
pub async fn verify(world: &World, staff: &Staff) -> Result<Verification, Error> {
    authorize(staff, Operation::LedgerVerify, DivisionCode::NATIONAL)?;
    let found = world.db().read(verification).await?;
    let record = Record::done(world.real_now(), staff.actor(), "ledger.verified");
    crate::audit::service::note(world, record).await?;
    Ok(found)
}

/// Compares every account with its transfers, in one view.
///
/// # Errors
/// The store's.
pub fn verification(tx: &mut ReadTx<'_>) -> Result<Verification, StoreError> {
    let mut accounts: Vec<Account> = Vec::new();
    while let page @ [_, ..] =
        store::ledger::list_accounts(tx, accounts.last().map(|account| account.id), 10_000)?.as_slice()
    {
        accounts.extend(page.iter().map(|owned| owned.account));
    }
    let mut expected: BTreeMap<AccountId, [i64; 4]> =
        store::ledger::recompute(tx)?.into_iter().map(|row| (row.id, row.sums)).collect();
    let mut totals = [0_i128; 4];
    let mut differing = Vec::new();
    for account in &accounts {
        let sums = [
            account.debits.posted.get(),
            account.credits.posted.get(),
            account.debits.pending.get(),
            account.credits.pending.get(),
        ];
        for (total, sum) in totals.iter_mut().zip(sums) {
            *total += i128::from(sum);
        }
        if expected.remove(&account.id).unwrap_or_default() != sums {
            differing.push(account.id);
        }
    }
    differing.extend(expected.into_keys());
    let [debits, credits, debits_pending, credits_pending] = totals;
    let balanced = debits == credits && debits_pending == credits_pending && differing.is_empty();
    Ok(Verification { accounts: accounts.len(), posted: debits, differing, balanced })
}
