//! Writing what was counted, reading it, forgetting it.

use super::meter::{Counts, Kind};
use crate::auth::{Staff, authorize_role};
use crate::{Error, World};
use domain::id::{ChannelId, KeyId};
use domain::key::KeyUsage;
use domain::org::Operation;
use domain::parameter::Name;
use domain::time::{BusinessDate, Timestamp};
use domain::traffic::{Figures, Funnel, Latency};
use std::collections::BTreeMap;
use store::traffic::{EndedRow, KeyRow};

/// How often each signing key of a channel was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTraffic {
    /// The business day that `today` means.
    pub today: BusinessDate,
    /// Every signing key of the channel, ended ones included, in the order of their versions.
    pub keys: Vec<KeyUse>,
}

/// How often a key was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// The key.
    pub key: KeyId,
    /// Calls today, until they were last written.
    pub today: i64,
    /// Calls on the day before.
    pub yesterday: i64,
    /// The last call, if one is kept.
    pub last_at: Option<Timestamp>,
}

/// What the requests of a channel looked like over some days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// By day; one without a request is left out.
    pub days: BTreeMap<BusinessDate, Figures>,
    /// By operation, method and path.
    pub operations: BTreeMap<String, Figures>,
    /// How many were not answered as was asked, by status and the error's code.
    pub codes: BTreeMap<(u16, String), i64>,
    /// What became of the claims among them.
    pub issuance: Funnel,
}

/// The operation by which an e-card is issued.
const CLAIM: &str = "POST /api/v1/ecards";

/// Adds what was counted since the last time to what is kept. Done every minute while serving and once more at the end.
///
/// # Errors
/// The store's; what was counted waits for the next time.
pub async fn flush(world: &World) -> Result<(), Error> {
    let counts = world.traffic().take();
    if counts.is_empty() {
        return Ok(());
    }
    let (keys, ended) = (of_each_key(&counts), by_ending(&counts, world.name().prefix()));
    let written = world
        .db()
        .write(move |tx| {
            tx.unaudited("figures of operation");
            store::traffic::add_keys(tx, &keys)?;
            store::traffic::add_ended(tx, &ended)
        })
        .await;
    if written.is_err() {
        world.traffic().put_back(counts);
    }
    Ok(written.map(drop)?)
}

/// Rows in one order for all servers, so that two of them wait for each other and never crosswise.
fn of_each_key(counts: &Counts) -> Vec<KeyRow> {
    let mut rows: BTreeMap<_, KeyRow> = BTreeMap::new();
    for (Kind { channel, key, day, .. }, count) in counts {
        let row = rows.entry((*channel, *key, *day)).or_insert(KeyRow {
            channel_id: *channel.as_bytes(),
            key_id: *key.as_bytes(),
            day: i64::from(*day),
            calls: 0,
            last_at: count.last_at,
        });
        row.calls += count.calls;
        row.last_at = row.last_at.max(count.last_at);
    }
    rows.into_values().collect()
}

/// As [`of_each_key`]; an operation is named without the prefix of its world.
fn by_ending(counts: &Counts, prefix: &str) -> Vec<EndedRow> {
    let mut rows: BTreeMap<EndedRow, i64> = BTreeMap::new();
    for (Kind { channel, day, operation, ended, .. }, count) in counts {
        let path = operation.path().strip_prefix(prefix).unwrap_or(operation.path());
        let row = EndedRow {
            channel_id: *channel.as_bytes(),
            day: i64::from(*day),
            operation: format!("{} {path}", operation.method()),
            status: i64::from(ended.status),
            code: ended.code.to_owned(),
            latency: ended.latency.number(),
            calls: 0,
        };
        *rows.entry(row).or_default() += count.calls;
    }
    rows.into_iter().map(|(row, calls)| EndedRow { calls, ..row }).collect()
}

/// How often each signing key of a channel in sight was used today and yesterday, and when last.
///
/// # Errors
/// `staff.role`; `resource.not_found`
pub async fn of_keys(world: &World, staff: &Staff, id: ChannelId) -> Result<KeyTraffic, Error> {
    authorize_role(staff, Operation::ChannelList)?;
    let (sight, today) = (staff.sight(), world.now().business_date());
    world
        .db()
        .read(move |tx| {
            let row = crate::channel::service::in_sight(tx, sight, id)?;
            let counted = store::traffic::list_keys(tx, &row.id, i64::from(today.as_days()))?;
            let mut keys = store::key::list_owned(tx, &row.id)?;
            keys.retain(|key| key.usage == KeyUsage::Caller.as_str());
            let used = keys.iter().map(|key| {
                let calls = counted.iter().find(|calls| calls.key_id == key.id);
                KeyUse {
                    key: KeyId::from_bytes(key.id),
                    today: calls.map_or(0, |calls| calls.today),
                    yesterday: calls.map_or(0, |calls| calls.yesterday),
                    last_at: calls.map(|calls| Timestamp::from_micros(calls.last_at)),
                }
            });
            Ok(KeyTraffic { today, keys: used.collect() })
        })
        .await
}

/// What the requests of a channel in sight looked like on the days `from` to `to`.
///
/// # Errors
/// `staff.role`; `resource.not_found`
pub async fn of_channel(
    world: &World,
    staff: &Staff,
    id: ChannelId,
    (from, to): (BusinessDate, BusinessDate),
) -> Result<Traffic, Error> {
    authorize_role(staff, Operation::StatisticRead)?;
    let sight = staff.sight();
    let days = (i64::from(from.as_days()), i64::from(to.as_days()));
    let rows = world
        .db()
        .read(move |tx| {
            let channel = crate::channel::service::in_sight(tx, sight, id)?;
            Ok::<_, Error>(store::traffic::list_ended(tx, &channel.id, days)?)
        })
        .await?;
    let mut traffic = Traffic::default();
    for row in rows {
        traffic.add(row)?;
    }
    Ok(traffic)
}

impl Traffic {
    fn add(&mut self, row: EndedRow) -> Result<(), Error> {
        let unreadable = || Error::internal("a row of traffic cannot be read");
        let status = u16::try_from(row.status).map_err(|_| unreadable())?;
        let latency = Latency::numbered(row.latency).ok_or_else(unreadable)?;
        let day = BusinessDate::from_days(i32::try_from(row.day).map_err(|_| unreadable())?);
        self.days.entry(day).or_default().add(status, latency, row.calls);
        if row.operation == CLAIM {
            self.issuance.add(status, &row.code, row.calls);
        }
        self.operations.entry(row.operation).or_default().add(status, latency, row.calls);
        if !row.code.is_empty() {
            *self.codes.entry((status, row.code)).or_default() += row.calls;
        }
        Ok(())
    }
}

/// Forgets the days that are older than is kept, one in a transaction.
///
/// # Errors
/// The store's.
pub async fn forget(world: &World) -> Result<(), Error> {
    let today = i64::from(world.now().business_date().as_days());
    let first_kept = today - world.parameter(Name::TrafficRetention);
    while let Some(oldest) = world.db().read(store::traffic::oldest_day).await? {
        if oldest >= first_kept {
            break;
        }
        world
            .db()
            .write(move |tx| {
                tx.unaudited("figures of operation past their time");
                store::traffic::forget_day(tx, oldest)
            })
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::meter::Count;
    use crate::traffic::meter::tests::kind;

    #[test]
    fn what_differs_in_its_ending_alone_is_one_row_of_its_key_and_two_of_the_channel() {
        let counts: Counts = [(kind(1, 200), 5, 10), (kind(1, 403), 2, 30), (kind(2, 200), 1, 20)]
            .map(|(kind, calls, last_at)| (kind, Count { calls, last_at }))
            .into();
        let keys = of_each_key(&counts);
        assert_eq!(keys.iter().map(|row| (row.calls, row.last_at)).collect::<Vec<_>>(), [(7, 30), (1, 20)]);
        let ended = by_ending(&counts, "");
        assert_eq!(ended.iter().map(|row| (row.status, row.calls)).collect::<Vec<_>>(), [(200, 6), (403, 2)]);
    }
}
