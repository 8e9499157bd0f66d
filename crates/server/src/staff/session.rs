//! The sessions of an account: which there are, and ending them; one's own, and those of others by whoever may.
//!
//! Not here: where a session comes from. That is told to the account itself at its next sign-in, and to an auditor.

use super::service::{Decision, Deed, decide, find};
use crate::auth::{Sight, Staff, authorize};
use crate::{Error, World};
use domain::audit::{Record, Reference};
use domain::id::{StaffId, StaffSessionId};
use domain::org::Operation;
use domain::parameter::Name;
use store::staff::SessionRow;
use store::{ReadTx, StoreError};

/// Most sessions that are listed.
const MOST_LISTED: i64 = 200;

/// From when on a session counts, and since when it must have been used, real time.
#[derive(Debug, Clone, Copy)]
struct InForce {
    now: i64,
    seen_after: i64,
}

impl InForce {
    fn of(world: &World) -> Self {
        let now = world.real_now();
        let seen_after = now.plus_seconds(-world.parameter(Name::StaffIdle)).as_micros();
        Self { now: now.as_micros(), seen_after }
    }

    fn list(self, tx: &mut ReadTx<'_>, staff: &[u8; 16]) -> Result<Vec<SessionRow>, StoreError> {
        store::staff::list_sessions(tx, staff, self.now, self.seen_after, MOST_LISTED)
    }
}

/// The own sessions that are in force, oldest first.
///
/// # Errors
/// The store's.
pub async fn list(world: &World, staff: &Staff) -> Result<Vec<SessionRow>, Error> {
    let (id, in_force) = (*staff.id.as_bytes(), InForce::of(world));
    Ok(world.db().read(move |tx| in_force.list(tx, &id)).await?)
}

/// Ends one of the own sessions.
///
/// # Errors
/// `resource.not_found`
pub async fn end(world: &World, staff: &Staff, session: StaffSessionId) -> Result<(), Error> {
    let (id, actor, now) = (*staff.id.as_bytes(), staff.actor(), world.now());
    world
        .db()
        .write(move |tx| {
            if store::staff::delete_session_of(tx, &id, session.as_bytes())? == 0 {
                return Err(Error::not_found());
            }
            let mut record = Record::done(now, actor, "staff.session_ended");
            record.object = Some(Reference::new(StaffSessionId::PREFIX, session.as_bytes()));
            tx.audit(&record);
            Ok(())
        })
        .await
}

/// The sessions of an account of the own area that are in force, oldest first.
///
/// # Errors
/// `staff.role`, `resource.not_found`.
pub async fn list_of(world: &World, staff: &Staff, id: StaffId) -> Result<Vec<SessionRow>, Error> {
    authorize(staff, Operation::StaffEndSessions, staff.division)?;
    list_within(world, Sight::Area(staff.division), id).await
}

/// [`list_of`] within a sight.
///
/// # Errors
/// `resource.not_found`
pub(crate) async fn list_within(world: &World, sight: Sight, id: StaffId) -> Result<Vec<SessionRow>, Error> {
    let in_force = InForce::of(world);
    world
        .db()
        .read(move |tx| {
            let account = find(tx, sight, id)?;
            Ok(in_force.list(tx, &account.id)?)
        })
        .await
}

/// Ends a session of an account of the own area, or all of them; the account stays enabled.
///
/// # Errors
/// `staff.role`, `staff.own_account`, `staff.step_up_required`, `resource.not_found`.
pub async fn end_of(
    world: &World,
    staff: &Staff,
    decision: Decision,
    session: Option<StaffSessionId>,
) -> Result<(), Error> {
    authorize(staff, Operation::StaffEndSessions, staff.division)?;
    end_within(world, staff, Sight::Area(staff.division), decision, session).await
}

/// [`end_of`] within a sight.
///
/// # Errors
/// `staff.own_account`, `staff.step_up_required`, `resource.not_found`.
pub(crate) async fn end_within(
    world: &World,
    staff: &Staff,
    sight: Sight,
    decision: Decision,
    session: Option<StaffSessionId>,
) -> Result<(), Error> {
    let ended = decide(world, staff, sight, decision, Deed::EndSessions, move |tx, row| {
        match session {
            Some(session) if store::staff::delete_session_of(tx, &row.id, session.as_bytes())? == 0 => {
                return Err(Error::not_found());
            }
            Some(_) => (),
            None => {
                store::staff::delete_sessions(tx, &row.id)?;
            }
        }
        Ok(row)
    });
    ended.await.map(drop)
}
