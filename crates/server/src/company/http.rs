//! The wire form of what a company is.

use super::service::{self, View};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::etag::{self, IfMatch};
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::company;
use domain::matter::Faults;
use http::HeaderMap;
use sdk::types::company::{CompanyView, StateCompany};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(get_company, state_company)).routes(routes!(get_company_of_matter))
}

/// What the own organisation stated that it is by the register of companies.
#[utoipa::path(get, path = "/api/v1/company", tag = "org", operation_id = "get_company",
    responses((status = 200, body = CompanyView)))]
async fn get_company(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<(HeaderMap, Json<CompanyView>), Error> {
    Ok(told(&world, &service::get(&world, &staff).await?))
}

/// States it, in the place of what was stated before; version 0 where nothing was.
#[utoipa::path(post, path = "/api/v1/company", tag = "org", operation_id = "state_company",
    params(("If-Match" = String, Header)), request_body = StateCompany,
    responses((status = 200, body = CompanyView)))]
async fn state_company(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    IfMatch(version): IfMatch,
    Json(body): Json<StateCompany>,
) -> Result<(HeaderMap, Json<CompanyView>), Error> {
    let (mut faults, today) = (Faults::default(), world.now().business_date());
    let read = company::read(&body.legal_representative, &body.registered_on, (today, ""), &mut faults);
    faults.check()?;
    let company = read.ok_or_else(|| Error::internal("unreachable"))?;
    Ok(told(&world, &service::state(&world, &staff, version, company).await?))
}

/// What the organisation that applies stated that it is, to whoever sees the matter.
#[utoipa::path(get, path = "/api/v1/matters/{matter_id}/company", tag = "matter",
    operation_id = "get_company_of_matter", params(("matter_id" = String, Path)),
    responses((status = 200, body = CompanyView)))]
async fn get_company_of_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
) -> Result<Json<CompanyView>, Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    Ok(told(&world, &service::of_matter(&world, &staff, id).await?).1)
}

fn told(world: &World, found: &View) -> (HeaderMap, Json<CompanyView>) {
    let (today, parameters) = (world.now().business_date(), world.parameters());
    let company = found.stated.as_ref().map(|(company, _, _)| company);
    let version = found.stated.as_ref().map_or(0, |(_, _, version)| *version);
    let view = CompanyView {
        org_id: found.org.to_string(),
        legal_representative: company.map(|company| company.legal_representative.clone()),
        registered_on: company.map(|company| company.registered_on.to_string()),
        full_years: company.map(|company| company.full_years(today)),
        old_enough_on: company.map(|company| company.old_enough_on(&parameters, today).to_string()),
        stated_at: found.stated.as_ref().map(|(_, at, _)| at.to_string()),
        version,
    };
    (etag::headers(version), Json(view))
}
