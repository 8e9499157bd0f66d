//! Rows of the versions of parameters that followed the delivered ones.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A version, proposed or decided.
#[derive(Debug, Clone)]
pub struct ParameterVersionRow {
    /// Its id.
    pub id: [u8; 16],
    /// The parameter.
    pub name: String,
    /// From 2, without gaps; a rejected version keeps its number.
    pub number: i64,
    /// The value.
    pub value: i64,
    /// The first day in force, counted from 1970-01-01.
    pub begins_on: i64,
    /// `proposed`, `approved` or `rejected`.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: [u8; 16],
    /// µs.
    pub proposed_at: i64,
    /// Who approved or rejected it.
    pub decided_by: Option<[u8; 16]>,
    /// µs.
    pub decided_at: Option<i64>,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<ParameterVersionRow, StoreError> {
    Ok(ParameterVersionRow {
        id: r.array(0)?,
        name: r.text(1)?,
        number: r.i64(2)?,
        value: r.i64(3)?,
        begins_on: r.i64(4)?,
        state: r.text(5)?,
        proposed_by: r.array(6)?,
        proposed_at: r.i64(7)?,
        decided_by: r.opt_array(8)?,
        decided_at: r.opt_i64(9)?,
        version: r.i64(10)?,
    })
}

/// A version by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<ParameterVersionRow>, StoreError> {
    let sql = sql_lock!(
        "select id, name, number, value, begins_on, state, proposed_by, proposed_at, decided_by, decided_at, version
         from parameter_version where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Every version of one parameter, the oldest first.
pub fn list(tx: &mut ReadTx<'_>, name: &str) -> Result<Vec<ParameterVersionRow>, StoreError> {
    let sql = sql!(
        "select id, name, number, value, begins_on, state, proposed_by, proposed_at, decided_by, decided_at, version
         from parameter_version where name = $1 order by number"
    );
    tx.query(sql, params![name])?.iter().map(row).collect()
}

/// Every version in a state, by parameter, the oldest first.
pub fn list_in(tx: &mut ReadTx<'_>, state: &str) -> Result<Vec<ParameterVersionRow>, StoreError> {
    let sql = sql!(
        "select id, name, number, value, begins_on, state, proposed_by, proposed_at, decided_by, decided_at, version
         from parameter_version where state = $1 order by name, number"
    );
    tx.query(sql, params![state])?.iter().map(row).collect()
}

/// Adds a version.
pub fn insert(tx: &mut WriteTx<'_>, v: &ParameterVersionRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into parameter_version (id, name, number, value, begins_on, state, proposed_by, proposed_at,
                                            decided_by, decided_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            &v.id,
            &v.name,
            v.number,
            v.value,
            v.begins_on,
            &v.state,
            &v.proposed_by,
            v.proposed_at,
            v.decided_by.as_ref(),
            v.decided_at,
            v.version
        ],
    )
}

/// Writes the decision about a version; `Stale` when `v.version` is not the stored one.
pub fn decide(tx: &mut WriteTx<'_>, v: &ParameterVersionRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update parameter_version set state = $2, decided_by = $3, decided_at = $4, version = version + 1
             where id = $1 and version = $5"
        ),
        params![&v.id, &v.state, v.decided_by.as_ref(), v.decided_at, v.version],
    )
}
