//! Rows of the outbox: work that a transaction leaves for later, in the same commit as its cause.
//!
//! Invariant: one process at a time holds a job. Taking it moves `due_at` to the end of a lease and counts the
//! attempt; who wants to settle it must still hold that lease, and otherwise settles nothing. A process that dies
//! lets its lease run out, and the job is due again. What a job does is not here.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql};

/// A job as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// The job's id.
    pub id: [u8; 16],
    /// What is to be done.
    pub kind: String,
    /// To what; an id of the kind's own choosing.
    pub subject: String,
    /// When it may be taken: its time, or the end of the lease on it, µs.
    pub due_at: i64,
    /// How often it was taken.
    pub attempt: i64,
    /// Why the last attempt came to nothing.
    pub last_error: Option<String>,
    /// µs.
    pub created_at: i64,
}

fn row(r: &Row) -> Result<JobRow, StoreError> {
    Ok(JobRow {
        id: r.array(0)?,
        kind: r.text(1)?,
        subject: r.text(2)?,
        due_at: r.i64(3)?,
        attempt: r.i64(4)?,
        last_error: r.opt_text(5)?,
        created_at: r.i64(6)?,
    })
}

fn id(kind: &str, subject: &str) -> [u8; 16] {
    let digest = gm::sm3::digest_parts(&[kind.as_bytes(), b"\n", subject.as_bytes()]);
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    id
}

/// The job of this kind and subject, if one is waiting.
pub fn find(tx: &mut ReadTx<'_>, kind: &str, subject: &str) -> Result<Option<JobRow>, StoreError> {
    let sql =
        sql!("select id, kind, subject, due_at, attempt, last_error, created_at from job where id = $1");
    tx.query_opt(sql, params![&id(kind, subject)])?.as_ref().map(row).transpose()
}

/// Leaves work for `due_at`. A job of this kind and subject that is already waiting stays as it is: the answer says
/// whether this one was added.
pub fn enqueue(
    tx: &mut WriteTx<'_>,
    kind: &str,
    subject: &str,
    due_at: i64,
    created_at: i64,
) -> Result<bool, StoreError> {
    let added = tx.execute(
        sql!(
            "insert into job (id, kind, subject, due_at, attempt, last_error, created_at)
             values ($1, $2, $3, $4, 0, null, $5) on conflict do nothing"
        ),
        params![&id(kind, subject), kind, subject, due_at, created_at],
    )?;
    Ok(added == 1)
}

/// The jobs that are due and not of the kind `except`, longest due first.
pub fn list_due(tx: &mut ReadTx<'_>, now: i64, except: &str, limit: i64) -> Result<Vec<JobRow>, StoreError> {
    let sql = sql!(
        "select id, kind, subject, due_at, attempt, last_error, created_at
         from job where due_at <= $1 and kind <> $2 order by due_at, id limit $3"
    );
    tx.query(sql, params![now, except, limit])?.iter().map(row).collect()
}

/// The jobs of one kind that are due, longest due first.
pub fn list_due_of(tx: &mut ReadTx<'_>, now: i64, kind: &str, limit: i64) -> Result<Vec<JobRow>, StoreError> {
    let sql = sql!(
        "select id, kind, subject, due_at, attempt, last_error, created_at
         from job where due_at <= $1 and kind = $2 order by due_at, id limit $3"
    );
    tx.query(sql, params![now, kind, limit])?.iter().map(row).collect()
}

/// Takes a job that was listed as due until `lease_until`; `false` when another process was faster.
pub fn lease(tx: &mut WriteTx<'_>, job: &JobRow, lease_until: i64) -> Result<bool, StoreError> {
    let sql = sql!(
        "update job set due_at = $2, attempt = attempt + 1 where id = $1 and due_at = $3 and attempt = $4"
    );
    Ok(tx.execute(sql, params![&job.id, lease_until, job.due_at, job.attempt])? == 1)
}

/// Ends a job that is held by this lease; `false` when it is not held any more.
pub fn finish(tx: &mut WriteTx<'_>, job: &JobRow) -> Result<bool, StoreError> {
    let sql = sql!("delete from job where id = $1 and due_at = $2 and attempt = $3");
    Ok(tx.execute(sql, params![&job.id, job.due_at, job.attempt])? == 1)
}

/// Puts back a job that is held by this lease, to be taken again at `due_at`; `false` when it is not held any more.
pub fn put_back(tx: &mut WriteTx<'_>, job: &JobRow, due_at: i64, why: &str) -> Result<bool, StoreError> {
    let sql =
        sql!("update job set due_at = $2, last_error = $3 where id = $1 and due_at = $4 and attempt = $5");
    Ok(tx.execute(sql, params![&job.id, due_at, why, job.due_at, job.attempt])? == 1)
}

/// The jobs of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// What is to be done.
    pub kind: String,
    /// How many there are.
    pub waiting: i64,
    /// How many of them failed the last time.
    pub failed: i64,
    /// When the oldest was left, µs.
    pub oldest_at: i64,
    /// When the next may be taken, µs.
    pub next_at: i64,
}

/// How many jobs of each kind there are, by kind.
pub fn queues(tx: &mut ReadTx<'_>) -> Result<Vec<QueueRow>, StoreError> {
    let sql = sql!(
        "select kind, count(*), count(last_error), min(created_at), min(due_at) from job group by kind order by kind"
    );
    let row = |r: &Row| {
        Ok(QueueRow {
            kind: r.text(0)?,
            waiting: r.i64(1)?,
            failed: r.i64(2)?,
            oldest_at: r.i64(3)?,
            next_at: r.i64(4)?,
        })
    };
    tx.query(sql, &[])?.iter().map(row).collect()
}

/// The jobs whose last attempt failed, by id after `after`.
pub fn list_failed(tx: &mut ReadTx<'_>, after: &[u8; 16], limit: i64) -> Result<Vec<JobRow>, StoreError> {
    let sql = sql!(
        "select id, kind, subject, due_at, attempt, last_error, created_at
         from job where last_error is not null and id > $1 order by id limit $2"
    );
    tx.query(sql, params![after, limit])?.iter().map(row).collect()
}

/// A job by id.
pub fn find_by_id(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<JobRow>, StoreError> {
    let sql =
        sql!("select id, kind, subject, due_at, attempt, last_error, created_at from job where id = $1");
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Makes a job due at `due_at`, whoever holds it: at once, or later for whoever renews a lease; `Stale` when it has changed.
pub fn move_due(tx: &mut WriteTx<'_>, job: &JobRow, due_at: i64) -> Result<(), StoreError> {
    let sql = sql!("update job set due_at = $2 where id = $1 and due_at = $3 and attempt = $4");
    let changed = tx.execute(sql, params![&job.id, due_at, job.due_at, job.attempt])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// How many jobs there are, and when the first of them is due.
pub fn backlog(tx: &mut ReadTx<'_>) -> Result<(i64, Option<i64>), StoreError> {
    let r = tx.query_one(sql!("select count(*), min(due_at) from job"), &[])?;
    Ok((r.i64(0)?, r.opt_i64(1)?))
}
