//! Any kind of matter by its words: bodies and inputs are JSON, states and actions are text.
//!
//! Invariant: this adds no rule. The order in which an action is refused is the same for every kind: unreadable
//! input, state, party, the portal of the channel, what the matter itself knows, the rule.

use super::extension;
use super::settle::settle;
use super::{By, Effect, Expiry, Kind, Matter, Need, Party, Refusal, Refused, Rule, Scene, Step, Wait};
use crate::channel::{self, Errand, Phase};
use crate::division::DivisionCode;
use crate::name::Word;
use crate::pointer::pointer;
use crate::refusal::Refuse;
use crate::strict::Strict;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The field of an input that names its action.
pub(super) const ACTION: &str = "action";

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
    /// The clause by which it happened, where it is not that of the action.
    pub clause: Option<&'static str>,
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
    /// Whether one of them proves afresh who it is before it opens one.
    pub opens_afresh: fn(Party) -> bool,
    /// Whether a party may open one at all, and about a channel in this phase, whatever is written in it.
    pub may_open: fn(Party, Option<Phase>) -> Result<(), Refused>,
    /// Opens one from JSON.
    pub open: fn(&str, &Scene<'_>) -> Result<Stored, Refused>,
    /// Whether a body admits the action of a JSON input at all, whatever else the input says.
    pub admits: fn(&str, &str, &Scene<'_>) -> Result<(), Refused>,
    /// Does the action of a JSON input on a body.
    pub act: fn(&str, &str, &Scene<'_>) -> Result<Stored, Refused>,
    /// Counts the deadlines of a body again whose days the calendar did not know; nothing when there are none.
    pub settle: fn(&str, &Scene<'_>) -> Result<Option<Stored>, Refused>,
    /// Ends a body whose channel has left (CH-33.3); nothing where somebody still acts.
    pub leave: fn(&str, &Scene<'_>) -> Result<Option<Stored>, Refused>,
    /// What somebody may do with a body now; the phase is that of its channel, if it has one.
    pub actions: fn(&str, &By, Option<Phase>) -> Vec<Shown>,
    /// The state machine.
    pub workflow: fn() -> Workflow,
}

/// What a generic function makes of the type of a kind: the one list of which type is which kind.
macro_rules! of_kind {
    ($kind:expr, $of:ident) => {
        match $kind {
            $crate::matter::Kind::Agreement => $of::<$crate::agreement::Agreement>(),
            $crate::matter::Kind::SigningKey => $of::<$crate::signing_key::SigningKey>(),
            $crate::matter::Kind::KeyChange => $of::<$crate::key_change::KeyChange>(),
            $crate::matter::Kind::CallbackChange => $of::<$crate::callback_change::CallbackChange>(),
            $crate::matter::Kind::KeyRotation => $of::<$crate::key_rotation::KeyRotation>(),
            $crate::matter::Kind::SecurityReport => $of::<$crate::security_report::SecurityReport>(),
            $crate::matter::Kind::RiskEvent => $of::<$crate::risk_event::RiskEvent>(),
            $crate::matter::Kind::Monitoring => $of::<$crate::monitoring::Monitoring>(),
            $crate::matter::Kind::Exit => $of::<$crate::exit::Exit>(),
            $crate::matter::Kind::Notice => $of::<$crate::notice::Notice>(),
            $crate::matter::Kind::Maintenance => $of::<$crate::maintenance::Maintenance>(),
            $crate::matter::Kind::Campaign => $of::<$crate::campaign::Campaign>(),
            $crate::matter::Kind::Ticket => $of::<$crate::ticket::Ticket>(),
            $crate::matter::Kind::Suggestion => $of::<$crate::suggestion::Suggestion>(),
            $crate::matter::Kind::Filing => $of::<$crate::filing::Filing>(),
            $crate::matter::Kind::Rectification => $of::<$crate::rectification::Rectification>(),
            $crate::matter::Kind::Application => $of::<$crate::application::Application>(),
        }
    };
}
#[cfg(feature = "openapi")]
pub(super) use of_kind;

/// The life of a kind.
pub const fn life(kind: Kind) -> Life {
    of_kind!(kind, of)
}

const fn of<M: Matter>() -> Life {
    Life {
        opened_by: M::OPENED_BY,
        opens_afresh: M::opens_afresh,
        may_open: may_open::<M>,
        open: open::<M>,
        admits: admits::<M>,
        act: act::<M>,
        settle: settle::<M>,
        leave: leave::<M>,
        actions: actions::<M>,
        workflow: workflow::<M>,
    }
}

fn open<M: Matter>(opening: &str, scene: &Scene<'_>) -> Result<Stored, Refused> {
    let opening: M::Opening = read(opening)?;
    may_open::<M>(scene.by.party, scene.channel.map(|channel| channel.phase))?;
    stored(M::open(opening, scene)?, None, scene)
}

fn may_open<M: Matter>(by: Party, phase: Option<Phase>) -> Result<(), Refused> {
    if !M::OPENED_BY.contains(&by) {
        return Err(Refusal::Party.into());
    }
    phase.map_or(Ok(()), |phase| M::opens_in(phase, by))
}

fn admits<M: Matter>(body: &str, input: &str, scene: &Scene<'_>) -> Result<(), Refused> {
    let matter: M = read(body)?;
    admitted(&matter, M::action(&read_input(input)?), scene)
}

/// Whether the state, the party, the phase of the channel and the matter itself let an action be done.
fn admitted<M: Matter>(matter: &M, action: M::Action, scene: &Scene<'_>) -> Result<(), Refused> {
    let from = matter.state();
    if M::next(from, action).is_empty() {
        return Err(Refusal::Transition.into());
    }
    if !M::rule(action).by.contains(&scene.by.party) {
        return Err(Refusal::Party.into());
    }
    let phase = scene.channel.map(|channel| channel.phase);
    received(errand::<M>(from, action), scene.by.party, phase)?;
    matter.admits(action, &scene.by)
}

fn act<M: Matter>(body: &str, input: &str, scene: &Scene<'_>) -> Result<Stored, Refused> {
    let matter: M = read(body)?;
    let input: M::Input = read_input(input)?;
    let (from, action) = (matter.state(), M::action(&input));
    admitted(&matter, action, scene)?;
    let possible = M::next(from, action);
    let step = matter.act(input, scene)?;
    assert!(possible.contains(&step.matter.state()), "{action:?} left {from:?} for a state not listed");
    stored(step, Some((from.as_str(), action.as_str())), scene)
}

/// CH-33.3, CH-31.3: what [`Matter::leaving`] says, done by the platform, whoever else has the action.
fn leave<M: Matter>(body: &str, scene: &Scene<'_>) -> Result<Option<Stored>, Refused> {
    let phase = scene.channel()?.phase;
    let matter: M = read(body)?;
    let (Err(refusal), false) = (phase.receives(Errand::Run), matter.is_ended()) else { return Ok(None) };
    let Some(input) = M::leaving(matter.state()) else { return Ok(None) };
    let (from, action) = (matter.state(), M::action(&input));
    let step = matter.act(input, scene)?;
    assert!(
        M::next(from, action).contains(&step.matter.state()),
        "{action:?} left {from:?} for a state not listed"
    );
    let stored = stored(step, Some((from.as_str(), action.as_str())), scene)?;
    Ok(Some(Stored { clause: refusal.clause(), ..stored }))
}

/// CH-33.3: whether the portal of a channel in this phase receives a party that comes for this; it is of its owner.
pub fn received(errand: Errand, party: Party, phase: Option<Phase>) -> Result<(), channel::Refusal> {
    match (party, phase) {
        (Party::Owner, Some(phase)) => phase.receives(errand),
        _ => Ok(()),
    }
}

/// For what somebody comes who does `action`: to end what is open is to settle it, whatever the kind.
fn errand<M: Matter>(state: M::State, action: M::Action) -> Errand {
    let is_end = |state: &M::State| M::Action::ALL.iter().all(|action| M::next(*state, *action).is_empty());
    if M::next(state, action).iter().all(is_end) { Errand::Settle } else { M::KIND.errand() }
}

/// What is left of a wait for somebody whom the portal receives no more: what the platform does when its day has passed.
fn left(kind: Kind, wait: Wait, phase: Option<Phase>) -> Option<Wait> {
    let acts = wait.deadline.as_ref().is_some_and(|line| line.expiry != Expiry::Recorded);
    match received(kind.errand(), wait.party, phase) {
        Ok(()) => Some(wait),
        Err(_) if acts => Some(Wait { party: Party::Platform, division: None, ..wait }),
        Err(_) => None,
    }
}

fn actions<M: Matter>(body: &str, by: &By, phase: Option<Phase>) -> Vec<Shown> {
    let Ok(matter) = read::<M>(body) else { return Vec::new() };
    let can = |action: M::Action| {
        !M::next(matter.state(), action).is_empty()
            && M::rule(action).by.contains(&by.party)
            && received(errand::<M>(matter.state(), action), by.party, phase).is_ok()
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

pub(super) fn stored<M: Matter>(
    step: Step<M>,
    by: Option<(&'static str, &'static str)>,
    scene: &Scene<'_>,
) -> Result<Stored, Refused> {
    let matter = step.matter;
    let phase = scene.channel.map(|channel| channel.phase);
    debug_assert!(
        matter.waits(scene).iter().all(|wait| wait.deadline.as_ref().is_none_or(|line| extension(
            M::KIND,
            wait.task,
            &line.clause
        )
        .is_some())),
        "a last day of which nobody says who may move it: {:?}",
        matter.waits(scene)
    );
    let waits = matter.waits(scene).into_iter().filter_map(|wait| left(M::KIND, wait, phase)).collect();
    Ok(Stored {
        state: matter.state().as_str(),
        is_ended: matter.is_ended(),
        body: write(&matter)?,
        title: matter.title(),
        regions: matter.regions(),
        waits,
        action: by.map(|(_, action)| action),
        from: by.map(|(from, _)| from),
        effects: step.effects,
        clause: None,
    })
}

pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Refused> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(Strict(&mut reader)).map_err(|error| {
        let why = error.inner().to_string();
        Refused::Unreadable { pointer: pointer(error.path(), &why), why }
    })
}

/// Reads what an action brings: its word first, then what belongs to it. Read at once, as serde reads an enum that is
/// tagged within, a wrong field would be told without its place.
fn read_input<T: DeserializeOwned>(text: &str) -> Result<T, Refused> {
    let mut brought: Map<String, Value> = read(text)?;
    let unreadable =
        |pointer: &str, why: &str| Refused::Unreadable { pointer: pointer.into(), why: why.into() };
    let action = match brought.remove(ACTION) {
        Some(Value::String(word)) => word,
        Some(_) => return Err(unreadable("/action", "a text is expected")),
        None => return Err(unreadable("/action", "missing field `action`")),
    };
    let of_it = format!("/{action}");
    let tagged = Value::from(Map::from_iter([(action, brought.into())]));
    serde_path_to_error::deserialize(Strict(tagged)).map_err(|error| {
        let why = error.inner().to_string();
        match pointer(error.path(), &why).strip_prefix(&of_it) {
            Some(inside) => unreadable(inside, &why),
            None => unreadable("/action", &why),
        }
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

#[cfg(test)]
mod tests {
    use super::{errand, received};
    use crate::channel::Phase;
    use crate::matter::testing::Play;
    use crate::matter::{By, Kind, Matter, Party, Refused, Scene, life};
    use crate::name::Word;
    use std::fmt::Write;

    fn named(refused: Result<(), Refused>) -> String {
        match refused {
            Err(Refused::Unreadable { pointer, .. }) => pointer,
            other => panic!("{other:?}"),
        }
    }

    /// CH-33.3, CH-9.3f, CH-32.1, CH-35.0: who may begin what about a channel, phase by phase.
    #[test]
    fn what_is_begun_about_a_channel_depends_on_its_phase() {
        let mut table = String::new();
        for kind in Kind::ALL {
            for party in life(*kind).opened_by {
                let open = |phase: &&Phase| (life(*kind).may_open)(*party, Some(**phase)).is_ok();
                let phases: Vec<_> = Phase::ALL.iter().filter(open).map(|phase| phase.as_str()).collect();
                let afresh = if (life(*kind).opens_afresh)(*party) { ", proven afresh" } else { "" };
                _ = writeln!(table, "{kind} by {party}: {}{afresh}", phases.join(" "));
            }
        }
        expect_test::expect_file!["openings.txt"].assert_eq(&table);
    }

    fn after<M: Matter>() -> String {
        let mut table = String::new();
        let is_end = |state: M::State| M::Action::ALL.iter().all(|action| M::next(state, *action).is_empty());
        for state in M::State::ALL.iter().copied().filter(|state| !is_end(*state)) {
            let ends = M::leaving(state).map(|input| M::action(&input));
            let told = match ends {
                Some(action) => {
                    let to = M::next(state, action);
                    assert!(
                        !to.is_empty() && to.iter().all(|to| is_end(*to)),
                        "{state:?} does not end by {action:?}"
                    );
                    format!("the platform does {} at once", action.as_str())
                }
                None => {
                    let can = |party: Party, action: M::Action| {
                        !M::next(state, action).is_empty()
                            && M::rule(action).by.contains(&party)
                            && received(errand::<M>(state, action), party, Some(Phase::Exited)).is_ok()
                    };
                    let left = M::Action::ALL.iter().flat_map(|action| {
                        let can = |party: &&Party| can(**party, *action);
                        Party::ALL.iter().filter(can).map(|party| format!("{party} {}", action.as_str()))
                    });
                    left.collect::<Vec<_>>().join(", ")
                }
            };
            assert!(!told.is_empty(), "{} {state:?} stays open for ever", M::KIND);
            _ = writeln!(table, "{} {}: {told}", M::KIND, state.as_str());
        }
        table
    }

    /// CH-33.3: nothing that is open when a channel leaves stays open with nobody to end it.
    #[test]
    fn of_a_channel_that_has_left_nothing_stays_open_for_nobody() {
        let table: String = Kind::ALL.iter().map(|kind| of_kind!(*kind, after)).collect();
        expect_test::expect_file!["leaving.txt"].assert_eq(&table);
    }

    /// CH-33.3, CH-31.3: the platform ends it though only the owner may, and not before the channel has left.
    #[test]
    fn what_an_owner_left_open_is_ended_by_the_platform() {
        let mut play = Play::channel(Kind::KeyChange);
        play.open(Party::Owner, r#"{"usage":"caller","label":"备用"}"#).unwrap();
        let body = play.matter.as_ref().unwrap().body.clone();
        for (phase, ends) in [
            (Phase::Live, None),
            (Phase::Leaving, None),
            (Phase::Exited, Some(("withdrawn", Some("CH-33.3")))),
            (Phase::Terminated, Some(("withdrawn", Some("CH-31.3")))),
        ] {
            play.channel.as_mut().unwrap().phase = phase;
            let leave = |scene: &Scene<'_>| (life(Kind::KeyChange).leave)(&body, scene).unwrap();
            let ended = play.on_stage(By::PLATFORM, leave);
            assert_eq!(ended.as_ref().map(|one| (one.state, one.clause)), ends, "{phase}");
            assert!(ended.is_none_or(|one| one.is_ended && one.waits.is_empty()));
        }
    }

    #[test]
    fn a_wrong_field_of_an_opening_is_named_at_every_depth() {
        let mut play = Play::channel(Kind::RiskEvent);
        let open = |more: &str| {
            format!(
                r#"{{"incident":"misuse","discovered_at":"2026-03-02T08:00:00+08:00","words":"异常"{more}}}"#
            )
        };
        for (opening, pointer) in [
            (open(r#","severity":1"#), "/severity"),
            (r#"{"incident":"misuse","discovered_at":"2026-03-02T08:00:00+08:00"}"#.to_owned(), "/words"),
            (open(r#","involves":["personal_data","nonsense"]"#), "/involves/1"),
            (open(r#","containment":{"services":["card.query",3]}"#), "/containment/services/1"),
            (open(r#","containment":[]"#), "/containment"),
            ("[]".to_owned(), ""),
        ] {
            assert_eq!(named(play.open(Party::Owner, &opening)), pointer, "{opening}");
        }
    }

    #[test]
    fn a_wrong_field_of_an_action_is_named_at_every_depth() {
        let mut play = Play::empty(Kind::Application);
        play.open(Party::Owner, r#"{"purpose":"access"}"#).unwrap();
        for (input, pointer) in [
            (r#"[]"#, ""),
            (r#"{}"#, "/action"),
            (r#"{"action":1}"#, "/action"),
            (r#"{"action":"praise"}"#, "/action"),
            (r#"{"action":"require"}"#, "/words"),
            (r#"{"action":"require","words":1}"#, "/words"),
            (r#"{"action":"require","words":"说明","more":1}"#, "/more"),
            (r#"{"action":"save","forms":[]}"#, "/forms"),
            (r#"{"action":"save","forms":{"channel":[]}}"#, "/forms/channel"),
            (r#"{"action":"save","forms":{"channel":{"regions":[[]]}}}"#, "/forms/channel/regions/0"),
            (r#"{"action":"save","forms":{"one":{"contact":{"phone":1}}}}"#, "/forms/one/contact/phone"),
            (r#"{"action":"save","forms":{"one":{"contact":{"fax~":""}}}}"#, "/forms/one/contact/fax~0"),
            (
                r#"{"action":"save","forms":{"channel":{"regions":[{},{"users":1}]}}}"#,
                "/forms/channel/regions/1/users",
            ),
            (
                r#"{"action":"save","forms":{"channel":{"test_keys":[{"usage":"caller"}]}}}"#,
                "/forms/channel/test_keys/0/public_key",
            ),
        ] {
            assert_eq!(named(play.act(Party::Owner, input)), pointer, "{input}");
        }
    }
}
