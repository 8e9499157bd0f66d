//! Rows of traffic: how often each signing key of a channel was used on each business day and when last, and how the
//! channel's requests ended.
//!
//! Invariant: rows are added to and never set, so what several servers counted adds up whatever order it comes in. The
//! upserts are here and nowhere else.

use crate::{Column, ReadTx, StoreError, WriteTx, params, sql};

/// Calls with one key on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// The channel.
    pub channel_id: [u8; 16],
    /// The key.
    pub key_id: [u8; 16],
    /// Days since 1970 in Beijing.
    pub day: i64,
    /// How many.
    pub calls: i64,
    /// The last of them, µs.
    pub last_at: i64,
}

/// Calls with one key on two days, and the last one on any day that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCalls {
    /// The key.
    pub key_id: [u8; 16],
    /// On the day itself.
    pub today: i64,
    /// On the day before it.
    pub yesterday: i64,
    /// The last one, µs.
    pub last_at: i64,
}

/// Adds calls; the rows are distinct, and in one order for all servers.
pub fn add_keys(tx: &mut WriteTx<'_>, rows: &[KeyRow]) -> Result<u64, StoreError> {
    let sql = sql!(
        postgres: "insert into traffic_key as known (channel_id, key_id, day, calls, last_at)
            select * from unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[])
            on conflict (channel_id, key_id, day) do update
              set calls = known.calls + excluded.calls, last_at = greatest(known.last_at, excluded.last_at)",
        sqlite: "insert into traffic_key as known (channel_id, key_id, day, calls, last_at)
            values ($1, $2, $3, $4, $5)
            on conflict (channel_id, key_id, day) do update
              set calls = known.calls + excluded.calls, last_at = max(known.last_at, excluded.last_at)"
    );
    let columns = [
        Column::Bytes(rows.iter().map(|row| row.channel_id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|row| row.key_id.as_slice()).collect()),
        Column::I64(rows.iter().map(|row| row.day).collect()),
        Column::I64(rows.iter().map(|row| row.calls).collect()),
        Column::I64(rows.iter().map(|row| row.last_at).collect()),
    ];
    tx.update_each(sql, &columns)
}

/// Calls with each key of a channel on `day` and the day before it.
pub fn list_keys(tx: &mut ReadTx<'_>, channel: &[u8; 16], day: i64) -> Result<Vec<KeyCalls>, StoreError> {
    let sql = sql!(
        "select key_id, cast(sum(case when day = $2 then calls else 0 end) as bigint),
           cast(sum(case when day = $3 then calls else 0 end) as bigint), max(last_at)
         from traffic_key where channel_id = $1 group by key_id"
    );
    let rows = tx.query(sql, params![channel, day, day - 1])?;
    rows.iter()
        .map(|r| {
            Ok(KeyCalls { key_id: r.array(0)?, today: r.i64(1)?, yesterday: r.i64(2)?, last_at: r.i64(3)? })
        })
        .collect()
}

/// Calls of a channel on one day that ended alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndedRow {
    /// The channel.
    pub channel_id: [u8; 16],
    /// Days since 1970 in Beijing.
    pub day: i64,
    /// Method and path.
    pub operation: String,
    /// The answer's status.
    pub status: i64,
    /// The error's code; empty where there is none.
    pub code: String,
    /// The class of latency.
    pub latency: i64,
    /// How many.
    pub calls: i64,
}

/// Adds calls; the rows are distinct, and in one order for all servers.
pub fn add_ended(tx: &mut WriteTx<'_>, rows: &[EndedRow]) -> Result<u64, StoreError> {
    let sql = sql!(
        postgres: "insert into traffic as known (channel_id, day, operation, status, code, latency, calls)
            select * from unnest($1::bytea[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bigint[],
                $7::bigint[])
            on conflict (channel_id, day, operation, status, code, latency) do update
              set calls = known.calls + excluded.calls",
        sqlite: "insert into traffic as known (channel_id, day, operation, status, code, latency, calls)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (channel_id, day, operation, status, code, latency) do update
              set calls = known.calls + excluded.calls"
    );
    let columns = [
        Column::Bytes(rows.iter().map(|row| row.channel_id.as_slice()).collect()),
        Column::I64(rows.iter().map(|row| row.day).collect()),
        Column::Text(rows.iter().map(|row| row.operation.as_str()).collect()),
        Column::I64(rows.iter().map(|row| row.status).collect()),
        Column::Text(rows.iter().map(|row| row.code.as_str()).collect()),
        Column::I64(rows.iter().map(|row| row.latency).collect()),
        Column::I64(rows.iter().map(|row| row.calls).collect()),
    ];
    tx.update_each(sql, &columns)
}

/// The calls of a channel on the days `from` to `to`.
pub fn list_ended(
    tx: &mut ReadTx<'_>,
    channel: &[u8; 16],
    (from, to): (i64, i64),
) -> Result<Vec<EndedRow>, StoreError> {
    let sql = sql!(
        "select channel_id, day, operation, status, code, latency, calls from traffic
         where channel_id = $1 and day >= $2 and day <= $3"
    );
    let rows = tx.query(sql, params![channel, from, to])?;
    rows.iter()
        .map(|r| {
            Ok(EndedRow {
                channel_id: r.array(0)?,
                day: r.i64(1)?,
                operation: r.text(2)?,
                status: r.i64(3)?,
                code: r.text(4)?,
                latency: r.i64(5)?,
                calls: r.i64(6)?,
            })
        })
        .collect()
}

/// The oldest day that is kept, if there is any.
pub fn oldest_day(tx: &mut ReadTx<'_>) -> Result<Option<i64>, StoreError> {
    tx.query_one(sql!("select min(day) from traffic_key"), &[])?.opt_i64(0)
}

/// Forgets a day.
pub fn forget_day(tx: &mut WriteTx<'_>, day: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from traffic where day = $1"), params![day])?;
    tx.execute(sql!("delete from traffic_key where day = $1"), params![day])
}
