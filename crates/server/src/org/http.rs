//! The wire form of organisations.

use super::service::{self, NewOrg};
use crate::app::Json;
use crate::auth::Staff;
use crate::rows::{Fault, Reader};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::{DryRun, Query};
use crate::wire::rows;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::time::Timestamp;
use http::StatusCode;
use sdk::types::Page;
use sdk::types::import::BatchOutcome;
use sdk::types::org::{CreateOrg, OrgKind, OrgRow as RowOfFile, OrgView, RegisterOrgs};
use store::org::OrgRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most characters of a name.
const NAME_MAX: usize = 200;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(create_org, list_orgs)).routes(routes!(register_orgs))
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
    let name = fields.text("/name", &body.name, NAME_MAX);
    let division = fields.parse::<DivisionCode>("/division", &body.division);
    let division = division.and_then(|division| fields.take("/division", division.listed()));
    let uscc = fields.parse_opt("/uscc", body.uscc.as_deref());
    let (Some(name), Some(division), Some(uscc)) = (name, division, uscc) else { return Err(fields.error()) };
    let new = NewOrg { kind: kind(body.kind), name, division, uscc };
    let row = service::create(&world, &staff, new).await?;
    Ok((StatusCode::CREATED, Json(view(&row)?)))
}

/// Registers organisations as they stand in the rows of a file, or says what would become of each: good rows are kept, bad
/// ones are named. A row that is registered just so is unchanged.
#[utoipa::path(post, path = "/api/v1/orgs/rows", tag = "org", operation_id = "register_orgs",
    params(DryRun), request_body = RegisterOrgs, responses((status = 200, body = BatchOutcome)))]
async fn register_orgs(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(dry): Query<DryRun>,
    Json(body): Json<RegisterOrgs>,
) -> Result<Json<BatchOutcome>, Error> {
    rows::check_size(&body.rows)?;
    let read = body.rows.iter().map(read).collect();
    Ok(Json(rows::batch(service::register(&world, &staff, read, dry.run()).await?)))
}

/// The organisation that a row means.
fn read(row: &RowOfFile) -> Result<NewOrg, Vec<Fault>> {
    let mut reader = Reader::default();
    let name = reader.text("name", &row.name, NAME_MAX);
    let kind = reader.keep("kind", domain::org::OrgKind::meant(&row.kind));
    let division = reader.keep("division", row.division.parse::<DivisionCode>());
    let division = division.and_then(|division| reader.keep("division", division.listed()));
    // As the form does: what a spreadsheet groups by spaces or writes small is the same code.
    let code: String = row.uscc.to_uppercase().split_whitespace().collect();
    let uscc = reader.optional("uscc", &code);
    let new = (|| Some(NewOrg { kind: kind?, name: name?, division: division?, uscc: uscc? }))();
    reader.finish(new)
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
