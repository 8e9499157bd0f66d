//! Registering an organisation's signing key: filed, confirmed, replaced, revoked.

use super::testing::{confirming, filing};
use super::*;
use crate::matter::testing::{Play, by, workflow};
use data_encoding::HEXLOWER;
use gm::sm2::SigningKey as Secret;

const OPEN: &str = "{}";

fn secret(byte: u8) -> Secret {
    Secret::from_bytes(&[byte; 32]).unwrap()
}

fn desk() -> Play {
    let mut play = Play::empty(Kind::SigningKey);
    play.open(Party::Owner, OPEN).unwrap();
    play
}

fn filed(byte: u8) -> Play {
    let mut play = desk();
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

/// CH-25.2: whoever files a key has its secret half.
#[test]
fn a_key_is_filed_by_signing_the_statement_with_it() {
    let mut play = desk();
    assert_eq!((play.state(), play.waits()), ("drafted", vec!["owner:file".to_owned()]));
    let good = filing(&play, &secret(7));
    let other = filing(&play, &secret(8));
    let signature = |text: &str| text.split("\"signature\":\"").nth(1).unwrap()[..128].to_owned();
    let mixed = good.replace(&signature(&good), &signature(&other));
    for wrong in [mixed, good.replace(&signature(&good), "")] {
        assert_eq!(pointers(play.act(Party::Owner, &wrong)), one("/signature", "signing_key.signature"));
    }
    assert_eq!(play.refused(Party::Operator, &good), "matter.party");
    play.act(Party::Owner, &good).unwrap();
    assert_eq!((play.state(), play.waits()), ("filed", vec!["operator:confirm".to_owned()]));
}

/// CH-25.2: somebody at the operator types the fingerprint that was read out; nothing else will do.
#[test]
fn a_key_is_confirmed_by_the_operator_and_by_its_fingerprint() {
    let mut play = filed(7);
    let confirm = confirming(&secret(7));
    assert_eq!(play.refused(Party::Owner, &confirm), "matter.party");
    let second = by(Party::Operator, 2, "000000");
    let of_another = play.act_by(second, &confirming(&secret(8)));
    assert_eq!(pointers(of_another), one("/fingerprint", "signing_key.fingerprint"));
    let print = fingerprint(&secret(7).verifying_key().to_sec1());
    let silent = confirm.replace("电话核对", " ");
    assert_eq!(pointers(play.act_by(second, &silent)), one("/words", "matter.words"));
    assert_eq!(pointers(play.act_by(second, &confirm.replace(&print, &print[..30]))).len(), 1);
    let groups: Vec<_> = print.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four)).collect();
    play.act_by(second, &confirm.replace(&print, &groups.join(" ").to_uppercase())).unwrap();
    assert_eq!(play.state(), "registered");
    assert!(play.waits().is_empty() && !play.is_ended());
    assert_eq!(play.effect_words(), ["tell owner"]);
}

/// CH-25.2: what the fingerprint can be computed from is the owner's alone until it was heard.
#[test]
fn the_key_is_shown_to_others_once_it_is_confirmed() {
    let key = HEXLOWER.encode(&secret(7).verifying_key().to_sec1());
    let seen = |play: &Play| {
        let body = &play.matter.as_ref().unwrap().body;
        assert!(body.contains(&key));
        let other = OrgId::from_bytes([9; 16]);
        assert!(seen_by(body, OrgId::from_bytes([2; 16])).unwrap().contains(&key), "its owner's own");
        let shown = seen_by(body, other).unwrap();
        (shown.contains(&key), shown.contains("登记声明"), shown.contains("\"signature\""))
    };
    let mut play = filed(7);
    assert_eq!(seen(&play), (false, true, false));
    play.act(Party::Operator, r#"{"action":"return","words":"无人接听"}"#).unwrap();
    assert_eq!(seen(&play), (false, true, false), "nor when it was returned");
    let again = filing(&play, &secret(7));
    play.act(Party::Owner, &again).unwrap();
    play.act(Party::Operator, &confirming(&secret(7))).unwrap();
    assert_eq!(seen(&play), (true, true, true));
}

#[test]
fn a_returned_key_is_filed_again_or_taken_back() {
    let mut play = filed(7);
    play.act(Party::Operator, r#"{"action":"return","words":"指纹不符"}"#).unwrap();
    assert_eq!(play.state(), "drafted");
    let again = filing(&play, &secret(8));
    play.act(Party::Owner, &again).unwrap();
    play.act(Party::Owner, r#"{"action":"withdraw"}"#).unwrap();
    assert_eq!((play.state(), play.is_ended()), ("withdrawn", true));
}

/// CH-25.2: one key at a time; the next one takes its place when it is confirmed and not before.
#[test]
fn the_next_key_takes_the_place_of_the_one_before() {
    let mut play = desk();
    super::testing::register(&mut play, &secret(7));
    let same = filing(&play, &secret(7));
    assert_eq!(pointers(play.act(Party::Owner, &same)), one("/public_key", "signing_key.known"));
    let next = filing(&play, &secret(8));
    play.act(Party::Owner, &next).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), &confirming(&secret(8))).unwrap();
    assert_eq!(play.effect_words(), [r#"act 7 {"action":"replace"}"#, "tell owner"]);
    play.act(Party::Platform, r#"{"action":"replace"}"#).unwrap();
    assert_eq!((play.state(), play.is_ended()), ("replaced", true));
}

/// CH-25.2: either side ends a key that is not to be trusted, with a reason.
#[test]
fn a_key_is_revoked_by_its_owner_or_by_the_operator() {
    for party in [Party::Owner, Party::Operator] {
        let mut play = filed(7);
        play.act_by(by(Party::Operator, 2, "000000"), &confirming(&secret(7))).unwrap();
        assert_eq!(play.refused(party, r#"{"action":"revoke","words":" "}"#), "matter.words");
        play.act(party, r#"{"action":"revoke","words":"私钥遗失"}"#).unwrap();
        assert_eq!((play.state(), play.is_ended()), ("revoked", true));
        let told = if party == Party::Owner { "tell operator" } else { "tell owner" };
        assert_eq!(play.effect_words(), [told]);
    }
}

#[test]
fn an_organisation_registers_one_key_at_a_time_and_names_no_channel() {
    let mut play = filed(7);
    play.put_aside(3, Kind::SigningKey, Kind::SigningKey);
    assert_eq!(play.open(Party::Owner, OPEN).unwrap_err().code(), "matter.already_open");
    let mut of_channel = Play::channel(Kind::SigningKey);
    assert_eq!(of_channel.open(Party::Owner, OPEN).unwrap_err().code(), "signing_key.of_org");
    assert_eq!(desk().open(Party::Operator, OPEN).unwrap_err().code(), "matter.party");
}

/// CH-25.2: a registration is checked by itself; another key, another organisation, an earlier moment or a changed
/// word is found.
#[test]
fn a_registration_covers_what_its_organisation_signs_after_it() {
    let mut play = Play::empty(Kind::SigningKey);
    super::testing::register(&mut play, &secret(7));
    let used = HEXLOWER.encode(&secret(7).verifying_key().to_sec1());
    let owner = by(Party::Owner, 1, "000000");
    let good = play.on_stage(owner, |scene| registered(scene, &used)).unwrap();
    let at = play.at;
    assert!(good.covers(&used.to_uppercase(), &owner, at));
    let another = HEXLOWER.encode(&secret(8).verifying_key().to_sec1());
    assert!(!good.covers(&another, &owner, at) && !good.covers("", &owner, at));
    assert!(!good.covers(&used, &By { org: Some(OrgId::from_bytes([9; 16])), ..owner }, at));
    assert!(!good.covers(&used, &owner, at.plus_seconds(-1)));
    let changed = |change: &dyn Fn(&mut Registration)| {
        let mut copy = good.clone();
        change(&mut copy);
        copy.covers(&used, &owner, at)
    };
    assert!(!changed(&|one| one.matter = MatterId::from_bytes([1; 16])));
    assert!(!changed(&|one| one.statement.push('。')));
    assert!(!changed(&|one| one.filed.signature.replace_range(..1, "x")));
    assert!(!changed(&|one| one.confirmed.fingerprint = "00".repeat(16)));
    assert!(!changed(&|one| one.confirmed.by.party = Party::Owner));
    assert!(!changed(&|one| one.filed.by.party = Party::Operator));
    assert!(!changed(&|one| one.filed.by.org = Some(OrgId::from_bytes([9; 16]))));
    assert!(!changed(&|one| one.filed.at = one.confirmed.at.plus_seconds(1)));
}

/// CH-25.2: the state machine.
#[test]
fn the_workflow_of_a_signing_key() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::SigningKey));
}

/// CH-36.1, CH-25.2: a certificate of deletion is signed with the key that is registered now; one that was revoked signs no
/// more.
#[test]
fn a_certificate_is_signed_with_the_key_that_is_registered() {
    let mut play = Play::channel(Kind::Exit);
    let forced = r#"{"forced":{"ground":"grade_three","words":"三级事件"}}"#;
    play.open(Party::Platform, forced).unwrap();
    let document = serde_json::json!({
        "channel": "3300000001", "exit": MatterId::from_bytes([7; 16]), "deleted_on": "2026-03-02",
        "categories": crate::exit::Category::ALL, "statement": "全部原始信息已删除", "signed_by": "信息安全负责人",
    })
    .to_string();
    let certify = serde_json::json!({"action": "certify", "certificate": {
        "signature": HEXLOWER.encode(secret(7).sign(document.as_bytes()).as_bytes()),
        "public_key": HEXLOWER.encode(&secret(7).verifying_key().to_sec1()), "document": document,
    }})
    .to_string();
    let unregistered = one("/certificate/public_key", "signing_key.unregistered");
    assert_eq!(pointers(play.act(Party::Owner, &certify)), unregistered);
    super::testing::register(&mut play, &secret(7));
    play.others[0].state = "revoked".to_owned();
    play.others[0].body = play.others[0].body.replace("\"registered\"", "\"revoked\"");
    assert_eq!(pointers(play.act(Party::Owner, &certify)), unregistered);
    play.others.clear();
    super::testing::register(&mut play, &secret(7));
    play.act(Party::Owner, &certify).unwrap();
    let body = play.matter.as_ref().unwrap().body.clone();
    let found = |body: &str| {
        let [found] = &matter::evidence(Kind::Exit, MatterId::from_bytes([7; 16]), body).unwrap()[..] else {
            panic!()
        };
        (found.registration.is_some(), found.faults.clone())
    };
    assert_eq!(found(&body), (true, vec![]));
    let words = found(&body.replace("本单位登记签署", "本单位登记代签"));
    assert_eq!(words, (true, vec![matter::EvidenceFault::Registration]));
    let mut bare: serde_json::Value = serde_json::from_str(&body).unwrap();
    bare["certificates"][0]["registration"] = serde_json::Value::Null;
    assert_eq!(found(&bare.to_string()), (false, vec![matter::EvidenceFault::Unregistered]));
}
