//! The audit trail by verbs: export from a server, check without one.

use crate::process::{Home, text};

#[test]
fn an_export_is_verified_offline_and_a_changed_byte_is_named() {
    let home = Home::new();
    let served = home.serve(&["--demo"]);
    let scene = home.scene();
    let account = scene["accounts"].as_array().unwrap().iter().find(|a| a["role"] == "audit_admin").unwrap();
    std::fs::write(home.folder.path().join("password"), account["password"].as_str().unwrap()).unwrap();
    let login = account["login"].as_str().unwrap();
    let sandbox = served.sandbox();
    let output = home.run(&["login", login, "--password-file", "password", "--server", &sandbox]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = home.run(&["audit", "export", "trail"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    served.stop();
    let output = home.run(&["audit", "verify", "trail", "--json"]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let checked: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(checked["sealed"].as_u64().unwrap() > 50, "{checked}");
    let key = checked["keys"][0].as_str().unwrap().split_once('=').unwrap().1;
    assert!(home.run(&["audit", "verify", "trail", "--fingerprint", key]).status.success());
    let other = "0".repeat(32);
    assert_eq!(home.run(&["audit", "verify", "trail", "--fingerprint", &other]).status.code(), Some(1));
    let path = home.folder.path().join("trail");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() * 2 / 3;
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let output = home.run(&["audit", "verify", "trail"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
}
