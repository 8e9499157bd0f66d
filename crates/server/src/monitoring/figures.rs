//! The figures of same-entity groups, month by month.

use crate::Error;
use crate::channel::from_row;
use domain::channel::{Channel, Level, Phase, Relation};
use domain::id::{ChannelId, OrgId};
use domain::monitoring::{Commitment, Figures, Measure, MonthFigures, QuarterFigures};
use domain::statistic::{Delta, Kind};
use domain::time::{BusinessDate, Month, Timestamp};
use std::collections::BTreeMap;
use store::ReadTx;

/// Channels read at a time.
const CHUNK: i64 = 500;
/// Every division of the country.
const COUNTRY: (&str, &str) = ("000000", "999999");
/// The country as a division.
const NATION: &str = "000000";

/// A same-entity group (CH-23.0b).
#[derive(Debug, Clone)]
pub struct Group {
    /// Its level-1 channel, or the different-entity channel that stands alone.
    pub head: Channel,
    /// The level-2 channels of the same entity.
    pub members: Vec<ChannelId>,
    /// Every level-2 channel of the head that has gone live, of whichever entity.
    pub level_two: Vec<Channel>,
}

impl Group {
    /// The owner of its head.
    #[must_use]
    pub fn owner(&self) -> OrgId {
        self.head.owner
    }

    /// The day it went live, while it serves the public.
    #[must_use]
    pub fn live_on(&self) -> Option<BusinessDate> {
        let serves = matches!(self.head.phase, Phase::Live | Phase::Leaving);
        self.head.live_at.filter(|_| serves).map(Timestamp::business_date)
    }

    fn channels(&self) -> impl Iterator<Item = ChannelId> + '_ {
        std::iter::once(self.head.id).chain(self.members.iter().copied())
    }
}

/// Every group, whatever its phase.
///
/// # Errors
/// The store's.
pub fn groups(tx: &mut ReadTx<'_>) -> Result<Vec<Group>, Error> {
    let mut channels = Vec::new();
    let mut after = Vec::new();
    loop {
        let rows = store::channel::list(tx, &after, CHUNK)?;
        let Some(last) = rows.last() else { break };
        after = last.id.to_vec();
        for row in &rows {
            channels.push(from_row(row)?);
        }
    }
    let stands_alone =
        |channel: &&Channel| channel.level == Level::One || channel.relation != Some(Relation::SameEntity);
    let below = |head: ChannelId| channels.iter().filter(move |other| other.parent == Some(head));
    let group = |head: &Channel| Group {
        head: head.clone(),
        members: below(head.id)
            .filter(|other| other.relation == Some(Relation::SameEntity))
            .map(|other| other.id)
            .collect(),
        level_two: below(head.id).filter(|other| other.live_at.is_some()).cloned().collect(),
    };
    Ok(channels.iter().filter(stands_alone).map(group).collect())
}

/// The counters of some months, by channel.
#[derive(Debug, Default)]
pub struct Counters {
    from: Option<Month>,
    sums: BTreeMap<(ChannelId, Month, Kind), i64>,
    before: BTreeMap<ChannelId, i64>,
    active: BTreeMap<(ChannelId, Month), i64>,
}

impl Counters {
    /// The counters of the months `from` to `to`, and the issuances before them.
    ///
    /// # Errors
    /// The store's; internal for a counter that cannot be read.
    pub fn read(tx: &mut ReadTx<'_>, from: Month, to: Month) -> Result<Self, Error> {
        let mut found = Self { from: Some(from), ..Self::default() };
        let days = (i64::from(from.first_day().as_days()), i64::from(to.last_day().as_days()));
        for row in store::statistic::sum(tx, days, COUNTRY)? {
            let kind =
                row.kind.parse().map_err(|_| Error::internal("a stored kind of counter is unknown"))?;
            found.add(ChannelId::from_bytes(row.channel_id), month(row.day), kind, row.value);
        }
        let issuance = Kind::Issuance.as_str();
        for (channel, value) in store::statistic::sum_before(tx, days.0, COUNTRY, issuance)? {
            found.before.insert(ChannelId::from_bytes(channel), value);
        }
        for row in store::statistic::list_deltas(tx)? {
            for (key, value) in Delta::decode(&row.delta)?.iter() {
                let day = i64::from(key.day.as_days());
                if (days.0..=days.1).contains(&day) {
                    found.add(key.channel, key.day.month(), key.kind, value);
                } else if day < days.0 && key.kind == Kind::Issuance {
                    *found.before.entry(key.channel).or_default() += value;
                }
            }
        }
        let kind = Kind::ActiveUserGroupMonth.as_str();
        for row in store::statistic::list(tx, days, NATION, kind)? {
            found.active.insert((ChannelId::from_bytes(row.channel_id), month(row.day)), row.value);
        }
        Ok(found)
    }

    fn add(&mut self, channel: ChannelId, month: Month, kind: Kind, value: i64) {
        *self.sums.entry((channel, month, kind)).or_default() += value;
    }

    fn sum(&self, group: &Group, month: Month, kind: Kind) -> u64 {
        let one = |channel| self.sums.get(&(channel, month, kind)).copied().unwrap_or_default();
        positive(group.channels().map(one).sum())
    }

    fn active(&self, group: &Group, month: Month) -> u64 {
        positive(self.active.get(&(group.head.id, month)).copied().unwrap_or_default())
    }

    /// The figures of a group in the months that were read, until `last`.
    #[must_use]
    pub fn months(&self, group: &Group, last: Month) -> Vec<MonthFigures> {
        let before = |channel: ChannelId| self.before.get(&channel).copied().unwrap_or_default();
        let mut cumulative = positive(group.channels().map(before).sum());
        let months = std::iter::successors(self.from, |month| Some(month.plus(1)));
        months
            .take_while(|month| *month <= last)
            .map(|month| {
                let issuance = self.sum(group, month, Kind::Issuance);
                cumulative = cumulative.saturating_add(issuance);
                MonthFigures { month, issuance, active: self.active(group, month), cumulative }
            })
            .collect()
    }

    /// The figures of a group in `count` quarters that end with the month `last`.
    #[must_use]
    pub fn quarters(&self, group: &Group, last: Month, count: usize, commitment: Commitment) -> Figures {
        let kind = match commitment.measure {
            Measure::Issuance => Kind::Issuance,
            Measure::Usage => Kind::Use,
        };
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let quarter = |ago: i32| {
            let from = last.plus(-2 - 3 * ago);
            let months = [0, 1, 2].map(|place| from.plus(place));
            QuarterFigures {
                from,
                amount: months.iter().map(|month| self.sum(group, *month, kind)).sum(),
                active: months.map(|month| self.active(group, month)),
            }
        };
        Figures::Quarters { quarters: (0..count).rev().map(quarter).collect(), commitment }
    }
}

fn month(day: i64) -> Month {
    BusinessDate::from_days(i32::try_from(day).unwrap_or(i32::MAX)).month()
}

/// Counters of what happened are never negative.
fn positive(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}
