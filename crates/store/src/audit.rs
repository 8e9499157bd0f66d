//! Rows of the audit trail as the fold and the export read them; writers append to it in [`crate::db`].
//!
//! Invariant: heads are made one at a time under a lock, so a later head never covers less than an earlier one.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};
use std::cmp::Ordering;

/// How far a log goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeRow {
    /// The log.
    pub log: [u8; 16],
    /// The right edge of its tree.
    pub frontier: Vec<u8>,
}

/// A signed head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadRow {
    /// When it was folded, µs; unique and rising.
    pub at: i64,
    /// The heads of all logs, packed.
    pub logs: Vec<u8>,
    /// The root over them.
    pub root: [u8; 32],
    /// The key that signed it.
    pub key_id: [u8; 16],
    /// r‖s.
    pub signature: [u8; 64],
}

/// The records of one transaction in one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRow {
    /// The log.
    pub log: [u8; 16],
    /// The place of its first record.
    pub first: i64,
    /// When it was written, µs, by its writer's clock.
    pub at: i64,
    /// The records, packed.
    pub records: Vec<u8>,
    /// A leaf of 32 bytes for each.
    pub leaves: Vec<u8>,
    /// The right edge of the log's tree after it.
    pub frontier: Vec<u8>,
}

/// The last edge of every log.
pub fn list_edges(tx: &mut ReadTx<'_>) -> Result<Vec<EdgeRow>, StoreError> {
    let sql = sql!(
        "select l.id, (select b.frontier from audit_block b where b.log = l.id order by b.first desc limit 1)
         from audit_log l"
    );
    let mut edges = Vec::new();
    for row in tx.query(sql, &[])? {
        if let Some(frontier) = row.opt_bytes(1)? {
            edges.push(EdgeRow { log: row.array(0)?, frontier });
        }
    }
    Ok(edges)
}

fn head(r: &Row) -> Result<HeadRow, StoreError> {
    Ok(HeadRow {
        at: r.i64(0)?,
        logs: r.bytes(1)?,
        root: r.array(2)?,
        key_id: r.array(3)?,
        signature: r.array(4)?,
    })
}

/// The newest head, if anything was sealed yet.
pub fn find_head(tx: &mut ReadTx<'_>) -> Result<Option<HeadRow>, StoreError> {
    let sql = sql!("select at, logs, root, key_id, signature from audit_head order by at desc limit 1");
    tx.query_opt(sql, &[])?.as_ref().map(head).transpose()
}

/// The newest head, while no other transaction may make one.
pub fn lock_head(tx: &mut WriteTx<'_>) -> Result<Option<HeadRow>, StoreError> {
    tx.query(sql_lock!("select value from epoch where name = 'audit_head'"), &[])?;
    find_head(tx)
}

/// Adds a head; the caller holds [`lock_head`].
pub fn insert_head(tx: &mut WriteTx<'_>, head: &HeadRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("insert into audit_head (at, logs, root, key_id, signature) values ($1, $2, $3, $4, $5)"),
        params![head.at, &head.logs, &head.root, &head.key_id, &head.signature],
    )
}

/// Heads folded after `after` and not later than `last`, oldest first.
pub fn list_heads(
    tx: &mut ReadTx<'_>,
    after: i64,
    last: i64,
    limit: i64,
) -> Result<Vec<HeadRow>, StoreError> {
    let sql = sql!(
        "select at, logs, root, key_id, signature from audit_head where at > $1 and at <= $2 order by at limit $3"
    );
    tx.query(sql, params![after, last, limit])?.iter().map(head).collect()
}

/// The keys that signed heads not later than `last`.
pub fn list_head_keys(tx: &mut ReadTx<'_>, last: i64) -> Result<Vec<[u8; 16]>, StoreError> {
    let sql = sql!("select distinct key_id from audit_head where at <= $1 order by key_id");
    tx.query(sql, params![last])?.iter().map(|r| r.array(0)).collect()
}

/// Keeps, of the heads older than `before`, the last of each hour: what a forgotten head covered is covered by the
/// next one, and whoever holds a copy of it can still check it against the records.
pub fn thin_heads(tx: &mut WriteTx<'_>, before: i64) -> Result<u64, StoreError> {
    let sql = sql!(
        "delete from audit_head where at < $1 and exists (
           select 1 from audit_head later where later.at > audit_head.at and later.at < $1
             and later.at < (audit_head.at / 3600000000 + 1) * 3600000000)"
    );
    tx.execute(sql, params![before])
}

/// The ids of all logs.
pub fn list_logs(tx: &mut ReadTx<'_>) -> Result<Vec<[u8; 16]>, StoreError> {
    tx.query(sql!("select id from audit_log order by id"), &[])?.iter().map(|r| r.array(0)).collect()
}

/// The place of the first record that `log` took at `at` or later, by its writer's clock; looked for by halves, since
/// blocks of a log follow each other in time.
pub fn find_place_at(tx: &mut ReadTx<'_>, log: &[u8; 16], at: i64) -> Result<Option<i64>, StoreError> {
    let last = sql!("select first, count, at from audit_block where log = $1 order by first desc limit 1");
    let Some(last) = tx.query_opt(last, params![log])? else { return Ok(None) };
    if last.i64(2)? < at {
        return Ok(None);
    }
    let (mut early, mut late) = (0, last.i64(0)?);
    while early < late {
        let middle = early + (late - early) / 2;
        let block = tx.query_one(
            sql!(
                "select first, count, at from audit_block where log = $1 and first <= $2
                 order by first desc limit 1"
            ),
            params![log, middle],
        )?;
        if block.i64(2)? < at {
            early = block.i64(0)? + block.i64(1)?;
        } else {
            late = block.i64(0)?;
        }
    }
    Ok(Some(late))
}

/// The block of `log` that ends where the block from `first` begins.
pub fn find_block_before(
    tx: &mut ReadTx<'_>,
    log: &[u8; 16],
    first: i64,
) -> Result<Option<BlockRow>, StoreError> {
    let sql = sql!(
        "select log, first, at, records, leaves, frontier from audit_block where log = $1 and first < $2
         order by first desc limit 1"
    );
    tx.query_opt(sql, params![log, first])?.as_ref().map(block).transpose()
}

/// The block of `log` that holds the record at `place`.
pub fn find_block_of(
    tx: &mut ReadTx<'_>,
    log: &[u8; 16],
    place: i64,
) -> Result<Option<BlockRow>, StoreError> {
    let sql = sql!(
        "select log, first, at, records, leaves, frontier from audit_block where log = $1 and first <= $2
         order by first desc limit 1"
    );
    tx.query_opt(sql, params![log, place])?.as_ref().map(block).transpose()
}

/// Blocks of one log from `first` on that were written at `end` or earlier.
pub fn list_blocks_of(
    tx: &mut ReadTx<'_>,
    log: &[u8; 16],
    first: i64,
    end: i64,
    limit: i64,
) -> Result<Vec<BlockRow>, StoreError> {
    let sql = sql!(
        "select log, first, at, records, leaves, frontier from audit_block
         where log = $1 and first >= $2 and at <= $3 order by first limit $4"
    );
    tx.query(sql, params![log, first, end, limit])?.iter().map(block).collect()
}

/// The leaves of one log from the block at `first` to the one that holds the record before `end`.
pub fn list_leaves(
    tx: &mut ReadTx<'_>,
    log: &[u8; 16],
    first: i64,
    end: i64,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql =
        sql!("select leaves from audit_block where log = $1 and first >= $2 and first < $3 order by first");
    tx.query(sql, params![log, first, end])?.iter().map(|r| r.bytes(0)).collect()
}

/// Where a record about something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrailRow {
    /// When, as the record says, µs.
    pub at: i64,
    /// The log.
    pub log: [u8; 16],
    /// Its place there.
    pub place: i64,
}

/// Where the records about `object` are, newest first, before `before`.
pub fn list_trail(
    tx: &mut ReadTx<'_>,
    object: &[u8; 20],
    before: &TrailRow,
    limit: i64,
) -> Result<Vec<TrailRow>, StoreError> {
    let sql = sql!(
        "select at, log, place from audit_trail where object = $1
           and (at < $2 or (at = $2 and (log < $3 or (log = $3 and place < $4))))
         order by at desc, log desc, place desc limit $5"
    );
    let rows = tx.query(sql, params![object, before.at, &before.log, before.place, limit])?;
    rows.iter().map(|r| Ok(TrailRow { at: r.i64(0)?, log: r.array(1)?, place: r.i64(2)? })).collect()
}

/// Where the records of all logs are, newest first by the writers' clocks, before `before` and not before `from`; a row's moment is that
/// of its block. Each log is entered where it stood at that moment, those that were written last first, until what is left is older
/// than enough of what was found.
pub fn list_recent(
    tx: &mut ReadTx<'_>,
    before: &TrailRow,
    from: i64,
    limit: i64,
) -> Result<Vec<TrailRow>, StoreError> {
    let mut entries = Vec::new();
    for log in list_logs(tx)? {
        let end = match log.cmp(&before.log) {
            Ordering::Equal => Some(before.place),
            Ordering::Less => find_place_at(tx, &log, before.at.saturating_add(1))?,
            Ordering::Greater => find_place_at(tx, &log, before.at)?,
        };
        let end = end.unwrap_or(i64::MAX);
        let sql =
            sql!("select at from audit_block where log = $1 and first < $2 order by first desc limit 1");
        if let Some(newest) = tx.query_opt(sql, params![&log, end])? {
            entries.push((newest.i64(0)?, log, end));
        }
    }
    entries.sort_unstable_by(|one, other| other.cmp(one));
    let most = usize::try_from(limit).unwrap_or_default();
    let mut rows: Vec<TrailRow> = Vec::new();
    for (newest, log, end) in entries {
        let oldest_wanted =
            most.checked_sub(1).and_then(|last| rows.get(last)).map_or(from, |row| row.at.max(from));
        if newest < oldest_wanted {
            break;
        }
        rows.extend(list_recent_of(tx, &log, end, limit)?);
        rows.sort_unstable_by(|one, other| other.cmp(one));
        rows.truncate(most);
    }
    Ok(rows)
}

/// The last places of one log before `end`, newest first.
fn list_recent_of(
    tx: &mut ReadTx<'_>,
    log: &[u8; 16],
    mut end: i64,
    limit: i64,
) -> Result<Vec<TrailRow>, StoreError> {
    let sql = sql!(
        "select first, count, at from audit_block where log = $1 and first < $2 order by first desc limit $3"
    );
    let (mut rows, mut left) = (Vec::new(), limit);
    for block in tx.query(sql, params![log, end, limit])? {
        let (first, at) = (block.i64(0)?, block.i64(2)?);
        end = end.min(first + block.i64(1)?);
        let from = first.max(end - left);
        rows.extend((from..end).rev().map(|place| TrailRow { at, log: *log, place }));
        left -= end - from;
        if left == 0 {
            break;
        }
    }
    Ok(rows)
}

/// An address that is kept, and what its commitment was made with.
pub fn find_request(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<(String, [u8; 16])>, StoreError> {
    let row = tx.query_opt(sql!("select address, salt from audit_request where id = $1"), params![id])?;
    row.map(|r| Ok((r.text(0)?, r.array(1)?))).transpose()
}

/// Forgets where the requests whose ids lie before `before` came from.
pub fn forget_requests(tx: &mut WriteTx<'_>, before: &[u8; 16]) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from audit_request where id < $1"), params![before])
}

fn block(r: &Row) -> Result<BlockRow, StoreError> {
    Ok(BlockRow {
        log: r.array(0)?,
        first: r.i64(1)?,
        at: r.i64(2)?,
        records: r.bytes(3)?,
        leaves: r.bytes(4)?,
        frontier: r.bytes(5)?,
    })
}

/// Blocks of all logs, by log and place, after the block `first` of `log`.
pub fn list_blocks(
    tx: &mut ReadTx<'_>,
    log: &[u8],
    first: i64,
    limit: i64,
) -> Result<Vec<BlockRow>, StoreError> {
    let sql = sql!(
        "select log, first, at, records, leaves, frontier from audit_block
         where log > $1 or (log = $1 and first > $2) order by log, first limit $3"
    );
    tx.query(sql, params![log, first, limit])?.iter().map(block).collect()
}
