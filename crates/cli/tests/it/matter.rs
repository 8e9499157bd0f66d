//! What was signed in a matter, checked by a verb with a file and no server.

use crate::process::{Home, text};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

/// A closed exit as the API answers it, with its certificate of deletion.
fn exit() -> (Value, String) {
    let key = gm::sm2::SigningKey::generate();
    let id = "mat_0000000000000000000000000a";
    let document = json!({
        "channel": "3300000001", "exit": id, "deleted_on": "2026-05-03", "categories": ["identity"],
        "statement": "全部原始信息已删除", "signed_by": "信息安全负责人",
    })
    .to_string();
    let public_key = key.verifying_key().to_sec1();
    let stamp = json!({"by": {"party": "owner", "staff": null, "org": null, "division": "000000"}, "at": "2026-05-05T09:00:00+08:00"});
    let certificate = json!({
        "signature": HEXLOWER.encode(&key.sign(document.as_bytes()).0),
        "public_key": HEXLOWER.encode(&public_key), "document": document,
    });
    let body = json!({
        "state": "closed", "voluntary": null, "forced": null, "opened": stamp, "consultation": null, "decision": null,
        "transition": null, "prompts": [], "announcement": null, "closed_on": "2026-05-03",
        "certificates": [{"certificate": certificate, "stamp": stamp, "review": null}],
    });
    let matter = json!({
        "matter_id": id, "kind": "exit", "state": "closed", "is_ended": true, "title": "退出", "owner_id": "org_0",
        "owner_name": "示例", "opened_at": "", "changed_at": "", "version": 9, "waits": [], "actions": [],
        "timeline": [], "body": body,
    });
    (matter, HEXLOWER.encode(&gm::sm3::digest(&public_key)[..16]))
}

/// CH-36.1
#[test]
fn a_certificate_of_deletion_is_verified_offline_and_a_changed_byte_is_named() {
    let home = Home::new();
    let (matter, fingerprint) = exit();
    let write =
        |matter: &Value| std::fs::write(home.folder.path().join("exit.json"), matter.to_string()).unwrap();
    let verify =
        |arguments: &[&str]| home.run(&[&["matter", "verify", "exit.json", "--json"], arguments].concat());
    write(&matter);
    let output = verify(&["--fingerprint", &fingerprint]);
    assert_eq!(output.status.code(), Some(1));
    let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(checked["signed"][0]["faults"], json!(["unregistered"]));

    let verify = |arguments: &[&str]| verify(&[&["--before-registration"], arguments].concat());
    let output = verify(&["--fingerprint", &fingerprint]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&checked["sound"], &checked["signed"][0]["key"]), (&json!(true), &json!(fingerprint)));
    assert_eq!((&checked["is_signed"], &checked["faults"]), (&json!(true), &Value::Null));

    let output = verify(&["--fingerprint", &"0".repeat(32)]);
    assert_eq!(output.status.code(), Some(1));
    let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(checked["signed"][0]["faults"], json!(["key"]));

    let mut changed = matter.clone();
    let document = changed.pointer_mut("/body/certificates/0/certificate/document").unwrap();
    *document = json!(document.as_str().unwrap().replace("2026-05-03", "2026-05-04"));
    write(&changed);
    let output = verify(&[]);
    assert_eq!(output.status.code(), Some(1));
    let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&checked["sound"], &checked["signed"][0]["faults"]), (&json!(false), &json!(["signature"])));

    let mut empty = matter;
    empty["body"]["certificates"] = json!([]);
    write(&empty);
    assert_eq!(verify(&[]).status.code(), Some(1), "nothing is signed");
}

/// An agreement in force that was signed on paper, with the bytes of its scan.
fn on_paper(scan: &[u8]) -> Value {
    let id = "mat_0000000000000000000000000a";
    let text = "第一条";
    let sm3 = |bytes: &[u8]| HEXLOWER.encode(&gm::sm3::digest(bytes));
    let by = |party: &str| json!({"party": party, "staff": null, "org": null, "division": "000000"});
    let at = |day: &str| format!("{day}T09:00:00+08:00");
    let paper = json!({
        "statement": format!("声明\n协议：{id}\n文本SM3：{}\n", sm3(text.as_bytes())),
        "scans": [{"file": "att_0000000000000000000000000a", "sm3": sm3(scan), "content_type": "application/pdf", "size": 9}],
        "filed": {"words": "暂无密码设备", "by": by("owner"), "at": at("2026-03-03")},
        "decided": {"verdict": "accepted", "seen_on": "2026-03-04", "words": "存档", "by": by("operator"), "at": at("2026-03-05")},
    });
    let body = json!({
        "state": "in_force", "offered": {"words": "1", "by": by("operator"), "at": at("2026-03-02")},
        "text": {"version": "1", "text": text, "sm3": sm3(text.as_bytes())},
        "term": {"from": "2026-03-02", "until": "2027-03-01"}, "past": [], "statement": null, "signatures": [],
        "papers": [paper], "amendment": null, "objections": [], "plan": null, "decisions": [],
    });
    let (mut matter, _) = exit();
    (matter["kind"], matter["body"]) = (json!("agreement"), body);
    matter
}

/// CH-9.3e: a paper is verified with its scan beside it, is told to be no signature, and without the scan proves nothing.
#[test]
fn an_agreement_on_paper_is_verified_with_its_scan_and_is_no_signature() {
    let home = Home::new();
    let write = |name: &str, bytes: &[u8]| std::fs::write(home.folder.path().join(name), bytes).unwrap();
    let verify = |arguments: &[&str]| {
        let output = home.run(&[&["matter", "verify", "paper.json", "--json"], arguments].concat());
        (output.status.code(), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };
    let matter = on_paper(b"%PDF-1.4 scan");
    write("paper.json", matter.to_string().as_bytes());
    write("scan.pdf", b"%PDF-1.4 scan");
    write("other.pdf", b"%PDF-1.4 other");
    let (code, checked) = verify(&["--scan", "scan.pdf"]);
    assert_eq!(
        (code, &checked["sound"], &checked["signed"]),
        (Some(0), &json!(true), &json!([])),
        "{checked}"
    );
    assert_eq!(checked["is_signed"], json!(false), "papers are no signatures");
    let (code, expecting) = verify(&["--scan", "scan.pdf", "--fingerprint", &"a".repeat(32)]);
    assert_eq!(
        (code, &expecting["sound"], &expecting["faults"]),
        (Some(1), &json!(false), &json!(["unsigned_by_key"])),
        "a key is expected, and nothing is signed with it: {expecting}"
    );
    let told = &checked["on_paper"][0];
    assert_eq!((&told["faults"], &told["has_text"]), (&json!([]), &json!(true)));
    assert_eq!(told["told"]["paper_seen_on"], "2026-03-04");
    for arguments in [&[][..], &["--scan", "other.pdf"]] {
        let (code, checked) = verify(arguments);
        assert_eq!((code, &checked["on_paper"][0]["faults"]), (Some(1), &json!(["scan"])), "{arguments:?}");
    }
    let mut changed = matter;
    changed["body"]["papers"][0]["decided"]["by"]["party"] = json!("owner");
    write("paper.json", changed.to_string().as_bytes());
    assert_eq!(verify(&["--scan", "scan.pdf"]).1["on_paper"][0]["faults"], json!(["paper"]));
    let output = home.run(&["matter", "verify", "paper.json", "--scan", "scan.pdf"]);
    assert!(text(&output.stderr).contains("is no signature"), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("nothing in this file is signed"), "{}", text(&output.stderr));
}
