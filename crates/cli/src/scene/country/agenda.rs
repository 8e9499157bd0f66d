//! What is still to come in the country, by day: stories that go on, applications that somebody comes to, holders who claim.
//!
//! Invariant: all chance is the country's own and comes from one seed; what was put down first for a day is done first.

use super::cast::Cast;
use super::channels::Channels;
use super::entry::Entry;
use super::holders::{self, Holders};
use super::story::Story;
use super::{applications, fates, ordinary};
use crate::chance::{Chance, Deck};
use crate::failure::Failure;
use domain::time::BusinessDate;
use std::collections::BTreeMap;

/// From which the chance of every country comes.
const SEED: u64 = 24;
/// The days before the end of the weeks of business on which holders claim one by one, and not only in the sums of a month.
const COUNTED: i32 = 34;

/// Something that is to come.
enum Event {
    Story(Story),
    Entry(Entry),
    Claims,
}

/// Everything that is to come.
pub struct Agenda {
    events: BTreeMap<(BusinessDate, usize), Event>,
    put: usize,
    chance: Chance,
    claims: (Chance, Deck),
}

impl Agenda {
    /// Everything that is planned or drawn for a country whose weeks of business begin on `first` and last so many days.
    pub fn new(first: BusinessDate, days: i32) -> Self {
        let chance = Chance::new(SEED);
        let mut agenda =
            Self { events: BTreeMap::new(), put: 0, claims: (chance.clone(), holders::attempts()), chance };
        let drawn = ordinary::all(&mut agenda.chance, first);
        for (day, story) in fates::all().into_iter().chain(drawn) {
            agenda.put(first.plus_days(day), Event::Story(story));
        }
        for (day, entry) in applications::entries() {
            agenda.put(first.plus_days(day), Event::Entry(entry));
        }
        for day in days - COUNTED..=days {
            agenda.put(first.plus_days(day), Event::Claims);
        }
        agenda
    }

    fn put(&mut self, day: BusinessDate, event: Event) {
        self.events.insert((day, self.put), event);
        self.put += 1;
    }

    /// The next day on which something is to come.
    pub fn next(&self) -> Option<BusinessDate> {
        self.events.keys().next().map(|(day, _)| *day)
    }

    /// Does what was to come by `today`.
    ///
    /// # Errors
    /// The first step that the platform refuses.
    pub fn go_on(
        &mut self,
        cast: &Cast,
        channels: &Channels,
        holders: &Holders,
        today: BusinessDate,
    ) -> Result<(), Failure> {
        while let Some(first) = self.events.first_entry().filter(|first| first.key().0 <= today) {
            let (next, event) = match first.remove() {
                Event::Story(mut story) => (story.go_on(cast, channels, today)?, Event::Story(story)),
                Event::Entry(mut entry) => (entry.turn(cast, &mut self.chance, today)?, Event::Entry(entry)),
                Event::Claims => {
                    let (chance, attempts) = &mut self.claims;
                    holders.claim_today(chance, attempts, today)?;
                    continue;
                }
            };
            if let Some(days) = next {
                self.put(today.plus_days(days), event);
            }
        }
        Ok(())
    }
}
