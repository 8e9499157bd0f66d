//! Rows of reminders: who was reminded of a matter, by whom, on which day; and how far channels were told of what comes due.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderRow {
    /// Of which matter.
    pub matter_id: [u8; 16],
    /// To which party.
    pub party: String,
    /// Of which area, six digits; empty where the party is one.
    pub division: String,
    /// YYYY-MM-DD.
    pub on_day: String,
    /// µs.
    pub at: i64,
    /// By whom.
    pub staff_id: [u8; 16],
    /// Of which organisation.
    pub org_id: [u8; 16],
}

/// The reminders of a matter, oldest first.
pub fn list(tx: &mut ReadTx<'_>, matter_id: &[u8; 16]) -> Result<Vec<ReminderRow>, StoreError> {
    let sql = sql!(
        "select matter_id, party, division, on_day, at, staff_id, org_id from matter_reminder
         where matter_id = $1 order by at, party, division"
    );
    let rows = tx.query(sql, params![matter_id])?;
    rows.iter()
        .map(|r| {
            Ok(ReminderRow {
                matter_id: r.array(0)?,
                party: r.text(1)?,
                division: r.text(2)?,
                on_day: r.text(3)?,
                at: r.i64(4)?,
                staff_id: r.array(5)?,
                org_id: r.array(6)?,
            })
        })
        .collect()
}

/// Adds one.
pub fn insert(tx: &mut WriteTx<'_>, reminder: &ReminderRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into matter_reminder (matter_id, party, division, on_day, at, staff_id, org_id)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![
            &reminder.matter_id,
            &reminder.party,
            &reminder.division,
            &reminder.on_day,
            reminder.at,
            &reminder.staff_id,
            &reminder.org_id
        ],
    )
}

/// The last business day, in days since 1970, on which it was told.
pub fn told_until(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select value from epoch where name = 'due_soon_day'"), &[])?.i64(0)
}

/// [`told_until`], locked until the transaction ends.
pub fn lock_told_until(tx: &mut WriteTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql_lock!("select value from epoch where name = 'due_soon_day'"), &[])?.i64(0)
}

/// Moves the last business day on which it was told.
pub fn set_told_until(tx: &mut WriteTx<'_>, day: i64) -> Result<(), StoreError> {
    tx.execute_one(sql!("update epoch set value = $1 where name = 'due_soon_day'"), params![day])
}

/// A matter about a channel with a last day that comes near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueRow {
    /// Which.
    pub matter_id: [u8; 16],
    /// About which channel.
    pub channel_id: [u8; 16],
}

/// The matters about a channel that wait for a party with a last day from `from` to `until`, once for each wait.
pub fn list_due(
    tx: &mut ReadTx<'_>,
    party: &str,
    from: &str,
    until: &str,
) -> Result<Vec<DueRow>, StoreError> {
    let sql = sql!(
        "select w.matter_id, m.channel_id from matter_wait w join matter m on m.id = w.matter_id
         where w.party = $1 and w.due_on >= $2 and w.due_on <= $3 and m.channel_id is not null
         order by w.matter_id, w.slot"
    );
    let row = |r: &Row| Ok(DueRow { matter_id: r.array(0)?, channel_id: r.array(1)? });
    tx.query(sql, params![party, from, until])?.iter().map(row).collect()
}
