//! Traffic (调用): what a channel's own requests looked like.
//!
//! Invariant: what is counted has proven to be the channel's, and nothing is decided by it. Counted where the request is
//! answered, in memory; written once a minute as sums. Deliberately not here: terminals, of which there are too many
//! to keep a row of each; uses and payments, which are counted with their transactions ([`crate::statistic`]).

pub mod http;
mod meter;
pub mod service;

pub(crate) use meter::Operation;
pub use meter::{Call, Meter};
