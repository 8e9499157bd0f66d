//! Opening, disabling and listing accounts, and the very first one.
//!
//! Whose accounts they are is a [`Sight`]: the security administrator's reaches an area, and whoever administers the
//! accounts of one organisation ([`crate::team`]) reaches that one.

use super::factor;
use super::password::{self, Password};
use crate::auth::{Sight, Staff, authorize, require_step_up};
use crate::org::service::NewOrg;
use crate::{Error, World};
use domain::audit::{Actor, Change, Record, Reference, Value};
use domain::division::DivisionCode;
use domain::id::{OrgId, StaffId};
use domain::org::{Login, Operation, OrgKind, Refusal, Role, allows};
use domain::parameter::Name;
use domain::staff::{self, AccountAction, AccountState};
use gm::Secret;
use store::org::{ListedRow, OrgRow, StaffRow};
use store::remark::RemarkRow;
use store::{ReadTx, StoreError, WriteTx};

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
    let ordinal = if first_only { Ordinal::First } else { Ordinal::Any };
    open(world, staff, Sight::Area(staff.division), account(world, org, login, role).await?, ordinal).await
}

/// Whether an account may be opened beside others of its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ordinal {
    /// The first of its role only.
    First,
    /// Any.
    Any,
    /// Any while its organisation has fewer enabled ones than this.
    AtMost(i64),
}

/// Writes a new account of an organisation in sight, and answers it with its one-time password.
///
/// # Errors
/// `resource.not_found`, `staff.role_for_kind`, `staff.role`, `staff.too_many`, `resource.exists`.
pub(crate) async fn open(
    world: &World,
    staff: &Staff,
    sight: Sight,
    (row, secret): (StaffRow, Password),
    ordinal: Ordinal,
) -> Result<(StaffRow, Password), Error> {
    let (actor, now) = (staff.actor(), world.now());
    let row = world
        .db()
        .write(move |tx| {
            // The lock makes two first accounts of one role wait for each other, and two last ones.
            let found = store::org::lock(tx, &row.org_id)?.filter(|org| reaches(sight, org));
            let org = found.ok_or_else(Error::not_found)?;
            let kind: OrgKind = org.kind.parse().map_err(|_| Error::internal("a stored kind is unknown"))?;
            kind.admit(role_of(&row)?)?;
            match ordinal {
                Ordinal::First if store::org::count_staff_of_role(tx, &row.role)? > 0 => {
                    return Err(Refusal::Role.into());
                }
                Ordinal::AtMost(most) => staff::admit_account(store::org::count_enabled(tx, &org.id)?, most)?,
                Ordinal::First | Ordinal::Any => (),
            }
            if store::org::find_staff_by_login(tx, &row.login)?.is_some() {
                return Err(Error::platform("resource.exists"));
            }
            store::org::insert_staff(tx, &row)
                .map_err(|error| Error::taken(error, || Error::platform("resource.exists")))?;
            let action = if ordinal == Ordinal::First { "staff.bootstrapped" } else { "staff.created" };
            let mut record = Record::done(now, actor, action).changing([Change::came("role", &row.role)]);
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

fn reaches(sight: Sight, org: &OrgRow) -> bool {
    org.division.parse().is_ok_and(|division| sight.reaches(OrgId::from_bytes(org.id), division))
}

fn role_of(row: &StaffRow) -> Result<Role, Error> {
    row.role.parse().map_err(|_| Error::internal("a stored role is unknown"))
}

/// An account in sight.
///
/// # Errors
/// `resource.not_found`
pub(crate) fn find(tx: &mut ReadTx<'_>, sight: Sight, id: StaffId) -> Result<StaffRow, Error> {
    let row = store::org::find_staff(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
    let org = store::org::find(tx, &row.org_id)?;
    if org.is_some_and(|org| reaches(sight, &org)) { Ok(row) } else { Err(Error::not_found()) }
}

/// [`find`], locked until the transaction ends.
///
/// # Errors
/// `resource.not_found`
fn lock(tx: &mut WriteTx<'_>, sight: Sight, id: StaffId) -> Result<StaffRow, Error> {
    let found = match sight {
        Sight::Area(area) => store::org::lock_staff_in(tx, area, id.as_bytes())?,
        Sight::Own(org) => store::org::lock_staff_of(tx, org.as_bytes(), id.as_bytes())?,
    };
    found.ok_or_else(Error::not_found)
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
    turn(world, staff, Sight::Area(staff.division), decision, action).await
}

/// [`act`] within a sight. By a colleague the last enabled administrator of an organisation is not disabled, and no more
/// accounts are enabled than it may have.
///
/// # Errors
/// `staff.own_account`, `staff.step_up_required`, `resource.not_found`, `staff.state`, `staff.last_administrator`,
/// `staff.too_many`.
pub(crate) async fn turn(
    world: &World,
    staff: &Staff,
    sight: Sight,
    decision: Decision,
    action: AccountAction,
) -> Result<StaffRow, Error> {
    let most = world.parameter(Name::TeamMost);
    decide(world, staff, sight, decision, Deed::Turn(action), move |tx, row| {
        let state: AccountState =
            row.state.parse().map_err(|_| Error::internal("a stored account state is unknown"))?;
        let next = state.act(action)?;
        if let Sight::Own(org) = sight {
            match action {
                AccountAction::Disable => {
                    let others = store::org::count_enabled_others(tx, org.as_bytes(), &row.role, &row.id)?;
                    staff::keep_an_administrator(role_of(&row)?, others)?;
                }
                AccountAction::Enable => {
                    staff::admit_account(store::org::count_enabled(tx, org.as_bytes())?, most)?;
                }
            }
        }
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
    decide(world, staff, Sight::Area(staff.division), decision, Deed::ResetFactor, |tx, row| {
        factor::remove(tx, &row.id)?;
        store::staff::delete_sessions(tx, &row.id)?;
        Ok(row)
    })
    .await
}

/// What is done to an account of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// It is disabled or enabled.
    Turn(AccountAction),
    /// Its second factor is taken away.
    ResetFactor,
    /// Sessions of it are ended.
    EndSessions,
}

impl Deed {
    /// Under which word its reason is kept.
    const fn word(self) -> &'static str {
        match self {
            Self::Turn(AccountAction::Disable) => "disable",
            Self::Turn(AccountAction::Enable) => "enable",
            Self::ResetFactor => "reset_factor",
            Self::EndSessions => "end_sessions",
        }
    }

    /// What the record says was done.
    const fn done(self) -> &'static str {
        match self {
            Self::Turn(AccountAction::Disable) => "staff.disabled",
            Self::Turn(AccountAction::Enable) => "staff.enabled",
            Self::ResetFactor => "staff.factor_reset",
            Self::EndSessions => "staff.sessions_ended",
        }
    }

    fn change(self, before: &str, after: &str) -> Option<Change> {
        match self {
            Self::Turn(_) => Some(Change::turned("state", before, after)),
            Self::ResetFactor => Some(Change::of("factor", Value::word("enrolled"), Value::Nothing)),
            Self::EndSessions => None,
        }
    }
}

/// Does something to another account, for a reason that is kept beside the record.
///
/// # Errors
/// `staff.own_account`, `staff.step_up_required`, `resource.not_found`; those of `body`.
pub(super) async fn decide(
    world: &World,
    staff: &Staff,
    sight: Sight,
    decision: Decision,
    deed: Deed,
    body: impl Fn(&mut WriteTx<'_>, StaffRow) -> Result<StaffRow, Error> + Send + 'static,
) -> Result<StaffRow, Error> {
    if decision.id == staff.id {
        return Err(staff::Refusal::OwnAccount.into());
    }
    require_step_up(staff)?;
    let (actor, now) = (staff.actor(), world.now());
    let remark = RemarkRow {
        object_id: *decision.id.as_bytes(),
        at: now.as_micros(),
        staff_id: *staff.id.as_bytes(),
        action: deed.word().into(),
        words: decision.reason,
    };
    world
        .db()
        .write(move |tx| {
            if let Sight::Own(org) = sight {
                // Of one organisation's accounts one decision is made after the other.
                store::org::lock(tx, org.as_bytes())?;
            }
            let row = lock(tx, sight, decision.id)?;
            let before = row.state.clone();
            let row = body(tx, row)?;
            store::remark::insert(tx, &remark)?;
            let change = deed.change(&before, &row.state);
            let mut record = Record::done(now, actor, deed.done()).changing(change);
            record.object = Some(Reference::new(StaffId::PREFIX, &row.id));
            record.origin = Some(Reference::new(OrgId::PREFIX, &row.org_id));
            tx.audit(&record);
            Ok(row)
        })
        .await
}

/// An account of the own area.
///
/// # Errors
/// `staff.role`, `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: StaffId) -> Result<StaffRow, Error> {
    authorize(staff, Operation::StaffList, staff.division)?;
    let sight = Sight::Area(staff.division);
    world.db().read(move |tx| find(tx, sight, id)).await
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
) -> Result<Vec<ListedRow>, Error> {
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
