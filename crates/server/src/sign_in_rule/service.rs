//! Reading and setting the rule of an organisation, and letting in by it.

use crate::auth::{Staff, authorize, require_step_up};
use crate::{Error, World};
use domain::audit::{Change, Record, Reference};
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::org::Operation;
use domain::sign_in_rule::{Concurrency, Networks};
use std::net::IpAddr;
use store::ReadTx;
use store::org::OrgRow;
use store::sign_in_rule::SignInRuleRow;

/// A rule as it is wished for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// From where accounts are used.
    pub networks: Networks,
    /// In how many places at a time.
    pub concurrency: Concurrency,
}

/// The rule of an organisation of the own area.
///
/// # Errors
/// `staff.role`, `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, org: OrgId) -> Result<SignInRuleRow, Error> {
    authorize(staff, Operation::SignInRuleRead, staff.division)?;
    let area = staff.division;
    world
        .db()
        .read(move |tx| {
            in_sight(area, store::org::find(tx, org.as_bytes())?)?;
            Ok(store::sign_in_rule::get(tx, org.as_bytes())?)
        })
        .await
}

/// Sets the rule of an organisation of the own area, if it still has this version. Where accounts are used from holds from
/// the next request on; that they are in one place, from the next sign-in on. `own` is the address that this is asked from.
///
/// # Errors
/// `staff.role`, `staff.step_up_required`, `sign_in_rule.own_address`, `resource.not_found`, `resource.stale`.
pub async fn set(
    world: &World,
    staff: &Staff,
    org: OrgId,
    version: i64,
    wish: Wish,
    own: Option<IpAddr>,
) -> Result<SignInRuleRow, Error> {
    authorize(staff, Operation::SignInRuleSet, staff.division)?;
    require_step_up(staff)?;
    if org == staff.org {
        wish.networks.keep_in(own)?;
    }
    let (area, actor, now, at) = (staff.division, staff.actor(), world.now(), world.real_now());
    world
        .db()
        .write(move |tx| {
            // The lock makes two who set it at once wait for each other.
            in_sight(area, store::org::lock(tx, org.as_bytes())?)?;
            let before = store::sign_in_rule::get(tx, org.as_bytes())?;
            let rule = SignInRuleRow {
                org_id: *org.as_bytes(),
                networks: wish.networks.to_string(),
                concurrency: wish.concurrency.to_string(),
                changed_at: Some(at.as_micros()),
                version,
            };
            store::sign_in_rule::replace(tx, &rule, at.as_micros())?;
            let old = networks(&before.networks)?;
            let turned = Change::turned("concurrency", &before.concurrency, &rule.concurrency);
            let changes = Change::of_list("networks", old.as_slice(), wish.networks.as_slice());
            let mut record =
                Record::done(now, actor, "sign_in_rule.set").changing(changes.into_iter().chain([turned]));
            record.object = Some(Reference::new(OrgId::PREFIX, org.as_bytes()));
            tx.audit(&record);
            Ok(SignInRuleRow { version: version + 1, ..rule })
        })
        .await
}

fn in_sight(area: DivisionCode, org: Option<OrgRow>) -> Result<(), Error> {
    let org = org.ok_or_else(Error::not_found)?;
    if area.covers(org.division.parse()?) { Ok(()) } else { Err(Error::not_found()) }
}

/// Networks as they are stored.
///
/// # Errors
/// A fault of ours.
pub fn networks(stored: &str) -> Result<Networks, Error> {
    stored.parse().map_err(|_| Error::internal("a stored network cannot be read"))
}

/// Lets in who comes from `address` to accounts that are used from these networks, as they are stored.
///
/// # Errors
/// `sign_in_rule.address`
pub(crate) fn admit(stored: &str, address: Option<IpAddr>) -> Result<(), Error> {
    Ok(networks(stored)?.admit(address)?)
}

/// In how many places at a time the accounts of an organisation are signed in.
///
/// # Errors
/// The store's.
pub(crate) fn concurrency(tx: &mut ReadTx<'_>, org: &[u8; 16]) -> Result<Concurrency, Error> {
    let stored = store::sign_in_rule::get(tx, org)?.concurrency;
    stored.parse().map_err(|_| Error::internal("a stored concurrency is unknown"))
}
