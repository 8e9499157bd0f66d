//! What accounts are told by e-mail, and which messages they do not want to see counted.
//!
//! Invariants: an address is written to after its owner has shown that they read it, and stands nowhere in clear; whoever is
//! written to has, at that moment, the right to see what the letter is about; what was not taken by the relay is told by the next
//! letter.

mod address;
mod contact;
mod digest;
mod gather;
pub mod http;
mod letter;
mod once;
pub mod relay;
pub mod service;

pub(crate) use contact::{ContactLetter, mail_contact_code};
pub use digest::send_due;
pub(crate) use once::{Letter, leave};
