//! Reading the parameters in force, and changing one: the ministry proposes, somebody else there approves.
//!
//! Invariant: what a world remembers is right for today, whoever approved what meanwhile, because a version begins
//! a whole day after its approval at the earliest and everybody reads the table again long before that.

use super::review::{self, Decision, Proposal};
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::{Error, World};
use domain::audit::{Change, Record, Reference};
use domain::id::ParameterVersionId;
use domain::org::Operation;
use domain::parameter::{Name, Parameter, Parameters, State};
use domain::time::BusinessDate;
use store::ReadTx;
use store::parameter::ParameterVersionRow;

/// A change that somebody wishes.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Of which parameter.
    pub name: Name,
    /// The new value.
    pub value: i64,
    /// The first day it shall be in force.
    pub begins_on: BusinessDate,
    /// Why.
    pub reason: String,
}

/// A version with the words that were said about it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The row.
    pub row: ParameterVersionRow,
    /// Why it was proposed.
    pub reason: Option<String>,
    /// Why it was approved or rejected.
    pub decision: Option<String>,
}

/// A parameter as it stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The version in force today.
    pub today: Parameter,
    /// Every version after the delivered one, the oldest first.
    pub versions: Vec<Shown>,
}

/// What the approved versions make of the delivered parameters.
///
/// # Errors
/// Internal, when a stored version is one that the rules refuse; the store's.
pub fn in_force(tx: &mut ReadTx<'_>) -> Result<Parameters, Error> {
    let mut parameters = Parameters::standard();
    for row in store::parameter::list_in(tx, State::Approved.as_str())? {
        let (name, number) = (name(&row)?, u32::try_from(row.number).unwrap_or(u32::MAX));
        parameters.change(name, number, row.value, begins_on(&row)).map_err(|refusal| {
            Error::internal(format!("version {} of {name} cannot be in force: {refusal}", row.number))
        })?;
    }
    Ok(parameters)
}

/// Makes a world remember what the table holds now.
///
/// # Errors
/// As [`in_force`].
pub async fn recall(world: &World) -> Result<(), Error> {
    world.remember_parameters(world.db().read(in_force).await?);
    Ok(())
}

/// The numbers in force today, for whoever fills in or reads an application: not every one of them may read the parameters.
///
/// # Errors
/// `staff.role`
pub fn of_access(world: &World, staff: &Staff) -> Result<impl Fn(Name) -> i64, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (parameters, today) = (world.parameters(), world.now().business_date());
    Ok(move |name| parameters.get(name, today))
}

/// The parameters behind `after` as they stand, in the order of the rules, with the versions that wait or will begin;
/// the history is for [`get`].
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<Name>,
    limit: usize,
) -> Result<Vec<Standing>, Error> {
    authorize_role(staff, Operation::ConfigRead)?;
    let first = Name::ALL.iter().position(|name| Some(*name) == after).map_or(0, |place| place + 1);
    let today = world.now().business_date();
    let known = world.parameters();
    world
        .db()
        .read(move |tx| {
            let mut waiting = store::parameter::list_in(tx, State::Proposed.as_str())?;
            waiting.extend(store::parameter::list_in(tx, State::Approved.as_str())?);
            waiting.retain(|row| row.state == State::Proposed.as_str() || begins_on(row) > today);
            let standing = |name: &Name| {
                let versions = waiting.iter().filter(|row| row.name == name.as_str());
                let versions = versions.map(|row| show(tx, row.clone())).collect::<Result<_, _>>()?;
                Ok(Standing { today: known.in_force(*name, today), versions })
            };
            Name::ALL.iter().skip(first).take(limit).map(standing).collect()
        })
        .await
}

/// One parameter with its whole history.
///
/// # Errors
/// `staff.role`
pub async fn get(world: &World, staff: &Staff, name: Name) -> Result<Standing, Error> {
    authorize_role(staff, Operation::ConfigRead)?;
    let today = world.parameters().in_force(name, world.now().business_date());
    world
        .db()
        .read(move |tx| {
            let rows = store::parameter::list(tx, name.as_str())?;
            let versions = rows.into_iter().map(|row| show(tx, row)).collect::<Result<_, _>>()?;
            Ok(Standing { today, versions })
        })
        .await
}

/// Proposes a version; it holds only when somebody else has approved it.
///
/// # Errors
/// `staff.role`; `parameter.pending`; as [`Parameters::admit`].
pub async fn propose(world: &World, staff: &Staff, wish: Wish) -> Result<Shown, Error> {
    authorize_role(staff, Operation::ParameterPropose)?;
    let (id, now, actor) = (world.id(ParameterVersionId::make), world.now(), staff.actor());
    let remark = review::remark(*id.as_bytes(), now, staff.id, State::Proposed, wish.reason.clone());
    world
        .db()
        .write(move |tx| {
            let parameters = in_force(tx)?;
            parameters.admit(wish.name, wish.value, wish.begins_on, now.business_date())?;
            let then = parameters.get(wish.name, wish.begins_on);
            let before = store::parameter::list(tx, wish.name.as_str())?;
            if before.iter().any(|row| row.state == State::Proposed.as_str()) {
                return Err(domain::parameter::Refusal::Pending.into());
            }
            let row = ParameterVersionRow {
                id: *id.as_bytes(),
                name: wish.name.to_string(),
                number: before.last().map_or(1, |row| row.number) + 1,
                value: wish.value,
                begins_on: i64::from(wish.begins_on.as_days()),
                state: State::Proposed.to_string(),
                proposed_by: remark.staff_id,
                proposed_at: now.as_micros(),
                decided_by: None,
                decided_at: None,
                version: 1,
            };
            store::parameter::insert(tx, &row)?;
            store::remark::insert(tx, &remark)?;
            let changes = [
                Change::came("parameter", &row.name),
                Change::came("begins_on", &wish.begins_on.to_string()),
                Change::turned("value", &then.to_string(), &row.value.to_string()),
            ];
            let mut record = Record::done(now, actor, "parameter.proposed").changing(changes);
            record.object = Some(Reference::new(ParameterVersionId::PREFIX, &row.id));
            tx.audit(&record);
            show(tx, row)
        })
        .await
}

/// Approves or rejects a proposed version of the stated row version.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `resource.not_found`; `resource.stale`; `parameter.decided`,
/// `parameter.own_proposal`; as [`Parameters::admit`] when its day has come too near.
pub async fn decide(
    world: &World,
    staff: &Staff,
    id: ParameterVersionId,
    version: i64,
    decision: Decision,
    reason: String,
) -> Result<Shown, Error> {
    authorize_role(staff, Operation::ParameterReview)?;
    require_step_up(staff)?;
    let (now, actor, reviewer) = (world.now(), staff.actor(), staff.id);
    let (state, action) = match decision {
        Decision::Approve => (decision.state(), "parameter.approved"),
        Decision::Reject => (decision.state(), "parameter.rejected"),
    };
    let remark = review::remark(*id.as_bytes(), now, reviewer, state, reason);
    let shown = world
        .db()
        .write(move |tx| {
            let mut row = store::parameter::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            let proposal = Proposal { state: &row.state, proposed_by: row.proposed_by, version: row.version };
            decision.admit(&proposal, version, reviewer)?;
            if decision == Decision::Approve {
                in_force(tx)?.admit(name(&row)?, row.value, begins_on(&row), now.business_date())?;
            }
            let before = std::mem::replace(&mut row.state, state.to_string());
            (row.decided_by, row.decided_at) = (Some(*reviewer.as_bytes()), Some(now.as_micros()));
            store::parameter::decide(tx, &row)?;
            row.version += 1;
            store::remark::insert(tx, &remark)?;
            let change = Change::turned("state", &before, &row.state);
            let mut record = Record::done(now, actor, action).changing([change]);
            record.object = Some(Reference::new(ParameterVersionId::PREFIX, &row.id));
            tx.audit(&record);
            show(tx, row)
        })
        .await?;
    recall(world).await?;
    Ok(shown)
}

fn show(tx: &mut ReadTx<'_>, row: ParameterVersionRow) -> Result<Shown, Error> {
    let (reason, decision) = review::words(tx, &row.id, &row.state)?;
    Ok(Shown { row, reason, decision })
}

fn name(row: &ParameterVersionRow) -> Result<Name, Error> {
    row.name.parse().map_err(|_| Error::internal(format!("the stored parameter {} is unknown", row.name)))
}

/// The first day of a version.
pub(super) fn begins_on(row: &ParameterVersionRow) -> BusinessDate {
    BusinessDate::from_days(i32::try_from(row.begins_on).unwrap_or(i32::MAX))
}
