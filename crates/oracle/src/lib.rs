//! A second statement of the rules of a channel's life, for the simulation to be held against: short, slow, and made for
//! reading beside the regulation.
//!
//! It is told plain facts (a step was taken, a channel stands so, a request was answered) and says which of them the
//! regulation forbids. Invariant: this crate depends on no other, so that no rule of the platform can vouch for itself;
//! its tables were written from the regulation and not from the rules. Not here: who acts, storage, clocks.

mod channel;
mod day;
mod deadline;
mod figures;
mod filing;
mod leaving;
mod life;
mod number;
mod request;
mod step;

pub use channel::{Channel, Class, Phase, STANDARD, Standing};
pub use day::{Day, Month};
pub use deadline::Wait;
pub use filing::Filing;
pub use life::follows;
pub use number::Number;
pub use request::{Use, Withheld, permits};
pub use step::{Brought, Employer, Step};

use std::collections::{BTreeMap, BTreeSet};

/// Which channel, by the number the simulation gives it.
pub type ChannelNo = usize;
/// Which matter, by the number the simulation gives it.
pub type CaseNo = usize;
/// Which person.
pub type Person = [u8; 16];

/// What has been seen, and what was wrong about it.
#[derive(Debug, Default)]
pub struct Oracle {
    today: Day,
    channels: BTreeMap<ChannelNo, channel::Life>,
    taken: BTreeMap<String, ChannelNo>,
    numbers: number::Numbers,
    cases: BTreeMap<CaseNo, step::Case>,
    /// The matters of each channel, and those that have not ended.
    of_channel: BTreeMap<ChannelNo, BTreeSet<CaseNo>>,
    open: BTreeSet<CaseNo>,
    /// The channels that count as one (CH-23.0b), by the level-1 channel.
    families: BTreeMap<ChannelNo, Vec<ChannelNo>>,
    figures: figures::Figures,
    /// Channels whose major upgrade was done, and the day (CH-28.4b).
    upgraded: Vec<(ChannelNo, Day)>,
    found: Vec<String>,
    /// How often a clause was put to the test and held.
    upheld: BTreeMap<&'static str, u64>,
    checks: u64,
}

impl Oracle {
    /// Nothing was seen yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A day begins; what it may find from now on happens on it.
    pub fn begin(&mut self, day: Day) {
        self.today = day;
    }

    /// What was wrong so far, in the order in which it was found.
    #[must_use]
    pub fn found(&self) -> &[String] {
        &self.found
    }

    /// How often something was compared.
    #[must_use]
    pub fn checks(&self) -> u64 {
        self.checks
    }

    /// Notes something that whoever played saw to be wrong.
    pub fn object(&mut self, wrong: String) {
        self.check(false, || wrong);
    }

    /// The clauses that this crate alone can tell to have held, and how often they did where they could have failed.
    #[must_use]
    pub const fn upheld(&self) -> &BTreeMap<&'static str, u64> {
        &self.upheld
    }

    /// Notes that a clause was put to the test: that it held, or what is wrong.
    fn uphold(&mut self, clause: &'static str, holds: bool, wrong: impl FnOnce() -> String) {
        if holds {
            *self.upheld.entry(clause).or_default() += 1;
        }
        self.check(holds, || format!("{clause}: {}", wrong()));
    }

    /// The matters of a channel.
    fn cases_of(&self, channel: ChannelNo) -> impl Iterator<Item = (CaseNo, &step::Case)> {
        let numbers = self.of_channel.get(&channel).into_iter().flatten();
        numbers.filter_map(|no| Some((*no, self.cases.get(no)?)))
    }

    /// Notes something that whoever played compared, and what is wrong if it does not hold.
    pub fn expect(&mut self, holds: bool, wrong: impl FnOnce() -> String) {
        self.check(holds, wrong);
    }

    /// Notes a comparison, and what is wrong if it does not hold.
    fn check(&mut self, holds: bool, wrong: impl FnOnce() -> String) {
        self.checks += 1;
        if !holds {
            let day = self.today;
            self.found.push(format!("{day}: {}", wrong()));
        }
    }
}
