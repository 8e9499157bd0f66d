//! One step of a matter with everything that follows from it, inside the transaction that carries it.

use super::event;
use super::message::tell;
use super::surroundings::Surroundings;
use crate::auth::{Staff, StandsIn};
use crate::channel;
use crate::delegation;
use crate::key::Ring;
use crate::service::life::{Under, order as put};
use crate::template::fill::{Filling, Source};
use crate::{Error, World, WorldName};
use domain::audit::{Actor, Change, Label, Record, Reference, Value};
use domain::channel::Portal;
use domain::division::DivisionCode;
use domain::id::{ChannelId, KeyId, MatterId, MeasureId, MessageId, OrgId};
use domain::matter::{By, Effect, Expiry, Kind, Known, Refused, Scene, Stored, life};
use domain::time::Timestamp;
use gm::random;
use std::sync::Arc;
use store::matter::{MatterRow, StepRow, WaitRow};
use store::{ReadTx, WriteTx};

/// Steps that may follow from one; more is a rule that follows itself.
const LONGEST: u32 = 64;
/// The word for a last day whose passing is recorded and no more.
pub(super) const RECORDED: &str = "recorded";
/// What the sealed body is bound to beside its id.
const SEAL: &[u8] = b"matter";

/// Who sits at the desk, and what a step needs that must be made outside its transaction.
#[derive(Debug, Clone)]
pub struct Desk {
    by: By,
    actor: Actor,
    pub(super) at: Timestamp,
    pub(super) made_at: Timestamp,
    pub(super) world: WorldName,
    seed: [u8; 32],
    numbers: Arc<Vec<String>>,
    pub(super) ring: Arc<Ring>,
    /// By what the person acts in another's place.
    stands_in: Option<StandsIn>,
}

/// A matter to open.
#[derive(Debug, Clone, Copy)]
pub struct New {
    /// Its kind.
    pub kind: Kind,
    /// The channel it is about.
    pub channel: Option<ChannelId>,
    /// The level-1 channel it names.
    pub parent: Option<ChannelId>,
    /// The organisation that acts as the owner in it.
    pub owner: OrgId,
}

impl New {
    /// One that is about the same channel as this matter.
    fn beside(row: &MatterRow, kind: Kind) -> Self {
        Self {
            kind,
            channel: row.channel_id.map(ChannelId::from_bytes),
            parent: row.parent_id.map(ChannelId::from_bytes),
            owner: OrgId::from_bytes(row.owner_id),
        }
    }
}

impl Desk {
    /// A desk at the present moment.
    #[must_use]
    pub fn new(world: &World, by: By, actor: Actor) -> Self {
        Self {
            by,
            actor,
            at: world.now(),
            made_at: world.real_now(),
            world: world.name(),
            seed: random::bytes(),
            numbers: Arc::new((0..channel::service::DRAWS).map(|_| channel::service::draw()).collect()),
            ring: world.keys().ring(),
            stands_in: None,
        }
    }

    /// The desk of a member of staff, who may stand in for another.
    #[must_use]
    pub fn of(world: &World, by: By, staff: &Staff) -> Self {
        Self { stands_in: staff.stands_in, ..Self::new(world, by, staff.actor()) }
    }

    /// The same desk at another moment: when its steps are taken, or would be.
    #[must_use]
    pub fn at(self, at: Timestamp) -> Self {
        Self { at, ..self }
    }

    /// Who sits there.
    pub(crate) const fn by(&self) -> &By {
        &self.by
    }

    /// Whether a matter has a provisional deadline that the calendar knows by now.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn may_settle(&self, tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<bool, Error> {
        let Some(row) = store::matter::find(tx, id)? else { return Ok(false) };
        let (life, body) = (life(kind(&row)?), body(&self.ring, &row)?);
        let found = Surroundings::read(tx, &self.ring, &row, &self.by)?;
        let settled = found.stage(&row, self.by, self.at, |scene| (life.settle)(&body, scene))?;
        Ok(settled.is_some())
    }

    /// The platform's own desk.
    #[must_use]
    pub fn platform(world: &World) -> Self {
        Self::new(world, By::PLATFORM, Actor::System)
    }
}

/// What happens at a desk in one transaction. Begun anew when the transaction runs again, it makes the same ids.
#[derive(Debug)]
pub struct Course<'a> {
    pub(super) desk: &'a Desk,
    by: By,
    made: u32,
    steps: u32,
    /// What was read once for the first step of many of them; what follows from that step is filled from nothing.
    filling: Option<&'a Filling>,
}

impl<'a> Course<'a> {
    /// Nothing has happened yet.
    #[must_use]
    pub const fn new(desk: &'a Desk) -> Self {
        Self { desk, by: desk.by, made: 0, steps: 0, filling: None }
    }

    /// The same, with what the input of its first step is filled from.
    #[must_use]
    pub const fn filled_from(self, filling: Option<&'a Filling>) -> Self {
        Self { filling, ..self }
    }

    /// Opens a matter.
    ///
    /// # Errors
    /// Those of the kind; the store's.
    pub fn open(&mut self, tx: &mut WriteTx<'_>, new: New, opening: &str) -> Result<MatterRow, Error> {
        self.still_stands_in(tx)?;
        let life = life(new.kind);
        let id = self.id(MatterId::make);
        let at = self.desk.at.as_micros();
        let row = MatterRow {
            id: *id.as_bytes(),
            kind: new.kind.to_string(),
            state: String::new(),
            ended: 0,
            channel_id: new.channel.map(|id| *id.as_bytes()),
            parent_id: new.parent.map(|id| *id.as_bytes()),
            owner_id: *new.owner.as_bytes(),
            regions: String::new(),
            title: String::new(),
            key_version: 0,
            body: Vec::new(),
            opened_at: at,
            changed_at: at,
            version: 0,
        };
        let may =
            |scene: &Scene<'_>| (life.may_open)(scene.by.party, scene.channel.map(|channel| channel.phase));
        let (stored, words) =
            self.put(tx, &row, opening, may, |opening, scene| (life.open)(opening, scene))?;
        self.carry(tx, row, stored, words)
    }

    /// Does the action of `input` on a matter that was locked.
    ///
    /// # Errors
    /// `matter.transition`, `matter.party`, those of the kind; the store's.
    pub fn act(&mut self, tx: &mut WriteTx<'_>, row: MatterRow, input: &str) -> Result<MatterRow, Error> {
        self.still_stands_in(tx)?;
        let (life, body) = (life(kind(&row)?), body(&self.desk.ring, &row)?);
        let may = |scene: &Scene<'_>| (life.admits)(&body, input, scene);
        let (stored, words) =
            self.put(tx, &row, input, may, |input, scene| (life.act)(&body, input, scene))?;
        self.carry(tx, row, stored, words)
    }

    /// Counts the provisional deadlines of a locked matter again; whether there were any that the calendar knows by now.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn settle(&mut self, tx: &mut WriteTx<'_>, row: MatterRow) -> Result<bool, Error> {
        let (life, body) = (life(kind(&row)?), body(&self.desk.ring, &row)?);
        let found = Surroundings::lock(tx, &self.desk.ring, &row, &self.by)?;
        let settled = found.stage(&row, self.by, self.desk.at, |scene| (life.settle)(&body, scene))?;
        let Some(stored) = settled else { return Ok(false) };
        self.carry(tx, row, stored, None)?;
        Ok(true)
    }

    /// Writes down that a last day passed and nothing else happened.
    ///
    /// # Errors
    /// The store's.
    pub fn default(&mut self, tx: &mut WriteTx<'_>, mut row: MatterRow, wait: &WaitRow) -> Result<(), Error> {
        let at = self.desk.at;
        store::matter::mark_overdue(tx, &row.id, wait.slot, at.as_micros())?;
        row.version += 1;
        row.changed_at = at.as_micros();
        let action = format!("overdue.{}", wait.task);
        let step = self.line(&row, &action, Some(row.state.clone()), None);
        store::matter::update(tx, &row)?;
        store::matter::insert_step(tx, &step)?;
        self.record(tx, &row, &action, wait.clause.as_deref(), None);
        Ok(())
    }

    /// Ends a locked matter whose channel has left, if nobody else does (CH-33.3); whether it did.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn end(&mut self, tx: &mut WriteTx<'_>, row: MatterRow) -> Result<bool, Error> {
        let (life, body) = (life(kind(&row)?), body(&self.desk.ring, &row)?);
        let found = Surroundings::lock(tx, &self.desk.ring, &row, &self.by)?;
        let ended = found.stage(&row, self.by, self.desk.at, |scene| (life.leave)(&body, scene))?;
        let Some(stored) = ended else { return Ok(false) };
        // Each of them stands by itself: they are as many as were open, and none follows from another.
        let steps = std::mem::take(&mut self.steps);
        self.carry(tx, row, stored, Some(domain::matter::LEFT.to_owned()))?;
        self.steps = steps;
        Ok(true)
    }

    /// CH-33.3: who does it, and when, as it is kept.
    pub(super) fn hand(&self) -> (Actor, Timestamp) {
        (self.actor(), self.desk.made_at)
    }

    /// Lets a rule look at an input and the scene, and tells the input's words as well. An input that names a template is filled
    /// before, but only where it may be put at all.
    fn put(
        &mut self,
        tx: &mut WriteTx<'_>,
        row: &MatterRow,
        input: &str,
        may: impl FnOnce(&Scene<'_>) -> Result<(), Refused>,
        rule: impl FnOnce(&str, &Scene<'_>) -> Result<Stored, Refused>,
    ) -> Result<(Stored, Option<String>), Error> {
        let found = Surroundings::lock(tx, &self.desk.ring, row, &self.by)?;
        let source = Source::of(self.filling.take(), kind(row)?, input);
        if source.is_template() {
            found.stage(row, self.by, self.desk.at, may)?;
        }
        let input = source.written(tx, &self.by, row.channel_id, input)?;
        let stored = found.stage(row, self.by, self.desk.at, |scene| rule(&input, scene))?;
        Ok((stored, words_in(&input)))
    }

    /// Writes what a step left, then does what it asked for.
    ///
    /// # Errors
    /// The store's; those of what follows.
    pub(super) fn carried(
        &mut self,
        tx: &mut WriteTx<'_>,
        mut row: MatterRow,
        stored: Stored,
        words: Option<String>,
    ) -> Result<MatterRow, Error> {
        self.steps += 1;
        if self.steps > LONGEST {
            return Err(Error::internal("steps follow from steps without end"));
        }
        let is_new = row.version == 0;
        row.state = stored.state.to_owned();
        row.ended = i64::from(stored.is_ended);
        row.title = stored.title;
        row.regions = stored.regions.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        (row.key_version, row.body) = self.desk.ring.seal(&associated(&row.id), stored.body.as_bytes());
        row.changed_at = self.desk.at.as_micros();
        row.version += 1;
        let action = stored.action.unwrap_or("open");
        let step = self.line(&row, action, stored.from.map(str::to_owned), words);
        if is_new {
            store::matter::insert(tx, &row)?;
        } else {
            store::matter::update(tx, &row)?;
        }
        store::matter::insert_step(tx, &step)?;
        self.await_next(tx, &row, &stored.waits)?;
        let from = stored.from.map_or(Value::Nothing, Value::word);
        self.record(
            tx,
            &row,
            action,
            stored.clause,
            Some(Change::of("state", from, Value::word(&row.state))),
        );
        let has_left =
            |effect: &Effect| matches!(effect, Effect::Enter(phase) if phase.portal() == Portal::ReadOnly);
        let leaves = stored.effects.iter().any(has_left);
        for effect in stored.effects {
            row = self.carry_out(tx, row, effect)?;
        }
        // Last, so that what the rules of the step end in their own way has ended.
        if leaves {
            self.as_platform(|course| course.leave(tx, about(&row)?))?;
        }
        Ok(row)
    }

    /// The waits a step left; one that was there already keeps its age and its default.
    fn await_next(
        &self,
        tx: &mut WriteTx<'_>,
        row: &MatterRow,
        waits: &[domain::matter::Wait],
    ) -> Result<(), Error> {
        let before = store::matter::list_waits(tx, &row.id)?;
        let mut rows = Vec::with_capacity(waits.len());
        for (slot, wait) in waits.iter().enumerate() {
            let line = wait.deadline.as_ref();
            let mut next = WaitRow {
                matter_id: row.id,
                slot: i64::try_from(slot).unwrap_or(i64::MAX),
                party: wait.party.to_string(),
                division: area(wait.division),
                task: wait.task.to_owned(),
                since: self.desk.at.as_micros(),
                starts_on: line.map(|line| line.starts_on.to_string()),
                due_on: line.map(|line| line.due_on.to_string()),
                provisional: i64::from(line.is_some_and(|line| line.is_provisional)),
                clause: line.map(|line| line.clause.clone()),
                expiry: line.map(|line| match &line.expiry {
                    Expiry::Recorded => RECORDED.to_owned(),
                    Expiry::Acts(action) => action.clone(),
                }),
                overdue_at: None,
            };
            let same = |old: &&WaitRow| {
                (&old.party, &old.division, &old.task) == (&next.party, &next.division, &next.task)
            };
            if let Some(old) = before.iter().find(same) {
                next.since = old.since;
                next.overdue_at = old.overdue_at.filter(|_| old.due_on == next.due_on);
            }
            rows.push(next);
        }
        store::matter::replace_waits(tx, &row.id, &rows)?;
        let is_new = |row: &&WaitRow| {
            let same = |old: &WaitRow| {
                (&old.party, &old.division, &old.task) == (&row.party, &row.division, &row.task)
            };
            !before.iter().any(same)
        };
        event::awaits(tx, row, self.by.party, &rows.iter().filter(is_new).collect::<Vec<_>>(), self.desk.at)
    }

    fn carry_out(
        &mut self,
        tx: &mut WriteTx<'_>,
        mut row: MatterRow,
        effect: Effect,
    ) -> Result<MatterRow, Error> {
        let (now, matter) = (self.desk.at, MatterId::from_bytes(row.id));
        match effect {
            Effect::Register(new) => {
                let (id, org) = (self.id(ChannelId::make), self.id(OrgId::make));
                let applicant = OrgId::from_bytes(row.owner_id);
                let changes =
                    channel::life::register(tx, (id, org), &new, applicant, &self.desk.numbers, now)?;
                row.channel_id = Some(*id.as_bytes());
                row.version += 1;
                store::matter::update(tx, &row)?;
                let step = self.line(&row, "register", Some(row.state.clone()), None);
                store::matter::insert_step(tx, &step)?;
                self.changed(tx, &row, "channel.registered", changes);
            }
            Effect::Enter(phase) => {
                let changes = channel::life::enter(tx, about(&row)?, phase, now)?;
                self.changed(tx, &row, "channel.phase_changed", changes);
            }
            Effect::Rescope(scope) => {
                let changes = channel::life::rescope(tx, about(&row)?, &scope)?;
                self.changed(tx, &row, "channel.scope_changed", changes);
            }
            Effect::ActivateKeys(keys) => {
                let keys: Vec<_> = keys.into_iter().map(|key| (self.id(KeyId::make), key)).collect();
                let before = store::key::list_owned(tx, about(&row)?.as_bytes())?;
                channel::life::activate_keys(tx, about(&row)?, &keys, self.desk.actor, now)?;
                event::superseded(tx, about(&row)?, &before, now)?;
            }
            Effect::RevokeKeys => {
                let changes = channel::life::revoke_keys(tx, about(&row)?, now)?;
                self.changed(tx, &row, "channel.keys_revoked", changes);
            }
            Effect::Withhold(withheld) => {
                let measure = self.id(MeasureId::make);
                let changes = channel::life::withhold(tx, about(&row)?, matter, measure, &withheld, now)?;
                self.changed(tx, &row, "channel.withheld", changes);
                event::measured(tx, about(&row)?, now)?;
            }
            Effect::Restore => {
                let changes = channel::life::restore(tx, about(&row)?, matter, now)?;
                let is_lifted = !changes.is_empty();
                self.changed(tx, &row, "channel.restored", changes);
                if is_lifted {
                    event::measured(tx, about(&row)?, now)?;
                }
            }
            Effect::Guide(to) => channel::life::guide(tx, about(&row)?, &to)?,
            Effect::Order { opening, order } => put(tx, self.under(matter), opening, order)?,
            Effect::Open { kind, opening } => {
                let new = New::beside(&row, kind);
                self.as_platform(|course| course.open(tx, new, &opening))?;
            }
            Effect::Act { matter, input } => {
                let other = store::matter::lock(tx, matter.as_bytes())?;
                let other = other.ok_or_else(|| Error::internal("a rule names a matter that is not"))?;
                self.as_platform(|course| course.act(tx, other, &input))?;
            }
            Effect::Challenge(url) => {
                crate::webhook::change::challenge(tx, self.desk.world, matter, &url, now)?;
            }
            Effect::Redirect(moved) => self.redirect(tx, about(&row)?, matter, &moved)?,
            Effect::WriteToContacts(occasion) => self.write_to_contacts(tx, about(&row)?, occasion)?,
            Effect::Tell(message) => tell(tx, &row, self.id(MessageId::make), message, now)?,
        }
        Ok(row)
    }

    pub(super) fn as_platform<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let by = std::mem::replace(&mut self.by, By::PLATFORM);
        let outcome = act(self);
        self.by = by;
        outcome
    }

    fn line(&self, row: &MatterRow, action: &str, from: Option<String>, words: Option<String>) -> StepRow {
        StepRow {
            matter_id: row.id,
            number: row.version,
            at: self.desk.at.as_micros(),
            party: self.by.party.to_string(),
            staff_id: self.by.staff.map(|id| *id.as_bytes()),
            org_id: self.by.org.map(|id| *id.as_bytes()),
            in_place_of: self.by.in_place_of.map(|id| *id.as_bytes()),
            action: action.to_owned(),
            from_state: from,
            to_state: row.state.clone(),
            words,
        }
    }

    /// By what the person acts in another's place; the platform, whatever follows from their step, acts in nobody's.
    fn stands_in(&self) -> Option<StandsIn> {
        self.desk.stands_in.filter(|_| self.by != By::PLATFORM)
    }

    /// Refuses what is done by a delegation that is in force no more.
    fn still_stands_in(&self, tx: &mut WriteTx<'_>) -> Result<(), Error> {
        let today = self.desk.at.business_date();
        self.stands_in().map_or(Ok(()), |one| delegation::service::still(tx, &one, today))
    }

    fn under(&self, matter: MatterId) -> Under {
        Under { matter, actor: self.actor(), at: self.desk.at }
    }

    pub(super) fn actor(&self) -> Actor {
        if self.by == By::PLATFORM { Actor::System } else { self.desk.actor }
    }

    /// What a matter changed of its channel: a record of its own, under the authority of the matter.
    fn changed(&self, tx: &mut WriteTx<'_>, row: &MatterRow, action: &'static str, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let mut record = Record::done(self.desk.at, self.actor(), action).changing(changes);
        record.object = row.channel_id.map(|id| Reference::new(ChannelId::PREFIX, &id));
        record.authorization = Some(Reference::new(MatterId::PREFIX, &row.id));
        tx.audit(&record);
    }

    fn record(
        &self,
        tx: &mut WriteTx<'_>,
        row: &MatterRow,
        action: &str,
        clause: Option<&str>,
        change: Option<Change>,
    ) {
        let mut record = about_matter(row, self.actor(), "matter.step", self.desk.at).changing(change);
        if let Ok(label) = Label::parse(&format!("{}.{action}", row.kind)) {
            record.action = label;
        }
        record.clause = clause.and_then(|clause| Label::parse(clause).ok());
        record.authorization = self.stands_in().map(StandsIn::authority);
        tx.audit(&record);
    }

    /// The next id of this course. Within one they ascend, so that what happened in one moment is listed in its order.
    pub(super) fn id<T>(&mut self, make: impl FnOnce(Timestamp, [u8; 10]) -> T) -> T {
        self.made += 1;
        let digest = gm::sm3::digest(&[&self.desk.seed[..], &self.made.to_be_bytes()].concat());
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        let place = u16::try_from(self.made).unwrap_or(u16::MAX).min(0x0FFF);
        random[..2].copy_from_slice(&place.to_be_bytes());
        make(self.desk.made_at, random)
    }
}

/// A matter, locked; before that of a signing key its organisation, which every step of its other keys locks before them.
///
/// # Errors
/// `resource.not_found`; the store's.
pub(super) fn lock(tx: &mut WriteTx<'_>, id: MatterId) -> Result<MatterRow, Error> {
    let found = store::matter::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
    if kind(&found)? == Kind::SigningKey {
        store::org::lock(tx, &found.owner_id)?;
    }
    store::matter::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)
}

/// A stored matter as a rule looks at it.
///
/// # Errors
/// Internal: its body cannot be opened.
pub fn neighbour(ring: &Ring, row: &MatterRow) -> Result<Known, Error> {
    Ok(Known {
        id: MatterId::from_bytes(row.id),
        kind: kind(row)?,
        state: row.state.clone(),
        is_ended: row.ended != 0,
        body: body(ring, row)?,
        opened_at: Timestamp::from_micros(row.opened_at),
    })
}

/// A record of something that was done to a matter; it is filed under the matter's channel, too.
pub(crate) fn about_matter(row: &MatterRow, actor: Actor, action: &'static str, at: Timestamp) -> Record {
    let mut record = Record::done(at, actor, action);
    record.object = Some(Reference::new(MatterId::PREFIX, &row.id));
    record.origin = row.channel_id.map(|id| Reference::new(ChannelId::PREFIX, &id));
    record
}

/// The kind of a stored matter.
pub(super) fn kind(row: &MatterRow) -> Result<Kind, Error> {
    row.kind.parse().map_err(|_| Error::internal(format!("a matter of an unknown kind {}", row.kind)))
}

/// The body of a stored matter.
///
/// # Errors
/// Internal: it cannot be opened.
pub fn body(ring: &Ring, row: &MatterRow) -> Result<String, Error> {
    let plain = ring.open(row.key_version, &associated(&row.id), &row.body)?;
    String::from_utf8(plain).map_err(|_| Error::internal("a matter's body is no text"))
}

fn associated(id: &[u8; 16]) -> Vec<u8> {
    [SEAL, id].concat()
}

fn about(row: &MatterRow) -> Result<ChannelId, Error> {
    let id = row.channel_id.ok_or(domain::matter::Refusal::NoChannel)?;
    Ok(ChannelId::from_bytes(id))
}

/// What the person wrote, for the history: the first of `words`, `opinion`, `reason` that the input has.
fn words_in(input: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(input).ok()?;
    let text = ["words", "opinion", "reason"].iter().find_map(|name| value.get(name)?.as_str())?;
    Some(text.to_owned())
}

/// The area of a wait as it is stored: empty where the party is one for the whole nation, as the ministry is.
pub(super) fn area(division: Option<DivisionCode>) -> String {
    let area = division.filter(|division| *division != DivisionCode::NATIONAL);
    area.map(|division| division.to_string()).unwrap_or_default()
}
