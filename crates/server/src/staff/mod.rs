//! Accounts of staff: signing in, one-time secrets, second factors, the three separate powers (三权分立).
//!
//! Invariants: no account begins with a password that anybody else knows for longer than the first sign-in, a
//! locked account's right password is answered like a wrong one, and the only accounts that a system administrator
//! ever opens are the first security administrator and the first auditor, each once.

pub mod factor;
pub mod http;
pub mod passkey;
mod password;
pub mod portal;
pub mod service;
pub mod session;
pub mod sign_in;

pub use service::{FirstAccount, bootstrap};
