//! The wire form of exports.

use super::service::{self, Wanted, standing};
use super::source::Source;
use crate::app::Json;
use crate::attachment::http::{named, part};
use crate::auth::Staff;
use crate::matter::service::shown_at;
use crate::wire::hex;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::export::{Format, KEPT_SECONDS, Language, State as Standing};
use domain::id::ExportId;
use domain::time::Timestamp;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use sdk::types::Page;
use sdk::types::audit::ExportFormat;
use sdk::types::export::{CreateExport, ExportLanguage, ExportState, ExportView};
use store::export::ExportRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_export, list_exports))
        .routes(routes!(get_export))
        .routes(routes!(get_export_content))
}

/// Begins a file of a list that is too long to be exported at once. It has the rows that the list's own operation shows to the
/// asker with the same filter, and is made in the background.
#[utoipa::path(post, path = "/api/v1/exports", tag = "export", operation_id = "create_export",
    request_body = CreateExport, responses((status = 201, body = ExportView)))]
async fn create_export(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateExport>,
) -> Result<(StatusCode, Json<ExportView>), Error> {
    let (source, word) = Source::read(body.list, body.object_id.as_deref(), &body.filter)?;
    let filter = serde_json::to_string(&body.filter).map_err(|error| Error::internal(error.to_string()))?;
    let format = match body.format {
        ExportFormat::Xlsx => Format::Xlsx,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Pdf => Format::Pdf,
    };
    let language = match body.language {
        ExportLanguage::Zh => Language::Zh,
        ExportLanguage::En => Language::En,
    };
    let wanted = Wanted { source, word, object: body.object_id, filter, format, language };
    let row = service::create(&world, &staff, wanted).await?;
    Ok((StatusCode::CREATED, Json(view(&row, world.now())?)))
}

/// Lists the own exports, newest first.
#[utoipa::path(get, path = "/api/v1/exports", tag = "export", operation_id = "list_exports",
    params(PageQuery), responses((status = 200, body = Page<ExportView>)))]
async fn list_exports(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ExportView>>, Error> {
    let limit = query.limit()?;
    let before = query.cursor(|text| text.parse::<ExportId>().ok())?;
    let rows = service::list(&world, &staff, before, page::probe(limit)).await?;
    let views = rows.iter().map(|row| view(row, world.now())).collect::<Result<_, _>>()?;
    Ok(Json(page::page(views, limit, |export: &ExportView| export.export_id.clone())))
}

/// How far one of the own exports has come.
#[utoipa::path(get, path = "/api/v1/exports/{export_id}", tag = "export", operation_id = "get_export",
    params(("export_id" = String, Path)), responses((status = 200, body = ExportView)))]
async fn get_export(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(export_id): Path<String>,
) -> Result<Json<ExportView>, Error> {
    Ok(Json(view(&service::get(&world, &staff, id(&export_id)?).await?, world.now())?))
}

/// The file of one of the own exports, or one range of it, for a day from when it was ready.
#[utoipa::path(get, path = "/api/v1/exports/{export_id}/content", tag = "export",
    operation_id = "get_export_content", params(("export_id" = String, Path)),
    responses((status = 200, content((Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 206, content((Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
async fn get_export_content(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(export_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (row, file) = service::content(&world, &staff, id(&export_id)?).await?;
    let size = row.size.and_then(|size| u64::try_from(size).ok());
    let size = size.ok_or_else(|| Error::internal("a file without a size"))?;
    let said = [
        (CONTENT_TYPE, content_type(&row)?),
        (CONTENT_DISPOSITION, &named("attachment", &file_name(&row))),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok(part(&world, file, size, &headers, &said))
}

fn id(text: &str) -> Result<ExportId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn content_type(row: &ExportRow) -> Result<&'static str, Error> {
    Ok(match row.format.parse()? {
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Csv => "text/csv; charset=utf-8",
        Format::Pdf => "application/pdf",
    })
}

fn file_name(row: &ExportRow) -> String {
    format!("{}-{}.{}", row.list, ExportId::from_bytes(row.id), row.format)
}

fn view(row: &ExportRow, now: Timestamp) -> Result<ExportView, Error> {
    let unreadable = |error: serde_json::Error| Error::internal(format!("a stored export: {error}"));
    let state = standing(row, now)?;
    let is_ready = state == Standing::Ready;
    let until = row.ended_at.map(|at| Timestamp::from_micros(at).plus_seconds(KEPT_SECONDS));
    Ok(ExportView {
        export_id: ExportId::from_bytes(row.id).to_string(),
        list: serde_json::from_value(row.list.clone().into()).map_err(unreadable)?,
        object_id: row.object_id.clone(),
        filter: serde_json::from_str(&row.filter).map_err(unreadable)?,
        format: match row.format.parse()? {
            Format::Xlsx => ExportFormat::Xlsx,
            Format::Csv => ExportFormat::Csv,
            Format::Pdf => ExportFormat::Pdf,
        },
        state: match state {
            Standing::Waiting => ExportState::Waiting,
            Standing::Running => ExportState::Running,
            Standing::Ready => ExportState::Ready,
            Standing::Failed => ExportState::Failed,
            Standing::Expired => ExportState::Expired,
        },
        rows: row.row_count,
        file_name: is_ready.then(|| file_name(row)),
        size: row.size,
        sm3: row.digest.map(|digest| hex::encode(&digest)),
        reason: row.reason.clone(),
        created_at: shown_at(row.created_at),
        ended_at: row.ended_at.map(shown_at),
        expires_at: until.filter(|_| row.digest.is_some()).map(|at| at.to_string()),
    })
}
