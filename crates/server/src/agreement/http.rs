//! The wire form of the agreement's document.

use super::service;
use crate::auth::Staff;
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(get_agreement_paper))
}

/// Which text.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct TextQuery {
    /// SM3 of the text, in hexadecimal: one that is announced or was in force before; the text of today when left out.
    #[param(min_length = 64, max_length = 64)]
    sm3: Option<String>,
}

/// An agreement in sight as a document of A4 pages: its text, the parties, and what was signed under this text. A text under which nothing
/// was signed is marked as a draft, with room for the seals.
#[utoipa::path(get, path = "/api/v1/matters/{matter_id}/agreement.pdf", tag = "agreement",
    operation_id = "get_agreement_paper", params(("matter_id" = String, Path), TextQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn get_agreement_paper(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
    Query(query): Query<TextQuery>,
) -> Result<(HeaderMap, Vec<u8>), Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let bytes = service::paper(&world, &staff, id, query.sm3).await?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"agreement-{matter_id}.pdf\"")) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok((headers, bytes))
}
