//! A trial of a number of CH-23: what another value would have found in the months that are closed.
//!
//! Invariant: a trial changes nothing. It looks at the groups as they are today, at those that serve the public, and
//! says who fell short at the end of each month; that a monitoring may have been open already is not its matter.

use super::figures::{Counters, Group, groups};
use super::service::{commitment, first_needed, last_of_quarter, months};
use crate::auth::{Staff, authorize_role};
use crate::key::Ring;
use crate::{Error, World};
use domain::channel::Channel;
use domain::monitoring::{Commitment, Thresholds, Trigger};
use domain::org::Operation;
use domain::parameter::{Name, Parameters};
use domain::time::{BusinessDate, Month};
use store::ReadTx;

/// What was asked.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// The parameter.
    pub name: Name,
    /// The value to try in place of the one in force.
    pub value: i64,
    /// How many closed months.
    pub months: i32,
}

/// A group that falls short at the end of a month by the value in force, by the tried one, or by both.
#[derive(Debug, Clone)]
pub struct Shortfall {
    /// The head of the group.
    pub channel: Channel,
    /// At its end.
    pub month: Month,
    /// By what is in force today.
    pub standing: Vec<Trigger>,
    /// By the tried value.
    pub tried: Vec<Trigger>,
}

/// What a trial found.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The value in force today.
    pub standing: i64,
    /// The first month looked at.
    pub first: Month,
    /// The last one.
    pub last: Month,
    /// Oldest first, by the number of the channel within a month.
    pub shortfalls: Vec<Shortfall>,
}

/// Tries a value on the last closed months.
///
/// # Errors
/// `staff.role`; `parameter.no_trial` for a number that no figure is measured by; `parameter.range`.
pub async fn trial(world: &World, staff: &Staff, wish: Wish) -> Result<Trial, Error> {
    authorize_role(staff, Operation::ConfigRead)?;
    let (today, ring) = (world.now().business_date(), world.keys().ring());
    world.db().read(move |tx| look(tx, &ring, wish, today)).await
}

fn look(tx: &mut ReadTx<'_>, ring: &Ring, wish: Wish, today: BusinessDate) -> Result<Trial, Error> {
    let in_force = crate::parameter::service::in_force(tx)?;
    let supposed = Thresholds::supposing(&in_force, wish.name, wish.value)?;
    let scales = [&in_force, &supposed].map(|parameters: &Parameters| Thresholds::new(parameters, today));
    let last = today.month().plus(-1);
    let first = last.plus(1 - wish.months);
    let needed =
        scales.iter().map(|scale| first_needed(last_of_quarter(first), scale)).min().unwrap_or(first);
    let counters = Counters::read(tx, needed, last)?;
    let mut shortfalls = Vec::new();
    for group in groups(tx)? {
        let promise = commitment(tx, ring, &group, true)?;
        for month in (0..wish.months).map(|place| first.plus(place)) {
            let [standing, tried] =
                scales.each_ref().map(|scale| triggers(&counters, &group, promise, month, scale));
            if !standing.is_empty() || !tried.is_empty() {
                shortfalls.push(Shortfall { channel: group.head.clone(), month, standing, tried });
            }
        }
    }
    shortfalls.sort_by_key(|found| (found.month, found.channel.number));
    Ok(Trial { standing: in_force.get(wish.name, today), first, last, shortfalls })
}

/// What a group falls short of at the end of `month`, of its promise where a quarter ends with it.
fn triggers(
    counters: &Counters,
    group: &Group,
    promise: Option<Commitment>,
    month: Month,
    scale: &Thresholds,
) -> Vec<Trigger> {
    let Some(live_on) = group.live_on() else { return Vec::new() };
    let mut found = months(counters, group, month, scale).triggers(live_on, scale);
    if let Some(promise) = promise.filter(|_| last_of_quarter(month) == month) {
        found.extend(counters.quarters(group, month, scale.quarters(), promise).triggers(live_on, scale));
    }
    found
}
