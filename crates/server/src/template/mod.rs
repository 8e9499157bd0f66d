//! Templates of agreements and of notices: written by one at the operator, put in force by another, and filled for a channel.
//!
//! Invariant: an agreement or a notice that names a template says word for word what that version, in force at that moment, came to for
//! its channel ([`fill`]); nobody gives such words by hand. Deliberately not here: the agreement and the notice.

pub mod fill;
pub mod http;
pub mod service;
