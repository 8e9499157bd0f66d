//! Rows of remarks: why somebody decided something, in their own words.

use crate::{ReadTx, StoreError, WriteTx, params, sql};

/// A remark.
#[derive(Debug, Clone)]
pub struct RemarkRow {
    /// What was decided upon: the bytes of its id.
    pub object_id: [u8; 16],
    /// When, µs.
    pub at: i64,
    /// Who.
    pub staff_id: [u8; 16],
    /// What was done.
    pub action: String,
    /// Why.
    pub words: String,
}

/// Adds a remark.
pub fn insert(tx: &mut WriteTx<'_>, remark: &RemarkRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("insert into remark (object_id, at, staff_id, action, words) values ($1, $2, $3, $4, $5)"),
        params![&remark.object_id, remark.at, &remark.staff_id, &remark.action, &remark.words],
    )
}

/// The words of the newest remark on a thing.
pub fn find_latest(tx: &mut ReadTx<'_>, object_id: &[u8; 16]) -> Result<Option<String>, StoreError> {
    let sql = sql!("select words from remark where object_id = $1 order by at desc limit 1");
    tx.query_opt(sql, params![object_id])?.map(|r| r.text(0)).transpose()
}

/// The words that somebody said when they did something to a thing.
pub fn find_of(
    tx: &mut ReadTx<'_>,
    object_id: &[u8; 16],
    at: i64,
    staff_id: &[u8; 16],
) -> Result<Option<String>, StoreError> {
    let sql = sql!("select words from remark where object_id = $1 and at = $2 and staff_id = $3");
    tx.query(sql, params![object_id, at, staff_id])?.first().map(|r| r.text(0)).transpose()
}

/// The words that were said when `action` was done to a thing last.
pub fn find(tx: &mut ReadTx<'_>, object_id: &[u8; 16], action: &str) -> Result<Option<String>, StoreError> {
    let sql = sql!("select words from remark where object_id = $1 and action = $2 order by at desc limit 1");
    tx.query_opt(sql, params![object_id, action])?.map(|r| r.text(0)).transpose()
}
