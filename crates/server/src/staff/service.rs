//! Opening and listing accounts, and the very first one.

use super::factor;
use super::password::{self, Password};
use crate::auth::{Staff, authorize, require_step_up};
use crate::org::service::NewOrg;
use crate::{Error, World};
use domain::audit::{Actor, Record, Reference};
use domain::division::DivisionCode;
use domain::id::{OrgId, StaffId};
use domain::org::{Login, Operation, OrgKind, Refusal, Role, allows};
use domain::staff::{self, AccountAction, AccountState};
use gm::Secret;
use store::org::{OrgRow, StaffRow};
use store::remark::RemarkRow;
use store::{StoreError, WriteTx};

/// The login of the first account.
const FIRST_LOGIN: &str = "operator";

/// The first account of a world.
#[derive(Debug)]
pub struct FirstAccount {
    /// Its sign-in name.
    pub login: String,
    /// Signs in once, to be replaced; shown once.
    pub one_time_password: Secret<String>,
}

/// At the first start of a world: the operator's organisation with one system administrator. `None` when the world
/// has an organisation already.
///
/// # Errors
/// The store's.
pub async fn bootstrap(world: &World) -> Result<Option<FirstAccount>, Error> {
    if !world.db().read(store::org::is_empty).await? {
        return Ok(None);
    }
    let login: Login = FIRST_LOGIN.parse()?;
    let (org, now) = (world.id(OrgId::make), world.now());
    let new = NewOrg {
        kind: OrgKind::Operator,
        name: "平台运营机构".into(),
        division: DivisionCode::NATIONAL,
        uscc: None,
    };
    let org_row = crate::org::service::row(org, new, now.as_micros());
    let (staff_row, secret) = account(world, org, &login, Role::OperatorAdmin).await?;
    let created = world
        .db()
        .write(move |tx| {
            if !store::org::is_empty(tx)? {
                return Ok(false);
            }
            store::org::insert(tx, &org_row)?;
            store::org::insert_staff(tx, &staff_row)?;
            let mut record = Record::done(now, Actor::System, "staff.bootstrapped");
            record.object = Some(Reference::new(StaffId::PREFIX, &staff_row.id));
            record.origin = Some(Reference::new(OrgId::PREFIX, org.as_bytes()));
            tx.audit(&record);
            Ok(true)
        })
        .await;
    match created {
        Ok(true) => Ok(Some(FirstAccount { login: login.as_str().to_owned(), one_time_password: secret })),
        // Another process was faster.
        Ok(false) | Err(StoreError::Unique(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Opens an account; the secret is returned once.
///
/// # Errors
/// `staff.role`, `staff.step_up_required`, `resource.not_found` for the organisation, `staff.role_for_kind`,
/// `resource.exists` for a login that is taken.
pub async fn create(
    world: &World,
    staff: &Staff,
    org: OrgId,
    login: &Login,
    role: Role,
) -> Result<(StaffRow, Password), Error> {
    let first_only = !allows(staff.role, Operation::StaffCreate);
    if first_only && !is_bootstrap(staff.role, role) {
        return Err(Refusal::Role.into());
    }
    require_step_up(staff)?;
    let (row, secret) = account(world, org, login, role).await?;
    let (actor, area, now) = (staff.actor(), staff.division, world.now());
    let row = world
        .db()
        .write(move |tx| {
            // The lock makes two first accounts of one role wait for each other.
            let found = store::org::lock(tx, &row.org_id)?;
            let org: OrgRow =
                found.filter(|org| in_area(area, &org.division)).ok_or_else(Error::not_found)?;
            let kind: OrgKind = org.kind.parse().map_err(|_| Error::internal("a stored kind is unknown"))?;
            kind.admit(role)?;
            if first_only && store::org::count_staff_of_role(tx, role.as_str())? > 0 {
                return Err(Refusal::Role.into());
            }
            if store::org::find_staff_by_login(tx, &row.login)?.is_some() {
                return Err(Error::platform("resource.exists"));
            }
            store::org::insert_staff(tx, &row)?;
            let action = if first_only { "staff.bootstrapped" } else { "staff.created" };
            let mut record = Record::done(now, actor, action);
            record.object = Some(Reference::new(StaffId::PREFIX, &row.id));
            record.origin = Some(Reference::new(OrgId::PREFIX, &row.org_id));
            tx.audit(&record);
            Ok(row.clone())
        })
        .await?;
    Ok((row, secret))
}

/// The system administrator opens the first account of each of the two other powers, and no other.
fn is_bootstrap(actor: Role, role: Role) -> bool {
    actor == Role::OperatorAdmin && matches!(role, Role::SecurityAdmin | Role::AuditAdmin)
}

fn in_area(area: DivisionCode, division: &str) -> bool {
    division.parse().is_ok_and(|division| area.covers(division))
}

/// A new account, not yet written, with the one-time password that it begins with.
pub(crate) async fn account(
    world: &World,
    org: OrgId,
    login: &Login,
    role: Role,
) -> Result<(StaffRow, Password), Error> {
    let secret = password::one_time(login);
    let row = StaffRow {
        id: *world.id(StaffId::make).as_bytes(),
        org_id: *org.as_bytes(),
        login: login.as_str().to_owned(),
        role: role.to_string(),
        password_hash: password::hash(&secret).await?,
        must_change: 1,
        state: "active".into(),
        failed_attempts: 0,
        locked_until: None,
        created_at: world.now().as_micros(),
        version: 1,
    };
    Ok((row, secret))
}

/// What a security administrator does to another account, and why.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Whose account.
    pub id: StaffId,
    /// The reason, 1 to 200 characters.
    pub reason: String,
}

/// Disables or enables an account. A disabled one signs in no more, and its sessions end at once.
///
/// # Errors
/// `staff.role`, `staff.own_account`, `staff.step_up_required`, `resource.not_found`, `staff.state`.
pub async fn act(
    world: &World,
    staff: &Staff,
    decision: Decision,
    action: AccountAction,
) -> Result<StaffRow, Error> {
    authorize(staff, Operation::StaffDisable, staff.division)?;
    decide(world, staff, decision, action.as_str(), move |tx, row| {
        let state: AccountState =
            row.state.parse().map_err(|_| Error::internal("a stored account state is unknown"))?;
        let next = state.act(action)?;
        let row = StaffRow { state: next.to_string(), failed_attempts: 0, locked_until: None, ..row };
        store::org::update_staff(tx, &row)?;
        store::staff::delete_sessions(tx, &row.id)?;
        Ok(StaffRow { version: row.version + 1, ..row })
    })
    .await
}

/// Takes the second factor and the recovery codes from an account whose owner has lost them; the next sign-in is by
/// password alone, and its sessions end at once.
///
/// # Errors
/// `staff.role`, `staff.own_account`, `staff.step_up_required`, `resource.not_found`, `staff.factor_missing`.
pub async fn reset_factor(world: &World, staff: &Staff, decision: Decision) -> Result<StaffRow, Error> {
    authorize(staff, Operation::StaffResetFactor, staff.division)?;
    decide(world, staff, decision, "reset_factor", |tx, row| {
        factor::remove(tx, &row.id)?;
        store::staff::delete_sessions(tx, &row.id)?;
        Ok(row)
    })
    .await
}

async fn decide(
    world: &World,
    staff: &Staff,
    decision: Decision,
    action: &'static str,
    body: impl Fn(&mut WriteTx<'_>, StaffRow) -> Result<StaffRow, Error> + Send + 'static,
) -> Result<StaffRow, Error> {
    if decision.id == staff.id {
        return Err(staff::Refusal::OwnAccount.into());
    }
    require_step_up(staff)?;
    let (actor, area, now) = (staff.actor(), staff.division, world.now());
    let remark = RemarkRow {
        object_id: *decision.id.as_bytes(),
        at: now.as_micros(),
        staff_id: *staff.id.as_bytes(),
        action: action.into(),
        words: decision.reason,
    };
    world
        .db()
        .write(move |tx| {
            let row = store::org::lock_staff_in(tx, area, decision.id.as_bytes())?;
            let row = body(tx, row.ok_or_else(Error::not_found)?)?;
            store::remark::insert(tx, &remark)?;
            let mut record = Record::done(
                now,
                actor,
                match action {
                    "disable" => "staff.disabled",
                    "enable" => "staff.enabled",
                    _ => "staff.factor_reset",
                },
            );
            record.object = Some(Reference::new(StaffId::PREFIX, &row.id));
            record.origin = Some(Reference::new(OrgId::PREFIX, &row.org_id));
            tx.audit(&record);
            Ok(row)
        })
        .await
}

/// The accounts of the own area.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<StaffId>,
    limit: i64,
) -> Result<Vec<StaffRow>, Error> {
    authorize(staff, Operation::StaffList, staff.division)?;
    let area = staff.division;
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    Ok(world.db().read(move |tx| store::org::list_staff(tx, area, &after, limit)).await?)
}

/// The account that is signed in, and its organisation.
///
/// # Errors
/// `staff.unauthenticated` when the account ended meanwhile.
pub async fn own_account(world: &World, staff: &Staff) -> Result<(StaffRow, OrgRow), Error> {
    let (id, org) = (*staff.id.as_bytes(), *staff.org.as_bytes());
    let found = world
        .db()
        .read(move |tx| Ok::<_, StoreError>((store::org::find_staff(tx, &id)?, store::org::find(tx, &org)?)))
        .await?;
    match found {
        (Some(account), Some(org)) => Ok((account, org)),
        _ => Err(Error::platform("staff.unauthenticated")),
    }
}
