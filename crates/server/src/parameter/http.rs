//! The wire form of parameters.

use super::review::Decision;
use super::service::{self, Shown, Standing, Wish, begins_on};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::id::{ParameterVersionId, StaffId};
use domain::monitoring::Thresholds;
use domain::parameter::{Name, State as Rule};
use domain::time::Timestamp;
use http::{HeaderMap, StatusCode};
use sdk::types::Page;
use sdk::types::parameter::{
    AccessConditions, DecideParameter, ParameterDecision, ParameterState, ParameterVersionView,
    ParameterView, ProposeParameter,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(list_parameters))
        .routes(routes!(get_parameter))
        .routes(routes!(get_access_conditions))
        .routes(routes!(propose_parameter))
        .routes(routes!(decide_parameter))
}

/// Lists the parameters as they stand today.
#[utoipa::path(get, path = "/api/v1/parameters", tag = "parameter", operation_id = "list_parameters",
    params(PageQuery), responses((status = 200, body = Page<ParameterView>)))]
async fn list_parameters(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ParameterView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse().ok())?;
    let standing = service::list(&world, &staff, after, limit + 1).await?;
    let views = standing.iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(page::page(views, limit, |parameter: &ParameterView| parameter.name.clone())))
}

/// The numbers of the conditions of access as they are in force today, for whoever fills in an application.
#[utoipa::path(get, path = "/api/v1/parameters/access-conditions", tag = "parameter",
    operation_id = "get_access_conditions", responses((status = 200, body = AccessConditions)))]
async fn get_access_conditions(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<AccessConditions>, Error> {
    let number = service::of_access(&world, &staff)?;
    Ok(Json(AccessConditions {
        min_running_years: number(Name::ChannelMinRunning),
        social_min_users: number(Name::SocialMinUsers),
        social_min_company_years: number(Name::SocialMinCompanyAge),
    }))
}

/// A parameter with its history.
#[utoipa::path(get, path = "/api/v1/parameters/{parameter}", tag = "parameter", operation_id = "get_parameter",
    params(("parameter" = String, Path)), responses((status = 200, body = ParameterView)))]
async fn get_parameter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(parameter): Path<String>,
) -> Result<Json<ParameterView>, Error> {
    let standing = service::get(&world, &staff, named(&parameter)?).await?;
    Ok(Json(view(&standing)?))
}

/// Proposes a version, which holds when a second person has approved it.
#[utoipa::path(post, path = "/api/v1/parameters/{parameter}/versions", tag = "parameter",
    operation_id = "propose_parameter", params(("parameter" = String, Path)), request_body = ProposeParameter,
    responses((status = 201, body = ParameterVersionView)))]
async fn propose_parameter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(parameter): Path<String>,
    Json(body): Json<ProposeParameter>,
) -> Result<(StatusCode, HeaderMap, Json<ParameterVersionView>), Error> {
    let name = named(&parameter)?;
    let mut fields = Fields::default();
    let begins_on = fields.parse("/begins_on", &body.begins_on);
    let reason = fields.text("/reason", &body.reason, 500);
    let (Some(begins_on), Some(reason)) = (begins_on, reason) else { return Err(fields.error()) };
    let wish = Wish { name, value: body.value, begins_on, reason };
    let shown = service::propose(&world, &staff, wish).await?;
    Ok((StatusCode::CREATED, etag::headers(shown.row.version), Json(version_view(&shown)?)))
}

/// Approves or rejects a proposed version.
#[utoipa::path(post, path = "/api/v1/parameter-versions/{version_id}/decision", tag = "parameter",
    operation_id = "decide_parameter",
    params(("version_id" = String, Path), ("If-Match" = String, Header)), request_body = DecideParameter,
    responses((status = 200, body = ParameterVersionView)))]
async fn decide_parameter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(version_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<DecideParameter>,
) -> Result<(HeaderMap, Json<ParameterVersionView>), Error> {
    let id = version_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, 500) else { return Err(fields.error()) };
    let decision = Decision::from(body.decision);
    let shown = service::decide(&world, &staff, id, version, decision, reason).await?;
    Ok((etag::headers(shown.row.version), Json(version_view(&shown)?)))
}

impl From<ParameterDecision> for Decision {
    fn from(decision: ParameterDecision) -> Self {
        match decision {
            ParameterDecision::Approve => Self::Approve,
            ParameterDecision::Reject => Self::Reject,
        }
    }
}

fn named(text: &str) -> Result<Name, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn view(standing: &Standing) -> Result<ParameterView, Error> {
    let today = &standing.today;
    Ok(ParameterView {
        name: today.name.to_string(),
        meaning: today.name.zh().to_owned(),
        unit: today.unit.to_string(),
        value: today.value,
        number: i64::from(today.version),
        least: today.least,
        most: today.most,
        clause: today.clause.map(str::to_owned),
        has_trial: Thresholds::measure_by(today.name),
        versions: standing.versions.iter().map(version_view).collect::<Result<_, _>>()?,
    })
}

fn version_view(shown: &Shown) -> Result<ParameterVersionView, Error> {
    let row = &shown.row;
    let state = match row.state.parse().map_err(|_| Error::internal("a stored state is unknown"))? {
        Rule::Proposed => ParameterState::Proposed,
        Rule::Approved => ParameterState::Approved,
        Rule::Rejected => ParameterState::Rejected,
    };
    let staff = |id: [u8; 16]| StaffId::from_bytes(id).to_string();
    let at = |micros: i64| Timestamp::from_micros(micros).to_string();
    Ok(ParameterVersionView {
        version_id: ParameterVersionId::from_bytes(row.id).to_string(),
        name: row.name.clone(),
        number: row.number,
        value: row.value,
        begins_on: begins_on(row).to_string(),
        state,
        proposed_by: staff(row.proposed_by),
        proposed_at: at(row.proposed_at),
        reason: shown.reason.clone(),
        decided_by: row.decided_by.map(staff),
        decided_at: row.decided_at.map(at),
        decision_reason: shown.decision.clone(),
        version: row.version,
    })
}
