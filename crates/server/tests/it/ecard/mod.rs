//! Claiming, holder sessions, passwords, codes: what a channel's server and a holder's device do together.

mod binding;
mod claim;
mod code;
mod password;
pub mod scene;
mod session;
