//! A sending that begins later: planned, taken back, and begun at its moment by a job.
//!
//! Invariant: it begins once or never. The job ends in the transaction that puts it to the channels, or that says why it was not
//! put to them, and that transaction holds the row and asks whether it still waits. What a rule refuses then is kept, and the
//! operator, whose people alone may plan, is told; what is a fault of ours is tried again.

use super::put::{Put, code_of, input, said};
use super::service::{Sent, Wanted};
use super::{Audience, service};
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::delegation::service::authority;
use crate::job::{Handlers, Job};
use crate::matter::Desk;
use crate::matter::message::tell_all;
use crate::matter::service::wants;
use crate::template::fill::Named;
use crate::{Error, World, job};
use domain::audit::{Actor, Change, Record, Reference};
use domain::division::DivisionCode;
use domain::id::{MessageId, OrgId, SendingId, StaffId};
use domain::matter::{By, Need, Party};
use domain::org::{self, Operation, Role};
use domain::sending::{Action, Content, Refusal, State};
use domain::staff::AccountState;
use domain::time::Timestamp;
use http::StatusCode;
use store::sending::SendingRow;
use store::{ReadTx, WriteTx};

/// The kind of the job.
const KIND: &str = "sending.begin";

/// Does the jobs of this kind.
#[must_use]
pub fn register(handlers: Handlers) -> Handlers {
    handlers.on(KIND, |world, job: Job| async move {
        let id = job.subject().parse().map_err(|_| Error::internal("a job names no sending"))?;
        match begin(&world, &job, id).await {
            Err(error) if is_refusal(&error) => fail(&world, &job, id, &error).await,
            outcome => outcome,
        }
    })
}

/// Whether a rule has spoken; anything else, somebody who was faster included, is tried again.
fn is_refusal(error: &Error) -> bool {
    error.status().is_client_error() && error.status() != StatusCode::PRECONDITION_FAILED
}

/// Keeps what is to begin at a moment.
pub(super) async fn keep(world: &World, staff: &Staff, wanted: Wanted, at: Timestamp) -> Result<Sent, Error> {
    let (id, now, staff) = (world.id(SendingId::make), world.now(), staff.clone());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let row = service::row(&staff, (id, &wanted), State::Planned, now);
            service::insert(tx, &row)?;
            job::enqueue(tx, KIND, &id.to_string(), at)?;
            let mut record = about(now, staff.actor(), "sending.planned", id);
            record.authorization = authority;
            let came =
                [Change::came("kind", wanted.content.as_str()), Change::came("send_at", &at.to_string())];
            tx.audit(&record.changing(came));
            Ok::<_, Error>(())
        })
        .await?;
    Ok(Sent { id: Some(id), send_at: Some(at), ..Sent::default() })
}

/// Takes back a sending that has not begun.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `staff.step_up_required` for another text; `delegation.not_in_force`;
/// `sending.not_planned`.
pub async fn cancel(world: &World, staff: &Staff, id: SendingId) -> Result<service::View, Error> {
    authorize_role(staff, Operation::NoticeSend)?;
    let row = world.db().read(move |tx| find(tx, id)).await?;
    let content = content(&row)?;
    if wants(content.kind(), &input(content, &row.content)?, Need::StepUp)? {
        require_step_up(staff)?;
    }
    let (now, clerk) = (world.now(), staff.clone());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &clerk, now.business_date())?;
            let mut row = store::sending::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            let before = state(&row)?;
            let after = before.next(Action::Cancel)?;
            (row.state, row.ended_at) = (after.to_string(), Some(now.as_micros()));
            store::sending::update(tx, &row)?;
            job::withdraw(tx, KIND, &id.to_string())?;
            let mut record = about(now, clerk.actor(), "sending.cancelled", id);
            record.authorization = authority;
            tx.audit(&record.changing([Change::turned("state", before.as_str(), after.as_str())]));
            Ok::<_, Error>(())
        })
        .await?;
    service::get(world, staff, id).await
}

/// Puts to the channels what has come due.
async fn begin(world: &World, job: &Job, id: SendingId) -> Result<(), Error> {
    let now = world.now();
    let read = move |tx: &mut ReadTx<'_>| {
        let row = find(tx, id)?;
        if state(&row)? != State::Planned {
            return Ok::<_, Error>(None);
        }
        let audience: Audience = serde_json::from_str(&row.audience).map_err(|error| unreadable(&error))?;
        let content = content(&row)?;
        let input = input(content, &row.content)?;
        let found = audience.of(tx, content, &input)?;
        let named = Named::of(content.kind(), &input);
        Ok(Some((planner(tx, &row)?, (content, input, named), found)))
    };
    let Some((by, what, found)) = world.db().read(read).await? else { return Ok(()) };
    let put = Put::new(what, found, || Desk::new(world, by, Actor::System).at(now))?;
    let job = job.clone();
    world
        .db()
        .write(move |tx| {
            let Some(mut row) = still_planned(tx, &job, id)? else { return Ok(()) };
            planner(tx, &row)?;
            let done = put.perform(tx)?;
            (row.state, row.at) = (State::Planned.next(Action::Send)?.to_string(), now.as_micros());
            store::sending::update(tx, &row)?;
            done.keep(tx, id)?;
            tx.audit(&done.record(now, Actor::System, id));
            Ok(())
        })
        .await
}

/// Keeps why it was not put to them, and tells the operator, whose somebody planned it.
async fn fail(world: &World, job: &Job, id: SendingId, why: &Error) -> Result<(), Error> {
    let (now, message, job) = (world.now(), world.id(MessageId::make), job.clone());
    let (code, zh, en) = (code_of(why), said(why, false), said(why, true));
    world
        .db()
        .write(move |tx| {
            let Some(mut row) = still_planned(tx, &job, id)? else { return Ok(()) };
            (row.state, row.ended_at) =
                (State::Planned.next(Action::Fail)?.to_string(), Some(now.as_micros()));
            row.failure_code = Some(code.clone());
            (row.failure_zh, row.failure_en) = (Some(zh.clone()), Some(en.clone()));
            store::sending::update(tx, &row)?;
            let words = [
                format!("定时发送的“{}”未能发出，任何渠道都没有收到：{zh}", row.title),
                format!("“{}” could not be sent at its time, and no channel was told: {en}", row.title),
            ];
            tell_all(tx, message, Party::Operator, words, now)?;
            let record = about(now, Actor::System, "sending.failed", id);
            tx.audit(&record.changing([Change::came("code", &code)]));
            Ok(())
        })
        .await
}

/// The row of a sending that still waits, held, and its job ended with whatever becomes of it here.
fn still_planned(tx: &mut WriteTx<'_>, job: &Job, id: SendingId) -> Result<Option<SendingRow>, Error> {
    let row = store::sending::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
    if state(&row)? != State::Planned {
        tx.unaudited("it was cancelled, or another process was faster");
        return Ok(None);
    }
    job.finish(tx)?;
    Ok(Some(row))
}

/// Whoever planned it, in their own name, as long as they may send.
fn planner(tx: &mut ReadTx<'_>, row: &SendingRow) -> Result<By, Error> {
    let staff = store::org::find_staff(tx, &row.staff_id)?;
    let is_active = |state: &str| state == AccountState::Active.as_str();
    let staff =
        staff.filter(|one| is_active(&one.state) && one.org_id == row.org_id).ok_or(Refusal::Planner)?;
    let office = store::org::find(tx, &row.org_id)?.ok_or(Refusal::Planner)?;
    let unknown = |what: &str| Error::internal(format!("a stored {what} is unknown"));
    let role: Role = staff.role.parse().map_err(|_| unknown("role"))?;
    let division: DivisionCode = office.division.parse().map_err(|_| unknown("division"))?;
    org::authorize(role, division, Operation::NoticeSend, division).map_err(|_| Refusal::Planner)?;
    Ok(By {
        party: Party::at(role, division).ok_or(Refusal::Planner)?,
        staff: Some(StaffId::from_bytes(staff.id)),
        org: Some(OrgId::from_bytes(row.org_id)),
        division,
        in_place_of: None,
    })
}

fn find(tx: &mut ReadTx<'_>, id: SendingId) -> Result<SendingRow, Error> {
    store::sending::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)
}

fn about(now: Timestamp, actor: Actor, action: &'static str, id: SendingId) -> Record {
    let mut record = Record::done(now, actor, action);
    record.object = Some(Reference::new(SendingId::PREFIX, id.as_bytes()));
    record
}

/// What a row holds.
pub(super) fn content(row: &SendingRow) -> Result<Content, Error> {
    row.kind.parse().map_err(|_| Error::internal("a sending of an unknown kind"))
}

/// Where it stands.
pub(super) fn state(row: &SendingRow) -> Result<State, Error> {
    row.state.parse().map_err(|_| Error::internal("a sending in an unknown state"))
}

fn unreadable(error: &serde_json::Error) -> Error {
    Error::internal(format!("a kept audience cannot be read: {error}"))
}
