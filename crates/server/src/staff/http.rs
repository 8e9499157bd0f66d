//! The wire form of staff accounts. Signing in is in [`super::portal`].

use super::service::{self, Decision};
use super::{session, sign_in};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::id::{OrgId, StaffId, StaffSessionId};
use domain::org::{Login, Operation, Role, allows};
use domain::staff::AccountAction;
use domain::time::Timestamp;
use gm::Secret;
use http::StatusCode;
use sdk::types::delegation::StandingIn;
use sdk::types::staff::{
    ChangeStaffPassword, CreateStaff, DecideOnStaff, EndSessions, ListedStaffSession, MemberView,
    StaffCreated, StaffSessionView, StaffSessions, StaffView,
};
use sdk::types::{Page, Private};
use store::org::{ListedRow, StaffRow};
use store::staff::SessionRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What an account may do before its one-time password is replaced.
pub fn account_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(change_staff_password)).routes(routes!(get_staff_session))
}

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_staff, list_staff))
        .routes(routes!(disable_staff))
        .routes(routes!(enable_staff))
        .routes(routes!(reset_factor))
        .routes(routes!(list_sessions_of_staff))
        .routes(routes!(end_sessions_of_staff))
}

/// Who is signed in, and what their role may do.
#[utoipa::path(get, path = "/api/v1/staff/sessions/current", tag = "staff",
    operation_id = "get_staff_session", responses((status = 200, body = StaffSessionView)))]
async fn get_staff_session(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<StaffSessionView>, Error> {
    let (account, org) = service::own_account(&world, &staff).await?;
    let held = Operation::ALL.iter().filter(|held| allows(staff.role_for(**held), **held));
    Ok(Json(StaffSessionView {
        staff: view(&account),
        org: crate::org::http::view(&org)?,
        operations: held.map(ToString::to_string).collect(),
        now: world.now().to_string(),
        stands_in: staff.stands_in.map(|one| StandingIn {
            delegation_id: one.delegation.to_string(),
            giver_id: one.giver.to_string(),
            role: one.role.to_string(),
        }),
    }))
}

/// Replaces one's own password.
#[utoipa::path(post, path = "/api/v1/staff/password", tag = "staff", operation_id = "change_staff_password",
    request_body = ChangeStaffPassword, responses((status = 204)))]
async fn change_staff_password(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<ChangeStaffPassword>,
) -> Result<StatusCode, Error> {
    let mut fields = Fields::default();
    let current = password(&mut fields, "/current_password", &body.current_password);
    let new = password(&mut fields, "/new_password", &body.new_password);
    let (Some(current), Some(new)) = (current, new) else { return Err(fields.error()) };
    sign_in::change_password(&world, &staff, &current, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens an account. The one-time password is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/staff", tag = "staff", operation_id = "create_staff",
    request_body = CreateStaff, responses((status = 201, body = StaffCreated)))]
async fn create_staff(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateStaff>,
) -> Result<(StatusCode, Json<StaffCreated>), Error> {
    let mut fields = Fields::default();
    let org = fields.parse::<OrgId>("/org_id", &body.org_id);
    let login = fields.parse::<Login>("/login", &body.login);
    let role = fields.parse::<Role>("/role", &body.role);
    let (Some(org), Some(login), Some(role)) = (org, login, role) else { return Err(fields.error()) };
    let (row, secret) = service::create(&world, &staff, org, &login, role).await?;
    let created = StaffCreated { staff: view(&row), one_time_password: Private::new(secret.expose()) };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Lists the accounts of the own area.
#[utoipa::path(get, path = "/api/v1/staff", tag = "staff", operation_id = "list_staff",
    params(PageQuery), responses((status = 200, body = Page<MemberView>)))]
async fn list_staff(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<MemberView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse::<StaffId>().ok())?;
    let rows = service::list(&world, &staff, after, page::probe(limit)).await?;
    Ok(Json(members(&rows, limit)))
}

/// A page of accounts.
pub(crate) fn members(rows: &[ListedRow], limit: usize) -> Page<MemberView> {
    let view = |row: &ListedRow| MemberView {
        staff: view(&row.staff),
        has_factor: row.has_factor,
        signed_in_at: row.signed_in_at.map(|at| Timestamp::from_micros(at).to_string()),
    };
    let views = rows.iter().map(view).collect();
    page::page(views, limit, |member: &MemberView| member.staff.staff_id.clone())
}

/// Disables an account: nobody signs in with it any more, and its sessions end at once.
#[utoipa::path(post, path = "/api/v1/staff/{staff_id}/disable", tag = "staff", operation_id = "disable_staff",
    params(("staff_id" = String, Path)), request_body = DecideOnStaff,
    responses((status = 200, body = StaffView)))]
async fn disable_staff(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
    Json(body): Json<DecideOnStaff>,
) -> Result<Json<StaffView>, Error> {
    let decision = decision(&staff_id, &body)?;
    Ok(Json(view(&service::act(&world, &staff, decision, AccountAction::Disable).await?)))
}

/// Enables an account that was disabled.
#[utoipa::path(post, path = "/api/v1/staff/{staff_id}/enable", tag = "staff", operation_id = "enable_staff",
    params(("staff_id" = String, Path)), request_body = DecideOnStaff,
    responses((status = 200, body = StaffView)))]
async fn enable_staff(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
    Json(body): Json<DecideOnStaff>,
) -> Result<Json<StaffView>, Error> {
    let decision = decision(&staff_id, &body)?;
    Ok(Json(view(&service::act(&world, &staff, decision, AccountAction::Enable).await?)))
}

/// Takes the second factor from an account whose owner has lost it. Its sessions end at once.
#[utoipa::path(post, path = "/api/v1/staff/{staff_id}/factor/reset", tag = "staff",
    operation_id = "reset_factor", params(("staff_id" = String, Path)), request_body = DecideOnStaff,
    responses((status = 200, body = StaffView)))]
async fn reset_factor(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
    Json(body): Json<DecideOnStaff>,
) -> Result<Json<StaffView>, Error> {
    let decision = decision(&staff_id, &body)?;
    Ok(Json(view(&service::reset_factor(&world, &staff, decision).await?)))
}

/// Lists the sessions of an account that are in force.
#[utoipa::path(get, path = "/api/v1/staff/{staff_id}/sessions", tag = "staff",
    operation_id = "list_sessions_of_staff", params(("staff_id" = String, Path)),
    responses((status = 200, body = StaffSessions)))]
async fn list_sessions_of_staff(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
) -> Result<Json<StaffSessions>, Error> {
    let id = staff_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(sessions(&session::list_of(&world, &staff, id).await?, &staff)))
}

/// Ends one session of an account, or all of them; the account stays enabled.
#[utoipa::path(post, path = "/api/v1/staff/{staff_id}/sessions/end", tag = "staff",
    operation_id = "end_sessions_of_staff", params(("staff_id" = String, Path)), request_body = EndSessions,
    responses((status = 204)))]
async fn end_sessions_of_staff(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
    Json(body): Json<EndSessions>,
) -> Result<StatusCode, Error> {
    let (decision, which) = ending(&staff_id, &body)?;
    session::end_of(&world, &staff, decision, which).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody who ends sessions of others says.
pub(crate) fn ending(
    staff_id: &str,
    body: &EndSessions,
) -> Result<(Decision, Option<StaffSessionId>), Error> {
    let id = staff_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let reason = fields.text("/reason", &body.reason, 200);
    let which = match &body.session_id {
        Some(text) => fields.parse::<StaffSessionId>("/session_id", text).map(Some),
        None => Some(None),
    };
    let (Some(reason), Some(which)) = (reason, which) else { return Err(fields.error()) };
    Ok((Decision { id, reason }, which))
}

/// Sessions as they are listed to `staff`.
pub(crate) fn sessions(rows: &[SessionRow], staff: &Staff) -> StaffSessions {
    StaffSessions { data: rows.iter().map(|row| session_view(row, staff)).collect() }
}

fn session_view(row: &SessionRow, staff: &Staff) -> ListedStaffSession {
    ListedStaffSession {
        session_id: StaffSessionId::from_bytes(row.id).to_string(),
        carrier: row.carrier.clone(),
        is_current: row.token_hash == staff.session,
        created_at: Timestamp::from_micros(row.created_at).to_string(),
        seen_at: Timestamp::from_micros(row.seen_at).to_string(),
        expires_at: Timestamp::from_micros(row.expires_at).to_string(),
    }
}

/// Whose account a decision is about, and why.
pub(crate) fn decision(staff_id: &str, body: &DecideOnStaff) -> Result<Decision, Error> {
    let id = staff_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, 200) else { return Err(fields.error()) };
    Ok(Decision { id, reason })
}

/// A password of at most 256 characters, so that nobody makes us hash a book.
pub(super) fn password(fields: &mut Fields, pointer: &str, text: &Private) -> Option<Secret<String>> {
    if text.expose().chars().count() <= 256 {
        return Some(Secret::new(text.expose().to_owned()));
    }
    fields.refuse(pointer, "request.too_long", "最多256个字符 (at most 256 characters)");
    None
}

/// An account as everybody sees it who may.
pub fn view(row: &StaffRow) -> StaffView {
    StaffView {
        staff_id: StaffId::from_bytes(row.id).to_string(),
        org_id: OrgId::from_bytes(row.org_id).to_string(),
        login: row.login.clone(),
        role: row.role.clone(),
        state: row.state.clone(),
        must_change_password: row.must_change != 0,
        created_at: Timestamp::from_micros(row.created_at).to_string(),
    }
}
