//! Rows of letters that are written once, to an address that is no account's or no more.
//!
//! Invariant: an address lies here sealed, and no longer than until its letter was taken or given up.

use crate::{ReadTx, StoreError, WriteTx, params, sql};

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
    /// µs.
    pub at: i64,
}

/// Adds a letter.
pub fn insert(tx: &mut WriteTx<'_>, row: &LetterRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into letter (id, occasion, channel_id, key_version, sealed, at) values ($1, $2, $3, $4, $5, $6)"
        ),
        params![&row.id, &row.occasion, row.channel_id.as_ref(), row.key_version, &row.sealed, row.at],
    )
}

/// A letter by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<LetterRow>, StoreError> {
    let sql = sql!("select id, occasion, channel_id, key_version, sealed, at from letter where id = $1");
    let Some(r) = tx.query_opt(sql, params![id])? else { return Ok(None) };
    Ok(Some(LetterRow {
        id: r.array(0)?,
        occasion: r.text(1)?,
        channel_id: r.opt_array(2)?,
        key_version: r.i64(3)?,
        sealed: r.bytes(4)?,
        at: r.i64(5)?,
    }))
}

/// Takes a letter away.
pub fn delete(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<(), StoreError> {
    tx.execute(sql!("delete from letter where id = $1"), params![id])?;
    Ok(())
}
