//! 团队: an organisation that owns channels administers the accounts of its own people.
//!
//! Invariant: an administrator reaches the own organisation's accounts and no other, never the own one, and never leaves the
//! organisation without an enabled administrator. Everything about an account that is not of the organisation is answered as
//! if there were none. What an account is, and what is done to one, is [`crate::staff`]'s; keys of channels are no people and are not here.

pub mod http;
pub mod service;
