//! Registering and listing organisations.

use super::register::{Planned, apply, plan};
use crate::auth::{Staff, authorize, authorize_role};
use crate::rows::{self, Fault, Outcome};
use crate::{Error, World};
use domain::audit::Change;
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::identity::Uscc;
use domain::org::{Operation, OrgKind, Refusal};
use store::Run;
use store::org::OrgRow;

/// An organisation to register.
#[derive(Debug, Clone)]
pub struct NewOrg {
    /// What it is.
    pub kind: OrgKind,
    /// Its full name.
    pub name: String,
    /// Where it stands.
    pub division: DivisionCode,
    /// Its credit code.
    pub uscc: Option<Uscc>,
}

/// Registers an organisation.
///
/// # Errors
/// `staff.role`, `staff.division`, `org.division_for_kind` (CM-3.1), `resource.exists` for a credit code that is
/// registered, and for a name in its division unless both organisations have a credit code.
pub async fn create(world: &World, staff: &Staff, new: NewOrg) -> Result<OrgRow, Error> {
    authorize(staff, Operation::OrgCreate, new.division)?;
    let (staff, now) = (staff.clone(), world.now());
    let org = [(world.id(OrgId::make), new)];
    world
        .db()
        .write(move |tx| {
            let mut planned = plan(tx, &staff, &org, now)?;
            apply(tx, &staff, &planned, now)?;
            let exists = || Error::platform("resource.exists");
            match planned.pop() {
                Some(Planned::New(row)) => Ok(row),
                Some(Planned::Refused(reasons)) => Err(match reasons.first() {
                    None | Some(Refusal::Taken | Refusal::Named) => exists(),
                    Some(other) => (*other).into(),
                }),
                Some(Planned::Unchanged) | None => Err(exists()),
            }
        })
        .await
}

/// Registers organisations as they stand in the rows of a file, or says what would become of each: good rows are kept, bad
/// ones are named.
///
/// # Errors
/// `staff.role`; `resource.exists` when one of them was registered meanwhile, and nothing is written.
pub async fn register(
    world: &World,
    staff: &Staff,
    rows: Vec<Result<NewOrg, Vec<Fault>>>,
    run: Run,
) -> Result<Vec<Outcome>, Error> {
    authorize_role(staff, Operation::OrgCreate)?;
    let (staff, now) = (staff.clone(), world.now());
    let rows = rows.into_iter().map(|row| row.map(|new| (world.id(OrgId::make), new))).collect();
    rows::perform(world, run, rows, move |tx, orgs| {
        let planned = plan(tx, &staff, orgs, now)?;
        apply(tx, &staff, &planned, now)?;
        Ok(planned)
    })
    .await
}

/// What is told of an organisation that comes into being.
pub(crate) fn coming(row: &OrgRow) -> [Change; 2] {
    [Change::came("kind", &row.kind), Change::came("division", &row.division)]
}

pub(crate) fn row(id: OrgId, new: NewOrg, created_at: i64) -> OrgRow {
    OrgRow {
        id: *id.as_bytes(),
        kind: new.kind.to_string(),
        name: new.name,
        division: new.division.to_string(),
        uscc: new.uscc.map(|uscc| uscc.as_str().to_owned()),
        created_at,
        version: 1,
    }
}

/// An organisation in sight.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: OrgId) -> Result<OrgRow, Error> {
    authorize(staff, Operation::OrgList, staff.division)?;
    let area = staff.division;
    let found = world.db().read(move |tx| store::org::find(tx, id.as_bytes())).await?;
    let row = found.ok_or_else(Error::not_found)?;
    if area.covers(row.division.parse()?) { Ok(row) } else { Err(Error::not_found()) }
}

/// The organisations of the own area.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<OrgId>,
    limit: i64,
) -> Result<Vec<OrgRow>, Error> {
    authorize(staff, Operation::OrgList, staff.division)?;
    let area = staff.division;
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    Ok(world.db().read(move |tx| store::org::list(tx, area, &after, limit)).await?)
}
