//! Rows past their time: what is deleted by age and belongs to no other module's verbs.
//!
//! Invariant: a call deletes a bounded part, so that no transaction grows with the age of a database.

use crate::{ReadTx, StoreError, WriteTx, params, sql};

/// Buckets of uses that one call drops: an hour's.
const BUCKETS: i64 = 60;

/// The oldest bucket (minute of issue) of uses, if there are any.
pub fn oldest_use(tx: &mut ReadTx<'_>) -> Result<Option<i64>, StoreError> {
    tx.query_one(sql!("select min(bucket) from code_use"), &[])?.opt_i64(0)
}

/// Drops the buckets of uses from `oldest` on that lie before `bucket`, at most an hour's, with what finds them for
/// their holders; how many uses there were.
pub fn forget_uses(tx: &mut WriteTx<'_>, oldest: i64, bucket: i64) -> Result<u64, StoreError> {
    let end = bucket.min(oldest.saturating_add(BUCKETS));
    tx.execute(
        sql!(
            "delete from code_use_holder where (shard, ecard_id, at, id) in (
               select shard, ecard_id, at, id from code_use where bucket < $1)"
        ),
        params![end],
    )?;
    tx.execute(
        sql!(
            "delete from code_use_holder where (shard, ecard_id, at, id) in
               (select shard, ecard_id, at, id from code_use where bucket < $1)"
        ),
        params![end],
    )?;
    tx.execute(sql!("delete from code_use where bucket < $1"), params![end])
}

/// Forgets sessions of staff that ended before `at`, and those that were ended by a later one and would have.
pub fn forget_staff_sessions(tx: &mut WriteTx<'_>, at: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from staff_superseded where expires_at < $1"), params![at])?;
    tx.execute(sql!("delete from staff_session where expires_at < $1"), params![at])
}

/// Forgets deliveries that had ended before `at`; `before` is the first id that could have been made since.
pub fn forget_deliveries(tx: &mut WriteTx<'_>, before: &[u8; 16], at: i64) -> Result<u64, StoreError> {
    tx.execute(
        sql!("delete from webhook_delivery where id < $1 and state <> 'pending' and updated_at < $2"),
        params![before, at],
    )
}
