//! 代理审批: who stands in for whom.
//!
//! Invariant: a delegation is looked at again in the transaction of everything that is done by it in a matter, so what was
//! revoked a moment ago moves nothing. What one gives is in [`domain::delegation`]; that a request is made by one is said with the
//! request, in the header [`crate::auth::DELEGATION_HEADER`], and never guessed. Not here: what is done by one, which is any matter's business.

pub mod http;
pub mod service;
