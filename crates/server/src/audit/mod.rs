//! The audit trail: sealing it under signed heads, handing it out, and checking what was handed out.
//!
//! Records are written by the store with every effect; here they are sealed and exported. The check
//! ([`export::verify_file`]) needs no server, no database and no key of ours.

pub mod export;
pub mod http;
pub mod service;
