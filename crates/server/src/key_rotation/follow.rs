//! What the keys of a channel say is noted in the rotations that are asked of it, by the platform.
//!
//! Invariant: nothing is missed. The job is left in the transaction that changes a key, and looks in the one that ends it; both hold
//! the channel, so what changes while it looks leaves another job.

use crate::job::{Handlers, Job};
use crate::key::service::held_by;
use crate::matter::{Course, Desk, body};
use crate::{Error, World, job};
use domain::id::ChannelId;
use domain::key_rotation::follows;
use domain::matter::Kind;
use domain::time::Timestamp;
use store::WriteTx;

/// The kind of the job.
const KIND: &str = "key_rotation.follow";

/// Leaves the job, when the channel is asked for a key at all.
///
/// # Errors
/// The store's.
pub(crate) fn leave(tx: &mut WriteTx<'_>, channel: ChannelId, now: Timestamp) -> Result<(), Error> {
    store::channel::lock(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
    let kind = Kind::KeyRotation.as_str();
    if store::matter::list_open_of_channel(tx, channel.as_bytes(), kind)?.is_empty() {
        return Ok(());
    }
    job::enqueue(tx, KIND, &channel.to_string(), now)
}

/// Does the jobs of this kind.
#[must_use]
pub fn register(handlers: Handlers) -> Handlers {
    handlers.on(KIND, |world, job: Job| async move {
        let channel = job.subject().parse().map_err(|_| Error::internal("a job names no channel"))?;
        follow(&world, job, channel).await
    })
}

async fn follow(world: &World, job: Job, channel: ChannelId) -> Result<(), Error> {
    let (desk, ring) = (Desk::platform(world), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            // The matter before its channel, as every step takes them; one that is opened meanwhile looks at the keys itself.
            let kind = Kind::KeyRotation.as_str();
            let mut matters = Vec::new();
            for found in store::matter::list_open_of_channel(tx, channel.as_bytes(), kind)? {
                matters.push(store::matter::lock(tx, &found.id)?.ok_or_else(Error::not_found)?);
            }
            let row = store::channel::lock(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
            let phase = crate::channel::from_row(&row)?.phase;
            let keys = held_by(tx, channel.as_bytes())?;
            let mut course = Course::new(&desk);
            for matter in matters {
                if let Some(action) = follows(&body(&ring, &matter)?, &keys, phase) {
                    course.act(tx, matter, &serde_json::json!({"action": action.as_str()}).to_string())?;
                }
            }
            job.finish(tx)?;
            tx.unaudited("the keys say what they said before");
            Ok(())
        })
        .await
}
