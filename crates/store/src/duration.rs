//! When applications went from one state to another: what their history says, read as a set.

use crate::{ReadTx, StoreError, params, sql};

/// That an application went from one state to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveRow {
    /// The application.
    pub matter_id: [u8; 16],
    /// When, µs.
    pub at: i64,
    /// By what; `open` when it was opened.
    pub action: String,
    /// Where it went.
    pub to_state: String,
    /// The class of its channel; none before there is one.
    pub class: Option<String>,
}

/// Every move of the applications that were there before `before` and to which something happened at `since` or later, one application
/// after another, in order.
pub fn list_moves(tx: &mut ReadTx<'_>, since: i64, before: i64) -> Result<Vec<MoveRow>, StoreError> {
    let sql = sql!(
        "select step.matter_id, step.at, step.action, step.to_state, channel.class
         from matter join matter_step step on step.matter_id = matter.id
         left join channel on channel.id = matter.channel_id
         where matter.kind = 'application' and matter.changed_at >= $1 and matter.opened_at < $2
           and (step.from_state is null or step.from_state <> step.to_state)
         order by step.matter_id, step.number"
    );
    let rows = tx.query(sql, params![since, before])?;
    rows.iter()
        .map(|r| {
            Ok(MoveRow {
                matter_id: r.array(0)?,
                at: r.i64(1)?,
                action: r.text(2)?,
                to_state: r.text(3)?,
                class: r.opt_text(4)?,
            })
        })
        .collect()
}
