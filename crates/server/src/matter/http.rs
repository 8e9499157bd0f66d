//! The wire form of matters.

use super::service::{self, Filter, View, shown_at};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::wire::page;
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::division::DivisionCode;
use domain::id::{ChannelId, MatterId, MessageId, OrgId, StaffId};
use domain::matter::{Kind, Shown};
use http::{HeaderMap, StatusCode};
use sdk::types::Page;
use sdk::types::matter::{
    ActOnMatter, InboxItem, InboxView, MatterAction, MatterStep, MatterView, MatterWait, MessageView,
    OpenMatter,
};
use serde::Deserialize;
use store::matter::{StepRow, WaitRow};
use store::message::MessageRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(open_matter, list_matters))
        .routes(routes!(get_matter))
        .routes(routes!(act_on_matter))
        .routes(routes!(get_inbox))
        .routes(routes!(list_messages))
        .routes(routes!(read_message))
}

/// Which matters to list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MatterQuery {
    /// Of this kind.
    kind: Option<String>,
    /// About this channel.
    channel_id: Option<String>,
    /// `true` for ended ones, `false` for open ones.
    ended: Option<bool>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

/// Opens a matter of a kind.
#[utoipa::path(post, path = "/api/v1/matters", tag = "matter", operation_id = "open_matter",
    request_body(content = ref("#/components/schemas/OpenMatter")), responses((status = 201, body = MatterView)))]
async fn open_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<OpenMatter>,
) -> Result<(StatusCode, HeaderMap, Json<MatterView>), Error> {
    let mut fields = Fields::default();
    let kind = fields.parse::<Kind>("/kind", &body.kind);
    let channel = fields.parse_opt::<ChannelId>("/channel_id", body.channel_id.as_deref());
    let parent = fields.parse_opt::<ChannelId>("/parent_id", body.parent_id.as_deref());
    // A channel has its own level-1 channel: only an access, which has no channel yet, names one.
    if body.parent_id.is_some() && (body.channel_id.is_some() || kind != Some(Kind::Application)) {
        let message = "仅二级渠道首次入网申请须指明一级渠道 (only the access of a level-2 channel names one)";
        fields.refuse("/parent_id", "request.fields", message);
        return Err(fields.error());
    }
    if !body.opening.is_object() {
        fields.refuse("/opening", "request.fields", "须为对象 (an object is expected)");
    }
    let (Some(kind), Some(channel), Some(parent), true) = (kind, channel, parent, body.opening.is_object())
    else {
        return Err(fields.error());
    };
    let opened = service::open(&world, &staff, kind, channel, parent, body.opening.to_string()).await;
    let opened = opened.map_err(|error| error.under("/opening"))?;
    Ok((StatusCode::CREATED, etag::headers(opened.row.version), Json(view(&world, opened).await?)))
}

/// Lists the matters in sight, newest first.
#[utoipa::path(get, path = "/api/v1/matters", tag = "matter", operation_id = "list_matters",
    params(MatterQuery), responses((status = 200, body = Page<MatterView>)))]
async fn list_matters(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<MatterQuery>,
) -> Result<Json<Page<MatterView>>, Error> {
    let paging = page::PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = paging.limit()?;
    let before = paging.cursor(|text| text.parse::<MatterId>().ok())?;
    let mut fields = Fields::default();
    let kind = fields.parse_opt::<Kind>("?kind", query.kind.as_deref());
    let channel = fields.parse_opt::<ChannelId>("?channel_id", query.channel_id.as_deref());
    let (Some(kind), Some(channel)) = (kind, channel) else { return Err(fields.error()) };
    let filter = Filter { kind, channel, ended: query.ended };
    let found = service::list(&world, &staff, filter, before, page::probe(limit)).await?;
    let views = found.into_iter().map(line).collect::<Result<_, _>>()?;
    Ok(Json(page::page(views, limit, |matter: &MatterView| matter.matter_id.clone())))
}

/// A matter with its history and what the asker may do now.
#[utoipa::path(get, path = "/api/v1/matters/{matter_id}", tag = "matter", operation_id = "get_matter",
    params(("matter_id" = String, Path)), responses((status = 200, body = MatterView)))]
async fn get_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
) -> Result<(HeaderMap, Json<MatterView>), Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let found = service::get(&world, &staff, id).await?;
    Ok((etag::headers(found.row.version), Json(view(&world, found).await?)))
}

/// Acts on a matter.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/actions", tag = "matter", operation_id = "act_on_matter",
    params(("matter_id" = String, Path), ("If-Match" = String, Header)), 
    request_body(content = ref("#/components/schemas/ActOnMatter")),
    responses((status = 200, body = MatterView)))]
async fn act_on_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<ActOnMatter>,
) -> Result<(HeaderMap, Json<MatterView>), Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let input = serde_json::to_string(&body).map_err(|error| Error::internal(error.to_string()))?;
    let acted = service::act(&world, &staff, id, version, input).await?;
    Ok((etag::headers(acted.row.version), Json(view(&world, acted).await?)))
}

/// What waits for the asker's party.
#[utoipa::path(get, path = "/api/v1/inbox", tag = "matter", operation_id = "get_inbox",
    responses((status = 200, body = InboxView)))]
async fn get_inbox(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<InboxView>, Error> {
    let found = service::inbox(&world, &staff).await?;
    let items = found
        .into_iter()
        .map(|(matter, row)| Ok(InboxItem { wait: wait(&row), matter: line(matter)? }))
        .collect::<Result<_, Error>>()?;
    Ok(Json(InboxView { items }))
}

/// Lists what the asker's party was told, newest first.
#[utoipa::path(get, path = "/api/v1/messages", tag = "matter", operation_id = "list_messages",
    params(page::PageQuery), responses((status = 200, body = Page<MessageView>)))]
async fn list_messages(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<page::PageQuery>,
) -> Result<Json<Page<MessageView>>, Error> {
    let limit = query.limit()?;
    let before = query.cursor(|text| text.parse::<MessageId>().ok())?;
    let rows = service::messages(&world, &staff, before, page::probe(limit)).await?;
    let views = rows.iter().map(message).collect();
    Ok(Json(page::page(views, limit, |message: &MessageView| message.message_id.clone())))
}

/// Notes that the asker's party has read a message.
#[utoipa::path(post, path = "/api/v1/messages/{message_id}/read", tag = "matter", operation_id = "read_message",
    params(("message_id" = String, Path)), responses((status = 200, body = MessageView)))]
async fn read_message(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(message_id): Path<String>,
) -> Result<Json<MessageView>, Error> {
    let id = message_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(message(&service::read_message(&world, &staff, id).await?)))
}

/// A whole matter, with the names of the organisations in its history.
async fn view(world: &World, found: View) -> Result<MatterView, Error> {
    let names = service::names(world, &found.steps).await?;
    let known = found.row.kind.parse::<Kind>().ok().map(domain::matter::life);
    let rules = known.map(|life| (life.workflow)().actions).unwrap_or_default();
    let timeline = found.steps.iter().map(|row| step(row, &names, &rules)).collect();
    let actions = found.actions.iter().map(action).collect();
    let body = found.body.as_deref().map(serde_json::from_str).transpose();
    let body = body.map_err(|error| Error::internal(error.to_string()))?;
    Ok(MatterView { body, timeline, actions, ..line(found)? })
}

/// A matter as a line of a list.
fn line(found: View) -> Result<MatterView, Error> {
    let channel = found.channel;
    Ok(MatterView {
        matter_id: MatterId::from_bytes(found.row.id).to_string(),
        kind: found.row.kind,
        state: found.row.state,
        is_ended: found.row.ended != 0,
        title: found.row.title,
        channel_id: found.row.channel_id.map(|id| ChannelId::from_bytes(id).to_string()),
        channel_number: channel.as_ref().map(|channel| channel.number.clone()),
        channel_name: channel.map(|channel| channel.name),
        owner_id: OrgId::from_bytes(found.row.owner_id).to_string(),
        owner_name: found.owner.ok_or_else(|| Error::internal("a matter without owner"))?.name,
        opened_at: shown_at(found.row.opened_at),
        changed_at: shown_at(found.row.changed_at),
        version: found.row.version,
        waits: found.waits.iter().map(wait).collect(),
        body: None,
        timeline: Vec::new(),
        actions: Vec::new(),
    })
}

fn wait(row: &WaitRow) -> MatterWait {
    let division = row.division.parse::<DivisionCode>().ok();
    MatterWait {
        party: row.party.clone(),
        division: division.map(|division| division.to_string()),
        division_name: division.and_then(DivisionCode::name).map(str::to_owned),
        task: row.task.clone(),
        since: shown_at(row.since),
        starts_on: row.starts_on.clone(),
        due_on: row.due_on.clone(),
        is_provisional: row.provisional != 0,
        clause: row.clause.clone(),
        expiry: row.expiry.clone(),
        overdue_at: row.overdue_at.map(shown_at),
    }
}

fn step(row: &StepRow, names: &[([u8; 16], String)], rules: &[Shown]) -> MatterStep {
    let rule = rules.iter().find(|shown| shown.action == row.action).map(|shown| shown.rule);
    let org = row.org_id.and_then(|id| names.iter().find(|(known, _)| *known == id));
    MatterStep {
        number: row.number,
        at: shown_at(row.at),
        party: row.party.clone(),
        staff_id: row.staff_id.map(|id| StaffId::from_bytes(id).to_string()),
        org_name: org.map(|(_, name)| name.clone()),
        action: row.action.clone(),
        label_zh: rule.map(|rule| rule.zh.to_owned()),
        label_en: rule.map(|rule| rule.en.to_owned()),
        from: row.from_state.clone(),
        to: row.to_state.clone(),
        words: row.words.clone(),
    }
}

fn action(shown: &Shown) -> MatterAction {
    MatterAction {
        action: shown.action.to_owned(),
        label_zh: shown.rule.zh.to_owned(),
        label_en: shown.rule.en.to_owned(),
        clause: shown.rule.clause.to_owned(),
        needs: shown.rule.needs.iter().map(ToString::to_string).collect(),
    }
}

fn message(row: &MessageRow) -> MessageView {
    MessageView {
        message_id: MessageId::from_bytes(row.id).to_string(),
        channel_id: row.channel_id.map(|id| ChannelId::from_bytes(id).to_string()),
        matter_id: row.matter_id.map(|id| MatterId::from_bytes(id).to_string()),
        zh: row.zh.clone(),
        en: row.en.clone(),
        at: shown_at(row.at),
        read_at: row.read_at.map(shown_at),
    }
}
