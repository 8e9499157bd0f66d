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
