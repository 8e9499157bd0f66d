//! Starting and ending a server.

use crate::process::{Home, text};

#[test]
fn the_first_start_tells_a_one_time_password_for_each_world_and_no_later_one_does() {
    let home = Home::new();
    let served = home.serve(&[]);
    assert_eq!(served.said.matches("one-time password").count(), 2, "{}", served.said);
    served.stop();
    let served = home.serve(&[]);
    assert_eq!(served.said.matches("one-time password").count(), 0, "{}", served.said);
    served.stop();
}

#[test]
fn a_folder_is_served_by_one_process() {
    let home = Home::new();
    let served = home.serve(&[]);
    for verb in [&["serve", "--listen", "127.0.0.1:0"][..], &["doctor"], &["migrate"]] {
        let output = home.run(verb);
        assert_eq!(output.status.code(), Some(5), "{verb:?}");
        assert!(text(&output.stderr).contains("in use by another ykt process"));
    }
    drop(served);
    assert!(home.run(&["migrate"]).status.success());
}

#[test]
fn a_request_to_end_is_obeyed_in_order() {
    let home = Home::new();
    for signal in ["TERM", "INT"] {
        let served = home.serve(&[]);
        served.signal(signal);
        assert_eq!(served.wait().code(), Some(0), "{signal}");
    }
}

#[test]
fn the_doctor_finds_a_new_folder_sound_and_another_device_wrong() {
    let home = Home::new();
    home.serve(&[]).stop();
    let output = home.run(&["doctor"]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let keys = home.data().join("keys/sandbox/unseal.key");
    std::fs::write(&keys, [0; 32]).unwrap();
    let output = home.run(&["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let wrong: Vec<_> = rows.iter().filter(|row| row["ok"] == false).map(|row| &row["check"]).collect();
    assert_eq!(wrong, ["sandbox keys"]);
}

#[test]
fn offline_verbs_on_a_folder_that_holds_nothing_say_so_and_make_nothing() {
    let home = Home::new();
    let healthy = home.run(&["doctor"]);
    assert!(healthy.status.success(), "{}", text(&healthy.stderr));
    assert!(text(&healthy.stdout).contains("the first start makes them"), "{}", text(&healthy.stdout));

    for (verb, reason) in [
        (&["backup", "--to", "saved", "--unseal-to", "unseal"][..], "holds nothing to save"),
        (&["restore", "--from", "nowhere", "--unseal-from", "nowhere"], "nowhere holds no backup"),
    ] {
        let output = home.run(verb);
        assert_eq!(output.status.code(), Some(1), "{verb:?}");
        assert!(text(&output.stderr).contains(reason), "{}", text(&output.stderr));
    }
    assert_eq!(std::fs::read_dir(home.folder.path()).unwrap().count(), 0);
}

#[test]
fn both_worlds_live_in_one_postgresql_database_and_never_meet() {
    let Some(home) = Home::on_postgres() else { return };
    let served = home.serve(&[]);
    assert_eq!(served.said.matches("one-time password").count(), 2, "{}", served.said);
    served.stop();
    assert!(home.run(&["doctor"]).status.success());
}
