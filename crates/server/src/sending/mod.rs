//! Sendings: a notice, another text of the agreement or a rotation of keys, put to many channels at once or at a moment, and who of them has answered.
//!
//! Invariants. All of it is put to them or nothing. It is done by the very steps of the matters, whatever their number, so
//! that a sending can do nothing that cannot be done one by one; what becomes of each is its own matter's business.

mod audience;
pub mod http;
pub mod plan;
mod put;
pub mod service;

pub use audience::Audience;
