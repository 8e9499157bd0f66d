//! Registering and listing organisations.

use crate::auth::{Staff, authorize};
use crate::{Error, World};
use domain::audit::{Change, Record, Reference};
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::identity::Uscc;
use domain::org::{Operation, OrgKind};
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
/// registered.
pub async fn create(world: &World, staff: &Staff, new: NewOrg) -> Result<OrgRow, Error> {
    authorize(staff, Operation::OrgCreate, new.division)?;
    new.kind.stand_at(new.division)?;
    let now = world.now();
    let id = world.id(OrgId::make);
    let actor = staff.actor();
    let row = row(id, new, now.as_micros());
    world
        .db()
        .write(move |tx| {
            if let Some(uscc) = &row.uscc
                && store::org::find_by_uscc(tx, uscc)?.is_some()
            {
                return Err(Error::platform("resource.exists"));
            }
            store::org::insert(tx, &row)
                .map_err(|error| Error::taken(error, || Error::platform("resource.exists")))?;
            let mut record = Record::done(now, actor, "org.created").changing(coming(&row));
            record.object = Some(Reference::new(OrgId::PREFIX, id.as_bytes()));
            tx.audit(&record);
            Ok(row.clone())
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
