//! Rows of imports: how far each file has come, counted in the transaction that writes its rows.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// An import as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// The import's id.
    pub id: [u8; 16],
    /// The organisation that imports; a file is imported once by each.
    pub org_id: [u8; 16],
    /// Who began it.
    pub staff_id: [u8; 16],
    /// SM3 of the file.
    pub digest: [u8; 32],
    /// The file's name.
    pub name: String,
    /// Rows of the file.
    pub total: i64,
    /// Rows that are done, from the first on.
    pub rows_done: i64,
    /// Cards that were new.
    pub inserted: i64,
    /// Rows that changed something.
    pub updated: i64,
    /// Rows that changed nothing.
    pub unchanged: i64,
    /// Rows that were refused.
    pub refused: i64,
    /// µs.
    pub created_at: i64,
    /// µs.
    pub finished_at: Option<i64>,
}

fn row(r: &Row) -> Result<ImportRow, StoreError> {
    Ok(ImportRow {
        id: r.array(0)?,
        org_id: r.array(1)?,
        staff_id: r.array(2)?,
        digest: r.array(3)?,
        name: r.text(4)?,
        total: r.i64(5)?,
        rows_done: r.i64(6)?,
        inserted: r.i64(7)?,
        updated: r.i64(8)?,
        unchanged: r.i64(9)?,
        refused: r.i64(10)?,
        created_at: r.i64(11)?,
        finished_at: r.opt_i64(12)?,
    })
}

/// An import by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<ImportRow>, StoreError> {
    let sql = sql!(
        "select id, org_id, staff_id, digest, name, total, rows_done, inserted, updated, unchanged, refused,
                created_at, finished_at
         from card_import where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// An import by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<ImportRow>, StoreError> {
    let sql = sql_lock!(
        "select id, org_id, staff_id, digest, name, total, rows_done, inserted, updated, unchanged, refused,
                created_at, finished_at
         from card_import where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// An organisation's import of a file.
pub fn find_by_digest(
    tx: &mut ReadTx<'_>,
    org: &[u8; 16],
    digest: &[u8; 32],
) -> Result<Option<ImportRow>, StoreError> {
    let sql = sql!(
        "select id, org_id, staff_id, digest, name, total, rows_done, inserted, updated, unchanged, refused,
                created_at, finished_at
         from card_import where org_id = $1 and digest = $2"
    );
    tx.query_opt(sql, params![org, digest])?.as_ref().map(row).transpose()
}

/// Adds an import; `false` when the organisation has begun this file already.
pub fn insert(tx: &mut WriteTx<'_>, i: &ImportRow) -> Result<bool, StoreError> {
    let sql = sql!(
        "insert into card_import (id, org_id, staff_id, digest, name, total, rows_done, inserted, updated, unchanged,
                                  refused, created_at, finished_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing"
    );
    let added = tx.execute(
        sql,
        params![
            &i.id,
            &i.org_id,
            &i.staff_id,
            &i.digest,
            &i.name,
            i.total,
            i.rows_done,
            i.inserted,
            i.updated,
            i.unchanged,
            i.refused,
            i.created_at,
            i.finished_at
        ],
    )?;
    Ok(added == 1)
}

/// Writes how far an import has come.
pub fn update(tx: &mut WriteTx<'_>, i: &ImportRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update card_import set rows_done = $2, inserted = $3, updated = $4, unchanged = $5, refused = $6,
                                    finished_at = $7
             where id = $1"
        ),
        params![&i.id, i.rows_done, i.inserted, i.updated, i.unchanged, i.refused, i.finished_at],
    )
}
