//! Rows of what companies are by the register of companies.
//!
//! Invariant: an organisation has one row or none, and none of before it was asked.

use crate::{ReadTx, StoreError, WriteTx, params, sql};

/// What an organisation stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyRow {
    /// The organisation.
    pub org_id: [u8; 16],
    /// 成立日期.
    pub registered_on: String,
    /// Version of the data key that sealed.
    pub key_version: i64,
    /// The legal representative, sealed.
    pub sealed: Vec<u8>,
    /// When it was stated, µs.
    pub stated_at: i64,
    /// Optimistic version.
    pub version: i64,
}

/// What an organisation stated, if it has.
pub fn find(tx: &mut ReadTx<'_>, org_id: &[u8; 16]) -> Result<Option<CompanyRow>, StoreError> {
    let sql = sql!(
        "select org_id, registered_on, key_version, sealed, stated_at, version from company where org_id = $1"
    );
    let Some(r) = tx.query_opt(sql, params![org_id])? else { return Ok(None) };
    Ok(Some(CompanyRow {
        org_id: r.array(0)?,
        registered_on: r.text(1)?,
        key_version: r.i64(2)?,
        sealed: r.bytes(3)?,
        stated_at: r.i64(4)?,
        version: r.i64(5)?,
    }))
}

/// Writes what an organisation states in the place of the version before it, 0 for none; `Stale` when that is not the stored
/// one. The organisation is locked by whoever calls.
pub fn replace(tx: &mut WriteTx<'_>, row: &CompanyRow) -> Result<(), StoreError> {
    if find(tx, &row.org_id)?.map_or(0, |stored| stored.version) != row.version {
        return Err(StoreError::Stale);
    }
    let sql = sql!(
        "insert into company (org_id, registered_on, key_version, sealed, stated_at, version)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (org_id) do update set registered_on = excluded.registered_on, key_version = excluded.key_version,
           sealed = excluded.sealed, stated_at = excluded.stated_at, version = excluded.version"
    );
    let version = row.version + 1;
    tx.execute_one(
        sql,
        params![&row.org_id, &row.registered_on, row.key_version, &row.sealed, row.stated_at, version],
    )
}
