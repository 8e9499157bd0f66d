//! Rows of letters that are written once, to an address that is no account's or no more.
//!
//! Invariant: an address lies here sealed, and no longer than until its letter was taken or given up.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql};

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// The letter's id.
    pub id: [u8; 16],
    /// What it says.
    pub occasion: String,
    /// About which channel.
    pub channel_id: Option<[u8; 16]>,
    /// Version of the data key that sealed.
    pub key_version: i64,
    /// The address, sealed.
    pub sealed: Vec<u8>,
    /// When it was left, business time, µs.
    pub at: i64,
    /// Before then nobody sends it, real time, µs.
    pub next_at: i64,
}

/// Adds a letter.
pub fn insert(tx: &mut WriteTx<'_>, row: &LetterRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into letter (id, occasion, channel_id, key_version, sealed, at, next_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![
            &row.id,
            &row.occasion,
            row.channel_id.as_ref(),
            row.key_version,
            &row.sealed,
            row.at,
            row.next_at
        ],
    )
}

/// The letters that may be sent at `now`, real time, those first that could be before.
pub fn list_due(tx: &mut ReadTx<'_>, now: i64, limit: i64) -> Result<Vec<LetterRow>, StoreError> {
    let sql = sql!(
        "select id, occasion, channel_id, key_version, sealed, at, next_at from letter
         where next_at <= $1 order by next_at, id limit $2"
    );
    let rows = tx.query(sql, params![now, limit])?;
    let letter = |r: &Row| {
        Ok(LetterRow {
            id: r.array(0)?,
            occasion: r.text(1)?,
            channel_id: r.opt_array(2)?,
            key_version: r.i64(3)?,
            sealed: r.bytes(4)?,
            at: r.i64(5)?,
            next_at: r.i64(6)?,
        })
    };
    rows.iter().map(letter).collect()
}

/// Moves a letter to `next_at`, as a lease or because it was not taken; `false` when it is not as in `row` any more.
pub fn put_off(tx: &mut WriteTx<'_>, row: &LetterRow, next_at: i64) -> Result<bool, StoreError> {
    let sql = sql!("update letter set next_at = $3 where id = $1 and next_at = $2");
    Ok(tx.execute(sql, params![&row.id, row.next_at, next_at])? == 1)
}

/// Takes a letter away; `false` when it is not as in `row` any more.
pub fn delete(tx: &mut WriteTx<'_>, row: &LetterRow) -> Result<bool, StoreError> {
    let sql = sql!("delete from letter where id = $1 and next_at = $2");
    Ok(tx.execute(sql, params![&row.id, row.next_at])? == 1)
}
