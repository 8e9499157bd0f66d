//! The bank behind linked accounts: a small trait, an HTTP client for it, a simulator that speaks the same protocol,
//! and the jobs that ask it.
//!
//! Invariant: a bank is asked outside every transaction, each movement under a reference of its own, so that asking
//! twice moves money once. What a bank did not say is unknown and is asked for again; nothing is guessed.

pub mod jobs;
mod remote;
pub mod simulator;

pub use remote::Remote;

use domain::payment::BankReason;
use std::fmt::Debug;

/// One movement of money that a bank is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The bank's idempotency key.
    pub reference: String,
    /// The holder's linked account, as a token that only platform and bank can read.
    pub account: String,
    /// In fen, > 0.
    pub amount_fen: i64,
}

/// What a bank says of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The money moved.
    Succeeded,
    /// It did not, and will not.
    Failed(BankReason),
    /// It is being worked on.
    Processing,
    /// No movement of this reference is known.
    NotFound,
}

/// The bank did not answer, or not in a way that can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAnswer;

/// A bank. Called on a blocking thread.
pub trait Bank: Debug + Send + Sync {
    /// Takes money from a holder's account.
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn debit(&self, movement: &Movement) -> Result<Answer, NoAnswer>;

    /// Gives money to a holder's account.
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn credit(&self, movement: &Movement) -> Result<Answer, NoAnswer>;

    /// What became of a movement.
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn query(&self, reference: &str) -> Result<Answer, NoAnswer>;
}

/// No bank: nobody answers.
#[derive(Debug, Clone, Copy)]
pub struct Unconfigured;

impl Bank for Unconfigured {
    fn debit(&self, _: &Movement) -> Result<Answer, NoAnswer> {
        Err(NoAnswer)
    }

    fn credit(&self, _: &Movement) -> Result<Answer, NoAnswer> {
        Err(NoAnswer)
    }

    fn query(&self, _: &str) -> Result<Answer, NoAnswer> {
        Err(NoAnswer)
    }
}
