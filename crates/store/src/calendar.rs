//! Rows of the years of the calendar that followed the delivered ones.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// An arrangement of a year, proposed or decided.
#[derive(Debug, Clone)]
pub struct CalendarYearRow {
    /// Its id.
    pub id: [u8; 16],
    /// The year.
    pub year: i64,
    /// From 1 within the year, without gaps; a rejected arrangement keeps its number.
    pub number: i64,
    /// `proposed`, `approved` or `rejected`.
    pub state: String,
    /// By which notice.
    pub source: String,
    /// The days, as JSON.
    pub days: String,
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

fn row(r: &Row) -> Result<CalendarYearRow, StoreError> {
    Ok(CalendarYearRow {
        id: r.array(0)?,
        year: r.i64(1)?,
        number: r.i64(2)?,
        state: r.text(3)?,
        source: r.text(4)?,
        days: r.text(5)?,
        proposed_by: r.array(6)?,
        proposed_at: r.i64(7)?,
        decided_by: r.opt_array(8)?,
        decided_at: r.opt_i64(9)?,
        version: r.i64(10)?,
    })
}

/// An arrangement by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<CalendarYearRow>, StoreError> {
    let sql = sql_lock!(
        "select id, year, number, state, source, days, proposed_by, proposed_at, decided_by, decided_at, version
         from calendar_year where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Every arrangement, by year, the oldest first.
pub fn list(tx: &mut ReadTx<'_>) -> Result<Vec<CalendarYearRow>, StoreError> {
    let sql = sql!(
        "select id, year, number, state, source, days, proposed_by, proposed_at, decided_by, decided_at, version
         from calendar_year order by year, number"
    );
    tx.query(sql, params![])?.iter().map(row).collect()
}

/// The days of every arrangement in a state, by year, the oldest first.
pub fn list_days(tx: &mut ReadTx<'_>, state: &str) -> Result<Vec<String>, StoreError> {
    let sql = sql!("select days from calendar_year where state = $1 order by year, number");
    tx.query(sql, params![state])?.iter().map(|r| r.text(0)).collect()
}

/// Adds an arrangement.
pub fn insert(tx: &mut WriteTx<'_>, y: &CalendarYearRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into calendar_year (id, year, number, state, source, days, proposed_by, proposed_at,
                                        decided_by, decided_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            &y.id,
            y.year,
            y.number,
            &y.state,
            &y.source,
            &y.days,
            &y.proposed_by,
            y.proposed_at,
            y.decided_by.as_ref(),
            y.decided_at,
            y.version
        ],
    )
}

/// Writes the decision about an arrangement; `Stale` when `y.version` is not the stored one.
pub fn decide(tx: &mut WriteTx<'_>, y: &CalendarYearRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update calendar_year set state = $2, decided_by = $3, decided_at = $4, version = version + 1
             where id = $1 and version = $5"
        ),
        params![&y.id, &y.state, y.decided_by.as_ref(), y.decided_at, y.version],
    )
}
