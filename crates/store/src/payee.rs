//! Rows of payees. A row never changes once it is there.

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql};

/// A payee as it is stored.
#[derive(Debug, Clone)]
pub struct PayeeRow {
    /// The organisation that is paid.
    pub id: [u8; 16],
    /// Its name in day files and lists.
    pub name: String,
    /// Fee of each payment, 1/10000.
    pub fee_basis_points: i64,
    /// The shard of its swept account.
    pub home_shard: i64,
    /// µs.
    pub created_at: i64,
}

fn row(r: &Row) -> Result<PayeeRow, StoreError> {
    Ok(PayeeRow {
        id: r.array(0)?,
        name: r.text(1)?,
        fee_basis_points: r.i64(2)?,
        home_shard: r.i64(3)?,
        created_at: r.i64(4)?,
    })
}

/// The payees with these ids.
pub fn find_each(tx: &mut ReadTx<'_>, ids: &[[u8; 16]]) -> Result<Vec<Option<PayeeRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, p.id, p.name, p.fee_basis_points, p.home_shard, p.created_at
            from unnest($1::bytea[]) with ordinality as k(id, n) join payee p on p.id = k.id",
        sqlite: "select id, name, fee_basis_points, home_shard, created_at from payee where id = $1"
    );
    let rows = tx.select_each(sql, &[Column::Bytes(ids.iter().map(<[u8; 16]>::as_slice).collect())])?;
    rows.iter().map(|found| found.as_ref().map(row).transpose()).collect()
}

/// A page of payees by id, after `after`.
pub fn list(tx: &mut ReadTx<'_>, after: &[u8], limit: i64) -> Result<Vec<PayeeRow>, StoreError> {
    let sql = sql!(
        "select id, name, fee_basis_points, home_shard, created_at from payee where id > $1 order by id limit $2"
    );
    tx.query(sql, params![after, limit])?.iter().map(row).collect()
}

/// Adds a payee; `false` when it is there.
pub fn insert(tx: &mut WriteTx<'_>, payee: &PayeeRow) -> Result<bool, StoreError> {
    let sql = sql!(
        "insert into payee (id, name, fee_basis_points, home_shard, created_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing"
    );
    let values = params![&payee.id, &payee.name, payee.fee_basis_points, payee.home_shard, payee.created_at];
    Ok(tx.execute(sql, values)? == 1)
}
