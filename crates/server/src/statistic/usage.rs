//! Uses by application and month: counted for every day that is over, from the uses themselves, and told to whoever sees them.
//!
//! Invariant: no request does any of this. A day is counted once, whichever process does it; an installation that is upgraded
//! counts from its oldest use on.

use super::service::{CLOSE_AFTER_SECONDS, Sight, day, span};
use crate::auth::{Staff, authorize};
use crate::{Error, World};
use domain::id::ChannelId;
use domain::org::Operation;
use domain::statistic::usage::{Usage, Used};
use domain::time::{BusinessDate, Month, Timestamp};
use std::collections::BTreeSet;
use store::ReadTx;
use store::statistic::usage::{self, ServiceUseRow};

/// Days counted in one transaction.
const TOGETHER: i64 = 7;
/// Months that are told: the one asked for, and the year that led to it.
const MONTHS: i32 = 13;

/// Counts every day that is over and not counted.
///
/// # Errors
/// The store's.
pub async fn count(world: &World) -> Result<(), Error> {
    let over = world.now().plus_seconds(-CLOSE_AFTER_SECONDS).business_date().plus_days(-1);
    let over = i64::from(over.as_days());
    while let Some((before, upto, rows)) = world.db().read(move |tx| next(tx, over)).await? {
        world
            .db()
            .write(move |tx| {
                tx.unaudited("figures counted from rows that stay");
                // Another process may have counted meanwhile.
                if usage::lock_service_use_day(tx)? == before {
                    for row in &rows {
                        usage::add_service_use(tx, row)?;
                    }
                    usage::set_service_use_day(tx, upto)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(())
}

/// The mark as it was, the mark as it will be, and what is added between.
type Counting = (i64, i64, Vec<ServiceUseRow>);

/// The next days to count, none when all that are over are counted.
fn next(tx: &mut ReadTx<'_>, over: i64) -> Result<Option<Counting>, Error> {
    let before = usage::service_use_day(tx)?;
    if before >= over {
        return Ok(None);
    }
    let first = match before {
        0 => usage::oldest_use_at(tx)?
            .map_or(over, |at| i64::from(Timestamp::from_micros(at).business_date().as_days()).min(over)),
        before => before + 1,
    };
    let upto = over.min(first + TOGETHER - 1);
    let mut rows = Vec::new();
    for number in first..=upto {
        let day = day(number);
        let month = i64::from(day.month().as_number());
        rows.extend(usage::count_service_uses(tx, month, span(day, day))?);
    }
    Ok(Some((before, upto, rows)))
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
    world.db().read(move |tx| look(tx, wish.month, sight)).await
}

fn look(tx: &mut ReadTx<'_>, month: Month, sight: Sight) -> Result<Found, Error> {
    let marked = usage::service_use_day(tx)?;
    let counted = (marked > 0).then(|| day(marked));
    let (low, high) = sight.codes();
    let first = month.plus(1 - MONTHS);
    let months = (i64::from(first.as_number()), i64::from(month.as_number()));
    let rows = usage::sum_service_uses(tx, months, (&low, &high))?;
    let channels: BTreeSet<_> = rows.iter().map(|row| ChannelId::from_bytes(row.channel_id)).collect();
    let seen = sight.among(tx, channels)?;
    let mut used = Usage::default();
    for row in rows.iter().filter(|row| seen.contains(&ChannelId::from_bytes(row.channel_id))) {
        let at = i32::try_from(row.month).map_err(|_| Error::internal("a stored month is out of range"))?;
        let service = row.service.parse().map_err(|_| Error::internal("a stored service is no code"))?;
        used.add(service, Month::from_number(at), row.uses);
    }
    let is_counted = counted.is_some_and(|day| day >= month.last_day());
    Ok(Found {
        counted,
        months: (1 - MONTHS..=0).map(|after| month.plus(after)).collect(),
        services: used.of(month, MONTHS, is_counted),
    })
}
