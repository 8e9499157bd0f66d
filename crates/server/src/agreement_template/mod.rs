//! Templates of agreements: written by one at the operator, put in force by another, and filled for a channel.
//!
//! Invariant: an agreement that names a template says word for word what that version, in force at that moment, came to for
//! its channel ([`fill`]); nobody gives such a text by hand. Deliberately not here: the agreement.

pub mod fill;
pub mod http;
pub mod service;
