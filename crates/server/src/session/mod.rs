//! Sessions of callers: one signed handshake, then HMAC-SM3 per request under a short-lived key.

pub mod http;
pub mod service;
