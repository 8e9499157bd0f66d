//! What can be seen of the world from outside its rules: new steps, waits, phases, measures and keys, handed to the oracle.

use super::play::{Case, Event, Play};
use super::stage::failed;
use crate::failure::Failure;
use domain::channel::Withheld;
use domain::id::{ChannelId, MatterId};
use domain::matter::Kind;
use oracle::{Brought, Channel, Day, Phase, Standing, Step, Wait};
use serde_json::Value;
use store::channel::ChannelRow;
use store::matter::{MatterRow, StepRow, WaitRow};
use store::measure::MeasureRow;

/// Matters of a channel that may be new.
const NEWEST: i64 = 6;

/// Kinds that are level 1's alone by CH-11.2, not by its managing level 2.
const LEVEL_ONE: [&str; 2] = ["application", "exit"];

/// A matter that has moved.
type Moved = (MatterRow, Vec<StepRow>, Vec<WaitRow>);

/// What one look finds.
struct Sight {
    moved: Vec<Moved>,
    channel: Option<(ChannelRow, Vec<MeasureRow>, usize)>,
}

impl Play {
    /// A number for a matter.
    pub fn know(&mut self, id: MatterId, kind: Kind, unit: usize) -> usize {
        if let Some(no) = self.by_id.get(id.as_bytes()) {
            return *no;
        }
        let no = self.cases.len();
        self.cases.push(Case {
            id,
            kind,
            unit,
            version: 0,
            state: String::new(),
            is_ended: false,
            visits: 0,
            asked: Vec::new(),
            scope: Vec::new(),
            files: std::collections::BTreeMap::new(),
            brought: std::collections::BTreeMap::new(),
        });
        self.by_id.insert(*id.as_bytes(), no);
        self.units[unit].open.push(no);
        self.units[unit].met.push(no);
        no
    }

    /// What moved overnight, anywhere.
    pub fn look_around(&mut self) -> Result<(), Failure> {
        let rows = self.stage.read(|tx| {
            let mut found = Vec::new();
            for kind in Kind::ALL {
                found.extend(store::matter::list_versions(tx, kind.as_str())?);
            }
            Ok(found)
        })?;
        let mut moved: Vec<usize> = Vec::new();
        let mut open = std::collections::HashSet::new();
        for row in rows {
            open.insert(row.id);
            let known = self.by_id.get(&row.id).map(|no| &self.cases[*no]);
            let unit = match (known, row.channel_id) {
                (Some(case), _) if case.version == row.version => continue,
                (Some(case), _) => Some(case.unit),
                (None, Some(channel)) => self.by_channel.get(&channel).copied(),
                (None, None) => None,
            };
            moved.extend(unit);
        }
        let known = self.units.iter().flat_map(|unit| &unit.open).map(|no| &self.cases[*no]);
        moved.extend(known.filter(|case| !open.contains(case.id.as_bytes())).map(|case| case.unit));
        moved.sort_unstable();
        moved.dedup();
        moved.into_iter().try_for_each(|unit| self.look_at(unit))
    }

    /// What moved around a unit.
    pub fn look_at(&mut self, unit: usize) -> Result<(), Failure> {
        let sight = self.sight(unit)?;
        let mut fresh = Vec::new();
        for (row, steps, waits) in sight.moved {
            let kind = row.kind.parse().map_err(|_| Failure::failed("a kind that nobody knows"))?;
            let known = self.by_id.contains_key(&row.id);
            let no = self.know(MatterId::from_bytes(row.id), kind, unit);
            if !known {
                fresh.push(no);
            }
            self.tell(no, &row, steps, waits)?;
        }
        if let Some((row, measures, keys)) = sight.channel {
            self.tell_channel(unit, &row, &measures, keys)?;
        }
        self.units[unit].open.retain(|no| !self.cases[*no].is_ended);
        for no in fresh {
            let days = self.chance.between(1, 4);
            self.later(days, Event::Visit(no));
        }
        Ok(())
    }

    fn sight(&self, unit: usize) -> Result<Sight, Failure> {
        let known: Vec<_> = self.units[unit]
            .open
            .iter()
            .map(|no| (*self.cases[*no].id.as_bytes(), self.cases[*no].version))
            .collect();
        let registered = known.iter().find(|_| self.units[unit].channel.is_none()).copied();
        let channel = self.units[unit].channel.map(|id| *id.as_bytes());
        let met: Vec<_> = self.units[unit].met.iter().map(|no| *self.cases[*no].id.as_bytes()).collect();
        self.stage.read(move |tx| {
            let (mut moved, mut channel) = (Vec::new(), channel);
            let mut wanted = known;
            if let Some(id) = channel {
                let newest = store::matter::list_of_channel(tx, &id, &[u8::MAX; 16], NEWEST)?;
                wanted
                    .extend(newest.iter().rev().filter(|row| !met.contains(&row.id)).map(|row| (row.id, 0)));
            }
            for (id, version) in wanted {
                let Some(row) = store::matter::find(tx, &id)? else { continue };
                if registered.is_some_and(|(application, _)| application == id) {
                    channel = channel.or(row.channel_id);
                }
                if row.version == version {
                    continue;
                }
                let mut steps = store::matter::list_steps(tx, &id)?;
                steps.retain(|step| step.number > version);
                let waits = store::matter::list_waits(tx, &id)?;
                moved.push((row, steps, waits));
            }
            let channel = match channel {
                Some(id) => {
                    let row = store::channel::find(tx, &id)?;
                    let measures = store::measure::list(tx, &id)?;
                    let keys = store::key::list_owned(tx, &id)?;
                    let alive =
                        keys.iter().filter(|key| matches!(key.state.as_str(), "active" | "retiring")).count();
                    row.map(|row| (row, measures, alive))
                }
                None => None,
            };
            Ok(Sight { moved, channel })
        })
    }

    fn tell(
        &mut self,
        no: usize,
        row: &MatterRow,
        steps: Vec<StepRow>,
        waits: Vec<WaitRow>,
    ) -> Result<(), Failure> {
        if steps.iter().any(|step| step.number == 1) && row.kind == Kind::RiskEvent.as_str() {
            let body = self.body(row)?;
            let cause = body["suspected"].as_str().map(str::to_owned);
            let liable = body["jointly_liable"].as_str().and_then(|id| self.numbered(id));
            let brought = self.cases[no].brought.entry(1).or_insert(Brought { cause, ..Brought::default() });
            brought.liable = liable;
        }
        if row.kind == Kind::Application.as_str() {
            self.come_with(no, row, &steps)?;
        }
        for step in steps {
            self.tally.step(&row.kind, &step);
            self.tally.authority(&row.kind, &step);
            let brought = self.cases[no].brought.remove(&step.number).unwrap_or_default();
            if brought.employer == Some(oracle::Employer::LevelOne) && !LEVEL_ONE.contains(&row.kind.as_str())
            {
                self.tally.came("CH-4.3");
            }
            self.oracle.step(&Step {
                case: no,
                kind: row.kind.clone(),
                channel: Some(self.cases[no].unit),
                number: step.number,
                day: Day(domain::time::Timestamp::from_micros(step.at).business_date().as_days()),
                party: step.party,
                person: step.staff_id,
                action: step.action,
                from: step.from_state,
                to: step.to_state,
                brought,
            });
        }
        self.tally.waits(&waits);
        let waits = waits.into_iter().map(|wait| Wait {
            task: wait.task,
            due_on: wait.due_on.as_deref().and_then(Day::parse),
            is_recorded: wait.overdue_at.is_some(),
        });
        self.oracle.waits(no, waits.collect());
        self.cases[no].version = row.version;
        self.cases[no].state.clone_from(&row.state);
        self.cases[no].is_ended = row.ended != 0;
        self.conclude(no);
        Ok(())
    }

    /// What came with a formal filing, and whether the operator was told of a new contact.
    fn come_with(&mut self, no: usize, row: &MatterRow, steps: &[StepRow]) -> Result<(), Failure> {
        let id = row.id;
        if let Some(step) = steps.iter().rfind(|step| step.action == "file_formal") {
            let body = self.body(row)?;
            let text = |field: &str| body["formal"]["contact"][field].as_str().unwrap_or_default().to_owned();
            let files = self.stage.read(move |tx| Ok(store::attachment::list(tx, &id)?))?;
            let films = files.iter().filter(|file| file.completed_at.is_some());
            let filing = oracle::Filing {
                contact: [text("name"), text("phone"), text("email")],
                recordings: films
                    .filter_map(|file| file.purpose.strip_prefix("recording_").map(str::to_owned))
                    .collect(),
            };
            self.cases[no].brought.entry(step.number).or_default().filing = Some(filing);
        }
        if let Some(step) = steps.iter().find(|step| step.to_state == "noted") {
            let at = step.at;
            let told = self.stage.read(move |tx| {
                let newest = store::message::list(tx, "operator", &[u8::MAX; 16], NEWEST)?;
                Ok(newest.iter().any(|message| message.matter_id == Some(id) && message.at == at))
            })?;
            self.cases[no].brought.entry(step.number).or_default().told = Some(told);
        }
        Ok(())
    }

    /// What follows from where a matter has come.
    fn conclude(&mut self, no: usize) {
        let (unit, case) = (self.cases[no].unit, &self.cases[no]);
        match (case.kind, case.state.as_str()) {
            (Kind::Application, "live") if case.scope != self.units[unit].services => {
                self.tally.came("CH-15.1");
                self.tally.came("CH-8.2c");
                self.oracle.rescoped(unit, case.scope.clone());
                self.units[unit].services.clone_from(&case.scope);
            }
            _ => {}
        }
    }

    fn tell_channel(
        &mut self,
        unit: usize,
        row: &ChannelRow,
        measures: &[MeasureRow],
        keys: usize,
    ) -> Result<(), Failure> {
        let phase = phase(&row.phase)?;
        if self.units[unit].channel.is_none() {
            self.units[unit].channel = Some(ChannelId::from_bytes(row.id));
            self.units[unit].number.clone_from(&row.number);
            self.by_channel.insert(row.id, unit);
            let application = self.units[unit].open.first().copied().unwrap_or_default();
            let parent = self.units[unit].parent;
            self.units[unit].services.clone_from(&self.cases[application].scope);
            if parent.is_some() {
                self.tally.came("CH-11.3");
            }
            if self.units[unit].form.0 == "app" {
                self.tally.came("CH-8.3a");
            }
            if row.relation.as_deref() == Some("different_entity") {
                self.tally.came("CH-13.1");
                self.units[unit].own = Some(self.cast.join(&self.stage, row.owner_id)?);
            }
            self.oracle.register(
                unit,
                Channel {
                    number: row.number.clone(),
                    class: self.units[unit].class,
                    parent: parent.map(|(head, _)| head),
                    is_same_entity: row.relation.as_deref() == Some("same_entity"),
                    commitment: Some(self.units[unit].committed),
                    application,
                    is_general: self.units[unit].breadth.0 == "general",
                    services: self.cases[application].scope.clone(),
                },
            );
        }
        let open = measures.iter().filter(|measure| measure.lifted_at.is_none());
        let measures = open.map(|measure| {
            let case = measure.matter_id.and_then(|id| self.by_id.get(&id).copied());
            let withheld = serde_json::from_str(&measure.withheld).ok().map(|found| withheld(&found));
            case.zip(withheld).ok_or_else(|| Failure::failed("a measure of nobody"))
        });
        let measures = measures.collect::<Result<_, _>>()?;
        if self.units[unit].phase != Some(phase) {
            self.tally.phase(phase);
        }
        self.units[unit].phase = Some(phase);
        let services = row.services.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect();
        self.oracle.stands(unit, &Standing { phase, measures, keys, services });
        Ok(())
    }

    /// The unit of a channel that is named by its id.
    fn numbered(&self, id: &str) -> Option<usize> {
        let id: ChannelId = id.parse().ok()?;
        self.by_channel.get(id.as_bytes()).copied()
    }

    /// The body of a matter.
    pub fn body(&self, row: &MatterRow) -> Result<Value, Failure> {
        let ring = self.stage.world().keys().ring();
        let text = server::matter::body(&ring, row).map_err(|error| failed("open a body", &error))?;
        serde_json::from_str(&text).map_err(|error| Failure::failed(error.to_string()))
    }
}

fn phase(word: &str) -> Result<Phase, Failure> {
    Ok(match word {
        "testing" => Phase::Testing,
        "live" => Phase::Live,
        "leaving" => Phase::Leaving,
        "exited" => Phase::Exited,
        "terminated" => Phase::Terminated,
        _ => return Err(Failure::failed(format!("a phase that nobody knows: {word}"))),
    })
}

fn withheld(found: &Withheld) -> oracle::Withheld {
    match found {
        Withheld::All => oracle::Withheld::All,
        Withheld::NewHolders => oracle::Withheld::NewHolders,
        Withheld::Services(services) => {
            oracle::Withheld::Services(services.iter().map(ToString::to_string).collect())
        }
    }
}
