//! Codes that terminals present and that are none: counted in memory where they are found, added to the terminal's row
//! and recorded every few seconds (SE-2.2d).
//!
//! Invariant: a good code never comes here, and a flood of bad ones writes one row and one record for each terminal and
//! look, whatever their number. So many terminals are counted between two looks; of the others the refusals alone tell. A
//! count that a crash takes before it was written is lost.

use crate::auth::{Caller, CallerKind};
use crate::{Error, World};
use domain::audit::{Actor, Label, Outcome, Record, Reference};
use domain::id::TerminalId;
use domain::qr::Refusal;
use domain::refusal::Refuse;
use domain::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use store::terminal::RefusalRow;

/// Terminals that are counted between two looks.
const COUNTED: usize = 4096;
/// The clause that wants events at terminals recorded.
const CLAUSE: Label = Label::of("SE-2.2d");

/// The counts since the last look.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Mutex<HashMap<[u8; 16], RefusalRow>>,
}

impl Tally {
    /// Counts what a caller presented, if it is a terminal and `code` says that it was no code.
    pub fn note(&self, caller: &Caller, code: &str, at: Timestamp) {
        let forged = i64::from(code == Refusal::Forged.code());
        let malformed = i64::from(code == Refusal::Malformed.code());
        if caller.kind == CallerKind::Terminal && forged + malformed > 0 {
            let at = at.as_micros();
            self.add(caller.id, RefusalRow { forged, malformed, first_at: at, last_at: at });
        }
    }

    fn add(&self, terminal: [u8; 16], more: RefusalRow) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= COUNTED && !counts.contains_key(&terminal) {
            return;
        }
        let none = RefusalRow { forged: 0, malformed: 0, ..more };
        let row = counts.entry(terminal).or_insert(none);
        row.forged += more.forged;
        row.malformed += more.malformed;
        row.first_at = row.first_at.min(more.first_at);
        row.last_at = row.last_at.max(more.last_at);
    }

    fn take(&self) -> Vec<([u8; 16], RefusalRow)> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rows: Vec<_> = std::mem::take(&mut *counts).into_iter().collect();
        rows.sort_unstable_by_key(|(id, _)| *id);
        rows
    }
}

/// Writes what was counted since the last look, with a record for each terminal.
///
/// # Errors
/// The store's; what was counted is kept for the next look.
pub async fn fold(world: &World) -> Result<(), Error> {
    let counted = world.refused_codes().take();
    if counted.is_empty() {
        return Ok(());
    }
    let (rows, now) = (counted.clone(), world.now());
    let written = world
        .db()
        .write(move |tx| {
            for (id, row) in &rows {
                store::terminal::add_refusal(tx, id, row)?;
                tx.audit(&record(id, row, now));
            }
            Ok::<_, Error>(())
        })
        .await;
    if written.is_err() {
        counted.into_iter().for_each(|(id, row)| world.refused_codes().add(id, row));
    }
    written
}

fn record(id: &[u8; 16], row: &RefusalRow, now: Timestamp) -> Record {
    let terminal = Reference::new(TerminalId::PREFIX, id);
    let worst = if row.forged > 0 { Refusal::Forged } else { Refusal::Malformed };
    let mut record = Record::done(now, Actor::Party(terminal), "terminal.codes_refused");
    record.object = Some(terminal);
    record.outcome = Outcome::Refused(Label::of(worst.code()));
    record.clause = Some(CLAUSE);
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: i64) -> RefusalRow {
        RefusalRow { forged: 1, malformed: 0, first_at: at, last_at: at }
    }

    /// SE-2.2d: what is remembered has its bound, and who is counted already goes on being counted.
    #[test]
    fn so_many_terminals_are_counted_and_no_more() {
        let tally = Tally::default();
        for number in 0..COUNTED + 10 {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&number.to_be_bytes());
            tally.add(id, row(5));
        }
        tally.add([0; 16], row(3));
        let rows = tally.take();
        assert_eq!(rows.len(), COUNTED);
        assert_eq!(rows[0], ([0; 16], RefusalRow { forged: 2, malformed: 0, first_at: 3, last_at: 5 }));
        assert!(tally.take().is_empty());
    }
}
