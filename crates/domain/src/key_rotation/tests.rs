//! Rotations of keys: asked for by a day, and answered by what the keys say.

use super::*;
use crate::id::KeyId;
use crate::key::KeyState;
use crate::matter::testing::{Play, workflow};
use crate::refusal::Refuse;

const ASK: &str =
    r#"{"usage":"caller","subject":"年度密钥轮换","words":"密钥已使用两年","rotate_by":"2026-04-04"}"#;
const WHOLE: &str = r#"{"usage":"caller","subject":"年度密钥轮换","words":"密钥已使用两年","rotate_by":"2026-04-04",
    "ends_old":true}"#;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key(id: u8, state: KeyState, registered_at: Timestamp) -> Held {
    Held { id: KeyId::from_bytes([id; 16]), usage: KeyUsage::Caller, state, registered_at, ends_at: None }
}

fn old() -> Held {
    key(1, KeyState::Active, at("2025-01-01T09:00:00+08:00"))
}

/// A channel with one old key, asked for another one.
fn asked(opening: &str) -> Play {
    let mut play = Play::channel(Kind::KeyRotation);
    play.keys = vec![old()];
    play.open(Party::Operator, opening).unwrap();
    play
}

/// What the platform would do now.
fn follows(play: &Play) -> Option<Action> {
    let phase = play.channel.as_ref().unwrap().phase;
    super::follows(&play.matter.as_ref().unwrap().body, &play.keys, phase)
}

/// The platform does what follows.
fn follow(play: &mut Play) {
    let action = follows(play).unwrap();
    play.act(Party::Platform, &format!(r#"{{"action":"{action}"}}"#)).unwrap();
}

fn pointers(refused: Result<(), Refused>) -> Vec<(String, &'static str)> {
    let Err(Refused::Fields(faults)) = refused else { panic!("{refused:?}") };
    faults.iter().map(|fault| (fault.pointer.clone(), fault.refusal.code())).collect()
}

/// CH-26.2: it is asked by the operator alone, says why and until when, and waits for the owner.
#[test]
fn a_rotation_is_asked_for_with_a_reason_and_a_day() {
    let mut play = asked(ASK);
    assert_eq!(
        (play.state(), play.waits()),
        ("asked", vec!["owner:rotate@2026-04-04".to_owned()]),
        "a holiday does not move it"
    );
    assert_eq!(play.effect_words(), ["tell owner"]);
    assert_eq!(play.actions(Party::Owner), [""; 0], "what answers it is no click");
    assert_eq!(play.actions(Party::Operator), ["withdraw"]);
    assert_eq!(play.open(Party::Owner, ASK).unwrap_err().code(), "matter.party");
    play.act(Party::Operator, r#"{"action":"withdraw","words":"误发"}"#).unwrap();
    assert_eq!((play.state(), play.is_ended(), follows(&play)), ("withdrawn", true, None));
}

/// CH-26.1: every wrong field is named; today is no day that is over.
#[test]
fn every_wrong_field_of_a_rotation_is_named() {
    let mut play = Play::channel(Kind::KeyRotation);
    play.keys = vec![old()];
    let wrong = r#"{"usage":"master","subject":" ","words":"","rotate_by":"2026-03-01"}"#;
    let named = |pointer: &str, code| (pointer.to_owned(), code);
    assert_eq!(
        pointers(play.open(Party::Operator, wrong)),
        [
            named("/usage", "key_rotation.usage"),
            named("/subject", "matter.words"),
            named("/words", "matter.words"),
            named("/rotate_by", "key_rotation.past"),
        ]
    );
    play.open(Party::Operator, &ASK.replace("2026-04-04", "2026-03-02")).unwrap();
}

/// CH-26.2: a channel without a key of that usage that works has nothing to rotate, and one that is asked already is not asked twice.
#[test]
fn who_has_no_key_or_is_asked_already_is_not_asked() {
    let mut play = Play::channel(Kind::KeyRotation);
    let refused = |play: &mut Play, opening: &str| play.open(Party::Operator, opening).unwrap_err().code();
    assert_eq!(refused(&mut play, ASK), "key_rotation.no_key");
    play.keys =
        vec![key(1, KeyState::Revoked, old().registered_at), key(2, KeyState::Retired, old().registered_at)];
    assert_eq!(refused(&mut play, ASK), "key_rotation.no_key");
    play.keys.push(Held { usage: KeyUsage::Encrypt, ..old() });
    assert_eq!(refused(&mut play, ASK), "key_rotation.no_key", "of another usage");
    play.keys.push(key(3, KeyState::Retiring, old().registered_at));
    play.open(Party::Operator, ASK).unwrap();
    play.put_aside(9, Kind::KeyRotation, Kind::KeyRotation);
    assert_eq!(refused(&mut play, ASK), "key_rotation.asked");
    play.open(Party::Operator, &ASK.replace("caller", "encrypt")).unwrap();
    play.channel.as_mut().unwrap().phase = Phase::Testing;
    assert_eq!(
        refused(&mut play, &ASK.replace("caller", "encrypt")),
        Phase::Testing.holds_keys().unwrap_err().code()
    );
}

/// CH-26.2: only a key that was registered after it was asked for counts; both sides of the moment.
#[test]
fn a_key_from_before_does_not_count() {
    let mut play = asked(ASK);
    let moment = play.at;
    play.keys.push(key(2, KeyState::Active, moment));
    play.keys[0].state = KeyState::Retiring;
    assert_eq!(follows(&play), None, "rotated at that very moment, before it was asked");
    assert_eq!(play.refused(Party::Platform, r#"{"action":"rotate"}"#), "matter.transition");
    play.keys[1].registered_at = Timestamp::from_micros(moment.as_micros() + 1);
    follow(&mut play);
    assert_eq!((play.state(), play.waits()), ("rotated", vec!["platform:close@2026-04-04".to_owned()]));
    assert!(
        play.matter.as_ref().unwrap().body.contains(&KeyId::from_bytes([2; 16]).to_string()),
        "by which key"
    );
}

/// CH-26.2: where the keys from before have to have ended, two that work are not enough.
#[test]
fn while_both_work_it_is_done_only_if_that_is_enough() {
    for (opening, state) in [(ASK, Some(Action::Rotate)), (WHOLE, None)] {
        let mut play = asked(opening);
        let later = play.at.plus_seconds(1);
        play.keys = vec![key(1, KeyState::Retiring, old().registered_at), key(2, KeyState::Active, later)];
        assert_eq!(follows(&play), state);
        for ended in [KeyState::Retired, KeyState::Revoked] {
            play.keys[0].state = ended;
            assert_eq!(follows(&play), Some(Action::Rotate), "{ended}");
        }
    }
}

/// CH-26.2: a new key that is revoked again counts for nothing until the day is over; what was reached then stays.
#[test]
fn a_new_key_that_is_revoked_is_no_rotation() {
    let mut play = asked(ASK);
    let later = play.at.plus_seconds(1);
    play.keys = vec![key(1, KeyState::Retiring, old().registered_at), key(2, KeyState::Active, later)];
    follow(&mut play);
    play.keys[1].state = KeyState::Revoked;
    follow(&mut play);
    assert_eq!((play.state(), play.waits()), ("asked", vec!["owner:rotate@2026-04-04".to_owned()]));
    assert_eq!(play.effect_words(), ["tell owner"]);
    play.keys.push(key(3, KeyState::Active, later));
    follow(&mut play);
    assert_eq!(play.on("2026-04-04").refused(Party::Platform, r#"{"action":"close"}"#), "matter.early");
    play.on("2026-04-05").act(Party::Platform, r#"{"action":"close"}"#).unwrap();
    play.keys[2].state = KeyState::Revoked;
    assert_eq!((play.state(), play.is_ended(), follows(&play)), ("closed", true, None));
}

/// CH-26.2: the last day is in time; whoever rotates after it has rotated, late, and that is the end of it.
#[test]
fn who_rotates_late_has_rotated() {
    for (day, state) in [("2026-04-04", "rotated"), ("2026-04-05", "closed")] {
        let mut play = asked(ASK);
        play.keys.push(key(2, KeyState::Active, play.at.plus_seconds(1)));
        follow(play.on(day));
        assert_eq!((play.state(), play.is_ended()), (state, state == "closed"));
    }
}

/// A channel that has come to its end is asked for no key any more.
#[test]
fn it_lapses_with_the_channel() {
    let mut play = asked(ASK);
    play.channel.as_mut().unwrap().phase = Phase::Terminated;
    play.keys[0].state = KeyState::Revoked;
    follow(&mut play);
    assert_eq!((play.state(), play.is_ended()), ("lapsed", true));
}

/// How far a channel has come is what its keys and its open key change say.
#[test]
fn a_stage_is_what_the_keys_and_the_open_change_say() {
    use crate::key_change::State as Change;
    let asked_at = at("2026-03-02T09:00:00+08:00");
    let goal = Goal { usage: KeyUsage::Caller, asked_at, ends_old: false };
    let new = key(2, KeyState::Active, asked_at.plus_seconds(1));
    let stage = |keys: &[Held], change| goal.look(keys).stage(change);
    assert_eq!(stage(&[old()], None), Stage::NotBegun);
    assert_eq!(stage(&[old()], Some(Change::Drafted)), Stage::Drafted);
    assert_eq!(stage(&[old()], Some(Change::Filed)), Stage::Filed);
    assert_eq!(stage(&[old(), new], None), Stage::Both);
    assert_eq!(stage(&[Held { state: KeyState::Retired, ..old() }, new], None), Stage::Rotated);
    assert_eq!(stage(&[old(), Held { usage: KeyUsage::Encrypt, ..new }], None), Stage::NotBegun);
    assert_eq!(stage(&[old(), Held { state: KeyState::Revoked, ..new }], None), Stage::NotBegun);
}

/// Since when it is done: since the new key came, or since the last from before ended, where that is wanted.
#[test]
fn it_is_done_since_the_key_came_or_the_old_one_ended() {
    let asked_at = at("2026-03-02T09:00:00+08:00");
    let (came, ended) = (asked_at.plus_seconds(60), asked_at.plus_seconds(7 * 86_400));
    let keys = |state| [Held { state, ends_at: Some(ended), ..old() }, key(2, KeyState::Active, came)];
    let since =
        |ends_old, keys: &[Held]| Goal { usage: KeyUsage::Caller, asked_at, ends_old }.look(keys).reached_at;
    assert_eq!(since(false, &keys(KeyState::Retiring)), Some(came));
    assert_eq!(since(true, &keys(KeyState::Retiring)), None);
    assert_eq!(since(true, &keys(KeyState::Retired)), Some(ended));
    assert_eq!(since(true, &[key(2, KeyState::Active, came)]), Some(came));
}

/// What was reached when the day was over stays; before, an answer is only as good as the key.
#[test]
fn an_answer_is_as_good_as_the_key_until_the_day_is_over() {
    let asked_at = at("2026-03-02T09:00:00+08:00");
    let goal = Goal { usage: KeyUsage::Caller, asked_at, ends_old: false };
    let (came, noted) = (asked_at.plus_seconds(60), Some(asked_at.plus_seconds(61)));
    let works = [key(2, KeyState::Active, came)];
    let revoked = [key(2, KeyState::Revoked, came)];
    for (state, while_it_works, after) in [
        (State::Asked, Some(came), None),
        (State::Rotated, Some(came), None),
        (State::Closed, Some(came), noted),
        (State::Lapsed, None, None),
        (State::Withdrawn, None, None),
    ] {
        assert_eq!(goal.look(&works).answered_at(state, noted), while_it_works, "{state}");
        assert_eq!(goal.look(&revoked).answered_at(state, noted), after, "{state}");
    }
}

/// CH-26.2: the state machine.
#[test]
fn the_workflow_of_a_key_rotation() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::KeyRotation));
}
