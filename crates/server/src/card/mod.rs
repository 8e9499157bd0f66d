//! Cards: their life at the window, replacement, the invalid list, and imports of the registry.
//!
//! Invariant: a card's state changes in [`follow`]'s company only, so that its e-card and the invalid list change in the
//! same transaction (ND-1.4, CM-19.1), and a person never has two cards in force (R27).

pub mod follow;
pub mod http;
pub mod import;
pub mod service;

use crate::Error;
use domain::card::{Card, CardNumber, Generation, Phase, RecognitionCode, State};
use domain::id::{CardId, PersonId};
use domain::time::BusinessDate;
use store::card::CardRow;

/// The card behind a row.
///
/// # Errors
/// Internal: the row does not hold a card.
pub fn from_row(row: &CardRow) -> Result<Card, Error> {
    read(row).ok_or_else(|| Error::internal("a stored card is not what was checked"))
}

fn read(row: &CardRow) -> Option<Card> {
    let day = |day: Option<i64>| day.map(|day| i32::try_from(day).ok().map(BusinessDate::from_days));
    Some(Card {
        id: CardId::from_bytes(row.id),
        person: PersonId::from_bytes(row.person_id),
        division: row.division.parse().ok()?,
        number: row.number.parse::<CardNumber>().ok()?,
        recognition: row.recognition.map(RecognitionCode::from_bytes),
        generation: Generation::new(row.generation).ok()?,
        state: state(row)?,
        issued_on: day(row.issued_on).map_or(Some(None), |day| day.map(Some))?,
        expires_on: day(row.expires_on).map_or(Some(None), |day| day.map(Some))?,
    })
}

/// The state a row holds.
fn state(row: &CardRow) -> Option<State> {
    let phase: Phase = row.state.parse().ok()?;
    let reason = match &row.reason {
        Some(word) => Some(word.parse().ok()?),
        None => None,
    };
    State::from_parts(phase, reason)
}

/// Puts a state into a row.
pub(crate) fn set_state(row: &mut CardRow, state: State) {
    row.state = state.phase().as_str().to_owned();
    row.reason = state.reason().map(|reason| reason.as_str().to_owned());
}
