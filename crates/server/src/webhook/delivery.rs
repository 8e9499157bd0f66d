//! Delivering one event: signed, sent, logged, and tried again on the schedule of `domain::webhook`.
//!
//! Headers are those of Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`, the last
//! `v1sm2,` and the base64 of an SM2 signature over `id.timestamp.body` by the platform's key, named in
//! `ykt-key-id`. For a while after a rotation there are two signatures, and two ids in the same order: the key before signs
//! too, so that a receiver has time to fetch the new one. `ykt-audit-head` carries the newest signed head of the audit tree, so that receivers are witnesses.

use super::address::Guard;
use super::change::{self, CHALLENGE};
use super::service::DELIVER;
use crate::job::{Handlers, Job};
use crate::{Error, World, WorldName};
use data_encoding::BASE64;
use domain::channel::Phase;
use domain::id::{DeliveryId, KeyId};
use domain::parameter::Name;
use domain::webhook::{DeliveryState, EventType, is_accepted, retry_at};
use gm::sm2::Signature;
use std::sync::Arc;
use std::time::Duration;
use store::ReadTx;
use store::audit::HeadRow;
use store::webhook::{DeliveryRow, WebhookRow};
use ureq::http::Response;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Most bytes of an answer that are read.
const ANSWER: u64 = 1024;

/// Adds what to do with deliveries, and with addresses that are asked to prove themselves.
#[must_use]
pub fn handle(handlers: Handlers) -> Handlers {
    let agents = Arc::new([WorldName::Production, WorldName::Sandbox].map(agent));
    let asking = agents.clone();
    let handlers = handlers.on(CHALLENGE, move |world, job| {
        let agents = asking.clone();
        async move { change::ask(&world, of_world(&agents, &world), &job).await }
    });
    handlers.on(DELIVER, move |world, job| {
        let agents = agents.clone();
        async move { deliver(&world, of_world(&agents, &world), &job).await }
    })
}

fn of_world<'a>(agents: &'a [Agent; 2], world: &World) -> &'a Agent {
    match world.name() {
        WorldName::Production => &agents[0],
        WorldName::Sandbox => &agents[1],
    }
}

/// A client that follows no redirect, uses no proxy and goes only where [`Guard`] lets it.
fn agent(world: WorldName) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("ykt/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::new(), Guard::new(world))
}

/// What a receiver is told beside the body.
pub(super) type Headers = Vec<(&'static str, String)>;

/// What is sent.
struct Letter {
    url: String,
    headers: Headers,
    body: String,
}

async fn deliver(world: &World, agent: &Agent, job: &Job) -> Result<(), Error> {
    let id: DeliveryId = job.subject().parse()?;
    let found = world
        .db()
        .read(move |tx| {
            let Some(row) = store::webhook::find_delivery(tx, id.as_bytes())? else { return Ok(None) };
            let webhook = store::webhook::find(tx, &row.webhook_id)?;
            let head = store::audit::find_head(tx)?;
            let is_farewell = match (&row.url, &webhook) {
                (Some(_), Some(webhook)) => is_present(tx, &webhook.owner_id)?,
                _ => false,
            };
            Ok::<_, Error>(Some((row, webhook, head, is_farewell)))
        })
        .await?;
    let Some((row, webhook, head, is_farewell)) = found else { return Ok(()) };
    let Some(webhook) = webhook else {
        return settle(world, job, row, Err("the endpoint was removed".into()), Last::Yes).await;
    };
    // What names its own address is the news that the endpoint moved away from there; a channel that has left sends none (CH-33.3).
    if webhook.paused_at.is_some() && !is_farewell {
        return settle(world, job, row, Err("the endpoint is paused".into()), Last::Yes).await;
    }
    let last = match row.event.parse::<EventType>() {
        Ok(kind) if kind.is_sent_once() => Last::Yes,
        _ => Last::No,
    };
    let letter = letter(world, id, &row, webhook, head.as_ref())?;
    let agent = agent.clone();
    let answer = tokio::task::spawn_blocking(move || send(&agent, &letter)).await;
    let answer = answer.unwrap_or_else(|_| Err("the attempt broke off".into()));
    settle(world, job, row, answer, last).await
}

/// Whether the channel has not left.
fn is_present(tx: &mut ReadTx<'_>, channel: &[u8; 16]) -> Result<bool, Error> {
    let phase = store::channel::phase(tx, channel)?.and_then(|phase| phase.parse::<Phase>().ok());
    Ok(phase.is_some_and(|phase| phase.is_present().is_ok()))
}

fn letter(
    world: &World,
    id: DeliveryId,
    row: &DeliveryRow,
    webhook: WebhookRow,
    head: Option<&HeadRow>,
) -> Result<Letter, Error> {
    let mut headers = headers(world, id, &row.payload);
    if let Some(head) = head {
        headers.push((crate::auth::HEAD_HEADER, crate::audit::http::head_line(head)?));
    }
    let url = row.url.clone().unwrap_or(webhook.url);
    Ok(Letter { url, headers, body: row.payload.clone() })
}

/// The headers under which a body is sent now: its id, the moment, and the platform's signature.
pub(super) fn headers(world: &World, id: DeliveryId, body: &str) -> Headers {
    let (id, at) = (id.to_string(), world.real_now().as_seconds().to_string());
    let message = format!("{id}.{at}.{body}");
    let overlap = world.parameter(Name::KeyOverlap);
    let signed = world.keys().ring().sign_in_overlap(message.as_bytes(), world.now(), overlap);
    let words =
        |word: fn(&(KeyId, Signature)) -> String| signed.iter().map(word).collect::<Vec<_>>().join(" ");
    vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-signature", words(|(_, signature)| format!("v1sm2,{}", BASE64.encode(&signature.0)))),
        ("webhook-id", id),
        ("webhook-timestamp", at),
        ("ykt-key-id", words(|(key_id, _)| key_id.to_string())),
    ]
}

/// The status of the answer, or why there is none.
fn send(agent: &Agent, letter: &Letter) -> Result<u16, String> {
    let answer = sent(agent, &letter.url, &letter.headers, &letter.body)?;
    Ok(answer.status().as_u16())
}

/// The status of the answer and what it says, or why there is none; of what says more than [`ANSWER`] bytes, nothing.
pub(super) fn post(agent: &Agent, url: &str, headers: &Headers, body: &str) -> Result<(u16, String), String> {
    let mut answer = sent(agent, url, headers, body)?;
    let said = answer.body_mut().with_config().limit(ANSWER).read_to_string();
    Ok((answer.status().as_u16(), said.unwrap_or_default()))
}

fn sent(agent: &Agent, url: &str, headers: &Headers, body: &str) -> Result<Response<Body>, String> {
    let mut request = agent.post(url);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    request.send(body.as_bytes()).map_err(|error| error.to_string())
}

/// Whether an attempt is the last whatever becomes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Yes,
    No,
}

/// Writes what became of an attempt and what comes next, both at once.
async fn settle(
    world: &World,
    job: &Job,
    mut row: DeliveryRow,
    answer: Result<u16, String>,
    last: Last,
) -> Result<(), Error> {
    let now = world.now();
    row.attempt += 1;
    row.updated_at = now.as_micros();
    row.last_status = answer.as_ref().ok().copied().map(i64::from);
    let attempt = u32::try_from(row.attempt).unwrap_or(u32::MAX);
    let jitter = u16::from_be_bytes(gm::random::bytes());
    let (state, again_at) = match &answer {
        Ok(status) if is_accepted(*status) => (DeliveryState::Delivered, None),
        _ => match retry_at(now, attempt, jitter).filter(|_| last == Last::No) {
            Some(at) => (DeliveryState::Pending, Some(at)),
            None => (DeliveryState::Failed, None),
        },
    };
    row.state = state.as_str().to_owned();
    let why = answer.map_or_else(|why| why, |status| format!("the receiver answered {status}"));
    let job = job.clone();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("the delivery log is its own evidence");
            store::webhook::update_delivery(tx, &row)?;
            match again_at {
                Some(at) => job.put_back(tx, at, &why),
                None => job.finish(tx),
            }
        })
        .await
}
