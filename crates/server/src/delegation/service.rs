//! Offering a delegation, answering and ending one, and whether one is in force.

use crate::auth::{Staff, StandsIn, authorize_role, require_step_up};
use crate::{Error, World};
use domain::audit::{Change, Record, Reference};
use domain::delegation::{Action, Refusal, Side, Span, Standing, State, admit};
use domain::id::{DelegationId, OrgId, StaffId};
use domain::org::{Operation, Role};
use domain::parameter::Name;
use domain::staff::AccountState;
use domain::time::{BusinessDate, Timestamp};
use store::delegation::DelegationRow;
use store::org::StaffRow;
use store::{ReadTx, WriteTx};

/// Who shall stand in, and when.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The colleague's sign-in name.
    pub login: String,
    /// The first day.
    pub from: BusinessDate,
    /// The last.
    pub until: BusinessDate,
}

/// A delegation as one of the two sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The row.
    pub row: DelegationRow,
    /// Who is away.
    pub giver: StaffRow,
    /// Who stands in.
    pub taker: StaffRow,
    /// How it stands.
    pub standing: Standing,
    /// Which of the two looks at it.
    pub side: Side,
}

/// Asks a colleague to stand in.
///
/// # Errors
/// `staff.role`, `staff.step_up_required`, `delegation.span`, `delegation.long`, `delegation.colleague`,
/// `delegation.overlap`.
pub async fn offer(world: &World, staff: &Staff, wish: Wish) -> Result<Seen, Error> {
    authorize_role(staff, Operation::DelegationGive)?;
    require_step_up(staff)?;
    let (now, id) = (world.now(), world.id(DelegationId::make));
    let (today, most) = (now.business_date(), world.parameter(Name::DelegationMost));
    let span = Span::ask(wish.from, wish.until, today, most)?;
    let staff = staff.clone();
    world
        .db()
        .write(move |tx| {
            // Of what one account gives, one thing is asked after the other.
            let giver = store::org::lock_staff_of(tx, staff.org.as_bytes(), staff.id.as_bytes())?;
            let giver = giver.ok_or_else(Error::not_found)?;
            let taker = store::org::find_staff_by_login(tx, &wish.login)?
                .filter(|taker| {
                    taker.org_id == giver.org_id
                        && taker.id != giver.id
                        && taker.state == AccountState::Active.as_str()
                })
                .ok_or(Refusal::Colleague)?;
            admit(role(&giver)?, role(&taker)?)?;
            for other in store::delegation::list_given(tx, &giver.id, &today.to_string())? {
                if span_of(&other)?.overlaps(span) {
                    return Err(Refusal::Overlap.into());
                }
            }
            let row = DelegationRow {
                id: *id.as_bytes(),
                org_id: giver.org_id,
                giver_id: giver.id,
                taker_id: taker.id,
                from_on: span.from.to_string(),
                until_on: span.until.to_string(),
                state: State::Offered.to_string(),
                offered_at: now.as_micros(),
                changed_at: now.as_micros(),
                version: 1,
            };
            store::delegation::insert(tx, &row)?;
            let given = [
                Change::came("begins_on", &row.from_on),
                Change::came("ends_on", &row.until_on),
                Change::came("delegate", &StaffId::from_bytes(taker.id).to_string()),
                Change::came("state", &row.state),
            ];
            record(tx, &staff, &row, now, "delegation.offered", given);
            Ok(Seen { standing: State::Offered.on(span, today), side: Side::Giver, row, giver, taker })
        })
        .await
}

/// Answers or ends a delegation that one has given or was asked for. Taking it on asks for a fresh proof, ending it for none.
///
/// # Errors
/// `resource.not_found`, `delegation.state`, `staff.step_up_required`, `delegation.colleague` when one of the two may not
/// any more.
pub async fn act(world: &World, staff: &Staff, id: DelegationId, action: Action) -> Result<Seen, Error> {
    let (staff, now) = (staff.clone(), world.now());
    let today = now.business_date();
    world
        .db()
        .write(move |tx| {
            let row = store::delegation::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            let seen = see(tx, &staff, row, today)?.ok_or_else(Error::not_found)?;
            let next = seen.standing.act(action, seen.side)?;
            if action == Action::Accept {
                require_step_up(&staff)?;
                admit(role(&seen.giver)?, role(&seen.taker)?)?;
            }
            let Seen { row, giver, taker, side, .. } = seen;
            let before = row.state.clone();
            let row = DelegationRow { state: next.to_string(), changed_at: now.as_micros(), ..row };
            store::delegation::update(tx, &row)?;
            let done = match action {
                Action::Accept => "delegation.accepted",
                Action::Decline => "delegation.declined",
                Action::Revoke => "delegation.revoked",
            };
            record(tx, &staff, &row, now, done, [Change::turned("state", &before, &row.state)]);
            let row = DelegationRow { version: row.version + 1, ..row };
            Ok(Seen { standing: next.on(span_of(&row)?, today), side, row, giver, taker })
        })
        .await
}

/// What one has given and was asked for, newest first.
///
/// # Errors
/// The store's.
pub async fn list(
    world: &World,
    staff: &Staff,
    before: Option<DelegationId>,
    limit: i64,
) -> Result<Vec<Seen>, Error> {
    let (staff, today) = (staff.clone(), world.now().business_date());
    let before = before.map_or([u8::MAX; 16], |id| *id.as_bytes());
    world
        .db()
        .read(move |tx| {
            let rows = store::delegation::list_of(tx, staff.id.as_bytes(), &before, limit)?;
            let seen = rows.into_iter().filter_map(|row| see(tx, &staff, row, today).transpose());
            seen.collect()
        })
        .await
}

/// As whom the account stands in by this delegation today.
///
/// # Errors
/// `delegation.not_in_force`, whatever the reason.
pub fn enter(
    tx: &mut ReadTx<'_>,
    taker: StaffId,
    id: DelegationId,
    today: BusinessDate,
) -> Result<StandsIn, Error> {
    let row = store::delegation::find(tx, id.as_bytes())?;
    let row = row.filter(|row| row.taker_id == *taker.as_bytes()).ok_or(Refusal::NotInForce)?;
    stands(tx, &row, today)
}

/// [`enter`] once more, in the transaction of a step that is done by it: whoever revokes it waits for the step or comes first.
///
/// # Errors
/// `delegation.not_in_force`
pub fn still(tx: &mut WriteTx<'_>, by: &StandsIn, today: BusinessDate) -> Result<(), Error> {
    let row = store::delegation::lock(tx, by.delegation.as_bytes())?.ok_or(Refusal::NotInForce)?;
    stands(tx, &row, today).map(drop)
}

/// Under which authority an account acts in a matter, as the record of what it does says it, when it is not its own: that of a
/// delegation, which is in force [`still`]. Asked first in the transaction of everything that is done by one.
///
/// # Errors
/// `delegation.not_in_force`
pub fn authority(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    today: BusinessDate,
) -> Result<Option<Reference>, Error> {
    if let Some(by) = &staff.stands_in {
        still(tx, by, today)?;
    }
    Ok(staff.authorization())
}

fn stands(tx: &mut ReadTx<'_>, row: &DelegationRow, today: BusinessDate) -> Result<StandsIn, Error> {
    state(row)?.on(span_of(row)?, today).require()?;
    let mut enabled = |id: &[u8; 16]| {
        let found = store::org::find_staff(tx, id)?;
        let found =
            found.filter(|staff| staff.state == AccountState::Active.as_str() && staff.org_id == row.org_id);
        found.ok_or_else(|| Error::from(Refusal::NotInForce))
    };
    let (giver, taker) = (enabled(&row.giver_id)?, enabled(&row.taker_id)?);
    let role = role(&giver)?;
    admit(role, self::role(&taker)?).map_err(|_| Refusal::NotInForce)?;
    Ok(StandsIn { delegation: DelegationId::from_bytes(row.id), giver: StaffId::from_bytes(giver.id), role })
}

/// A delegation as this account sees it, if it is one of the two.
fn see(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    row: DelegationRow,
    today: BusinessDate,
) -> Result<Option<Seen>, Error> {
    let side = match *staff.id.as_bytes() {
        id if id == row.giver_id => Side::Giver,
        id if id == row.taker_id => Side::Taker,
        _ => return Ok(None),
    };
    let standing = state(&row)?.on(span_of(&row)?, today);
    let mut account =
        |id: &[u8; 16]| store::org::find_staff(tx, id)?.ok_or_else(|| Error::internal("an account is gone"));
    let (giver, taker) = (account(&row.giver_id)?, account(&row.taker_id)?);
    Ok(Some(Seen { row, giver, taker, standing, side }))
}

fn record(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    row: &DelegationRow,
    at: Timestamp,
    action: &'static str,
    changes: impl IntoIterator<Item = Change>,
) {
    let mut record = Record::done(at, staff.actor(), action).changing(changes);
    record.object = Some(Reference::new(DelegationId::PREFIX, &row.id));
    record.origin = Some(Reference::new(OrgId::PREFIX, &row.org_id));
    tx.audit(&record);
}

fn state(row: &DelegationRow) -> Result<State, Error> {
    row.state.parse().map_err(|_| Error::internal("a stored delegation has an unknown state"))
}

fn role(row: &StaffRow) -> Result<Role, Error> {
    row.role.parse().map_err(|_| Error::internal("a stored role is unknown"))
}

/// The days of a stored delegation.
///
/// # Errors
/// Internal: a stored day is none.
pub fn span_of(row: &DelegationRow) -> Result<Span, Error> {
    let day = |text: &str| text.parse().map_err(|_| Error::internal("a stored day is none"));
    Ok(Span { from: day(&row.from_on)?, until: day(&row.until_on)? })
}
