//! Verbs that need no server: wrong use, references, keys, configuration.

use crate::process::{Home, needed, text};
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_wrong_use_is_told_with_exit_code_2() {
    let home = Home::new();
    for arguments in [&["serv"][..], &["serve", "--port", "1"], &["channel"], &["org", "create"], &[]] {
        let output = home.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_wrong_configuration_is_told_with_its_place_before_anything_is_opened() {
    let home = Home::new();
    let output = home.run(&["serve", "--listen", "somewhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`listen` (flag --listen) must be"), "{}", text(&output.stderr));
    std::fs::write(home.folder.path().join("ykt.toml"), "lisen = \"127.0.0.1:1\"\n").unwrap();
    let output = home.run(&["serve"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`lisen` is no setting"), "{}", text(&output.stderr));
    std::fs::write(home.folder.path().join("ykt.toml"), "demo = \"perhaps\"\n").unwrap();
    let output = home.run(&["serve"]);
    assert!(text(&output.stderr).contains("ykt.toml) must be true or false"), "{}", text(&output.stderr));
    assert!(!home.data().exists());
}

#[test]
fn config_explain_says_where_each_value_comes_from() {
    let home = Home::new();
    std::fs::write(home.folder.path().join("ykt.toml"), "listen = \"127.0.0.1:9\"\nlog = \"warn\"\n")
        .unwrap();
    let mut command = home.command(&["config", "explain", "--json"]);
    let output = command.env("YKT_LOG", "error").output().unwrap();
    assert!(output.status.success());
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let source = |name: &str| {
        let row = rows.iter().find(|row| row["setting"] == name).unwrap();
        (row["value"].as_str().unwrap().to_owned(), row["source"].as_str().unwrap().to_owned())
    };
    assert_eq!(source("listen"), ("127.0.0.1:9".into(), "file ykt.toml".into()));
    assert_eq!(source("log"), ("error".into(), "environment YKT_LOG".into()));
    assert_eq!(source("demo"), ("false".into(), "default".into()));
}

#[test]
fn references_are_the_same_every_time() {
    let home = Home::new();
    for arguments in [
        &["openapi"][..],
        &["errors", "--markdown"],
        &["parameters", "--markdown"],
        &["workflows", "--markdown"],
        &["man"],
    ] {
        let (one, other) = (home.run(arguments), home.run(arguments));
        assert!(one.status.success() && one.stdout.len() > 500, "{arguments:?}: {}", text(&one.stderr));
        assert_eq!(one.stdout, other.stdout, "{arguments:?}");
    }
    let api: serde_json::Value = serde_json::from_slice(&home.run(&["openapi"]).stdout).unwrap();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(!home.data().exists());
}

#[test]
fn every_error_has_a_code_a_status_and_both_languages() {
    let output = Home::new().run(&["errors", "--json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(rows.len() > 100);
    for row in &rows {
        assert!((400..600).contains(&row["status"].as_i64().unwrap()), "{row}");
        assert!(!row["zh"].as_str().unwrap().is_empty() && !row["en"].as_str().unwrap().is_empty(), "{row}");
    }
}

#[test]
fn a_generated_key_is_for_its_owner_only_and_never_overwritten() {
    let home = Home::new();
    assert!(home.run(&["key", "generate", "channel"]).status.success());
    let secret = home.folder.path().join("channel.key");
    assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&secret).unwrap();
    assert_eq!(home.run(&["key", "generate", "channel"]).status.code(), Some(1));
    std::fs::remove_file(home.folder.path().join("channel.pub")).unwrap();
    assert_eq!(home.run(&["key", "generate", "channel"]).status.code(), Some(1));
    assert_eq!(std::fs::read(&secret).unwrap(), before);
}

#[test]
fn a_closed_pipe_ends_the_output_quietly() {
    let home = Home::new();
    let mut child = home.command(&["errors"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_demonstration_proves_every_step() {
    let output = Home::new().run(&["demo"]);
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("every proof held"));
}

#[test]
fn the_demonstration_proves_every_step_on_postgresql_and_leaves_nothing_there() {
    let Some(server) = needed("YKT_TEST_POSTGRES") else { return };
    let home = Home::new();
    // A schema that only this test knows: what is left in the server's own one may be another test's.
    let place = store::db::Scratch::create(&server).unwrap();
    let output = home.run(&["demo", "--postgres", place.url()]);
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("every proof held"));
    let output = home.run(&["demo", "--postgres", "postgres://127.0.0.1:1/nowhere"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert!(!text(&output.stdout).contains('✓'), "nothing is played anywhere else");
}
