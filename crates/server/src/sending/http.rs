//! The wire form of sendings.

use super::service::{self, Entry, View, Wanted};
use super::{Audience, plan};
use crate::app::Json;
use crate::auth::Staff;
use crate::channel::http::class;
use crate::idempotency::{Keyed, mark};
use crate::key_rotation::progress::Progress;
use crate::matter::service::shown_at;
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::{DryRun, Query};
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::division::DivisionCode;
use domain::id::{ChannelId, MatterId, SendingId, StaffId};
use domain::sending::{Content, Refusal, Reminded, Standing, State as Stands};
use domain::time::Timestamp;
use http::StatusCode;
use sdk::types::Page;
use sdk::types::sending::{
    Audience as Wished, LeftOut, RotationProgress, SendAmendment, SendingCounts, SendingEntry,
    SendingFailure, SendingReminded, SendingReminder, SendingView, Sent,
};
use serde::Serialize;
use store::sending::{EntryRow, LeftOutRow, SendingRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(send_amendment))
        .routes(routes!(list_sendings))
        .routes(routes!(get_sending))
        .routes(routes!(remind_sending))
        .routes(routes!(cancel_sending))
}

/// Announces another text of the agreement to every channel of an audience that has one in force, as one sending. A dry run
/// says to which channels it would go, and which are left out. The same key with the same body is answered as before.
#[utoipa::path(post, path = "/api/v1/amendments", tag = "sending", operation_id = "send_amendment",
    params(DryRun, ("idempotency-key" = String, Header)), request_body = SendAmendment,
    responses((status = 201, body = Sent), (status = 200, description = "a dry run", body = Sent)))]
async fn send_amendment(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(dry): Query<DryRun>,
    Keyed { key, body }: Keyed<SendAmendment>,
) -> Result<Response, Error> {
    let mut fields = Fields::default();
    let audience = audience(&mut fields, &body.audience, Content::Amendment);
    let send_at = moment(&mut fields, body.send_at.as_deref());
    fields.check()?;
    let wanted = Wanted {
        content: Content::Amendment,
        words: written(&body.amendment)?,
        audience: written(&body.audience)?,
        title: body.amendment.version,
        key,
        send_at,
    };
    Ok(answer(&service::send(&world, &staff, audience, wanted, dry.run()).await?))
}

/// Lists what was put to many channels at once, newest first.
#[utoipa::path(get, path = "/api/v1/sendings", tag = "sending", operation_id = "list_sendings",
    params(PageQuery), responses((status = 200, body = Page<SendingView>)))]
async fn list_sendings(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<SendingView>>, Error> {
    let limit = query.limit()?;
    let before = query.cursor(|text| text.parse::<SendingId>().ok())?;
    let found = service::list(&world, &staff, before, page::probe(limit)).await?;
    let views = found.iter().map(view).collect();
    Ok(Json(page::page(views, limit, |sending: &SendingView| sending.sending_id.clone())))
}

/// What was put to many channels, and who of them has answered.
#[utoipa::path(get, path = "/api/v1/sendings/{sending_id}", tag = "sending", operation_id = "get_sending",
    params(("sending_id" = String, Path)), responses((status = 200, body = SendingView)))]
async fn get_sending(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(sending_id): Path<String>,
) -> Result<Json<SendingView>, Error> {
    let id = sending_id.parse().map_err(|_| Error::not_found())?;
    let found = service::get(&world, &staff, id).await?;
    whole(&found).map(Json)
}

/// Takes back a sending that is planned and has not begun.
#[utoipa::path(post, path = "/api/v1/sendings/{sending_id}/cancel", tag = "sending", operation_id = "cancel_sending",
    params(("sending_id" = String, Path)), responses((status = 200, body = SendingView)))]
async fn cancel_sending(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(sending_id): Path<String>,
) -> Result<Json<SendingView>, Error> {
    let id = sending_id.parse().map_err(|_| Error::not_found())?;
    whole(&plan::cancel(&world, &staff, id).await?).map(Json)
}

/// Reminds the owners of all channels that have not answered, each once a day, and says what came of each.
#[utoipa::path(post, path = "/api/v1/sendings/{sending_id}/reminders", tag = "sending", operation_id = "remind_sending",
    params(("sending_id" = String, Path)), responses((status = 200, body = SendingReminded)))]
async fn remind_sending(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(sending_id): Path<String>,
) -> Result<Json<SendingReminded>, Error> {
    let id = sending_id.parse().map_err(|_| Error::not_found())?;
    let reminded = service::remind(&world, &staff, id).await?;
    let row = |(entry, outcome): &(EntryRow, Reminded)| SendingReminder {
        channel_id: ChannelId::from_bytes(entry.channel_id).to_string(),
        matter_id: MatterId::from_bytes(entry.matter_id).to_string(),
        outcome: outcome.to_string(),
    };
    Ok(Json(SendingReminded { rows: reminded.iter().map(row).collect() }))
}

/// Reads to whom something is to go.
pub(crate) fn audience(fields: &mut Fields, wished: &Wished, content: Content) -> Audience {
    let mut found =
        Audience { classes: wished.classes.iter().copied().map(class).collect(), ..Audience::default() };
    for (place, region) in wished.regions.iter().enumerate() {
        found.regions.extend(fields.parse::<DivisionCode>(&format!("/audience/regions/{place}"), region));
    }
    for (place, channel) in wished.channel_ids.iter().enumerate() {
        found.channels.extend(fields.parse::<ChannelId>(&format!("/audience/channel_ids/{place}"), channel));
    }
    let before = wished.registered_before.as_deref();
    found.registered_before = fields.parse_opt("/audience/registered_before", before).flatten();
    if before.is_some() && content != Content::KeyRotation {
        fields.take::<()>("/audience/registered_before", Err(Refusal::KeyAge));
    }
    found
}

/// Reads when something is to be sent.
pub(crate) fn moment(fields: &mut Fields, send_at: Option<&str>) -> Option<Timestamp> {
    fields.parse_opt("/send_at", send_at).flatten()
}

/// A part of a request as it is kept.
pub(crate) fn written(part: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(part).map_err(|error| Error::internal(error.to_string()))
}

/// What came of it; nothing was made by a dry run.
pub(crate) fn answer(sent: &service::Sent) -> Response {
    let is_kept = sent.id.is_some();
    let matters = sent.told.iter().map(|(_, matter)| matter.to_string());
    let answer = Sent {
        sending_id: sent.id.map(|id| id.to_string()),
        send_at: sent.send_at.map(|at| at.to_string()),
        channel_ids: sent.told.iter().map(|(channel, _)| channel.to_string()).collect(),
        matter_ids: if is_kept { matters.collect() } else { Vec::new() },
        left_out: sent.left_out.iter().map(left_out).collect(),
    };
    let status = if is_kept { StatusCode::CREATED } else { StatusCode::OK };
    let response = (status, Json(answer)).into_response();
    if sent.is_replayed { mark(response) } else { response }
}

/// One sending with all that is kept of it.
fn whole(found: &View) -> Result<SendingView, Error> {
    let mut view = view(found);
    let unreadable = |error: serde_json::Error| Error::internal(error.to_string());
    view.audience = Some(serde_json::from_str(&found.row.audience).map_err(unreadable)?);
    view.content = Some(serde_json::from_str(&found.row.content).map_err(unreadable)?);
    view.entries = found.entries.iter().map(entry).collect();
    view.left_out = found.left_out.iter().map(left_out).collect();
    Ok(view)
}

fn view(found: &View) -> SendingView {
    let row = &found.row;
    let left_out = i64::try_from(found.left_out.len()).unwrap_or(i64::MAX);
    let mut counts = SendingCounts { left_out, ..SendingCounts::default() };
    for entry in &found.entries {
        let count = match entry.standing {
            Standing::Answered => &mut counts.answered,
            Standing::Late => &mut counts.late,
            Standing::Open => &mut counts.open,
            Standing::Dropped => &mut counts.dropped,
        };
        *count += 1;
        counts.channels += 1;
        counts.read += i64::from(entry.row.read_at.is_some() || entry.row.answered_at.is_some());
    }
    SendingView {
        sending_id: SendingId::from_bytes(row.id).to_string(),
        kind: row.kind.clone(),
        title: row.title.clone(),
        state: found.state.to_string(),
        sent_at: (found.state == Stands::Sent).then(|| shown_at(row.at)),
        send_at: row.send_at.map(shown_at),
        ended_at: row.ended_at.map(shown_at),
        failure: failure(row),
        sent_by_staff: StaffId::from_bytes(row.staff_id).to_string(),
        counts,
        audience: None,
        content: None,
        entries: Vec::new(),
        left_out: Vec::new(),
    }
}

fn failure(row: &SendingRow) -> Option<SendingFailure> {
    let (zh, en) = (row.failure_zh.clone()?, row.failure_en.clone()?);
    Some(SendingFailure { code: row.failure_code.clone()?, zh, en })
}

fn left_out(row: &LeftOutRow) -> LeftOut {
    LeftOut {
        channel_id: ChannelId::from_bytes(row.channel_id).to_string(),
        channel_number: row.number.clone(),
        channel_name: row.name.clone(),
        code: row.code.clone(),
        zh: row.zh.clone(),
        en: row.en.clone(),
    }
}

fn entry(Entry { row, standing, may_remind, rotation }: &Entry) -> SendingEntry {
    SendingEntry {
        matter_id: MatterId::from_bytes(row.matter_id).to_string(),
        channel_id: ChannelId::from_bytes(row.channel_id).to_string(),
        channel_number: row.number.clone(),
        channel_name: row.name.clone(),
        state: row.state.clone(),
        standing: standing.to_string(),
        read_at: row.read_at.map(shown_at),
        answered_at: row.answered_at.map(shown_at),
        reminded_on: row.reminded_on.clone(),
        may_remind: *may_remind,
        rotation: rotation.as_ref().map(progress),
    }
}

fn progress(found: &Progress) -> RotationProgress {
    RotationProgress {
        stage: found.stage.to_string(),
        change_matter_id: found.change.map(|id| id.to_string()),
        new_key_id: found.new.map(|id| id.to_string()),
        old_key_id: found.old.map(|id| id.to_string()),
        old_ends_at: found.old_ends_at.map(|at| at.to_string()),
    }
}
