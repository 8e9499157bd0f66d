//! Registering, listing, blocking and unblocking terminals.

use super::register::{NewTerminal, Planned, Reason, apply, plan};
use crate::auth::{Sight, Staff, authorize, authorize_role};
use crate::key::service::{NewKey, Owner};
use crate::rows::{self, Fault, Outcome};
use crate::{Error, World};
use domain::audit::{Change, Record, Reference};
use domain::id::{OrgId, TerminalId};
use domain::org::Operation;
use domain::terminal::{Action, State};
use store::key::KeyRow;
use store::remark::RemarkRow;
use store::terminal::{RefusalRow, TerminalRow};
use store::{ReadTx, Run};

/// A terminal with what is shown beside it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The row.
    pub row: TerminalRow,
    /// Its keys, revoked ones included.
    pub keys: Vec<KeyRow>,
    /// Why its state is what it is.
    pub reason: Option<String>,
    /// What it presented as codes that are none.
    pub refusal: Option<RefusalRow>,
}

/// Registers a terminal with its first keys; before that it is not heard (SE-2.2b).
///
/// # Errors
/// `staff.role`, `staff.division`; `resource.not_found` for an organisation out of sight; `resource.exists` for a
/// serial or key that is registered; `key.overlap`.
pub async fn create(
    world: &World,
    staff: &Staff,
    new: NewTerminal,
    keys: Vec<NewKey>,
) -> Result<Shown, Error> {
    authorize(staff, Operation::TerminalCreate, new.division)?;
    let (staff, now) = (staff.clone(), world.now());
    world
        .db()
        .write(move |tx| {
            let planned = plan(tx, &staff, std::slice::from_ref(&new), now)?;
            let row = match planned.first() {
                Some(Planned::New(row)) => row.clone(),
                Some(Planned::Refused(reasons)) if reasons.contains(&Reason::Org) => {
                    return Err(Error::not_found());
                }
                _ => return Err(Error::platform("resource.exists")),
            };
            apply(tx, &staff, &planned, now)?;
            for key in &keys {
                crate::key::service::insert(tx, Owner::Terminal(new.id), key, now, staff.actor())?;
            }
            show(tx, row)
        })
        .await
}

/// Registers terminals as they stand in the rows of a file, or says what would become of each: good rows are kept, bad
/// ones are named.
///
/// # Errors
/// `staff.role`; `resource.stale` when another batch has registered one of them meanwhile.
pub async fn register(
    world: &World,
    staff: &Staff,
    rows: Vec<Result<NewTerminal, Vec<Fault>>>,
    run: Run,
) -> Result<Vec<Outcome>, Error> {
    authorize_role(staff, Operation::TerminalCreate)?;
    let (staff, now) = (staff.clone(), world.now());
    rows::perform(world, run, rows, move |tx, terminals| {
        let planned = plan(tx, &staff, terminals, now)?;
        apply(tx, &staff, &planned, now)?;
        Ok(planned)
    })
    .await
}

fn show(tx: &mut ReadTx<'_>, row: TerminalRow) -> Result<Shown, Error> {
    let keys = store::key::list_owned(tx, &row.id)?;
    let reason = store::remark::find_latest(tx, &row.id)?;
    let refusal = store::terminal::find_refusal(tx, &row.id)?;
    Ok(Shown { row, keys, reason, refusal })
}

fn sees(sight: Sight, row: &TerminalRow) -> Result<bool, Error> {
    Ok(sight.reaches(OrgId::from_bytes(row.org_id), row.division.parse()?))
}

/// A terminal in sight.
///
/// # Errors
/// `staff.role`; `resource.not_found`
pub async fn get(world: &World, staff: &Staff, id: TerminalId) -> Result<Shown, Error> {
    authorize_role(staff, Operation::TerminalList)?;
    let sight = staff.sight();
    world
        .db()
        .read(move |tx| {
            let row = store::terminal::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if sees(sight, &row)? { show(tx, row) } else { Err(Error::not_found()) }
        })
        .await
}

/// The terminals in sight: those that stand in the own area, or the own organisation's.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<TerminalId>,
    limit: i64,
) -> Result<Vec<Shown>, Error> {
    authorize_role(staff, Operation::TerminalList)?;
    let sight = staff.sight();
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    world
        .db()
        .read(move |tx| {
            let rows = match sight {
                Sight::Area(area) => store::terminal::list_in(tx, area, &after, limit)?,
                Sight::Own(org) => store::terminal::list_of(tx, org.as_bytes(), &after, limit)?,
            };
            rows.into_iter().map(|row| show(tx, row)).collect()
        })
        .await
}

/// Blocks or unblocks a terminal of the stated version; a blocked one is refused from its next request on (SE-2.2e).
///
/// # Errors
/// `staff.role`; `resource.not_found`; `resource.stale`; `terminal.transition`.
pub async fn act(
    world: &World,
    staff: &Staff,
    id: TerminalId,
    version: i64,
    action: Action,
    reason: String,
) -> Result<Shown, Error> {
    authorize_role(staff, Operation::TerminalBlock)?;
    let (actor, sight, now) = (staff.actor(), staff.sight(), world.now());
    let remark = RemarkRow {
        object_id: *id.as_bytes(),
        at: now.as_micros(),
        staff_id: *staff.id.as_bytes(),
        action: action.to_string(),
        words: reason,
    };
    world
        .db()
        .write(move |tx| {
            let mut row = store::terminal::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !sees(sight, &row)? {
                return Err(Error::not_found());
            }
            if row.version != version {
                return Err(Error::platform("resource.stale"));
            }
            let state: State =
                row.state.parse().map_err(|_| Error::internal("a stored terminal state is unknown"))?;
            let next = state.act(action)?;
            store::terminal::update_state(tx, &row.id, next.as_str(), version)?;
            store::remark::insert(tx, &remark)?;
            let event = match action {
                Action::Block => "terminal.blocked",
                Action::Unblock => "terminal.unblocked",
            };
            let change = Change::turned("state", state.as_str(), next.as_str());
            let mut record = Record::done(now, actor, event).changing([change]);
            record.object = Some(Reference::new(TerminalId::PREFIX, id.as_bytes()));
            tx.audit(&record);
            row.state = next.to_string();
            row.version += 1;
            show(tx, row)
        })
        .await
}
