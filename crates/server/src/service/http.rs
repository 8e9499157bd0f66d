//! The wire form of the catalogue and of openings.

use super::open::NewOpening;
use super::service::{self, Listed, Opened, Target};
use crate::app::Json;
use crate::auth::Staff;
use crate::rows::{Fault, Reader};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::{DryRun, Query};
use crate::wire::rows;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::division::DivisionCode;
use domain::id::{ChannelId, MatterId, OpeningId};
use domain::service::Family;
use domain::time::Timestamp;
use http::StatusCode;
use sdk::types::Page;
use sdk::types::import::BatchOutcome;
use sdk::types::service::{
    CloseOpening, CreateOpening, OpenServices, OpeningRow, OpeningView, ServiceFamily, ServiceView,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(list_services))
        .routes(routes!(create_opening, list_openings))
        .routes(routes!(open_services))
        .routes(routes!(close_opening))
}

/// Lists the catalogue on one page.
#[utoipa::path(get, path = "/api/v1/services", tag = "service", operation_id = "list_services",
    responses((status = 200, body = Page<ServiceView>)))]
async fn list_services(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<Page<ServiceView>>, Error> {
    let listed = service::list(&world, &staff).await?;
    Ok(Json(Page { data: listed.iter().map(view).collect(), has_more: false, next_cursor: None }))
}

/// Opens a service to a channel or terminal in a division (ND-3.5d).
#[utoipa::path(post, path = "/api/v1/openings", tag = "service", operation_id = "create_opening",
    request_body = CreateOpening, responses((status = 201, body = OpeningView)))]
async fn create_opening(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateOpening>,
) -> Result<(StatusCode, Json<OpeningView>), Error> {
    let mut fields = Fields::default();
    let found = fields.take("/service", domain::service::find(&body.service));
    let target = if body.caller_id.starts_with(ChannelId::PREFIX) {
        fields.parse("/caller_id", &body.caller_id).map(Target::Channel)
    } else {
        fields.parse("/caller_id", &body.caller_id).map(Target::Terminal)
    };
    let division = fields.parse::<DivisionCode>("/division", &body.division);
    let division = division.and_then(|division| fields.take("/division", division.listed()));
    let (Some(found), Some(target), Some(division)) = (found, target, division) else {
        return Err(fields.error());
    };
    let opened = service::open(&world, &staff, found, target, division).await?;
    Ok((StatusCode::CREATED, Json(opening_view(&opened))))
}

/// Opens services as they stand in the rows of a file, or says what would become of each: good rows are kept, bad ones are
/// named (ND-3.5d). A row that is open already is unchanged.
#[utoipa::path(post, path = "/api/v1/openings/rows", tag = "service", operation_id = "open_services",
    params(DryRun), request_body = OpenServices, responses((status = 200, body = BatchOutcome)))]
async fn open_services(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(dry): Query<DryRun>,
    Json(body): Json<OpenServices>,
) -> Result<Json<BatchOutcome>, Error> {
    rows::check_size(&body.rows)?;
    let read = body.rows.iter().map(|row| read(&world, row)).collect();
    Ok(Json(rows::batch(service::open_rows(&world, &staff, read, dry.run()).await?)))
}

/// The opening that a row means.
fn read(world: &World, row: &OpeningRow) -> Result<NewOpening, Vec<Fault>> {
    let mut reader = Reader::default();
    let service = reader.keep("service", domain::service::meant(&row.service));
    let caller = reader.keep("caller", row.caller.parse());
    let division = reader.keep("division", row.division.parse::<DivisionCode>());
    let division = division.and_then(|division| reader.keep("division", division.listed()));
    let id = world.id(OpeningId::make);
    let new = (|| Some(NewOpening { id, service: service?, caller: caller?, division: division? }))();
    reader.finish(new)
}

/// Lists the openings in sight.
#[utoipa::path(get, path = "/api/v1/openings", tag = "service", operation_id = "list_openings",
    params(PageQuery), responses((status = 200, body = Page<OpeningView>)))]
async fn list_openings(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<OpeningView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse::<OpeningId>().ok())?;
    let opened = service::list_openings(&world, &staff, after, page::probe(limit)).await?;
    let views = opened.iter().map(opening_view).collect();
    Ok(Json(page::page(views, limit, |opening: &OpeningView| opening.opening_id.clone())))
}

/// Closes an opening at once.
#[utoipa::path(post, path = "/api/v1/openings/{opening_id}/close", tag = "service",
    operation_id = "close_opening", params(("opening_id" = String, Path)), request_body = CloseOpening,
    responses((status = 200, body = OpeningView)))]
async fn close_opening(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(opening_id): Path<String>,
    Json(body): Json<CloseOpening>,
) -> Result<Json<OpeningView>, Error> {
    let id = opening_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, 200) else { return Err(fields.error()) };
    let opened = service::close(&world, &staff, id, reason).await?;
    Ok(Json(opening_view(&opened)))
}

fn view(listed: &Listed) -> ServiceView {
    let service = listed.service;
    ServiceView {
        code: service.code.into(),
        name: service.zh.into(),
        name_en: service.en.into(),
        family: family(service.family),
        purpose: service.purpose.to_string(),
        consent: service.consent.to_string(),
        sign_level: if service.pays { 2 } else { 1 },
        standard: service.standard,
        form: listed.form.as_ref().map(crate::service_form::http::view),
        created_at: listed.created_at.to_string(),
    }
}

fn family(family: Family) -> ServiceFamily {
    match family {
        Family::Issuance => ServiceFamily::Issuance,
        Family::Identity => ServiceFamily::Identity,
        Family::Query => ServiceFamily::Query,
        Family::Application => ServiceFamily::Application,
        Family::Payment => ServiceFamily::Payment,
    }
}

fn opening_view(opened: &Opened) -> OpeningView {
    let row = &opened.row;
    OpeningView {
        opening_id: OpeningId::from_bytes(row.id).to_string(),
        service: row.service.clone(),
        caller_id: match opened.target {
            Target::Channel(id) => id.to_string(),
            Target::Terminal(id) => id.to_string(),
        },
        division: row.division.clone(),
        opened_by: service::opener(row).to_string(),
        opened_at: Timestamp::from_micros(row.opened_at).to_string(),
        closed_at: row.closed_at.map(|at| Timestamp::from_micros(at).to_string()),
        suspended_at: row.suspended_at.map(|at| Timestamp::from_micros(at).to_string()),
        rectification_id: row.rectification_id.map(|id| MatterId::from_bytes(id).to_string()),
    }
}
