//! The ledger: postings in batches, the list of accounts, and its verification from transfers.

pub mod http;
mod posting;
pub mod service;

pub use posting::{Accounts, Known, Posting, Postings, clear, open, post};
