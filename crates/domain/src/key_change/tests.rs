//! Changing a channel's key: filed with its proof, confirmed by its fingerprint.

use super::*;
use crate::channel::Phase;
use crate::key::proof::fingerprint;
use crate::matter::testing::{Play, by, workflow};
use data_encoding::HEXLOWER;
use gm::sm2::SigningKey as Secret;
use serde_json::json;

const OPEN: &str = r#"{"usage":"caller","label":"二号密钥"}"#;

fn secret(byte: u8) -> Secret {
    Secret::from_bytes(&[byte; 32]).unwrap()
}

fn hex(secret: &Secret) -> String {
    HEXLOWER.encode(&secret.verifying_key().to_sec1())
}

fn filing(play: &Play, secret: &Secret) -> String {
    let body: KeyChange = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    let signature = HEXLOWER.encode(secret.sign(body.statement.as_bytes()).as_bytes());
    json!({"action": "file", "public_key": hex(secret), "signature": signature}).to_string()
}

fn confirming(secret: &Secret) -> String {
    let fingerprint = fingerprint(&secret.verifying_key().to_sec1());
    json!({"action": "confirm", "fingerprint": fingerprint, "words": "电话核对"}).to_string()
}

fn drafted() -> Play {
    let mut play = Play::channel(Kind::KeyChange);
    play.open(Party::Owner, OPEN).unwrap();
    play
}

fn filed(byte: u8) -> Play {
    let mut play = drafted();
    let input = filing(&play, &secret(byte));
    play.act(Party::Owner, &input).unwrap();
    play
}

fn pointers(refused: Result<(), Refused>) -> Vec<(String, &'static str)> {
    let Err(Refused::Fields(faults)) = refused else { panic!("{refused:?}") };
    faults.iter().map(|fault| (fault.pointer.clone(), fault.refusal.code())).collect()
}

fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

/// CH-26.2: whoever files a key has its secret half, and says so of this channel and this change.
#[test]
fn a_key_is_filed_by_signing_the_statement_with_it() {
    let mut play = drafted();
    assert_eq!((play.state(), play.waits()), ("drafted", vec!["owner:file".to_owned()]));
    let good = filing(&play, &secret(7));
    let of_another = good.replace(&hex(&secret(7)), &hex(&secret(8)));
    let unsigned = json!({"action": "file", "public_key": hex(&secret(7)), "signature": ""}).to_string();
    for wrong in [of_another, unsigned] {
        assert_eq!(pointers(play.act(Party::Owner, &wrong)), one("/signature", "key_change.signature"));
    }
    assert_eq!(play.refused(Party::Operator, &good), "matter.party");
    play.act(Party::Owner, &good).unwrap();
    assert_eq!((play.state(), play.waits()), ("filed", vec!["operator:confirm".to_owned()]));
}

/// CH-26.2: somebody at the operator types the fingerprint that was read out; then the channel has the key.
#[test]
fn a_key_works_when_the_operator_has_heard_its_fingerprint() {
    let mut play = filed(7);
    let confirm = confirming(&secret(7));
    assert_eq!(play.refused(Party::Owner, &confirm), "matter.party");
    let clerk = by(Party::Operator, 2, "000000");
    let of_another = play.act_by(clerk, &confirming(&secret(8)));
    assert_eq!(pointers(of_another), one("/fingerprint", "key_change.fingerprint"));
    let silent = play.act_by(clerk, &confirm.replace("电话核对", " "));
    assert_eq!(pointers(silent), one("/words", "matter.words"));
    play.act_by(clerk, &confirm).unwrap();
    assert_eq!((play.state(), play.is_ended()), ("changed", true));
    assert_eq!(play.effect_words(), ["activate keys", "tell owner"]);
    let Effect::ActivateKeys(keys) = &play.effects()[0] else { panic!() };
    let [key] = &keys[..] else { panic!() };
    let told = (key.usage, key.public_key.as_str(), key.label.as_deref());
    assert_eq!(told, (KeyUsage::Caller, hex(&secret(7)).as_str(), Some("二号密钥")));
}

/// CH-26.2: what the fingerprint can be computed from is whoever's who filed it until it was heard.
#[test]
fn the_key_is_shown_to_others_once_it_is_confirmed() {
    let key = hex(&secret(7));
    let shown = |play: &Play, org: u8| {
        let body = &play.matter.as_ref().unwrap().body;
        seen_by(body, OrgId::from_bytes([org; 16])).unwrap().contains(&key)
    };
    let mut play = filed(7);
    assert_eq!((shown(&play, 2), shown(&play, 9)), (true, false));
    play.act(Party::Operator, r#"{"action":"return","words":"无人接听"}"#).unwrap();
    assert_eq!((shown(&play, 2), shown(&play, 9)), (true, false), "nor when it was returned");
    let again = filing(&play, &secret(7));
    play.act(Party::Owner, &again).unwrap();
    play.act(Party::Operator, &confirming(&secret(7))).unwrap();
    assert_eq!((shown(&play, 2), shown(&play, 9)), (true, true));
}

/// CH-9.3f, CH-31.3: a channel is given keys from its formal access until its end, whatever is filed for it.
#[test]
fn a_channel_that_is_not_connected_gets_no_key() {
    for (phase, code) in [
        (Phase::Testing, "channel.testing"),
        (Phase::Exited, "channel.exited"),
        (Phase::Terminated, "channel.terminated"),
    ] {
        let mut play = Play::channel(Kind::KeyChange);
        play.channel.as_mut().unwrap().phase = phase;
        assert_eq!(play.open(Party::Owner, OPEN).unwrap_err().code(), code);
        let mut play = drafted();
        let input = filing(&play, &secret(7));
        play.channel.as_mut().unwrap().phase = phase;
        assert_eq!(play.refused(Party::Owner, &input), code);
        let mut play = filed(7);
        play.channel.as_mut().unwrap().phase = phase;
        assert_eq!(play.refused(Party::Operator, &confirming(&secret(7))), code);
        play.act(Party::Operator, r#"{"action":"return","words":"渠道已终止"}"#).unwrap();
        play.act(Party::Owner, r#"{"action":"withdraw"}"#).unwrap();
    }
    let mut leaving = Play::channel(Kind::KeyChange);
    leaving.channel.as_mut().unwrap().phase = Phase::Leaving;
    leaving.open(Party::Owner, OPEN).unwrap();
}

/// CH-26.1: what a channel brings identifies it or is encrypted to, and has a name.
#[test]
fn a_change_says_what_the_key_is_for_and_what_it_is_called() {
    let open = |usage: &str, label: &str| {
        let mut play = Play::channel(Kind::KeyChange);
        play.open(Party::Owner, &json!({"usage": usage, "label": label}).to_string())
    };
    for usage in KeyUsage::ALL {
        let is_own = matches!(usage, KeyUsage::Caller | KeyUsage::Encrypt);
        let opened = open(usage.as_str(), "二号密钥");
        assert_eq!(opened.is_ok(), is_own, "{usage}");
        if !is_own {
            assert_eq!(pointers(opened), one("/usage", "key_change.usage"));
        }
    }
    for (label, is_good) in
        [("", false), (" ", false), ("钥", true), (&"钥".repeat(40), true), (&"钥".repeat(41), false)]
    {
        assert_eq!(open("caller", label).is_ok(), is_good, "{label}");
    }
}

#[test]
fn a_channel_changes_one_key_at_a_time_and_its_owner_begins() {
    let mut play = filed(7);
    play.put_aside(3, Kind::KeyChange, Kind::KeyChange);
    assert_eq!(play.open(Party::Owner, OPEN).unwrap_err().code(), "matter.already_open");
    play.others.clear();
    play.open(Party::Owner, OPEN).unwrap();
    let input = filing(&play, &secret(7));
    play.act(Party::Owner, &input).unwrap();
    play.act(Party::Operator, &confirming(&secret(7))).unwrap();
    play.put_aside(3, Kind::KeyChange, Kind::KeyChange);
    play.open(Party::Owner, OPEN).unwrap();
    let mut other = Play::channel(Kind::KeyChange);
    assert_eq!(other.open(Party::Operator, OPEN).unwrap_err().code(), "matter.party");
    let mut none = Play::empty(Kind::KeyChange);
    assert_eq!(none.open(Party::Owner, OPEN).unwrap_err().code(), "matter.no_channel");
}

/// CH-26.2: the state machine.
#[test]
fn the_workflow_of_a_key_change() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::KeyChange));
}
