//! Answers kept under idempotency keys, in buckets that are dropped as a whole.

use crate::{ReadTx, StoreError, WriteTx, params, sql};

/// An answer that was given.
#[derive(Debug, Clone)]
pub struct AnswerRow {
    /// SM3 of the request it answered.
    pub digest: [u8; 32],
    /// HTTP status.
    pub status: i64,
    /// Its body.
    pub body: String,
}

/// The answer kept for this key in `bucket` or the one before.
pub fn find(
    tx: &mut ReadTx<'_>,
    bucket: i64,
    caller: &[u8; 16],
    key: &str,
) -> Result<Option<AnswerRow>, StoreError> {
    let sql = sql!(
        "select digest, status, body from idempotency
         where (bucket = $1 or bucket = $1 - 1) and caller = $2 and key = $3 order by bucket desc limit 1"
    );
    let row = tx.query_opt(sql, params![bucket, caller, key])?;
    row.map(|r| Ok(AnswerRow { digest: r.array(0)?, status: r.i64(1)?, body: r.text(2)? })).transpose()
}

/// Keeps an answer; `false` when another request with this key was faster.
pub fn insert(
    tx: &mut WriteTx<'_>,
    bucket: i64,
    caller: &[u8; 16],
    key: &str,
    answer: &AnswerRow,
) -> Result<bool, StoreError> {
    let sql = sql!(
        "insert into idempotency (bucket, caller, key, digest, status, body) values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing"
    );
    let values = params![bucket, caller, key, &answer.digest, answer.status, &answer.body];
    Ok(tx.execute(sql, values)? == 1)
}

/// Forgets what was kept in buckets before `bucket`.
pub fn forget(tx: &mut WriteTx<'_>, bucket: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from idempotency where bucket < $1"), params![bucket])
}
