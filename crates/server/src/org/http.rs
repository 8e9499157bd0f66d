//! The wire form of organisations.

use super::service::{self, NewOrg};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::time::Timestamp;
use http::StatusCode;
use sdk::types::Page;
use sdk::types::org::{CreateOrg, OrgKind, OrgView};
use store::org::OrgRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(create_org, list_orgs))
}

/// Registers an organisation.
#[utoipa::path(post, path = "/api/v1/orgs", tag = "org", operation_id = "create_org",
    request_body = CreateOrg, responses((status = 201, body = OrgView)))]
async fn create_org(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateOrg>,
) -> Result<(StatusCode, Json<OrgView>), Error> {
    let mut fields = Fields::default();
    let name = fields.text("/name", &body.name, 200);
    let division = fields.parse::<DivisionCode>("/division", &body.division);
    let division = division.and_then(|division| fields.take("/division", division.listed()));
    let uscc = fields.parse_opt("/uscc", body.uscc.as_deref());
    let (Some(name), Some(division), Some(uscc)) = (name, division, uscc) else { return Err(fields.error()) };
    let new = NewOrg { kind: kind(body.kind), name, division, uscc };
    let row = service::create(&world, &staff, new).await?;
    Ok((StatusCode::CREATED, Json(view(&row)?)))
}

/// Lists the organisations of the own area.
#[utoipa::path(get, path = "/api/v1/orgs", tag = "org", operation_id = "list_orgs",
    params(PageQuery), responses((status = 200, body = Page<OrgView>)))]
async fn list_orgs(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<OrgView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse::<OrgId>().ok())?;
    let rows = service::list(&world, &staff, after, page::probe(limit)).await?;
    let views = rows.iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(page::page(views, limit, |org: &OrgView| org.org_id.clone())))
}

/// The wire form of an organisation.
pub fn view(row: &OrgRow) -> Result<OrgView, Error> {
    let kind = row.kind.parse().map_err(|_| Error::internal("a stored kind is unknown"))?;
    Ok(OrgView {
        org_id: OrgId::from_bytes(row.id).to_string(),
        name: row.name.clone(),
        kind: wire_kind(kind),
        division: row.division.clone(),
        uscc: row.uscc.clone(),
        created_at: Timestamp::from_micros(row.created_at).to_string(),
    })
}

fn kind(kind: OrgKind) -> domain::org::OrgKind {
    use domain::org::OrgKind as Kind;
    match kind {
        OrgKind::Ministry => Kind::Ministry,
        OrgKind::Province => Kind::Province,
        OrgKind::Prefecture => Kind::Prefecture,
        OrgKind::Operator => Kind::Operator,
        OrgKind::ChannelOwner => Kind::ChannelOwner,
        OrgKind::Department => Kind::Department,
        OrgKind::Lab => Kind::Lab,
    }
}

fn wire_kind(kind: domain::org::OrgKind) -> OrgKind {
    use domain::org::OrgKind as Kind;
    match kind {
        Kind::Ministry => OrgKind::Ministry,
        Kind::Province => OrgKind::Province,
        Kind::Prefecture => OrgKind::Prefecture,
        Kind::Operator => OrgKind::Operator,
        Kind::ChannelOwner => OrgKind::ChannelOwner,
        Kind::Department => OrgKind::Department,
        Kind::Lab => OrgKind::Lab,
    }
}
