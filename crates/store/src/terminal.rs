//! Rows of terminals.

use crate::{Column, ReadTx, Row, StoreError, WriteTx, epoch, params, sql, sql_lock};
use domain::division::DivisionCode;

/// A terminal as it is stored.
#[derive(Debug, Clone)]
pub struct TerminalRow {
    /// The terminal's id.
    pub id: [u8; 16],
    /// Unique name or device number.
    pub serial: String,
    /// Number of its PSAM, 12 digits.
    pub psam: Option<String>,
    /// The organisation that runs it.
    pub org_id: [u8; 16],
    /// Where it stands.
    pub division: String,
    /// `active` or `blocked`.
    pub state: String,
    /// µs.
    pub created_at: i64,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<TerminalRow, StoreError> {
    Ok(TerminalRow {
        id: r.array(0)?,
        serial: r.text(1)?,
        psam: r.opt_text(2)?,
        org_id: r.array(3)?,
        division: r.text(4)?,
        state: r.text(5)?,
        created_at: r.i64(6)?,
        version: r.i64(7)?,
    })
}

/// A terminal by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<TerminalRow>, StoreError> {
    let sql = sql!(
        "select id, serial, psam, org_id, division, state, created_at, version from terminal where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// A terminal by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<TerminalRow>, StoreError> {
    let sql = sql_lock!(
        "select id, serial, psam, org_id, division, state, created_at, version from terminal where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// What a terminal presented as codes that are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusalRow {
    /// Forged ones.
    pub forged: i64,
    /// What is no code at all.
    pub malformed: i64,
    /// When the first was, µs.
    pub first_at: i64,
    /// When the last was, µs.
    pub last_at: i64,
}

/// What a terminal presented as codes that are none, if it did.
pub fn find_refusal(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<RefusalRow>, StoreError> {
    let sql =
        sql!("select forged, malformed, first_at, last_at from terminal_refusal where terminal_id = $1");
    let row = |r: &Row| {
        Ok(RefusalRow { forged: r.i64(0)?, malformed: r.i64(1)?, first_at: r.i64(2)?, last_at: r.i64(3)? })
    };
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Adds to what a terminal presented as codes that are none.
pub fn add_refusal(tx: &mut WriteTx<'_>, id: &[u8; 16], more: &RefusalRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into terminal_refusal (terminal_id, forged, malformed, first_at, last_at)
             values ($1, $2, $3, $4, $5)
             on conflict (terminal_id) do update set forged = terminal_refusal.forged + excluded.forged,
               malformed = terminal_refusal.malformed + excluded.malformed,
               first_at = case when excluded.first_at < terminal_refusal.first_at
                 then excluded.first_at else terminal_refusal.first_at end,
               last_at = case when excluded.last_at > terminal_refusal.last_at
                 then excluded.last_at else terminal_refusal.last_at end"
        ),
        params![id, more.forged, more.malformed, more.first_at, more.last_at],
    )
}

/// The state of a terminal, if there is one.
pub fn state(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<String>, StoreError> {
    let found = tx.query_opt(sql!("select state from terminal where id = $1"), params![id])?;
    found.map(|r| r.text(0)).transpose()
}

/// A page of the terminals that stand in `area`, in the order they were created, after `after`.
pub fn list_in(
    tx: &mut ReadTx<'_>,
    area: DivisionCode,
    after: &[u8],
    limit: i64,
) -> Result<Vec<TerminalRow>, StoreError> {
    let sql = sql!(
        "select id, serial, psam, org_id, division, state, created_at, version
         from terminal where id > $1 and division >= $2 and division <= $3 order by id limit $4"
    );
    tx.query(sql, params![after, &area.to_string(), &area.last().to_string(), limit])?
        .iter()
        .map(row)
        .collect()
}

/// A page of an organisation's terminals in the order they were created, after `after`.
pub fn list_of(
    tx: &mut ReadTx<'_>,
    org: &[u8; 16],
    after: &[u8],
    limit: i64,
) -> Result<Vec<TerminalRow>, StoreError> {
    let sql = sql!(
        "select id, serial, psam, org_id, division, state, created_at, version
         from terminal where id > $1 and org_id = $2 order by id limit $3"
    );
    tx.query(sql, params![after, org, limit])?.iter().map(row).collect()
}

/// The terminals with these serials.
pub fn find_each(tx: &mut ReadTx<'_>, serials: &[&str]) -> Result<Vec<Option<TerminalRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, t.id, t.serial, t.psam, t.org_id, t.division, t.state, t.created_at, t.version
            from unnest($1::text[]) with ordinality as k(serial, n) join terminal t on t.serial = k.serial",
        sqlite: "select id, serial, psam, org_id, division, state, created_at, version from terminal where serial = $1"
    );
    let rows = tx.select_each(sql, &[Column::Text(serials.to_vec())])?;
    rows.iter().map(|r| r.as_ref().map(row).transpose()).collect()
}

/// Adds terminals; `false` for each whose serial is registered already.
pub fn insert_each(tx: &mut WriteTx<'_>, rows: &[TerminalRow]) -> Result<Vec<bool>, StoreError> {
    epoch::advance(tx)?;
    let sql = sql!(
        postgres: "insert into terminal (id, serial, psam, org_id, division, state, created_at, version)
            select * from unnest($1::bytea[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[],
                $7::bigint[], $8::bigint[])
            on conflict do nothing returning id",
        sqlite: "insert into terminal (id, serial, psam, org_id, division, state, created_at, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing"
    );
    let columns = [
        Column::Bytes(rows.iter().map(|t| t.id.as_slice()).collect()),
        Column::Text(rows.iter().map(|t| t.serial.as_str()).collect()),
        Column::OptText(rows.iter().map(|t| t.psam.as_deref()).collect()),
        Column::Bytes(rows.iter().map(|t| t.org_id.as_slice()).collect()),
        Column::Text(rows.iter().map(|t| t.division.as_str()).collect()),
        Column::Text(rows.iter().map(|t| t.state.as_str()).collect()),
        Column::I64(rows.iter().map(|t| t.created_at).collect()),
        Column::I64(rows.iter().map(|t| t.version).collect()),
    ];
    tx.insert_each(sql, 0, &columns)
}

/// Writes a terminal's state; `Stale` when `version` is not the stored one.
pub fn update_state(
    tx: &mut WriteTx<'_>,
    id: &[u8; 16],
    state: &str,
    version: i64,
) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(
        sql!("update terminal set state = $2, version = version + 1 where id = $1 and version = $3"),
        params![id, state, version],
    )
}
