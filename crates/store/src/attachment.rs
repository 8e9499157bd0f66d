//! Rows of attachments: what was announced, how much has arrived, what it turned out to be. The bytes are elsewhere.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// An attachment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRow {
    /// Its id.
    pub id: [u8; 16],
    /// The matter it belongs to.
    pub matter_id: [u8; 16],
    /// What it is for.
    pub purpose: String,
    /// What the sender calls it.
    pub file_name: String,
    /// Announced length in bytes.
    pub size: i64,
    /// Announced SM3 digest.
    pub digest: [u8; 32],
    /// Bytes that have arrived.
    pub received: i64,
    /// `receiving` or `complete`.
    pub state: String,
    /// The type found in the content, once it is complete.
    pub content_type: Option<String>,
    /// Who sends it.
    pub staff_id: [u8; 16],
    /// For which organisation.
    pub org_id: [u8; 16],
    /// µs.
    pub created_at: i64,
    /// µs.
    pub completed_at: Option<i64>,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<AttachmentRow, StoreError> {
    Ok(AttachmentRow {
        id: r.array(0)?,
        matter_id: r.array(1)?,
        purpose: r.text(2)?,
        file_name: r.text(3)?,
        size: r.i64(4)?,
        digest: r.array(5)?,
        received: r.i64(6)?,
        state: r.text(7)?,
        content_type: r.opt_text(8)?,
        staff_id: r.array(9)?,
        org_id: r.array(10)?,
        created_at: r.i64(11)?,
        completed_at: r.opt_i64(12)?,
        version: r.i64(13)?,
    })
}

/// An attachment by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<AttachmentRow>, StoreError> {
    let sql = sql!(
        "select id, matter_id, purpose, file_name, size, digest, received, state, content_type, staff_id, org_id,
                created_at, completed_at, version
         from attachment where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// An attachment by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<AttachmentRow>, StoreError> {
    let sql = sql_lock!(
        "select id, matter_id, purpose, file_name, size, digest, received, state, content_type, staff_id, org_id,
                created_at, completed_at, version
         from attachment where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// The attachments of a matter, in the order in which they were announced.
pub fn list(tx: &mut ReadTx<'_>, matter_id: &[u8; 16]) -> Result<Vec<AttachmentRow>, StoreError> {
    let sql = sql!(
        "select id, matter_id, purpose, file_name, size, digest, received, state, content_type, staff_id, org_id,
                created_at, completed_at, version
         from attachment where matter_id = $1 order by id"
    );
    tx.query(sql, params![matter_id])?.iter().map(row).collect()
}

/// Adds an attachment.
pub fn insert(tx: &mut WriteTx<'_>, row: &AttachmentRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into attachment (id, matter_id, purpose, file_name, size, digest, received, state, content_type,
                                     staff_id, org_id, created_at, completed_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        params![
            &row.id,
            &row.matter_id,
            &row.purpose,
            &row.file_name,
            row.size,
            &row.digest,
            row.received,
            &row.state,
            row.content_type.as_deref(),
            &row.staff_id,
            &row.org_id,
            row.created_at,
            row.completed_at,
            row.version
        ],
    )
}

/// Writes what has arrived and what it is; the version must be the one that was read.
pub fn update(tx: &mut WriteTx<'_>, row: &AttachmentRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update attachment set received = $1, state = $2, content_type = $3, completed_at = $4, version = $5
             where id = $6 and version = $7"
        ),
        params![
            row.received,
            &row.state,
            row.content_type.as_deref(),
            row.completed_at,
            row.version + 1,
            &row.id,
            row.version
        ],
    )
}

/// Removes an attachment; the version must be the one that was read.
pub fn delete(tx: &mut WriteTx<'_>, row: &AttachmentRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("delete from attachment where id = $1 and version = $2"),
        params![&row.id, row.version],
    )
}
