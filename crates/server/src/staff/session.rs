//! The sessions of one's own account: which there are, and ending one.

use crate::auth::Staff;
use crate::{Error, World};
use domain::audit::{Record, Reference};
use domain::id::StaffSessionId;
use domain::parameter::Name;
use store::staff::SessionRow;

/// Most sessions that are listed.
const MOST_LISTED: i64 = 200;

/// The own sessions that are in force, oldest first.
///
/// # Errors
/// The store's.
pub async fn list(world: &World, staff: &Staff) -> Result<Vec<SessionRow>, Error> {
    let (id, now) = (*staff.id.as_bytes(), world.real_now());
    let idle = world.parameter(Name::StaffIdle);
    let seen_after = now.plus_seconds(-idle).as_micros();
    let now = now.as_micros();
    let listed =
        world.db().read(move |tx| store::staff::list_sessions(tx, &id, now, seen_after, MOST_LISTED));
    Ok(listed.await?)
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
