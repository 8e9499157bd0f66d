//! The audit trail by verbs: export from a server, check without one.

use crate::process::{Home, SCENE, text};

#[test]
fn an_export_is_verified_offline_and_a_changed_byte_is_named() {
    let home = Home::new();
    let served = home.serve(SCENE);
    let scene = home.scene();
    let account = scene["accounts"].as_array().unwrap().iter().find(|a| a["role"] == "audit_admin").unwrap();
    std::fs::write(home.folder.path().join("password"), account["password"].as_str().unwrap()).unwrap();
    let login = account["login"].as_str().unwrap();
    let sandbox = served.sandbox();
    let output = home.run(&["login", login, "--password-file", "password", "--server", &sandbox]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = home.run(&["audit", "export", "trail"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let channel = scene["channel"]["owner_id"].as_str().unwrap();
    let output = home.run(&["audit", "prove", channel, "one"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    check_trail(&home, channel);
    check_file(&home, channel);
    served.stop();
    check_proofs(&home, channel);
    let output = home.run(&["audit", "verify", "trail", "--json"]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let checked: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(checked["sealed"].as_u64().unwrap() > 50, "{checked}");
    let key = checked["keys"][0].as_str().unwrap().split_once('=').unwrap().1;
    assert!(home.run(&["audit", "verify", "trail", "--fingerprint", key]).status.success());
    let other = "0".repeat(32);
    assert_eq!(home.run(&["audit", "verify", "trail", "--fingerprint", &other]).status.code(), Some(1));
    check_places(&home);
}

/// One byte is changed in a record, in a signature and in the title: each time that place is named, and no other.
fn check_places(home: &Home) {
    let path = home.folder.path().join("trail");
    let whole = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let blocks: Vec<usize> =
        (0..lines.len()).filter(|line| lines[*line].contains("\"records\":\"")).collect();
    let block = blocks[blocks.len() * 2 / 3];
    let fields: serde_json::Value = serde_json::from_str(lines[block]).unwrap();
    let (log, first) = (fields["log"].as_str().unwrap(), &fields["first"]);
    let head = (0..lines.len()).find(|line| lines[*line].contains("\"signature\":\"")).unwrap();
    for (line, field, fault) in [
        // Past the length of the first record: inside it.
        (block, "\"records\":\"", format!("log {log}: record {first} was changed")),
        (head, "\"signature\":\"", format!("line {}: the signature of the head does not hold", head + 1)),
        (0, "\"version\":", "line 1: the title of another format, or in the wrong place".to_owned()),
    ] {
        let offset: usize = lines[..line].iter().map(|line| line.len() + 1).sum();
        let at = offset + lines[line].find(field).unwrap() + field.len() + if line == block { 30 } else { 0 };
        let mut changed = whole.clone().into_bytes();
        changed[at] = if changed[at] == b'2' { b'3' } else { b'2' };
        std::fs::write(&path, changed).unwrap();
        let output = home.run(&["audit", "verify", "trail", "--json"]);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        let checked: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(checked["faults"], serde_json::json!([fault]), "{field}");
    }
}

/// The records about a thing are listed, each proven to be sealed, and narrowed down.
fn check_trail(home: &Home, channel: &str) {
    let list = |more: &[&str]| {
        let output = home.run(&[&["audit", "trail", channel, "--verify", "--json"], more].concat());
        assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap().as_array().unwrap().clone()
    };
    let all = list(&[]);
    let created = all.iter().find(|record| record["action"] == "channel.created").unwrap();
    assert_eq!((&created["proven"], &created["object"]), (&"yes".into(), &channel.into()), "{created}");
    assert!(created["changed"].as_str().unwrap().contains("phase: - -> live"), "{created}");
    assert!(created["request"].as_str().unwrap().starts_with("req_"), "{created}");
    assert_eq!(list(&["--action", "channel.cre"]).len(), 1);
    assert!(list(&["--by", "holder"]).is_empty() && list(&["--until", "2000-01-01T00:00:00Z"]).is_empty());
    assert_eq!(home.run(&["audit", "trail", "key_0", "--json"]).status.code(), Some(2));
}

/// The same records as a file that the server makes, saved and compared with its digest.
fn check_file(home: &Home, channel: &str) {
    let told = |arguments: &[&str]| {
        let output = home.run(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let narrowed = ["--filter", "action=channel.", "--format", "csv"];
    let asked = told(&[&["export", "create", "channel_trail", "--object", channel][..], &narrowed].concat());
    let id = asked["export_id"].as_str().unwrap();
    let mut shown = asked.clone();
    for _ in 0..1000 {
        if shown["state"] != "waiting" && shown["state"] != "running" {
            break;
        }
        shown = told(&["export", "show", id]);
    }
    assert_eq!(shown["state"], "ready", "{shown}");
    let saved = told(&["export", "save", id, "file.csv"]);
    let file = std::fs::read_to_string(home.folder.path().join("file.csv")).unwrap();
    assert_eq!(file.lines().count() as u64, saved["rows"].as_u64().unwrap() + 1, "{file}");
    assert!(file.contains("channel.created"), "{file}");
    assert_eq!(
        home.run(&["export", "save", id, "file.csv"]).status.code(),
        Some(1),
        "nothing is written over"
    );
    assert_eq!(told(&["export", "list"])[0]["export_id"], id);
}

/// The file of proofs says what was done, with nothing else at hand, and a changed byte is found.
fn check_proofs(home: &Home, channel: &str) {
    let output = home.run(&["audit", "verify-proof", "one", "--json"]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let records: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(records[0]["object"].as_str(), Some(channel), "{records}");
    let other = "0".repeat(32);
    assert_eq!(home.run(&["audit", "verify-proof", "one", "--fingerprint", &other]).status.code(), Some(1));
    let path = home.folder.path().join("one");
    let whole = std::fs::read(&path).unwrap();
    for at in [whole.len() / 7, whole.len() / 2, whole.len() - 9] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert_eq!(home.run(&["audit", "verify-proof", "one"]).status.code(), Some(1), "byte {at}");
    }
}
