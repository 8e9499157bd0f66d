//! Agreements over HTTP: what the end of a term comes to is told before it, what is signed on paper, and what is printed.

use crate::desk::{Desk, day_after};
use crate::ecard::scene::channel;
use crate::pdf::Document;
use crate::signing_key::{offer, offered, signing};
use gm::sm2::SigningKey;
use serde_json::{Value, json};

on_both! {
    /// CH-9.3e: the longest text that the rule admits is one that a request carries, whatever its letters.
    fn the_longest_text_is_carried(platform) {
        let (handle, _) = channel(platform);
        let longest = "协".repeat(80_000);
        let offered = offer(platform, &handle, &longest).json();
        let seen = Desk::owner(platform, &handle).see(offered["matter_id"].as_str().unwrap());
        assert_eq!(seen["body"]["text"]["text"], longest);
        let longer = offer(platform, &handle, &(longest + "议")).json();
        let [wrong] = &longer["errors"].as_array().unwrap()[..] else { panic!("{longer}") };
        assert_eq!((&wrong["pointer"], &wrong["code"]), (&json!("/opening/text"), &json!("agreement.text")));
    }

    /// CH-24.1: both sides read what stands against an extension of itself while the term runs, and nothing before or after.
    fn what_stands_against_an_extension_is_told_while_the_term_runs(platform) {
        let (handle, _) = channel(platform);
        let (agreement, owner) = (offered(platform, &handle), Desk::owner(platform, &handle));
        let operator = Desk::operator(platform);
        assert_eq!(owner.see(&agreement)["renewal"], Value::Null, "it is not in force");
        let key = SigningKey::generate();
        owner.register_key(&key);
        owner.act(&agreement, &signing(&owner.see(&agreement), &key));
        for desk in [&owner, &operator] {
            assert_eq!(desk.see(&agreement)["renewal"], json!({"becomes": "in_force", "hindrances": []}));
        }
        operator.act(&agreement, &json!({"action": "object", "words": "不再续约"}));
        let objection = json!({"ground": "objection", "clause": "CH-24.1", "party": "operator"});
        for desk in [&owner, &operator] {
            assert_eq!(desk.see(&agreement)["renewal"], json!({"becomes": "lapsed", "hindrances": [objection]}));
        }
    }

    /// CH-9.3e: an owner that cannot sign electronically files the stamped scan, the operator that has seen the paper
    /// accepts it, and what is kept proves the digest of the scan and no signature.
    fn an_agreement_is_signed_on_paper_by_both_sides(platform) {
        let (handle, _) = channel(platform);
        let (agreement, owner) = (offered(platform, &handle), Desk::owner(platform, &handle));
        let operator = Desk::operator(platform);
        let file = owner.file(&agreement, "stamped_scan");
        let filing = json!({"action": "file_paper", "files": [file], "words": "暂无密码设备"});
        assert_eq!(operator.try_act(&agreement, &filing).code(), "matter.party");
        let theirs = operator.file(&agreement, "stamped_scan");
        let refused = owner.try_act(&agreement, &json!({"action": "file_paper", "files": [theirs], "words": "暂无密码设备"})).json();
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
            (&json!("/files"), &json!("agreement.scan")), "the operator sent it: {refused}");
        let filed = owner.act(&agreement, &filing);
        assert_eq!((&filed["state"], &filed["waits"][0]["task"]), (&json!("offered"), &json!("review_paper")));
        let today = filed["body"]["offered"]["at"].as_str().unwrap()[..10].to_owned();
        let accepting = |day: &str| json!({"action": "accept_paper", "seen_on": day, "words": "原件存档"});
        let early = operator.try_act(&agreement, &accepting("2020-01-01")).json();
        assert_eq!((&early["errors"][0]["pointer"], &early["errors"][0]["code"]),
            (&json!("/seen_on"), &json!("agreement.seen")));
        assert_eq!(owner.try_act(&agreement, &accepting(&today)).code(), "matter.party");
        let accepted = operator.act(&agreement, &accepting(&today));
        assert_eq!(accepted["state"], "in_force");
        let sm3 = data_encoding::HEXLOWER.encode(&gm::sm3::digest(b"%PDF-1.4\n%%EOF\n"));
        assert_eq!(accepted["body"]["papers"][0]["scans"][0]["sm3"], json!(sm3));
        assert_eq!(accepted["body"]["signatures"], json!([]));
        let said = paper(&owner, &agreement, "").text();
        assert!(said.contains(&sm3) && said.contains("（非电子签名）") && !said.contains("未签署"), "{said}");
    }

    /// CH-9.3e, CH-25.1: both sides print the agreement: a draft says so until it is signed, each text is printed with what was signed under
    /// it, and nobody else finds any of it.
    fn an_agreement_is_printed_by_both_sides_as_it_stands(platform) {
        let (handle, _) = channel(platform);
        let (agreement, owner) = (offered(platform, &handle), Desk::owner(platform, &handle));
        let operator = Desk::operator(platform);
        let draft = paper(&owner, &agreement, "");
        assert!((draft.size.0 - 595.28).abs() < 0.1, "{:?}", draft.size);
        assert!(draft.pages.iter().all(|page| page[0] == "未签署"), "{:?}", draft.pages[0]);
        assert!(draft.text().contains("协议文本") && draft.text().contains(&agreement));
        let key = SigningKey::generate();
        owner.register_key(&key);
        owner.act(&agreement, &signing(&owner.see(&agreement), &key));
        let fingerprint = domain::key::proof::fingerprint(&key.verifying_key().to_sec1());
        for desk in [&owner, &operator] {
            let said = paper(desk, &agreement, "").text();
            assert!(said.contains(&fingerprint) && !said.contains("未签署"), "{said}");
        }
        let change = json!({"action": "amend", "version": "2", "text": "另一文本", "words": "依办法调整",
            "effective_on": day_after(platform, 3, 0)});
        let amended = operator.act(&agreement, &change);
        let sm3 = amended["body"]["amendment"]["text"]["sm3"].as_str().unwrap();
        let said = paper(&owner, &agreement, &format!("?sm3={sm3}")).text();
        assert!(said.contains("另一文本") && said.contains("未签署") && !said.contains(&fingerprint), "{said}");
        assert!(paper(&owner, &agreement, "").text().contains(&fingerprint), "the text of today is signed");
        let ask = |desk: &Desk<'_>, matter: &str, query: &str| {
            desk.send("GET", &format!("/api/v1/matters/{matter}/agreement.pdf{query}"), 0, &Value::Null).status
        };
        assert_eq!(ask(&owner, &agreement, &format!("?sm3={}", "0".repeat(64))), 404, "no such text");
        assert_eq!(ask(&Desk::stranger(platform), &agreement, ""), 404, "out of sight");
        let (key_matter, _) = owner.begin_key();
        assert_eq!(ask(&owner, &key_matter, ""), 404, "no agreement");
    }
}

/// The document of an agreement as somebody finds it.
fn paper(desk: &Desk<'_>, agreement: &str, query: &str) -> Document {
    let reply =
        desk.send("GET", &format!("/api/v1/matters/{agreement}/agreement.pdf{query}"), 0, &Value::Null);
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/pdf"));
    assert_eq!(reply.header("cache-control"), "no-store");
    Document::read(&reply.body)
}
