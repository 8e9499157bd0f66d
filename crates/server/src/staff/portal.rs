//! The wire form of signing in and of what an account does about itself: sessions by bearer token and by cookie,
//! step-up, the second factor.

use super::factor::Proof;
use super::http::{password, sessions, view};
use super::sign_in::{Claim, Confirmation, Previous, SignedIn};
use super::{factor, passkey, service, session, sign_in};
use crate::app::Json;
use crate::auth::{COOKIE, Staff, check_origin, csrf_token, csrf_token_of};
use crate::limit::Origin;
use crate::wire::fields::Fields;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::parameter::Name;
use domain::staff::{Carrier, Enrolment};
use gm::Secret;
use http::{HeaderMap, StatusCode, header};
use sdk::types::Private;
use sdk::types::passkey::{FactorAsked, PasskeyAssertion};
use sdk::types::staff::{
    BeginFactor, ChallengeFactor, ConfirmFactor, CreateStaffSession, FactorBegun, FactorView, PortalSession,
    PreviousSignIn, RecoveryCodes, StaffSessionOpened, StaffSessions, StepUp, SteppedUp,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most characters of a code; a recovery code has nineteen.
const CODE_LENGTH: usize = 32;

/// What needs no sign-in.
pub fn public_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_staff_session))
        .routes(routes!(create_portal_session))
        .routes(routes!(challenge_factor))
}

/// What an account may do before its one-time password is replaced.
pub fn account_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(close_staff_session))
        .routes(routes!(get_portal_session, close_portal_session))
}

/// What an account may do before its second factor is enrolled.
pub fn enrolment_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .merge(passkey::http::enrolment_routes())
        .routes(routes!(step_up))
        .routes(routes!(challenge_step_up))
        .routes(routes!(list_staff_sessions))
        .routes(routes!(end_staff_session))
        .routes(routes!(get_factor, begin_factor))
        .routes(routes!(confirm_factor))
        .routes(routes!(renew_recovery_codes))
}

/// Signs a member of staff in; the token is for `Authorization: Bearer`.
#[utoipa::path(post, path = "/api/v1/staff/sessions", tag = "staff", operation_id = "create_staff_session",
    request_body = CreateStaffSession, responses((status = 201, body = StaffSessionOpened)))]
async fn create_staff_session(
    State(world): State<World>,
    origin: Origin,
    Json(body): Json<CreateStaffSession>,
) -> Result<(StatusCode, Json<StaffSessionOpened>), Error> {
    let signed_in = sign_in::sign_in(&world, claim(&body, origin)?, Carrier::Bearer).await?;
    let opened = StaffSessionOpened {
        token: Private::new(signed_in.token.expose()),
        staff: view(&signed_in.staff),
        expires_at: signed_in.expires_at.to_string(),
        previous: previous_view(signed_in.previous),
    };
    Ok((StatusCode::CREATED, Json(opened)))
}

/// Says what an account may show as its second factor, to whoever knows its password: whether a code, and what a passkey has to
/// answer, good once and for five minutes. It signs nobody in.
#[utoipa::path(post, path = "/api/v1/staff/sessions/challenge", tag = "staff", operation_id = "challenge_factor",
    request_body = ChallengeFactor, responses((status = 200, body = FactorAsked)))]
async fn challenge_factor(
    State(world): State<World>,
    Origin(address): Origin,
    Json(body): Json<ChallengeFactor>,
) -> Result<Json<FactorAsked>, Error> {
    let mut fields = Fields::default();
    let secret = password(&mut fields, "/password", &body.password);
    let login = fields.text("/login", &body.login, 64);
    let (Some(login), Some(password)) = (login, secret) else { return Err(fields.error()) };
    let claim = Claim { login, password, proof: None, address };
    Ok(Json(passkey::http::asked(sign_in::ask(&world, claim).await?)))
}

/// Signs a member of staff in at a browser: the token goes into a cookie that scripts cannot read, and the answer says
/// what to send as `Ykt-Csrf` with every request that changes something.
#[utoipa::path(post, path = "/api/v1/portal/session", tag = "staff", operation_id = "create_portal_session",
    request_body = CreateStaffSession, responses((status = 201, body = PortalSession)))]
async fn create_portal_session(
    State(world): State<World>,
    headers: HeaderMap,
    origin: Origin,
    Json(body): Json<CreateStaffSession>,
) -> Result<Response, Error> {
    check_origin(&headers)?;
    let signed_in = sign_in::sign_in(&world, claim(&body, origin)?, Carrier::Cookie).await?;
    let SignedIn { token, staff, expires_at, stepped_up_until, previous } = signed_in;
    // Whoever has a second factor has just shown it.
    let has_factor = stepped_up_until.is_some();
    let session = PortalSession {
        staff: view(&staff),
        csrf_token: Some(Private::new(csrf_token(token.expose()))),
        expires_at: expires_at.to_string(),
        idle_seconds: world.parameter(Name::StaffIdle),
        has_factor,
        must_enrol: !has_factor && world.enrolment() == Enrolment::Compulsory,
        stepped_up_until: stepped_up_until.map(|at| at.to_string()),
        previous: Some(previous_view(previous)),
    };
    let seconds = expires_at.as_seconds() - world.real_now().as_seconds();
    let cookie = cookie(&world, token.expose(), seconds);
    Ok((StatusCode::CREATED, AppendHeaders([(header::SET_COOKIE, cookie)]), Json(session)).into_response())
}

/// Who is signed in, and what the page has to know to go on after it was loaded again.
#[utoipa::path(get, path = "/api/v1/portal/session", tag = "staff", operation_id = "get_portal_session",
    responses((status = 200, body = PortalSession)))]
async fn get_portal_session(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    headers: HeaderMap,
) -> Result<Json<PortalSession>, Error> {
    let (row, _) = service::own_account(&world, &staff).await?;
    let previous = sign_in::previous(&world, &staff).await?;
    Ok(Json(PortalSession {
        staff: view(&row),
        csrf_token: csrf_token_of(&headers).map(Private::new),
        expires_at: staff.expires_at.to_string(),
        idle_seconds: world.parameter(Name::StaffIdle),
        has_factor: staff.has_factor,
        must_enrol: staff.must_enrol,
        stepped_up_until: staff.stepped_up_until.map(|at| at.to_string()),
        previous: previous.map(previous_view),
    }))
}

/// Signs out and takes the cookie back.
#[utoipa::path(delete, path = "/api/v1/portal/session", tag = "staff", operation_id = "close_portal_session",
    responses((status = 204)))]
async fn close_portal_session(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Response, Error> {
    sign_in::sign_out(&world, &staff).await?;
    let gone = cookie(&world, "", 0);
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, gone)])).into_response())
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/staff/sessions/current", tag = "staff",
    operation_id = "close_staff_session", responses((status = 204)))]
async fn close_staff_session(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<StatusCode, Error> {
    sign_in::sign_out(&world, &staff).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says what one's own account may show to confirm that one is still there, as `challenge_factor` does at the sign-in.
#[utoipa::path(post, path = "/api/v1/staff/sessions/current/step-up/challenge", tag = "staff",
    operation_id = "challenge_step_up", responses((status = 200, body = FactorAsked)))]
async fn challenge_step_up(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<FactorAsked>, Error> {
    Ok(Json(passkey::http::asked(sign_in::ask_step_up(&world, &staff).await?)))
}

/// Confirms that the member of staff is still there; sensitive operations of the session go on for five minutes.
#[utoipa::path(post, path = "/api/v1/staff/sessions/current/step-up", tag = "staff", operation_id = "step_up",
    request_body = StepUp, responses((status = 200, body = SteppedUp)))]
async fn step_up(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<StepUp>,
) -> Result<Json<SteppedUp>, Error> {
    let mut fields = Fields::default();
    let shown = match (&body.code, &body.passkey, &body.password) {
        (None, None, Some(given)) => password(&mut fields, "/password", given).map(Confirmation::Password),
        (Some(_), None, None) | (None, Some(_), None) => {
            proof(&mut fields, body.code.as_ref(), body.passkey.as_ref()).flatten().map(Confirmation::Factor)
        }
        _ => {
            let why = "code、passkey与password须且仅须填写一个 (exactly one of code, passkey and password)";
            fields.refuse("/code", "request.choice", why);
            None
        }
    };
    let Some(shown) = shown else { return Err(fields.error()) };
    let until = sign_in::step_up(&world, &staff, shown).await?;
    Ok(Json(SteppedUp { until: until.to_string() }))
}

/// Lists one's own sessions that are in force.
#[utoipa::path(get, path = "/api/v1/staff/sessions", tag = "staff", operation_id = "list_staff_sessions",
    responses((status = 200, body = StaffSessions)))]
async fn list_staff_sessions(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<StaffSessions>, Error> {
    let rows = session::list(&world, &staff).await?;
    Ok(Json(sessions(&rows, &staff)))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/staff/sessions/{staff_session_id}", tag = "staff",
    operation_id = "end_staff_session", params(("staff_session_id" = String, Path)),
    responses((status = 204)))]
async fn end_staff_session(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_session_id): Path<String>,
) -> Result<StatusCode, Error> {
    let id = staff_session_id.parse().map_err(|_| Error::not_found())?;
    session::end(&world, &staff, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How one's own second factor stands.
#[utoipa::path(get, path = "/api/v1/staff/factor", tag = "staff", operation_id = "get_factor",
    responses((status = 200, body = FactorView)))]
async fn get_factor(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<FactorView>, Error> {
    let standing = factor::standing(&world, &staff).await?;
    Ok(Json(FactorView {
        enrolled_at: standing.enrolled_at.map(|at| at.to_string()),
        recovery_codes: standing.recovery_codes,
        is_compulsory: world.enrolment() == Enrolment::Compulsory,
    }))
}

/// Begins a second factor: a secret for an authenticator app. It counts once its first code was shown.
#[utoipa::path(post, path = "/api/v1/staff/factor", tag = "staff", operation_id = "begin_factor",
    request_body = BeginFactor, responses((status = 201, body = FactorBegun)))]
async fn begin_factor(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<BeginFactor>,
) -> Result<(StatusCode, Json<FactorBegun>), Error> {
    let mut fields = Fields::default();
    let Some(password) = password(&mut fields, "/password", &body.password) else {
        return Err(fields.error());
    };
    let begun = factor::begin(&world, &staff, &password).await?;
    let begun =
        FactorBegun { secret: Private::new(begun.secret.expose()), uri: Private::new(begun.uri.expose()) };
    Ok((StatusCode::CREATED, Json(begun)))
}

/// Confirms the second factor by its first code. Every other session of the account ends.
#[utoipa::path(post, path = "/api/v1/staff/factor/confirm", tag = "staff", operation_id = "confirm_factor",
    request_body = ConfirmFactor, responses((status = 200, body = RecoveryCodes)))]
async fn confirm_factor(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<ConfirmFactor>,
) -> Result<Json<RecoveryCodes>, Error> {
    let mut fields = Fields::default();
    let Some(code) = read_code(&mut fields, &body.code) else { return Err(fields.error()) };
    Ok(Json(recovery_codes(&factor::confirm(&world, &staff, &code).await?)))
}

/// Makes new recovery codes; those of before are void.
#[utoipa::path(post, path = "/api/v1/staff/factor/recovery-codes", tag = "staff",
    operation_id = "renew_recovery_codes", responses((status = 200, body = RecoveryCodes)))]
async fn renew_recovery_codes(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<RecoveryCodes>, Error> {
    Ok(Json(recovery_codes(&factor::renew_codes(&world, &staff).await?)))
}

fn claim(body: &CreateStaffSession, Origin(address): Origin) -> Result<Claim, Error> {
    let mut fields = Fields::default();
    let secret = password(&mut fields, "/password", &body.password);
    let login = fields.text("/login", &body.login, 64);
    let proof = proof(&mut fields, body.code.as_ref(), body.passkey.as_ref());
    let (Some(login), Some(password), Some(proof)) = (login, secret, proof) else {
        return Err(fields.error());
    };
    Ok(Claim { login, password, proof, address })
}

/// What is shown of a second factor, if anything is.
fn proof(
    fields: &mut Fields,
    code: Option<&Private>,
    passkey: Option<&PasskeyAssertion>,
) -> Option<Option<Proof>> {
    match (code, passkey) {
        (None, None) => Some(None),
        (Some(code), None) => read_code(fields, code).map(|code| Some(Proof::Code(code))),
        (None, Some(shown)) => {
            passkey::http::assertion(fields, shown).map(|shown| Some(Proof::Passkey(Box::new(shown))))
        }
        (Some(_), Some(_)) => {
            let why = "code与passkey至多填写一个 (at most one of code and passkey)";
            fields.refuse("/code", "request.choice", why);
            None
        }
    }
}

fn read_code(fields: &mut Fields, code: &Private) -> Option<String> {
    fields.text("/code", code.expose(), CODE_LENGTH)
}

fn recovery_codes(codes: &[Secret<String>]) -> RecoveryCodes {
    RecoveryCodes { recovery_codes: codes.iter().map(|code| Private::new(code.expose())).collect() }
}

fn previous_view(previous: Previous) -> PreviousSignIn {
    let Previous { at, address, failures } = previous;
    PreviousSignIn { signed_in_at: at.map(|at| at.to_string()), address, failures }
}

/// The cookie of a world: the other one's path is no prefix of its, so neither world sees the other's.
fn cookie(world: &World, token: &str, seconds: i64) -> String {
    let secure = if world.origin().starts_with("https://") { "; Secure" } else { "" };
    let path = format!("{}/api/v1", world.name().prefix());
    format!("{COOKIE}={token}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}
