//! Standing grants: what a holder allows an organisation for longer than one use.

pub mod http;
pub mod service;
