//! Figures of the sandbox that nobody's use has brought about: how a clerk or a channel's engineer tries what happens to
//! a channel that declines (CH-23), without a million holders.
//!
//! Invariant: production has none. They belong to the month that runs, so that no closed figure changes; once recorded
//! they count like any other.

use super::service::{UNITS, counter, users_row};
use crate::auth::{Staff, authorize_role};
use crate::{Error, World, WorldName};
use domain::audit::Record;
use domain::org::Operation;
use domain::statistic::{Kind, Rehearsal};
use domain::time::BusinessDate;
use std::collections::BTreeMap;
use store::ReadTx;
use store::statistic::usage::ServiceUseRow;
use store::statistic::{CounterRow, UsersRow};

/// Records all of them or none.
///
/// # Errors
/// In order: `staff.role`; `resource.not_found` in production or for a channel that does not exist;
/// `statistic.month`.
pub async fn record(world: &World, staff: &Staff, rehearsals: Vec<Rehearsal>) -> Result<(), Error> {
    authorize_role(staff, Operation::StatisticRehearse)?;
    if world.name() == WorldName::Production {
        return Err(Error::not_found());
    }
    let (actor, now) = (staff.actor(), world.now());
    world
        .db()
        .write(move |tx| {
            for (place, one) in rehearsals.iter().enumerate() {
                let at = |field: &str| format!("/figures/{place}/{field}");
                store::channel::find(tx, one.channel.as_bytes())?
                    .ok_or_else(|| Error::not_found().at(&at("channel_id")))?;
                let additions = one
                    .additions(now.business_date())
                    .map_err(|refusal| Error::field(&at("month"), &refusal))?;
                for (key, by) in additions {
                    store::statistic::add(tx, &counter(&key, by))?;
                }
                // What is rehearsed is a whole month.
                let first_day = i64::from(one.month.first_day().as_days());
                store::statistic::usage::begin_service_uses(tx, first_day)?;
                for (service, uses) in one.services.iter().filter(|(_, uses)| *uses > 0) {
                    store::statistic::usage::add_service_use(
                        tx,
                        &ServiceUseRow {
                            month: i64::from(one.month.as_number()),
                            channel_id: *one.channel.as_bytes(),
                            division: one.division.to_string(),
                            service: service.to_string(),
                            uses: *uses,
                        },
                    )?;
                }
            }
            tx.audit(&Record::done(now, actor, "statistic.rehearsed"));
            Ok::<_, Error>(())
        })
        .await
}

/// Adds the rehearsed users of the month that begins on `first` to the rows of its close.
pub(super) fn count(
    tx: &mut ReadTx<'_>,
    first: BusinessDate,
    rows: &mut Vec<CounterRow>,
) -> Result<(), Error> {
    let rehearsed =
        store::statistic::list_rehearsed(tx, i64::from(first.as_days()), Kind::ActiveUserRehearsed.as_str())?;
    if rehearsed.is_empty() {
        return Ok(());
    }
    let mut all: BTreeMap<_, _> = std::mem::take(rows).into_iter().map(|row| (place(&row), row)).collect();
    let mut add = |row: CounterRow| {
        let value = row.value;
        all.entry(place(&row)).or_insert(CounterRow { value: 0, ..row }).value += value;
    };
    for one in rehearsed {
        let code: i64 =
            one.division.parse().map_err(|_| Error::internal("a stored division is no number"))?;
        let users = |channel_id, area| UsersRow { channel_id, area, users: one.value };
        let areas: BTreeMap<i64, i64> = UNITS.iter().map(|unit| (code / unit * unit, *unit)).collect();
        for (area, unit) in areas {
            add(users_row(&users(one.channel_id, area / unit), unit, first, Kind::ActiveUserMonth));
        }
        let head = store::statistic::head_of_group(tx, &one.channel_id)?;
        add(users_row(&users(head, 0), UNITS[3], first, Kind::ActiveUserGroupMonth));
    }
    rows.extend(all.into_values());
    Ok(())
}

fn place(row: &CounterRow) -> (i64, [u8; 16], String, String) {
    (row.day, row.channel_id, row.division.clone(), row.kind.clone())
}
