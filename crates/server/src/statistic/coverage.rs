//! Who has a card and who has its electronic form (ND-4.1 to ND-4.5), counted once a day.
//!
//! Invariant: a day is counted once, whichever process does it, some shards at a time, so that no transaction looks at the
//! whole registry; a day on which no server ran has no count. Nobody sees an area that is not theirs.

use super::service::{CLOSE_AFTER_SECONDS, day};
use crate::auth::{Staff, authorize};
use crate::{Error, World};
use domain::division::DivisionCode;
use domain::identity::Shard;
use domain::org::Operation;
use domain::statistic::coverage::{Count, Coverage, MARKS, Mark, Progress};
use domain::time::{BusinessDate, Month};
use std::collections::BTreeMap;
use store::ReadTx;
use store::statistic::CoverageRow;

/// Shards counted in one transaction.
const SLICE: u16 = 64;
/// Months that are told beside the newest count.
const MONTHS: i32 = 24;
/// The service that makes a place one where the e-card pays.
const PAY: &str = "pay.code";

/// Counts for the day that is over, unless that was done.
///
/// # Errors
/// The store's.
pub async fn count(world: &World) -> Result<(), Error> {
    let over = world.now().plus_seconds(-CLOSE_AFTER_SECONDS).business_date().plus_days(-1);
    let over = i64::from(over.as_days());
    let before = world.db().read(store::statistic::coverage_day).await?;
    if before >= over {
        return Ok(());
    }
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for first in (0..Shard::COUNT).step_by(usize::from(SLICE)) {
        let slice = (i64::from(first), i64::from(first + SLICE - 1));
        let (holders, ecards) = world
            .db()
            .read(move |tx| {
                Ok::<_, Error>((
                    store::statistic::count_holders(tx, slice)?,
                    store::statistic::count_ecards(tx, slice)?,
                ))
            })
            .await?;
        let holders = holders.into_iter().map(|(division, holders)| (division, Count { holders, ecards: 0 }));
        let ecards = ecards.into_iter().map(|(division, ecards)| (division, Count { holders: 0, ecards }));
        for (division, more) in holders.chain(ecards) {
            let count = counts.entry(division).or_default();
            *count = count.and(more);
        }
    }
    let row = |(division, count): (String, Count)| CoverageRow {
        day: over,
        division,
        holders: count.holders,
        ecards: count.ecards,
    };
    let rows: Vec<_> = counts.into_iter().map(row).collect();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("figures counted from rows that stay");
            // Another process may have counted meanwhile.
            if store::statistic::lock_coverage_day(tx)? == before {
                for row in &rows {
                    store::statistic::insert_coverage(tx, row)?;
                }
                store::statistic::set_coverage_day(tx, over)?;
            }
            Ok::<_, Error>(())
        })
        .await
}

/// What a member of staff sees of it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The area.
    pub division: DivisionCode,
    /// The newest count.
    pub coverage: Coverage,
    /// The last count of each of the last months, oldest first.
    pub months: Vec<(Month, Count)>,
    /// How far the area has come to each mark.
    pub marks: Vec<(&'static Mark, Progress)>,
}

/// The newest count of what a member of staff sees, and how it came to that.
///
/// # Errors
/// `staff.role`; the store's.
pub async fn coverage(world: &World, staff: &Staff) -> Result<Seen, Error> {
    authorize(staff, Operation::CoverageRead, staff.division)?;
    let division = staff.division;
    world.db().read(move |tx| look(tx, division)).await
}

fn look(tx: &mut ReadTx<'_>, division: DivisionCode) -> Result<Seen, Error> {
    let newest = store::statistic::coverage_day(tx)?;
    let on = (newest > 0).then(|| day(newest));
    let rows = store::statistic::list_coverage(tx, newest, division)?;
    let of = |row: &CoverageRow| Ok((row.division.parse()?, count_of(row)));
    let counts = rows.iter().map(of).collect::<Result<_, Error>>()?;
    let coverage = Coverage { on, counts };
    let paying = store::service::list_open_divisions(tx, PAY)?;
    let paying = paying.iter().map(|code| Ok(code.parse()?)).collect::<Result<Vec<DivisionCode>, Error>>()?;
    let marks = MARKS.iter().filter(|mark| mark.demand.concerns(division));
    let marks = marks.map(|mark| (mark, coverage.progress(mark, division, &paying))).collect();
    let months = on.map_or(Ok(Vec::new()), |on| months(tx, on, division))?;
    Ok(Seen { division, coverage, months, marks })
}

/// The last count of each month, of the newest and those before it.
fn months(tx: &mut ReadTx<'_>, on: BusinessDate, area: DivisionCode) -> Result<Vec<(Month, Count)>, Error> {
    let first = on.month().plus(1 - MONTHS).first_day();
    let days = store::statistic::list_coverage_days(tx, i64::from(first.as_days()))?;
    let last: BTreeMap<Month, i64> = days.into_iter().map(|number| (day(number).month(), number)).collect();
    let count = |(month, last)| {
        let rows = store::statistic::list_coverage(tx, last, area)?;
        Ok((month, rows.iter().map(count_of).fold(Count::default(), Count::and)))
    };
    last.into_iter().map(count).collect()
}

fn count_of(row: &CoverageRow) -> Count {
    Count { holders: row.holders, ecards: row.ecards }
}
