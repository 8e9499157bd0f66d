//! What a rectification does to the opening that it is about, in the transaction of its step (ND-3.5e).
//!
//! Invariant: every function is called with the matter's step in the same transaction, so nothing is suspended that no matter has
//! suspended. What was closed meanwhile is left alone. Whether it may is not asked here: the rule of the matter has decided.

use super::service::{given, target_of};
use crate::Error;
use domain::audit::{Actor, Change, Record, Reference, Value};
use domain::authorization::{Caller, Opening, Order};
use domain::id::{MatterId, OpeningId};
use domain::rectification::Refusal;
use domain::time::Timestamp;
use store::WriteTx;
use store::service::OpeningRow;

/// Where it stands, as a record tells it.
const OPEN: &str = "open";
const SUSPENDED: &str = "suspended";

/// Under what, by whom and when something is done to an opening.
#[derive(Debug, Clone, Copy)]
pub struct Under {
    /// The matter.
    pub matter: MatterId,
    /// Who takes its step.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
}

/// An opening as the rules look at it; none of a division that is none.
#[must_use]
pub fn opening<'a>(row: &OpeningRow, target: Caller, service: &'a str) -> Option<Opening<'a>> {
    Some(Opening {
        id: OpeningId::from_bytes(row.id),
        target,
        service,
        division: row.division.parse().ok()?,
        opened_at: Timestamp::from_micros(row.opened_at),
        closed_at: row.closed_at.map(Timestamp::from_micros),
        is_suspended: row.suspended_at.is_some(),
    })
}

/// Puts an opening where the matter wants it.
///
/// # Errors
/// `rectification.ordered` when another matter holds it; the store's.
pub fn order(tx: &mut WriteTx<'_>, under: Under, id: OpeningId, order: Order) -> Result<(), Error> {
    let Some(row) = store::service::lock_opening(tx, id.as_bytes())? else { return Ok(()) };
    let matter = under.matter.as_bytes();
    let is_held_by_other = row.rectification_id.is_some_and(|held| held != *matter);
    if row.closed_at.is_some() || (is_held_by_other && order == Order::Release) {
        return Ok(());
    }
    if is_held_by_other {
        return Err(Refusal::Ordered.into());
    }
    let at = under.at.as_micros();
    let (action, changes) = match order {
        Order::Rectify => {
            store::service::order(tx, &row.id, Some(matter), None)?;
            ("service.ordered", Vec::new())
        }
        Order::Suspend => {
            store::service::order(tx, &row.id, Some(matter), Some(at))?;
            ("service.suspended", vec![Change::turned("state", OPEN, SUSPENDED)])
        }
        Order::Release if row.rectification_id.is_none() => return Ok(()),
        Order::Release => {
            store::service::order(tx, &row.id, None, None)?;
            match row.suspended_at {
                Some(_) => ("service.resumed", vec![Change::turned("state", SUSPENDED, OPEN)]),
                None => ("service.released", Vec::new()),
            }
        }
        Order::Close => {
            store::service::close(tx, &row.target_id, &row.service, &row.division, at)?;
            let taken = given(&row).map(|(field, value)| Change::of(field, value, Value::Nothing));
            ("service.closed", taken.into())
        }
    };
    let target = target_of(tx, &row)?;
    let mut record = Record::done(under.at, under.actor, action).changing(changes);
    record.object = Some(Reference::new(OpeningId::PREFIX, &row.id));
    record.origin = Some(super::service::reference(target));
    record.authorization = Some(Reference::new(MatterId::PREFIX, matter));
    tx.audit(&record);
    Ok(())
}
