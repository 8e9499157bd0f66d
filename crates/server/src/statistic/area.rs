//! The figures of a month by where they came about.
//!
//! Invariant: an area's figures are those of its divisions, of one moment, and nobody sees an area that is not theirs: the
//! areas are those right below what somebody sees. Distinct users were counted for each area by itself and are
//! no sum over divisions; over channels they are.

use super::service::{Figures, Sight, day, span};
use crate::auth::{Staff, authorize};
use crate::{Error, World};
use domain::division::DivisionCode;
use domain::id::ChannelId;
use domain::org::Operation;
use domain::statistic::{Delta, Kind};
use domain::time::Month;
use std::collections::{BTreeMap, BTreeSet};
use store::ReadTx;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// The natural month.
    pub month: Month,
    /// Of this channel alone.
    pub channel: Option<ChannelId>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Areas {
    /// Whether the users of the month are counted.
    pub is_closed: bool,
    /// The figures of each area that has any, of all channels asked about together.
    pub areas: BTreeMap<DivisionCode, Figures>,
}

/// The figures of a month by the areas right below what a member of staff sees (CH-22.1).
///
/// # Errors
/// `staff.role`; the store's.
pub async fn areas(world: &World, staff: &Staff, wish: Wish) -> Result<Areas, Error> {
    authorize(staff, Operation::StatisticRead, staff.division)?;
    let sight = Sight { channel: wish.channel, ..Sight::of(staff)? };
    world.db().read(move |tx| look(tx, wish.month, sight)).await
}

type Place = (ChannelId, DivisionCode);
type Counted = BTreeMap<Place, Figures>;

fn look(tx: &mut ReadTx<'_>, month: Month, sight: Sight) -> Result<Areas, Error> {
    let is_closed = day(store::statistic::closed_day(tx)?) >= month.last_day();
    let mut counted = sums(tx, month, sight)?;
    for (place, users) in users(tx, month, sight, is_closed)? {
        counted.entry(place).or_default().active_users = users;
    }
    let channels: BTreeSet<_> = counted.keys().map(|(channel, _)| *channel).collect();
    let seen = sight.among(tx, channels)?;
    let mut areas: BTreeMap<DivisionCode, Figures> = BTreeMap::new();
    for ((_, division), figures) in counted.into_iter().filter(|((channel, _), _)| seen.contains(channel)) {
        // What took place in the division itself lies in none of the areas below it.
        if division != sight.division || unit(sight) == sight.unit() {
            areas.entry(division).or_default().merge(&figures);
        }
    }
    Ok(Areas { is_closed, areas })
}

/// By what the codes of the areas below can be divided.
fn unit(sight: Sight) -> i64 {
    (sight.unit() / 100).max(1)
}

/// What can be added up, by channel and area.
fn sums(tx: &mut ReadTx<'_>, month: Month, sight: Sight) -> Result<Counted, Error> {
    let (low, high) = sight.codes();
    let (first, last) = (month.first_day(), month.last_day());
    let days = (i64::from(first.as_days()), i64::from(last.as_days()));
    let mut counted = Counted::new();
    for row in store::statistic::sum_by_area(tx, days, (&low, &high), unit(sight))? {
        let kind = row.kind.parse().map_err(|_| Error::internal("a stored kind of counter is unknown"))?;
        let place = (ChannelId::from_bytes(row.channel_id), row.division.parse()?);
        counted.entry(place).or_default().add(kind, row.value);
    }
    for row in store::statistic::list_deltas(tx)? {
        for (key, value) in Delta::decode(&row.delta)?.iter() {
            if sight.division.covers(key.division) && (first..=last).contains(&key.day) {
                let place = (key.channel, area(key.division, unit(sight))?);
                counted.entry(place).or_default().add(key.kind, value);
            }
        }
    }
    Ok(counted)
}

/// The area of a division.
fn area(division: DivisionCode, unit: i64) -> Result<DivisionCode, Error> {
    let unit = u32::try_from(unit).map_err(|_| Error::internal("no unit of divisions is so large"))?;
    Ok(DivisionCode::new(division.get() / unit * unit)?)
}

/// Distinct users: of a closed month as they were counted then, of an open one as they are now.
fn users(
    tx: &mut ReadTx<'_>,
    month: Month,
    sight: Sight,
    is_closed: bool,
) -> Result<Vec<(Place, i64)>, Error> {
    let (low, high) = sight.codes();
    let first = i64::from(month.first_day().as_days());
    let unit = unit(sight);
    let rows = if is_closed {
        let kind = Kind::ActiveUserMonth.as_str();
        let rows = store::statistic::list_of_areas(tx, first, (&low, &high), (kind, unit))?;
        rows.into_iter().map(|row| (row.channel_id, row.division, row.value)).collect()
    } else {
        let rows = store::statistic::count_users(tx, span(month.first_day(), month.last_day()), unit)?;
        let code = |area: i64| format!("{:06}", area * unit);
        let rows = rows.into_iter().map(|row| (row.channel_id, code(row.area), row.users));
        rows.filter(|(_, code, _)| (low.as_str()..=high.as_str()).contains(&code.as_str()))
            .collect::<Vec<_>>()
    };
    rows.into_iter()
        .map(|(channel, code, users)| Ok(((ChannelId::from_bytes(channel), code.parse()?), users)))
        .collect()
}
