//! The wire form of the audit trail.

use super::proof::{self, Proven, Sought};
use super::service::{self, Exported, Making, Part, Place};
use super::trail::{Entry, Proofs, Thing, Wanted, list};
use crate::app::Json;
use crate::auth::{Caller, Staff};
use crate::wire::hex;
use crate::wire::page::PageQuery;
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use data_encoding::HEXLOWER;
use domain::audit::{Change, Reference, TreeHead};
use domain::id::{KeyId, RequestId};
use domain::org::Operation;
use domain::time::Timestamp;
use http::StatusCode;
use sdk::types::Page;
use sdk::types::audit::{
    BlockView, ChangeView, ExportFormat, ExportLine, ExportRecorded, ExportTitle, ExportedList, HeadKey,
    HeadView, ProofView, RecordExport, TrailEntry,
};
use serde::Deserialize;
use std::str::FromStr;
use store::audit::{BlockRow, HeadRow, TrailRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most rows of a file.
const ROWS: u32 = 1_000_000;
/// Most characters of whom a trail is narrowed to, and of what was done.
const ACTOR: usize = 100;
const ACTION: usize = 64;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(get_audit_head))
        .routes(routes!(export_audit))
        .routes(routes!(list_audit_proofs))
        .routes(routes!(list_audit_trail))
        .routes(routes!(record_export))
        .routes(routes!(list_trail_of_channel))
        .routes(routes!(list_trail_of_matter))
        .routes(routes!(list_trail_of_org))
        .routes(routes!(list_trail_of_terminal))
        .routes(routes!(list_trail_of_card))
        .routes(routes!(list_trail_of_staff))
        .routes(routes!(list_trail_of_team))
        .routes(routes!(list_trail_of_parameter))
        .routes(routes!(list_trail_of_opening))
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

/// The records about one thing that the caller took part in, the oldest first, each with the proof that it is sealed. An
/// item on a line of its own is what `ykt audit verify-proof` checks without a server.
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

/// The records about one thing, the oldest first, each with the proof that it is sealed.
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

/// Puts on record that the caller makes a file of a list that they see. The page does it before it hands the file out, and
/// writes the id into it, so that whoever finds such a file can have it proven whose it is (`GET /audit/proofs`).
#[utoipa::path(post, path = "/api/v1/audit/exports", tag = "audit", operation_id = "record_export",
    request_body = RecordExport, responses((status = 201, body = ExportRecorded)))]
async fn record_export(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<RecordExport>,
) -> Result<(StatusCode, Json<ExportRecorded>), Error> {
    let of = exported(body.list, body.object_id.as_deref())?;
    if body.rows > ROWS {
        let message = format!("须不超过{ROWS} (must be at most {ROWS})");
        return Err(Error::field_text("/rows", "request.range", &message));
    }
    let format = match body.format {
        ExportFormat::Xlsx => "xlsx",
        ExportFormat::Csv => "csv",
        ExportFormat::Pdf => "pdf",
    };
    let id = service::record_export(&world, &staff, Making { of, rows: body.rows, format }).await?;
    Ok((StatusCode::CREATED, Json(ExportRecorded { export_id: id.to_string() })))
}

/// Which list is meant. A trail says whose it is, and no other list is of one thing.
///
/// # Errors
/// `request.fields` naming `/object_id`.
pub(crate) fn exported(list: ExportedList, object: Option<&str>) -> Result<Exported, Error> {
    let listed = |word, operation| match object {
        None => Ok(Exported::List { word, operation }),
        Some(_) => Err(object_id("仅操作记录须指明对象 (only a trail is of one thing)")),
    };
    match list {
        ExportedList::Channel => listed("channel", Operation::ChannelList),
        ExportedList::Matter => listed("matter", Operation::MatterRead),
        ExportedList::MatterActed => listed("matter_acted", Operation::MatterRead),
        ExportedList::MatterOpened => listed("matter_opened", Operation::MatterRead),
        ExportedList::Message => listed("message", Operation::MatterRead),
        ExportedList::Opening => listed("opening", Operation::ServiceList),
        ExportedList::Org => listed("org", Operation::OrgList),
        ExportedList::Parameter => listed("parameter", Operation::ConfigRead),
        ExportedList::Registration => listed("registration", Operation::RegistrationList),
        ExportedList::Sending => listed("sending", Operation::NoticeSend),
        ExportedList::SendingChannel => listed("sending_channel", Operation::NoticeSend),
        ExportedList::Staff => listed("staff", Operation::StaffList),
        ExportedList::StatisticDay => listed("statistic_day", Operation::StatisticRead),
        ExportedList::StatisticMonth => listed("statistic_month", Operation::StatisticRead),
        ExportedList::Team => listed("team", Operation::TeamManage),
        ExportedList::Terminal => listed("terminal", Operation::TerminalList),
        ExportedList::ChannelTrail => trail_of_one("channel_trail", object, Thing::Channel),
        ExportedList::MatterTrail => trail_of_one("matter_trail", object, Thing::Matter),
        ExportedList::OrgTrail => trail_of_one("org_trail", object, Thing::Org),
        ExportedList::TerminalTrail => trail_of_one("terminal_trail", object, Thing::Terminal),
        ExportedList::CardTrail => trail_of_one("card_trail", object, Thing::Card),
        ExportedList::StaffTrail => trail_of_one("staff_trail", object, Thing::Account),
        ExportedList::ParameterTrail => trail_of_one("parameter_trail", object, Thing::Parameter),
        ExportedList::OpeningTrail => trail_of_one("opening_trail", object, Thing::Opening),
        ExportedList::TeamTrail => trail_of_none("team_trail", object, Thing::Team),
        ExportedList::AuditTrail => trail_of_none("audit_trail", object, Thing::Everything),
    }
}

fn trail_of_none(word: &'static str, object: Option<&str>, of: Thing) -> Result<Exported, Error> {
    match object {
        None => Ok(Exported::Trail { word, of }),
        Some(_) => Err(object_id("此类记录无须指明对象 (these records are of nothing that is named)")),
    }
}

fn trail_of_one<Id: FromStr>(
    word: &'static str,
    object: Option<&str>,
    thing: fn(Id) -> Thing,
) -> Result<Exported, Error> {
    let id = object.and_then(|text| text.parse().ok());
    let id = id.ok_or_else(|| object_id("须指明其对象的编号 (name the thing by its id)"))?;
    Ok(Exported::Trail { word, of: thing(id) })
}

fn object_id(message: &str) -> Error {
    Error::field_text("/object_id", "request.fields", message)
}

/// Which records about a thing are wanted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrailQuery {
    /// By whom: an id, `system`, `holder`, or a part of the name of an organisation.
    #[param(max_length = 100)]
    actor: Option<String>,
    /// What the action begins with, e.g. `channel.`.
    #[param(max_length = 64)]
    action: Option<String>,
    /// Only what this request brought about: `req_…`.
    #[param(max_length = 40)]
    request: Option<String>,
    /// RFC 3339, not before.
    #[param(max_length = 40)]
    from: Option<String>,
    /// RFC 3339, before.
    #[param(max_length = 40)]
    until: Option<String>,
    /// `true`: each record comes with the proof that it is sealed, 20 at most in a page.
    proven: Option<bool>,
    /// Rows wanted, 1 to 200; 50 by default. A page may have fewer and yet be followed by another.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl TrailQuery {
    /// Which records are wanted; a wrong parameter is named behind `at`: `?` in a query.
    ///
    /// # Errors
    /// `request.fields`
    pub(crate) fn wanted(&self, at: &str) -> Result<Wanted, Error> {
        let page = PageQuery { limit: self.limit, cursor: self.cursor.clone() };
        let moment = |text: &Option<String>, pointer: &str| {
            let read = text.as_deref().map(str::parse::<Timestamp>).transpose();
            read.map_err(|refusal| Error::field(pointer, &refusal))
        };
        let word = |text: &Option<String>, pointer: &str, most: usize| {
            let text = text.clone().filter(|text| !text.is_empty());
            if text.as_ref().is_some_and(|text| text.chars().count() > most) {
                let message = format!("须不超过{most}个字符 (must have at most {most} characters)");
                return Err(Error::field_text(pointer, "request.length", &message));
            }
            Ok(text)
        };
        Ok(Wanted {
            actor: word(&self.actor, &format!("{at}actor"), ACTOR)?,
            action: word(&self.action, &format!("{at}action"), ACTION)?,
            request: request(self.request.as_deref(), at)?,
            from: moment(&self.from, &format!("{at}from"))?,
            until: moment(&self.until, &format!("{at}until"))?,
            before: page.cursor(read_row)?,
            limit: page.limit()?,
            proofs: if self.proven == Some(true) { Proofs::With } else { Proofs::Without },
        })
    }
}

fn request(text: Option<&str>, at: &str) -> Result<Option<RequestId>, Error> {
    let read = text.filter(|text| !text.is_empty()).map(str::parse).transpose();
    read.map_err(|_| {
        Error::field_text(
            &format!("{at}request"),
            "request.fields",
            "须为请求编号req_… (must be the id of a request)",
        )
    })
}

/// Everything that is on record, whatever it is about, newest first by the clock of whoever wrote it: `from` and `until` are of that clock, and
/// not of business time, which can be moved. A page looks through 2,000 records at most and says where to go on.
#[utoipa::path(get, path = "/api/v1/audit/trail", tag = "audit", operation_id = "list_audit_trail",
    params(TrailQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_audit_trail(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail(&world, &staff, Thing::Everything, &query).await
}

/// The records about a channel, the steps of its matters and the changes of its keys included, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/trail", tag = "audit", operation_id = "list_trail_of_channel",
    params(("channel_id" = String, Path), TrailQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_channel(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Channel, &query).await
}

/// The records about a matter, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/matters/{matter_id}/trail", tag = "audit", operation_id = "list_trail_of_matter",
    params(("matter_id" = String, Path), TrailQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Matter, &query).await
}

/// The records about an organisation, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/orgs/{org_id}/trail", tag = "audit", operation_id = "list_trail_of_org",
    params(("org_id" = String, Path), TrailQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_org(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Org, &query).await
}

/// The records about a terminal, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/terminals/{terminal_id}/trail", tag = "audit", operation_id = "list_trail_of_terminal",
    params(("terminal_id" = String, Path), TrailQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_terminal(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Terminal, &query).await
}

/// The records about a card, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/cards/{card_id}/trail", tag = "audit", operation_id = "list_trail_of_card",
    params(("card_id" = String, Path), TrailQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_card(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Card, &query).await
}

/// The records about an account of staff, newest first, for whoever may see it: what was done to it, and what it did.
#[utoipa::path(get, path = "/api/v1/staff/{staff_id}/trail", tag = "audit", operation_id = "list_trail_of_staff",
    params(("staff_id" = String, Path), TrailQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_staff(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Account, &query).await
}

/// The records about the own organisation and of what its people did, newest first.
#[utoipa::path(get, path = "/api/v1/team/trail", tag = "audit", operation_id = "list_trail_of_team",
    params(TrailQuery), responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_team(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail(&world, &staff, Thing::Team, &query).await
}

/// The records about a parameter, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/parameters/{parameter}/trail", tag = "audit",
    operation_id = "list_trail_of_parameter", params(("parameter" = String, Path), TrailQuery),
    responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_parameter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(name): Path<String>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &name, Thing::Parameter, &query).await
}

/// The records about an opening, newest first, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/openings/{opening_id}/trail", tag = "audit",
    operation_id = "list_trail_of_opening", params(("opening_id" = String, Path), TrailQuery),
    responses((status = 200, body = Page<TrailEntry>)))]
async fn list_trail_of_opening(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<String>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail_of(&world, &staff, &id, Thing::Opening, &query).await
}

async fn trail_of<I: FromStr>(
    world: &World,
    staff: &Staff,
    id: &str,
    thing: fn(I) -> Thing,
    query: &TrailQuery,
) -> Result<Json<Page<TrailEntry>>, Error> {
    trail(world, staff, thing(id.parse().map_err(|_| Error::not_found())?), query).await
}

async fn trail(
    world: &World,
    staff: &Staff,
    thing: Thing,
    query: &TrailQuery,
) -> Result<Json<Page<TrailEntry>>, Error> {
    let listed = list(world, staff, thing, query.wanted("?")?).await?;
    let data = listed.entries.iter().map(entry_view).collect::<Result<_, Error>>()?;
    Ok(Json(Page { data, has_more: listed.next.is_some(), next_cursor: listed.next.as_ref().map(write_row) }))
}

fn entry_view(entry: &Entry) -> Result<TrailEntry, Error> {
    let record = &entry.record;
    // A record that is filed under something has an object; of one without there is no proof to ask for by its object.
    let object = record.object.as_ref().map(Reference::text);
    let (address, salt) = entry.address.clone().unzip();
    Ok(TrailEntry {
        at: record.at.to_string(),
        actor: record.actor.text(),
        actor_org: entry.org.clone(),
        action: record.action.to_string(),
        outcome: record.outcome.as_str().to_owned(),
        clause: record.clause.as_ref().map(ToString::to_string),
        log: hex::encode(&entry.row.log),
        place: u64::try_from(entry.row.place).unwrap_or_default(),
        proof: object.as_ref().map(|object| proof_path(object, entry.written_at)).unwrap_or_default(),
        object,
        changes: record.changes.iter().map(change_view).collect(),
        reason: entry.words.clone(),
        request: record.request.map(|id| id.to_string()),
        address,
        address_salt: salt.map(|salt| hex::encode(&salt)),
        sealed: entry.proven.as_ref().map(proof_view).transpose()?,
    })
}

fn proof_path(object: &str, written_at: Timestamp) -> String {
    format!("/api/v1/audit/proofs?object={object}&at={}", written_at.to_string().replace('+', "%2B"))
}

/// A change as it is told.
#[must_use]
pub fn change_view(change: &Change) -> ChangeView {
    ChangeView {
        field: change.field.to_string(),
        from: change.from.text().map(str::to_owned),
        to: change.to.text().map(str::to_owned),
        withheld: change.is_withheld(),
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
    let Proven { proof, head, key, .. } = proven;
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
