//! What a change of a callback address does outside its matter: the address is asked to prove itself, and the endpoint gets it.
//!
//! A challenge is sent like a delivery, signed and with the same headers, and holds 32 random bytes that nobody else knows; whoever
//! answers with them reads what is sent to that address. They are made for each attempt and kept nowhere. One attempt, whatever
//! becomes of it: whoever asked looks, and asks again.
//!
//! Invariant: nothing is sent to an address that may not be named ([`super::address`]), nor is it put in use. What was on its way when
//! an endpoint moved goes to where the endpoint is at that attempt; only the news that it moved goes to the address before.

use super::address;
use super::delivery::{headers, post};
use super::service::{Event, put_at};
use crate::job::Job;
use crate::matter::{Course, Desk, body};
use crate::{Error, World, WorldName, job};
use data_encoding::HEXLOWER;
use domain::callback_change::{Missed, Moved, challenged};
use domain::id::{ChannelId, DeliveryId, MatterId, WebhookId};
use domain::time::Timestamp;
use domain::webhook::{Endpoint, EventType, is_accepted};
use gm::random;
use serde_json::json;
use store::webhook::WebhookRow;
use store::{ReadTx, WriteTx};
use ureq::Agent;

/// The kind of job that asks an address to prove itself.
pub(super) const CHALLENGE: &str = "webhook.challenge";

/// The endpoints of a channel as a rule looks at them.
pub(crate) fn endpoints(tx: &mut ReadTx<'_>, channel: &[u8; 16]) -> Result<Vec<Endpoint>, Error> {
    let rows = store::webhook::list(tx, channel)?;
    Ok(rows.into_iter().map(|row| Endpoint { id: WebhookId::from_bytes(row.id), url: row.url }).collect())
}

fn named(world: WorldName, url: &str) -> Result<(), Error> {
    address::admit(world, url).map_err(|why| Error::field_text("/url", "webhook.url", why))
}

/// Leaves the job that asks an address to prove itself.
///
/// # Errors
/// `request.fields` for an address that may not be named; the store's.
pub(crate) fn challenge(
    tx: &mut WriteTx<'_>,
    world: WorldName,
    matter: MatterId,
    url: &str,
    at: Timestamp,
) -> Result<(), Error> {
    named(world, url)?;
    job::enqueue(tx, CHALLENGE, &matter.to_string(), at)
}

/// An endpoint that moves, or begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moving {
    /// The id of one that begins.
    pub id: WebhookId,
    /// Whose.
    pub channel: ChannelId,
    /// Business time.
    pub at: Timestamp,
    /// Real time.
    pub made_at: Timestamp,
}

impl Moving {
    /// Puts the address in use and tells both; which endpoint it is, and what was done to it.
    ///
    /// # Errors
    /// `request.fields` for an address that may not be named any more; the store's.
    pub(crate) fn put(
        self,
        tx: &mut WriteTx<'_>,
        world: WorldName,
        moved: &Moved,
    ) -> Result<(WebhookId, &'static str), Error> {
        named(world, &moved.url)?;
        let Some(id) = moved.endpoint else {
            self.begin(tx, moved)?;
            return Ok((self.id, "webhook.registered"));
        };
        let before = store::webhook::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
        store::webhook::update_url(tx, id.as_bytes(), &moved.url)?;
        self.tell(tx, id, Some(&before.url))?;
        self.tell(tx, id, None)?;
        Ok((id, "webhook.moved"))
    }

    fn begin(self, tx: &mut WriteTx<'_>, moved: &Moved) -> Result<(), Error> {
        let row = WebhookRow {
            id: *self.id.as_bytes(),
            owner_id: *self.channel.as_bytes(),
            url: moved.url.clone(),
            events: moved.events.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(","),
            created_at: self.made_at.as_micros(),
            paused_at: None,
        };
        store::webhook::insert(tx, &row)?;
        self.tell(tx, self.id, None)
    }

    /// That the endpoint has another address: there, or at the one before.
    fn tell(self, tx: &mut WriteTx<'_>, id: WebhookId, url: Option<&str>) -> Result<(), Error> {
        let kind = EventType::AddressChanged;
        let event = Event { owner: self.channel, kind, subject: id.to_string(), at: self.at };
        put_at(tx, &event, id.as_bytes(), url)?;
        Ok(())
    }
}

/// How an address answered.
enum Outcome {
    Answered(u16),
    Missed(Option<u16>, Missed),
}

/// Does a job of this kind.
pub(super) async fn ask(world: &World, agent: &Agent, job: &Job) -> Result<(), Error> {
    let id: MatterId = job.subject().parse()?;
    let ring = world.keys().ring();
    let found = world
        .db()
        .read(move |tx| {
            let row = store::matter::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            Ok::<_, Error>(challenged(&body(&ring, &row)?))
        })
        .await?;
    // Taken back meanwhile.
    let Some(url) = found else { return Ok(()) };
    let outcome = send(world, agent, id, url).await;
    note(world, job, id, outcome).await
}

async fn send(world: &World, agent: &Agent, matter: MatterId, url: String) -> Outcome {
    let words = HEXLOWER.encode(&random::bytes::<32>());
    let now = world.now();
    let data = json!({ "id": matter.to_string(), "challenge": words });
    let kind = EventType::Challenge.as_str();
    let text = json!({ "type": kind, "timestamp": now.to_string(), "data": data }).to_string();
    let headers = headers(world, world.id(DeliveryId::make), &text);
    let agent = agent.clone();
    let answer = tokio::task::spawn_blocking(move || post(&agent, &url, &headers, &text)).await;
    let Ok(Ok((status, said))) = answer else { return Outcome::Missed(None, Missed::Unreachable) };
    if !is_accepted(status) {
        return Outcome::Missed(Some(status), Missed::Status);
    }
    let said: serde_json::Value = serde_json::from_str(&said).unwrap_or_default();
    if said["challenge"].as_str() == Some(&words) {
        Outcome::Answered(status)
    } else {
        Outcome::Missed(Some(status), Missed::Words)
    }
}

/// Notes in the matter how its address answered, if it is still asked.
async fn note(world: &World, job: &Job, id: MatterId, outcome: Outcome) -> Result<(), Error> {
    let input = match outcome {
        Outcome::Answered(status) => json!({ "action": "answer", "status": status }),
        Outcome::Missed(status, why) => json!({ "action": "miss", "status": status, "why": why.as_str() }),
    };
    let (desk, ring, job) = (Desk::platform(world), world.keys().ring(), job.clone());
    world
        .db()
        .write(move |tx| {
            let row = store::matter::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            job.finish(tx)?;
            if challenged(&body(&ring, &row)?).is_none() {
                tx.unaudited("it was taken back meanwhile");
                return Ok(());
            }
            Course::new(&desk).act(tx, row, &input.to_string())?;
            Ok(())
        })
        .await
}
