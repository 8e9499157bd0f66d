//! Rows of assignments: into whose hands an office has put a matter, each time anew; the newest one holds.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql};

/// An assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// Of which matter.
    pub matter_id: [u8; 16],
    /// Within which organisation.
    pub org_id: [u8; 16],
    /// From 1.
    pub number: i64,
    /// Into whose hands; none when it was laid down.
    pub staff_id: Option<[u8; 16]>,
    /// µs.
    pub at: i64,
    /// By whom.
    pub by_id: [u8; 16],
    /// Why.
    pub words: Option<String>,
}

fn row(r: &Row) -> Result<AssignmentRow, StoreError> {
    Ok(AssignmentRow {
        matter_id: r.array(0)?,
        org_id: r.array(1)?,
        number: r.i64(2)?,
        staff_id: r.opt_array(3)?,
        at: r.i64(4)?,
        by_id: r.array(5)?,
        words: r.opt_text(6)?,
    })
}

/// All of a matter within an organisation, oldest first.
pub fn list(
    tx: &mut ReadTx<'_>,
    matter_id: &[u8; 16],
    org_id: &[u8; 16],
) -> Result<Vec<AssignmentRow>, StoreError> {
    let sql = sql!(
        "select matter_id, org_id, number, staff_id, at, by_id, words from matter_assignment
         where matter_id = $1 and org_id = $2 order by number"
    );
    tx.query(sql, params![matter_id, org_id])?.iter().map(row).collect()
}

/// All of a matter in every organisation, those of one in their order.
pub fn list_of_matter(tx: &mut ReadTx<'_>, matter_id: &[u8; 16]) -> Result<Vec<AssignmentRow>, StoreError> {
    let sql = sql!(
        "select matter_id, org_id, number, staff_id, at, by_id, words from matter_assignment
         where matter_id = $1 order by org_id, number"
    );
    tx.query(sql, params![matter_id])?.iter().map(row).collect()
}

/// Adds one.
pub fn insert(tx: &mut WriteTx<'_>, a: &AssignmentRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into matter_assignment (matter_id, org_id, number, staff_id, at, by_id, words)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![&a.matter_id, &a.org_id, a.number, a.staff_id.as_ref(), a.at, &a.by_id, a.words.as_ref()],
    )
}
