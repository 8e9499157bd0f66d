//! Who holds when, in whatever order it is told.

use super::*;

fn contact(name: &str) -> Contact {
    Contact { name: name.into(), phone: "13812341234".into(), email: "channel@example.cn".into() }
}

fn told(seconds: i64, occasion: Occasion, name: &str) -> Told {
    let at = Timestamp::from_seconds(seconds);
    Told { matter: MatterId::make(at, [0; 10]), occasion, at, contact: contact(name) }
}

fn said(held: &[Held]) -> Vec<(&str, i64, Option<i64>)> {
    let line = |one: &Held| one.until.map(Timestamp::as_seconds);
    held.iter().map(|one| (one.told.contact.name.as_str(), one.told.at.as_seconds(), line(one))).collect()
}

/// CH-16.1, CH-16.3: the contact that was told last holds, whatever told it and in whatever order it is read.
#[test]
fn who_was_told_last_holds_and_the_one_before_held_until_then() {
    let all = vec![
        told(300, Occasion::Notice, "丙"),
        told(100, Occasion::Test, "甲"),
        told(200, Occasion::Formal, "乙"),
    ];
    assert_eq!(said(&course(all)), [("丙", 300, None), ("乙", 200, Some(300)), ("甲", 100, Some(200))]);
    assert!(course(Vec::new()).is_empty());
}

/// CH-16.3: a change that was filed before a notice does not bring the old contact back when it is let in.
#[test]
fn a_change_tells_its_contact_as_of_when_it_was_filed() {
    let all = vec![
        told(100, Occasion::Formal, "甲"),
        told(300, Occasion::Notice, "乙"),
        told(200, Occasion::Change, "甲"),
    ];
    assert_eq!(said(&course(all)), [("乙", 300, None), ("甲", 100, Some(300))], "and the same is one");
}

#[test]
fn one_that_comes_back_holds_anew() {
    let all = vec![
        told(100, Occasion::Test, "甲"),
        told(200, Occasion::Notice, "乙"),
        told(300, Occasion::Notice, "甲"),
    ];
    let held = course(all);
    assert_eq!(said(&held), [("甲", 300, None), ("乙", 200, Some(300)), ("甲", 100, Some(200))]);
}

/// CH-16.1: another number of the same person is another contact.
#[test]
fn whoever_is_reached_by_another_number_is_another_contact() {
    let mut other = told(200, Occasion::Notice, "甲");
    other.contact.phone = "13912341234".into();
    assert_eq!(course(vec![told(100, Occasion::Test, "甲"), other]).len(), 2);
}
