//! Where a channel stands: its number for ever (CH-9.1d), the order of its phases (CH-9.0, CH-33, CH-31.3), its keys, and
//! the measures that are open against it.

use crate::{CaseNo, ChannelNo, Day, Oracle, Withheld, life};

/// Where it is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Number and test keys.
    Testing,
    /// Formally admitted.
    Live,
    /// On its way out.
    Leaving,
    /// Its interfaces are closed.
    Exited,
    /// Ended at once.
    Terminated,
}

/// Whose it is (CH-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// 人社渠道.
    Hrss,
    /// 政府渠道.
    Government,
    /// 全国签约渠道.
    NationalSigned,
    /// 银行渠道.
    Bank,
    /// 医药渠道.
    Medical,
    /// 社会渠道.
    Social,
}

impl Class {
    /// Whether it signs the co-operation agreement (CH-9.3e).
    #[must_use]
    pub const fn signs(self) -> bool {
        !matches!(self, Self::Hrss | Self::Government)
    }
}

/// What a channel is, from its registration on.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its public number.
    pub number: String,
    /// Its class.
    pub class: Class,
    /// Its level-1 channel.
    pub parent: Option<ChannelNo>,
    /// Whether that is of the same entity.
    pub is_same_entity: bool,
    /// What it promised: issuances a year, active users a month (CH-F2.10).
    pub commitment: Option<(u64, u64)>,
    /// The application it came from.
    pub application: CaseNo,
    /// Whether its business is a general one (CH-8.2a).
    pub is_general: bool,
    /// The services it was admitted for (CH-8.2).
    pub services: Vec<String>,
}

/// Where it stands at the end of a day or of a step.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its phase.
    pub phase: Phase,
    /// The open measures, each with its matter.
    pub measures: Vec<(CaseNo, Withheld)>,
    /// How many of its keys work.
    pub keys: usize,
    /// The services that it is admitted for.
    pub services: Vec<String>,
}

/// What is known of a channel.
#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) facts: Channel,
    pub(crate) phase: Phase,
    pub(crate) live_on: Option<Day>,
    /// When its last key was registered beside another (CH-26.1).
    rotated_on: Option<Day>,
}

/// 标准服务 of the catalogue (CH-8.2a, CH-F1.12), issuance first.
pub const STANDARD: [&str; 9] = [
    "ecard.issue",
    "ecard.show",
    "identity.benefit",
    "identity.verify",
    "login.authorize",
    "pay.code",
    "pay.password",
    "query.card",
    "query.social_insurance",
];

/// Days for which the key before the newest goes on working.
const OVERLAP: i32 = 7;

impl Oracle {
    /// A channel came into being.
    pub fn register(&mut self, no: ChannelNo, facts: Channel) {
        let earlier = self.taken.insert(facts.number.clone(), no);
        self.check(earlier.is_none(), || format!("channel {no} has the number of channel {earlier:?}"));
        let allotted = self.has_done(facts.application, "allocate");
        self.check(allotted, || format!("channel {no} was registered and nobody allotted its number"));
        let head = if facts.is_same_entity { facts.parent.unwrap_or(no) } else { no };
        self.families.entry(head).or_default().push(no);
        self.channels.insert(no, Life { facts, phase: Phase::Testing, live_on: None, rotated_on: None });
    }

    /// A key was registered beside the one that works.
    pub(crate) fn rotated(&mut self, no: ChannelNo) {
        let today = self.today;
        if let Some(life) = self.channels.get_mut(&no) {
            life.rotated_on = Some(today);
        }
    }

    /// A change was admitted: from now on it has these services (CH-15.1).
    pub fn rescoped(&mut self, no: ChannelNo, services: Vec<String>) {
        if let Some(life) = self.channels.get_mut(&no) {
            life.facts.services = services;
        }
    }

    /// A major upgrade of a channel was done today (CH-28.4b).
    pub fn upgraded(&mut self, no: ChannelNo) {
        self.upgraded.push((no, self.today));
    }

    /// Where a channel stands now.
    pub fn stands(&mut self, no: ChannelNo, now: &Standing) {
        let Some(life) = self.channels.get(&no) else {
            return self.check(false, || format!("channel {no} was never registered"));
        };
        let (before, rotated_on) = (life.phase, life.rotated_on);
        if before != now.phase {
            self.enters(no, before, now.phase);
        }
        let may_hold = matches!(now.phase, Phase::Live | Phase::Leaving);
        self.check(may_hold || now.keys == 0, || {
            format!("channel {no} is {:?} and {} of its keys work", now.phase, now.keys)
        });
        let is_overlap = rotated_on.is_some_and(|day| self.today <= day.plus(OVERLAP));
        let most = if is_overlap { 2 } else { 1 };
        self.check(!may_hold || (1..=most).contains(&now.keys), || {
            format!("CH-26.1: channel {no} has {} keys that work, and {most} at most", now.keys)
        });
        self.is_admitted_for(no, now);
        self.is_closed(no, now);
        self.is_settled(no, now);
        let mut seen = now.measures.clone();
        seen.sort();
        let expected = self.expected(no);
        let told = if seen == expected { String::new() } else { self.history(no) };
        self.check(seen == expected, || {
            format!("channel {no}: the open measures are {seen:?} and should be {expected:?}; {told}")
        });
    }

    /// CH-33.3, CH-31.3: what nobody can go on with ends when the channel has left, and not while it is there.
    fn is_settled(&mut self, no: ChannelNo, now: &Standing) {
        let has_left = matches!(now.phase, Phase::Exited | Phase::Terminated);
        let odd = self.cases_of(no).find(|(_, case)| {
            let is_left = case.steps.last().is_some_and(life::is_left);
            // An agreement in force runs to its term, and what becomes of it then is the operator's to decide.
            let is_open = !case.is_ended
                && case.kind != "agreement"
                && life::ends_with_channel(&case.kind, &case.state);
            if has_left { is_open } else { is_left }
        });
        let odd = odd.map(|(case, found)| format!("{} {case} is {}", found.kind, found.state));
        self.check(odd.is_none(), || format!("channel {no} is {:?}, and {odd:?}", now.phase));
    }

    /// CH-F1.12: a channel that serves the public has what it was admitted for and nothing else; of a general business every
    /// standard service, of another one issuance.
    fn is_admitted_for(&mut self, no: ChannelNo, now: &Standing) {
        let Some(facts) = self.channels.get(&no).map(|life| life.facts.clone()) else { return };
        if now.phase != Phase::Live {
            return;
        }
        let sorted =
            |services: &[String]| services.iter().cloned().collect::<std::collections::BTreeSet<_>>();
        let (has, admitted) = (sorted(&now.services), sorted(&facts.services));
        // Level 2 of the same entity has what its level 1 has (CH-12.2).
        let standard = match (facts.is_same_entity, facts.is_general) {
            (true, _) => &[][..],
            (false, true) => &STANDARD[..],
            (false, false) => &STANDARD[..1],
        };
        let is_whole = standard.iter().all(|code| has.contains(*code));
        self.uphold("CH-F1.12", is_whole && has == admitted, || {
            format!("channel {no} is admitted for {has:?}, and {admitted:?} was decided")
        });
    }

    /// CH-33.3: with the exit that closes it a channel has exited, or was ended before.
    fn is_closed(&mut self, no: ChannelNo, now: &Standing) {
        let ends = ["deleting", "certified", "closed"];
        let is_over = |case: &crate::step::Case| case.kind == "exit" && ends.contains(&case.state.as_str());
        let is_over = self.cases_of(no).any(|(_, case)| is_over(case));
        self.check(!is_over || matches!(now.phase, Phase::Exited | Phase::Terminated), || {
            format!("CH-33.3: channel {no} is {:?} although its exit has closed it", now.phase)
        });
    }

    fn enters(&mut self, no: ChannelNo, before: Phase, now: Phase) {
        let is_way = matches!(
            (before, now),
            (Phase::Testing, Phase::Live | Phase::Exited)
                | (Phase::Live, Phase::Leaving)
                | (Phase::Leaving, Phase::Exited)
                // What is found after an exit may still be of grade 3 (CH-31.3).
                | (Phase::Testing | Phase::Live | Phase::Leaving | Phase::Exited, Phase::Terminated)
        );
        self.check(is_way, || format!("channel {no} went from {before:?} to {now:?}"));
        let today = self.today;
        if let Some(life) = self.channels.get_mut(&no) {
            life.phase = now;
            if now == Phase::Live {
                life.live_on = Some(today);
            }
        }
        match now {
            Phase::Live => self.admitted(no),
            Phase::Leaving | Phase::Exited | Phase::Terminated => self.left(no, before, now),
            Phase::Testing => {}
        }
    }

    /// CH-9.3b to CH-9.3f: every review, the report and the agreement stand.
    fn admitted(&mut self, no: ChannelNo) {
        let Some(life) = self.channels.get(&no) else { return };
        let (application, signs) = (life.facts.application, life.facts.class.signs());
        for action in ["allocate", "verify", "audit", "confirm_recordings", "confirm_report", "activate"] {
            let done = self.has_done(application, action);
            self.check(done, || format!("channel {no} is live without {action}"));
        }
        for action in ["audit", "confirm_recordings", "confirm_report"] {
            let done = self.has_done_since(application, action, "file_formal");
            self.check(done, || format!("channel {no} is live with {action} of an older filing"));
        }
        self.has_contact(application);
        let has = |kind: &str, state: &str| {
            self.cases_of(no).any(|(_, case)| case.kind == kind && case.state == state)
        };
        let (agreed, tested) = (has("agreement", "in_force"), has("security_report", "accepted"));
        self.check(agreed || !signs, || format!("channel {no} is live without an agreement"));
        self.check(tested, || format!("channel {no} is live without a security report"));
    }

    /// CH-31.3, CH-33.2, CH-33.3, CH-35: nobody leaves without a matter that says so.
    fn left(&mut self, no: ChannelNo, before: Phase, now: Phase) {
        let of = |kind: &str, states: &[&str]| {
            self.cases_of(no).any(|(_, case)| case.kind == kind && states.contains(&case.state.as_str()))
        };
        let founded = match (before, now) {
            (Phase::Testing, Phase::Exited) => of("application", &["withdrawn"]),
            (_, Phase::Leaving) => of("exit", &["transition"]),
            (_, Phase::Exited) => of("exit", &["deleting", "certified", "closed"]),
            (Phase::Exited, Phase::Terminated) => of("risk_event", &["terminated"]),
            (_, Phase::Terminated) => {
                of("risk_event", &["terminated", "closed"])
                    || of("exit", &["deleting", "certified", "closed"])
            }
            (_, Phase::Testing | Phase::Live) => true,
        };
        self.check(founded, || format!("channel {no} is {now:?} and no matter made it so"));
    }

    /// The steps of the matters that withhold something, for whoever has to find out why.
    fn history(&self, no: ChannelNo) -> String {
        let withholds = ["risk_event", "security_report"];
        let of = self.cases_of(no).filter(|(_, case)| withholds.contains(&case.kind.as_str()));
        let steps = |case: &crate::step::Case| {
            case.steps
                .iter()
                .map(|step| format!("{} {}", step.party, step.action))
                .collect::<Vec<_>>()
                .join(", ")
        };
        of.map(|(no, case)| format!("{} {no}: {}", case.kind, steps(case))).collect::<Vec<_>>().join("; ")
    }

    /// How many channels there are.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.channels.len()
    }
}
