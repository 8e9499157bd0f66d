//! What a caller of the platform and the platform itself must agree on: wire types, the signature and session
//! formats, the holder's proofs, and (feature `client`) a blocking client that speaks all of them.
//!
//! Invariant: nothing here knows a business rule, a database or an HTTP library. The server and every client run
//! this same code, and `vectors/*.json` fixes its bytes for implementations in other languages.
//!
//! Deliberately not here: domain types, the TLS stack, asynchronous transport.

pub mod holder;
pub mod problem;
pub mod session;
pub mod signature;
pub mod types;

#[cfg(feature = "client")]
pub mod client;
pub mod webhook;

pub use problem::Problem;
