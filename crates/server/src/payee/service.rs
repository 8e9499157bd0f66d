//! Registering payees.

use crate::auth::{Staff, authorize};
use crate::{Error, World};
use domain::audit::{Record, Reference};
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::identity::Shard;
use domain::org::{Operation, OrgKind};
use domain::payment::Refusal;
use domain::settlement::FeeRate;
use store::payee::PayeeRow;

/// Registers an organisation as a payee, once and for all; again with the same fee changes nothing.
///
/// # Errors
/// `staff.role`; `payee.org` for an organisation that is no department; `resource.exists` with another fee.
pub async fn create(world: &World, staff: &Staff, org: OrgId, fee: FeeRate) -> Result<PayeeRow, Error> {
    authorize(staff, Operation::PayeeCreate, DivisionCode::NATIONAL)?;
    let (now, actor) = (world.now(), staff.actor());
    let home = Shard::of(&gm::sm3::digest(org.as_bytes()));
    world
        .db()
        .write(move |tx| {
            if let Some(known) = store::payee::find_each(tx, &[*org.as_bytes()])?.pop().flatten() {
                tx.unaudited("the payee was registered before");
                let same = known.fee_basis_points == i64::from(fee.basis_points());
                return if same { Ok(known) } else { Err(Error::platform("resource.exists")) };
            }
            let found = store::org::find(tx, org.as_bytes())?;
            let department = found.filter(|org| org.kind == OrgKind::Department.as_str());
            let department = department.ok_or_else(|| Error::field("/org_id", &Refusal::PayeeOrg))?;
            let row = PayeeRow {
                id: *org.as_bytes(),
                name: department.name,
                fee_basis_points: i64::from(fee.basis_points()),
                home_shard: i64::from(home.get()),
                created_at: now.as_micros(),
            };
            store::payee::insert(tx, &row)?;
            let mut record = Record::done(now, actor, "payee.created");
            record.object = Some(Reference::new(OrgId::PREFIX, org.as_bytes()));
            tx.audit(&record);
            Ok(row)
        })
        .await
}

/// A page of payees.
///
/// # Errors
/// `staff.role`.
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<OrgId>,
    limit: i64,
) -> Result<Vec<PayeeRow>, Error> {
    authorize(staff, Operation::PayeeList, staff.division)?;
    let own = (!may_see_all(staff)).then_some(*staff.org.as_bytes());
    world
        .db()
        .read(move |tx| match own {
            Some(own) => Ok(store::payee::find_each(tx, &[own])?.into_iter().flatten().collect()),
            None => {
                Ok(store::payee::list(tx, after.as_ref().map_or(&[], |id| id.as_bytes().as_slice()), limit)?)
            }
        })
        .await
}

/// Whether a member of staff sees every payee's money; a department sees its own.
pub(crate) fn may_see_all(staff: &Staff) -> bool {
    !staff.role.is_own_org_only()
}
