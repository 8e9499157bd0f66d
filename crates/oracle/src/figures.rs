//! CH-23: what a group of channels is measured by at the close of a month, what follows, and when. Same-entity channels
//! count as one (CH-23.0b), a person once.

use crate::step::Case;
use crate::{CaseNo, ChannelNo, Class, Day, Month, Number, Oracle, Phase};
use std::collections::BTreeMap;

/// What was counted of the channels, by month.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    issued: BTreeMap<(ChannelNo, Month), u64>,
    active: BTreeMap<(ChannelNo, Month), u64>,
}

impl Oracle {
    /// So many e-cards were issued today.
    pub fn issued(&mut self, channel: ChannelNo, count: u64) {
        *self.figures.issued.entry((channel, self.today.month())).or_default() += count;
    }

    /// The holders 0 to `holders` of the channel's family used it today; the holders of a family are the same persons.
    pub fn used(&mut self, channel: ChannelNo, holders: u64) {
        let month = self.figures.active.entry((channel, self.today.month())).or_default();
        *month = (*month).max(holders);
    }

    /// After the platform's own work of a day: what it opened and how it evaluated is what the figures say.
    pub fn monitored(&mut self) {
        let today = self.today;
        let closed = today.month().plus(-1);
        let heads: Vec<ChannelNo> = self.families.keys().copied().collect();
        for head in heads {
            let is_live = self
                .channels
                .get(&head)
                .is_some_and(|life| matches!(life.phase, Phase::Live | Phase::Leaving));
            if !is_live {
                continue;
            }
            if today == today.month().first() {
                let falls_short = self.falls_short(head, closed);
                self.opens(head, "noticed", falls_short, "CH-23.1");
                if (closed.0 + 1).rem_euclid(3) == 0 {
                    let missed = self.misses_commitment(head, closed);
                    self.opens(head, "warned", missed, "CH-23.2");
                }
            }
            self.evaluates(head);
        }
    }

    fn members(&self, head: ChannelNo) -> &[ChannelNo] {
        self.families.get(&head).map_or(&[], Vec::as_slice)
    }

    fn issuance(&self, head: ChannelNo, month: Month) -> u64 {
        let of = |no: ChannelNo| self.figures.issued.get(&(no, month)).copied().unwrap_or_default();
        self.members(head).iter().copied().map(of).sum()
    }

    fn active(&self, head: ChannelNo, month: Month) -> u64 {
        let of = |no: ChannelNo| self.figures.active.get(&(no, month)).copied().unwrap_or_default();
        self.members(head).iter().copied().map(of).max().unwrap_or_default()
    }

    fn first_full(&self, head: ChannelNo) -> Option<Month> {
        let live_on = self.channels.get(&head)?.live_on?;
        let month = live_on.month();
        Some(if month.first() == live_on { month } else { month.plus(1) })
    }

    /// CH-23.1a to CH-23.1d with R1, R2, R3: whether the group falls short at the end of a month.
    fn falls_short(&self, head: ChannelNo, last: Month) -> bool {
        let Some(first) = self.first_full(head).filter(|first| first.plus(2) <= last) else { return false };
        let month = |ago: i32| self.issuance(head, last.plus(-ago));
        let few = month(0) + month(1) + month(2) < self.number(Number::MinIssuance);
        let falls = first <= last.plus(-3)
            && (0..3).all(|ago| {
                let (before, after) = (month(ago + 1), month(ago));
                before > after && (before - after) * 2 > before
            });
        let members = self.members(head);
        let until = |no: ChannelNo| self.figures.issued.range((no, Month(i32::MIN))..=(no, last));
        let all: u64 = members.iter().copied().flat_map(until).map(|(_, count)| count).sum();
        few || falls || self.active(head, last) * 10_000 < all * self.number(Number::MauRatio)
    }

    /// CH-23.2 with R5: both promises missed by more than half in each of the last two quarters.
    fn misses_commitment(&self, head: ChannelNo, last: Month) -> bool {
        let Some(life) = self.channels.get(&head) else { return false };
        let (Class::Social, Some((annual, active))) = (life.facts.class, life.facts.commitment) else {
            return false;
        };
        let is_old = self.first_full(head).is_some_and(|first| first <= last.plus(-5));
        is_old
            && [0, 3].into_iter().all(|ago| {
                let months = [0, 1, 2].map(|place| last.plus(-ago - place));
                let issued: u64 = months.iter().map(|month| self.issuance(head, *month)).sum();
                let users: u64 = months.iter().map(|month| self.active(head, *month)).sum();
                issued * 8 < annual && users * 2 < active * 3
            })
    }

    fn monitorings(&self, head: ChannelNo, opened_as: &str) -> Vec<(CaseNo, &Case)> {
        let is_one = |case: &&Case| {
            case.kind == "monitoring" && case.steps.first().is_some_and(|step| step.to == opened_as)
        };
        self.cases_of(head).filter(|(_, case)| is_one(case)).collect()
    }

    /// A monitoring is opened at the close exactly if the figures fall short and none is open.
    fn opens(&mut self, head: ChannelNo, opened_as: &str, falls_short: bool, clause: &str) {
        let today = self.today;
        let (mut is_new, mut was_open) = (false, false);
        for (_, case) in self.monitorings(head, opened_as) {
            let opened_on = case.steps.first().map(|step| step.day);
            let ended_on = case.steps.last().filter(|_| case.is_ended).map(|step| step.day);
            is_new |= opened_on == Some(today);
            was_open |= opened_on < Some(today) && ended_on.is_none_or(|day| day == today);
        }
        self.check(is_new == (falls_short && !was_open), || {
            format!(
                "{clause}: channel {head} falls short: {falls_short}, was monitored: {was_open}, is opened: {is_new}"
            )
        });
    }

    /// CH-23.1f with R4: an evaluation says what the figures say, and no improvement period is over without one.
    fn evaluates(&mut self, head: ChannelNo) {
        let today = self.today;
        let closed = today.month().plus(-1);
        let quarter = closed.plus(-(closed.0 + 1).rem_euclid(3));
        let mut wrong = Vec::new();
        let mut looked = 0;
        for opened_as in ["noticed", "warned"] {
            for (no, case) in self.monitorings(head, opened_as) {
                let Some(first) = case.steps.first() else { continue };
                looked += 1;
                if case.state == "noticed" && today > first.day.plus_months(3) {
                    wrong.push(format!("monitoring {no}: its period is over and it was not evaluated"));
                }
                for step in case.steps.iter().filter(|step| step.action == "evaluate" && step.day == today) {
                    let short = match opened_as {
                        "noticed" => self.falls_short(head, closed),
                        _ => self.misses_commitment(head, quarter),
                    };
                    let before = step.from.as_deref().unwrap_or_default();
                    let expected = match (short, before) {
                        (false, _) => "lifted",
                        (true, "noticed") => "warned",
                        (true, other) => other,
                    };
                    if step.to != expected {
                        wrong.push(format!("monitoring {no} is {} and should be {expected}", step.to));
                    }
                }
            }
        }
        self.checks += looked;
        self.found.extend(wrong.into_iter().map(|wrong| format!("{today}: {wrong}")));
    }

    /// CH-11.4d: on the first of a month level 1 owes a report on the level-2 channels that were live in the month before.
    pub fn reports_demanded(&mut self) {
        let today = self.today;
        if today != today.month().first() {
            return;
        }
        let last = today.plus(-1);
        let heads: Vec<ChannelNo> = self.families.keys().copied().collect();
        for head in heads {
            let connected = |phase: Phase| matches!(phase, Phase::Live | Phase::Leaving);
            let is_live = self.channels.get(&head).is_some_and(|life| connected(life.phase));
            let owes = is_live
                && self.channels.values().any(|life| {
                    life.facts.parent == Some(head)
                        && connected(life.phase)
                        && life.live_on.is_some_and(|day: Day| day <= last)
                });
            let is_demanded = self.cases_of(head).any(|(_, case)| {
                case.kind == "filing" && case.steps.first().is_some_and(|step| step.day == today)
            });
            self.check(owes == is_demanded, || {
                format!("CH-11.4d: channel {head} owes a report: {owes}, and is asked for one: {is_demanded}")
            });
        }
    }
}
