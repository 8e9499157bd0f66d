//! Rows of uses by application and month, counted from the use rows, at most one day at a time.
//!
//! Invariant: a use is counted once, and moves the mark in the transaction that adds it.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

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
    rows.iter().map(|r| summed(r, low)).collect()
}

fn summed(r: &Row, low: &str) -> Result<ServiceUseRow, StoreError> {
    Ok(ServiceUseRow {
        month: r.i64(0)?,
        channel_id: r.array(1)?,
        division: low.to_owned(),
        service: r.text(2)?,
        uses: r.i64(3)?,
    })
}

/// [`sum_service_uses`] of one channel, by its places in the table: `months` are looked up each by itself.
pub fn sum_service_uses_of(
    tx: &mut ReadTx<'_>,
    months: [i64; 13],
    channel: &[u8; 16],
    (low, high): (&str, &str),
) -> Result<Vec<ServiceUseRow>, StoreError> {
    let sql = sql!(
        "select month, channel_id, service, cast(sum(uses) as bigint) from service_use
         where month in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) and channel_id = $14
           and division >= $15 and division <= $16
         group by month, channel_id, service"
    );
    let [a, b, c, d, e, f, g, h, i, j, k, l, m] = months;
    let rows = tx.query(sql, params![a, b, c, d, e, f, g, h, i, j, k, l, m, channel, low, high])?;
    rows.iter().map(|r| summed(r, low)).collect()
}

/// How far uses are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// The business day with which counting began, since January 1970; 0 before it has.
    pub first: i64,
    /// The moment before which every use is counted (µs, real time); 0 before the first.
    pub until: i64,
}

/// How far uses are counted.
pub fn service_uses_counted(tx: &mut ReadTx<'_>) -> Result<Counted, StoreError> {
    let first =
        tx.query_one(sql!("select value from epoch where name = 'service_use_first'"), &[])?.i64(0)?;
    let until =
        tx.query_one(sql!("select value from epoch where name = 'service_use_until'"), &[])?.i64(0)?;
    Ok(Counted { first, until })
}

/// [`Counted::until`], while no other transaction may count.
pub fn lock_service_use_until(tx: &mut WriteTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql_lock!("select value from epoch where name = 'service_use_until'"), &[])?.i64(0)
}

/// Moves the moment before which uses are counted.
pub fn set_service_use_until(tx: &mut WriteTx<'_>, at: i64) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = $1 where name = 'service_use_until'"), params![at])
}

/// Says that there are figures from this day on, if it is not known of an earlier one.
pub fn begin_service_uses(tx: &mut WriteTx<'_>, day: i64) -> Result<(), StoreError> {
    let sql =
        sql!("update epoch set value = $1 where name = 'service_use_first' and (value = 0 or value > $1)");
    tx.execute(sql, params![day]).map(drop)
}

/// The moment of the oldest use that is kept, µs.
pub fn oldest_use_at(tx: &mut ReadTx<'_>) -> Result<Option<i64>, StoreError> {
    let oldest = tx.query_one(sql!("select min(bucket) from code_use"), &[])?.opt_i64(0)?;
    let sql = sql!("select min(at) from code_use where bucket = $1");
    oldest.map(|bucket| tx.query_one(sql, params![bucket])?.opt_i64(0)).transpose().map(Option::flatten)
}
