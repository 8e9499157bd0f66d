//! Stating what a company is, and looking at it.

use crate::auth::{Staff, authorize_role};
use crate::key::Ring;
use crate::matter::service::{acts_as, in_sight};
use crate::{Error, World};
use domain::audit::{Change, Record, Reference, Value};
use domain::company::Company;
use domain::id::{MatterId, OrgId};
use domain::matter::{Party, Refusal};
use domain::org::Operation;
use domain::time::Timestamp;
use store::company::CompanyRow;
use store::{ReadTx, WriteTx};

/// What the seal of a legal representative is bound to, before the organisation's id.
const SEAL: &[u8] = b"company\n";

/// What an organisation stated, if it has.
#[derive(Debug, Clone)]
pub struct View {
    /// The organisation.
    pub org: OrgId,
    /// What it stated, with when and under which version.
    pub stated: Option<(Company, Timestamp, i64)>,
}

/// What the own organisation stated.
///
/// # Errors
/// `staff.role`.
pub async fn get(world: &World, staff: &Staff) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (org, ring) = (staff.org, world.keys().ring());
    world.db().read(move |tx| find(tx, &ring, org)).await
}

/// What the organisation that acts as the owner in a matter in sight stated.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn of_matter(world: &World, staff: &Staff, id: MatterId) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .read(move |tx| {
            let row = in_sight(tx, &staff, id.as_bytes())?;
            find(tx, &ring, OrgId::from_bytes(row.owner_id))
        })
        .await
}

/// States what the own organisation is, in the place of this version of it.
///
/// # Errors
/// `staff.role`; `matter.party` for whoever acts for no owner of channels; `resource.stale`.
pub async fn state(world: &World, staff: &Staff, version: i64, company: Company) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    if acts_as(staff).is_none_or(|by| by.party != Party::Owner) {
        return Err(Refusal::Party.into());
    }
    let (org, ring, now, actor) = (staff.org, world.keys().ring(), world.now(), staff.actor());
    world
        .db()
        .write(move |tx| {
            store::org::lock(tx, org.as_bytes())?.ok_or_else(Error::not_found)?;
            let before = find(tx, &ring, org)?.stated.map(|(company, _, _)| company);
            put(tx, &ring, org, version, &company, now)?;
            let record = Record::done(now, actor, "company.stated");
            let mut record = record.changing(changes(before.as_ref(), &company));
            record.object = Some(Reference::new(OrgId::PREFIX, org.as_bytes()));
            tx.audit(&record);
            find(tx, &ring, org)
        })
        .await
}

/// What became of the fields; who represents a company stands in no record.
fn changes(before: Option<&Company>, company: &Company) -> Vec<Change> {
    let day = company.registered_on.to_string();
    let represents = Change::of("legal_representative", Value::Withheld, Value::Withheld);
    let is_same = before.is_some_and(|one| one.legal_representative == company.legal_representative);
    let registered = match before {
        Some(before) => Change::turned("registered_on", &before.registered_on.to_string(), &day),
        None => Change::came("registered_on", &day),
    };
    std::iter::once(registered).chain((!is_same).then_some(represents)).collect()
}

/// What an organisation stated.
fn find(tx: &mut ReadTx<'_>, ring: &Ring, org: OrgId) -> Result<View, Error> {
    let row = store::company::find(tx, org.as_bytes())?;
    let opened = |row: CompanyRow| {
        let plain = ring.open(row.key_version, &associated(org), &row.sealed)?;
        let name = String::from_utf8(plain).map_err(|_| Error::internal("a sealed name is no text"))?;
        let registered_on = row.registered_on.parse().map_err(|_| Error::internal("a stored day is none"))?;
        let company = Company { legal_representative: name, registered_on };
        Ok::<_, Error>((company, Timestamp::from_micros(row.stated_at), row.version))
    };
    Ok(View { org, stated: row.map(opened).transpose()? })
}

/// Writes what an organisation stated; it is locked by whoever calls.
///
/// # Errors
/// `resource.stale`.
pub(crate) fn put(
    tx: &mut WriteTx<'_>,
    ring: &Ring,
    org: OrgId,
    version: i64,
    company: &Company,
    now: Timestamp,
) -> Result<(), Error> {
    let (key_version, sealed) = ring.seal(&associated(org), company.legal_representative.as_bytes());
    let row = CompanyRow {
        org_id: *org.as_bytes(),
        registered_on: company.registered_on.to_string(),
        key_version,
        sealed,
        stated_at: now.as_micros(),
        version,
    };
    Ok(store::company::replace(tx, &row)?)
}

fn associated(org: OrgId) -> Vec<u8> {
    [SEAL, org.as_bytes()].concat()
}
