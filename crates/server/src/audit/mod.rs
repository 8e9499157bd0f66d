//! The audit trail: sealing it under signed heads, handing it out, and checking what was handed out.
//!
//! Records are written by the store with every effect; here they are sealed, exported and proven one by one. The checks
//! ([`export::verify_file`], [`proof::verify_line`]) need no server, no database and no key of ours.

pub mod export;
pub mod http;
pub mod proof;
pub mod service;
pub mod trail;
