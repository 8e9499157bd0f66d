//! Sign-in rules: from which networks the accounts of an organisation are used, and whether in one place at a time.
//!
//! Invariants: a session is looked at with the rule of its organisation at every request, in the read that finds it, so a
//! change holds from the next request on, on every server; what keeps somebody out never says where accounts are used from.

pub mod http;
pub mod service;
