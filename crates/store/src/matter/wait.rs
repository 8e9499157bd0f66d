//! Rows of waits: for whom a matter waits, and until when.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql};

/// For whom a matter waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitRow {
    /// Which matter.
    pub matter_id: [u8; 16],
    /// Its place among the matter's waits.
    pub slot: i64,
    /// Whose turn it is.
    pub party: String,
    /// Of which area, six digits; empty where the party is one.
    pub division: String,
    /// What is waited for.
    pub task: String,
    /// µs.
    pub since: i64,
    /// First day's eve, YYYY-MM-DD.
    pub starts_on: Option<String>,
    /// Last day, YYYY-MM-DD.
    pub due_on: Option<String>,
    /// Whether that may move: 0 or 1.
    pub provisional: i64,
    /// The clause of the deadline.
    pub clause: Option<String>,
    /// `recorded`, or the action that the platform then does.
    pub expiry: Option<String>,
    /// When the passing of the last day was recorded, µs.
    pub overdue_at: Option<i64>,
}

fn wait(r: &Row) -> Result<WaitRow, StoreError> {
    Ok(WaitRow {
        matter_id: r.array(0)?,
        slot: r.i64(1)?,
        party: r.text(2)?,
        division: r.text(3)?,
        task: r.text(4)?,
        since: r.i64(5)?,
        starts_on: r.opt_text(6)?,
        due_on: r.opt_text(7)?,
        provisional: r.i64(8)?,
        clause: r.opt_text(9)?,
        expiry: r.opt_text(10)?,
        overdue_at: r.opt_i64(11)?,
    })
}

/// What a matter waits for: whom, and within which last days.
#[derive(Debug, Clone)]
pub struct Awaited {
    /// Of this party; of any but the platform when there is none.
    pub party: Option<String>,
    /// The last day is not before this one, YYYY-MM-DD; empty where none is needed.
    pub from: String,
    /// The last day is before this one; every day is before `9999-12-31`.
    pub until: String,
}

impl Awaited {
    /// Whether a wait is one of these, as [`list_awaiting`] has it.
    pub fn is(&self, wait: &WaitRow) -> bool {
        let due = wait.due_on.as_deref().unwrap_or_default();
        let of = self.party.as_ref().map_or(wait.party != "platform", |party| *party == wait.party);
        of && *self.from <= *due && *due < *self.until
    }
}

/// For whom a matter waits.
pub fn list_waits(tx: &mut ReadTx<'_>, matter_id: &[u8; 16]) -> Result<Vec<WaitRow>, StoreError> {
    let sql = sql!(
        "select matter_id, slot, party, division, task, since, starts_on, due_on, provisional, clause, expiry, overdue_at
         from matter_wait where matter_id = $1 order by slot"
    );
    tx.query(sql, params![matter_id])?.iter().map(wait).collect()
}

/// What waits for a party, those of one area or of none, in the order of their last days and then of their age.
pub fn list_waits_of_party(
    tx: &mut ReadTx<'_>,
    party: &str,
    division: &str,
    limit: i64,
) -> Result<Vec<WaitRow>, StoreError> {
    let sql = sql!(
        "select matter_id, slot, party, division, task, since, starts_on, due_on, provisional, clause, expiry, overdue_at
         from matter_wait where party = $1 and (division = $2 or division = '')
         order by coalesce(due_on, '9999-12-31'), since, matter_id, slot limit $3"
    );
    tx.query(sql, params![party, division, limit])?.iter().map(wait).collect()
}

/// What waits for the owner in the matters of an organisation, in the same order.
pub fn list_waits_of_org(
    tx: &mut ReadTx<'_>,
    org_id: &[u8; 16],
    limit: i64,
) -> Result<Vec<WaitRow>, StoreError> {
    let sql = sql!(
        "select w.matter_id, w.slot, w.party, w.division, w.task, w.since, w.starts_on, w.due_on, w.provisional,
                w.clause, w.expiry, w.overdue_at
         from (
             select id from matter where owner_id = $1 and ended = 0
             union select m.id from channel c join matter m on m.channel_id = c.id where c.owner_id = $1 and m.ended = 0
             union select m.id from channel p join channel c on c.parent_id = p.id join matter m on m.channel_id = c.id
                   where p.owner_id = $1 and m.ended = 0
         ) own cross join matter_wait w where w.matter_id = own.id and w.party = 'owner'
         order by coalesce(w.due_on, '9999-12-31'), w.since, w.matter_id, w.slot limit $2"
    );
    tx.query(sql, params![org_id, limit])?.iter().map(wait).collect()
}

/// Waits whose last day lies before `today` and has not been recorded as passed.
pub fn list_overdue(tx: &mut ReadTx<'_>, today: &str, limit: i64) -> Result<Vec<WaitRow>, StoreError> {
    let sql = sql!(
        "select matter_id, slot, party, division, task, since, starts_on, due_on, provisional, clause, expiry, overdue_at
         from matter_wait where due_on < $1 and overdue_at is null order by due_on, matter_id, slot limit $2"
    );
    tx.query(sql, params![today, limit])?.iter().map(wait).collect()
}

/// Matters behind `after`, by id, with a last day from `from` to `until` that is provisional and has not been recorded as passed.
pub fn list_provisional(
    tx: &mut ReadTx<'_>,
    (from, until): (&str, &str),
    after: &[u8; 16],
    limit: i64,
) -> Result<Vec<[u8; 16]>, StoreError> {
    let sql = sql!(
        "select distinct matter_id from matter_wait
         where due_on >= $1 and due_on <= $2 and provisional = 1 and overdue_at is null and matter_id > $3
         order by matter_id limit $4"
    );
    tx.query(sql, params![from, until, after, limit])?.iter().map(|r| r.array(0)).collect()
}

/// Puts these waits of a matter in place of the ones it had.
pub fn replace_waits(
    tx: &mut WriteTx<'_>,
    matter_id: &[u8; 16],
    waits: &[WaitRow],
) -> Result<(), StoreError> {
    tx.execute(sql!("delete from matter_wait where matter_id = $1"), params![matter_id])?;
    for w in waits {
        tx.execute_one(
            sql!(
                "insert into matter_wait (matter_id, slot, party, division, task, since, starts_on, due_on, provisional,
                                          clause, expiry, overdue_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            ),
            params![
                matter_id,
                w.slot,
                &w.party,
                &w.division,
                &w.task,
                w.since,
                w.starts_on.as_ref(),
                w.due_on.as_ref(),
                w.provisional,
                w.clause.as_ref(),
                w.expiry.as_ref(),
                w.overdue_at
            ],
        )?;
    }
    Ok(())
}

/// Records that the last day of a wait has passed.
pub fn mark_overdue(
    tx: &mut WriteTx<'_>,
    matter_id: &[u8; 16],
    slot: i64,
    at: i64,
) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("update matter_wait set overdue_at = $3 where matter_id = $1 and slot = $2"),
        params![matter_id, slot, at],
    )
}
