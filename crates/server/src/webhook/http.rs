//! The wire form of webhooks.

use super::keeper::Keeper;
use super::service::{self, Logged, NewWebhook, Range, Replayed};
use crate::app::Json;
use crate::auth::{Party, Staff};
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::id::{ChannelId, DeliveryId, WebhookId};
use domain::org::Operation;
use domain::time::Timestamp;
use domain::webhook::EventType;
use http::StatusCode;
use sdk::types::Page;
use sdk::types::webhook::{
    ChangeWebhookState, CreateWebhook, DeliveriesReplayed, DeliveryState, DeliveryView, ReplayDeliveries,
    WebhookState, WebhookView,
};
use serde::Deserialize;
use store::webhook::WebhookRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most event types of one registration.
const EVENTS: usize = 16;

/// The routes of this noun for a channel's server and for people alike.
pub fn party_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_webhook, list_webhooks))
        .routes(routes!(delete_webhook))
        .routes(routes!(change_webhook_state))
        .routes(routes!(test_webhook))
        .routes(routes!(list_deliveries))
        .routes(routes!(replay_delivery))
        .routes(routes!(replay_deliveries))
}

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(replay_deliveries_of_channel))
}

/// The query of [`list_webhooks`].
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct WebhookQuery {
    /// Whose; a channel's server means itself, people name one.
    #[param(max_length = 30)]
    channel_id: Option<String>,
}

/// Registers an endpoint of the channel, or changes what a registered one is told. In production another address comes by a matter of
/// the kind `callback_change`: it answers a challenge, and a second person confirms it.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhook", operation_id = "create_webhook",
    request_body = CreateWebhook, responses((status = 201, body = WebhookView)))]
async fn create_webhook(
    State(world): State<World>,
    party: Party,
    Json(body): Json<CreateWebhook>,
) -> Result<(StatusCode, Json<WebhookView>), Error> {
    let keeper = Keeper::of(party, Operation::WebhookManage)?;
    let channel = channel(body.channel_id.as_deref())?;
    let new = NewWebhook { channel, url: body.url, events: events(&body.events)? };
    let row = service::create(&world, keeper, new).await?;
    Ok((StatusCode::CREATED, Json(view(&world, row))))
}

fn channel(text: Option<&str>) -> Result<Option<ChannelId>, Error> {
    text.map(|text| text.parse().map_err(|_| Error::not_found())).transpose()
}

fn events(words: &[String]) -> Result<Vec<EventType>, Error> {
    if words.len() > EVENTS {
        let message = "最多16种 (at most 16)";
        return Err(Error::field_text("/events", "webhook.events", message));
    }
    let event = |(place, text): (usize, &String)| {
        text.parse()
            .map_err(|refusal: domain::name::Refusal| Error::field(&format!("/events/{place}"), &refusal))
    };
    let mut events = words.iter().enumerate().map(event).collect::<Result<Vec<EventType>, _>>()?;
    events.sort_unstable();
    events.dedup();
    Ok(events)
}

/// The endpoints of a channel.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhook", operation_id = "list_webhooks",
    params(WebhookQuery), responses((status = 200, body = Page<WebhookView>)))]
async fn list_webhooks(
    State(world): State<World>,
    party: Party,
    Query(query): Query<WebhookQuery>,
) -> Result<Json<Page<WebhookView>>, Error> {
    let keeper = Keeper::of(party, Operation::WebhookReplay)?;
    let rows = service::list(&world, keeper, channel(query.channel_id.as_deref())?).await?;
    let data = rows.into_iter().map(|row| view(&world, row)).collect();
    Ok(Json(Page { data, has_more: false, next_cursor: None }))
}

/// Removes an endpoint; what is on its way to it is given up.
#[utoipa::path(delete, path = "/api/v1/webhooks/{webhook_id}", tag = "webhook", operation_id = "delete_webhook",
    params(("webhook_id" = String, Path)), responses((status = 204)))]
async fn delete_webhook(
    State(world): State<World>,
    party: Party,
    Path(webhook_id): Path<String>,
) -> Result<StatusCode, Error> {
    let keeper = Keeper::of(party, Operation::WebhookManage)?;
    let id = webhook_id.parse().map_err(|_| Error::not_found())?;
    service::delete(&world, keeper, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pauses an endpoint, or lets it go on. What happens meanwhile is not sent; it is logged and can be replayed.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook_id}/state", tag = "webhook",
    operation_id = "change_webhook_state", params(("webhook_id" = String, Path)), request_body = ChangeWebhookState,
    responses((status = 200, body = WebhookView)))]
async fn change_webhook_state(
    State(world): State<World>,
    party: Party,
    Path(webhook_id): Path<String>,
    Json(body): Json<ChangeWebhookState>,
) -> Result<Json<WebhookView>, Error> {
    let keeper = Keeper::of(party, Operation::WebhookManage)?;
    let id = webhook_id.parse().map_err(|_| Error::not_found())?;
    let state = match body.state {
        WebhookState::Active => domain::webhook::WebhookState::Active,
        WebhookState::Paused => domain::webhook::WebhookState::Paused,
    };
    Ok(Json(view(&world, service::set_state(&world, keeper, id, state).await?)))
}

/// Sends an endpoint a `webhook.test` to try it: once, whatever becomes of it.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook_id}/test", tag = "webhook", operation_id = "test_webhook",
    params(("webhook_id" = String, Path)), responses((status = 201, body = DeliveryView)))]
async fn test_webhook(
    State(world): State<World>,
    party: Party,
    Path(webhook_id): Path<String>,
) -> Result<(StatusCode, Json<DeliveryView>), Error> {
    let keeper = Keeper::of(party, Operation::WebhookManage)?;
    let id = webhook_id.parse().map_err(|_| Error::not_found())?;
    Ok((StatusCode::CREATED, Json(delivery(service::test(&world, keeper, id).await?)?)))
}

/// The delivery log of an endpoint, newest first.
#[utoipa::path(get, path = "/api/v1/webhooks/{webhook_id}/deliveries", tag = "webhook",
    operation_id = "list_deliveries", params(("webhook_id" = String, Path), PageQuery),
    responses((status = 200, body = Page<DeliveryView>)))]
async fn list_deliveries(
    State(world): State<World>,
    party: Party,
    Path(webhook_id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<DeliveryView>>, Error> {
    let keeper = Keeper::of(party, Operation::WebhookReplay)?;
    let id = webhook_id.parse().map_err(|_| Error::not_found())?;
    let (limit, before) = (query.limit()?, query.cursor(|text| text.parse().ok())?);
    let rows = service::list_deliveries(&world, keeper, id, before, limit).await?;
    let views: Vec<_> = rows.into_iter().map(delivery).collect::<Result<_, Error>>()?;
    Ok(Json(page::page(views, limit, |last| last.delivery_id.clone())))
}

/// Sends an event again, now, under its old id.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", tag = "webhook",
    operation_id = "replay_delivery",
    params(("webhook_id" = String, Path), ("delivery_id" = String, Path)),
    responses((status = 200, body = DeliveryView)))]
async fn replay_delivery(
    State(world): State<World>,
    party: Party,
    Path((webhook_id, delivery_id)): Path<(String, String)>,
) -> Result<Json<DeliveryView>, Error> {
    let keeper = Keeper::of(party, Operation::WebhookReplay)?;
    let id = webhook_id.parse().map_err(|_| Error::not_found())?;
    let of = delivery_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(delivery(service::replay(&world, keeper, id, of).await?)?))
}

/// Sends the events of a range to an endpoint again, oldest first, each under its old id; 500 at most, the answer says
/// where the rest begins.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook_id}/replay", tag = "webhook", operation_id = "replay_deliveries",
    params(("webhook_id" = String, Path)), request_body = ReplayDeliveries,
    responses((status = 200, body = DeliveriesReplayed)))]
async fn replay_deliveries(
    State(world): State<World>,
    party: Party,
    Path(webhook_id): Path<String>,
    Json(body): Json<ReplayDeliveries>,
) -> Result<Json<DeliveriesReplayed>, Error> {
    let keeper = Keeper::of(party, Operation::WebhookReplay)?;
    let id = webhook_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(replayed(service::replay_range(&world, keeper, id, range(&body)?).await?)))
}

/// Sends the events of a range to every endpoint of the channel again, as after a failure of its receivers.
#[utoipa::path(post, path = "/api/v1/channels/{channel_id}/deliveries/replay", tag = "webhook",
    operation_id = "replay_deliveries_of_channel", params(("channel_id" = String, Path)),
    request_body = ReplayDeliveries, responses((status = 200, body = DeliveriesReplayed)))]
async fn replay_deliveries_of_channel(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
    Json(body): Json<ReplayDeliveries>,
) -> Result<Json<DeliveriesReplayed>, Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(replayed(service::replay_for_channel(&world, &staff, id, range(&body)?).await?)))
}

fn range(body: &ReplayDeliveries) -> Result<Range, Error> {
    let moment = |pointer: &str, text: &str| {
        text.parse::<Timestamp>().map_err(|refusal| Error::field(pointer, &refusal))
    };
    let (from, to) = (moment("/from", &body.from)?, moment("/to", &body.to)?);
    if to <= from {
        return Err(Error::field_text("/to", "request.range", "须晚于from (must be after from)"));
    }
    Ok(Range { from, to })
}

fn replayed(replayed: Replayed) -> DeliveriesReplayed {
    DeliveriesReplayed {
        replayed: u32::try_from(replayed.count).unwrap_or(u32::MAX),
        rest_from: replayed.rest_from.map(|at| at.to_string()),
    }
}

fn view(world: &World, row: WebhookRow) -> WebhookView {
    let events = row.events.split(',').filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
    WebhookView {
        webhook_id: WebhookId::from_bytes(row.id).to_string(),
        url: row.url,
        events,
        state: if row.paused_at.is_some() { WebhookState::Paused } else { WebhookState::Active },
        key_id: world.keys().ring().signing_key().0.to_string(),
        created_at: Timestamp::from_micros(row.created_at).to_string(),
    }
}

fn delivery(logged: Logged) -> Result<DeliveryView, Error> {
    let Logged { row, next_at } = logged;
    let state: domain::webhook::DeliveryState =
        row.state.parse().map_err(|_| Error::internal("a stored state of a delivery is unknown"))?;
    Ok(DeliveryView {
        delivery_id: DeliveryId::from_bytes(row.id).to_string(),
        webhook_id: WebhookId::from_bytes(row.webhook_id).to_string(),
        event: row.event,
        state: match state {
            domain::webhook::DeliveryState::Pending => DeliveryState::Pending,
            domain::webhook::DeliveryState::Delivered => DeliveryState::Delivered,
            domain::webhook::DeliveryState::Failed => DeliveryState::Failed,
        },
        attempts: row.attempt,
        last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
        next_attempt_at: next_at.map(|at| at.to_string()),
        created_at: Timestamp::from_micros(row.created_at).to_string(),
    })
}
