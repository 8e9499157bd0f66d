//! Registering endpoints, and putting events on their way in the transaction of their cause.

use super::address;
use super::keeper::Keeper;
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::{Error, World, WorldName, job};
use domain::audit::{Actor, Label, Record, Reference};
use domain::channel::Errand;
use domain::id::{BindingId, ChannelId, DeliveryId, WebhookId};
use domain::org::Operation;
use domain::time::Timestamp;
use domain::webhook::{DeliveryState, ENDPOINTS, EventType, Refusal, WebhookState};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use store::webhook::{DeliveryRow, WebhookRow};
use store::{ReadTx, StoreError, WriteTx};

/// The kind of job that delivers one event.
pub const DELIVER: &str = "webhook.deliver";

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

/// The endpoints of channels as one connection has read them, those of a channel without any too; of one that has left none,
/// as nothing is sent to it any more (CH-33.3). A change of any
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
            Entry::Vacant(place) => place.insert(store::webhook::list_heard(tx, event.owner.as_bytes())?),
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
        put(tx, event, webhook)?;
    }
    Ok(())
}

/// Puts an event on its way to one endpoint.
fn put(tx: &mut WriteTx<'_>, event: &Event, webhook: &WebhookRow) -> Result<DeliveryRow, StoreError> {
    put_at(tx, event, &webhook.id, None)
}

/// Puts an event on its way to one endpoint, at its own address or, whatever becomes of that, at another one.
pub(super) fn put_at(
    tx: &mut WriteTx<'_>,
    event: &Event,
    webhook: &[u8; 16],
    url: Option<&str>,
) -> Result<DeliveryRow, StoreError> {
    let (id, at) = (delivery_id(webhook, event, url), event.at.as_micros());
    let row = DeliveryRow {
        id: *id.as_bytes(),
        webhook_id: *webhook,
        url: url.map(str::to_owned),
        event: event.kind.as_str().to_owned(),
        payload: payload(event),
        state: DeliveryState::Pending.as_str().to_owned(),
        attempt: 0,
        last_status: None,
        created_at: at,
        updated_at: at,
    };
    if store::webhook::insert_delivery(tx, &row)? {
        store::job::enqueue(tx, DELIVER, &id.to_string(), at, at)?;
    }
    Ok(row)
}

/// The id follows from the event, so that a transaction that runs twice makes the same one.
fn delivery_id(webhook: &[u8; 16], event: &Event, url: Option<&str>) -> DeliveryId {
    let digest = gm::sm3::digest_parts(&[
        webhook,
        event.kind.as_str().as_bytes(),
        b"\n",
        event.subject.as_bytes(),
        b"\n",
        &event.at.as_micros().to_be_bytes(),
        url.unwrap_or_default().as_bytes(),
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

/// An endpoint to register.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// The channel, where somebody names one.
    pub channel: Option<ChannelId>,
    /// Where to.
    pub url: String,
    /// Of what it is told; nothing for everything.
    pub events: Vec<EventType>,
}

/// Registers an endpoint of the channel; one with this address takes the new list of events. In production there is no more than
/// that: another address comes by a matter ([`domain::callback_change`]), whoever asks.
///
/// # Errors
/// `request.fields`; `staff.step_up_required`; `webhook.by_matter` in production; `webhook.too_many`; as [`Keeper::channel`] and [`Keeper::write`].
pub async fn create(world: &World, keeper: Keeper, new: NewWebhook) -> Result<WebhookRow, Error> {
    if let Keeper::Desk(staff) = &keeper {
        require_step_up(staff)?;
    }
    address::admit(world.name(), &new.url).map_err(|why| Error::field_text("/url", "webhook.url", why))?;
    let (id, now) = (world.id(WebhookId::make), world.real_now());
    let is_production = world.name() == WorldName::Production;
    let events = new.events.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",");
    keeper
        .clone()
        .write(world, move |tx| {
            let owner = keeper.channel(tx, new.channel, Errand::Run)?;
            // One after the other, so that neither an address nor the limit is passed by two at once.
            store::channel::lock(tx, owner.as_bytes())?;
            let known = store::webhook::list(tx, owner.as_bytes())?;
            let same = known.iter().find(|other| other.url == new.url);
            let row = match same {
                Some(same) => {
                    store::webhook::update_events(tx, &same.id, &events)?;
                    WebhookRow { events: events.clone(), ..same.clone() }
                }
                None if is_production => return Err(Refusal::ByMatter.into()),
                None if known.len() >= ENDPOINTS => return Err(Error::platform("webhook.too_many")),
                None => {
                    let row = WebhookRow {
                        id: *id.as_bytes(),
                        owner_id: *owner.as_bytes(),
                        url: new.url.clone(),
                        events: events.clone(),
                        created_at: now.as_micros(),
                        paused_at: None,
                    };
                    store::webhook::insert(tx, &row)?;
                    row
                }
            };
            tx.audit(&record(now, keeper.actor(), "webhook.registered", &row.id));
            Ok(row)
        })
        .await
}

fn record(now: Timestamp, actor: Actor, action: &'static str, id: &[u8; 16]) -> Record {
    let mut record = Record::done(now, actor, action);
    record.object = Some(Reference::new(WebhookId::PREFIX, id));
    record
}

/// The endpoints of a channel.
///
/// # Errors
/// As [`Keeper::channel`] and [`Keeper::read`].
pub async fn list(
    world: &World,
    keeper: Keeper,
    channel: Option<ChannelId>,
) -> Result<Vec<WebhookRow>, Error> {
    let list = move |tx: &mut ReadTx<'_>, keeper: &Keeper| {
        let owner = keeper.channel(tx, channel, Errand::Read)?;
        Ok(store::webhook::list(tx, owner.as_bytes())?)
    };
    keeper.clone().read(world, move |tx| list(tx, &keeper)).await
}

/// Pauses an endpoint or lets it go on. Of what happens while it is paused nothing is sent, and all of it stays in the log, to
/// be sent again.
///
/// # Errors
/// As [`Keeper::endpoint`] and [`Keeper::write`].
pub async fn set_state(
    world: &World,
    keeper: Keeper,
    id: WebhookId,
    state: WebhookState,
) -> Result<WebhookRow, Error> {
    let now = world.real_now();
    keeper
        .clone()
        .write(world, move |tx| {
            // CH-33.3: whoever has left still ends what is sent in its name.
            let errand = match state {
                WebhookState::Paused => Errand::Settle,
                WebhookState::Active => Errand::Run,
            };
            let row = keeper.endpoint(tx, id, errand)?;
            if WebhookState::of(row.paused_at.is_some()) == state {
                tx.unaudited("it is so already");
                return Ok(row);
            }
            let (paused_at, action) = match state {
                WebhookState::Paused => (Some(now.as_micros()), "webhook.paused"),
                WebhookState::Active => (None, "webhook.resumed"),
            };
            store::webhook::update_paused(tx, id.as_bytes(), paused_at)?;
            tx.audit(&record(now, keeper.actor(), action, id.as_bytes()));
            Ok(WebhookRow { paused_at, ..row })
        })
        .await
}

/// CH-33.3: pauses every endpoint of a channel that leaves, in the transaction in which it does; what is on its way to them is
/// given up.
///
/// # Errors
/// The store's.
pub(crate) fn silence(
    tx: &mut WriteTx<'_>,
    channel: ChannelId,
    actor: Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    for row in store::webhook::list(tx, channel.as_bytes())?.iter().filter(|row| row.paused_at.is_none()) {
        store::webhook::update_paused(tx, &row.id, Some(now.as_micros()))?;
        let mut record = record(now, actor, "webhook.paused", &row.id);
        record.clause = Label::parse("CH-33.3").ok();
        tx.audit(&record);
    }
    Ok(())
}

/// Sends an endpoint something to try it, once: that it is told what it did not ask for says nothing about its channel.
///
/// # Errors
/// `webhook.paused`; as [`Keeper::endpoint`] and [`Keeper::write`].
pub async fn test(world: &World, keeper: Keeper, id: WebhookId) -> Result<Logged, Error> {
    let (now, at) = (world.real_now(), world.now());
    keeper
        .clone()
        .write(world, move |tx| {
            let row = keeper.endpoint(tx, id, Errand::Run)?;
            if row.paused_at.is_some() {
                return Err(Refusal::Paused.into());
            }
            let owner = ChannelId::from_bytes(row.owner_id);
            let event = Event { owner, kind: EventType::Test, subject: id.to_string(), at };
            let sent = put(tx, &event, &row)?;
            tx.audit(&record(now, keeper.actor(), "webhook.tested", id.as_bytes()));
            logged(tx, sent)
        })
        .await
}

/// Removes an endpoint; what is on its way to it is given up.
///
/// # Errors
/// As [`Keeper::endpoint`] and [`Keeper::write`].
pub async fn delete(world: &World, keeper: Keeper, id: WebhookId) -> Result<(), Error> {
    let now = world.real_now();
    keeper
        .clone()
        .write(world, move |tx| {
            keeper.endpoint(tx, id, Errand::Settle)?;
            store::webhook::delete(tx, id.as_bytes())?;
            tx.audit(&record(now, keeper.actor(), "webhook.removed", id.as_bytes()));
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
/// As [`Keeper::endpoint`] and [`Keeper::read`].
pub async fn list_deliveries(
    world: &World,
    keeper: Keeper,
    id: WebhookId,
    before: Option<DeliveryId>,
    limit: usize,
) -> Result<Vec<Logged>, Error> {
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let before = before.map_or([0xFF; 16], |before| *before.as_bytes());
    keeper
        .clone()
        .read(world, move |tx| {
            keeper.endpoint(tx, id, Errand::Read)?;
            let rows = store::webhook::list_deliveries(tx, id.as_bytes(), &before, wanted)?;
            rows.into_iter().map(|row| logged(tx, row)).collect()
        })
        .await
}

/// Sends an event again, now, under its old id.
///
/// # Errors
/// As [`Keeper::endpoint`] and [`Keeper::write`].
pub async fn replay(
    world: &World,
    keeper: Keeper,
    id: WebhookId,
    delivery: DeliveryId,
) -> Result<Logged, Error> {
    let (now, due_at) = (world.real_now(), world.now());
    keeper
        .clone()
        .write(world, move |tx| {
            keeper.endpoint(tx, id, Errand::Run)?;
            let row = store::webhook::find_delivery(tx, delivery.as_bytes())?;
            let row = row.filter(|row| row.webhook_id == *id.as_bytes()).ok_or_else(Error::not_found)?;
            let row = send_again(tx, row, due_at)?;
            tx.audit(&record(now, keeper.actor(), "webhook.replayed", id.as_bytes()));
            logged(tx, row)
        })
        .await
}

/// What was sent to an address that the endpoint had before goes to the one it has now.
fn send_again(tx: &mut WriteTx<'_>, mut row: DeliveryRow, due_at: Timestamp) -> Result<DeliveryRow, Error> {
    row.state = DeliveryState::Pending.as_str().to_owned();
    row.attempt = 0;
    row.url = None;
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
/// As [`Keeper::endpoint`] and [`Keeper::write`].
pub async fn replay_range(
    world: &World,
    keeper: Keeper,
    id: WebhookId,
    range: Range,
) -> Result<Replayed, Error> {
    let (now, due_at) = (world.real_now(), world.now());
    keeper
        .clone()
        .write(world, move |tx| {
            keeper.endpoint(tx, id, Errand::Run)?;
            tx.audit(&record(now, keeper.actor(), "webhook.replayed", id.as_bytes()));
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
    authorize_role(staff, Operation::WebhookReplay)?;
    let (sight, actor, now, due_at) = (staff.sight(), staff.actor(), world.real_now(), world.now());
    world
        .db()
        .write(move |tx| {
            let row = store::channel::find(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
            if !crate::channel::service::keeps(sight, &row)? {
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
