//! Who is calling: signed requests, sessions, staff. Each request is authenticated before its body is looked at,
//! and what was proven is spent in the transaction of its effect.
//!
//! Invariant: no cache decides whether a caller may act. Caches hold only what cannot change (a public key, a
//! session's MAC key); states, revocations and nonces are read in the transaction.

mod caller;
mod layer;
mod party;
mod session;
mod staff;

pub use caller::{Caller, CallerKind, Evidence, KeyCache, admit};
pub(crate) use layer::asked;
pub use layer::{BODY_LIMIT, HEAD_HEADER, authenticate_caller, finish};
pub use party::{Party, authenticate_party};
pub use session::Sessions;
pub use staff::{
    COOKIE, CSRF_HEADER, DELEGATION_HEADER, Sight, Staff, StandsIn, authenticate_enrolling_staff,
    authenticate_new_staff, authenticate_staff, authorize, authorize_role, check_origin, csrf_token,
    csrf_token_of, prefix, require_step_up,
};
