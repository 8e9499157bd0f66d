//! What both ends of the wire rely on.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up may panic")]

#[cfg(feature = "client")]
mod client;
mod holder;
mod session;
mod signature;
mod vectors;
mod wire;
