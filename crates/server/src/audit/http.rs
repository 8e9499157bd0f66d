//! The wire form of the audit trail.

use super::proof::{self, Proven, Sought};
use super::service::{self, Part, Place};
use super::trail::{self, Entry, Thing};
use crate::app::Json;
use crate::auth::{Caller, Staff};
use crate::wire::hex;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use data_encoding::HEXLOWER;
use domain::audit::{Reference, TreeHead};
use domain::id::KeyId;
use domain::time::Timestamp;
use sdk::types::Page;
use sdk::types::audit::{BlockView, ExportLine, ExportTitle, HeadKey, HeadView, ProofView, TrailEntry};
use serde::Deserialize;
use std::str::FromStr;
use store::audit::{BlockRow, HeadRow, TrailRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(get_audit_head))
        .routes(routes!(export_audit))
        .routes(routes!(list_audit_proofs))
        .routes(routes!(list_trail_of_channel))
        .routes(routes!(list_trail_of_matter))
        .routes(routes!(list_trail_of_org))
        .routes(routes!(list_trail_of_terminal))
        .routes(routes!(list_trail_of_card))
}

/// The routes of this noun for callers.
pub fn routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(list_proofs))
}

/// The newest signed head of the audit tree. Keep it: nothing under it can change without your noticing.
#[utoipa::path(get, path = "/api/v1/audit/head", tag = "audit", operation_id = "get_audit_head",
    responses((status = 200, body = HeadView)))]
async fn get_audit_head(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<HeadView>, Error> {
    Ok(Json(head_view(&service::head(&world, &staff).await?)?))
}

/// The whole trail in pages; the items, one to a line, are a file that can be checked offline.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "audit", operation_id = "export_audit",
    params(PageQuery), responses((status = 200, body = Page<ExportLine>)))]
async fn export_audit(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ExportLine>>, Error> {
    let place = query.cursor(read_place)?;
    let part = service::export(&world, &staff, place, query.limit()?).await?;
    Ok(Json(part_view(part)?))
}

/// What a proof is wanted of.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ProofQuery {
    /// Id of the thing that the records are about, as the API writes it: `use_…`, `pay_…`, `bnd_…`.
    #[param(max_length = 64)]
    object: String,
    /// RFC 3339, when it happened; by default when the id was made. A minute from then on is looked through.
    #[param(max_length = 40)]
    at: Option<String>,
}

/// The records about one thing that the caller took part in, each with the proof that it is sealed. An item on a line of
/// its own is what `ykt audit verify-proof` checks without a server.
#[utoipa::path(get, path = "/api/v1/proofs", tag = "audit", operation_id = "list_proofs",
    params(ProofQuery), responses((status = 200, body = Page<ProofView>)))]
async fn list_proofs(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<ProofQuery>,
) -> Result<Json<Page<ProofView>>, Error> {
    let sought = sought(&query)?;
    proofs(&proof::prove_to_caller(&world, caller, sought).await?)
}

/// The records about one thing, each with the proof that it is sealed.
#[utoipa::path(get, path = "/api/v1/audit/proofs", tag = "audit", operation_id = "list_audit_proofs",
    params(ProofQuery), responses((status = 200, body = Page<ProofView>)))]
async fn list_audit_proofs(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<ProofQuery>,
) -> Result<Json<Page<ProofView>>, Error> {
    let sought = sought(&query)?;
    proofs(&proof::prove_to_staff(&world, &staff, sought).await?)
}

/// The records about a channel, the steps of its matters and the changes of its keys included, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/trail", tag = "audit", operation_id = "list_trail_of_channel",
    params(("channel_id" = String, Path), PageQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_channel(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Channel, &query).await
}

/// The records about a matter, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/matters/{matter_id}/trail", tag = "audit", operation_id = "list_trail_of_matter",
    params(("matter_id" = String, Path), PageQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Matter, &query).await
}

/// The records about an organisation, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/orgs/{org_id}/trail", tag = "audit", operation_id = "list_trail_of_org",
    params(("org_id" = String, Path), PageQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_org(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Org, &query).await
}

/// The records about a terminal, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/terminals/{terminal_id}/trail", tag = "audit", operation_id = "list_trail_of_terminal",
    params(("terminal_id" = String, Path), PageQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_terminal(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Terminal, &query).await
}

/// The records about a card, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/cards/{card_id}/trail", tag = "audit", operation_id = "list_trail_of_card",
    params(("card_id" = String, Path), PageQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_card(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Card, &query).await
}

async fn trail_of<I: FromStr>(
    world: &World,
    staff: &Staff,
    id: &str,
    thing: fn(I) -> Thing,
    query: &PageQuery,
) -> Result<Json<Page<TrailEntry>>, Error> {
    let thing = thing(id.parse().map_err(|_| Error::not_found())?);
    let (limit, before) = (query.limit()?, query.cursor(read_row)?);
    let entries = trail::list(world, staff, thing, before, page::probe(limit)).await?;
    let mut rows = entries.iter().map(|entry| entry.row).collect::<Vec<_>>();
    rows.truncate(limit);
    let last = rows.last().map(write_row).unwrap_or_default();
    let views = entries.iter().map(entry_view).collect();
    Ok(Json(page::page(views, limit, |_| last)))
}

fn entry_view(entry: &Entry) -> TrailEntry {
    let record = &entry.record;
    // A record that is filed under something has an object.
    let object = record.object.as_ref().map(Reference::text);
    TrailEntry {
        at: record.at.to_string(),
        actor: record.actor.text(),
        actor_org: entry.org.clone(),
        action: record.action.to_string(),
        outcome: record.outcome.as_str().to_owned(),
        clause: record.clause.as_ref().map(ToString::to_string),
        log: hex::encode(&entry.row.log),
        place: u64::try_from(entry.row.place).unwrap_or_default(),
        proof: format!(
            "/api/v1/audit/proofs?object={}&at={}",
            object.as_deref().unwrap_or_default(),
            entry.written_at.to_string().replace('+', "%2B")
        ),
        object,
    }
}

fn write_row(row: &TrailRow) -> String {
    format!("{}.{}.{}", row.at, HEXLOWER.encode(&row.log), row.place)
}

fn read_row(text: &str) -> Option<TrailRow> {
    let mut parts = text.split('.');
    let (at, log, place) = (parts.next()?, parts.next()?, parts.next()?);
    let log = HEXLOWER.decode(log.as_bytes()).ok()?.try_into().ok()?;
    let row = TrailRow { at: at.parse().ok()?, log, place: place.parse().ok()? };
    parts.next().is_none().then_some(row)
}

fn sought(query: &ProofQuery) -> Result<Sought, Error> {
    let (object, made_at) =
        Reference::parse(&query.object).map_err(|refusal| Error::field("?object", &refusal))?;
    let at = query.at.as_deref().map(str::parse::<Timestamp>).transpose();
    Ok(Sought { object, from: at.map_err(|refusal| Error::field("?at", &refusal))?.unwrap_or(made_at) })
}

fn proofs(proven: &[Proven]) -> Result<Json<Page<ProofView>>, Error> {
    let data = proven.iter().map(proof_view).collect::<Result<_, Error>>()?;
    Ok(Json(Page { data, has_more: false, next_cursor: None }))
}

fn proof_view(proven: &Proven) -> Result<ProofView, Error> {
    let Proven { proof, head, key } = proven;
    let head = head_view(head)?;
    Ok(ProofView {
        record: hex::encode(&proof.record),
        log: hex::encode(&proof.log.0),
        place: proof.place,
        path: proof.path.iter().map(|hash| hex::encode(hash)).collect(),
        key: HeadKey { key_id: head.key_id.clone(), public_key: hex::encode(key) },
        head,
    })
}

fn part_view(part: Part) -> Result<Page<ExportLine>, Error> {
    let mut data = Vec::new();
    if part.is_first {
        data.push(ExportLine::Title(ExportTitle { version: super::export::VERSION }));
    }
    for (id, public_key) in part.keys {
        let key_id = KeyId::from_bytes(id).to_string();
        data.push(ExportLine::Key(HeadKey { key_id, public_key: hex::encode(&public_key) }));
    }
    for head in &part.heads {
        data.push(ExportLine::Head(head_view(head)?));
    }
    data.extend(part.blocks.iter().map(|block| ExportLine::Block(block_view(block))));
    Ok(Page { data, has_more: part.next.is_some(), next_cursor: part.next.map(write_place) })
}

/// A head as it is handed out.
///
/// # Errors
/// Internal: the stored bytes are no head.
pub fn head_view(row: &HeadRow) -> Result<HeadView, Error> {
    let head = TreeHead::decode(Timestamp::from_micros(row.at), &row.logs)?;
    Ok(HeadView {
        at: head.at().to_string(),
        size: head.records(),
        logs: hex::encode(&row.logs),
        root: hex::encode(&row.root),
        key_id: KeyId::from_bytes(row.key_id).to_string(),
        signature: hex::encode(&row.signature),
    })
}

/// A signed head in one header line: enough for whoever keeps it to prove later what the platform had sealed.
///
/// # Errors
/// As [`head_view`].
pub fn head_line(row: &HeadRow) -> Result<String, Error> {
    let head = TreeHead::decode(Timestamp::from_micros(row.at), &row.logs)?;
    let (logs, size, at) = (head.logs().len(), head.records(), head.at());
    let (root, key_id) = (hex::encode(&row.root), KeyId::from_bytes(row.key_id));
    Ok(format!(
        "at={at};logs={logs};size={size};root={root};keyid={key_id};sig={}",
        hex::encode(&row.signature)
    ))
}

fn block_view(row: &BlockRow) -> BlockView {
    BlockView {
        log: hex::encode(&row.log),
        first: u64::try_from(row.first).unwrap_or_default(),
        records: hex::encode(&row.records),
        leaves: hex::encode(&row.leaves),
        frontier: hex::encode(&row.frontier),
    }
}

fn write_place(place: Place) -> String {
    match place {
        Place::Heads { after, last } => format!("h.{after}.{last}"),
        Place::Blocks { log, first } => {
            format!("b.{}.{first}", HEXLOWER.encode(log.as_ref().map_or(&[], |l| l)))
        }
    }
}

fn read_place(text: &str) -> Option<Place> {
    let mut parts = text.split('.');
    let (kind, one, two) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
    match kind {
        "h" => Some(Place::Heads { after: one.parse().ok()?, last: two }),
        "b" if one.is_empty() => Some(Place::Blocks { log: None, first: two }),
        "b" => {
            let log = HEXLOWER.decode(one.as_bytes()).ok()?.try_into().ok()?;
            Some(Place::Blocks { log: Some(log), first: two })
        }
        _ => None,
    }
}
