//! A backup is worth what its restoration is worth.

use crate::process::{Home, Players, SCENE, text};
use sdk::client::Acceptance;
use sdk::types::qr::Purpose;

#[test]
fn a_backup_restores_on_another_machine_and_serves() {
    let home = Home::new();
    let served = home.serve(SCENE);
    let players = Players::connect(&home, &served);
    let scan = players.scan(players.code(), Purpose::Identity);
    let verified = players.terminal.verify_code(&scan).unwrap();
    served.stop();
    let output = home.run(&["backup", "--to", "saved", "--unseal-to", "unseal"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let again = home.run(&["backup", "--to", "saved", "--unseal-to", "unseal"]);
    assert!(text(&again.stderr).contains("saved exists already"), "{}", text(&again.stderr));

    let other = Home::new();
    let saved = home.folder.path().join("saved");
    let unseal = home.folder.path().join("unseal");
    let restore = ["restore", "--from", saved.to_str().unwrap(), "--unseal-from", unseal.to_str().unwrap()];
    let output = other.run(&restore);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = other.run(&["doctor"]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    std::fs::copy(home.data().join("demo.json"), other.data().join("demo.json")).unwrap();
    let served = other.serve(SCENE);
    let players = Players::connect(&other, &served);
    let again = players.terminal.verify_code(&scan).unwrap();
    assert!(again.replayed && again.use_id == verified.use_id, "what was spent stays spent");
    served.stop();
    let output = other.run(&restore);
    assert_ne!(output.status.code(), Some(0), "a folder in use is never overwritten");
}
