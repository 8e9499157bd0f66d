//! Rows of top-ups.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A top-up as it is stored.
#[derive(Debug, Clone)]
pub struct TopupRow {
    /// The holder's shard, which the id carries too.
    pub shard: i64,
    /// Made of caller and number, so that the same number is the same top-up.
    pub id: [u8; 16],
    /// The channel that asked.
    pub caller: [u8; 16],
    /// The request's idempotency key.
    pub idempotency_key: String,
    /// SM3 of the request's body.
    pub digest: [u8; 32],
    /// The caller's number.
    pub number: String,
    /// The holder.
    pub ecard_id: [u8; 16],
    /// How much.
    pub amount_fen: i64,
    /// Where it is in its life.
    pub state: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// Business time, µs.
    pub created_at: i64,
    /// Business time, µs.
    pub posted_at: Option<i64>,
    /// How often the bank was asked for the outcome.
    pub asked: i64,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<TopupRow, StoreError> {
    Ok(TopupRow {
        shard: r.i64(0)?,
        id: r.array(1)?,
        caller: r.array(2)?,
        idempotency_key: r.text(3)?,
        digest: r.array(4)?,
        number: r.text(5)?,
        ecard_id: r.array(6)?,
        amount_fen: r.i64(7)?,
        state: r.text(8)?,
        failure: r.opt_text(9)?,
        created_at: r.i64(10)?,
        posted_at: r.opt_i64(11)?,
        asked: r.i64(12)?,
        version: r.i64(13)?,
    })
}

/// A top-up by id.
pub fn find(tx: &mut ReadTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<TopupRow>, StoreError> {
    let sql = sql!(
        "select shard, id, caller, idempotency_key, digest, number, ecard_id, amount_fen, state, failure, created_at,
                posted_at, asked, version
         from topup where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// A top-up by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<TopupRow>, StoreError> {
    let sql = sql_lock!(
        "select shard, id, caller, idempotency_key, digest, number, ecard_id, amount_fen, state, failure, created_at,
                posted_at, asked, version
         from topup where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// Adds a top-up.
pub fn insert(tx: &mut WriteTx<'_>, t: &TopupRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into topup (shard, id, caller, idempotency_key, digest, number, ecard_id, amount_fen, state,
                    failure, created_at, posted_at, asked, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        params![
            t.shard,
            &t.id,
            &t.caller,
            &t.idempotency_key,
            &t.digest,
            &t.number,
            &t.ecard_id,
            t.amount_fen,
            &t.state,
            t.failure.as_ref(),
            t.created_at,
            t.posted_at,
            t.asked,
            t.version
        ],
    )
}

/// Writes what may change of a top-up; `Stale` when its version is another.
pub fn update(tx: &mut WriteTx<'_>, t: &TopupRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update topup set state = $3, failure = $4, posted_at = $5, asked = $6, version = version + 1
             where shard = $1 and id = $2 and version = $7"
        ),
        params![t.shard, &t.id, &t.state, t.failure.as_ref(), t.posted_at, t.asked, t.version],
    )
}
