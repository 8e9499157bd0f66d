//! The wire form of payees, for staff.

use super::service;
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::page::{PageQuery, page};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::id::OrgId;
use domain::settlement::FeeRate;
use domain::time::Timestamp;
use http::StatusCode;
use sdk::types::Page;
use sdk::types::payee::{CreatePayee, PayeeView};
use store::payee::PayeeRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(create_payee, list_payees))
}

/// Registers an organisation as a payee.
#[utoipa::path(post, path = "/api/v1/payees", tag = "payee", operation_id = "create_payee",
    request_body = CreatePayee, responses((status = 201, body = PayeeView)))]
async fn create_payee(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreatePayee>,
) -> Result<(StatusCode, Json<PayeeView>), Error> {
    let org: OrgId = body.org_id.parse().map_err(|e: domain::id::Refusal| Error::field("/org_id", &e))?;
    let rate = FeeRate::new(u16::try_from(body.fee_basis_points).unwrap_or(u16::MAX));
    let rate = rate.map_err(|refusal| Error::field("/fee_basis_points", &refusal))?;
    let row = service::create(&world, &staff, org, rate).await?;
    Ok((StatusCode::CREATED, Json(view(&row))))
}

/// Lists payees.
#[utoipa::path(get, path = "/api/v1/payees", tag = "payee", operation_id = "list_payees",
    params(PageQuery), responses((status = 200, body = Page<PayeeView>)))]
async fn list_payees(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<PayeeView>>, Error> {
    let limit = query.limit()?;
    let after: Option<OrgId> = query.cursor(|text| text.parse().ok())?;
    let more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let rows = service::list(&world, &staff, after, more).await?;
    let views = rows.iter().map(view).collect();
    Ok(Json(page(views, limit, |last: &PayeeView| last.payee_id.clone())))
}

fn view(row: &PayeeRow) -> PayeeView {
    PayeeView {
        payee_id: OrgId::from_bytes(row.id).to_string(),
        name: row.name.clone(),
        fee_basis_points: row.fee_basis_points,
        created_at: Timestamp::from_micros(row.created_at).to_string(),
    }
}
