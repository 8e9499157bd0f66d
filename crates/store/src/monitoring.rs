//! How far the monthly close of the channels' figures has come.

use crate::{ReadTx, StoreError, WriteTx, params, sql, sql_lock};

/// The last month, counted from January 1970, whose figures were measured.
pub fn closed_month(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'monitoring_month'"), &[])?.i64(0)
}

/// [`closed_month`], locked until the transaction ends.
pub fn lock_closed_month(tx: &mut WriteTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql_lock!("select value from epoch where name = 'monitoring_month'"), &[])?.i64(0)
}

/// Moves the last month whose figures were measured.
pub fn set_closed_month(tx: &mut WriteTx<'_>, month: i64) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = $1 where name = 'monitoring_month'"), params![month])
}
