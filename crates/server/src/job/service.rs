//! Looking at jobs, and having a failed one tried now.

use super::duty::Duty;
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::wire::page::probe;
use crate::{Error, World};
use domain::audit::{Change, Record, Reference};
use domain::id::JobId;
use domain::org::Operation;
use store::job::{JobRow, QueueRow};

/// What waits, by kind.
///
/// # Errors
/// `staff.role`
pub async fn queues(world: &World, staff: &Staff) -> Result<Vec<QueueRow>, Error> {
    authorize_role(staff, Operation::JobRead)?;
    Ok(world.db().read(store::job::queues).await?)
}

/// The periodic work of the server that is asked.
///
/// # Errors
/// `staff.role`
pub fn duties(world: &World, staff: &Staff) -> Result<Vec<(&'static str, Duty)>, Error> {
    authorize_role(staff, Operation::JobRead)?;
    Ok(world.duties().list())
}

/// Jobs whose last attempt failed, by id after `after`; one more than `limit` when there are more.
///
/// # Errors
/// `staff.role`
pub async fn list_failed(
    world: &World,
    staff: &Staff,
    after: Option<JobId>,
    limit: usize,
) -> Result<Vec<JobRow>, Error> {
    authorize_role(staff, Operation::JobRead)?;
    let after = after.map_or([0; 16], |id| *id.as_bytes());
    Ok(world.db().read(move |tx| store::job::list_failed(tx, &after, probe(limit))).await?)
}

/// Has a failed job tried at once, by whichever server comes to it first. An attempt that is under way loses its lease, and with it
/// what it would have written: it is the same as if its server had died.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `resource.not_found` for one that has not failed or is done; `resource.stale`.
pub async fn rerun(world: &World, staff: &Staff, id: JobId) -> Result<JobRow, Error> {
    authorize_role(staff, Operation::JobRerun)?;
    require_step_up(staff)?;
    let (actor, now) = (staff.actor(), world.now());
    world
        .db()
        .write(move |tx| {
            let row = store::job::find_by_id(tx, id.as_bytes())?.filter(|row| row.last_error.is_some());
            let row = row.ok_or_else(Error::not_found)?;
            store::job::move_due(tx, &row, now.as_micros())?;
            let change = Change::came("kind", &row.kind);
            let mut record = Record::done(now, actor, "job.rerun").changing([change]);
            record.object = Some(Reference::new(JobId::PREFIX, &row.id));
            tx.audit(&record);
            Ok(JobRow { due_at: now.as_micros(), ..row })
        })
        .await
}
