//! Seeding and listing the catalogue; opening a service to a channel or terminal in a division, and closing it.

use super::open::{NewOpening, Planned, Reason, apply, plan};
use crate::auth::{Sight, Staff, authorize, authorize_role};
use crate::matter::{Course, Desk};
use crate::rows::{self, Fault, Outcome};
use crate::{Error, World};
use domain::audit::{Actor, Change, Record, Reference, Value};
use domain::division::DivisionCode;
use domain::id::{ChannelId, OpeningId, StaffId, TerminalId};
use domain::org::Operation;
use domain::service::called::Called;
use domain::service::{CATALOGUE, Service};
use domain::time::Timestamp;
use store::remark::RemarkRow;
use store::service::{OpeningRow, ServiceRow};
use store::service_form::ServiceFormRow;
use store::{Db, ReadTx, Run, WriteTx};

/// Adds what the standard catalogue has and the table has not.
///
/// # Errors
/// The store's.
pub fn seed(db: &Db, now: Timestamp) -> Result<(), Error> {
    let known = db.read_blocking(store::service::list)?;
    let missing: Vec<ServiceRow> = CATALOGUE
        .iter()
        .filter(|service| known.iter().all(|row| row.code != service.code))
        .map(|service| ServiceRow {
            code: service.code.to_owned(),
            name_zh: service.zh.to_owned(),
            name_en: service.en.to_owned(),
            family: service.family.to_string(),
            standard: i64::from(service.standard),
            created_at: now.as_micros(),
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    db.write_blocking(move |tx| {
        for row in &missing {
            store::service::insert(tx, row)?;
        }
        tx.audit(&Record::done(now, Actor::System, "service.seeded"));
        Ok(())
    })
}

/// A service of the catalogue and when this world got it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What the rules say of it.
    pub service: &'static Service,
    /// The form that is current for it.
    pub form: Option<ServiceFormRow>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// The catalogue.
///
/// # Errors
/// `staff.role`
pub async fn list(world: &World, staff: &Staff) -> Result<Vec<Listed>, Error> {
    authorize_role(staff, Operation::ServiceList)?;
    let read = |tx: &mut ReadTx<'_>| {
        Ok::<_, Error>((store::service::list(tx)?, store::service_form::list_current(tx)?))
    };
    let (rows, forms) = world.db().read(read).await?;
    let listed = rows.iter().filter_map(|row| {
        let service = domain::service::find(&row.code).ok()?;
        let form = forms.iter().find(|form| form.service == row.code).cloned();
        Some(Listed { service, form, created_at: Timestamp::from_micros(row.created_at) })
    });
    Ok(listed.collect())
}

/// A channel or terminal that a service is opened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A channel.
    Channel(ChannelId),
    /// A terminal.
    Terminal(TerminalId),
}

impl Target {
    pub(super) fn bytes(self) -> [u8; 16] {
        match self {
            Target::Channel(id) => *id.as_bytes(),
            Target::Terminal(id) => *id.as_bytes(),
        }
    }
}

/// An opening and what it was opened to.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The row.
    pub row: OpeningRow,
    /// The channel or terminal.
    pub target: Target,
}

/// Opens a service to a channel or terminal for one division: a department inside its own division, a terminal only
/// where it stands, a channel only within its scope.
///
/// # Errors
/// `staff.role`, `staff.division`; `resource.not_found` for a target out of sight; `channel.suspended`,
/// `channel.terminated`, `channel.service`, `channel.division`; `terminal.blocked`, `terminal.division`;
/// `resource.exists` when it is open already.
pub async fn open(
    world: &World,
    staff: &Staff,
    service: &'static Service,
    target: Target,
    division: DivisionCode,
) -> Result<Opened, Error> {
    authorize(staff, Operation::ServiceOpen, division)?;
    let (staff, now) = (staff.clone(), world.now());
    let caller = match target {
        Target::Channel(id) => Called::Channel(id),
        Target::Terminal(id) => Called::Terminal(id),
    };
    let new = [NewOpening { id: world.id(OpeningId::make), service, caller, division }];
    world
        .db()
        .write(move |tx| {
            let mut planned = plan(tx, &staff, &new, now)?;
            apply(tx, &staff, &planned, now)?;
            match planned.pop() {
                Some(Planned::New((row, target))) => Ok(Opened { row, target }),
                Some(Planned::Refused(reasons)) => {
                    Err(reasons.into_iter().next().map_or_else(Error::not_found, Reason::error))
                }
                _ => Err(Error::platform("resource.exists")),
            }
        })
        .await
}

/// Opens services as they stand in the rows of a file, or says what would become of each: good rows are kept, bad ones are
/// named.
///
/// # Errors
/// `staff.role`
pub async fn open_rows(
    world: &World,
    staff: &Staff,
    rows: Vec<Result<NewOpening, Vec<Fault>>>,
    run: Run,
) -> Result<Vec<Outcome>, Error> {
    authorize_role(staff, Operation::ServiceOpen)?;
    let (staff, now) = (staff.clone(), world.now());
    rows::perform(world, run, rows, move |tx, openings| {
        let planned = plan(tx, &staff, openings, now)?;
        apply(tx, &staff, &planned, now)?;
        Ok(planned)
    })
    .await
}

pub(super) fn reference(target: Target) -> Reference {
    match target {
        Target::Channel(id) => Reference::new(ChannelId::PREFIX, id.as_bytes()),
        Target::Terminal(id) => Reference::new(TerminalId::PREFIX, id.as_bytes()),
    }
}

/// Closes an opening at once; closing what is closed changes nothing. A rectification of it is settled with it.
///
/// # Errors
/// `staff.role`; `resource.not_found` outside the own division.
pub async fn close(world: &World, staff: &Staff, id: OpeningId, reason: String) -> Result<Opened, Error> {
    authorize_role(staff, Operation::ServiceClose)?;
    let (actor, area, now) = (staff.actor(), staff.division, world.now());
    let desk = Desk::platform(world).at(now);
    let remark = RemarkRow {
        object_id: *id.as_bytes(),
        at: now.as_micros(),
        staff_id: *staff.id.as_bytes(),
        action: "close".into(),
        words: reason,
    };
    world
        .db()
        .write(move |tx| {
            let found = store::service::find_opening(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !area.covers(found.division.parse()?) {
                return Err(Error::not_found());
            }
            let target = target_of(tx, &found)?;
            // In the order in which a step of a matter takes them: matter, channel, opening.
            if let Some(matter) = &found.rectification_id {
                store::matter::lock(tx, matter)?;
            }
            if let Target::Channel(channel) = target {
                store::channel::lock(tx, channel.as_bytes())?;
            }
            let mut row = store::service::lock_opening(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if row.closed_at.is_none() {
                store::service::close(tx, &row.target_id, &row.service, &row.division, now.as_micros())?;
                store::remark::insert(tx, &remark)?;
                let mut record = Record::done(now, actor, "service.closed")
                    .changing(given(&row).map(|(field, value)| Change::of(field, value, Value::Nothing)));
                record.object = Some(Reference::new(OpeningId::PREFIX, id.as_bytes()));
                record.origin = Some(reference(target));
                tx.audit(&record);
                if let Some(matter) = row.rectification_id.take() {
                    settle(tx, &desk, &matter)?;
                }
                (row.closed_at, row.suspended_at) = (Some(now.as_micros()), None);
            }
            Ok(Opened { row, target })
        })
        .await
}

/// Ends the rectification of an opening that is closed: the platform does it, for there is nothing left to put right.
fn settle(tx: &mut WriteTx<'_>, desk: &Desk, matter: &[u8; 16]) -> Result<(), Error> {
    let row =
        store::matter::lock(tx, matter)?.ok_or_else(|| Error::internal("an opening names no matter"))?;
    Course::new(desk).act(tx, row, r#"{"action":"settle"}"#)?;
    Ok(())
}

/// What an opening gives and a closing takes.
pub(super) fn given(row: &OpeningRow) -> [(&'static str, Value); 2] {
    [("service", Value::word(&row.service)), ("division", Value::word(&row.division))]
}

/// The openings in sight, closed ones included: those in the own area, or those of the own channels and terminals.
///
/// # Errors
/// `staff.role`
pub async fn list_openings(
    world: &World,
    staff: &Staff,
    after: Option<OpeningId>,
    limit: i64,
) -> Result<Vec<Opened>, Error> {
    authorize_role(staff, Operation::ServiceList)?;
    let sight = staff.sight();
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    world
        .db()
        .read(move |tx| {
            let rows = match sight {
                Sight::Area(area) => store::service::list_openings_in(tx, area, &after, limit)?,
                Sight::Own(org) => store::service::list_openings_of(tx, org.as_bytes(), &after, limit)?,
            };
            rows.into_iter().map(|row| opened(tx, row)).collect()
        })
        .await
}

/// An opening in sight, closed or not.
///
/// # Errors
/// `staff.role`, `resource.not_found`.
pub async fn get_opening(world: &World, staff: &Staff, id: OpeningId) -> Result<Opened, Error> {
    authorize_role(staff, Operation::ServiceList)?;
    let sight = staff.sight();
    world
        .db()
        .read(move |tx| {
            let row = store::service::find_opening(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            let is_seen = match sight {
                Sight::Area(area) => area.covers(row.division.parse()?),
                Sight::Own(org) => store::service::is_to(tx, &row.target_id, org.as_bytes())?,
            };
            if is_seen { opened(tx, row) } else { Err(Error::not_found()) }
        })
        .await
}

fn opened(tx: &mut ReadTx<'_>, row: OpeningRow) -> Result<Opened, Error> {
    Ok(Opened { target: target_of(tx, &row)?, row })
}

pub(super) fn target_of(tx: &mut ReadTx<'_>, row: &OpeningRow) -> Result<Target, Error> {
    let is_channel = store::channel::phase(tx, &row.target_id)?.is_some();
    Ok(if is_channel {
        Target::Channel(ChannelId::from_bytes(row.target_id))
    } else {
        Target::Terminal(TerminalId::from_bytes(row.target_id))
    })
}

/// Who opened it.
#[must_use]
pub fn opener(row: &OpeningRow) -> StaffId {
    StaffId::from_bytes(row.opened_by)
}
