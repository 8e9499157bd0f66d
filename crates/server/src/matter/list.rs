//! Lists of matters: those in sight by a filter, and what waits for whoever looks.

use super::advice;
use super::assignment::{self, Person};
use super::met::Met;
use super::service::{Detail, View, acts_as, acts_for, sees, view};
use crate::auth::{Sight, Staff, authorize_role};
use crate::{Error, World};
use domain::division::{DivisionCode, Level};
use domain::id::{ChannelId, MatterId};
use domain::matter::{By, Kind, Mine, Party, Timing};
use domain::org::Operation;
use domain::risk_event::Graded;
use domain::time::BusinessDate;
use store::matter::{Awaited, MatterRow, WaitRow};
use store::{ReadTx, StoreError};

/// Rows read at a time while a page is filled with what is in sight.
pub(super) const CHUNK: i64 = 200;
/// What has its last day within so many days is due soon.
pub(crate) const SOON_DAYS: i32 = 7;
/// Waits that an inbox shows.
const INBOX: i64 = 500;

/// Which matters to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this state of its kind.
    pub state: Option<&'static str>,
    /// About this channel.
    pub channel: Option<ChannelId>,
    /// Ended ones or open ones only.
    pub ended: Option<bool>,
    /// Those of the asker only.
    pub mine: Option<Mine>,
    /// Those that wait for this party.
    pub waits: Option<Party>,
    /// Of this grade; of the kind that has one.
    pub grade: Option<Graded>,
    /// Those of which a last day has passed or comes soon; with `waits`, one of that party.
    pub due: Option<Timing>,
}

impl Filter {
    /// One wait that a matter must have; nothing when any will do.
    fn awaited(&self, today: BusinessDate) -> Option<Awaited> {
        let day = |after: i32| today.plus_days(after).to_string();
        let (from, until) = match self.due {
            None if self.waits.is_none() => return None,
            None => (String::new(), "9999-12-31".to_owned()),
            Some(Timing::Overdue) => ("0".to_owned(), day(0)),
            Some(Timing::Soon) => (day(0), day(SOON_DAYS + 1)),
        };
        Some(Awaited { party: self.waits.map(|party| party.to_string()), from, until })
    }
}

/// Matters in sight, newest first.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    filter: Filter,
    before: Option<MatterId>,
    limit: i64,
) -> Result<Vec<View>, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (staff, ring) = (staff.clone(), world.keys().ring());
    let mut before = before.map_or([u8::MAX; 16], |id| *id.as_bytes());
    let wanted = usize::try_from(limit).unwrap_or_default();
    let today = world.now().business_date();
    let awaited = filter.awaited(today);
    world
        .db()
        .read(move |tx| {
            let (mut found, mut met) = (Vec::new(), Met::default());
            let waits = |view: &View| {
                awaited.as_ref().is_none_or(|awaited| view.waits.iter().any(|wait| awaited.is(wait)))
            };
            let is_graded = |view: &View| {
                filter.grade.is_none_or(|graded| view.risk.as_ref().is_some_and(|risk| graded.is(risk.grade)))
            };
            loop {
                let rows = page(tx, &staff, (filter, awaited.as_ref()), &before)?;
                let Some(last) = rows.last() else { return Ok(found) };
                before = last.id;
                for row in rows {
                    if fits(filter, &row) && sees(tx, &mut met, &staff, &row)? {
                        let view = view(tx, &mut met, &staff, &ring, row, Detail::Line(today))?;
                        found.extend(Some(view).filter(waits).filter(is_graded));
                    }
                    if found.len() == wanted {
                        return Ok(found);
                    }
                }
            }
        })
        .await
}

/// The narrowest stored order that holds what the filter and the sight ask for.
fn page(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    (filter, awaited): (Filter, Option<&Awaited>),
    before: &[u8; 16],
) -> Result<Vec<MatterRow>, StoreError> {
    let ended = filter.ended.map(i64::from);
    match (filter, staff.sight(), awaited) {
        (Filter { mine: Some(Mine::Opened), .. }, ..) => {
            store::matter::list_opened_by(tx, staff.org.as_bytes(), before, CHUNK)
        }
        (Filter { mine: Some(Mine::Acted), .. }, ..) => {
            store::matter::list_acted_by(tx, staff.id.as_bytes(), before, CHUNK)
        }
        (Filter { channel: Some(id), .. }, ..) => {
            store::matter::list_of_channel(tx, id.as_bytes(), before, CHUNK)
        }
        (_, Sight::Own(org), _) => store::matter::list_of_org(tx, org.as_bytes(), before, CHUNK),
        (_, _, Some(awaited)) => store::matter::list_awaiting(tx, awaited, before, CHUNK),
        (Filter { kind: Some(kind), state: Some(state), .. }, ..) => {
            store::matter::list_of_state(tx, kind.as_str(), state, before, CHUNK)
        }
        (Filter { kind: Some(kind), ended: Some(ended), .. }, ..) => {
            store::matter::list_of_kind(tx, kind.as_str(), i64::from(ended), before, CHUNK)
        }
        (Filter { kind: Some(kind), ended: None, .. }, ..) => {
            let mut rows = store::matter::list_of_kind(tx, kind.as_str(), 0, before, CHUNK)?;
            rows.extend(store::matter::list_of_kind(tx, kind.as_str(), 1, before, CHUNK)?);
            rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
            rows.truncate(usize::try_from(CHUNK).unwrap_or(usize::MAX));
            Ok(rows)
        }
        (_, Sight::Area(area), _) if area == DivisionCode::NATIONAL => match ended {
            Some(ended) => store::matter::list_of_end(tx, ended, before, CHUNK),
            None => store::matter::list(tx, before, CHUNK),
        },
        (_, Sight::Area(area), _) => {
            store::matter::list_of_regions(tx, &touching(area), ended, before, CHUNK)
        }
    }
}

/// Patterns of the regions that overlap an area: those that hold it, and those within it.
fn touching(area: DivisionCode) -> [String; 4] {
    let whole = |division: DivisionCode| format!("%,{division},%");
    let code = area.to_string();
    let within = match area.level() {
        Level::National => "",
        Level::Province => &code[..2],
        Level::Prefecture => &code[..4],
        Level::County => &code,
    };
    [whole(DivisionCode::NATIONAL), whole(area.province()), whole(area.prefecture()), format!("%,{within}%")]
}

fn fits(filter: Filter, row: &MatterRow) -> bool {
    filter.kind.is_none_or(|kind| kind.as_str() == row.kind)
        && filter.state.is_none_or(|state| state == row.state)
        && filter.channel.is_none_or(|id| row.channel_id == Some(*id.as_bytes()))
        && filter.ended.is_none_or(|ended| i64::from(ended) == row.ended)
}

/// Something that waits for the asker's office.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The matter.
    pub view: View,
    /// What is waited for.
    pub wait: WaitRow,
    /// In whose hands the office has it.
    pub assignee: Option<Person>,
}

/// What waits for the asker's party and what its opinion is asked on, in the order of last days.
///
/// # Errors
/// `staff.role`
pub async fn inbox(world: &World, staff: &Staff) -> Result<Vec<Waiting>, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let Some(by) = acts_as(staff) else { return Ok(Vec::new()) };
    let (staff, ring, today) = (staff.clone(), world.keys().ring(), world.now().business_date());
    world
        .db()
        .read(move |tx| {
            let (mut found, mut met) = (Vec::new(), Met::default());
            let colleagues = assignment::colleagues(tx, &staff)?;
            for (wait, row) in awaited(tx, &mut met, &staff, &by)? {
                let assignee = assignment::holder_in(tx, &staff, &colleagues, &row.id)?;
                let view = view(tx, &mut met, &staff, &ring, row, Detail::Line(today))?;
                found.push(Waiting { view, wait, assignee });
            }
            Ok(found)
        })
        .await
}

/// What waits for the office of somebody, and the matter that it waits in, in the order of last days.
///
/// # Errors
/// The store's.
pub(crate) fn waiting_for(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    by: &By,
) -> Result<Vec<(WaitRow, MatterRow)>, Error> {
    awaited(tx, &mut Met::default(), staff, by)
}

fn awaited(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    staff: &Staff,
    by: &By,
) -> Result<Vec<(WaitRow, MatterRow)>, Error> {
    let area = staff.division.to_string();
    let mut waits = match by.party {
        // Of all owners together there would be more than a list takes.
        Party::Owner => store::matter::list_waits_of_org(tx, staff.org.as_bytes(), INBOX)?,
        party if staff.division == DivisionCode::NATIONAL => {
            store::matter::list_waits_of_party(tx, party.as_str(), "", INBOX)?
        }
        party => store::matter::list_waits_of_party(tx, party.as_str(), &area, INBOX)?,
    };
    if by.party != Party::Owner {
        waits.extend(advice::open_of(tx, by, INBOX)?);
    }
    let never = || "9999-12-31".to_owned();
    waits.sort_by_cached_key(|wait| (wait.due_on.clone().unwrap_or_else(never), wait.since));
    let mut found = Vec::new();
    for wait in waits {
        let row = store::matter::find(tx, &wait.matter_id)?.ok_or_else(Error::not_found)?;
        let mine = by.party != Party::Owner || acts_for(tx, met, staff, &row)?;
        if mine && sees(tx, met, staff, &row)? {
            found.push((wait, row));
        }
    }
    Ok(found)
}
