//! Codes: verifying what a holder shows, exactly once, with all three authorizations.

pub mod http;
pub mod service;
mod verify;
