//! Reading the calendar in force, and entering a year: the ministry proposes, somebody else there approves.
//!
//! Invariant: the calendar is read in the transaction of the step that counts by it, and remembered by nobody; so a year
//! holds from the commit of its approval on, in every process, and what was counted before has been counted.

use crate::auth::{Staff, authorize_role, require_step_up};
use crate::parameter::review::{self, Decision, Proposal};
use crate::{Error, World};
use domain::audit::{Change, Record, Reference};
use domain::calendar::{Calendar, Refusal, Year};
use domain::id::CalendarYearId;
use domain::org::Operation;
use domain::parameter::State;
use domain::time::BusinessDate;
use store::ReadTx;
use store::calendar::CalendarYearRow;

/// A year that somebody enters.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What is arranged.
    pub year: Year,
    /// By which notice.
    pub source: String,
    /// Why it is entered, or what was checked.
    pub reason: String,
}

/// An arrangement with the words that were said about it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The row.
    pub row: CalendarYearRow,
    /// What it arranges.
    pub year: Year,
    /// Why it was proposed.
    pub reason: Option<String>,
    /// Why it was approved or rejected.
    pub decision: Option<String>,
}

/// The calendar as it stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The years in force, the delivered ones included.
    pub calendar: Calendar,
    /// The business day.
    pub today: BusinessDate,
    /// Every arrangement that was entered, by year, the oldest first.
    pub entered: Vec<Shown>,
}

/// The delivered years and those that were approved.
///
/// # Errors
/// Internal, when a stored year cannot be read; the store's.
pub fn in_force(tx: &mut ReadTx<'_>) -> Result<Calendar, Error> {
    let mut calendar = Calendar::published();
    for days in store::calendar::list_days(tx, State::Approved.as_str())? {
        calendar.arrange(&read(&days)?);
    }
    Ok(calendar)
}

/// The calendar with every arrangement that was entered. Whoever is signed in may know by which days the periods are counted.
///
/// # Errors
/// As [`in_force`].
pub async fn list(world: &World) -> Result<Standing, Error> {
    let today = world.now().business_date();
    world
        .db()
        .read(move |tx| {
            let rows = store::calendar::list(tx)?;
            let entered = rows.into_iter().map(|row| show(tx, row)).collect::<Result<_, _>>()?;
            Ok(Standing { calendar: in_force(tx)?, today, entered })
        })
        .await
}

/// Whether a member of staff sees what is proposed and was rejected, and who entered and decided what.
#[must_use]
pub fn sees_entries(staff: &Staff) -> bool {
    authorize_role(staff, Operation::ConfigRead).is_ok()
}

/// Proposes the arrangement of a year.
///
/// # Errors
/// `staff.role`; `request.fields` with every wrong day; as [`Calendar::admit`]; `calendar.pending`.
pub async fn propose(world: &World, staff: &Staff, wish: Wish) -> Result<Shown, Error> {
    authorize_role(staff, Operation::CalendarPropose)?;
    let (id, now, actor) = (world.id(CalendarYearId::make), world.now(), staff.actor());
    let remark = review::remark(*id.as_bytes(), now, staff.id, State::Proposed, wish.reason.clone());
    let days = serde_json::to_string(&wish.year).map_err(|e| Error::internal(e.to_string()))?;
    world
        .db()
        .write(move |tx| {
            in_force(tx)?.admit(wish.year.year, now.business_date())?;
            wish.year.check(&crate::parameter::service::in_force(tx)?)?;
            let year = i64::from(wish.year.year);
            let mut before = store::calendar::list(tx)?;
            before.retain(|row| row.year == year);
            if before.iter().any(|row| row.state == State::Proposed.as_str()) {
                return Err(Refusal::Pending.into());
            }
            let row = CalendarYearRow {
                id: *id.as_bytes(),
                year,
                number: before.last().map_or(0, |row| row.number) + 1,
                state: State::Proposed.to_string(),
                source: wish.source.clone(),
                days: days.clone(),
                proposed_by: remark.staff_id,
                proposed_at: now.as_micros(),
                decided_by: None,
                decided_at: None,
                version: 1,
            };
            store::calendar::insert(tx, &row)?;
            store::remark::insert(tx, &remark)?;
            let change = Change::came("begins_on", &wish.year.first_day().to_string());
            let mut record = Record::done(now, actor, "calendar.proposed").changing([change]);
            record.object = Some(Reference::new(CalendarYearId::PREFIX, &row.id));
            tx.audit(&record);
            show(tx, row)
        })
        .await
}

/// Approves or rejects a proposed arrangement of the stated row version.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `resource.not_found`; `resource.stale`; `parameter.decided`,
/// `parameter.own_proposal`; as [`Calendar::admit`] when the year has begun meanwhile.
pub async fn decide(
    world: &World,
    staff: &Staff,
    id: CalendarYearId,
    version: i64,
    decision: Decision,
    reason: String,
) -> Result<Shown, Error> {
    authorize_role(staff, Operation::CalendarReview)?;
    require_step_up(staff)?;
    let (now, actor, reviewer) = (world.now(), staff.actor(), staff.id);
    let (state, action) = match decision {
        Decision::Approve => (decision.state(), "calendar.approved"),
        Decision::Reject => (decision.state(), "calendar.rejected"),
    };
    let remark = review::remark(*id.as_bytes(), now, reviewer, state, reason);
    world
        .db()
        .write(move |tx| {
            let mut row = store::calendar::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            let proposal = Proposal { state: &row.state, proposed_by: row.proposed_by, version: row.version };
            decision.admit(&proposal, version, reviewer)?;
            if decision == Decision::Approve {
                let year = read(&row.days)?;
                in_force(tx)?.admit(year.year, now.business_date())?;
                year.check(&crate::parameter::service::in_force(tx)?)?;
            }
            let before = std::mem::replace(&mut row.state, state.to_string());
            (row.decided_by, row.decided_at) = (Some(*reviewer.as_bytes()), Some(now.as_micros()));
            store::calendar::decide(tx, &row)?;
            row.version += 1;
            store::remark::insert(tx, &remark)?;
            let change = Change::turned("state", &before, &row.state);
            let mut record = Record::done(now, actor, action).changing([change]);
            record.object = Some(Reference::new(CalendarYearId::PREFIX, &row.id));
            tx.audit(&record);
            show(tx, row)
        })
        .await
}

fn show(tx: &mut ReadTx<'_>, row: CalendarYearRow) -> Result<Shown, Error> {
    let (reason, decision) = review::words(tx, &row.id, &row.state)?;
    Ok(Shown { year: read(&row.days)?, row, reason, decision })
}

fn read(days: &str) -> Result<Year, Error> {
    serde_json::from_str(days).map_err(|e| Error::internal(format!("a stored year cannot be read: {e}")))
}
