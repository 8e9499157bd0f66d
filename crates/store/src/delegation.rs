//! Rows of delegations: who stands in for whom, on which days.

use crate::{ReadTx, Row, StoreError, WriteTx, epoch, params, sql, sql_lock};

/// A delegation as it is stored.
#[derive(Debug, Clone)]
pub struct DelegationRow {
    /// Its id.
    pub id: [u8; 16],
    /// The organisation of both.
    pub org_id: [u8; 16],
    /// Who is away.
    pub giver_id: [u8; 16],
    /// Who stands in.
    pub taker_id: [u8; 16],
    /// The first day, YYYY-MM-DD.
    pub from_on: String,
    /// The last day.
    pub until_on: String,
    /// `offered`, `accepted`, `declined` or `revoked`.
    pub state: String,
    /// µs.
    pub offered_at: i64,
    /// µs.
    pub changed_at: i64,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<DelegationRow, StoreError> {
    Ok(DelegationRow {
        id: r.array(0)?,
        org_id: r.array(1)?,
        giver_id: r.array(2)?,
        taker_id: r.array(3)?,
        from_on: r.text(4)?,
        until_on: r.text(5)?,
        state: r.text(6)?,
        offered_at: r.i64(7)?,
        changed_at: r.i64(8)?,
        version: r.i64(9)?,
    })
}

/// A delegation by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<DelegationRow>, StoreError> {
    let sql = sql!(
        "select id, org_id, giver_id, taker_id, from_on, until_on, state, offered_at, changed_at, version
         from delegation where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// A delegation by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<DelegationRow>, StoreError> {
    let sql = sql_lock!(
        "select id, org_id, giver_id, taker_id, from_on, until_on, state, offered_at, changed_at, version
         from delegation where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// What an account has given and taken, newest first, before `before`.
pub fn list_of(
    tx: &mut ReadTx<'_>,
    staff_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<DelegationRow>, StoreError> {
    let sql = sql!(
        "select id, org_id, giver_id, taker_id, from_on, until_on, state, offered_at, changed_at, version
         from delegation where (giver_id = $1 or taker_id = $1) and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![staff_id, before, limit])?.iter().map(row).collect()
}

/// What an account has given and not taken back, of which a day is `day` or later.
pub fn list_given(
    tx: &mut ReadTx<'_>,
    giver_id: &[u8; 16],
    day: &str,
) -> Result<Vec<DelegationRow>, StoreError> {
    let sql = sql!(
        "select id, org_id, giver_id, taker_id, from_on, until_on, state, offered_at, changed_at, version
         from delegation where giver_id = $1 and until_on >= $2 and state in ('offered','accepted') order by id"
    );
    tx.query(sql, params![giver_id, day])?.iter().map(row).collect()
}

/// Adds a delegation.
pub fn insert(tx: &mut WriteTx<'_>, d: &DelegationRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into delegation (id, org_id, giver_id, taker_id, from_on, until_on, state, offered_at,
                                     changed_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            &d.id,
            &d.org_id,
            &d.giver_id,
            &d.taker_id,
            &d.from_on,
            &d.until_on,
            &d.state,
            d.offered_at,
            d.changed_at,
            d.version
        ],
    )
}

/// Writes what changes in a delegation, which says what somebody may do; `Stale` when the row's version is not the stored one.
pub fn update(tx: &mut WriteTx<'_>, d: &DelegationRow) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    let sql = sql!(
        "update delegation set state = $2, changed_at = $3, version = version + 1
         where id = $1 and version = $4"
    );
    tx.execute_one(sql, params![&d.id, &d.state, d.changed_at, d.version])
}
