//! Registering endpoints, and putting events on their way in the transaction of their cause.

use super::address;
use crate::auth::{Caller, Staff, authorize_role};
use crate::{Error, World, job};
use domain::audit::{Actor, Record, Reference};
use domain::id::{BindingId, ChannelId, DeliveryId, WebhookId};
use domain::org::Operation;
use domain::time::Timestamp;
use domain::webhook::{DeliveryState, EventType};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use store::webhook::{DeliveryRow, WebhookRow};
use store::{ReadTx, StoreError, WriteTx};

/// The kind of job that delivers one event.
pub const DELIVER: &str = "webhook.deliver";
/// Most endpoints of a channel.
pub const ENDPOINTS: usize = 10;

/// Something a channel is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The channel.
    pub owner: ChannelId,
    /// What happened.
    pub kind: EventType,
    /// The id of what it happened to, as the API writes it. Never anything about a person.
    pub subject: String,
    /// When.
    pub at: Timestamp,
}

/// Puts an event on its way to every endpoint of its channel that wants it; called in the transaction of its cause.
/// The same event emitted twice goes out once.
///
/// # Errors
/// The store's.
pub fn emit(tx: &mut WriteTx<'_>, event: &Event) -> Result<(), StoreError> {
    emit_each(tx, std::slice::from_ref(event))
}

/// The endpoints of channels as one connection has read them, those of a channel without any too. A change of any
/// endpoint starts a new authority epoch, after which all are read again.
#[derive(Default)]
struct Endpoints {
    epoch: i64,
    by_owner: BTreeMap<ChannelId, Vec<WebhookRow>>,
}

/// Channels whose endpoints are remembered before all are forgotten.
const REMEMBERED: usize = 10_000;

/// [`emit`] for the causes of a batch; each channel is looked up once in an epoch.
///
/// # Errors
/// The store's.
pub fn emit_each(tx: &mut WriteTx<'_>, events: &[Event]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let epoch = store::epoch::authority(tx)?;
    let mut known: Box<Endpoints> = tx.recall();
    if known.epoch != epoch || known.by_owner.len() > REMEMBERED {
        *known = Endpoints { epoch, by_owner: BTreeMap::new() };
    }
    for event in events {
        let webhooks = match known.by_owner.entry(event.owner) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(place) => place.insert(store::webhook::list(tx, event.owner.as_bytes())?),
        };
        send_out(tx, event, webhooks)?;
    }
    tx.keep(known);
    Ok(())
}

/// Tells every channel to which an e-card is bound that it has changed.
///
/// # Errors
/// The store's.
pub fn ecard_changed(
    tx: &mut WriteTx<'_>,
    shard: i64,
    ecard: &[u8; 16],
    at: Timestamp,
) -> Result<(), StoreError> {
    let bound = store::binding::list_bound(tx, shard, ecard)?;
    let events: Vec<_> =
        bound.iter().map(|(binding, channel)| binding_changed(binding, channel, at)).collect();
    emit_each(tx, &events)
}

/// That the e-card has changed in one channel.
#[must_use]
pub fn binding_changed(binding: &[u8; 16], channel: &[u8; 16], at: Timestamp) -> Event {
    Event {
        owner: ChannelId::from_bytes(*channel),
        kind: EventType::EcardStateChanged,
        subject: BindingId::from_bytes(*binding).to_string(),
        at,
    }
}

fn send_out(tx: &mut WriteTx<'_>, event: &Event, webhooks: &[WebhookRow]) -> Result<(), StoreError> {
    for webhook in webhooks {
        let wanted =
            webhook.events.is_empty() || webhook.events.split(',').any(|kind| kind == event.kind.as_str());
        if !wanted {
            continue;
        }
        let id = delivery_id(&webhook.id, event);
        let row = DeliveryRow {
            id: *id.as_bytes(),
            webhook_id: webhook.id,
            event: event.kind.as_str().to_owned(),
            payload: payload(event),
            state: DeliveryState::Pending.as_str().to_owned(),
            attempt: 0,
            last_status: None,
            created_at: event.at.as_micros(),
            updated_at: event.at.as_micros(),
        };
        if store::webhook::insert_delivery(tx, &row)? {
            let at = event.at.as_micros();
            store::job::enqueue(tx, DELIVER, &id.to_string(), at, at)?;
        }
    }
    Ok(())
}

/// The id follows from the event, so that a transaction that runs twice makes the same one.
fn delivery_id(webhook: &[u8; 16], event: &Event) -> DeliveryId {
    let digest = gm::sm3::digest_parts(&[
        webhook,
        event.kind.as_str().as_bytes(),
        b"\n",
        event.subject.as_bytes(),
        b"\n",
        &event.at.as_micros().to_be_bytes(),
    ]);
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    DeliveryId::make(event.at, random)
}

fn payload(event: &Event) -> String {
    serde_json::json!({
        "type": event.kind.as_str(),
        "timestamp": event.at.to_string(),
        "data": { "id": event.subject },
    })
    .to_string()
}

/// Registers an endpoint of the channel; one with this address takes the new list of events.
///
/// # Errors
/// `request.fields`; `caller.forbidden` for a terminal; `webhook.too_many`; as [`Caller::write`].
pub async fn create(
    world: &World,
    caller: Caller,
    url: String,
    events: &[EventType],
) -> Result<WebhookRow, Error> {
    let owner = caller.channel()?;
    address::admit(world.name(), &url).map_err(|why| Error::field_text("/url", "webhook.url", why))?;
    let now = world.real_now();
    let events: Vec<_> = events.iter().map(|kind| kind.as_str()).collect();
    let row = WebhookRow {
        id: *world.id(WebhookId::make).as_bytes(),
        owner_id: *owner.as_bytes(),
        url,
        events: events.join(","),
        created_at: now.as_micros(),
    };
    caller
        .write(world, move |tx| {
            let known = store::webhook::list(tx, &row.owner_id)?;
            let same = known.iter().find(|other| other.url == row.url);
            let row = match same {
                Some(same) => {
                    store::webhook::update_events(tx, &same.id, &row.events)?;
                    WebhookRow { events: row.events.clone(), ..same.clone() }
                }
                None if known.len() >= ENDPOINTS => return Err(Error::platform("webhook.too_many")),
                None => {
                    store::webhook::insert(tx, &row)?;
                    row.clone()
                }
            };
            tx.audit(&record(now, caller.actor(), "webhook.registered", &row.id));
            Ok(row)
        })
        .await
}

fn record(now: Timestamp, actor: Actor, action: &'static str, id: &[u8; 16]) -> Record {
    let mut record = Record::done(now, actor, action);
    record.object = Some(Reference::new(WebhookId::PREFIX, id));
    record
}

/// The endpoints of the channel.
///
/// # Errors
/// `caller.forbidden` for a terminal; as [`Caller::read`].
pub async fn list(world: &World, caller: Caller) -> Result<Vec<WebhookRow>, Error> {
    let owner = caller.channel()?;
    caller.read(world, move |tx| Ok(store::webhook::list(tx, owner.as_bytes())?)).await
}

fn owned(tx: &mut ReadTx<'_>, owner: ChannelId, id: WebhookId) -> Result<WebhookRow, Error> {
    let row = store::webhook::find(tx, id.as_bytes())?;
    row.filter(|row| row.owner_id == *owner.as_bytes()).ok_or_else(Error::not_found)
}

/// Removes an endpoint; what is on its way to it is given up.
///
/// # Errors
/// `resource.not_found` for one that is not the channel's.
pub async fn delete(world: &World, caller: Caller, id: WebhookId) -> Result<(), Error> {
    let (owner, now) = (caller.channel()?, world.real_now());
    caller
        .write(world, move |tx| {
            owned(tx, owner, id)?;
            store::webhook::delete(tx, id.as_bytes())?;
            tx.audit(&record(now, caller.actor(), "webhook.removed", id.as_bytes()));
            Ok(())
        })
        .await
}

/// A delivery and when it is tried next.
#[derive(Debug, Clone)]
pub struct Logged {
    /// The delivery.
    pub row: DeliveryRow,
    /// Business time; nothing once it has ended.
    pub next_at: Option<Timestamp>,
}

fn logged(tx: &mut ReadTx<'_>, row: DeliveryRow) -> Result<Logged, Error> {
    let subject = DeliveryId::from_bytes(row.id).to_string();
    let waiting = store::job::find(tx, DELIVER, &subject)?;
    Ok(Logged { row, next_at: waiting.map(|job| Timestamp::from_micros(job.due_at)) })
}

/// The delivery log of an endpoint, newest first, before `before`; one more than `limit` when there are more.
///
/// # Errors
/// As [`delete`].
pub async fn list_deliveries(
    world: &World,
    caller: Caller,
    id: WebhookId,
    before: Option<DeliveryId>,
    limit: usize,
) -> Result<Vec<Logged>, Error> {
    let owner = caller.channel()?;
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let before = before.map_or([0xFF; 16], |before| *before.as_bytes());
    caller
        .read(world, move |tx| {
            owned(tx, owner, id)?;
            let rows = store::webhook::list_deliveries(tx, id.as_bytes(), &before, wanted)?;
            rows.into_iter().map(|row| logged(tx, row)).collect()
        })
        .await
}

/// Sends an event again, now, under its old id.
///
/// # Errors
/// As [`delete`].
pub async fn replay(
    world: &World,
    caller: Caller,
    id: WebhookId,
    delivery: DeliveryId,
) -> Result<Logged, Error> {
    let (owner, now, due_at) = (caller.channel()?, world.real_now(), world.now());
    caller
        .write(world, move |tx| {
            owned(tx, owner, id)?;
            let row = store::webhook::find_delivery(tx, delivery.as_bytes())?;
            let row = row.filter(|row| row.webhook_id == *id.as_bytes()).ok_or_else(Error::not_found)?;
            let row = send_again(tx, row, due_at)?;
            tx.audit(&record(now, caller.actor(), "webhook.replayed", id.as_bytes()));
            logged(tx, row)
        })
        .await
}

fn send_again(tx: &mut WriteTx<'_>, mut row: DeliveryRow, due_at: Timestamp) -> Result<DeliveryRow, Error> {
    row.state = DeliveryState::Pending.as_str().to_owned();
    row.attempt = 0;
    row.updated_at = due_at.as_micros();
    store::webhook::update_delivery(tx, &row)?;
    job::enqueue(tx, DELIVER, &DeliveryId::from_bytes(row.id).to_string(), due_at)?;
    Ok(row)
}

/// Events of one endpoint that one request sends again at most.
pub const REPLAYED: usize = 500;

/// Which events are sent again, by when they happened.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// From this moment on.
    pub from: Timestamp,
    /// To before this moment.
    pub to: Timestamp,
}

/// How far a replay came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Events that are on their way again.
    pub count: usize,
    /// When the first of the rest happened; nothing when there is no rest.
    pub rest_from: Option<Timestamp>,
}

/// Sends the events of a range to an endpoint again, oldest first, each under its old id.
///
/// # Errors
/// As [`delete`].
pub async fn replay_range(
    world: &World,
    caller: Caller,
    id: WebhookId,
    range: Range,
) -> Result<Replayed, Error> {
    let (owner, now, due_at) = (caller.channel()?, world.real_now(), world.now());
    caller
        .write(world, move |tx| {
            owned(tx, owner, id)?;
            tx.audit(&record(now, caller.actor(), "webhook.replayed", id.as_bytes()));
            send_range(tx, id, range, due_at)
        })
        .await
}

/// [`replay_range`] to every endpoint of a channel in sight, by staff.
///
/// # Errors
/// `staff.role`; `resource.not_found` for a channel out of sight.
pub async fn replay_for_channel(
    world: &World,
    staff: &Staff,
    channel: ChannelId,
    range: Range,
) -> Result<Replayed, Error> {
    authorize_role(staff, Operation::WebhookManage)?;
    let (sight, actor, now, due_at) = (staff.sight(), staff.actor(), world.real_now(), world.now());
    world
        .db()
        .write(move |tx| {
            let row = store::channel::find(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
            if !crate::channel::service::sees(sight, &row)? {
                return Err(Error::not_found());
            }
            tx.unaudited("a channel without endpoints has nothing to be sent again");
            let mut all = Replayed::default();
            for webhook in store::webhook::list(tx, channel.as_bytes())? {
                tx.audit(&record(now, actor, "webhook.replayed", &webhook.id));
                let one = send_range(tx, WebhookId::from_bytes(webhook.id), range, due_at)?;
                all.count += one.count;
                all.rest_from = all.rest_from.into_iter().chain(one.rest_from).min();
            }
            Ok(all)
        })
        .await
}

fn send_range(
    tx: &mut WriteTx<'_>,
    id: WebhookId,
    range: Range,
    due_at: Timestamp,
) -> Result<Replayed, Error> {
    // Ids begin with the millisecond of their event.
    let edge = |at: Timestamp| at.as_micros().div_euclid(1000).to_be_bytes();
    let (from, to) = (edge(range.from), edge(range.to));
    let wanted = i64::try_from(REPLAYED).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = store::webhook::list_deliveries_between(tx, id.as_bytes(), &from[2..], &to[2..], wanted)?;
    let rest = rows.get(REPLAYED).map(|row| DeliveryId::from_bytes(row.id).made_at());
    rows.truncate(REPLAYED);
    let count = rows.len();
    for row in rows {
        send_again(tx, row, due_at)?;
    }
    Ok(Replayed { count, rest_from: rest })
}
