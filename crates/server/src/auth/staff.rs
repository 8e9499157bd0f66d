//! Staff: who is signed in, with which role and for which division.

use crate::{Error, World};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::audit::{Actor, Reference};
use domain::division::DivisionCode;
use domain::id::{OrgId, StaffId};
use domain::org::{Operation, Refusal, Role};
use http::{HeaderValue, header};

/// A signed-in member of staff.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The person's account.
    pub id: StaffId,
    /// The organisation that employs the person.
    pub org: OrgId,
    /// What the account may do.
    pub role: Role,
    /// Where.
    pub division: DivisionCode,
    /// SM3 of the session's token.
    pub session: [u8; 32],
    /// Whether the one-time secret has yet to be replaced; until then the account may do nothing else.
    pub must_change: bool,
}

/// How far a member of staff sees (CH-5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// What belongs to a division and below it.
    Area(DivisionCode),
    /// What belongs to the own organisation, wherever it is.
    Own(OrgId),
}

impl Sight {
    /// Whether what belongs to `org` and `division` is in sight.
    #[must_use]
    pub fn reaches(self, org: OrgId, division: DivisionCode) -> bool {
        match self {
            Sight::Area(area) => area.covers(division),
            Sight::Own(own) => own == org,
        }
    }
}

impl Staff {
    /// How far the account sees.
    #[must_use]
    pub fn sight(&self) -> Sight {
        if self.role.is_own_org_only() { Sight::Own(self.org) } else { Sight::Area(self.division) }
    }

    /// The account as an audit actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Party(Reference::new(StaffId::PREFIX, self.id.as_bytes()))
    }
}

/// Checks that the role holds `operation` and that `target` lies in the account's division.
///
/// # Errors
/// `staff.role`, then `staff.division`.
pub fn authorize(staff: &Staff, operation: Operation, target: DivisionCode) -> Result<(), Error> {
    Ok(domain::org::authorize(staff.role, staff.division, operation, target)?)
}

/// Checks that the role holds `operation`; where it holds is for the caller to check with [`Staff::sight`].
///
/// # Errors
/// `staff.role`
pub fn authorize_role(staff: &Staff, operation: Operation) -> Result<(), Error> {
    authorize(staff, operation, staff.division)
}

/// Finds the member of staff behind the bearer token; the account's state is read at every request.
pub async fn authenticate_staff(State(world): State<World>, mut request: Request, next: Next) -> Response {
    let header = request.headers().get(header::AUTHORIZATION).cloned();
    match find(&world, header).await {
        Ok(staff) if staff.must_change => Error::from(Refusal::PasswordChange).into_response(),
        Ok(staff) => {
            request.extensions_mut().insert(staff);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// [`authenticate_staff`] for what an account may do before its one-time secret is replaced.
pub async fn authenticate_new_staff(
    State(world): State<World>,
    mut request: Request,
    next: Next,
) -> Response {
    let header = request.headers().get(header::AUTHORIZATION).cloned();
    match find(&world, header).await {
        Ok(staff) => {
            request.extensions_mut().insert(staff);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn find(world: &World, header: Option<HeaderValue>) -> Result<Staff, Error> {
    let refused = || Error::platform("staff.unauthenticated");
    let token = header.as_ref().and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let token = token.ok_or_else(refused)?;
    let session = gm::sm3::digest(token.as_bytes());
    let now = world.real_now().as_micros();
    let row = world.db().read(move |tx| store::org::find_staff_session(tx, &session, now)).await?;
    let (staff, org) = row.ok_or_else(refused)?;
    Ok(Staff {
        id: StaffId::from_bytes(staff.id),
        org: OrgId::from_bytes(staff.org_id),
        role: staff.role.parse().map_err(|_| Error::internal("a stored role is unknown"))?,
        division: org.division.parse().map_err(|_| Error::internal("a stored division is unknown"))?,
        session,
        must_change: staff.must_change != 0,
    })
}
