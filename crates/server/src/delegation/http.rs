//! The wire form of delegations.

use super::service::{self, Seen, Wish};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::delegation::{Action, Refusal};
use domain::id::{DelegationId, StaffId};
use domain::org::Login;
use domain::time::{BusinessDate, Timestamp};
use http::StatusCode;
use sdk::types::Page;
use sdk::types::delegation::{ActOnDelegation, CreateDelegation, DelegationView, Representative};
use store::org::StaffRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_delegation, list_delegations))
        .routes(routes!(act_on_delegation))
}

/// Asks a colleague of the own organisation to act in matters in one's place for some days; it counts once the colleague
/// accepts.
#[utoipa::path(post, path = "/api/v1/delegations", tag = "staff", operation_id = "create_delegation",
    request_body = CreateDelegation, responses((status = 201, body = DelegationView)))]
async fn create_delegation(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateDelegation>,
) -> Result<(StatusCode, Json<DelegationView>), Error> {
    let mut fields = Fields::default();
    let login = fields.parse::<Login>("/login", &body.login);
    let from = fields.parse::<BusinessDate>("/from_on", &body.from_on);
    let until = fields.parse::<BusinessDate>("/until_on", &body.until_on);
    let (Some(login), Some(from), Some(until)) = (login, from, until) else { return Err(fields.error()) };
    let wish = Wish { login: login.as_str().to_owned(), from, until };
    let offered = service::offer(&world, &staff, wish).await.map_err(pointed)?;
    Ok((StatusCode::CREATED, Json(view(&offered))))
}

/// What is wrong with a wish is told at its field.
fn pointed(error: Error) -> Error {
    for (refusal, pointer) in [(Refusal::Colleague, "/login"), (Refusal::Span, "/from_on")] {
        if error.code() == domain::refusal::Refuse::code(&refusal) {
            return Error::field(pointer, &refusal);
        }
    }
    error
}

/// Lists what one has given and was asked for, newest first.
#[utoipa::path(get, path = "/api/v1/delegations", tag = "staff", operation_id = "list_delegations",
    params(PageQuery), responses((status = 200, body = Page<DelegationView>)))]
async fn list_delegations(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<DelegationView>>, Error> {
    let limit = query.limit()?;
    let before = query.cursor(|text| text.parse::<DelegationId>().ok())?;
    let rows = service::list(&world, &staff, before, page::probe(limit)).await?;
    let views = rows.iter().map(view).collect();
    Ok(Json(page::page(views, limit, |one: &DelegationView| one.delegation_id.clone())))
}

/// Accepts or declines a delegation that one was asked for, or ends one at once.
#[utoipa::path(post, path = "/api/v1/delegations/{delegation_id}/actions", tag = "staff",
    operation_id = "act_on_delegation", params(("delegation_id" = String, Path)),
    request_body = ActOnDelegation, responses((status = 200, body = DelegationView)))]
async fn act_on_delegation(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Json(body): Json<ActOnDelegation>,
) -> Result<Json<DelegationView>, Error> {
    let id = id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(action) = fields.parse::<Action>("/action", &body.action) else { return Err(fields.error()) };
    Ok(Json(view(&service::act(&world, &staff, id, action).await?)))
}

fn view(seen: &Seen) -> DelegationView {
    let person = |row: &StaffRow| Representative {
        staff_id: StaffId::from_bytes(row.id).to_string(),
        login: row.login.clone(),
        role: row.role.clone(),
    };
    DelegationView {
        delegation_id: DelegationId::from_bytes(seen.row.id).to_string(),
        giver: person(&seen.giver),
        taker: person(&seen.taker),
        side: seen.side.to_string(),
        from_on: seen.row.from_on.clone(),
        until_on: seen.row.until_on.clone(),
        state: seen.standing.to_string(),
        offered_at: Timestamp::from_micros(seen.row.offered_at).to_string(),
        actions: seen.standing.actions(seen.side).map(|action| action.to_string()).collect(),
    }
}
