//! Webhooks: notices to a channel's own endpoint (Standard Webhooks 1.0 with SM2 signatures).
//!
//! An event is enqueued in the transaction of its cause ([`emit`]) and delivered at least once ([`delivery`]). It is
//! thin and names nobody: the receiver asks the API. What may be an address is in [`address`].

pub mod address;
pub mod change;
pub mod delivery;
pub mod http;
pub mod keeper;
pub mod service;

pub use service::{Event, binding_changed, ecard_changed, emit, emit_each};
