//! What a chunk of rows does: read what it touches in a few set-based statements, decide row by row in memory, write
//! what came of it in a few more.
//!
//! Rows are decided in order, each seeing what the ones before it did, so a chunk means the same as its rows one by one.
//! Making a plan writes nothing: a repeated chunk is planned only to say again what became of its rows.

use super::row::{Prepared, Ready};
use crate::Error;
use crate::card::{from_row, set_state};
use crate::rows::{Fault, Outcome};
use domain::card::{Refusal, State};
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use store::WriteTx;
use store::card::CardRow;
use store::person::PersonRow;

/// A card as the chunk leaves it.
#[derive(Debug)]
pub(super) struct PlannedCard {
    pub(super) row: CardRow,
    pub(super) state: State,
    /// The state that is stored; none for a card that is not.
    pub(super) stored: Option<State>,
    pub(super) touched: bool,
}

/// A holder as the chunk leaves it.
#[derive(Debug)]
pub(super) struct PlannedPerson {
    pub(super) row: PersonRow,
    /// The row that is stored; none for a holder that is not.
    pub(super) stored: Option<PersonRow>,
    pub(super) touched: bool,
    /// The card in force, once it has been asked for.
    in_force: Option<Option<[u8; 16]>>,
}

type CardKey<'r> = (u32, &'r str);

/// What a chunk does.
#[derive(Debug, Default)]
pub struct Plan<'r> {
    /// One for each row, in order.
    pub outcomes: Vec<Outcome>,
    /// What the registry last said of each known card of the chunk.
    pub(super) digests: HashMap<CardKey<'r>, Vec<u8>>,
    /// The cards that rows change.
    pub(super) cards: HashMap<CardKey<'r>, PlannedCard>,
    /// The holders of those.
    pub(super) persons: HashMap<[u8; 32], PlannedPerson>,
}

impl<'r> Plan<'r> {
    /// Decides what every row does at `now`. Rows that are known and equal read nothing but their look-up.
    ///
    /// # Errors
    /// The store's.
    pub fn make(tx: &mut WriteTx<'_>, rows: &'r [Prepared], now: i64) -> Result<Self, Error> {
        let mut plan = Self::default();
        let ready: Vec<&Ready> = rows.iter().filter_map(ready).collect();
        plan.read_cards(tx, &ready)?;
        plan.read_persons(tx, &ready)?;
        for row in rows {
            let outcome = match row {
                Prepared::Refused(faults) => Outcome::Refused(faults.clone()),
                Prepared::Ready(ready) => plan.decide(tx, ready, now)?,
            };
            plan.outcomes.push(outcome);
        }
        Ok(plan)
    }

    fn read_cards(&mut self, tx: &mut WriteTx<'_>, ready: &[&'r Ready]) -> Result<(), Error> {
        let wanted: BTreeSet<CardKey<'r>> = ready.iter().map(|ready| key(ready)).collect();
        let divisions: Vec<String> = wanted.iter().map(|(division, _)| format!("{division:06}")).collect();
        let keys: Vec<(&str, &str)> = divisions
            .iter()
            .zip(&wanted)
            .map(|(division, (_, number))| (division.as_str(), *number))
            .collect();
        let numbers = store::card::numbers(tx, &keys)?;
        let found: Vec<_> =
            wanted.into_iter().zip(numbers).filter_map(|(key, row)| Some((key, row?))).collect();
        let digests: HashMap<CardKey<'_>, &[u8]> =
            found.iter().map(|(k, row)| (*k, &row.digest[..])).collect();
        // Only a card that some row may change is read and locked.
        let changed: BTreeSet<CardKey<'_>> = ready
            .iter()
            .filter(|ready| digests.get(&key(ready)).is_some_and(|digest| **digest != ready.digest))
            .map(|ready| key(ready))
            .collect();
        let ids: Vec<(i64, [u8; 16])> = found
            .iter()
            .filter(|(key, _)| changed.contains(key))
            .map(|(_, row)| (row.shard, row.card_id))
            .collect();
        let mut rows: HashMap<[u8; 16], CardRow> =
            store::card::lock_each(tx, &ids)?.into_iter().flatten().map(|row| (row.id, row)).collect();
        for (key, number) in found {
            if let Some(row) = rows.remove(&number.card_id) {
                let state = from_row(&row)?.state;
                self.cards.insert(key, PlannedCard { row, state, stored: Some(state), touched: false });
            }
            self.digests.insert(key, number.digest);
        }
        Ok(())
    }

    fn read_persons(&mut self, tx: &mut WriteTx<'_>, ready: &[&Ready]) -> Result<(), Error> {
        let keys: BTreeSet<(i64, &[u8; 32])> = ready
            .iter()
            .filter(|ready| !self.is_equal(ready))
            .map(|ready| (i64::from(ready.sealed.shard.get()), &ready.sealed.document_index))
            .collect();
        let keys: Vec<_> = keys.into_iter().collect();
        for row in store::person::lock_each_by_document(tx, &keys)?.into_iter().flatten() {
            let index = row.document_index;
            let stored = Some(row.clone());
            self.persons.insert(index, PlannedPerson { row, stored, touched: false, in_force: None });
        }
        Ok(())
    }

    fn is_equal(&self, ready: &Ready) -> bool {
        self.digests.get(&key(ready)).is_some_and(|digest| **digest == ready.digest)
    }

    fn decide(&mut self, tx: &mut WriteTx<'_>, ready: &'r Ready, now: i64) -> Result<Outcome, Error> {
        let row = &ready.row;
        if self.is_equal(ready) {
            return Ok(Outcome::Unchanged);
        }
        let card = self.cards.get(&key(ready));
        let holder = self.persons.get(&ready.sealed.document_index).map(|person| person.row.id);
        if card.is_some_and(|card| Some(card.row.person_id) != holder) {
            return Ok(refused("aac002", Refusal::HolderChanged));
        }
        let current = card.map(|card| card.state);
        let state = match State::import(current, row.wire_state, row.reason) {
            Ok(state) => state,
            Err(refusal @ Refusal::WireReason) => return Ok(refused("reason", refusal)),
            Err(refusal) => return Ok(refused("aaz502", refusal)),
        };
        let id = card.map_or(*ready.card.as_bytes(), |card| card.row.id);
        let was_in_force = current.is_some_and(State::in_force);
        if state.in_force()
            && !was_in_force
            && self.card_in_force(tx, ready)?.is_some_and(|other| other != id)
        {
            return Ok(refused("aaz502", Refusal::SecondCard));
        }
        let person = self.plan_person(ready, now);
        if let Some(person) = self.persons.get_mut(&ready.sealed.document_index) {
            match (was_in_force, state.in_force()) {
                (_, true) => person.in_force = Some(Some(id)),
                (true, false) => person.in_force = Some(None),
                (false, false) => {}
            }
        }
        Ok(self.plan_card(ready, person, state, now))
    }

    /// The card of the row's holder that is in force, as the rows before leave it.
    fn card_in_force(&mut self, tx: &mut WriteTx<'_>, ready: &Ready) -> Result<Option<[u8; 16]>, Error> {
        let Some(person) = self.persons.get_mut(&ready.sealed.document_index) else { return Ok(None) };
        if let Some(known) = person.in_force {
            return Ok(known);
        }
        let mut found = None;
        for row in store::card::list_of_person(tx, person.row.shard, &person.row.id)? {
            if from_row(&row)?.state.in_force() {
                found = Some(row.id);
            }
        }
        person.in_force = Some(found);
        Ok(found)
    }

    fn plan_person(&mut self, ready: &Ready, now: i64) -> [u8; 16] {
        let sealed = &ready.sealed;
        match self.persons.entry(sealed.document_index) {
            Entry::Vacant(entry) => {
                let row = PersonRow {
                    shard: i64::from(sealed.shard.get()),
                    id: *ready.person.as_bytes(),
                    document_kind: ready.row.document.kind().as_str().to_owned(),
                    document_index: sealed.document_index,
                    name_index: sealed.name_index,
                    phone_index: sealed.phone_index,
                    key_version: sealed.key_version,
                    sealed: sealed.sealed.clone(),
                    created_at: now,
                    version: 1,
                };
                let id = row.id;
                entry.insert(PlannedPerson { row, stored: None, touched: true, in_force: Some(None) });
                id
            }
            Entry::Occupied(entry) => {
                let person = entry.into_mut();
                let row = &mut person.row;
                if (row.name_index, row.phone_index) != (sealed.name_index, sealed.phone_index) {
                    row.name_index = sealed.name_index;
                    row.phone_index = sealed.phone_index;
                    row.key_version = sealed.key_version;
                    row.sealed.clone_from(&sealed.sealed);
                    person.touched = true;
                }
                row.id
            }
        }
    }

    fn plan_card(&mut self, ready: &'r Ready, person: [u8; 16], state: State, now: i64) -> Outcome {
        let row = &ready.row;
        let (outcome, card) = match self.cards.entry(key(ready)) {
            Entry::Occupied(entry) => (Outcome::Updated, entry.into_mut()),
            Entry::Vacant(entry) => {
                let row = new_card(ready, person);
                (Outcome::Inserted, entry.insert(PlannedCard { row, state, stored: None, touched: true }))
            }
        };
        card.row.recognition = row.recognition.map(|code| *code.as_bytes());
        card.row.generation = row.generation.number();
        card.row.issued_on = row.issued_on.map(|day| i64::from(day.as_days()));
        card.row.expires_on = row.expires_on.map(|day| i64::from(day.as_days()));
        card.row.updated_at = now;
        set_state(&mut card.row, state);
        card.state = state;
        card.touched = true;
        self.digests.insert(key(ready), ready.digest.to_vec());
        outcome
    }
}

fn refused(field: &'static str, refusal: Refusal) -> Outcome {
    Outcome::Refused(vec![Fault::of(field, &refusal)])
}

fn ready(row: &Prepared) -> Option<&Ready> {
    match row {
        Prepared::Ready(ready) => Some(ready),
        Prepared::Refused(_) => None,
    }
}

fn key(ready: &Ready) -> CardKey<'_> {
    (ready.row.division.get(), ready.row.number.as_str())
}

/// A card as it is before its first row is written into it.
fn new_card(ready: &Ready, person: [u8; 16]) -> CardRow {
    CardRow {
        shard: i64::from(ready.sealed.shard.get()),
        id: *ready.card.as_bytes(),
        person_id: person,
        division: ready.row.division.to_string(),
        number: ready.row.number.as_str().to_owned(),
        recognition: None,
        generation: 0,
        state: String::new(),
        reason: None,
        issued_on: None,
        expires_on: None,
        updated_at: 0,
        version: 1,
    }
}
