//! Operations that staff and callers share: who asks is told by how the request is authenticated.

use super::staff::claims_staff;
use super::{Caller, Staff, authenticate_caller, authenticate_staff};
use crate::{Error, World};
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;

/// Who asks.
#[derive(Debug, Clone)]
pub enum Party {
    /// A member of staff, by bearer token.
    Staff(Staff),
    /// A channel or terminal, by signature or session.
    Caller(Caller),
}

impl<S: Send + Sync> FromRequestParts<S> for Party {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        if let Some(staff) = parts.extensions.get::<Staff>() {
            return Ok(Self::Staff(staff.clone()));
        }
        let caller = parts.extensions.get::<Caller>().copied();
        caller.map(Self::Caller).ok_or_else(|| Error::internal("the route has no authentication"))
    }
}

/// Authenticates a bearer token or a cookie as staff and everything else as a caller.
pub async fn authenticate_party(state: State<World>, request: Request, next: Next) -> Response {
    if claims_staff(request.headers()) {
        authenticate_staff(state, request, next).await
    } else {
        authenticate_caller(state, request, next).await
    }
}
