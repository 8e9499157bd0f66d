//! 转办: into whose hands an office puts a matter that waits for it.
//!
//! Invariant: the matter itself does not move, so that nobody who is acting on it just now is disturbed, and nothing else
//! follows from it. Within the own office everybody sees whose it is and may take it over; nobody else sees it. It stays on
//! record: who, when, and why.

use super::advice;
use super::met::Met;
use super::service::{Detail, View, actor, acts_for, sees, view};
use super::step::about_matter;
use crate::auth::{Staff, authorize_role};
use crate::delegation::service::authority;
use crate::{Error, World};
use domain::advice::Office;
use domain::assignment::{Refusal, assign};
use domain::audit::{Change, Value};
use domain::id::{MatterId, StaffId};
use domain::matter::{By, Party};
use domain::org::{Operation, Role};
use domain::staff::AccountState;
use store::ReadTx;
use store::assignment::AssignmentRow;
use store::matter::{MatterRow, WaitRow};
use store::org::StaffRow;

/// Somebody of the own office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: StaffId,
    /// What the office knows it by.
    pub login: String,
}

/// In whose hands a matter is, as the own office sees it.
#[derive(Debug, Clone)]
pub struct Held {
    /// In whose.
    pub holder: Option<Person>,
    /// How it came there, oldest first.
    pub lines: Vec<Line>,
    /// Into whose it can be put; nobody's while it does not wait for the office.
    pub colleagues: Vec<Person>,
}

/// One time that it was put into somebody's hands, or laid down.
#[derive(Debug, Clone)]
pub struct Line {
    /// The row.
    pub row: AssignmentRow,
    /// Into whose.
    pub to: Option<Person>,
    /// By whom.
    pub by: Option<Person>,
}

/// Puts a matter into the hands of somebody of the own office, or lays it down.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `resource.not_found`; `assignment.turn`; `assignment.same`;
/// `assignment.reason` at `/words`; `assignment.colleague` at `/staff_id`.
pub async fn put(
    world: &World,
    staff: &Staff,
    id: MatterId,
    to: Option<StaffId>,
    words: Option<String>,
) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let (now, by) = (world.now(), actor(staff)?);
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let mut met = Met::default();
            let row = store::matter::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !sees(tx, &mut met, &staff, &row)? {
                return Err(Error::not_found());
            }
            if by.party == Party::Owner && !acts_for(tx, &mut met, &staff, &row)? {
                return Err(domain::matter::Refusal::Party.into());
            }
            let waits = store::matter::list_waits(tx, &row.id)?;
            if !is_of_office(tx, &by, &row, &waits)? {
                return Err(Refusal::Turn.into());
            }
            let colleagues = colleagues(tx, &staff)?;
            let before = store::assignment::list(tx, &row.id, staff.org.as_bytes())?;
            let from = holder(&before, &colleagues).map(|person| person.id);
            assign(staff.id, from, to, words.as_deref()).map_err(|refusal| match refusal {
                Refusal::Reason => Error::field("/words", &refusal),
                other => other.into(),
            })?;
            if to.is_some_and(|to| colleagues.iter().all(|person| person.id != to)) {
                return Err(Error::field("/staff_id", &Refusal::Colleague));
            }
            let next = AssignmentRow {
                matter_id: row.id,
                org_id: *staff.org.as_bytes(),
                number: before.last().map_or(1, |last| last.number + 1),
                staff_id: to.map(|to| *to.as_bytes()),
                at: now.as_micros(),
                by_id: *staff.id.as_bytes(),
                words: words.clone(),
            };
            store::assignment::insert(tx, &next)?;
            let mut record = about_matter(&row, staff.actor(), "matter.assigned", now);
            record.authorization = authority;
            let word = |id: Option<StaffId>| id.map_or(Value::Nothing, |id| Value::word(&id.to_string()));
            tx.audit(&record.changing([Change::of("assignee", word(from), word(to))]));
            view(tx, &mut met, &staff, &ring, row, Detail::Whole(now.business_date()))
        })
        .await
}

/// In whose hands a matter is; nothing for whoever acts for none in it.
pub(super) fn held(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    staff: &Staff,
    row: &MatterRow,
    waits: &[WaitRow],
) -> Result<Option<Held>, Error> {
    let Ok(by) = actor(staff) else { return Ok(None) };
    if by.party == Party::Owner && !acts_for(tx, met, staff, row)? {
        return Ok(None);
    }
    let rows = store::assignment::list(tx, &row.id, staff.org.as_bytes())?;
    let has_turn = is_of_office(tx, &by, row, waits)?;
    if rows.is_empty() && !has_turn {
        return Ok(None);
    }
    let colleagues = colleagues(tx, staff)?;
    let holder = holder(&rows, &colleagues);
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let to = row.staff_id.map(|id| person(tx, &id)).transpose()?.flatten();
        lines.push(Line { to, by: person(tx, &row.by_id)?, row });
    }
    Ok(Some(Held { holder, lines, colleagues: if has_turn { colleagues } else { Vec::new() } }))
}

/// Whoever of the own office has the matter in hand.
pub(super) fn holder_in(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    colleagues: &[Person],
    matter: &[u8; 16],
) -> Result<Option<Person>, Error> {
    Ok(holder(&store::assignment::list(tx, matter, staff.org.as_bytes())?, colleagues))
}

/// The people of an office who have the matter in hand; of an owner, those of the organisation that is it.
pub(super) fn holders(tx: &mut ReadTx<'_>, row: &MatterRow, office: Office) -> Result<Vec<String>, Error> {
    let all = store::assignment::list_of_matter(tx, &row.id)?;
    let is_last = |(place, one): &(usize, &AssignmentRow)| {
        all.get(place + 1).is_none_or(|next| next.org_id != one.org_id)
    };
    let mut found = Vec::new();
    for (_, last) in all.iter().enumerate().filter(is_last) {
        let account = last.staff_id.map(|id| store::org::find_staff(tx, &id)).transpose()?.flatten();
        let (Some(account), Some(org)) = (account, store::org::find(tx, &last.org_id)?) else { continue };
        let division = org.division.parse()?;
        let party = Party::of(account.role.parse()?, org.kind.parse()?);
        let is_theirs = party.is_some_and(|party| {
            let by = By { party, staff: None, org: None, division, in_place_of: None };
            office.is_of(&by) && (party != Party::Owner || last.org_id == row.owner_id)
        });
        if is_theirs && account.state == AccountState::Active.as_str() {
            found.push(account.login);
        }
    }
    Ok(found)
}

/// Everybody of the own organisation who acts for the same party; the asker is one of them while standing in for one.
pub(super) fn colleagues(tx: &mut ReadTx<'_>, staff: &Staff) -> Result<Vec<Person>, Error> {
    let own = Party::at(staff.role_for(Operation::MatterAct), staff.division);
    let mut found = Vec::new();
    for account in store::org::list_active_staff(tx, staff.org.as_bytes())? {
        let stands_in = staff.stands_in.is_some() && account.id == *staff.id.as_bytes();
        if stands_in || Party::at(account.role.parse::<Role>()?, staff.division) == own {
            found.push(known(account));
        }
    }
    Ok(found)
}

/// Whether the matter waits for the office of `by`, or its opinion was asked and is not given.
pub(super) fn is_of_office(
    tx: &mut ReadTx<'_>,
    by: &By,
    row: &MatterRow,
    waits: &[WaitRow],
) -> Result<bool, Error> {
    Ok(has_turn(by, waits) || (row.ended == 0 && advice::is_open(tx, by, &row.id)?))
}

/// Whether the matter waits for the office of `by`.
pub(super) fn has_turn(by: &By, waits: &[WaitRow]) -> bool {
    let own = |wait: &WaitRow| {
        wait.party == by.party.as_str()
            && (wait.division.is_empty() || wait.division == by.division.to_string())
    };
    waits.iter().any(own)
}

/// The newest line holds, as long as whoever it names is a colleague.
fn holder(lines: &[AssignmentRow], colleagues: &[Person]) -> Option<Person> {
    let id = StaffId::from_bytes(lines.last()?.staff_id?);
    colleagues.iter().find(|person| person.id == id).cloned()
}

fn person(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<Person>, Error> {
    Ok(store::org::find_staff(tx, id)?.map(known))
}

fn known(account: StaffRow) -> Person {
    Person { id: StaffId::from_bytes(account.id), login: account.login }
}
