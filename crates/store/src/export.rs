//! Rows of exports: who asked for a file of which list, and how far it has come. The bytes are with the attachments.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// An export as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// Its id.
    pub id: [u8; 16],
    /// The account it is made for.
    pub staff_id: [u8; 16],
    /// The account's role when it was begun.
    pub role: String,
    /// The account's organisation.
    pub org_id: [u8; 16],
    /// Where that stood, six digits.
    pub division: String,
    /// Of which list.
    pub list: String,
    /// Whose, of a list that each thing has its own of.
    pub object_id: Option<String>,
    /// What narrows the list, JSON.
    pub filter: String,
    /// `xlsx` or `csv`.
    pub format: String,
    /// `zh-CN` or `en`.
    pub language: String,
    /// How far it has come.
    pub state: String,
    /// Rows that were written.
    pub row_count: i64,
    /// Under which id the attachments keep its bytes.
    pub file_id: Option<[u8; 16]>,
    /// Bytes, once it is ready.
    pub size: Option<i64>,
    /// SM3, once it is ready.
    pub digest: Option<[u8; 32]>,
    /// The code that says why it came to nothing.
    pub reason: Option<String>,
    /// µs.
    pub created_at: i64,
    /// When it was ready or failed, µs.
    pub ended_at: Option<i64>,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<ExportRow, StoreError> {
    Ok(ExportRow {
        id: r.array(0)?,
        staff_id: r.array(1)?,
        role: r.text(2)?,
        org_id: r.array(3)?,
        division: r.text(4)?,
        list: r.text(5)?,
        object_id: r.opt_text(6)?,
        filter: r.text(7)?,
        format: r.text(8)?,
        language: r.text(9)?,
        state: r.text(10)?,
        row_count: r.i64(11)?,
        file_id: r.opt_array(12)?,
        size: r.opt_i64(13)?,
        digest: r.opt_array(14)?,
        reason: r.opt_text(15)?,
        created_at: r.i64(16)?,
        ended_at: r.opt_i64(17)?,
        version: r.i64(18)?,
    })
}

/// An export by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<ExportRow>, StoreError> {
    let sql = sql!(
        "select id, staff_id, role, org_id, division, list, object_id, filter, format, language, state, row_count,
                file_id, size, digest, reason, created_at, ended_at, version
         from export where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// An export by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<ExportRow>, StoreError> {
    let sql = sql_lock!(
        "select id, staff_id, role, org_id, division, list, object_id, filter, format, language, state, row_count,
                file_id, size, digest, reason, created_at, ended_at, version
         from export where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// The exports of an account before `before`, newest first.
pub fn list_of(
    tx: &mut ReadTx<'_>,
    staff_id: &[u8; 16],
    before: &[u8; 16],
    limit: i64,
) -> Result<Vec<ExportRow>, StoreError> {
    let sql = sql!(
        "select id, staff_id, role, org_id, division, list, object_id, filter, format, language, state, row_count,
                file_id, size, digest, reason, created_at, ended_at, version
         from export where staff_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![staff_id, before, limit])?.iter().map(row).collect()
}

/// How many exports of an account are in this state.
pub fn count_in(tx: &mut ReadTx<'_>, staff_id: &[u8; 16], state: &str) -> Result<i64, StoreError> {
    let sql = sql!("select count(*) from export where staff_id = $1 and state = $2");
    tx.query_one(sql, params![staff_id, state])?.i64(0)
}

/// The exports in this state that ended before `before` and still have a file, longest ago first.
pub fn list_ended(
    tx: &mut ReadTx<'_>,
    state: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<ExportRow>, StoreError> {
    let sql = sql!(
        "select id, staff_id, role, org_id, division, list, object_id, filter, format, language, state, row_count,
                file_id, size, digest, reason, created_at, ended_at, version
         from export where ended_at <= $1 and state = $2 and file_id is not null order by ended_at, id limit $3"
    );
    tx.query(sql, params![before, state, limit])?.iter().map(row).collect()
}

/// Adds an export.
pub fn insert(tx: &mut WriteTx<'_>, row: &ExportRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into export (id, staff_id, role, org_id, division, list, object_id, filter, format, language, state,
                                 row_count, file_id, size, digest, reason, created_at, ended_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
        ),
        params![
            &row.id,
            &row.staff_id,
            &row.role,
            &row.org_id,
            &row.division,
            &row.list,
            row.object_id.as_deref(),
            &row.filter,
            &row.format,
            &row.language,
            &row.state,
            row.row_count,
            row.file_id.as_ref(),
            row.size,
            row.digest.as_ref(),
            row.reason.as_deref(),
            row.created_at,
            row.ended_at,
            row.version
        ],
    )
}

/// Writes how far it has come; the version must be the one that was read.
pub fn update(tx: &mut WriteTx<'_>, row: &ExportRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update export set state = $1, row_count = $2, file_id = $3, size = $4, digest = $5, reason = $6,
                               ended_at = $7, version = $8
             where id = $9 and version = $10"
        ),
        params![
            &row.state,
            row.row_count,
            row.file_id.as_ref(),
            row.size,
            row.digest.as_ref(),
            row.reason.as_deref(),
            row.ended_at,
            row.version + 1,
            &row.id,
            row.version
        ],
    )
}

/// Forgets what ended before `before` and has no file any more.
pub fn forget_ended(tx: &mut WriteTx<'_>, before: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from export where ended_at <= $1 and file_id is null"), params![before])
}
