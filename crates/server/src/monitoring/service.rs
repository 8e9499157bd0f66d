//! The monthly close, the evaluations that fall due, and the figures for a chart.

use super::figures::{Counters, Group, groups};
use crate::auth::{Staff, authorize_role};
use crate::key::Ring;
use crate::matter::{Course, Desk, New, body, neighbour, service::sees_channel};
use crate::{Error, World};
use domain::application::Application;
use domain::channel::{Class, Phase};
use domain::filing;
use domain::id::{ChannelId, MatterId, OrgId};
use domain::matter::{Kind, Refusal};
use domain::monitoring::{
    self, Commitment, Figures, Fulfilment, Monitoring, MonthFigures, QuarterFigures, Thresholds, Trigger,
};
use domain::org::Operation;
use domain::parameter::Parameters;
use domain::refusal::Refuse;
use domain::time::{BusinessDate, Month};
use store::ReadTx;
use store::matter::MatterRow;

/// Matters read at a time.
const CHUNK: i64 = 200;

/// Measures the month that was closed last, once: opens a monitoring for every group that falls short of a rule, and
/// demands the reports on level-2 channels; how many matters it opened.
///
/// # Errors
/// The store's.
pub async fn close_month(world: &World) -> Result<usize, Error> {
    let last = world.now().business_date().month().plus(-1);
    let ring = world.keys().ring();
    let Some(found) = world.db().read(move |tx| due(tx, &ring, last)).await? else { return Ok(0) };
    let mut opened = 0;
    for wanted in found {
        opened += usize::from(open(world, wanted).await?);
    }
    world
        .db()
        .write(move |tx| {
            tx.unaudited("how far the figures were measured");
            if store::monitoring::lock_closed_month(tx)? < i64::from(last.as_number()) {
                store::monitoring::set_closed_month(tx, i64::from(last.as_number()))?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(opened)
}

/// A matter that the close of a month opens.
struct Wanted {
    kind: Kind,
    channel: ChannelId,
    owner: OrgId,
    opening: String,
}

/// What the close of `last` opens; nothing when it was done, or when its users are not counted yet.
fn due(tx: &mut ReadTx<'_>, ring: &Ring, last: Month) -> Result<Option<Vec<Wanted>>, Error> {
    let is_counted = is_counted(tx, last)?;
    let done = store::monitoring::closed_month(tx)?;
    if !is_counted || done >= i64::from(last.as_number()) {
        return Ok(None);
    }
    let quarter = last_of_quarter(last);
    let is_quarter_new = done < i64::from(quarter.as_number());
    let parameters = crate::parameter::service::in_force(tx)?;
    let today = last.last_day().plus_days(1);
    let thresholds = Thresholds::new(&parameters, today);
    let counters = Counters::read(tx, first_needed(quarter, &thresholds), last)?;
    let mut wanted = Vec::new();
    for group in groups(tx)? {
        let Some(live_on) = group.live_on() else { continue };
        let figures = months(&counters, &group, last, &thresholds);
        if !figures.triggers(live_on, &thresholds).is_empty() {
            wanted.push(monitoring(&group, figures)?);
        }
        if let Some(commitment) = commitment(tx, ring, &group, is_quarter_new)? {
            let figures = counters.quarters(&group, quarter, thresholds.quarters(), commitment);
            if !figures.triggers(live_on, &thresholds).is_empty() {
                wanted.push(monitoring(&group, figures)?);
            }
        }
        wanted.extend(filing(&group, last, &parameters)?);
    }
    Ok(Some(wanted))
}

/// The last month of the quarter that was closed last when `last` was.
pub(super) fn last_of_quarter(last: Month) -> Month {
    last.plus(-last.plus(1).as_number().rem_euclid(3))
}

/// What a group is measured by at the end of a quarter: the promise of a channel of class 社会 (CH-23.2, CH-F2.10).
pub(super) fn commitment(
    tx: &mut ReadTx<'_>,
    ring: &Ring,
    group: &Group,
    is_quarter_new: bool,
) -> Result<Option<Commitment>, Error> {
    if !is_quarter_new || group.head.class != Class::Social {
        return Ok(None);
    }
    let (mut known, mut before) = (Vec::new(), [u8::MAX; 16]);
    loop {
        let rows = store::matter::list_of_channel(tx, group.head.id.as_bytes(), &before, CHUNK)?;
        let Some(last) = rows.last() else { return Ok(Application::baseline(&known)) };
        before = last.id;
        for row in rows.iter().filter(|row| row.kind == Kind::Application.as_str()) {
            known.push(neighbour(ring, row)?);
        }
    }
}

fn is_counted(tx: &mut ReadTx<'_>, last: Month) -> Result<bool, Error> {
    Ok(store::statistic::closed_day(tx)? >= i64::from(last.last_day().as_days()))
}

/// The first month that an evaluation at the end of `last` may look at.
pub(super) fn first_needed(last: Month, thresholds: &Thresholds) -> Month {
    let months = thresholds.months().max(thresholds.quarters().saturating_mul(3));
    last.plus(1_i32.saturating_sub(i32::try_from(months).unwrap_or(i32::MAX)))
}

/// The months that a rule looks at, which are the last ones.
pub(super) fn months(counters: &Counters, group: &Group, last: Month, thresholds: &Thresholds) -> Figures {
    let months = counters.months(group, last);
    let skipped = months.len().saturating_sub(thresholds.months());
    Figures::Months { months: months[skipped..].to_vec() }
}

fn monitoring(group: &Group, figures: Figures) -> Result<Wanted, Error> {
    Ok(Wanted {
        kind: Kind::Monitoring,
        channel: group.head.id,
        owner: group.owner(),
        opening: write(&monitoring::Opening { figures })?,
    })
}

/// The report on the level-2 channels that were live in the month (CH-11.4d).
fn filing(group: &Group, last: Month, parameters: &Parameters) -> Result<Option<Wanted>, Error> {
    let live = |at: domain::time::Timestamp| at.business_date() <= last.last_day();
    let channels: Vec<_> = group
        .level_two
        .iter()
        .filter(|channel| channel.phase.is_connected() && channel.live_at.is_some_and(live))
        .map(|channel| channel.number)
        .collect();
    let Some(demanded) = filing::Opening::demanded(last, channels, parameters) else { return Ok(None) };
    let opening = write(&demanded)?;
    Ok(Some(Wanted { kind: Kind::Filing, channel: group.head.id, owner: group.owner(), opening }))
}

fn write(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::internal(error.to_string()))
}

/// Opens a matter for the platform; `false` when another server did, or one of its kind is open.
async fn open(world: &World, wanted: Wanted) -> Result<bool, Error> {
    let desk = Desk::platform(world);
    let new = New { kind: wanted.kind, channel: Some(wanted.channel), parent: None, owner: wanted.owner };
    let opening = wanted.opening;
    let opened = world.db().write(move |tx| Course::new(&desk).open(tx, new, &opening).map(|_| true)).await;
    match opened {
        Err(error) if error.code() == Refusal::AlreadyOpen.code() => Ok(false),
        outcome => outcome,
    }
}

/// Evaluates every monitoring that is due: its improvement period is over, or a further month or quarter was closed; how
/// many it evaluated.
///
/// # Errors
/// The store's.
pub async fn follow(world: &World) -> Result<usize, Error> {
    let today = world.now().business_date();
    let ring = world.keys().ring();
    let found = world
        .db()
        .read(move |tx| {
            let mut before = [u8::MAX; 16];
            let mut found = Vec::new();
            loop {
                let rows = store::matter::list_of_kind(tx, Kind::Monitoring.as_str(), 0, &before, CHUNK)?;
                let Some(last) = rows.last() else { break };
                before = last.id;
                for row in rows {
                    // A channel that has left keeps its figures; nobody evaluates them any more.
                    if !serves(tx, &row)? {
                        continue;
                    }
                    let monitoring: Monitoring = serde_json::from_str(&body(&ring, &row)?)
                        .map_err(|error| Error::internal(error.to_string()))?;
                    if monitoring.is_due(today) {
                        found.push((row, monitoring));
                    }
                }
            }
            if found.is_empty() { Ok(Vec::new()) } else { evaluations(tx, found, today) }
        })
        .await?;
    let (mut evaluated, mut failed) = (0, None);
    for (row, input) in found {
        match evaluate(world, row, input).await {
            Ok(acted) => evaluated += usize::from(acted),
            // One that cannot be evaluated keeps no other from it.
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(evaluated), Err)
}

/// Whether the channel of a monitoring serves the public, as [`Group::live_on`] asks of its group.
fn serves(tx: &mut ReadTx<'_>, row: &MatterRow) -> Result<bool, Error> {
    let Some(id) = &row.channel_id else { return Ok(false) };
    let phase = store::channel::phase(tx, id)?;
    let phase: Option<Phase> = phase.and_then(|word| word.parse().ok());
    Ok(matches!(phase, Some(Phase::Live | Phase::Leaving)))
}

/// The input with which each matter is evaluated; those whose figures are not complete are left for later.
fn evaluations(
    tx: &mut ReadTx<'_>,
    due: Vec<(MatterRow, Monitoring)>,
    today: BusinessDate,
) -> Result<Vec<(MatterRow, String)>, Error> {
    let last = today.month().plus(-1);
    if !is_counted(tx, last)? {
        return Ok(Vec::new());
    }
    let parameters = crate::parameter::service::in_force(tx)?;
    let thresholds = Thresholds::new(&parameters, today);
    let counters = Counters::read(tx, first_needed(last_of_quarter(last), &thresholds), last)?;
    let groups = groups(tx)?;
    let mut inputs = Vec::new();
    for (row, monitoring) in due {
        let is_head = |group: &&Group| row.channel_id == Some(*group.head.id.as_bytes());
        let Some(group) = groups.iter().find(is_head) else { continue };
        let figures = match monitoring.commitment() {
            Some(commitment) => {
                counters.quarters(group, last_of_quarter(last), thresholds.quarters(), commitment)
            }
            None => months(&counters, group, last, &thresholds),
        };
        inputs.push((row, serde_json::json!({ "action": "evaluate", "figures": figures }).to_string()));
    }
    Ok(inputs)
}

/// Evaluates a matter; `false` when it has changed since it was read.
async fn evaluate(world: &World, row: MatterRow, input: String) -> Result<bool, Error> {
    let desk = Desk::platform(world);
    world
        .db()
        .write(move |tx| {
            let now = store::matter::lock(tx, &row.id)?.ok_or_else(Error::not_found)?;
            if now.version != row.version {
                tx.unaudited("somebody acted in the meantime");
                return Ok(false);
            }
            Course::new(&desk).act(tx, now, &input).map(|_| true)
        })
        .await
}

/// What a chart of a channel shows.
#[derive(Debug, Clone)]
pub struct Chart {
    /// The level-1 channel of the group, or the channel itself.
    pub head: ChannelId,
    /// The level-2 channels whose figures are in it.
    pub members: Vec<ChannelId>,
    /// The months, oldest first, each with what would have been triggered at its end.
    pub months: Vec<(MonthFigures, Vec<Trigger>)>,
    /// The numbers in force today.
    pub parameters: Parameters,
    /// Today.
    pub today: BusinessDate,
    /// The open monitorings of the group.
    pub matters: Vec<MatterId>,
    /// What a channel of class 社会 has promised, with the closed quarters it is judged by.
    pub promise: Option<(Commitment, Vec<Quarter>)>,
}

/// A closed quarter beside what was promised for it.
#[derive(Debug, Clone)]
pub struct Quarter {
    /// What was counted.
    pub figures: QuarterFigures,
    /// How much of the promise that is.
    pub fulfilment: Fulfilment,
    /// Whether both figures are below the part in force.
    pub is_missed: bool,
    /// Whether enough quarters in a row were missed at its end.
    pub triggers: Vec<Trigger>,
}

/// The monthly figures of the group of a channel in sight, over the last `count` closed months (CH-22.1).
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn chart(world: &World, staff: &Staff, id: ChannelId, count: i32) -> Result<Chart, Error> {
    authorize_role(staff, Operation::StatisticRead)?;
    let (staff, today, ring) = (staff.clone(), world.now().business_date(), world.keys().ring());
    world
        .db()
        .read(move |tx| {
            let row = store::channel::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !sees_channel(tx, &staff, &row)? {
                return Err(Error::not_found());
            }
            let holds = |group: &Group| group.head.id == id || group.members.contains(&id);
            let group = groups(tx)?.into_iter().find(holds).ok_or_else(Error::not_found)?;
            let parameters = crate::parameter::service::in_force(tx)?;
            let months = shown(tx, &group, &parameters, today, count)?;
            let promise = match commitment(tx, &ring, &group, true)? {
                Some(promise) => Some((promise, quarters(tx, &group, &parameters, today, promise)?)),
                None => None,
            };
            let matters =
                store::matter::list_of_channel(tx, group.head.id.as_bytes(), &[u8::MAX; 16], CHUNK)?;
            let is_open = |row: &&MatterRow| row.kind == Kind::Monitoring.as_str() && row.ended == 0;
            let matters = matters.iter().filter(is_open).map(|row| MatterId::from_bytes(row.id)).collect();
            let (head, members) = (group.head.id, group.members);
            Ok(Chart { head, members, months, parameters, today, matters, promise })
        })
        .await
}

/// The last `count` closed months of a group with what each would have triggered by today's numbers.
fn shown(
    tx: &mut ReadTx<'_>,
    group: &Group,
    parameters: &Parameters,
    today: BusinessDate,
    count: i32,
) -> Result<Vec<(MonthFigures, Vec<Trigger>)>, Error> {
    let thresholds = Thresholds::new(parameters, today);
    let last = today.month().plus(-1);
    let first = last.plus(1 - count);
    let all = Counters::read(tx, first_needed(first, &thresholds), last)?.months(group, last);
    let at = |end: usize| {
        let months = all[(end + 1).saturating_sub(thresholds.months())..=end].to_vec();
        let live_on = group.live_on();
        live_on.map_or_else(Vec::new, |day| Figures::Months { months }.triggers(day, &thresholds))
    };
    let rows = all.iter().enumerate().filter(|(_, row)| row.month >= first);
    Ok(rows.map(|(end, row)| (*row, at(end))).collect())
}

/// Closed quarters that a chart shows, unless the rule looks at more.
const QUARTERS: usize = 4;

/// The quarters closed last, oldest first, each beside what was promised; none that began before the channel's first full
/// month, which no rule judges (CH-23.2, R1).
fn quarters(
    tx: &mut ReadTx<'_>,
    group: &Group,
    parameters: &Parameters,
    today: BusinessDate,
    promise: Commitment,
) -> Result<Vec<Quarter>, Error> {
    let Some(live_on) = group.live_on() else { return Ok(Vec::new()) };
    let thresholds = Thresholds::new(parameters, today);
    let (count, last) = (QUARTERS.max(thresholds.quarters()), last_of_quarter(today.month().plus(-1)));
    // The run that ends with the first quarter shown begins before it.
    let needed = count.saturating_add(thresholds.quarters());
    let months = i32::try_from(needed.saturating_mul(3)).unwrap_or(i32::MAX);
    let counters = Counters::read(tx, last.plus(1_i32.saturating_sub(months)), last)?;
    let at = |ago: i32| {
        let found = counters.quarters(group, last.plus(-3 * ago), thresholds.quarters(), promise);
        let Figures::Quarters { quarters, .. } = &found else { return None };
        let figures = *quarters.last()?;
        (figures.from >= monitoring::first_full_month(live_on)).then(|| Quarter {
            figures,
            fulfilment: promise.fulfilment(&figures),
            is_missed: thresholds.is_missed(&figures, &promise),
            triggers: found.triggers(live_on, &thresholds),
        })
    };
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    Ok((0..count).rev().filter_map(at).collect())
}
