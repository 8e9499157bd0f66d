//! Opening services to channels and terminals: one, or a batch as it stands in a file.
//!
//! Rows are decided in order, each seeing the ones before it, so a batch means the same as its rows one by one, and one
//! opening is a batch of one. Invariant: what is open already is told and not written, withheld for a rectification or not;
//! what was closed is opened anew.

use super::service::{Target, given, reference};
use crate::Error;
use crate::auth::Staff;
use crate::channel::from_row;
use crate::rows::{Against, Fault};
use domain::audit::{Change, Record, Reference, Value};
use domain::channel::{self, Channel, Refusal as ChannelRefusal, Use};
use domain::division::DivisionCode;
use domain::id::{ChannelId, OpeningId, TerminalId};
use domain::org::{self, Operation};
use domain::service::called::Called;
use domain::service::{Refusal, Service};
use domain::terminal::{Refusal as TerminalRefusal, State};
use domain::time::Timestamp;
use std::collections::{BTreeSet, HashMap};
use store::service::OpeningRow;
use store::{ReadTx, WriteTx};

/// A service to open.
#[derive(Debug, Clone)]
pub struct NewOpening {
    /// What it is called from now on.
    pub id: OpeningId,
    /// The service.
    pub service: &'static Service,
    /// To whom.
    pub caller: Called,
    /// Where.
    pub division: DivisionCode,
}

/// A reason against an opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reason {
    /// It would be outside the own jurisdiction.
    Division(org::Refusal),
    /// Nobody in the own jurisdiction is called so.
    Caller,
    /// The channel may not have it.
    Channel(ChannelRefusal),
    /// The terminal may not have it.
    Terminal(TerminalRefusal),
}

impl Against for Reason {
    fn fault(&self) -> Fault {
        match self {
            Self::Division(refusal) => Fault::of("division", refusal),
            Self::Caller => Fault::of("caller", &Refusal::Caller),
            Self::Channel(refusal @ ChannelRefusal::Division) => Fault::of("division", refusal),
            Self::Channel(refusal @ ChannelRefusal::Service) => Fault::of("service", refusal),
            Self::Channel(refusal) => Fault::of("caller", refusal),
            Self::Terminal(refusal @ TerminalRefusal::Division) => Fault::of("division", refusal),
            Self::Terminal(refusal) => Fault::of("caller", refusal),
        }
    }
}

impl Reason {
    /// As whoever opens one service is told.
    pub(super) fn error(self) -> Error {
        match self {
            Self::Division(refusal) => refusal.into(),
            Self::Caller => Error::not_found(),
            Self::Channel(refusal) => refusal.into(),
            Self::Terminal(refusal) => refusal.into(),
        }
    }
}

/// What becomes of an opening.
pub(super) type Planned = crate::rows::Planned<(OpeningRow, Target), Reason>;

/// A channel or terminal in sight, as the rules look at it.
enum Seen {
    Channel(Box<Channel>),
    Terminal { id: TerminalId, stands: DivisionCode, is_blocked: bool },
}

impl Seen {
    fn target(&self) -> Target {
        match self {
            Self::Channel(channel) => Target::Channel(channel.id),
            Self::Terminal { id, .. } => Target::Terminal(*id),
        }
    }

    /// What is against opening `service` to it in `division`: a channel gets it only within its scope, a terminal only
    /// where it stands.
    fn reasons(&self, service: &Service, division: DivisionCode) -> Vec<Reason> {
        match self {
            Self::Channel(channel) => {
                let code = service.service_code();
                let refused =
                    channel::permits(channel.phase, &channel.measures, Use::OpenApplication, &code).err();
                let is_inside = channel.scope.regions().iter().any(|region| region.overlaps(division));
                let others = [
                    (!channel.scope.includes(&code)).then_some(ChannelRefusal::Service),
                    (!is_inside).then_some(ChannelRefusal::Division),
                ];
                refused.into_iter().chain(others.into_iter().flatten()).map(Reason::Channel).collect()
            }
            Self::Terminal { stands, is_blocked, .. } => {
                let refused = [
                    is_blocked.then_some(TerminalRefusal::Blocked),
                    (!division.covers(*stands)).then_some(TerminalRefusal::Division),
                ];
                refused.into_iter().flatten().map(Reason::Terminal).collect()
            }
        }
    }
}

/// Whom each name means.
fn targets(tx: &mut ReadTx<'_>, openings: &[NewOpening]) -> Result<HashMap<Called, Target>, Error> {
    let called: BTreeSet<_> = openings.iter().map(|new| serial(&new.caller)).collect();
    let serials: Vec<_> = called.into_iter().flatten().collect();
    let mut found = HashMap::new();
    for row in store::terminal::find_each(tx, &serials)?.into_iter().flatten() {
        let id = TerminalId::from_bytes(row.id);
        found.extend(row.serial.parse().ok().map(|serial| (Called::Serial(serial), Target::Terminal(id))));
    }
    for NewOpening { caller, .. } in openings {
        if found.contains_key(caller) {
            continue;
        }
        let target = match caller {
            Called::Channel(id) => Some(Target::Channel(*id)),
            Called::Terminal(id) => Some(Target::Terminal(*id)),
            Called::Number(number) => store::channel::find_by_number(tx, &number.to_string())?
                .map(|row| Target::Channel(ChannelId::from_bytes(row.id))),
            Called::Serial(_) => None,
        };
        found.extend(target.map(|target| (caller.clone(), target)));
    }
    Ok(found)
}

fn serial(called: &Called) -> Option<&str> {
    if let Called::Serial(serial) = called { Some(serial.as_str()) } else { None }
}

/// Those in sight of `area`, locked in the order of their ids.
fn lock(
    tx: &mut WriteTx<'_>,
    area: DivisionCode,
    targets: &HashMap<Called, Target>,
) -> Result<HashMap<[u8; 16], Seen>, Error> {
    let mut order: Vec<_> = targets.values().copied().collect();
    order.sort_unstable_by_key(|target| target.bytes());
    order.dedup();
    let mut seen = HashMap::new();
    for target in order {
        let found = match target {
            Target::Channel(id) => lock_channel(tx, area, id)?,
            Target::Terminal(id) => lock_terminal(tx, area, id)?,
        };
        seen.extend(found.map(|found| (target.bytes(), found)));
    }
    Ok(seen)
}

fn lock_channel(tx: &mut WriteTx<'_>, area: DivisionCode, id: ChannelId) -> Result<Option<Seen>, Error> {
    let Some(row) = store::channel::lock(tx, id.as_bytes())? else { return Ok(None) };
    let channel = from_row(&row)?;
    let is_seen = channel.scope.regions().iter().any(|region| region.overlaps(area));
    Ok(is_seen.then(|| Seen::Channel(Box::new(channel))))
}

fn lock_terminal(tx: &mut WriteTx<'_>, area: DivisionCode, id: TerminalId) -> Result<Option<Seen>, Error> {
    let Some(row) = store::terminal::lock(tx, id.as_bytes())? else { return Ok(None) };
    let stands: DivisionCode = row.division.parse()?;
    let is_blocked = row.state != State::Active.as_str();
    Ok(area.covers(stands).then_some(Seen::Terminal { id, stands, is_blocked }))
}

/// What becomes of each opening that `staff` would make at `now`: a department inside its own division, for those in its
/// sight (ND-3.5d).
///
/// # Errors
/// The store's.
pub(super) fn plan(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    openings: &[NewOpening],
    now: Timestamp,
) -> Result<Vec<Planned>, Error> {
    let targets = targets(tx, openings)?;
    let seen = lock(tx, staff.division, &targets)?;
    let seen_as = |new: &NewOpening| seen.get(&targets.get(&new.caller)?.bytes());
    let rows = openings.iter().map(|new| seen_as(new).map(|seen| row(staff, new, seen.target(), now)));
    let rows: Vec<_> = rows.collect();
    let pairs: BTreeSet<_> = rows.iter().flatten().map(|row| (row.target_id, row.service.as_str())).collect();
    let mut found = Vec::new();
    for (target, service) in pairs {
        found.extend(store::service::list_openings_for(tx, &target, service)?);
    }
    let mut open: BTreeSet<_> = found.iter().filter(|row| row.closed_at.is_none()).map(key).collect();
    let mut planned = Vec::with_capacity(openings.len());
    for (new, row) in openings.iter().zip(&rows) {
        let allowed = org::authorize(staff.role, staff.division, Operation::ServiceOpen, new.division);
        let mut reasons: Vec<_> = allowed.err().into_iter().map(Reason::Division).collect();
        let (Some(row), Some(seen)) = (row, seen_as(new)) else {
            reasons.push(Reason::Caller);
            planned.push(Planned::Refused(reasons));
            continue;
        };
        reasons.extend(seen.reasons(new.service, new.division));
        planned.push(if !reasons.is_empty() {
            Planned::Refused(reasons)
        } else if open.insert(key(row)) {
            Planned::New((row.clone(), seen.target()))
        } else {
            Planned::Unchanged
        });
    }
    Ok(planned)
}

fn key(row: &OpeningRow) -> ([u8; 16], &str, &str) {
    (row.target_id, &row.service, &row.division)
}

fn row(staff: &Staff, new: &NewOpening, target: Target, now: Timestamp) -> OpeningRow {
    OpeningRow {
        id: *new.id.as_bytes(),
        target_id: target.bytes(),
        service: new.service.code.to_owned(),
        division: new.division.to_string(),
        opened_by: *staff.id.as_bytes(),
        opened_at: now.as_micros(),
        closed_at: None,
        version: 1,
        rectification_id: None,
        suspended_at: None,
    }
}

/// Writes what a plan decided.
///
/// # Errors
/// The store's.
pub(super) fn apply(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    planned: &[Planned],
    now: Timestamp,
) -> Result<(), Error> {
    let new = |one: &Planned| if let Planned::New(new) = one { Some(new.clone()) } else { None };
    let (rows, targets): (Vec<_>, Vec<_>) = planned.iter().filter_map(new).unzip();
    if rows.is_empty() {
        tx.unaudited("no opening was new");
        return Ok(());
    }
    store::service::open_each(tx, &rows)?;
    for (row, target) in rows.iter().zip(targets) {
        let mut record = Record::done(now, staff.actor(), "service.opened")
            .changing(given(row).map(|(field, value)| Change::of(field, Value::Nothing, value)));
        record.object = Some(Reference::new(OpeningId::PREFIX, &row.id));
        record.origin = Some(reference(target));
        tx.audit(&record);
    }
    Ok(())
}
