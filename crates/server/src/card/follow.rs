//! What else changes when a card's state does: its e-card, the invalid list, the audit trail.

use crate::key::Ring;
use crate::{Error, webhook};
use domain::audit::{Actor, Change, Label, Record, Reference, Value};
use domain::card::State;
use domain::id::CardId;
use domain::time::Timestamp;
use store::WriteTx;
use store::card::{CardRow, InvalidRow};

/// The entry of the invalid list for a card that is in `state`, if it belongs there (CM-19.1).
#[must_use]
pub fn invalid_entry(row: &CardRow, state: State, at: i64) -> Option<InvalidRow> {
    let reason = state.reason()?;
    Some(InvalidRow {
        division: row.division.clone(),
        number: row.number.clone(),
        shard: row.shard,
        card_id: row.id,
        reason: reason.as_str().to_owned(),
        at,
    })
}

/// Gives the holder's e-card what a card now is (ND-1.4): the card it maps to takes it along. A card that has come into
/// force takes the place of one that is not (R27). The channels that have it are told.
///
/// # Errors
/// The store's.
pub fn ecard(tx: &mut WriteTx<'_>, row: &CardRow, state: State) -> Result<(), Error> {
    let mut changed = store::ecard::follow(tx, row.shard, &row.id, state.phase())?;
    if state.in_force() {
        let mapped = store::ecard::lock(tx, row.shard, &row.person_id)?;
        if mapped.is_some_and(|ecard| ecard.card_id != row.id) {
            changed +=
                store::ecard::remap(tx, row.shard, &row.person_id, &row.id, &row.division, state.phase())?;
        }
    }
    if changed > 0 {
        let at = Timestamp::from_micros(row.updated_at);
        webhook::ecard_changed(tx, row.shard, &row.person_id, at)?;
    }
    Ok(())
}

/// The record of an act upon a card that was in the state `before`, if it was.
#[must_use]
pub fn record(
    ring: &Ring,
    (at, actor): (Timestamp, Actor),
    action: impl Into<Label>,
    before: Option<State>,
    row: &CardRow,
) -> Record {
    let before = before.map_or(Value::Nothing, |state| Value::word(state.phase().as_str()));
    let change = Change::of("state", before, Value::word(&row.state));
    let mut record = Record::done(at, actor, action).changing([change]);
    record.subject = Some(ring.commit(&row.person_id));
    record.object = Some(Reference::new(CardId::PREFIX, &row.id));
    record.clause = (row.state == "invalid").then(|| Label::of("CM-19.1"));
    record
}
