//! The wire form of a team.

use super::service;
use crate::app::Json;
use crate::auth::Staff;
use crate::staff::http::{decision, ending, members, sessions, view};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::id::StaffId;
use domain::org::{Login, Role};
use domain::staff::AccountAction;
use http::StatusCode;
use sdk::types::staff::{DecideOnStaff, EndSessions, MemberView, StaffCreated, StaffSessions, StaffView};
use sdk::types::team::CreateMember;
use sdk::types::{Page, Private};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(list_team, create_member))
        .routes(routes!(disable_member))
        .routes(routes!(enable_member))
        .routes(routes!(list_sessions_of_member))
        .routes(routes!(end_sessions_of_member))
}

/// Lists the accounts of the own organisation.
#[utoipa::path(get, path = "/api/v1/team", tag = "staff", operation_id = "list_team",
    params(PageQuery), responses((status = 200, body = Page<MemberView>)))]
async fn list_team(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<MemberView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse::<StaffId>().ok())?;
    let rows = service::list(&world, &staff, after, page::probe(limit)).await?;
    Ok(Json(members(&rows, limit)))
}

/// Opens an account of the own organisation. The one-time password is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/team", tag = "staff", operation_id = "create_member",
    request_body = CreateMember, responses((status = 201, body = StaffCreated)))]
async fn create_member(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateMember>,
) -> Result<(StatusCode, Json<StaffCreated>), Error> {
    let mut fields = Fields::default();
    let login = fields.parse::<Login>("/login", &body.login);
    let role = fields.parse::<Role>("/role", &body.role);
    let (Some(login), Some(role)) = (login, role) else { return Err(fields.error()) };
    let (row, secret) = service::open(&world, &staff, &login, role).await?;
    let created = StaffCreated { staff: view(&row), one_time_password: Private::new(secret.expose()) };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Disables an account of the own organisation: nobody signs in with it any more, and its sessions end at once.
#[utoipa::path(post, path = "/api/v1/team/{staff_id}/disable", tag = "staff", operation_id = "disable_member",
    params(("staff_id" = String, Path)), request_body = DecideOnStaff,
    responses((status = 200, body = StaffView)))]
async fn disable_member(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
    Json(body): Json<DecideOnStaff>,
) -> Result<Json<StaffView>, Error> {
    let decision = decision(&staff_id, &body)?;
    Ok(Json(view(&service::act(&world, &staff, decision, AccountAction::Disable).await?)))
}

/// Enables an account of the own organisation that was disabled.
#[utoipa::path(post, path = "/api/v1/team/{staff_id}/enable", tag = "staff", operation_id = "enable_member",
    params(("staff_id" = String, Path)), request_body = DecideOnStaff,
    responses((status = 200, body = StaffView)))]
async fn enable_member(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
    Json(body): Json<DecideOnStaff>,
) -> Result<Json<StaffView>, Error> {
    let decision = decision(&staff_id, &body)?;
    Ok(Json(view(&service::act(&world, &staff, decision, AccountAction::Enable).await?)))
}

/// Lists the sessions of an account of the own organisation that are in force.
#[utoipa::path(get, path = "/api/v1/team/{staff_id}/sessions", tag = "staff",
    operation_id = "list_sessions_of_member", params(("staff_id" = String, Path)),
    responses((status = 200, body = StaffSessions)))]
async fn list_sessions_of_member(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
) -> Result<Json<StaffSessions>, Error> {
    let id = staff_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(sessions(&service::sessions(&world, &staff, id).await?, &staff)))
}

/// Ends one session of an account of the own organisation, or all of them; the account stays enabled.
#[utoipa::path(post, path = "/api/v1/team/{staff_id}/sessions/end", tag = "staff",
    operation_id = "end_sessions_of_member", params(("staff_id" = String, Path)), request_body = EndSessions,
    responses((status = 204)))]
async fn end_sessions_of_member(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(staff_id): Path<String>,
    Json(body): Json<EndSessions>,
) -> Result<StatusCode, Error> {
    let (decision, which) = ending(&staff_id, &body)?;
    service::end_sessions(&world, &staff, decision, which).await?;
    Ok(StatusCode::NO_CONTENT)
}
