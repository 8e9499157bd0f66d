//! The play: day after day the platform does its own work, people come to the matters that wait for them, and after every
//! step the oracle is told what can be seen.
//!
//! Invariant: everything that is decided by chance is decided by the seed's; ids, keys and signatures are random and decide
//! nothing. People act through the services, as who they are; what they see is what the services show them.

use super::act;
use super::cast::{Cast, Who};
use super::plan::{Unit, plan};
use super::report::Tally;
use super::stage::{Stage, failed};
use crate::chance::{Chance, Deck};
use crate::failure::{Attempt, Failure};
use domain::id::MatterId;
use domain::matter::Kind;
use domain::time::BusinessDate;
use oracle::{Brought, Oracle};
use serde_json::Value;
use server::Error;
use server::matter::service;
use std::collections::{BTreeMap, HashMap};
use store::Run;

/// The first day of every play.
const FIRST: &str = "2026-01-01";
/// When the offices open, in seconds of the day.
const MORNING: i64 = 9 * 3600 + 1800;

/// What will happen.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// A unit applies.
    Apply(usize),
    /// Somebody comes to a matter.
    Visit(usize),
    /// A unit's month: its users, and whatever it thinks of.
    Month(usize),
    /// The ministry thinks about the numbers of the rules.
    Reading,
}

/// A matter.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its id.
    pub id: MatterId,
    /// Its kind.
    pub kind: Kind,
    /// The unit it is about.
    pub unit: usize,
    /// The newest step that was seen.
    pub version: i64,
    /// Its state as it was last seen.
    pub state: String,
    /// Whether it has ended.
    pub is_ended: bool,
    /// How often somebody came to it.
    pub visits: u32,
    /// The personalised services that it asks for, and the scope with which it was filed.
    pub asked: Vec<String>,
    pub scope: Vec<String>,
    /// Files that were brought, by purpose.
    pub files: BTreeMap<String, String>,
    /// What was brought to steps, by number.
    pub brought: BTreeMap<i64, Brought>,
}

/// A matter as a person finds it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its state.
    pub state: String,
    /// Its version.
    pub version: i64,
    /// Its body.
    pub body: Value,
    /// For whom it waits: party, division, task.
    pub waits: Vec<(String, String, String)>,
}

/// What is chosen from without coming back to the same before everything else.
pub struct Decks {
    /// What is wrong with a filing.
    pub faults: Deck,
    /// What is wrong with a security report.
    pub flaws: Deck,
    /// What was behind a risk event.
    pub causes: Deck,
    /// Which number the ministry changes.
    pub numbers: Deck,
}

/// Everything that is played.
pub struct Play {
    pub(super) stage: Stage,
    pub(super) cast: Cast,
    pub(super) chance: Chance,
    pub(super) oracle: Oracle,
    pub(super) tally: Tally,
    pub(super) units: Vec<Unit>,
    pub(super) cases: Vec<Case>,
    pub(super) by_id: HashMap<[u8; 16], usize>,
    pub(super) by_channel: HashMap<[u8; 16], usize>,
    pub(super) decks: Decks,
    /// The signing keys of the owners, by the person who signs.
    pub(super) keys: BTreeMap<[u8; 16], act::signing_key::Registered>,
    agenda: BTreeMap<(i32, u64), Event>,
    entries: u64,
    first: BusinessDate,
    day: i32,
    length: i32,
}

impl Play {
    /// Sets the stage.
    ///
    /// # Errors
    /// The world does not open.
    pub fn new(years: u32, channels: usize, seed: u64) -> Result<Self, Failure> {
        let first: BusinessDate = FIRST.parse().attempt("read the first day")?;
        let length = i32::try_from(years.saturating_mul(365)).unwrap_or(i32::MAX);
        let stage = Stage::open(first.start().plus_seconds(MORNING))?;
        let mut chance = Chance::new(seed);
        let mut cast = Cast::hire(&stage)?;
        let units = plan(&stage, &mut cast, &mut chance, channels, length)?;
        let mut play = Self {
            stage,
            cast,
            chance,
            oracle: Oracle::new(),
            tally: Tally::default(),
            units,
            cases: Vec::new(),
            by_id: HashMap::new(),
            by_channel: HashMap::new(),
            decks: Decks {
                faults: Deck::new(act::application::FAULTS.len()),
                flaws: Deck::new(act::security::FLAWS),
                causes: Deck::new(act::security::CAUSES.len()),
                numbers: Deck::new(act::office::NUMBERS.len()),
            },
            keys: BTreeMap::new(),
            agenda: BTreeMap::new(),
            entries: 0,
            first,
            day: 0,
            length,
        };
        for no in 0..play.units.len() {
            play.enter(play.units[no].begins, Event::Apply(no));
        }
        play.enter(40, Event::Reading);
        Ok(play)
    }

    /// Plays to the end, or to the first thing that the oracle finds wrong.
    ///
    /// # Errors
    /// A service failed.
    pub fn run(&mut self) -> Result<(), Failure> {
        while self.day < self.length && self.oracle.found().is_empty() {
            self.morning()?;
            while let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= self.day) {
                let event = entry.remove();
                match event {
                    Event::Apply(unit) => act::application::apply(self, unit)?,
                    Event::Visit(case) => self.visit(case)?,
                    Event::Month(unit) => act::running::month(self, unit)?,
                    Event::Reading => act::office::reading(self)?,
                }
            }
            self.day += 1;
            let next = self.today().start().plus_seconds(MORNING);
            let now = self.stage.world().now();
            self.stage.pass(next.micros_since(now) / 1_000_000);
        }
        self.tally.days = self.day;
        Ok(())
    }

    /// Today.
    pub fn today(&self) -> BusinessDate {
        self.first.plus_days(self.day)
    }

    /// So many days from today, as it is written.
    pub fn on(&self, days: i32) -> String {
        self.today().plus_days(days).to_string()
    }

    /// Puts something on the agenda, so many days from today.
    pub fn later(&mut self, days: i32, event: Event) {
        self.enter(self.day + days.max(0), event);
    }

    fn enter(&mut self, day: i32, event: Event) {
        self.entries += 1;
        self.agenda.insert((day, self.entries), event);
    }

    /// What `ykt serve` does every few seconds, and what came of it.
    fn morning(&mut self) -> Result<(), Failure> {
        self.oracle.begin(oracle::Day(self.today().as_days()));
        let world = self.stage.world().clone();
        let done = self.stage.wait(server::clock::service::consequences(&world));
        done.map_err(|error| failed("do the platform's own work", &error))?;
        let done = self.stage.wait(server::key::service::retire_overdue(&world));
        done.map_err(|error| failed("retire keys", &error))?;
        self.look_around()?;
        self.oracle.deadlines();
        self.oracle.monitored();
        self.oracle.reports_demanded();
        Ok(())
    }

    fn visit(&mut self, no: usize) -> Result<(), Failure> {
        if self.cases[no].is_ended {
            return Ok(());
        }
        let seen = self.see(no)?;
        self.cases[no].visits += 1;
        if self.chance.permille(25) {
            self.out_of_turn(no, &seen)?;
        }
        let next = match self.cases[no].kind {
            Kind::Application => act::application::turn(self, no, &seen)?,
            Kind::SecurityReport => act::security::report(self, no, &seen)?,
            Kind::Agreement => act::agreement::turn(self, no, &seen)?,
            Kind::Exit => act::exit::turn(self, no, &seen)?,
            // Whoever needs one comes to it, and nobody else.
            Kind::SigningKey | Kind::KeyChange | Kind::CallbackChange | Kind::KeyRotation => None,
            // No department opens anything here, so that none has anything to order about.
            Kind::Rectification => None,
            Kind::RiskEvent => act::security::event(self, no, &seen)?,
            Kind::Monitoring => act::running::monitoring(self, no, &seen)?,
            Kind::Notice => act::running::notice(self, no, &seen)?,
            Kind::Maintenance => act::running::maintenance(self, no, &seen)?,
            Kind::Campaign => act::running::campaign(self, no, &seen)?,
            Kind::Ticket => act::running::ticket(self, no, &seen)?,
            Kind::Suggestion => act::running::suggestion(self, no, &seen)?,
            Kind::Filing => act::running::filing(self, no, &seen)?,
        };
        if let Some(days) = next.filter(|_| !self.cases[no].is_ended) {
            self.later(days.max(1), Event::Visit(no));
        }
        Ok(())
    }

    /// A matter as the operator finds it.
    pub fn see(&self, no: usize) -> Result<Seen, Failure> {
        let staff = self.cast.person(Who::Operator(0), 0);
        let view = self.stage.wait(service::get(self.stage.world(), staff, self.cases[no].id));
        let view = view.map_err(|error| failed("see a matter", &error))?;
        let body = serde_json::from_str(view.body.as_deref().unwrap_or("null")).attempt("read a body")?;
        let waits = view.waits.into_iter().map(|wait| (wait.party, wait.division, wait.task)).collect();
        Ok(Seen { state: view.row.state, version: view.row.version, body, waits })
    }

    /// Opens a matter; its number, or nothing when it was refused.
    ///
    /// # Errors
    /// A service failed otherwise than by a refusal.
    pub fn open(
        &mut self,
        unit: usize,
        kind: Kind,
        who: Who,
        opening: &Value,
        brought: Brought,
    ) -> Result<Option<usize>, Failure> {
        let parent = self.units[unit].parent.map(|(head, _)| head);
        self.open_under(unit, parent, kind, who, opening, brought)
    }

    /// [`Play::open`] under a level-1 channel that is named.
    ///
    /// # Errors
    /// As [`Play::open`].
    pub fn open_under(
        &mut self,
        unit: usize,
        head: Option<usize>,
        kind: Kind,
        who: Who,
        opening: &Value,
        brought: Brought,
    ) -> Result<Option<usize>, Failure> {
        let staff = self.whoever(unit, who).clone();
        // A signing key is an organisation's, whatever channels that has.
        let channel = self.units[unit].channel.filter(|_| kind != Kind::SigningKey);
        let head = head.filter(|_| kind != Kind::SigningKey);
        let parent = head.and_then(|head| self.units[head].channel).filter(|_| channel.is_none());
        let (employer, org) = (self.employer(unit, who), Some(*staff.org.as_bytes()));
        let brought = Brought { employer, org, ..brought };
        let opened = service::open(self.stage.world(), &staff, kind, channel, parent, opening.to_string());
        match self.stage.wait(opened) {
            Ok(view) => {
                let no = self.know(MatterId::from_bytes(view.row.id), kind, unit);
                self.cases[no].brought.insert(1, brought);
                self.after(unit)?;
                Ok(Some(no))
            }
            Err(error) => self.refused(&format!("{kind}.open"), &error).map(|()| None),
        }
    }

    /// Acts on a matter as it was seen; whether that was done.
    ///
    /// # Errors
    /// A service failed otherwise than by a refusal.
    pub fn act(
        &mut self,
        no: usize,
        seen: &Seen,
        who: Who,
        input: &Value,
        brought: Brought,
    ) -> Result<bool, Failure> {
        let (unit, id) = (self.cases[no].unit, self.cases[no].id);
        let name = format!("{}.{}", self.cases[no].kind, input["action"].as_str().unwrap_or_default());
        let staff = self.whoever(unit, who).clone();
        let (employer, org) = (self.employer(unit, who), Some(*staff.org.as_bytes()));
        let brought = Brought { employer, org, ..brought };
        let send = |play: &Self| {
            let acted =
                service::act(play.stage.world(), &staff, id, seen.version, input.to_string(), Run::Real);
            play.stage.wait(acted)
        };
        match send(self) {
            Ok(view) => {
                self.cases[no].brought.insert(view.row.version, brought.clone());
                self.cases[no].brought.insert(seen.version + 1, brought);
                if self.chance.permille(30) {
                    // The answer was lost, in half of the cases with the server: it is sent again.
                    if self.chance.percent(50) {
                        self.stage.crash()?;
                        self.tally.crashes += 1;
                    }
                    self.again(&name, send(self).err().as_ref());
                }
                self.after(unit)?;
                if self.chance.permille(25) {
                    // Somebody else decided on what is no longer there.
                    self.misplaced(no, seen, "resource.stale")?;
                }
                Ok(true)
            }
            Err(error) => self.refused(&name, &error).map(|()| false),
        }
    }

    /// A step that was sent twice is taken once.
    fn again(&mut self, name: &str, second: Option<&Error>) {
        self.tally.repeated += 1;
        if second.is_none_or(|error| error.code() != "resource.stale") {
            self.oracle.object(format!("{name} was sent twice and taken twice"));
        }
    }

    fn refused(&mut self, name: &str, error: &Error) -> Result<(), Failure> {
        if error.status().is_server_error() {
            return Err(failed(name, error));
        }
        self.tally.refusal(name, error);
        Ok(())
    }

    /// Time passes with every step, and what can be seen is told.
    fn after(&mut self, unit: usize) -> Result<(), Failure> {
        self.stage.pass(1);
        self.look_at(unit)
    }
}
