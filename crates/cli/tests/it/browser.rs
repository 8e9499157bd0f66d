//! The try-it page in a real browser.

use crate::process::{Home, SCENE, on_path, text};
use std::process::Command;

fn dump(url: &str, profile: &std::path::Path) -> String {
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--virtual-time-budget=60000", "--dump-dom", url])
        .output()
        .unwrap();
    text(&output.stdout)
}

#[test]
fn a_newcomer_claims_shows_verifies_pays_and_reads_the_evidence() {
    if !on_path("chromium") {
        return;
    }
    let home = Home::new();
    let served = home.serve(SCENE);
    let page = dump(&format!("{}/#play", served.origin), &home.folder.path().join("profile"));
    assert!(page.contains("data-outcome=\"passed\""), "{page}");
    assert!(page.contains("code.replayed"), "{page}");
}

#[test]
fn without_demonstration_data_the_page_says_so_and_offers_nothing() {
    if !on_path("chromium") {
        return;
    }
    let home = Home::new();
    let served = home.serve(&[]);
    let page = dump(&format!("{}/#play", served.origin), &home.folder.path().join("profile"));
    assert!(page.contains("<title>CLOSED</title>"), "{page}");
}
