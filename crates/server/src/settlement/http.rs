//! The wire form of settlement, for staff.

use super::service;
use crate::app::Json;
use crate::auth::Staff;
use crate::idempotency::mark;
use crate::wire::hex;
use crate::wire::page::{PageQuery, page};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::id::{KeyId, OrgId, SettlementId};
use domain::settlement::Manifest;
use domain::time::{BusinessDate, Timestamp};
use http::StatusCode;
use sdk::types::Page;
use sdk::types::settlement::{BatchState, BatchView, CutDay, DayCutView, DayFile};
use serde::Deserialize;
use store::settlement::BatchRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(cut_day)).routes(routes!(list_batches)).routes(routes!(get_day_file))
}

/// Cuts a business day. Cutting it again answers what was done.
#[utoipa::path(post, path = "/api/v1/settlement/day-cuts", tag = "settlement", operation_id = "cut_day",
    request_body = CutDay, responses((status = 201, body = DayCutView)))]
async fn cut_day(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CutDay>,
) -> Result<Response, Error> {
    let cut = service::cut_day(&world, &staff, date("/business_on", &body.business_on)?).await?;
    let view = DayCutView {
        business_on: day(cut.day.business_date),
        batches: cut.day.batches,
        net_fen: cut.day.net_fen,
        balanced: true,
        cut_at: Timestamp::from_micros(cut.day.cut_at).to_string(),
    };
    let response = (StatusCode::CREATED, Json(view)).into_response();
    Ok(if cut.replayed { mark(response) } else { response })
}

/// Which day.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DayQuery {
    /// `YYYY-MM-DD`
    #[param(max_length = 10)]
    pub business_on: String,
}

/// Lists the batches of a business day.
#[utoipa::path(get, path = "/api/v1/settlement/batches", tag = "settlement", operation_id = "list_batches",
    params(DayQuery, PageQuery), responses((status = 200, body = Page<BatchView>)))]
async fn list_batches(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(wanted): Query<DayQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<BatchView>>, Error> {
    let limit = query.limit()?;
    let after: Option<OrgId> = query.cursor(|text| text.parse().ok())?;
    let wanted = date("?business_on", &wanted.business_on)?;
    let more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let rows = service::list(&world, &staff, wanted, after, more).await?;
    let views = rows.iter().map(view).collect();
    Ok(Json(page(views, limit, |last: &BatchView| last.payee_id.clone())))
}

/// The day file of a batch, with the signed manifest.
#[utoipa::path(get, path = "/api/v1/settlement/batches/{batch_id}/day-file", tag = "settlement",
    operation_id = "get_day_file", params(("batch_id" = String, Path)),
    responses((status = 200, body = DayFile)))]
async fn get_day_file(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(batch_id): Path<String>,
) -> Result<Json<DayFile>, Error> {
    let id: SettlementId = batch_id.parse().map_err(|_| Error::not_found())?;
    let row = service::file(&world, &staff, id).await?;
    let manifest = Manifest::read(&row.manifest)?;
    Ok(Json(DayFile {
        name: manifest.file.to_string(),
        business_on: day(row.business_date),
        payee_id: OrgId::from_bytes(row.payee_id).to_string(),
        digest: hex::encode(&manifest.digest),
        rows: row.payment_count + row.refund_count,
        sum_fen: row.payment_fen - row.refund_fen,
        key_id: KeyId::from_bytes(row.key_id).to_string(),
        signature: hex::encode(&row.signature),
        audit_head: hex::encode(&manifest.audit_root),
        content: row.file,
        manifest: row.manifest,
    }))
}

fn date(pointer: &str, text: &str) -> Result<BusinessDate, Error> {
    text.parse().map_err(|refusal: domain::time::Refusal| Error::field(pointer, &refusal))
}

fn day(days: i64) -> String {
    BusinessDate::from_days(i32::try_from(days).unwrap_or_default()).to_string()
}

fn view(row: &BatchRow) -> BatchView {
    BatchView {
        batch_id: SettlementId::from_bytes(row.id).to_string(),
        business_on: day(row.business_date),
        payee_id: OrgId::from_bytes(row.payee_id).to_string(),
        state: BatchState::Cut,
        payments: row.payment_count,
        paid_fen: row.payment_fen,
        refunds: row.refund_count,
        refunded_fen: row.refund_fen,
        fee_fen: row.fee_fen,
        net_fen: row.net_fen,
        cut_at: Timestamp::from_micros(row.created_at).to_string(),
    }
}
