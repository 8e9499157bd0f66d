//! Reading and moving the sandbox's business time. Production's is real time and answers as if there were nothing to
//! read.
//!
//! Invariant: the distance from real time is stored, so a restart or another server on the database goes on from it;
//! it only grows. Security time (signatures, sessions, codes) does not move.

use crate::auth::{Staff, authorize_role};
use crate::{Error, World, WorldName};
use domain::audit::Record;
use domain::org::Operation;
use domain::time::Timestamp;

/// Both times of a world.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Business time.
    pub now: Timestamp,
    /// Real time.
    pub real_now: Timestamp,
}

/// What the sandbox's clock says.
///
/// # Errors
/// `resource.not_found` in production.
pub fn read(world: &World) -> Result<Reading, Error> {
    if world.name() == WorldName::Production {
        return Err(Error::not_found());
    }
    Ok(Reading { now: world.now(), real_now: world.real_now() })
}

/// Moves the sandbox's business time forward, and lets the last days that have passed by it have their consequences, so
/// that whoever moved it sees them.
///
/// # Errors
/// `staff.role`; `resource.not_found` in production; `clock.step`, `clock.reach`.
pub async fn advance(world: &World, staff: &Staff, seconds: i64) -> Result<Reading, Error> {
    authorize_role(staff, Operation::ClockMove)?;
    read(world)?;
    let (actor, now, today) = (staff.actor(), world.now(), world.real_now().business_date());
    let rules = world.parameters();
    let moved = world
        .db()
        .write(move |tx| {
            let offset = store::epoch::lock_clock(tx)?;
            let moved = domain::clock::advance(offset, seconds, &rules, today)?;
            store::epoch::move_clock(tx, moved)?;
            tx.audit(&Record::done(now, actor, "clock.moved"));
            Ok::<_, Error>(moved)
        })
        .await?;
    world.clock().catch_up(moved);
    crate::matter::service::expire(world).await?;
    read(world)
}

/// Goes to where another server has moved the sandbox's business time. Done every second while serving.
///
/// # Errors
/// The store's.
pub async fn refresh(world: &World) -> Result<(), Error> {
    if world.name() == WorldName::Sandbox {
        world.clock().catch_up(world.db().read(store::epoch::clock).await?);
    }
    Ok(())
}
