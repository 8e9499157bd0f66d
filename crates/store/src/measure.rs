//! Rows of measures: what is withheld from a channel, by which matter, from when until when.
//!
//! Every change starts a new authority epoch, so a measure holds from the very next request on.

use crate::{ReadTx, StoreError, WriteTx, epoch, params, sql};

/// A measure.
#[derive(Debug, Clone)]
pub struct MeasureRow {
    /// The measure's id.
    pub id: [u8; 16],
    /// From which channel.
    pub channel_id: [u8; 16],
    /// By which matter; none in the sandbox's short way.
    pub matter_id: Option<[u8; 16]>,
    /// What is withheld, as JSON.
    pub withheld: String,
    /// µs.
    pub opened_at: i64,
    /// µs; lifted measures stay as history.
    pub lifted_at: Option<i64>,
}

/// What the open measures withhold from a channel, oldest first.
pub fn list_open(tx: &mut ReadTx<'_>, channel_id: &[u8; 16]) -> Result<Vec<String>, StoreError> {
    let sql = sql!(
        "select withheld from measure where channel_id = $1 and lifted_at is null order by opened_at, id"
    );
    tx.query(sql, params![channel_id])?.iter().map(|r| r.text(0)).collect()
}

/// Every measure of a channel, oldest first.
pub fn list(tx: &mut ReadTx<'_>, channel_id: &[u8; 16]) -> Result<Vec<MeasureRow>, StoreError> {
    let sql = sql!(
        "select id, channel_id, matter_id, withheld, opened_at, lifted_at from measure
         where channel_id = $1 order by opened_at, id"
    );
    let rows = tx.query(sql, params![channel_id])?;
    rows.iter()
        .map(|r| {
            Ok(MeasureRow {
                id: r.array(0)?,
                channel_id: r.array(1)?,
                matter_id: r.opt_array(2)?,
                withheld: r.text(3)?,
                opened_at: r.i64(4)?,
                lifted_at: r.opt_i64(5)?,
            })
        })
        .collect()
}

/// Opens a measure.
pub fn insert(tx: &mut WriteTx<'_>, measure: &MeasureRow) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(
        sql!(
            "insert into measure (id, channel_id, matter_id, withheld, opened_at, lifted_at)
             values ($1, $2, $3, $4, $5, $6)"
        ),
        params![
            &measure.id,
            &measure.channel_id,
            measure.matter_id.as_ref(),
            &measure.withheld,
            measure.opened_at,
            measure.lifted_at
        ],
    )
}

/// Lifts the open measures of a matter on a channel; how many there were.
pub fn lift_of_matter(
    tx: &mut WriteTx<'_>,
    channel_id: &[u8; 16],
    matter_id: &[u8; 16],
    at: i64,
) -> Result<u64, StoreError> {
    epoch::advance(tx)?;
    tx.execute(
        sql!(
            "update measure set lifted_at = $3
             where channel_id = $1 and matter_id = $2 and lifted_at is null"
        ),
        params![channel_id, matter_id, at],
    )
}

/// Lifts the open measures of a channel that no matter opened; how many there were.
pub fn lift_unowned(tx: &mut WriteTx<'_>, channel_id: &[u8; 16], at: i64) -> Result<u64, StoreError> {
    epoch::advance(tx)?;
    tx.execute(
        sql!(
            "update measure set lifted_at = $2
             where channel_id = $1 and matter_id is null and lifted_at is null"
        ),
        params![channel_id, at],
    )
}
