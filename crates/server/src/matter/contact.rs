//! Who can be reached about an application, in clear: told one asking at a time, with a reason, to those who have business
//! with it; and printed for them on the form, which is theirs to file.
//!
//! Invariant: nobody but the owner reads a contact without a record of it. The reason stands apart from the record, as all
//! words of persons do, and is shown in the trail of the matter, to the owner too.

use super::met::Met;
use super::service::{acts_as, acts_for, has_business, sees};
use super::step::{body, kind};
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::delegation::service::authority;
use crate::key::Ring;
use crate::{Error, World};
use domain::application::contact::in_clear;
use domain::application::form::Contact;
use domain::audit::{Record, Reference};
use domain::id::MatterId;
use domain::matter::{Kind, Onlooker, Refusal, seen_by};
use domain::org::Operation;
use store::ReadTx;
use store::matter::MatterRow;
use store::remark::RemarkRow;

/// The contacts of an application in clear, by where they stand in its body.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `delegation.not_in_force`; `resource.not_found` for a matter out of sight and for one
/// that is no application; `matter.party` for whoever has no business with it.
pub async fn reveal(
    world: &World,
    staff: &Staff,
    id: MatterId,
    reason: String,
) -> Result<Vec<(&'static str, Contact)>, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    require_step_up(staff)?;
    let (staff, ring, now) = (staff.clone(), world.keys().ring(), world.now());
    let remark = RemarkRow {
        object_id: *id.as_bytes(),
        at: now.as_micros(),
        staff_id: *staff.id.as_bytes(),
        action: "reveal".to_owned(),
        words: reason,
    };
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let row = store::matter::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            let is_seen = sees(tx, &mut Met::default(), &staff, &row)?;
            if !is_seen || kind(&row)? != Kind::Application {
                return Err(Error::not_found());
            }
            if !may_reveal(tx, &staff, &ring, &row)? {
                return Err(Refusal::Party.into());
            }
            store::remark::insert(tx, &remark)?;
            let mut record = Record::done(now, staff.actor(), "matter.revealed");
            record.object = Some(Reference::new(MatterId::PREFIX, id.as_bytes()));
            record.authorization = authority;
            tx.audit(&record);
            Ok(in_clear(&body(&ring, &row)?))
        })
        .await
}

/// Whether the asker has business with an application in its sight.
pub(super) fn may_reveal(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    ring: &Ring,
    row: &MatterRow,
) -> Result<bool, Error> {
    let acts = authorize_role(staff, Operation::MatterAct).is_ok() && acts_as(staff).is_some();
    Ok(acts && kind(row)? == Kind::Application && has_business(tx, staff, ring, row)?)
}

/// A body as somebody prints it.
#[derive(Debug)]
pub(crate) struct Printable {
    /// The body.
    pub body: String,
    /// Whether it tells somebody else's contact in clear.
    pub is_revealing: bool,
}

/// The body of a matter in sight as the asker may print it.
///
/// # Errors
/// The store's; internal for a body that cannot be read.
pub(crate) fn printable(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    ring: &Ring,
    row: &MatterRow,
) -> Result<Printable, Error> {
    let all = body(ring, row)?;
    if acts_for(tx, &mut Met::default(), staff, row)? {
        return Ok(Printable { body: all, is_revealing: false });
    }
    // A session that was not proven afresh prints what it sees.
    if require_step_up(staff).is_ok() && may_reveal(tx, staff, ring, row)? {
        return Ok(Printable { body: all, is_revealing: true });
    }
    let onlooker = Onlooker { org: staff.org, acts_for_owner: false, is_operator: false };
    let masked =
        seen_by(kind(row)?, &all, onlooker).ok_or_else(|| Error::internal("a body is unreadable"))?;
    Ok(Printable { body: masked, is_revealing: false })
}
