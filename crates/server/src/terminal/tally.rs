//! Codes that terminals present and that are none: counted in memory where they are found, added to the terminal's row
//! and recorded every few seconds (SE-2.2d).
//!
//! Invariant: a good code never comes here, and a flood of bad ones writes one row and one record at each look for each
//! key of it, whatever their number. So many keys are counted between two looks; of the others the refusals alone tell.
//! What a key presented that is no longer in force, or a terminal that is blocked, is not held against the terminal: the look
//! asks, since a code that is none is refused before its caller is admitted. A count that a crash takes before it was
//! written is lost.

use crate::auth::{Caller, CallerKind};
use crate::{Error, World};
use domain::audit::{Actor, Label, Outcome, Record, Reference};
use domain::id::{KeyId, TerminalId};
use domain::qr::Refusal;
use domain::refusal::Refuse;
use domain::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use store::terminal::RefusalRow;

/// Keys of terminals that are counted between two looks.
const COUNTED: usize = 4096;
/// The clause that wants events at terminals recorded.
const CLAUSE: Label = Label::of("SE-2.2d");

/// What was presented with one key since the last look, and who did so last.
#[derive(Debug, Clone, PartialEq)]
struct Count {
    caller: Caller,
    row: RefusalRow,
}

/// The counts since the last look, by key.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Mutex<HashMap<KeyId, Count>>,
}

impl Tally {
    /// Counts what a caller presented, if it is a terminal and `code` says that it was no code.
    pub fn note(&self, caller: &Caller, code: &str, at: Timestamp) {
        let forged = i64::from(code == Refusal::Forged.code());
        let malformed = i64::from(code == Refusal::Malformed.code());
        if caller.kind == CallerKind::Terminal && forged + malformed > 0 {
            let at = at.as_micros();
            let row = RefusalRow { forged, malformed, first_at: at, last_at: at };
            self.add(&Count { caller: *caller, row });
        }
    }

    fn add(&self, more: &Count) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let key = more.caller.key();
        if counts.len() >= COUNTED && !counts.contains_key(&key) {
            return;
        }
        let none = RefusalRow { forged: 0, malformed: 0, ..more.row };
        let count = counts.entry(key).or_insert(Count { caller: more.caller, row: none });
        count.caller = more.caller;
        count.row.forged += more.row.forged;
        count.row.malformed += more.row.malformed;
        count.row.first_at = count.row.first_at.min(more.row.first_at);
        count.row.last_at = count.row.last_at.max(more.row.last_at);
    }

    /// In the order of the terminals, so that two servers lock their rows in one order.
    fn take(&self) -> Vec<Count> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken: Vec<_> = std::mem::take(&mut *counts).into_values().collect();
        taken.sort_unstable_by_key(|count| (count.caller.id, count.caller.key()));
        taken
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
            tx.unaudited("what is not held against a terminal");
            for Count { caller, row } in &rows {
                match crate::auth::admit(tx, caller) {
                    Ok(()) => {
                        store::terminal::add_refusal(tx, &caller.id, row)?;
                        tx.audit(&record(&caller.id, row, now));
                    }
                    Err(error) if error.status().is_server_error() => return Err(error),
                    Err(_) => {}
                }
            }
            Ok::<_, Error>(())
        })
        .await;
    if written.is_err() {
        counted.iter().for_each(|count| world.refused_codes().add(count));
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
    use crate::auth::Evidence;

    fn count(number: usize, at: i64) -> Count {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        let evidence = Evidence::Signature { key: KeyId::from_bytes(id), second: 0, nonce: [0; 16] };
        let caller = Caller { id, kind: CallerKind::Terminal, evidence };
        Count { caller, row: RefusalRow { forged: 1, malformed: 0, first_at: at, last_at: at } }
    }

    /// SE-2.2d: what is remembered has its bound, and who is counted already goes on being counted.
    #[test]
    fn so_many_keys_are_counted_and_no_more() {
        let tally = Tally::default();
        (0..COUNTED + 10).for_each(|number| tally.add(&count(number, 5)));
        tally.add(&count(0, 3));
        let taken = tally.take();
        assert_eq!(taken.len(), COUNTED);
        assert_eq!(taken[0].row, RefusalRow { forged: 2, malformed: 0, first_at: 3, last_at: 5 });
        assert!(tally.take().is_empty());
    }
}
