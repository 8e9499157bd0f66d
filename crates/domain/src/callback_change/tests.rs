//! Changing a callback address: asked, proved by an answer, confirmed by somebody else.

use super::*;
use crate::matter::testing::{Play, by, workflow};
use crate::webhook::Endpoint;

const MOVE: &str =
    r#"{"endpoint":"whk_01010101-0101-0101-0101-010101010101","url":"https://new.example.cn/hook"}"#;
const BEGIN: &str = r#"{"url":"https://new.example.cn/hook","events":["payment.failed","payment.failed"]}"#;
const ANSWER: &str = r#"{"action":"answer","status":200}"#;
const CONFIRM: &str = r#"{"action":"confirm"}"#;

fn endpoint(byte: u8) -> Endpoint {
    Endpoint { id: WebhookId::from_bytes([byte; 16]), url: format!("https://old.example.cn/{byte}?key=1") }
}

fn moving() -> String {
    MOVE.replace("whk_01010101-0101-0101-0101-010101010101", &WebhookId::from_bytes([1; 16]).to_string())
}

fn operator() -> By {
    by(Party::Operator, 2, "000000")
}

fn stage() -> Play {
    let mut play = Play::channel(Kind::CallbackChange);
    play.endpoints.push(endpoint(1));
    play
}

fn proven() -> Play {
    let mut play = stage();
    play.open(Party::Owner, &moving()).unwrap();
    play.act(Party::Platform, ANSWER).unwrap();
    play
}

fn pointers(refused: Result<(), Refused>) -> Vec<(String, &'static str)> {
    let Err(Refused::Fields(faults)) = refused else { panic!("{refused:?}") };
    faults.iter().map(|fault| (fault.pointer.clone(), fault.refusal.code())).collect()
}

/// The endpoint moves when its new address has answered and another person has said so; before that nothing of it changes.
#[test]
fn an_address_is_used_once_it_answered_and_somebody_else_confirmed_it() {
    let mut play = stage();
    play.open(Party::Owner, &moving()).unwrap();
    assert_eq!((play.state(), play.waits()), ("asked", vec!["platform:challenge".to_owned()]));
    assert_eq!(play.effect_words(), ["challenge https://new.example.cn/hook"]);
    assert_eq!(play.refused(Party::Operator, CONFIRM), "matter.transition");
    play.act(Party::Platform, ANSWER).unwrap();
    assert_eq!(play.waits(), ["owner:confirm", "operator:confirm"]);
    assert_eq!(play.effect_words(), ["tell owner", "tell operator", "write to contacts: callback_asked"]);
    assert_eq!(play.refused(Party::Owner, CONFIRM), "matter.same_person");
    assert_eq!(play.actions(Party::Owner), ["withdraw"], "nor is whoever asked offered it");
    play.act_by(by(Party::Owner, 2, "000000"), CONFIRM).unwrap();
    assert_eq!((play.state(), play.is_ended()), ("changed", true));
    let told =
        ["redirect to https://new.example.cn/hook", "tell owner", "write to contacts: callback_changed"];
    assert_eq!(play.effect_words(), told);
    let Effect::Redirect(moved) = &play.effects()[0] else { panic!() };
    assert_eq!(moved.endpoint, Some(WebhookId::from_bytes([1; 16])));
}

/// An owner with one account has the operator for a second person, who may say no.
#[test]
fn the_operator_is_somebody_else_too() {
    proven().act_by(operator(), CONFIRM).unwrap();
    let mut play = proven();
    let silent = play.act_by(operator(), r#"{"action":"refuse","words":" "}"#);
    assert_eq!(silent.unwrap_err().code(), "matter.words");
    play.act_by(operator(), r#"{"action":"refuse","words":"电话未能核实"}"#).unwrap();
    assert_eq!(
        (play.state(), play.is_ended(), play.effect_words()),
        ("refused", true, vec!["tell owner".to_owned()])
    );
}

/// An address that does not answer is asked again when its owner says so, and used never.
#[test]
fn an_address_that_does_not_answer_is_not_used() {
    let mut play = stage();
    play.open(Party::Owner, &moving()).unwrap();
    play.act(Party::Platform, r#"{"action":"miss","status":404,"why":"status"}"#).unwrap();
    assert_eq!((play.state(), play.waits()), ("unproven", vec!["owner:prove".to_owned()]));
    assert_eq!(play.refused(Party::Operator, CONFIRM), "matter.transition");
    let body = play.matter.as_ref().unwrap().body.clone();
    assert_eq!(challenged(&body), None);
    play.act(Party::Owner, r#"{"action":"prove"}"#).unwrap();
    let body = play.matter.as_ref().unwrap().body.clone();
    assert_eq!(challenged(&body).as_deref(), Some("https://new.example.cn/hook"));
    assert_eq!(play.refused(Party::Owner, ANSWER), "matter.party", "only the platform says how it answered");
    play.act(Party::Platform, r#"{"action":"miss","why":"unreachable"}"#).unwrap();
    let own: CallbackChange = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    let tried: Vec<_> = own.proofs.iter().map(|proof| (proof.is_answered, proof.status, proof.why)).collect();
    assert_eq!(tried, [(false, Some(404), Some(Missed::Status)), (false, None, Some(Missed::Unreachable))]);
}

#[test]
fn a_new_endpoint_fits_in_while_there_are_less_than_ten() {
    for (count, outcome) in [(9, Ok("asked")), (10, Err(vec![("/url".to_owned(), "callback_change.full")]))] {
        let mut play = Play::channel(Kind::CallbackChange);
        play.endpoints.extend((1..=count).map(endpoint));
        let opened = play.open(Party::Owner, BEGIN);
        match outcome {
            Ok(state) => assert_eq!((opened.is_ok(), play.state()), (true, state)),
            Err(faults) => assert_eq!(pointers(opened), faults),
        }
    }
    let mut play = Play::channel(Kind::CallbackChange);
    play.open(Party::Owner, BEGIN).unwrap();
    play.act(Party::Platform, ANSWER).unwrap();
    play.act_by(operator(), CONFIRM).unwrap();
    let Effect::Redirect(moved) = &play.effects()[0] else { panic!() };
    assert_eq!((moved.endpoint, &moved.events[..]), (None, &[EventType::PaymentFailed][..]));
}

#[test]
fn the_endpoint_is_there_and_the_address_is_another_one() {
    let same = moving().replace("https://new.example.cn/hook", &endpoint(1).url);
    let gone = moving()
        .replace(&WebhookId::from_bytes([1; 16]).to_string(), &WebhookId::from_bytes([2; 16]).to_string());
    for (opening, pointer, code) in [
        (&same, "/url", "callback_change.same"),
        (&gone, "/endpoint", "callback_change.endpoint"),
        (&moving().replace("/hook", "/a b"), "/url", "callback_change.url"),
    ] {
        assert_eq!(pointers(stage().open(Party::Owner, opening)), [(pointer.to_owned(), code)]);
    }
    let mut play = proven();
    play.endpoints.clear();
    let refused = play.act_by(operator(), CONFIRM).unwrap_err();
    assert_eq!(refused.code(), "callback_change.endpoint", "it was removed meanwhile");
}

#[test]
fn there_is_one_change_of_a_channel_at_a_time() {
    let mut play = proven();
    play.put_aside(9, Kind::CallbackChange, Kind::CallbackChange);
    assert_eq!(play.open(Party::Owner, &moving()).unwrap_err().code(), "matter.already_open");
    play.others[0].body = play.others[0].body.replace(r#""proven""#, r#""withdrawn""#);
    play.open(Party::Owner, &moving()).unwrap();
}

#[test]
fn others_are_not_told_what_stands_behind_the_host() {
    let play = proven();
    let body = &play.matter.as_ref().unwrap().body;
    let shown = |is_whole, org: u8| seen_by(body, is_whole, OrgId::from_bytes([org; 16])).unwrap();
    for (is_whole, org, whole) in [(true, 9, true), (false, 2, true), (false, 9, false)] {
        let text = shown(is_whole, org);
        assert_eq!((text.contains("/hook"), text.contains("key=1")), (whole, whole));
        assert!(text.contains("https://new.example.cn/"));
    }
}

/// CH-33.3: what was open ends with the channel.
#[test]
fn a_channel_that_has_left_begins_none() {
    for (phase, code) in [(Phase::Exited, "channel.exited"), (Phase::Terminated, "channel.terminated")] {
        let mut play = stage();
        play.channel.as_mut().unwrap().phase = phase;
        assert_eq!(play.open(Party::Owner, &moving()).unwrap_err().code(), code);
    }
    for phase in [Phase::Testing, Phase::Live, Phase::Leaving] {
        let mut play = stage();
        play.channel.as_mut().unwrap().phase = phase;
        play.open(Party::Owner, &moving()).unwrap();
    }
}

#[test]
fn the_workflow_is_what_it_was() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::CallbackChange));
}
