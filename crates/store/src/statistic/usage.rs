//! Rows of uses by application and month, counted from the use rows, one day at a time.
//!
//! Invariant: a day is counted once, and moves the mark in the transaction that adds it.

use crate::{ReadTx, StoreError, WriteTx, params, sql, sql_lock};

/// The uses of a service through a channel in a division, in one month or on one day of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServiceUseRow {
    /// Months since January 1970.
    pub month: i64,
    /// The channel.
    pub channel_id: [u8; 16],
    /// Where.
    pub division: String,
    /// The service's code.
    pub service: String,
    /// How many were answered.
    pub uses: i64,
}

/// Uses that were answered from `from` to before `to` (µs), as rows of `month`.
pub fn count_service_uses(
    tx: &mut ReadTx<'_>,
    month: i64,
    (from, to): (i64, i64),
) -> Result<Vec<ServiceUseRow>, StoreError> {
    // A use is stored under the minute its code was issued in: at most two minutes before the use.
    let sql = sql!(
        "select channel_id, division, service, count(*) from code_use
         where bucket >= $1 and bucket <= $2 and at >= $3 and at < $4 and outcome = 'ok'
         group by channel_id, division, service"
    );
    let (first, last) = (from / 60_000_000 - 3, to / 60_000_000 + 1);
    let rows = tx.query(sql, params![first, last, from, to])?;
    rows.iter()
        .map(|r| {
            Ok(ServiceUseRow {
                month,
                channel_id: r.array(0)?,
                division: r.text(1)?,
                service: r.text(2)?,
                uses: r.i64(3)?,
            })
        })
        .collect()
}

/// Adds uses to a month.
pub fn add_service_use(tx: &mut WriteTx<'_>, row: &ServiceUseRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into service_use (month, channel_id, division, service, uses) values ($1, $2, $3, $4, $5)
             on conflict (month, channel_id, division, service)
               do update set uses = service_use.uses + excluded.uses"
        ),
        params![row.month, &row.channel_id, &row.division, &row.service, row.uses],
    )
}

/// Uses in the months `from` to `to` whose division lies between `low` and `high`, summed over the divisions.
pub fn sum_service_uses(
    tx: &mut ReadTx<'_>,
    (from, to): (i64, i64),
    (low, high): (&str, &str),
) -> Result<Vec<ServiceUseRow>, StoreError> {
    let sql = sql!(
        "select month, channel_id, service, cast(sum(uses) as bigint) from service_use
         where month >= $1 and month <= $2 and division >= $3 and division <= $4
         group by month, channel_id, service"
    );
    let rows = tx.query(sql, params![from, to, low, high])?;
    rows.iter()
        .map(|r| {
            Ok(ServiceUseRow {
                month: r.i64(0)?,
                channel_id: r.array(1)?,
                division: low.to_owned(),
                service: r.text(2)?,
                uses: r.i64(3)?,
            })
        })
        .collect()
}

/// The last day whose uses are counted; 0 before the first.
pub fn service_use_day(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'service_use_day'"), &[])?.i64(0)
}

/// [`service_use_day`], while no other transaction may count.
pub fn lock_service_use_day(tx: &mut WriteTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql_lock!("select value from epoch where name = 'service_use_day'"), &[])?.i64(0)
}

/// Moves the last day whose uses are counted.
pub fn set_service_use_day(tx: &mut WriteTx<'_>, day: i64) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = $1 where name = 'service_use_day'"), params![day])
}

/// The moment of the oldest use that is kept, µs.
pub fn oldest_use_at(tx: &mut ReadTx<'_>) -> Result<Option<i64>, StoreError> {
    let oldest = tx.query_one(sql!("select min(bucket) from code_use"), &[])?.opt_i64(0)?;
    let sql = sql!("select min(at) from code_use where bucket = $1");
    oldest.map(|bucket| tx.query_one(sql, params![bucket])?.opt_i64(0)).transpose().map(Option::flatten)
}
