//! The wire form of what became of the rows of a batch.

use crate::rows::{Fault, Outcome};
use sdk::types::import::{RowError, RowOutcome, RowResult};

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
