//! Rows of registrations: companies that ask to be organisations.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A registration as it is stored.
#[derive(Debug, Clone)]
pub struct RegistrationRow {
    /// Its id.
    pub id: [u8; 16],
    /// Where it stands.
    pub state: String,
    /// The company's full name.
    pub name: String,
    /// Its credit code.
    pub uscc: String,
    /// Where it is registered.
    pub division: String,
    /// The class that it takes its channels to be of.
    pub class: String,
    /// Of the key that seals `contact`.
    pub key_version: i64,
    /// Who can be reached and what was said, sealed.
    pub contact: Vec<u8>,
    /// The digest of the secret that whoever filed it holds.
    pub receipt: Vec<u8>,
    /// µs.
    pub filed_at: i64,
    /// µs.
    pub changed_at: i64,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Who acted last.
    pub decided_by: Option<[u8; 16]>,
    /// The organisation that came of it.
    pub org_id: Option<[u8; 16]>,
    /// The account that came of it.
    pub staff_id: Option<[u8; 16]>,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<RegistrationRow, StoreError> {
    Ok(RegistrationRow {
        id: r.array(0)?,
        state: r.text(1)?,
        name: r.text(2)?,
        uscc: r.text(3)?,
        division: r.text(4)?,
        class: r.text(5)?,
        key_version: r.i64(6)?,
        contact: r.bytes(7)?,
        receipt: r.bytes(8)?,
        filed_at: r.i64(9)?,
        changed_at: r.i64(10)?,
        reason: r.opt_text(11)?,
        decided_by: r.opt_array(12)?,
        org_id: r.opt_array(13)?,
        staff_id: r.opt_array(14)?,
        version: r.i64(15)?,
    })
}

/// A registration by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<RegistrationRow>, StoreError> {
    let sql = sql!(
        "select id, state, name, uscc, division, class, key_version, contact, receipt, filed_at, changed_at,
                reason, decided_by, org_id, staff_id, version
         from registration where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// A registration by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<RegistrationRow>, StoreError> {
    let sql = sql_lock!(
        "select id, state, name, uscc, division, class, key_version, contact, receipt, filed_at, changed_at,
                reason, decided_by, org_id, staff_id, version
         from registration where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// A page of all registrations in the order they were filed, after `after`.
pub fn list(tx: &mut ReadTx<'_>, after: &[u8], limit: i64) -> Result<Vec<RegistrationRow>, StoreError> {
    let sql = sql!(
        "select id, state, name, uscc, division, class, key_version, contact, receipt, filed_at, changed_at,
                reason, decided_by, org_id, staff_id, version
         from registration where id > $1 order by id limit $2"
    );
    tx.query(sql, params![after, limit])?.iter().map(row).collect()
}

/// A page of the registrations in a state in the order they were filed, after `after`.
pub fn list_in_state(
    tx: &mut ReadTx<'_>,
    state: &str,
    after: &[u8],
    limit: i64,
) -> Result<Vec<RegistrationRow>, StoreError> {
    let sql = sql!(
        "select id, state, name, uscc, division, class, key_version, contact, receipt, filed_at, changed_at,
                reason, decided_by, org_id, staff_id, version
         from registration where state = $1 and id > $2 order by id limit $3"
    );
    tx.query(sql, params![state, after, limit])?.iter().map(row).collect()
}

/// How many are in a state.
pub fn count(tx: &mut ReadTx<'_>, state: &str) -> Result<i64, StoreError> {
    tx.query_one(sql!("select count(*) from registration where state = $1"), params![state])?.i64(0)
}

/// Adds a registration.
pub fn insert(tx: &mut WriteTx<'_>, one: &RegistrationRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into registration (id, state, name, uscc, division, class, key_version, contact, receipt,
                                       filed_at, changed_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![
            &one.id,
            &one.state,
            &one.name,
            &one.uscc,
            &one.division,
            &one.class,
            one.key_version,
            &one.contact,
            &one.receipt,
            one.filed_at,
            one.changed_at,
            one.version
        ],
    )
}

/// Writes what changes in a registration; `Stale` when the row's version is not the stored one.
pub fn update(tx: &mut WriteTx<'_>, one: &RegistrationRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update registration set state = $2, changed_at = $3, reason = $4, decided_by = $5, org_id = $6,
                                     staff_id = $7, version = version + 1
             where id = $1 and version = $8"
        ),
        params![
            &one.id,
            &one.state,
            one.changed_at,
            one.reason.as_ref(),
            one.decided_by.as_ref(),
            one.org_id.as_ref(),
            one.staff_id.as_ref(),
            one.version
        ],
    )
}

/// Forgets one.
pub fn delete(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from registration where id = $1"), params![id])
}
