//! The accounts of the own organisation: listed, opened, disabled, enabled; their sessions.

use crate::auth::{Sight, Staff, authorize_role, require_step_up};
use crate::staff::service::{self, Decision, Ordinal};
use crate::staff::session;
use crate::{Error, World};
use domain::id::{StaffId, StaffSessionId};
use domain::org::{Login, Operation, Role};
use domain::parameter::Name;
use domain::staff::AccountAction;
use gm::Secret;
use store::org::{ListedRow, StaffRow};
use store::staff::SessionRow;

/// How far an administrator of a team reaches.
fn team(staff: &Staff) -> Result<Sight, Error> {
    authorize_role(staff, Operation::TeamManage)?;
    Ok(Sight::Own(staff.org))
}

/// The accounts of the own organisation, in the order they were opened.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<StaffId>,
    limit: i64,
) -> Result<Vec<ListedRow>, Error> {
    team(staff)?;
    let org = *staff.org.as_bytes();
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    Ok(world.db().read(move |tx| store::org::list_staff_of(tx, &org, &after, limit)).await?)
}

/// Opens an account of the own organisation; the one-time password is returned once.
///
/// # Errors
/// `staff.role`, `staff.step_up_required`, `staff.role_for_kind`, `staff.too_many`, `resource.exists`.
pub async fn open(
    world: &World,
    staff: &Staff,
    login: &Login,
    role: Role,
) -> Result<(StaffRow, Secret<String>), Error> {
    let sight = team(staff)?;
    require_step_up(staff)?;
    let most = world.parameter(Name::TeamMost);
    let account = service::account(world, staff.org, login, role).await?;
    service::open(world, staff, sight, account, Ordinal::AtMost(most)).await
}

/// Disables or enables an account of the own organisation.
///
/// # Errors
/// `staff.role`, `staff.own_account`, `staff.step_up_required`, `resource.not_found`, `staff.state`,
/// `staff.last_administrator`, `staff.too_many`.
pub async fn act(
    world: &World,
    staff: &Staff,
    decision: Decision,
    action: AccountAction,
) -> Result<StaffRow, Error> {
    service::turn(world, staff, team(staff)?, decision, action).await
}

/// The sessions of an account of the own organisation that are in force, oldest first.
///
/// # Errors
/// `staff.role`, `resource.not_found`.
pub async fn sessions(world: &World, staff: &Staff, id: StaffId) -> Result<Vec<SessionRow>, Error> {
    session::list_within(world, team(staff)?, id).await
}

/// Ends a session of an account of the own organisation, or all of them.
///
/// # Errors
/// `staff.role`, `staff.own_account`, `staff.step_up_required`, `resource.not_found`.
pub async fn end_sessions(
    world: &World,
    staff: &Staff,
    decision: Decision,
    session: Option<StaffSessionId>,
) -> Result<(), Error> {
    session::end_within(world, staff, team(staff)?, decision, session).await
}
