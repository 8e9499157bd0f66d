//! The wire form of the forms of personalised services: JSON about them, documents in and out.

use super::service::{self, Document, file};
use crate::app::Json;
use crate::attachment::http::{SANDBOX, named, whole};
use crate::auth::Staff;
use crate::wire::fields::Fields;
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use data_encoding::HEXLOWER;
use domain::attachment::file_name;
use domain::id::{ServiceFormId, StaffId};
use domain::service::Service;
use domain::service_form::MOST;
use domain::time::Timestamp;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use sdk::types::Page;
use sdk::types::service_form::{ServiceFormView, WithdrawServiceForm};
use serde::Deserialize;
use store::service_form::ServiceFormRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most letters of a reason.
const REASON: usize = 200;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(publish_service_form))
        .routes(routes!(withdraw_service_form))
        .routes(routes!(list_service_forms))
        .routes(routes!(get_service_form_content))
}

/// What a document is called.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct NameQuery {
    /// Its file name: 1 to 200 characters, no path.
    #[param(min_length = 1, max_length = 200)]
    file_name: String,
}

/// Publishes the form of a personalised service, a PDF or an Office file of at most 4194304 bytes as they are, in the place of
/// the one before (CH-F1.12). The same document again changes nothing.
#[utoipa::path(put, path = "/api/v1/services/{service}/form", tag = "service",
    operation_id = "publish_service_form", params(("service" = String, Path), NameQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = ServiceFormView)))]
async fn publish_service_form(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(code): Path<String>,
    Query(query): Query<NameQuery>,
    request: Request,
) -> Result<Json<ServiceFormView>, Error> {
    let mut fields = Fields::default();
    if fields.take("/file_name", file_name(&query.file_name)).is_none() {
        return Err(fields.error());
    }
    // One byte more than a form has, so that one that is too long is told so and not cut off.
    let most = usize::try_from(MOST + 1).unwrap_or(usize::MAX);
    let bytes = axum::body::to_bytes(request.into_body(), most).await;
    let bytes = bytes.map_err(|_| Error::platform("request.too_large"))?.to_vec();
    let document = Document { file_name: query.file_name, bytes };
    Ok(Json(view(&service::publish(&world, &staff, found(&code)?, document).await?)))
}

/// Takes the form of a service down: an application for it needs none any more. It is named, so that one that was published
/// meanwhile stays.
#[utoipa::path(post, path = "/api/v1/services/{service}/form/withdraw", tag = "service",
    operation_id = "withdraw_service_form", params(("service" = String, Path)),
    request_body = WithdrawServiceForm, responses((status = 200, body = ServiceFormView)))]
async fn withdraw_service_form(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(code): Path<String>,
    Json(body): Json<WithdrawServiceForm>,
) -> Result<Json<ServiceFormView>, Error> {
    let mut fields = Fields::default();
    let id = fields.parse("/service_form_id", &body.service_form_id);
    let reason = fields.text("/reason", &body.reason, REASON);
    let (Some(id), Some(reason)) = (id, reason) else { return Err(fields.error()) };
    Ok(Json(view(&service::withdraw(&world, &staff, found(&code)?, id, reason).await?)))
}

/// Lists every version of the form of a service on one page, the newest first.
#[utoipa::path(get, path = "/api/v1/services/{service}/forms", tag = "service",
    operation_id = "list_service_forms", params(("service" = String, Path)),
    responses((status = 200, body = Page<ServiceFormView>)))]
async fn list_service_forms(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(code): Path<String>,
) -> Result<Json<Page<ServiceFormView>>, Error> {
    let rows = service::list(&world, &staff, found(&code)?).await?;
    Ok(Json(Page { data: rows.iter().map(view).collect(), has_more: false, next_cursor: None }))
}

/// The document of a form, current or not, to be saved.
#[utoipa::path(get, path = "/api/v1/service-forms/{service_form_id}/content", tag = "service",
    operation_id = "get_service_form_content", params(("service_form_id" = String, Path)),
    responses((status = 200, content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/zip")))))]
async fn get_service_form_content(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(service_form_id): Path<String>,
) -> Result<Response, Error> {
    let id: ServiceFormId = service_form_id.parse().map_err(|_| Error::not_found())?;
    let (row, content_type) = service::content(&world, &staff, id).await?;
    let size = u64::try_from(row.size).map_err(|_| Error::internal("a size below zero"))?;
    let said = [
        (CONTENT_TYPE, content_type.as_str()),
        (CONTENT_DISPOSITION, &named("attachment", &row.file_name)),
        (CONTENT_SECURITY_POLICY, SANDBOX),
    ];
    Ok(whole(&world, file(id), size, &said))
}

fn found(code: &str) -> Result<&'static Service, Error> {
    domain::service::find(code).map_err(|_| Error::not_found())
}

/// A version of a form.
#[must_use]
pub fn view(row: &ServiceFormRow) -> ServiceFormView {
    let published_at = Timestamp::from_micros(row.published_at);
    ServiceFormView {
        service_form_id: ServiceFormId::from_bytes(row.id).to_string(),
        service: row.service.clone(),
        number: u32::try_from(row.number).unwrap_or_default(),
        state: row.state.clone(),
        file_name: row.file_name.clone(),
        size: row.size,
        sm3: HEXLOWER.encode(&row.digest),
        content_type: row.content_type.clone(),
        from_on: published_at.business_date().to_string(),
        published_at: published_at.to_string(),
        published_by: StaffId::from_bytes(row.published_by).to_string(),
        ended_at: row.ended_at.map(|at| Timestamp::from_micros(at).to_string()),
        reason: row.reason.clone(),
    }
}
