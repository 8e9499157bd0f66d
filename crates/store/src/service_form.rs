//! Rows of the forms of personalised services. The bytes of the documents are elsewhere.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A version of a service's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFormRow {
    /// Its id.
    pub id: [u8; 16],
    /// The code of its service.
    pub service: String,
    /// From 1, without gaps.
    pub number: i64,
    /// Where it stands.
    pub state: String,
    /// What whoever published it calls it.
    pub file_name: String,
    /// Length in bytes.
    pub size: i64,
    /// SM3 digest.
    pub digest: [u8; 32],
    /// The type found in the content.
    pub content_type: String,
    /// Who published it.
    pub published_by: [u8; 16],
    /// µs.
    pub published_at: i64,
    /// Who replaced or withdrew it.
    pub ended_by: Option<[u8; 16]>,
    /// µs.
    pub ended_at: Option<i64>,
    /// Why it was withdrawn.
    pub reason: Option<String>,
}

fn row(r: &Row) -> Result<ServiceFormRow, StoreError> {
    Ok(ServiceFormRow {
        id: r.array(0)?,
        service: r.text(1)?,
        number: r.i64(2)?,
        state: r.text(3)?,
        file_name: r.text(4)?,
        size: r.i64(5)?,
        digest: r.array(6)?,
        content_type: r.text(7)?,
        published_by: r.array(8)?,
        published_at: r.i64(9)?,
        ended_by: r.opt_array(10)?,
        ended_at: r.opt_i64(11)?,
        reason: r.opt_text(12)?,
    })
}

/// A form by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<ServiceFormRow>, StoreError> {
    let sql = sql!(
        "select id, service, number, state, file_name, size, digest, content_type, published_by, published_at,
                ended_by, ended_at, reason
         from service_form where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Every version of a service's form, the newest first.
pub fn list(tx: &mut ReadTx<'_>, service: &str) -> Result<Vec<ServiceFormRow>, StoreError> {
    let sql = sql!(
        "select id, service, number, state, file_name, size, digest, content_type, published_by, published_at,
                ended_by, ended_at, reason
         from service_form where service = $1 order by number desc"
    );
    tx.query(sql, params![service])?.iter().map(row).collect()
}

/// The current form of every service that has one, by service.
pub fn list_current(tx: &mut ReadTx<'_>) -> Result<Vec<ServiceFormRow>, StoreError> {
    let sql = sql!(
        "select id, service, number, state, file_name, size, digest, content_type, published_by, published_at,
                ended_by, ended_at, reason
         from service_form where state = 'current' order by service"
    );
    tx.query(sql, &[])?.iter().map(row).collect()
}

/// Locks a service of the catalogue until the transaction ends, so that of its forms one is changed after the other;
/// `false` when there is no such service.
pub fn lock_service(tx: &mut WriteTx<'_>, service: &str) -> Result<bool, StoreError> {
    let sql = sql_lock!("select code from service where code = $1");
    Ok(tx.query_opt(sql, params![service])?.is_some())
}

/// Adds a form.
pub fn insert(tx: &mut WriteTx<'_>, row: &ServiceFormRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into service_form (id, service, number, state, file_name, size, digest, content_type,
                                       published_by, published_at, ended_by, ended_at, reason)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, null)"
        ),
        params![
            &row.id,
            &row.service,
            row.number,
            &row.state,
            &row.file_name,
            row.size,
            &row.digest,
            &row.content_type,
            &row.published_by,
            row.published_at
        ],
    )
}

/// Writes how the current form of a service ended.
pub fn end(tx: &mut WriteTx<'_>, row: &ServiceFormRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update service_form set state = $2, ended_by = $3, ended_at = $4, reason = $5
             where id = $1 and state = 'current'"
        ),
        params![&row.id, &row.state, row.ended_by.as_ref(), row.ended_at, row.reason.as_deref()],
    )
}
