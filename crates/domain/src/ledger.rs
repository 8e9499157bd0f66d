//! The double-entry ledger: accounts, transfers in two phases, and the engine that applies them.
//!
//! **Invariants.** Every transfer debits one account and credits another by the same amount, so over all
//! accounts debits equal credits, posted and pending alike. No account passes below its floor, and only bank
//! clearing has a floor below zero. A transfer is immutable and its id is its idempotency key: applied twice
//! it moves money once. Linked transfers take effect together or not at all.
//!
//! The engine ([`Book::apply`]) is pure: a caller puts into a [`Book`] what [`Wanted`] names, applies a batch
//! and writes the [`Changes`]. What a payment, refund or settlement posts is written down once, in [`plan`].
//!
//! Not here: where accounts are stored and locked, when a pending transfer is due to expire, currencies.

mod account;
pub mod address;
mod book;
pub mod plan;
mod transfer;

#[cfg(test)]
mod model;

pub use account::{Account, AccountKind, Side, Total};
pub use book::{Applied, Book, Changes, Outcome, Refusal, Wanted};
pub use transfer::{Pending, PendingState, Purpose, Transfer, TransferKind};
