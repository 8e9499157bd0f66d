//! Uses by application and month: counted for every day that is over, from the uses themselves, and told to whoever sees them.
//!
//! Invariant: no request does any of this. A use is counted once, whichever process does it; an installation that is upgraded
//! counts from its oldest use on. Uses are kept by real time and belong to the business day on which they were made, as in all
//! other figures: before the sandbox's time is moved, what was used until then is counted by the time that it was.

use super::service::{CLOSE_AFTER_SECONDS, Sight, day};
use crate::auth::{Staff, authorize};
use crate::{Error, World};
use domain::id::ChannelId;
use domain::org::Operation;
use domain::statistic::usage::{Usage, Used};
use domain::time::{BusinessDate, Month, Timestamp};
use std::collections::BTreeSet;
use store::ReadTx;
use store::statistic::usage::{self, ServiceUseRow};

/// Months that are told: the one asked for, and the year that led to it.
const MONTHS: i32 = 13;

/// Counts every day that is over and not counted, each in a transaction of its own.
///
/// # Errors
/// The store's.
pub async fn count(world: &World) -> Result<(), Error> {
    let ahead = ahead(world);
    let over = world.now().plus_seconds(-CLOSE_AFTER_SECONDS).business_date().start();
    count_until(world, over.as_micros().saturating_sub(ahead), ahead).await
}

/// Counts what was used until now, before business time is moved: of the sandbox, where alone it is. A use that is under way in
/// this very moment may be missed.
///
/// # Errors
/// The store's.
pub async fn count_before_move(world: &World) -> Result<(), Error> {
    count_until(world, world.real_now().as_micros(), ahead(world)).await
}

/// How far business time is ahead of real time, µs: whole seconds, as it is moved by them, so that a day ends in one moment
/// whenever it is asked for.
fn ahead(world: &World) -> i64 {
    let between = world.now().micros_since(world.real_now());
    (between + 500_000).div_euclid(1_000_000) * 1_000_000
}

async fn count_until(world: &World, end: i64, ahead: i64) -> Result<(), Error> {
    // The mark is read again between two days: another process may have counted meanwhile.
    while let Some(next) = world.db().read(move |tx| next(tx, end, ahead)).await? {
        world
            .db()
            .write(move |tx| {
                tx.unaudited("figures counted from rows that stay");
                if usage::lock_service_use_until(tx)? == next.from {
                    for row in &next.rows {
                        usage::add_service_use(tx, row)?;
                    }
                    usage::begin_service_uses(tx, next.day)?;
                    usage::set_service_use_until(tx, next.to)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(())
}

/// A day, or what is left of it, that is counted in one transaction.
struct Next {
    /// The mark as it was.
    from: i64,
    /// The mark as it will be.
    to: i64,
    /// The business day.
    day: i64,
    /// What is added.
    rows: Vec<ServiceUseRow>,
}

/// The next day to count, none when all before `end` are counted.
fn next(tx: &mut ReadTx<'_>, end: i64, ahead: i64) -> Result<Option<Next>, Error> {
    let from = usage::service_uses_counted(tx)?.until;
    if from >= end {
        return Ok(None);
    }
    let begin = match from {
        0 => usage::oldest_use_at(tx)?.map_or(end, |at| at.min(end)),
        from => from,
    };
    let on = Timestamp::from_micros(begin.saturating_add(ahead)).business_date();
    let to = end.min(on.end().as_micros().saturating_sub(ahead)).max(begin);
    let month = i64::from(on.month().as_number());
    let rows = usage::count_service_uses(tx, month, (begin, to))?;
    Ok(Some(Next { from, to, day: i64::from(on.as_days()), rows }))
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// The natural month.
    pub month: Month,
    /// Of this channel alone.
    pub channel: Option<ChannelId>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The last day that is counted; none before the first.
    pub counted: Option<BusinessDate>,
    /// The months told of each service, oldest first.
    pub months: Vec<Month>,
    /// Each service with a use, the most used first.
    pub services: Vec<Used>,
}

/// The uses of each application in a month, and how they changed in a year, as far as a member of staff sees (CH-22.1).
///
/// # Errors
/// `staff.role`; the store's.
pub async fn services(world: &World, staff: &Staff, wish: Wish) -> Result<Found, Error> {
    authorize(staff, Operation::StatisticRead, staff.division)?;
    let sight = Sight { channel: wish.channel, ..Sight::of(staff)? };
    let ahead = ahead(world);
    world.db().read(move |tx| look(tx, wish.month, ahead, sight)).await
}

fn look(tx: &mut ReadTx<'_>, month: Month, ahead: i64, sight: Sight) -> Result<Found, Error> {
    let marked = usage::service_uses_counted(tx)?;
    let today = Timestamp::from_micros(marked.until.saturating_add(ahead)).business_date();
    let counted = (marked.until > 0).then(|| today.plus_days(-1));
    let mut used = Usage::default();
    for row in rows(tx, month, sight)? {
        let at = i32::try_from(row.month).map_err(|_| Error::internal("a stored month is out of range"))?;
        let service = row.service.parse().map_err(|_| Error::internal("a stored service is no code"))?;
        used.add(service, Month::from_number(at), row.uses);
    }
    let span = (marked.first > 0).then(|| day(marked.first)).zip(counted);
    Ok(Found {
        counted,
        months: (1 - MONTHS..=0).map(|after| month.plus(after)).collect(),
        services: used.of(month, MONTHS, span),
    })
}

/// The rows in sight of the year that leads to a month: of one channel and of an owner's few by their places in the table.
fn rows(tx: &mut ReadTx<'_>, month: Month, sight: Sight) -> Result<Vec<ServiceUseRow>, Error> {
    let (low, high) = sight.codes();
    let codes = (low.as_str(), high.as_str());
    let months: [i64; MONTHS as usize] =
        std::array::from_fn(|after| i64::from(month.as_number()) + 1 - i64::from(MONTHS) + after as i64);
    let channels = match (sight.channel, sight.owner) {
        (Some(channel), _) => vec![channel],
        (None, Some(owner)) => {
            let kept = store::channel::list_kept_by(tx, owner.as_bytes())?;
            kept.into_iter().map(ChannelId::from_bytes).collect()
        }
        (None, None) => {
            return Ok(usage::sum_service_uses(tx, (months[0], i64::from(month.as_number())), codes)?);
        }
    };
    let mut rows = Vec::new();
    for channel in sight.among(tx, channels.into_iter().collect::<BTreeSet<_>>())? {
        rows.extend(usage::sum_service_uses_of(tx, months, channel.as_bytes(), codes)?);
    }
    Ok(rows)
}
