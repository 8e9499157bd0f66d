//! The wire form of printed forms.

use super::{Number, service};
use crate::auth::Staff;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(get_blank_form)).routes(routes!(get_filled_form))
}

/// 附表1, 附表2 or 附表3 to fill in by hand, as a PDF of A4 pages.
#[utoipa::path(get, path = "/api/v1/forms/{form}", tag = "form", operation_id = "get_blank_form",
    params(("form" = String, Path, description = "`1`, `2` or `3`")),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn get_blank_form(
    Extension(staff): Extension<Staff>,
    Path(form): Path<String>,
) -> Result<(HeaderMap, Vec<u8>), Error> {
    let form = number(&form)?;
    Ok((headers(form, "blank"), service::blank(&staff, form).await?))
}

/// 附表1, 附表2 or 附表3 with what an application says, to be sealed, as a PDF of A4 pages.
#[utoipa::path(get, path = "/api/v1/matters/{matter_id}/forms/{form}", tag = "form",
    operation_id = "get_filled_form",
    params(("matter_id" = String, Path), ("form" = String, Path, description = "`1`, `2` or `3`")),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn get_filled_form(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path((matter_id, form)): Path<(String, String)>,
) -> Result<(HeaderMap, Vec<u8>), Error> {
    let (id, form) = (matter_id.parse().map_err(|_| Error::not_found())?, number(&form)?);
    let bytes = service::filled(&world, &staff, id, form).await?;
    Ok((headers(form, &matter_id), bytes))
}

fn number(text: &str) -> Result<Number, Error> {
    Number::find(text).ok_or_else(Error::not_found)
}

/// It holds names and phones: it is for the asker, and kept by nobody on the way.
fn headers(form: Number, of: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"form-{form}-{of}.pdf\"");
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    headers
}
