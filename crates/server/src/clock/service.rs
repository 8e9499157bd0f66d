//! Reading and moving the sandbox's business time. Production's is real time and answers as if there were nothing to
//! read.
//!
//! Invariant: the distance from real time is stored, so a restart or another server on the database goes on from it;
//! once somebody is in the sandbox, it only grows. Security time (signatures, sessions, codes) does not move.

use crate::auth::{Staff, authorize_role};
use crate::statistic::service::CLOSE_AFTER_SECONDS;
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

/// Moves the sandbox's business time forward, and lets everything that the time which has passed brings have its
/// consequences, so that whoever moved it sees them. Time halts at the beginning of every month on its way: what the
/// close of a month brings has happened before the next month begins.
///
/// # Errors
/// `staff.role`; `resource.not_found` in production; `clock.step`, `clock.reach`.
pub async fn advance(world: &World, staff: &Staff, seconds: i64) -> Result<Reading, Error> {
    authorize_role(staff, Operation::ClockMove)?;
    read(world)?;
    let (actor, today) = (staff.actor(), world.real_now().business_date());
    let mut left = seconds;
    loop {
        crate::statistic::usage::count_before_move(world).await?;
        let (now, rules) = (world.now(), world.parameters());
        let step = left.min(to_next_month(now));
        let moved = world
            .db()
            .write(move |tx| {
                let offset = store::epoch::lock_clock(tx)?;
                // The whole way is allowed before the first part of it is gone.
                domain::clock::advance(offset, left, &rules, today)?;
                let moved = domain::clock::advance(offset, step, &rules, today)?;
                store::epoch::move_clock(tx, moved)?;
                tx.audit(&Record::done(now, actor, "clock.moved"));
                Ok::<_, Error>(moved)
            })
            .await?;
        world.clock().catch_up(moved);
        consequences(world).await?;
        left -= step;
        if left <= 0 {
            return read(world);
        }
    }
}

/// Seconds until the month that is not closed yet is over and closed.
fn to_next_month(now: Timestamp) -> i64 {
    let late = CLOSE_AFTER_SECONDS + 1;
    let open = now.plus_seconds(-late).business_date().month();
    let closed = open.last_day().end().plus_seconds(late);
    closed.micros_since(now).div_euclid(1_000_000).max(1)
}

/// What a server that runs does of itself every few seconds, at once: for whoever moves time.
///
/// # Errors
/// The first that fails.
pub async fn consequences(world: &World) -> Result<(), Error> {
    crate::statistic::service::fold(world).await?;
    crate::statistic::service::close_days(world).await?;
    crate::statistic::coverage::count(world).await?;
    crate::statistic::usage::count(world).await?;
    crate::matter::service::expire(world).await?;
    crate::matter::event::due_soon(world).await?;
    crate::monitoring::service::close_month(world).await?;
    crate::monitoring::service::follow(world).await.map(|_| ())
}

/// Lets a sandbox in which nobody has been yet begin in the past, so that what is told of it may lie behind it; `false`
/// when it is not new.
///
/// # Errors
/// `resource.not_found` in production; the store's.
pub async fn begin(world: &World, seconds_ago: u32) -> Result<bool, Error> {
    read(world)?;
    let offset = i64::from(seconds_ago).saturating_mul(-1_000_000);
    let began = world
        .db()
        .write(move |tx| {
            tx.unaudited("nobody is there yet, and nothing has happened");
            if !store::org::is_empty(tx)? {
                return Ok::<_, Error>(false);
            }
            store::epoch::move_clock(tx, offset)?;
            Ok(true)
        })
        .await?;
    if began {
        world.clock().resume(offset);
    }
    Ok(began)
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
