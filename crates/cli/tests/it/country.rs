//! What a newcomer finds in the demonstration's country.

use crate::process::{Home, Served};
use sdk::client::{Config, Staff};
use sdk::types::channel::ChannelView;
use sdk::types::key::PlatformKeys;
use std::collections::BTreeSet;

/// Everybody who was told, signed in as whoever has this login.
fn sign_in(served: &Served, login: &str) -> Staff {
    let told = served.said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = told.into_iter().find(|row| row.get(1) == Some(&login));
    let row = row.unwrap_or_else(|| panic!("{login} is not told"));
    let config = Config::new(served.sandbox(), PlatformKeys { data: Vec::new() });
    Staff::sign_in(&config, login, row[2]).unwrap()
}

/// Role, login and password of each account that is told.
fn accounts(said: &str) -> impl Iterator<Item = [&str; 3]> {
    let rows = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row.len() == 4 && row[2].len() == 32).map(|row| [row[0], row[1], row[2]])
}

fn roles(served: &Served) -> BTreeSet<String> {
    accounts(&served.said).map(|[role, ..]| role.to_owned()).collect()
}

fn passwords(said: &str) -> BTreeSet<&str> {
    accounts(said).map(|[.., password]| password).collect()
}

fn words(channels: &[ChannelView], of: impl Fn(&ChannelView) -> String) -> BTreeSet<String> {
    channels.iter().map(of).collect()
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// CH-3, CH-4, CH-6.1, CH-31, CH-33: channels of every class on both levels, in every phase and under every kind of measure.
fn channels_are_of_every_kind(operator: &Staff) {
    let channels: Vec<_> = operator.channels().map(Result::unwrap).collect();
    assert!((40..=70).contains(&channels.len()), "{}", channels.len());
    let classes = ["hrss", "government", "national_signed", "bank", "medical", "social"];
    let both = classes.iter().flat_map(|class| [format!("{class} 1"), format!("{class} 2")]).collect();
    assert_eq!(words(&channels, |one| format!("{} {}", word(&one.class), one.level)), both);
    let phases = ["testing", "live", "leaving", "exited", "terminated"];
    assert_eq!(words(&channels, |one| one.phase.clone()), set(&phases));
    let states = words(&channels, |one| one.state.clone());
    assert!(states.is_superset(&set(&["partly_suspended", "suspended"])), "{states:?}");
    let events = operator.open_matters_of("risk_event").map(Result::unwrap);
    let withheld = events.filter_map(|event| event.risk?.withheld);
    assert_eq!(withheld.collect::<BTreeSet<_>>(), set(&["all", "new_holders", "services"]));
}

/// The states of the matters of a kind that the desk sees.
fn states(desk: &Staff, kind: &str) -> BTreeSet<String> {
    desk.matters().map(Result::unwrap).filter(|one| one.kind == kind).map(|one| one.state).collect()
}

/// By kind, states in which there has to be some, between blanks: what is under way and what is over.
const STAGES: &[(&str, &str)] = &[
    (
        "application",
        "draft local_review ministry_review allocation testing preparing first_review final_review live noted withdrawn",
    ),
    (
        "exit",
        "filed consulting approved transition deleting certified closed refused withdrawn proposed rejected",
    ),
    (
        "risk_event",
        "contained proposed rectifying retesting overdue deciding observing terminated closed dismissed",
    ),
    ("security_report", "draft ordered filed returned rectifying dangerous accepted overdue retired"),
    ("agreement", "offered in_force unsigned observation renewing withdrawn"),
    ("monitoring", "noticed improving candidate lifted"),
    ("notice", "sent acknowledged done missed withdrawn"),
    ("campaign", "in_review returned filed reported cancelled"),
    ("maintenance", "filed acknowledged finished cancelled"),
    ("ticket", "filed answered closed"),
    ("suggestion", "filed answered withdrawn"),
    ("key_rotation", "asked"),
    ("rectification", "missed answered"),
];

/// Matters of every kind that has more than a step.
fn matters_are_in_every_stage(operator: &Staff) {
    for (kind, wanted) in STAGES {
        let found = states(operator, kind);
        let missing: Vec<_> = wanted.split(' ').filter(|state| !found.contains(*state)).collect();
        assert!(missing.is_empty(), "of {kind} there is no {missing:?}");
    }
}

/// What waits at a desk, and that something of it is late, with its clause.
fn waits_and_is_late(served: &Served, login: &str) {
    let inbox = sign_in(served, login).inbox().unwrap().items;
    assert!(!inbox.is_empty(), "nothing waits for {login}");
    let late = inbox.iter().find(|item| item.wait.overdue_at.is_some());
    let late = late.unwrap_or_else(|| panic!("nothing is late at {login}"));
    assert!(late.wait.clause.is_some() && late.wait.due_on.is_some(), "{login}: {:?}", late.wait);
}

/// P13: claims of the last days that ended at each check, of a channel that serves the whole country.
fn claims_failed_for_every_reason(operator: &Staff) {
    let nation = operator.channels().map(Result::unwrap).find(|one| one.name == "国民通").unwrap();
    let now: domain::time::Timestamp = operator.clock().unwrap().now.parse().unwrap();
    let today = now.business_date();
    let traffic =
        operator.traffic(&nation.channel_id, &today.plus_days(-29).to_string(), &today.to_string()).unwrap();
    assert!(traffic.days.len() > 20, "days with claims: {}", traffic.days.len());
    assert!(traffic.issuance.answered > 20, "{:?}", traffic.issuance);
    for gate in ["request", "person", "card", "real_person"] {
        let gate = traffic.issuance.gates.iter().find(|one| one.gate == gate).unwrap();
        assert!(gate.lost > 0 && gate.reasons.iter().all(|one| one.title_zh.is_some()), "{gate:?}");
    }
}

/// The country is there at once, and a newcomer sees without reading what waits for whom, what is late, and why.
#[test]
fn every_class_phase_and_stage_is_in_the_country_and_every_desk_has_something_late() {
    let home = Home::new();
    let first = home.serve(&["--demo"]);
    let told = first.said.clone();
    assert!(told.contains(&format!("{}/portal/", first.sandbox())), "{told}");
    first.stop();
    // What was counted is written down when a server ends.
    let served = home.serve(&["--demo"]);
    assert_eq!(passwords(&served.said), passwords(&told), "the accounts are kept");
    let every = [
        "audit_admin",
        "channel_admin",
        "channel_engineer",
        "department_clerk",
        "lab_tester",
        "ministry_reviewer",
        "operator_admin",
        "operator_clerk",
        "region_admin",
        "region_clerk",
        "security_admin",
    ];
    assert_eq!(roles(&served), set(&every));
    let operator = sign_in(&served, "clerk-one");
    channels_are_of_every_kind(&operator);
    matters_are_in_every_stage(&operator);
    for login in [
        "clerk-one",
        "ministry-one",
        "zhejiang",
        "guangdong",
        "demo-region",
        "nanjing",
        "owner-nation",
        "owner-bank",
    ] {
        waits_and_is_late(&served, login);
    }
    claims_failed_for_every_reason(&operator);
    for step in operator.application_durations(None, (None, None)).unwrap().steps {
        let (median, ninety) = (step.median_seconds, step.ninety_seconds);
        assert!(median.is_some() && median < ninety, "{}: {median:?} {ninety:?}", step.state);
    }
    served.stop();
}
