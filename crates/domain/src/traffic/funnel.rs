//! What became of what was asked to be issued (P13): how many claims came to which gate, and why those that went no further did
//! not.
//!
//! Invariant: it is read from the same counts as all traffic, and counts nothing itself. Gates stand in the order in which a claim
//! is looked at, so what came to one is what came to the one before less what was lost there, and what passed the last was answered:
//! a claim made again is answered again, so that answers are no e-cards (those are counted as issuance). One refusal is told
//! early: that the channel is not admitted in the card's region is asked with the department, under the code of the channel's gate.

use super::Ending;
use crate::name::names;
use std::collections::BTreeMap;

names! {
    /// Where a claim may end.
    Gate {
        /// Whether it can be read, is signed, is below the rate.
        Request = "request",
        /// Whether the channel may issue: its state, its scope, its region (ND-3.5d).
        Channel = "channel",
        /// Whether the name is that of the document, and the person has a card.
        Person = "person",
        /// Whether the department of the card has opened issuance to the channel (ND-3.5d).
        Department = "department",
        /// Whether the card is in force, and the e-card maps to it (ND-1.3, ND-1.4).
        Card = "card",
        /// Whether the person in front of the device is the holder (ND-3.5d).
        RealPerson = "real_person",
        /// Whether the platform could do it, and somebody waited for the answer.
        Platform = "platform",
    }
}

impl Gate {
    /// At which gate a request with this status and code ended; none of what was answered.
    #[must_use]
    pub fn of(status: u16, code: &str) -> Option<Self> {
        match Ending::of(status) {
            Ending::Answered => return None,
            Ending::Failed => return Some(Self::Platform),
            Ending::Refused => {}
        }
        let (noun, reason) = code.split_once('.').unwrap_or((code, ""));
        Some(match (noun, reason) {
            ("authorization", reason) if reason.starts_with("department") => Self::Department,
            ("authorization" | "channel", _) => Self::Channel,
            ("person", _) | ("ecard", "no_card") => Self::Person,
            ("card" | "ecard", _) => Self::Card,
            ("real_person", _) => Self::RealPerson,
            _ => Self::Request,
        })
    }
}

/// The claims of some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    answered: i64,
    lost: BTreeMap<(Gate, String), i64>,
}

/// What came to a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Which.
    pub gate: Gate,
    /// How many came to it.
    pub came: i64,
    /// How many went no further.
    pub lost: i64,
    /// Why, by code, the most frequent first.
    pub reasons: Vec<(String, i64)>,
}

impl Funnel {
    /// Counts so many more that ended so.
    pub fn add(&mut self, status: u16, code: &str, by: i64) {
        let count = match Gate::of(status, code) {
            None => &mut self.answered,
            Some(gate) => self.lost.entry((gate, code.to_owned())).or_default(),
        };
        *count = count.saturating_add(by);
    }

    /// How many were answered: with a new e-card, or with the one that was there.
    #[must_use]
    pub const fn answered(&self) -> i64 {
        self.answered
    }

    /// How many were asked for.
    #[must_use]
    pub fn asked(&self) -> i64 {
        self.lost.values().fold(self.answered, |sum, lost| sum.saturating_add(*lost))
    }

    /// Every gate in its order, those too at which nothing was lost.
    #[must_use]
    pub fn passages(&self) -> Vec<Passage> {
        let mut came = self.asked();
        let passage = |gate: &Gate| {
            let of_gate = self.lost.iter().filter(|((at, _), _)| at == gate);
            let mut reasons: Vec<_> = of_gate.map(|((_, code), lost)| (code.clone(), *lost)).collect();
            reasons.sort_by_key(|(_, lost)| std::cmp::Reverse(*lost));
            let lost = reasons.iter().fold(0, |sum: i64, (_, lost)| sum.saturating_add(*lost));
            let passage = Passage { gate: *gate, came, lost, reasons };
            came -= lost;
            passage
        };
        Gate::ALL.iter().map(passage).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::UNANSWERED;
    use super::*;

    /// ND-1.3, ND-1.4, ND-3.5d: each reason for which a claim is refused belongs to the gate at which it is asked.
    #[test]
    fn a_claim_ends_at_the_gate_that_asked() {
        for (status, code, gate) in [
            (201, "", None),
            (200, "", None),
            (400, "request.unreadable", Some(Gate::Request)),
            (401, "signature.invalid", Some(Gate::Request)),
            (429, "limit.rate", Some(Gate::Request)),
            (422, "request.fields", Some(Gate::Request)),
            (403, "authorization.channel_missing", Some(Gate::Channel)),
            (403, "authorization.department_missing", Some(Gate::Department)),
            (403, "authorization.department_suspended", Some(Gate::Department)),
            (422, "person.mismatch", Some(Gate::Person)),
            (409, "ecard.no_card", Some(Gate::Person)),
            (409, "ecard.other_card", Some(Gate::Card)),
            (409, "card.loss_reported", Some(Gate::Card)),
            (403, "real_person.failed", Some(Gate::RealPerson)),
            (UNANSWERED, "request.unanswered", Some(Gate::Platform)),
            (503, "platform.busy", Some(Gate::Platform)),
            (503, "real_person.unavailable", Some(Gate::Platform)),
        ] {
            assert_eq!(Gate::of(status, code), gate, "{status} {code}");
        }
    }

    #[test]
    fn what_comes_to_a_gate_is_what_the_one_before_let_through() {
        let mut funnel = Funnel::default();
        for (status, code, by) in [
            (201, "", 70),
            (409, "ecard.no_card", 5),
            (409, "card.loss_reported", 9),
            (403, "real_person.failed", 10),
            (401, "signature.invalid", 6),
            (409, "ecard.no_card", 1),
        ] {
            funnel.add(status, code, by);
        }
        assert_eq!((funnel.asked(), funnel.answered()), (101, 70));
        let passages = funnel.passages();
        let told: Vec<_> = passages.iter().map(|one| (one.gate.as_str(), one.came, one.lost)).collect();
        assert_eq!(
            told,
            [
                ("request", 101, 6),
                ("channel", 95, 0),
                ("person", 95, 6),
                ("department", 89, 0),
                ("card", 89, 9),
                ("real_person", 80, 10),
                ("platform", 70, 0)
            ]
        );
        assert_eq!(
            [&passages[2].reasons, &passages[4].reasons],
            [&[("ecard.no_card".to_owned(), 6)], &[("card.loss_reported".to_owned(), 9)]]
        );
        assert!(Funnel::default().passages().iter().all(|one| one.came == 0 && one.reasons.is_empty()));
    }
}
