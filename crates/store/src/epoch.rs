//! The authority epoch: one number that every change of who may do what counts up in its own transaction.
//!
//! A hot batch reads it first; while it is unchanged, what the batch's connection remembers of channels,
//! terminals, openings, keys and sessions is what the tables hold. Revocation is therefore immediate: the next
//! batch after the commit sees another epoch and reads again.

use crate::{ReadTx, StoreError, WriteTx, params, sql, sql_lock};

/// The epoch as this transaction sees it.
pub fn authority(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'authority'"), &[])?.i64(0)
}

/// Starts a new epoch; called by every store function that changes what an authority decision reads.
pub(crate) fn advance(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = value + 1 where name = 'authority'"), &[])
}

/// How often the platform's own keys have changed, as this transaction sees it.
pub fn platform_key(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'platform_key'"), &[])?.i64(0)
}

/// Counts a change of the platform's own keys, so that every server reads them again.
pub(crate) fn advance_platform_key(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = value + 1 where name = 'platform_key'"), &[])
}

/// How far the sandbox's business time is ahead of real time, µs.
pub fn clock(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'clock'"), &[])?.i64(0)
}

/// [`clock`], locked until the transaction ends.
pub fn lock_clock(tx: &mut WriteTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql_lock!("select value from epoch where name = 'clock'"), &[])?.i64(0)
}

/// Moves the sandbox's business time to this distance from real time.
pub fn move_clock(tx: &mut WriteTx<'_>, offset: i64) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = $1 where name = 'clock'"), params![offset])
}
