//! Staff: who is signed in, with which role and for which division.
//!
//! A session's token comes as a bearer token, or in a cookie that scripts cannot read. A cookie is sent by the browser
//! whoever made it ask, so a request that changes something must then show that it comes from the portal's own page:
//! by the header [`CSRF_HEADER`], whose value other origins cannot read, and by not saying the opposite in
//! `Sec-Fetch-Site`.

use super::layer::asked;
use crate::limit::Origin;
use crate::{Error, World, sign_in_rule};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use domain::audit::{Actor, Reference};
use domain::division::DivisionCode;
use domain::id::{DelegationId, OrgId, StaffId, StaffSessionId};
use domain::org::{self, Operation, Role};
use domain::parameter::Name;
use domain::sign_in_rule::Minute;
use domain::staff::{Carrier, Enrolment, Refusal, StepUp, is_idle};
use domain::time::Timestamp;
use http::{HeaderMap, Method, header};
use store::ReadTx;
use store::db::asked::asked_in;
use store::staff::SessionRow;

/// What the cookie of a session is called.
pub const COOKIE: &str = "ykt_staff";
/// The header by which a page of the portal proves that it is one.
pub const CSRF_HEADER: &str = "ykt-csrf";
/// The header by which a request says that it is made in somebody's place.
pub const DELEGATION_HEADER: &str = "ykt-delegation";
/// A session's last use is written when it is this much later than the one that is written.
const TOUCH_MICROS: i64 = 60_000_000;

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
    /// By which the session is listed.
    pub session_id: StaffSessionId,
    /// When the session ends at the latest, real time.
    pub expires_at: Timestamp,
    /// Whether the one-time secret has yet to be replaced; until then the account may do nothing else.
    pub must_change: bool,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    /// Whether a second factor has yet to be enrolled; until then the account may do nothing else.
    pub must_enrol: bool,
    /// What the session has shown of the second factor.
    pub step_up: StepUp,
    /// Until when that is fresh, real time.
    pub stepped_up_until: Option<Timestamp>,
    /// In whose place the request is made.
    pub stands_in: Option<StandsIn>,
}

/// In whose place somebody acts in matters, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandsIn {
    /// The delegation.
    pub delegation: DelegationId,
    /// Who is away.
    pub giver: StaffId,
    /// Whose part it is.
    pub role: Role,
}

impl StandsIn {
    /// The delegation, as a record says under which authority something was done.
    #[must_use]
    pub fn authority(self) -> Reference {
        Reference::new(DelegationId::PREFIX, self.delegation.as_bytes())
    }
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
    /// An account as work is done for it while it need not be signed in: with its own rights as they are now, and with nothing
    /// that a session shows. None when it is disabled.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn absent(tx: &mut ReadTx<'_>, id: StaffId, now: Timestamp) -> Result<Option<Self>, Error> {
        let Some(row) = store::org::find_staff(tx, id.as_bytes())?.filter(|row| row.state == "active") else {
            return Ok(None);
        };
        let org = store::org::find(tx, &row.org_id)?;
        let org = org.ok_or_else(|| Error::internal("an account without organisation"))?;
        Ok(Some(Self {
            id,
            org: OrgId::from_bytes(row.org_id),
            role: row.role.parse().map_err(|_| Error::internal("a stored role is unknown"))?,
            division: org.division.parse().map_err(|_| Error::internal("a stored division is unknown"))?,
            session: [0; 32],
            session_id: StaffSessionId::from_bytes([0; 16]),
            expires_at: now,
            must_change: false,
            has_factor: false,
            must_enrol: false,
            step_up: StepUp::Stale,
            stepped_up_until: None,
            stands_in: None,
        }))
    }

    /// How far the account sees.
    #[must_use]
    pub fn sight(&self) -> Sight {
        if self.role.is_own_org_only() { Sight::Own(self.org) } else { Sight::Area(self.division) }
    }

    /// The role in which the account does this: in matters that of whoever it stands in for, everywhere else its own.
    #[must_use]
    pub fn role_for(&self, operation: Operation) -> Role {
        match (operation, self.stands_in) {
            (Operation::MatterRead | Operation::MatterAct, Some(one)) => one.role,
            _ => self.role,
        }
    }

    /// What a record says of the authority under which the account acts in a matter, when it is not its own.
    #[must_use]
    pub fn authorization(&self) -> Option<Reference> {
        self.stands_in.map(StandsIn::authority)
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
    Ok(org::authorize(staff.role_for(operation), staff.division, operation, target)?)
}

/// Checks that the role holds `operation`; where it holds is for the caller to check with [`Staff::sight`].
///
/// # Errors
/// `staff.role`
pub fn authorize_role(staff: &Staff, operation: Operation) -> Result<(), Error> {
    authorize(staff, operation, staff.division)
}

/// Checks that the second factor was confirmed in the session a short while ago. Called after `authorize` by every
/// operation whose misuse could not be undone.
///
/// # Errors
/// `staff.step_up_required`
pub fn require_step_up(staff: &Staff) -> Result<(), Error> {
    Ok(staff.step_up.require()?)
}

/// What an account may do before it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// It still has its one-time password.
    New,
    /// It still lacks the second factor that it must have.
    Enrolling,
    /// It is complete.
    Complete,
}

/// Finds the member of staff behind a session; the account's state is read at every request.
pub async fn authenticate_staff(State(world): State<World>, request: Request, next: Next) -> Response {
    admit(world, request, next, Stage::Complete).await
}

/// [`authenticate_staff`] for what an account may do before its second factor is enrolled.
pub async fn authenticate_enrolling_staff(
    State(world): State<World>,
    request: Request,
    next: Next,
) -> Response {
    admit(world, request, next, Stage::Enrolling).await
}

/// [`authenticate_staff`] for what an account may do before its one-time secret is replaced.
pub async fn authenticate_new_staff(State(world): State<World>, request: Request, next: Next) -> Response {
    admit(world, request, next, Stage::New).await
}

async fn admit(world: World, mut request: Request, next: Next, needed: Stage) -> Response {
    let origin = Origin::of(&world, request.extensions(), request.headers());
    let found = find(&world, request.method(), request.headers(), origin).await.and_then(|staff| {
        world.pass(staff.id.as_bytes())?;
        if needed > Stage::New && staff.must_change {
            return Err(org::Refusal::PasswordChange.into());
        }
        if needed > Stage::Enrolling && staff.must_enrol {
            return Err(Refusal::FactorRequired.into());
        }
        Ok(staff)
    });
    match found {
        Ok(staff) => {
            request.extensions_mut().insert(staff);
            asked_in(asked(&world, &request), next.run(request)).await
        }
        Err(error) => error.into_response(),
    }
}

/// Whether a request claims to be a member of staff's.
#[must_use]
pub fn claims_staff(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION) || cookie(headers).is_some()
}

async fn find(
    world: &World,
    method: &Method,
    headers: &HeaderMap,
    Origin(address): Origin,
) -> Result<Staff, Error> {
    let refused = || Error::platform("staff.unauthenticated");
    let token = token(method, headers)?.ok_or_else(refused)?;
    let hash = gm::sm3::digest(token.as_bytes());
    let now = world.real_now();
    let (named, today) = (delegation(headers)?, world.now().business_date());
    let found = world
        .db()
        .read(move |tx| {
            let Some(found) = store::staff::find_signed_in(tx, &hash, now.as_micros())? else {
                return superseded(tx, &hash, now);
            };
            let taker = StaffId::from_bytes(found.staff.id);
            let stands_in = named.map(|id| crate::delegation::service::enter(tx, taker, id, today));
            Ok::<_, Error>(Some((found, stands_in.transpose()?)))
        })
        .await?;
    let (found, stands_in) = found.ok_or_else(refused)?;
    let seen_at = Timestamp::from_micros(found.session.seen_at);
    if is_idle(seen_at, now, world.parameter(Name::StaffIdle)) {
        return Err(refused());
    }
    if let Some(networks) = &found.networks {
        sign_in_rule::service::admit(networks, address)?;
    }
    touch(world, &found.session, now).await?;
    let ttl = world.parameter(Name::StepUpTtl);
    let confirmed_at = found.session.confirmed_at.map(Timestamp::from_micros);
    let step_up = StepUp::of(found.has_factor, world.enrolment(), confirmed_at, now, ttl);
    Ok(Staff {
        id: StaffId::from_bytes(found.staff.id),
        org: OrgId::from_bytes(found.staff.org_id),
        role: found.staff.role.parse().map_err(|_| Error::internal("a stored role is unknown"))?,
        division: found.org.division.parse().map_err(|_| Error::internal("a stored division is unknown"))?,
        session: hash,
        session_id: StaffSessionId::from_bytes(found.session.id),
        expires_at: Timestamp::from_micros(found.session.expires_at),
        must_change: found.staff.must_change != 0,
        has_factor: found.has_factor,
        must_enrol: !found.has_factor && world.enrolment() == Enrolment::Compulsory,
        step_up,
        stepped_up_until: confirmed_at.filter(|_| step_up == StepUp::Fresh).map(|at| at.plus_seconds(ttl)),
        stands_in,
    })
}

/// Says of a session that is there no more whether it was ended by a later sign-in.
fn superseded<T>(tx: &mut ReadTx<'_>, hash: &[u8; 32], now: Timestamp) -> Result<Option<T>, Error> {
    match store::staff::find_superseded(tx, hash, now.as_micros())? {
        Some(at) => {
            let at = Minute(Timestamp::from_micros(at));
            Err(domain::sign_in_rule::Refusal::Elsewhere { at }.into())
        }
        None => Ok(None),
    }
}

/// The delegation that a request names.
fn delegation(headers: &HeaderMap) -> Result<Option<DelegationId>, Error> {
    let Some(value) = headers.get(DELEGATION_HEADER) else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| text.parse().ok());
    Ok(Some(id.ok_or(domain::delegation::Refusal::NotInForce)?))
}

/// Notes the use of a session, once a minute at most.
async fn touch(world: &World, session: &SessionRow, now: Timestamp) -> Result<(), Error> {
    if now.as_micros() - session.seen_at < TOUCH_MICROS {
        return Ok(());
    }
    let hash = session.token_hash;
    world
        .db()
        .write(move |tx| {
            tx.unaudited("a session was used");
            store::staff::touch_session(tx, &hash, now.as_micros())?;
            Ok(())
        })
        .await
}

/// The token of a request; one that came in a cookie only if the request may be believed.
fn token(method: &Method, headers: &HeaderMap) -> Result<Option<String>, Error> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        return Ok(token.filter(|token| token.starts_with(prefix(Carrier::Bearer))).map(str::to_owned));
    }
    let Some(token) = cookie(headers).filter(|token| token.starts_with(prefix(Carrier::Cookie))) else {
        return Ok(None);
    };
    if !matches!(*method, Method::GET | Method::HEAD) {
        let shown = headers.get(CSRF_HEADER).map(http::HeaderValue::as_bytes);
        if shown != Some(csrf_token(&token).as_bytes()) {
            return Err(Error::platform("staff.csrf"));
        }
        check_origin(headers)?;
    }
    Ok(Some(token))
}

/// Refuses what the browser itself says comes from another site.
///
/// # Errors
/// `staff.csrf`
pub fn check_origin(headers: &HeaderMap) -> Result<(), Error> {
    match headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Error::platform("staff.csrf")),
    }
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

/// What a token of this carrier begins with, so that neither serves as the other.
#[must_use]
pub const fn prefix(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Bearer => "st_",
        Carrier::Cookie => "sc_",
    }
}

/// What a page of the portal shows to prove that it is one: only somebody who was told it, or who has the token, can.
#[must_use]
pub fn csrf_token(token: &str) -> String {
    HEXLOWER.encode(&gm::sm3::digest(format!("csrf\n{token}").as_bytes()))
}

/// The CSRF token of a session that came in a cookie.
#[must_use]
pub fn csrf_token_of(headers: &HeaderMap) -> Option<String> {
    if headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    cookie(headers).map(|token| csrf_token(&token))
}
