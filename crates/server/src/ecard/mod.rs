//! E-cards: claiming one in a channel, the holder's sessions and password, and the codes that are shown.
//!
//! A channel's server carries what holder and platform say to each other and can do neither's part: what the holder
//! wants is proven under a session secret that only the device can read ([`proof`]), and a password travels sealed to
//! the platform ([`password`]).

mod claim;
pub mod code;
pub mod http;
pub mod password;
mod preview;
pub mod proof;
pub mod real_person;
pub mod service;
pub mod session;

pub use proof::{Holder, HolderProof};
pub use service::prove;

use crate::Error;
use domain::card::{Phase, Reason, State};
use domain::division::DivisionCode;
use store::ecard::EcardRow;

/// The state of an e-card as the rules see it. Its row keeps the phase alone: why the card became invalid makes no
/// difference to a use.
#[must_use]
pub fn state(phase: Phase) -> State {
    State::from_parts(phase, None).unwrap_or(State::Invalid(Reason::Other))
}

/// Whether the e-card may be used: only while its card is active (ND-1.4).
///
/// # Errors
/// The refusal of the card's state.
pub fn usable(ecard: &EcardRow) -> Result<(), domain::card::Refusal> {
    state(ecard.state).usable()
}

/// The division that issued the card.
///
/// # Errors
/// Internal for a stored division that is none.
pub fn division(ecard: &EcardRow) -> Result<DivisionCode, Error> {
    ecard.division.parse().map_err(|_| Error::internal("a stored division is unknown"))
}
