//! The wire form of what became of the rows of a batch.

use crate::Error;
use crate::rows::{Fault, Outcome};
use domain::card::Refusal;
use sdk::types::import::{BatchOutcome, MAX_BATCH_ROWS, RowError, RowOutcome, RowResult};

/// Whether a batch has rows, and not too many.
///
/// # Errors
/// `request.fields`
pub fn check_size<T>(rows: &[T]) -> Result<(), Error> {
    if (1..=MAX_BATCH_ROWS).contains(&rows.len()) {
        return Ok(());
    }
    let most = i64::try_from(MAX_BATCH_ROWS).unwrap_or(i64::MAX);
    Err(Error::field("/rows", &Refusal::ChunkRows { most }))
}

/// What became of a batch.
pub fn batch(outcomes: Vec<Outcome>) -> BatchOutcome {
    BatchOutcome { results: results(0, outcomes) }
}

/// One result for each row, numbered from `first`.
pub fn results(first: i64, outcomes: Vec<Outcome>) -> Vec<RowResult> {
    (first..).zip(outcomes).map(result).collect()
}

fn result((row, outcome): (i64, Outcome)) -> RowResult {
    let (outcome, faults) = match outcome {
        Outcome::Inserted => (RowOutcome::Inserted, Vec::new()),
        Outcome::Updated => (RowOutcome::Updated, Vec::new()),
        Outcome::Unchanged => (RowOutcome::Unchanged, Vec::new()),
        Outcome::Refused(faults) => (RowOutcome::Refused, faults),
    };
    RowResult { row, outcome, errors: faults.into_iter().map(error).collect() }
}

fn error(fault: Fault) -> RowError {
    RowError { field: fault.field.to_owned(), code: fault.code.to_owned(), message: fault.message }
}
