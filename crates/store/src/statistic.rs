//! Rows of counters: what each transaction added (`statistic_delta`), what is folded (`statistic`), and the count of
//! distinct users from the use rows.
//!
//! Invariant: folded and not yet folded together are the truth; an addition moves from one to the other in one
//! transaction. Upserts of counters are here and nowhere else.

pub mod usage;

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};
use domain::division::DivisionCode;

/// What one transaction added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeltaRow {
    /// Minute of the transaction.
    pub bucket: i64,
    /// Writer and sequence number.
    pub id: Vec<u8>,
    /// The additions, encoded.
    pub delta: Vec<u8>,
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CounterRow {
    /// Days since 1970 in Beijing.
    pub day: i64,
    /// The channel.
    pub channel_id: [u8; 16],
    /// Where.
    pub division: String,
    /// What.
    pub kind: String,
    /// How many.
    pub value: i64,
}

/// Distinct users of a channel in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsersRow {
    /// The channel.
    pub channel_id: [u8; 16],
    /// The leading digits of the divisions that make the area, as a number.
    pub area: i64,
    /// How many.
    pub users: i64,
}

fn delta(r: &Row) -> Result<DeltaRow, StoreError> {
    Ok(DeltaRow { bucket: r.i64(0)?, id: r.bytes(1)?, delta: r.bytes(2)? })
}

fn counter(r: &Row) -> Result<CounterRow, StoreError> {
    Ok(CounterRow {
        day: r.i64(0)?,
        channel_id: r.array(1)?,
        division: r.text(2)?,
        kind: r.text(3)?,
        value: r.i64(4)?,
    })
}

/// Additions that are not folded yet, oldest first, locked: another process that folds waits and then finds these
/// gone.
pub fn lock_deltas(tx: &mut WriteTx<'_>, limit: i64) -> Result<Vec<DeltaRow>, StoreError> {
    let sql = sql_lock!("select bucket, id, delta from statistic_delta order by bucket, id limit $1");
    tx.query(sql, params![limit])?.iter().map(delta).collect()
}

/// Additions that are not folded yet.
pub fn list_deltas(tx: &mut ReadTx<'_>) -> Result<Vec<DeltaRow>, StoreError> {
    tx.query(sql!("select bucket, id, delta from statistic_delta"), &[])?.iter().map(delta).collect()
}

/// Whether anything is left to fold.
pub fn has_deltas(tx: &mut ReadTx<'_>) -> Result<bool, StoreError> {
    Ok(!tx.query(sql!("select bucket from statistic_delta limit 1"), &[])?.is_empty())
}

/// Removes additions that the same transaction folds; how many there were.
pub fn delete_deltas(tx: &mut WriteTx<'_>, rows: &[DeltaRow]) -> Result<u64, StoreError> {
    let sql = sql!(
        postgres: "delete from statistic_delta d using unnest($1::bigint[], $2::bytea[]) as k(bucket, id)
            where d.bucket = k.bucket and d.id = k.id",
        sqlite: "delete from statistic_delta where bucket = $1 and id = $2"
    );
    let columns = [
        Column::I64(rows.iter().map(|r| r.bucket).collect()),
        Column::Bytes(rows.iter().map(|r| r.id.as_slice()).collect()),
    ];
    tx.update_each(sql, &columns)
}

/// Adds to a counter.
pub fn add(tx: &mut WriteTx<'_>, row: &CounterRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into statistic (day, channel_id, division, kind, value) values ($1, $2, $3, $4, $5)
             on conflict (day, channel_id, division, kind) do update set value = statistic.value + excluded.value"
        ),
        params![row.day, &row.channel_id, &row.division, &row.kind, row.value],
    )
}

/// Sets a counter that is counted as a whole, such as distinct users.
pub fn put(tx: &mut WriteTx<'_>, row: &CounterRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into statistic (day, channel_id, division, kind, value) values ($1, $2, $3, $4, $5)
             on conflict (day, channel_id, division, kind) do update set value = excluded.value"
        ),
        params![row.day, &row.channel_id, &row.division, &row.kind, row.value],
    )
}

/// Counters of the days `from` to `to` whose division lies between `low` and `high`, summed over the divisions.
pub fn sum(
    tx: &mut ReadTx<'_>,
    (from, to): (i64, i64),
    (low, high): (&str, &str),
) -> Result<Vec<CounterRow>, StoreError> {
    let sql = sql!(
        "select day, channel_id, kind, cast(sum(value) as bigint) from statistic
         where day >= $1 and day <= $2 and division >= $3 and division <= $4 and kind not like 'active_user%'
         group by day, channel_id, kind"
    );
    let rows = tx.query(sql, params![from, to, low, high])?;
    rows.iter()
        .map(|r| {
            Ok(CounterRow {
                day: r.i64(0)?,
                channel_id: r.array(1)?,
                division: low.to_owned(),
                kind: r.text(2)?,
                value: r.i64(3)?,
            })
        })
        .collect()
}

/// Days that [`sum_of_channel`] looks up in one statement.
pub const DAYS: usize = 16;

/// Counters of one channel on some days whose division lies between `low` and `high`, summed over the divisions: places of the
/// table that are found at once, as a day of all channels is not. A day may stand there twice.
pub fn sum_of_channel(
    tx: &mut ReadTx<'_>,
    days: [i64; DAYS],
    channel: &[u8; 16],
    (low, high): (&str, &str),
) -> Result<Vec<CounterRow>, StoreError> {
    let sql = sql!(
        "select day, kind, cast(sum(value) as bigint) from statistic
         where day in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
           and channel_id = $17 and division >= $18 and division <= $19 and kind not like 'active_user%'
         group by day, kind"
    );
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = days;
    let rows = tx.query(sql, params![a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, channel, low, high])?;
    rows.iter()
        .map(|r| {
            let (day, kind, value) = (r.i64(0)?, r.text(1)?, r.i64(2)?);
            Ok(CounterRow { day, channel_id: *channel, division: low.to_owned(), kind, value })
        })
        .collect()
}

/// Counters of the days `from` to `to` whose division lies between `low` and `high`, summed over the days and over the
/// divisions of each area; areas are as in [`count_users`], and stand where a division would.
pub fn sum_by_area(
    tx: &mut ReadTx<'_>,
    (from, to): (i64, i64),
    (low, high): (&str, &str),
    unit: i64,
) -> Result<Vec<CounterRow>, StoreError> {
    let sql = sql!(
        "select channel_id, cast(division as bigint) / $5, kind, cast(sum(value) as bigint) from statistic
         where day >= $1 and day <= $2 and division >= $3 and division <= $4 and kind not like 'active_user%'
         group by 1, 2, 3"
    );
    let rows = tx.query(sql, params![from, to, low, high, unit])?;
    rows.iter()
        .map(|r| {
            let division = format!("{:06}", r.i64(1)? * unit);
            Ok(CounterRow {
                day: from,
                channel_id: r.array(0)?,
                division,
                kind: r.text(2)?,
                value: r.i64(3)?,
            })
        })
        .collect()
}

/// The counter `kind` on a day of the areas between `low` and `high`: of the divisions whose code `unit` divides.
pub fn list_of_areas(
    tx: &mut ReadTx<'_>,
    day: i64,
    (low, high): (&str, &str),
    (kind, unit): (&str, i64),
) -> Result<Vec<CounterRow>, StoreError> {
    let sql = sql!(
        "select day, channel_id, division, kind, value from statistic
         where day = $1 and division >= $2 and division <= $3 and kind = $4 and cast(division as bigint) % $5 = 0"
    );
    let rows = tx.query(sql, params![day, low, high, kind, unit])?;
    rows.iter().map(counter).collect()
}

/// The counter `kind` of one division on the days `from` to `to`.
pub fn list(
    tx: &mut ReadTx<'_>,
    (from, to): (i64, i64),
    division: &str,
    kind: &str,
) -> Result<Vec<CounterRow>, StoreError> {
    let sql = sql!(
        "select day, channel_id, division, kind, value from statistic
         where day >= $1 and day <= $2 and division = $3 and kind = $4"
    );
    let rows = tx.query(sql, params![from, to, division, kind])?;
    rows.iter().map(counter).collect()
}

/// The sum of the counter `kind` before `day`, by channel.
pub fn sum_before(
    tx: &mut ReadTx<'_>,
    day: i64,
    (low, high): (&str, &str),
    kind: &str,
) -> Result<Vec<([u8; 16], i64)>, StoreError> {
    let sql = sql!(
        "select channel_id, cast(sum(value) as bigint) from statistic
         where day < $1 and division >= $2 and division <= $3 and kind = $4 group by channel_id"
    );
    tx.query(sql, params![day, low, high, kind])?.iter().map(|r| Ok((r.array(0)?, r.i64(1)?))).collect()
}

/// Distinct holders with a use that was answered from `from` to before `to` (µs), by channel and area; areas are
/// what the codes of the divisions leave when divided by `unit` (1, 100, 10,000 or 1,000,000).
pub fn count_users(
    tx: &mut ReadTx<'_>,
    (from, to): (i64, i64),
    unit: i64,
) -> Result<Vec<UsersRow>, StoreError> {
    // A use is stored under the minute its code was issued in: at most two minutes before the use.
    let sql = sql!(
        "select channel_id, cast(division as bigint) / $5, count(distinct ecard_id) from code_use
         where bucket >= $1 and bucket <= $2 and at >= $3 and at < $4 and outcome = 'ok' group by 1, 2"
    );
    let (first, last) = (from / 60_000_000 - 3, to / 60_000_000 + 1);
    let rows = tx.query(sql, params![first, last, from, to, unit])?;
    rows.iter().map(|r| Ok(UsersRow { channel_id: r.array(0)?, area: r.i64(1)?, users: r.i64(2)? })).collect()
}

/// Distinct holders with a use that was answered from `from` to before `to` (µs), by the level-1 channel of their
/// same-entity group; a channel of no group is one of its own. The area is the country.
pub fn count_group_users(tx: &mut ReadTx<'_>, (from, to): (i64, i64)) -> Result<Vec<UsersRow>, StoreError> {
    let sql = sql!(
        "select coalesce(member.parent_id, used.channel_id), count(distinct used.ecard_id)
         from code_use used left join channel member
           on member.id = used.channel_id and member.relation = 'same_entity'
         where used.bucket >= $1 and used.bucket <= $2 and used.at >= $3 and used.at < $4 and used.outcome = 'ok'
         group by 1"
    );
    let (first, last) = (from / 60_000_000 - 3, to / 60_000_000 + 1);
    let rows = tx.query(sql, params![first, last, from, to])?;
    rows.iter().map(|r| Ok(UsersRow { channel_id: r.array(0)?, area: 0, users: r.i64(1)? })).collect()
}

/// Rehearsed users of the month that begins on `first`, by channel and division.
pub fn list_rehearsed(tx: &mut ReadTx<'_>, first: i64, kind: &str) -> Result<Vec<CounterRow>, StoreError> {
    let sql = sql!(
        "select day, channel_id, division, kind, value from statistic where day = $1 and kind = $2
         order by channel_id, division"
    );
    let rows = tx.query(sql, params![first, kind])?;
    rows.iter().map(counter).collect()
}

/// The channel under which the users of a same-entity group are counted: its level-1 channel, or itself.
pub fn head_of_group(tx: &mut ReadTx<'_>, channel: &[u8; 16]) -> Result<[u8; 16], StoreError> {
    let sql = sql!("select parent_id from channel where id = $1 and relation = 'same_entity'");
    match tx.query(sql, params![channel])?.first() {
        Some(row) => row.array(0),
        None => Ok(*channel),
    }
}

/// The last day whose distinct users are counted, while no other transaction may count.
pub fn lock_closed_day(tx: &mut WriteTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql_lock!("select value from epoch where name = 'statistic_day'"), &[])?.i64(0)
}

/// The last day whose distinct users are counted.
pub fn closed_day(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'statistic_day'"), &[])?.i64(0)
}

/// Moves the last day whose distinct users are counted.
pub fn set_closed_day(tx: &mut WriteTx<'_>, day: i64) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = $1 where name = 'statistic_day'"), params![day])
}

/// How many have a card and how many its electronic form, in one division on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageRow {
    /// Days since 1970 in Beijing.
    pub day: i64,
    /// The issuing division.
    pub division: String,
    /// Persons with a card in force.
    pub holders: i64,
    /// E-cards of such cards.
    pub ecards: i64,
}

/// Cards in force in the shards from `first` to `last`, by issuing division: a person has at most one (R27).
pub fn count_holders(
    tx: &mut ReadTx<'_>,
    (first, last): (i64, i64),
) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = sql!(
        "select division, count(*) from card where shard >= $1 and shard <= $2
           and state in ('active', 'loss_reported', 'temporarily_lost', 'locked')
         group by division"
    );
    tx.query(sql, params![first, last])?.iter().map(|r| Ok((r.text(0)?, r.i64(1)?))).collect()
}

/// E-cards of cards in force in the shards from `first` to `last`, by the division that issued the card.
pub fn count_ecards(
    tx: &mut ReadTx<'_>,
    (first, last): (i64, i64),
) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = sql!(
        "select division, count(*) from ecard where shard >= $1 and shard <= $2
           and state in ('active', 'loss_reported', 'temporarily_lost', 'locked')
         group by division"
    );
    tx.query(sql, params![first, last])?.iter().map(|r| Ok((r.text(0)?, r.i64(1)?))).collect()
}

/// The last day for which coverage was counted; 0 before the first.
pub fn coverage_day(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'coverage_day'"), &[])?.i64(0)
}

/// [`coverage_day`], while no other transaction may count.
pub fn lock_coverage_day(tx: &mut WriteTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql_lock!("select value from epoch where name = 'coverage_day'"), &[])?.i64(0)
}

/// Moves the last day for which coverage was counted.
pub fn set_coverage_day(tx: &mut WriteTx<'_>, day: i64) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = $1 where name = 'coverage_day'"), params![day])
}

/// Keeps what was counted for a day.
pub fn insert_coverage(tx: &mut WriteTx<'_>, c: &CoverageRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("insert into coverage (day, division, holders, ecards) values ($1, $2, $3, $4)"),
        params![c.day, &c.division, c.holders, c.ecards],
    )
}

/// What was counted for a day in an area, by the divisions' code.
pub fn list_coverage(
    tx: &mut ReadTx<'_>,
    day: i64,
    area: DivisionCode,
) -> Result<Vec<CoverageRow>, StoreError> {
    let sql = sql!(
        "select day, division, holders, ecards from coverage
         where day = $1 and division >= $2 and division <= $3 order by division"
    );
    tx.query(sql, params![day, &area.to_string(), &area.last().to_string()])?.iter().map(coverage).collect()
}

/// The days that were counted from `first` on, oldest first.
pub fn list_coverage_days(tx: &mut ReadTx<'_>, first: i64) -> Result<Vec<i64>, StoreError> {
    let sql = sql!("select distinct day from coverage where day >= $1 order by day");
    tx.query(sql, params![first])?.iter().map(|r| r.i64(0)).collect()
}

fn coverage(r: &Row) -> Result<CoverageRow, StoreError> {
    Ok(CoverageRow { day: r.i64(0)?, division: r.text(1)?, holders: r.i64(2)?, ecards: r.i64(3)? })
}
