//! Whether a write is meant, or only tried.
//!
//! Invariant: a dry run is the very code of the real one, in a transaction that is rolled back. It leaves no row, no audit
//! record and no counter, so it needs no second statement of any rule. What was true at its end may not be so a moment
//! later: the real run asks again.

use crate::StoreError;
use std::convert::Infallible;

/// Whether what a write does is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// It commits.
    Real,
    /// It is taken back, and its answer told.
    Dry,
}

/// The answer of a write that is to be rolled back: an error to the writer, whatever it is to the asker.
#[derive(Debug)]
pub(super) enum Undone<T, E> {
    /// It would have been done.
    Done(T),
    /// It would have been refused.
    Refused(E),
}

impl<T, E> Undone<T, E> {
    /// Turns every outcome into one that the writer discards.
    pub(super) fn of(outcome: Result<T, E>) -> Result<Infallible, Self> {
        Err(outcome.map_or_else(Self::Refused, Self::Done))
    }

    /// The outcome as the asker meant it.
    pub(super) fn into_result(self) -> Result<T, E> {
        match self {
            Self::Done(answer) => Ok(answer),
            Self::Refused(error) => Err(error),
        }
    }
}

impl<T, E: From<StoreError>> From<StoreError> for Undone<T, E> {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}
