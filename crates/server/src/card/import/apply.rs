//! Writing a plan: set-based for what is new, row by row for the few that change.

use super::plan::{Plan, PlannedCard};
use crate::card::follow;
use crate::key::Ring;
use crate::{Error, person};
use domain::audit::{Actor, Reference};
use domain::id::ImportId;
use domain::time::Timestamp;
use std::collections::HashSet;
use store::card::NumberRow;
use store::{StoreError, WriteTx};

/// Under whose name a plan is written.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    /// Business time.
    pub at: Timestamp,
    /// The member of staff.
    pub actor: Actor,
    /// The import.
    pub import: ImportId,
}

/// Writes everything a plan decided.
///
/// # Errors
/// `Stale` when another transaction has added the same card or holder meanwhile: the chunk is to be planned again.
pub fn apply(tx: &mut WriteTx<'_>, ring: &Ring, plan: &Plan<'_>, act: &Act) -> Result<(), Error> {
    write_persons(tx, ring, plan)?;
    let mut cards: Vec<&PlannedCard> = plan.cards.values().filter(|card| card.touched).collect();
    cards.sort_unstable_by_key(|card| (card.row.shard, card.row.id));
    let (fresh, known): (Vec<&PlannedCard>, Vec<&PlannedCard>) =
        cards.iter().copied().partition(|card| card.stored.is_none());
    let rows: Vec<_> = fresh.iter().map(|card| &card.row).collect();
    all_new(&store::card::insert_each(tx, &rows)?)?;
    write_numbers(tx, plan)?;
    for card in &known {
        store::card::update(tx, &card.row)?;
    }
    let mut invalid: Vec<_> = cards
        .iter()
        .filter(|card| card.stored != Some(card.state))
        .filter_map(|card| follow::invalid_entry(&card.row, card.state, act.at.as_micros()))
        .collect();
    invalid.sort_unstable_by(|a, b| (&a.division, &a.number).cmp(&(&b.division, &b.number)));
    store::card::insert_invalid(tx, &invalid)?;
    for card in known {
        change_state(tx, ring, card, act)?;
    }
    // A new card of a holder who is known may take the place of the one the e-card maps to.
    let known: HashSet<_> = plan.persons.values().filter(|p| p.stored.is_some()).map(|p| p.row.id).collect();
    let may_take_over = |card: &&PlannedCard| known.contains(&card.row.person_id) && card.state.in_force();
    for card in fresh.into_iter().filter(may_take_over) {
        follow::ecard(tx, &card.row, card.state)?;
    }
    Ok(())
}

fn write_persons(tx: &mut WriteTx<'_>, ring: &Ring, plan: &Plan<'_>) -> Result<(), Error> {
    let mut persons: Vec<_> = plan.persons.values().filter(|person| person.touched).collect();
    persons.sort_unstable_by_key(|person| (person.row.shard, person.row.id));
    let fresh: Vec<_> = persons.iter().filter(|p| p.stored.is_none()).map(|p| &p.row).collect();
    all_new(&store::person::insert_each(tx, &fresh)?)?;
    for person in persons {
        if let Some(stored) = &person.stored {
            person::service::change(tx, ring, stored, &person.row)?;
        }
    }
    Ok(())
}

fn write_numbers(tx: &mut WriteTx<'_>, plan: &Plan<'_>) -> Result<(), Error> {
    let mut touched: Vec<_> = plan.cards.iter().filter(|(_, card)| card.touched).collect();
    touched.sort_unstable_by_key(|(key, _)| **key);
    let mut fresh = Vec::new();
    for (key, card) in touched {
        let row = &card.row;
        let digest = plan.digests.get(key).cloned().unwrap_or_default();
        if card.stored.is_some() {
            store::card::update_digest(tx, &row.division, &row.number, &digest)?;
        } else {
            let (division, number) = (row.division.clone(), row.number.clone());
            fresh.push(NumberRow { division, number, shard: row.shard, card_id: row.id, digest });
        }
    }
    all_new(&store::card::insert_numbers(tx, &fresh)?)
}

/// A known card whose state changed takes its e-card along and leaves a record of its own.
fn change_state(tx: &mut WriteTx<'_>, ring: &Ring, card: &PlannedCard, act: &Act) -> Result<(), Error> {
    if card.stored != Some(card.state) {
        follow::ecard(tx, &card.row, card.state)?;
    }
    let mut record = follow::record(ring, (act.at, act.actor), "card.changed", card.stored, &card.row);
    record.authorization = Some(Reference::new(ImportId::PREFIX, act.import.as_bytes()));
    tx.audit(&record);
    Ok(())
}

fn all_new(inserted: &[bool]) -> Result<(), Error> {
    if inserted.iter().all(|new| *new) { Ok(()) } else { Err(StoreError::Stale.into()) }
}
