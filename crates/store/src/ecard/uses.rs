//! The uses of an e-card, for its holder: found by an index that follows the uses at a distance.
//!
//! A verification writes one row, keyed by the code, and nothing that a holder's look would need: an index in the
//! same transaction would touch one more page of the file for every code. Whole minutes that can take no more codes
//! are indexed afterwards. Invariant: every use is either in the index or in a minute behind the mark, so a look
//! misses none. The mark counts minute × 1024 + shard; everything before it is in the index.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql};

/// Shards of a minute.
const SHARDS: i64 = 1024;
/// Uses that one transaction indexes, roughly: a full minute is taken in parts, so that others need not wait.
const PART: i64 = 5_000;

/// What an answer about a use of the e-card is made of.
#[derive(Debug, Clone)]
pub struct ShownUse {
    /// Minute of issue of the code.
    pub bucket: i64,
    /// The person's shard.
    pub shard: i64,
    /// Nonce and MAC of the code.
    pub id: [u8; 13],
    /// Channel or terminal that verified it.
    pub caller: [u8; 16],
    /// Name of that channel, if it is one.
    pub channel: Option<String>,
    /// Serial number of that terminal, if it is one.
    pub terminal: Option<String>,
    /// `identity`, `service`, or `pay:` and the payee.
    pub purpose: String,
    /// Service code.
    pub service: String,
    /// Where.
    pub division: String,
    /// Real time, µs.
    pub at: i64,
}

/// Whose uses a list shows.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// Every one, for the holder.
    All,
    /// Those of codes that this channel showed, and those that it verified itself.
    Through(&'a [u8; 16]),
}

impl Seen<'_> {
    /// An e-card whose uses are all shown, and a channel whose uses are; one of the two is nobody's id.
    fn ids(self, ecard: &[u8; 16]) -> ([u8; 16], [u8; 16]) {
        const NOBODY: [u8; 16] = [0; 16];
        match self {
            Self::All => (*ecard, NOBODY),
            Self::Through(channel) => (NOBODY, *channel),
        }
    }
}

/// The uses of an e-card that were answered and may be seen, newest first, after the one at `before`.
pub fn list(
    tx: &mut ReadTx<'_>,
    (shard, ecard_id): (i64, &[u8; 16]),
    seen: Seen<'_>,
    before: (i64, &[u8]),
    limit: i64,
) -> Result<Vec<ShownUse>, StoreError> {
    let indexed = sql!(
        "select u.bucket, u.shard, u.id, u.caller, c.name, t.serial, u.purpose, u.service, u.division, u.at
         from code_use_holder h
         join code_use u on u.bucket = h.bucket and u.shard = h.shard and u.id = h.id
         left join channel c on c.id = u.caller left join terminal t on t.id = u.caller
         where h.shard = $1 and h.ecard_id = $2 and u.outcome = 'ok' and (h.at < $3 or (h.at = $3 and h.id < $4))
           and (u.ecard_id = $6 or u.channel_id = $7 or u.caller = $7)
         order by h.at desc, h.id desc limit $5"
    );
    let (all, channel) = seen.ids(ecard_id);
    let rows = tx.query(indexed, params![shard, ecard_id, before.0, before.1, limit, &all, &channel])?;
    let mut uses = rows.iter().map(shown_use).collect::<Result<Vec<_>, _>>()?;
    let mark = mark(tx)?;
    let mut bucket = if shard < mark % SHARDS { mark / SHARDS } else { mark / SHARDS - 1 };
    while let Some(next) = next_bucket(tx, bucket)? {
        uses.extend(list_minute(tx, (next, shard), ecard_id, seen, before)?);
        bucket = next;
    }
    uses.sort_unstable_by_key(|row| std::cmp::Reverse((row.at, row.id)));
    uses.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(uses)
}

fn list_minute(
    tx: &mut ReadTx<'_>,
    (bucket, shard): (i64, i64),
    ecard_id: &[u8; 16],
    seen: Seen<'_>,
    before: (i64, &[u8]),
) -> Result<Vec<ShownUse>, StoreError> {
    let sql = sql!(
        "select u.bucket, u.shard, u.id, u.caller, c.name, t.serial, u.purpose, u.service, u.division, u.at
         from code_use u left join channel c on c.id = u.caller left join terminal t on t.id = u.caller
         where u.bucket = $1 and u.shard = $2 and u.ecard_id = $3 and u.outcome = 'ok'
           and (u.at < $4 or (u.at = $4 and u.id < $5))
           and (u.ecard_id = $6 or u.channel_id = $7 or u.caller = $7)"
    );
    let (all, channel) = seen.ids(ecard_id);
    tx.query(sql, params![bucket, shard, ecard_id, before.0, before.1, &all, &channel])?
        .iter()
        .map(shown_use)
        .collect()
}

fn shown_use(r: &Row) -> Result<ShownUse, StoreError> {
    Ok(ShownUse {
        bucket: r.i64(0)?,
        shard: r.i64(1)?,
        id: r.array(2)?,
        caller: r.array(3)?,
        channel: r.opt_text(4)?,
        terminal: r.opt_text(5)?,
        purpose: r.text(6)?,
        service: r.text(7)?,
        division: r.text(8)?,
        at: r.i64(9)?,
    })
}

/// How far the index reaches.
pub fn mark(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'use_indexed'"), &[])?.i64(0)
}

/// The first minute after `bucket` that has uses.
fn next_bucket(tx: &mut ReadTx<'_>, bucket: i64) -> Result<Option<i64>, StoreError> {
    tx.query_one(sql!("select min(bucket) from code_use where bucket > $1"), params![bucket])?.opt_i64(0)
}

/// The next part of the minutes before `end` that is not indexed yet: from which mark to which.
pub fn next_part(tx: &mut ReadTx<'_>, end: i64) -> Result<Option<(i64, i64)>, StoreError> {
    let mark = mark(tx)?;
    let Some(bucket) = next_bucket(tx, mark / SHARDS - 1)?.filter(|bucket| *bucket < end) else {
        return Ok(None);
    };
    let from = mark.max(bucket * SHARDS);
    let uses = tx.query_one(
        sql!("select count(*) from (select 1 from code_use where bucket = $1 limit 1000000) uses"),
        params![bucket],
    )?;
    let parts = uses.i64(0)? / PART + 1;
    let to = (from + (SHARDS + parts - 1) / parts).min((bucket + 1) * SHARDS);
    Ok(Some((from, to)))
}

/// Indexes the uses from mark `from` to `to`, both in one minute; nothing when somebody else already has.
pub fn index(tx: &mut WriteTx<'_>, from: i64, to: i64) -> Result<(), StoreError> {
    tx.unaudited("an index of rows that have their records");
    let moved = tx.execute(
        sql!("update epoch set value = $2 where name = 'use_indexed' and value <= $1"),
        params![from, to],
    )?;
    if moved == 0 {
        return Ok(());
    }
    let bucket = from / SHARDS;
    tx.execute(
        sql!(
            "insert into code_use_holder (shard, ecard_id, at, id, bucket)
             select shard, ecard_id, at, id, bucket from code_use
             where bucket = $1 and shard >= $2 and shard < $3 order by shard, ecard_id, at, id
             on conflict do nothing"
        ),
        params![bucket, from - bucket * SHARDS, to - bucket * SHARDS],
    )?;
    Ok(())
}
