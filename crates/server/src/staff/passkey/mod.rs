//! Passkeys: registered with the password and whatever factor there is, shown as the second factor at the sign-in and where
//! something sensitive asks who is there.
//!
//! Invariants: a challenge is answered once, within minutes, by the account, for the purpose and in the session that it was made
//! for; the password stays the first factor. Deliberately not here: signing in by a passkey alone.

mod cbor;
pub mod ceremony;
pub mod http;
pub mod service;
