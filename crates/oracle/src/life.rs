//! Which action of whom leads from which state to which, for every kind of matter, as plain text.
//!
//! A line is kind, states before (`-` for an opening), action, parties, states after; `=` means the state before. Lines
//! were written from the articles they stand under.

use crate::Step;

/// The lines.
const LINES: &str = include_str!("life.txt");

/// A line, in words.
struct Line<'a> {
    kind: &'a str,
    before: &'a str,
    action: &'a str,
    parties: &'a str,
    after: &'a str,
}

impl Line<'_> {
    /// Whether it is about this action in this state.
    fn is_of(&self, kind: &str, state: &str, action: &str) -> bool {
        self.kind == kind && self.action == action && has(self.before, state)
    }
}

/// Whether a word stands in a list with commas.
fn has(list: &str, word: &str) -> bool {
    list.split(',').any(|one| one == word)
}

/// All lines, without what is said about them.
fn lines() -> impl Iterator<Item = Line<'static>> {
    LINES.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let mut words = line.split_whitespace();
        let mut next = || words.next().unwrap_or_default();
        Line { kind: next(), before: next(), action: next(), parties: next(), after: next() }
    })
}

/// Kind, first half, second half: two persons.
pub(crate) const EYES: &[(&str, &str, &str)] = &[
    ("application", "confirm_recordings", "activate"),
    ("application", "confirm_report", "activate"),
    ("risk_event", "propose", "confirm"),
    ("risk_event", "propose_dismissal", "confirm"),
    ("risk_event", "propose", "reject"),
    ("risk_event", "propose_dismissal", "reject"),
    ("risk_event", "propose_decision", "agree"),
    ("risk_event", "propose_decision", "disagree"),
    ("monitoring", "propose_outcome", "confirm_outcome"),
    ("exit", "open", "confirm"),
    ("exit", "open", "reject"),
    ("key_change", "file", "confirm"),
    ("callback_change", "open", "confirm"),
    ("callback_change", "open", "refuse"),
    ("rectification", "open", "close"),
];

/// Kind and states in which nothing can happen any more.
const ENDS: &[(&str, &[&str])] = &[
    ("application", &["live", "noted", "withdrawn"]),
    ("agreement", &["lapsed", "withdrawn"]),
    ("signing_key", &["replaced", "revoked", "withdrawn"]),
    ("key_change", &["changed", "withdrawn"]),
    ("callback_change", &["changed", "refused", "withdrawn"]),
    ("key_rotation", &["closed", "lapsed", "withdrawn"]),
    ("security_report", &["retired", "withdrawn"]),
    ("risk_event", &["closed", "dismissed"]),
    ("monitoring", &["lifted", "closed"]),
    ("exit", &["refused", "withdrawn", "rejected", "closed"]),
    ("notice", &["done", "missed", "withdrawn"]),
    ("maintenance", &["finished", "cancelled"]),
    ("campaign", &["reported", "cancelled"]),
    ("ticket", &["closed"]),
    ("suggestion", &["answered", "withdrawn"]),
    ("filing", &["accepted"]),
    ("rectification", &["accepted", "closed", "withdrawn", "settled"]),
];

/// Kind and action: what the platform ends because the channel has left (CH-33.3, CH-31.3), and for no other reason.
const LEFT: [(&str, &str); 9] = [
    ("application", "withdraw"),
    ("agreement", "withdraw"),
    ("agreement", "lapse"),
    ("key_change", "withdraw"),
    ("callback_change", "withdraw"),
    ("monitoring", "close"),
    ("notice", "withdraw"),
    ("maintenance", "cancel"),
    ("campaign", "cancel"),
];

/// Whether the platform took a step because the channel has left.
pub(crate) fn is_left(step: &Step) -> bool {
    step.party == "platform" && LEFT.contains(&(step.kind.as_str(), step.action.as_str()))
}

/// Whether the platform ends a matter of this kind that is in this state when its channel leaves.
pub(crate) fn ends_with_channel(kind: &str, state: &str) -> bool {
    let ends =
        |action: &str| lines().any(|line| line.is_of(kind, state, action) && line.parties == "platform");
    LEFT.iter().any(|(of, action)| *of == kind && ends(action))
}

/// Whether a matter of this kind has ended in this state.
pub(crate) fn is_end(kind: &str, state: &str) -> bool {
    ENDS.iter().any(|(of, states)| *of == kind && states.contains(&state))
}

/// Whether the regulation knows the step. What the platform notes of its own (a registration, a last day that passed)
/// leaves the state as it is.
pub(crate) fn allows(step: &Step) -> bool {
    let is_note = step.action == "register" || step.action.starts_with("overdue.");
    if is_note {
        return step.from.as_deref() == Some(step.to.as_str());
    }
    let from = step.from.as_deref().unwrap_or("-");
    lines().any(|line| {
        line.is_of(&step.kind, from, &step.action)
            && has(line.parties, &step.party)
            && (has(line.after, &step.to) || (line.after == "=" && step.to == from))
    })
}

/// Whether the regulation knows an action of anybody in this state.
#[must_use]
pub fn follows(kind: &str, state: &str, action: &str) -> bool {
    lines().any(|line| line.is_of(kind, state, action))
}

/// The grade of a cause (CH-31.1, CH-31.2, CH-31.3).
pub(crate) fn grade(cause: &str) -> u8 {
    match cause {
        "functional_upgrade_missed" | "page_tampering" => 1,
        "interface_overstepped"
        | "interface_to_related"
        | "identity_to_related"
        | "security_upgrade_missed"
        | "ordinary_leak" => 2,
        _ => 3,
    }
}
