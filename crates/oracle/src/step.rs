//! Steps of matters: from which state an action of whom leads where, in order, and never the same person twice where two
//! are wanted.

use crate::life::{self, EYES};
use crate::{CaseNo, ChannelNo, Day, Filing, Oracle, Person, Wait, Withheld};

/// What somebody did to a matter.
#[derive(Debug, Clone)]
pub struct Step {
    /// Which matter.
    pub case: CaseNo,
    /// Of which kind.
    pub kind: String,
    /// About which channel.
    pub channel: Option<ChannelNo>,
    /// Its place, from 1.
    pub number: i64,
    /// When.
    pub day: Day,
    /// For which party.
    pub party: String,
    /// Who; nobody when the platform acted.
    pub person: Option<Person>,
    /// What.
    pub action: String,
    /// The state before; none of an opening.
    pub from: Option<String>,
    /// The state after.
    pub to: String,
    /// What was brought, as far as a measure or a day depends on it.
    pub brought: Brought,
}

/// What somebody brought to a step.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// The cause that was proposed.
    pub cause: Option<String>,
    /// What is to be withheld.
    pub withheld: Option<Withheld>,
    /// A decision that was proposed.
    pub decision: Option<String>,
    /// A day that was planned or announced.
    pub day: Option<Day>,
    /// For whom the owner's person works, where level 1 and level 2 are of different entities.
    pub employer: Option<Employer>,
    /// The channel that was noted as jointly liable.
    pub liable: Option<ChannelNo>,
    /// What a formal filing has with it.
    pub filing: Option<Filing>,
    /// Whether the operator was told of it on the same day.
    pub told: Option<bool>,
    /// The public key that was filed, or that signed.
    pub key: Option<String>,
    /// The organisation of whoever brought it.
    pub org: Option<[u8; 16]>,
}

/// Whose person an owner's is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Employer {
    /// The level-1 channel's entity.
    LevelOne,
    /// The level-2 channel's own.
    Own,
}

/// What is known of a matter.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) kind: String,
    pub(crate) channel: Option<ChannelNo>,
    pub(crate) state: String,
    pub(crate) is_ended: bool,
    pub(crate) steps: Vec<Step>,
    pub(crate) waits: Vec<Wait>,
    /// What its measure withholds now.
    withheld: Option<Withheld>,
}

impl Oracle {
    /// A step was taken.
    pub fn step(&mut self, step: &Step) {
        let no = step.case;
        let case = self.cases.entry(no).or_default();
        let (before, count) = (case.state.clone(), case.steps.len());
        let follows = i64::try_from(count).is_ok_and(|count| count + 1 == step.number);
        let joins = match &step.from {
            None => step.number == 1,
            Some(from) => *from == before,
        };
        let in_time = case.steps.last().is_none_or(|last| last.day <= step.day);
        let eyes = second_person(case, step);
        let keeps = measure_after(case, step);
        let waited = has_waited(case, step);
        case.kind.clone_from(&step.kind);
        case.channel = step.channel;
        case.state.clone_from(&step.to);
        case.is_ended = life::is_end(&step.kind, &step.to);
        case.withheld = keeps;
        case.steps.push(step.clone());
        if case.is_ended {
            case.waits.clear();
            self.open.remove(&no);
        } else {
            self.open.insert(no);
        }
        if let Some(channel) = step.channel {
            self.of_channel.entry(channel).or_default().insert(no);
        }
        let line = format!("{} {no} step {} `{}`", step.kind, step.number, step.action);
        self.check(follows && joins && in_time, || {
            format!("{line} from {:?} does not follow {before:?} after {count} steps", step.from)
        });
        self.check(life::allows(step), || {
            format!(
                "{line} by {} from {:?} to {} is nowhere in the regulation",
                step.party, step.from, step.to
            )
        });
        self.check(waited, || {
            format!("CH-8.1e: {line} while a province that was asked has not answered and may still do so")
        });
        self.check(eyes, || format!("{line}: the same person did both halves"));
        self.check(is_whose(step), || format!("{line} was taken by {:?}", step.brought.employer));
        let parent = step.channel.and_then(|no| self.channels.get(&no)?.facts.parent);
        let is_raised = step.kind == "risk_event" && step.action == "open";
        self.check(!is_raised || step.brought.liable == parent, || {
            format!("CH-11.4c: {line} notes {:?} as liable, and level 1 is {parent:?}", step.brought.liable)
        });
        self.check(self.is_registered(step), || {
            format!("CH-25.2: {line} was signed with a key that is not registered for {:?}", step.brought.org)
        });
        if let ("key_change", "confirm", Some(no)) = (step.kind.as_str(), step.action.as_str(), step.channel)
        {
            self.rotated(no);
        }
        self.comes_with(step);
        self.leaves(step);
    }

    /// What is signed is signed for the organisation that filed the key, while that is registered (CH-25.2).
    fn is_registered(&self, step: &Step) -> bool {
        let signs =
            matches!((step.kind.as_str(), step.action.as_str()), ("agreement", "sign") | ("exit", "certify"));
        let filed = |case: &Case| {
            let filed = case.steps.iter().rfind(|earlier| earlier.action == "file");
            filed.is_some_and(|filed| {
                filed.brought.key == step.brought.key && filed.brought.org == step.brought.org
            })
        };
        let registered = |case: &&Case| case.kind == "signing_key" && case.state == "registered";
        !signs || step.brought.key.is_some() && self.cases.values().filter(registered).any(filed)
    }

    /// The measures that ought to be open against a channel: the union over its matters.
    pub(crate) fn expected(&self, channel: ChannelNo) -> Vec<(CaseNo, Withheld)> {
        let of = self.cases_of(channel);
        let mut all: Vec<_> = of.filter_map(|(no, case)| Some((no, case.withheld.clone()?))).collect();
        all.sort();
        all
    }

    pub(crate) fn has_done(&self, case: CaseNo, action: &str) -> bool {
        self.cases.get(&case).is_some_and(|case| case.steps.iter().any(|step| step.action == action))
    }

    pub(crate) fn has_done_since(&self, case: CaseNo, action: &str, since: &str) -> bool {
        let Some(case) = self.cases.get(&case) else { return false };
        let place = |action: &str| case.steps.iter().rposition(|step| step.action == action);
        place(action).is_some_and(|found| place(since).is_some_and(|since| since < found))
    }
}

/// 四眼: whoever did the first half does not do the second.
fn second_person(case: &Case, step: &Step) -> bool {
    let firsts = EYES.iter().filter(|(kind, _, second)| *kind == step.kind && *second == step.action);
    firsts.into_iter().all(|(_, first, _)| {
        let done = case.steps.iter().rfind(|earlier| earlier.action == *first);
        done.is_none_or(|done| done.person.is_none() || done.person != step.person)
    })
}

/// Nothing is decided about the whole country while a province has not answered that was asked, until its last day is over,
/// which is noted (CH-8.1e).
fn has_waited(case: &Case, step: &Step) -> bool {
    let asks = |task: &str| case.waits.iter().find(|wait| wait.task == task);
    match (step.kind.as_str(), step.action.as_str()) {
        ("application", "note_silence") => {
            asks("note_silence").and_then(|wait| wait.due_on).is_some_and(|due| due < step.day)
        }
        ("application", "decide") => {
            let filed = case.steps.iter().rposition(|earlier| earlier.action == "file");
            let since = case.steps.iter().skip(filed.unwrap_or_default());
            asks("reply").is_none() || since.into_iter().any(|earlier| earlier.action == "note_silence")
        }
        _ => true,
    }
}

/// Level 1 alone begins access and exit of its level 2 (CH-11.2); the agreement is signed by whoever it binds (CH-9.3e). What
/// follows from an exit that nobody of them began is the business of whose channel it is.
fn is_whose(step: &Step) -> bool {
    match (step.kind.as_str(), step.action.as_str(), step.brought.employer) {
        ("application", _, Some(Employer::Own))
        | ("exit", "open", Some(Employer::Own))
        | ("agreement", "sign", Some(Employer::LevelOne)) => false,
        (_, _, Some(_) | None) => true,
    }
}

/// What a matter withholds after a step: CH-31.1, CH-31.2 and R10 of a risk event, CH-28.6a of a security report.
fn measure_after(case: &Case, step: &Step) -> Option<Withheld> {
    let kept = case.withheld.clone();
    match (step.kind.as_str(), step.action.as_str(), step.to.as_str()) {
        ("security_report", "fail", "dangerous") => Some(Withheld::All),
        // Set aside for the one that passed, or with a channel that has gone.
        ("security_report", "accept" | "retire", _) => None,
        // A missed functional upgrade is of grade 1 at most, and the platform knows that.
        ("risk_event", "open", _) if step.party == "platform" => Some(withheld_for(&step.brought)),
        ("risk_event", "open" | "contain", _) => Some(step.brought.withheld.clone().unwrap_or(Withheld::All)),
        ("risk_event", _, "dismissed" | "observing" | "closed") => None,
        // A channel that is ended at once has nothing left to withhold.
        ("risk_event", "confirm" | "agree", "terminated") => kept,
        ("risk_event", "confirm", _) => {
            let proposed = case.steps.iter().rfind(|earlier| earlier.action == "propose");
            proposed.map(|proposed| withheld_for(&proposed.brought))
        }
        ("risk_event", "agree", _) => {
            let decided = case.steps.iter().rfind(|earlier| earlier.action == "propose_decision");
            let is_raised = decided.is_some_and(|step| step.brought.decision.as_deref() == Some("raise"));
            if is_raised { Some(Withheld::All) } else { kept }
        }
        _ => kept,
    }
}

fn withheld_for(finding: &Brought) -> Withheld {
    match finding.cause.as_deref().map(life::grade) {
        Some(1) => finding.withheld.clone().unwrap_or(Withheld::NewHolders),
        _ => Withheld::All,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channel, Class, Phase, Standing, Use};

    fn step(number: i64, party: &str, action: &str, from: Option<&str>, to: &str) -> Step {
        Step {
            case: 1,
            kind: "risk_event".into(),
            channel: Some(1),
            number,
            day: Day(20_000),
            party: party.into(),
            person: Some([u8::try_from(number).unwrap(); 16]),
            action: action.into(),
            from: from.map(str::to_owned),
            to: to.into(),
            brought: Brought { cause: Some("ordinary_leak".into()), ..Brought::default() },
        }
    }

    fn live() -> Oracle {
        let mut oracle = Oracle::new();
        let allotted =
            Step { case: 0, kind: "application".into(), ..step(1, "owner", "open", None, "draft") };
        oracle.step(&allotted);
        let facts = Channel {
            number: "1".into(),
            class: Class::Hrss,
            parent: None,
            is_same_entity: false,
            commitment: None,
            application: 0,
            is_general: false,
            services: vec!["ecard.issue".into(), "query.card".into()],
        };
        oracle.register(1, facts);
        oracle.found.clear();
        oracle.channels.get_mut(&1).unwrap().phase = Phase::Live;
        oracle
    }

    fn stands(oracle: &mut Oracle, phase: Phase, measures: Vec<(CaseNo, Withheld)>, keys: usize) -> usize {
        oracle.stands(
            1,
            &Standing { phase, measures, keys, services: vec!["ecard.issue".into(), "query.card".into()] },
        );
        oracle.found.len()
    }

    #[test]
    fn what_the_regulation_does_not_know_is_found() {
        let mut oracle = live();
        oracle.step(&step(1, "owner", "open", None, "contained"));
        assert_eq!(stands(&mut oracle, Phase::Live, vec![(1, Withheld::All)], 1), 0);
        assert_eq!(stands(&mut oracle, Phase::Live, Vec::new(), 1), 1, "the event withholds everything");
        oracle.request(1, Use::Issue, "query.card", true, true);
        assert_eq!(oracle.found.len(), 2, "served all the same");
        oracle.step(&step(2, "owner", "propose", Some("contained"), "proposed"));
        assert_eq!(oracle.found.len(), 3, "the owner does not grade");
        let same =
            Step { person: Some([2; 16]), ..step(3, "operator", "confirm", Some("proposed"), "rectifying") };
        oracle.step(&same);
        assert_eq!(oracle.found.len(), 4, "nobody reviews their own");
        oracle.step(&step(5, "owner", "rectify", Some("rectifying"), "retesting"));
        assert_eq!(oracle.found.len(), 5, "a step is missing");
    }

    #[test]
    fn nothing_is_decided_while_a_province_may_still_answer() {
        let wrong = |noted_on: Option<i32>| {
            let mut oracle = live();
            let of = |number, day, party: &str, action: &str, to: &str| Step {
                case: 5,
                kind: "application".into(),
                day: Day(day),
                ..step(number, party, action, (number > 1).then_some("ministry_review"), to)
            };
            oracle.step(&of(1, 1, "owner", "file", "ministry_review"));
            let wait = |task: &str| Wait { task: task.into(), due_on: Some(Day(20)), is_recorded: false };
            oracle.waits(5, vec![wait("reply"), wait("note_silence")]);
            if let Some(day) = noted_on {
                oracle.step(&of(2, day, "platform", "note_silence", "ministry_review"));
            }
            let number = if noted_on.is_some() { 3 } else { 2 };
            oracle.step(&of(number, 30, "ministry", "decide", "allocation"));
            oracle.found.iter().filter(|wrong| wrong.contains("CH-8.1e")).count()
        };
        assert_eq!(wrong(None), 1);
        assert_eq!(wrong(Some(20)), 1, "the last day is in time");
        assert_eq!(wrong(Some(21)), 0);
    }

    #[test]
    fn a_channel_does_not_end_without_a_matter_or_with_a_key() {
        let mut oracle = live();
        // Without a matter, with a key, and with its application under way.
        assert_eq!(stands(&mut oracle, Phase::Terminated, Vec::new(), 1), 3);
        assert!(stands(&mut oracle, Phase::Live, Vec::new(), 0) > 2, "nor come back");
    }

    #[test]
    fn a_channel_whose_exit_has_closed_it_has_exited() {
        let mut oracle = live();
        let exit = Step { kind: "exit".into(), ..step(1, "platform", "open", None, "deleting") };
        oracle.step(&exit);
        let wrong = |oracle: &Oracle| oracle.found().iter().filter(|wrong| wrong.contains("CH-33.3")).count();
        stands(&mut oracle, Phase::Live, Vec::new(), 1);
        assert_eq!(wrong(&oracle), 1);
        stands(&mut oracle, Phase::Exited, Vec::new(), 0);
        assert_eq!(wrong(&oracle), 1);
    }

    #[test]
    fn a_channel_has_the_services_that_were_decided() {
        let wrong = |services: &[&str], is_general: bool| {
            let mut oracle = live();
            let life = oracle.channels.get_mut(&1).unwrap();
            life.facts.is_general = is_general;
            life.facts.services = vec!["ecard.issue".into(), "query.talent".into()];
            let services = services.iter().map(ToString::to_string).collect();
            oracle.stands(1, &Standing { phase: Phase::Live, measures: Vec::new(), keys: 1, services });
            oracle.found.iter().filter(|wrong| wrong.contains("CH-F1.12")).count()
        };
        assert_eq!(wrong(&["query.talent", "ecard.issue"], false), 0);
        assert_eq!(wrong(&["query.talent", "ecard.issue"], true), 1, "a standard service is missing");
        assert_eq!(wrong(&["query.talent"], false), 1, "nobody drops issuance");
        assert_eq!(wrong(&["query.talent", "ecard.issue", "pay.code"], false), 1, "not decided");
    }

    #[test]
    fn nobody_serves_before_formal_access() {
        let mut oracle = live();
        oracle.channels.get_mut(&1).unwrap().phase = Phase::Testing;
        oracle.request(1, Use::Serve, "query.card", true, false);
        oracle.request(1, Use::Serve, "query.talent", true, false);
        assert_eq!(
            (oracle.found.len(), oracle.upheld()["CH-6.1"]),
            (0, 1),
            "the other is not admitted anyway"
        );
        oracle.request(1, Use::Serve, "query.card", true, true);
        assert_eq!((oracle.found.len(), oracle.upheld()["CH-6.1"]), (1, 1));
    }

    #[test]
    fn what_is_signed_is_signed_with_a_registered_key() {
        let signed = |kind: &str, filed: &str, used: &str, org: u8, state: &str| {
            let mut oracle = live();
            let by = |kind: &str, number: i64, action: &str, from: Option<&str>, to: &str, key: &str| Step {
                kind: kind.into(),
                case: if kind == "signing_key" { 2 } else { 3 },
                // Another person of the organisation than the one who filed.
                person: Some([if kind == "signing_key" { 5 } else { 6 }; 16]),
                brought: Brought {
                    key: Some(key.into()),
                    org: Some([if kind == "signing_key" { 1 } else { org }; 16]),
                    ..Brought::default()
                },
                ..step(number, "owner", action, from, to)
            };
            oracle.step(&by("signing_key", 1, "file", None, state, filed));
            oracle.step(&by(
                kind,
                1,
                if kind == "exit" { "certify" } else { "sign" },
                None,
                "in_force",
                used,
            ));
            oracle.found.iter().filter(|wrong| wrong.contains("CH-25.2")).count()
        };
        for kind in ["agreement", "exit"] {
            assert_eq!(signed(kind, "a", "a", 1, "registered"), 0, "{kind}");
            assert_eq!(signed(kind, "a", "b", 1, "registered"), 1, "another key");
            assert_eq!(signed(kind, "a", "a", 2, "registered"), 1, "another organisation's key");
            assert_eq!(signed(kind, "a", "a", 1, "revoked"), 1, "revoked");
        }
    }

    #[test]
    fn a_last_day_has_a_consequence() {
        let mut oracle = live();
        oracle.step(&step(1, "owner", "open", None, "contained"));
        let wait = |is_recorded| Wait { task: "grade".into(), due_on: Some(Day(5)), is_recorded };
        oracle.begin(Day(5));
        oracle.waits(1, vec![wait(false)]);
        oracle.deadlines();
        assert_eq!(oracle.found.len(), 0, "the last day is in time");
        oracle.begin(Day(6));
        oracle.deadlines();
        assert_eq!(oracle.found.len(), 1);
        oracle.waits(1, vec![wait(true)]);
        oracle.deadlines();
        assert_eq!(oracle.found.len(), 1);
    }
}
