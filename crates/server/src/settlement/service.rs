//! Cutting days and reading batches.

use super::cut;
use crate::auth::{Staff, authorize};
use crate::payee::service::may_see_all;
use crate::{Error, World};
use domain::division::DivisionCode;
use domain::id::{OrgId, SettlementId};
use domain::org::Operation;
use domain::settlement::check_cut;
use domain::time::BusinessDate;
use store::settlement::{BatchRow, DayRow};

/// A day that was cut.
#[derive(Debug, Clone)]
pub struct Cut {
    /// As it is stored.
    pub day: DayRow,
    /// It was cut before this request.
    pub replayed: bool,
}

/// Cuts a business day: sums what was posted on it for each payee, brings the money together, takes the fee, signs
/// the day files. Cutting it again answers what was done.
///
/// # Errors
/// `staff.role`; `settlement.day_open` before the day is over in Beijing; `settlement.order` while an earlier day
/// with movements is not cut; `settlement.unbalanced` when the books differ from the ledger, and then nothing changes.
pub async fn cut_day(world: &World, staff: &Staff, day: BusinessDate) -> Result<Cut, Error> {
    authorize(staff, Operation::SettlementCut, DivisionCode::NATIONAL)?;
    let (now, actor, ring) = (world.now(), staff.actor(), world.keys().ring());
    check_cut(day, now)?;
    world.db().write(move |tx| cut::cut(tx, &ring, actor, day, now)).await
}

/// A page of a day's batches; a department sees its own.
///
/// # Errors
/// `staff.role`.
pub async fn list(
    world: &World,
    staff: &Staff,
    day: BusinessDate,
    after: Option<OrgId>,
    limit: i64,
) -> Result<Vec<BatchRow>, Error> {
    authorize(staff, Operation::SettlementList, staff.division)?;
    let own = (!may_see_all(staff)).then_some(*staff.org.as_bytes());
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let day = i64::from(day.as_days());
    Ok(world
        .db()
        .read(move |tx| store::settlement::list_batches(tx, day, own.as_ref(), &after, limit))
        .await?)
}

/// A batch with its file; a department sees its own.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn file(world: &World, staff: &Staff, id: SettlementId) -> Result<BatchRow, Error> {
    authorize(staff, Operation::SettlementFile, staff.division)?;
    let row = world.db().read(move |tx| store::settlement::find_batch(tx, id.as_bytes())).await?;
    let seen = |row: &BatchRow| may_see_all(staff) || row.payee_id == *staff.org.as_bytes();
    row.filter(seen).ok_or_else(Error::not_found)
}
