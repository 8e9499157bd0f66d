//! Rows of the history of matters: what happened, by whom, and in whose place.

use crate::{ReadTx, StoreError, WriteTx, params, sql};

/// One thing that happened to a matter.
#[derive(Debug, Clone)]
pub struct StepRow {
    /// To which.
    pub matter_id: [u8; 16],
    /// From 1.
    pub number: i64,
    /// µs.
    pub at: i64,
    /// By which party.
    pub party: String,
    /// By whom; none when the platform acted.
    pub staff_id: Option<[u8; 16]>,
    /// Of which organisation.
    pub org_id: Option<[u8; 16]>,
    /// In whose place; none when they acted for themselves.
    pub in_place_of: Option<[u8; 16]>,
    /// What.
    pub action: String,
    /// The state before; none of an opening.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: String,
    /// What the person wrote.
    pub words: Option<String>,
}

/// Everything that happened to a matter, oldest first.
pub fn list_steps(tx: &mut ReadTx<'_>, matter_id: &[u8; 16]) -> Result<Vec<StepRow>, StoreError> {
    let sql = sql!(
        "select matter_id, number, at, party, staff_id, org_id, action, from_state, to_state, words,
                in_place_of
         from matter_step where matter_id = $1 order by number"
    );
    let rows = tx.query(sql, params![matter_id])?;
    rows.iter()
        .map(|r| {
            Ok(StepRow {
                matter_id: r.array(0)?,
                number: r.i64(1)?,
                at: r.i64(2)?,
                party: r.text(3)?,
                staff_id: r.opt_array(4)?,
                org_id: r.opt_array(5)?,
                action: r.text(6)?,
                from_state: r.opt_text(7)?,
                to_state: r.text(8)?,
                words: r.opt_text(9)?,
                in_place_of: r.opt_array(10)?,
            })
        })
        .collect()
}

/// Adds a step.
pub fn insert_step(tx: &mut WriteTx<'_>, s: &StepRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into matter_step (matter_id, number, at, party, staff_id, org_id, action, from_state, to_state, words,
                                      in_place_of)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            &s.matter_id,
            s.number,
            s.at,
            &s.party,
            s.staff_id.as_ref(),
            s.org_id.as_ref(),
            &s.action,
            s.from_state.as_ref(),
            &s.to_state,
            s.words.as_ref(),
            s.in_place_of.as_ref()
        ],
    )
}
