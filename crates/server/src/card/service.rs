//! Cards at the window: looking them up, changing their state, replacing them, and the invalid list.

use super::{follow, from_row, set_state};
use crate::auth::{Staff, authorize};
use crate::key::Ring;
use crate::{Error, World, person};
use domain::card::{Action, Card, CardNumber, Generation, Reason, RecognitionCode, Refusal, State};
use domain::division::{DivisionCode, Level};
use domain::id::CardId;
use domain::identity::{IdDocument, Shard};
use domain::org::{Operation, may_see};
use domain::person::{Masked, Person};
use domain::time::{BusinessDate, Timestamp};
use store::card::{CardRow, InvalidRow, NumberRow};
use store::{ReadTx, StoreError, WriteTx};

/// A card as staff may see it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The card.
    pub card: Card,
    /// What is shown of its holder.
    pub holder: Masked,
    /// When it changed last.
    pub changed_at: Timestamp,
    /// Optimistic version.
    pub version: i64,
}

fn see(tx: &mut ReadTx<'_>, ring: &Ring, row: &CardRow) -> Result<Seen, Error> {
    let holder: Person = match store::person::find(tx, row.shard, &row.person_id)? {
        Some(person) => person::service::open(ring, &person)?,
        None => return Err(Error::internal("a card has no holder")),
    };
    Ok(Seen {
        card: from_row(row)?,
        holder: holder.masked(),
        changed_at: Timestamp::from_micros(row.updated_at),
        version: row.version,
    })
}

/// What cards are looked up by.
#[derive(Debug, Clone)]
pub enum Search {
    /// What is printed on one.
    Number(DivisionCode, CardNumber),
    /// The document of their holder.
    Document(IdDocument),
}

/// The cards found, those outside the division of `staff` left out as if there were none.
///
/// # Errors
/// `staff.role`.
pub async fn search(world: &World, staff: &Staff, search: Search) -> Result<Vec<Seen>, Error> {
    authorize(staff, Operation::CardList, staff.division)?;
    let (ring, own) = (world.keys().ring(), staff.division);
    world
        .db()
        .read(move |tx| {
            let rows = match &search {
                Search::Number(division, number) => {
                    let found = store::card::find_by_number(tx, &division.to_string(), number.as_str())?;
                    found.into_iter().collect()
                }
                Search::Document(document) => match person::service::find(tx, &ring, document)? {
                    Some(holder) => store::card::list_of_person(tx, holder.shard, &holder.id)?,
                    None => Vec::new(),
                },
            };
            let seen = rows.iter().map(|row| see(tx, &ring, row)).collect::<Result<Vec<_>, _>>()?;
            Ok(seen.into_iter().filter(|seen| may_see(own, seen.card.division)).collect())
        })
        .await
}

/// A card.
///
/// # Errors
/// `staff.role`; `resource.not_found` also for a card outside the division of `staff`.
pub async fn get(world: &World, staff: &Staff, id: CardId) -> Result<Seen, Error> {
    authorize(staff, Operation::CardList, staff.division)?;
    let (ring, own) = (world.keys().ring(), staff.division);
    world
        .db()
        .read(move |tx| {
            let row = store::card::find(tx, shard(id)?, id.as_bytes())?.ok_or_else(Error::not_found)?;
            let seen = see(tx, &ring, &row)?;
            if may_see(own, seen.card.division) { Ok(seen) } else { Err(Error::not_found()) }
        })
        .await
}

fn shard(id: CardId) -> Result<i64, Error> {
    let shard = Shard::of_id(id.as_bytes()).ok_or_else(Error::not_found)?;
    Ok(i64::from(shard.get()))
}

/// Locks a card that `staff` may change and that still has `version`.
fn lock(tx: &mut WriteTx<'_>, own: DivisionCode, id: CardId, version: i64) -> Result<(CardRow, Card), Error> {
    let row = store::card::lock(tx, shard(id)?, id.as_bytes())?.ok_or_else(Error::not_found)?;
    let card = from_row(&row)?;
    if !may_see(own, card.division) {
        return Err(Error::not_found());
    }
    if row.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok((row, card))
}

/// Changes the state of a card; its e-card follows in the same transaction (ND-1.4), and an invalid card is on the
/// invalid list from then on (CM-19.1).
///
/// # Errors
/// `staff.role`; `resource.not_found`; `resource.stale`; `card.transition`; `card.second_card`.
pub async fn act(
    world: &World,
    staff: &Staff,
    id: CardId,
    version: i64,
    action: Action,
) -> Result<Seen, Error> {
    authorize(staff, Operation::CardState, staff.division)?;
    let (ring, own, actor, now) = (world.keys().ring(), staff.division, staff.actor(), world.now());
    world
        .db()
        .write(move |tx| {
            let (mut row, card) = lock(tx, own, id, version)?;
            let (state, _) = card.state.act(action)?;
            if state.in_force() && !card.state.in_force() {
                refuse_second(tx, &row)?;
            }
            store_state(tx, &mut row, state, now)?;
            tx.audit(&follow::record(&ring, (now, actor), label(action), Some(card.state), &row));
            see(tx, &ring, &row)
        })
        .await
}

/// Writes a card's new state with everything that follows from it; the row then is as it is stored.
fn store_state(tx: &mut WriteTx<'_>, row: &mut CardRow, state: State, now: Timestamp) -> Result<(), Error> {
    set_state(row, state);
    row.updated_at = now.as_micros();
    store::card::update(tx, row)?;
    row.version += 1;
    let entry = follow::invalid_entry(row, state, now.as_micros());
    store::card::insert_invalid(tx, entry.as_slice())?;
    follow::ecard(tx, row, state)
}

/// A person has one card in force (R27).
fn refuse_second(tx: &mut WriteTx<'_>, row: &CardRow) -> Result<(), Error> {
    for other in store::card::list_of_person(tx, row.shard, &row.person_id)? {
        if other.id != row.id && from_row(&other)?.state.in_force() {
            return Err(Refusal::SecondCard.into());
        }
    }
    Ok(())
}

const fn label(action: Action) -> &'static str {
    match action {
        Action::Personalise => "card.personalised",
        Action::Deliver => "card.delivered",
        Action::Activate => "card.activated",
        Action::ReportLoss => "card.loss_reported",
        Action::ReportTemporaryLoss => "card.temporary_loss_reported",
        Action::WithdrawLoss => "card.loss_withdrawn",
        Action::Lock => "card.locked",
        Action::Unlock => "card.unlocked",
        Action::Invalidate(_) => "card.invalidated",
    }
}

/// A card that takes the place of another.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// Its number, in the division of the old card.
    pub number: CardNumber,
    /// What its chip answers.
    pub recognition: Option<RecognitionCode>,
    /// Second or third.
    pub generation: Generation,
    /// The last day it may be used.
    pub expires_on: Option<BusinessDate>,
    /// Why the old card is invalid.
    pub reason: Reason,
}

/// Replaces a card (R27): in one transaction the old card goes on the invalid list, the new one comes into force, and
/// the e-card maps to it. A new card that waits for its activation is taken as it is registered; an unknown one is
/// registered now.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `resource.stale`; `resource.exists` for a number in other hands or in force;
/// `card.second_card` when a third card is in force.
pub async fn replace(
    world: &World,
    staff: &Staff,
    id: CardId,
    version: i64,
    new: Replacement,
) -> Result<Seen, Error> {
    authorize(staff, Operation::CardReplace, staff.division)?;
    let (ring, own, actor, now) = (world.keys().ring(), staff.division, staff.actor(), world.now());
    let (at, random) = (world.real_now(), gm::random::bytes());
    world
        .db()
        .write(move |tx| {
            let (mut old, card) = lock(tx, own, id, version)?;
            let stamped = Shard::new(old.shard).unwrap_or_else(|| Shard::of(&[0; 32])).stamp(random);
            let found = store::card::find_by_number(tx, &old.division, new.number.as_str())?;
            let known = found.is_some();
            let mut row = match found {
                Some(row) => store::card::lock(tx, row.shard, &row.id)?.ok_or(StoreError::Stale)?,
                None => new_row(&old, &new, CardId::make(at, stamped), now),
            };
            if known
                && (row.person_id != old.person_id || from_row(&row)?.state.in_force() && row.id != old.id)
            {
                return Err(Error::platform("resource.exists"));
            }
            let (state, event) = card.replace_by(&from_row(&row)?, new.reason)?;
            if event.is_some() {
                store_state(tx, &mut old, state, now)?;
                tx.audit(&follow::record(&ring, (now, actor), "card.replaced", Some(card.state), &old));
            }
            refuse_second(tx, &row)?;
            let before = if known { Some(from_row(&row)?.state) } else { None };
            if !known {
                insert(tx, &row)?;
            }
            store_state(tx, &mut row, State::Active, now)?;
            tx.audit(&follow::record(&ring, (now, actor), "card.issued", before, &row));
            see(tx, &ring, &row)
        })
        .await
}

/// A replacing card as it comes from personalisation.
fn new_row(old: &CardRow, new: &Replacement, id: CardId, now: Timestamp) -> CardRow {
    let mut row = CardRow {
        id: *id.as_bytes(),
        number: new.number.as_str().to_owned(),
        recognition: new.recognition.map(|code| *code.as_bytes()),
        generation: new.generation.number(),
        issued_on: Some(i64::from(now.business_date().as_days())),
        expires_on: new.expires_on.map(|day| i64::from(day.as_days())),
        updated_at: now.as_micros(),
        version: 1,
        ..old.clone()
    };
    set_state(&mut row, State::Delivered);
    row
}

fn insert(tx: &mut WriteTx<'_>, row: &CardRow) -> Result<(), Error> {
    let number = NumberRow {
        division: row.division.clone(),
        number: row.number.clone(),
        shard: row.shard,
        card_id: row.id,
        digest: Vec::new(),
    };
    let added = store::card::insert_numbers(tx, &[number])?;
    if added != [true] || store::card::insert_each(tx, &[row])? != [true] {
        return Err(Error::platform("resource.exists"));
    }
    Ok(())
}

/// A page of the invalid list of `division` and what lies within it, after a division and number (CM-19.2, CM-19.3).
///
/// # Errors
/// `staff.role`, `staff.division`.
pub async fn list_invalid(
    world: &World,
    staff: &Staff,
    division: DivisionCode,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Vec<InvalidRow>, Error> {
    authorize(staff, Operation::CardList, division)?;
    let last = match division.level() {
        Level::National => "999999".to_owned(),
        Level::Province => format!("{:06}", division.get() + 9_999),
        Level::Prefecture => format!("{:06}", division.get() + 99),
        Level::County => division.to_string(),
    };
    let (after_division, after_number) = after.unwrap_or_default();
    let rows = world
        .db()
        .read(move |tx| {
            let after = (after_division.as_str(), after_number.as_str());
            store::card::list_invalid(tx, &division.to_string(), &last, after, limit)
        })
        .await?;
    Ok(rows)
}
