//! Any kind of matter by its words: bodies and inputs are JSON, states and actions are text.
//!
//! Invariant: this adds no rule. The order in which an action is refused is the same for every kind: unreadable
//! input, state, party, what the matter itself knows, the rule.

use super::{By, Effect, Kind, Matter, Need, Party, Refusal, Refused, Rule, Scene, Step, Wait};
use crate::division::DivisionCode;
use crate::name::Word;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A matter as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The word of its state.
    pub state: &'static str,
    /// Whether it has ended.
    pub is_ended: bool,
    /// Its body as JSON.
    pub body: String,
    /// One line for a list.
    pub title: String,
    /// The areas that see it before there is a channel.
    pub regions: Vec<DivisionCode>,
    /// For whom it waits.
    pub waits: Vec<Wait>,
    /// The action that led here; none of an opening.
    pub action: Option<&'static str>,
    /// The state it was in before; none of an opening.
    pub from: Option<&'static str>,
    /// What else has to happen.
    pub effects: Vec<Effect>,
}

/// An action that somebody may do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its word.
    pub action: &'static str,
    /// What it is.
    pub rule: Rule,
}

/// A line of a workflow: from a state by an action to one of some states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The state before.
    pub from: &'static str,
    /// The action.
    pub action: &'static str,
    /// The states after.
    pub to: Vec<&'static str>,
}

/// A whole state machine, for documents and for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// Which kind.
    pub kind: Kind,
    /// Who opens one.
    pub opened_by: &'static [Party],
    /// Every state.
    pub states: Vec<&'static str>,
    /// Every action.
    pub actions: Vec<Shown>,
    /// Every possible step.
    pub edges: Vec<Edge>,
}

/// A kind of matter, driven by words.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Who may open one.
    pub opened_by: &'static [Party],
    /// Opens one from JSON.
    pub open: fn(&str, &Scene<'_>) -> Result<Stored, Refused>,
    /// Does the action of a JSON input on a body.
    pub act: fn(&str, &str, &Scene<'_>) -> Result<Stored, Refused>,
    /// What somebody may do with a body now.
    pub actions: fn(&str, &By) -> Vec<Shown>,
    /// The state machine.
    pub workflow: fn() -> Workflow,
}

/// The life of a kind.
pub const fn life(kind: Kind) -> Life {
    match kind {
        Kind::Agreement => of::<crate::agreement::Agreement>(),
        Kind::SecurityReport => of::<crate::security_report::SecurityReport>(),
        Kind::RiskEvent => of::<crate::risk_event::RiskEvent>(),
        Kind::Monitoring => of::<crate::monitoring::Monitoring>(),
        Kind::Exit => of::<crate::exit::Exit>(),
        Kind::Notice => of::<crate::notice::Notice>(),
        Kind::Maintenance => of::<crate::maintenance::Maintenance>(),
        Kind::Campaign => of::<crate::campaign::Campaign>(),
        Kind::Ticket => of::<crate::ticket::Ticket>(),
        Kind::Suggestion => of::<crate::suggestion::Suggestion>(),
        Kind::Filing => of::<crate::filing::Filing>(),
        Kind::Application => of::<crate::application::Application>(),
    }
}

const fn of<M: Matter>() -> Life {
    Life {
        opened_by: M::OPENED_BY,
        open: open::<M>,
        act: act::<M>,
        actions: actions::<M>,
        workflow: workflow::<M>,
    }
}

fn open<M: Matter>(opening: &str, scene: &Scene<'_>) -> Result<Stored, Refused> {
    let opening: M::Opening = read(opening)?;
    if !M::OPENED_BY.contains(&scene.by.party) {
        return Err(Refusal::Party.into());
    }
    stored(M::open(opening, scene)?, None, scene)
}

fn act<M: Matter>(body: &str, input: &str, scene: &Scene<'_>) -> Result<Stored, Refused> {
    let matter: M = read(body)?;
    let input: M::Input = read(input)?;
    let (from, action) = (matter.state(), M::action(&input));
    let possible = M::next(from, action);
    if possible.is_empty() {
        return Err(Refusal::Transition.into());
    }
    if !M::rule(action).by.contains(&scene.by.party) {
        return Err(Refusal::Party.into());
    }
    matter.admits(action, &scene.by)?;
    let step = matter.act(input, scene)?;
    assert!(possible.contains(&step.matter.state()), "{action:?} left {from:?} for a state not listed");
    stored(step, Some((from.as_str(), action.as_str())), scene)
}

fn actions<M: Matter>(body: &str, by: &By) -> Vec<Shown> {
    let Ok(matter) = read::<M>(body) else { return Vec::new() };
    let can = |action: M::Action| {
        !M::next(matter.state(), action).is_empty()
            && M::rule(action).by.contains(&by.party)
            && matter.admits(action, by).is_ok()
    };
    M::Action::ALL.iter().copied().filter(|action| can(*action)).map(shown::<M>).collect()
}

fn workflow<M: Matter>() -> Workflow {
    let mut edges = Vec::new();
    for from in M::State::ALL {
        for action in M::Action::ALL {
            let to: Vec<_> = M::next(*from, *action).iter().map(|state| state.as_str()).collect();
            if !to.is_empty() {
                edges.push(Edge { from: from.as_str(), action: action.as_str(), to });
            }
        }
    }
    Workflow {
        kind: M::KIND,
        opened_by: M::OPENED_BY,
        states: M::State::ALL.iter().map(|state| state.as_str()).collect(),
        actions: M::Action::ALL.iter().copied().map(shown::<M>).collect(),
        edges,
    }
}

fn shown<M: Matter>(action: M::Action) -> Shown {
    Shown { action: action.as_str(), rule: M::rule(action) }
}

fn stored<M: Matter>(
    step: Step<M>,
    by: Option<(&'static str, &'static str)>,
    scene: &Scene<'_>,
) -> Result<Stored, Refused> {
    let matter = step.matter;
    Ok(Stored {
        state: matter.state().as_str(),
        is_ended: matter.is_ended(),
        body: write(&matter)?,
        title: matter.title(),
        regions: matter.regions(),
        waits: matter.waits(scene),
        action: by.map(|(_, action)| action),
        from: by.map(|(from, _)| from),
        effects: step.effects,
    })
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Refused> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let pointer = if path == "." { String::new() } else { format!("/{}", path.replace('.', "/")) };
        Refused::Unreadable { pointer, why: error.inner().to_string() }
    })
}

fn write<T: Serialize>(value: &T) -> Result<String, Refused> {
    serde_json::to_string(value)
        .map_err(|error| Refused::Unreadable { pointer: String::new(), why: error.to_string() })
}

impl Rule {
    /// Whether the action wants `need`.
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }
}
