//! `ykt card`: registries made, imported, broken off and taken up again.

use crate::process::{Home, Served, text};
use sdk::client::{Config, Staff, platform_keys};
use sdk::types::import::{CardRow, ImportRows, StartImport};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Output;

struct Region {
    home: Home,
    served: Served,
    division: String,
    login: String,
    password: String,
}

impl Region {
    /// A server, and the administrator of a region signed in.
    fn open(home: Home) -> Self {
        let served = home.serve(&["--demo"]);
        let scene = home.scene();
        let accounts = scene["accounts"].as_array().unwrap();
        let account = accounts.iter().find(|account| account["role"] == "region_admin").unwrap();
        let field = |name: &str| account[name].as_str().unwrap().to_owned();
        let region = Self {
            served,
            division: "330100".into(),
            login: field("login"),
            password: field("password"),
            home,
        };
        let file = region.home.folder.path().join("password");
        std::fs::write(&file, &region.password).unwrap();
        let sandbox = region.served.sandbox();
        let signed = region.run(&[
            "login",
            &region.login,
            "--password-file",
            file.to_str().unwrap(),
            "--server",
            &sandbox,
        ]);
        assert!(signed.status.success(), "{}", text(&signed.stderr));
        region
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.home.run(arguments)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.folder.path().join(name)
    }

    fn generate(&self, name: &str, more: &[&str]) {
        let made =
            self.run(&[&["card", "generate", "--division", &self.division, "--out", name], more].concat());
        assert!(made.status.success(), "{}", text(&made.stderr));
    }

    /// Imports a file: exit code and report.
    fn import(&self, name: &str, more: &[&str]) -> (i32, Value) {
        let done = self.run(&[&["card", "import", name, "--json"], more].concat());
        let report =
            serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{}", text(&done.stderr)));
        (done.status.code().unwrap(), report)
    }

    fn staff(&self) -> Staff {
        let url = self.served.sandbox();
        let config = Config::new(&url, platform_keys(&url).unwrap());
        Staff::sign_in(&config, &self.login, &self.password).unwrap()
    }
}

fn counts(report: &Value) -> [i64; 5] {
    ["total", "inserted", "updated", "unchanged", "refused"].map(|name| report[name].as_i64().unwrap())
}

#[test]
fn what_is_generated_imports_cleanly_and_importing_it_again_changes_nothing() {
    let region = Region::open(Home::new());
    for seed in ["1", "2", "3"] {
        region.generate("cards.csv", &["--count", "3000", "--seed", seed]);
        let (code, report) = region.import("cards.csv", &["--chunk", "700"]);
        assert_eq!((code, counts(&report)), (0, [3000, 3000, 0, 0, 0]), "{report}");
        assert!(report["errors_file"].is_null());
        assert_eq!(region.import("cards.csv", &[]), (0, report), "the same file is the same import");
        // Other bytes, the same rows.
        region.generate("cards.gb.csv", &["--count", "3000", "--seed", seed, "--encoding", "gb18030"]);
        let (code, report) = region.import("cards.gb.csv", &[]);
        assert_eq!((code, counts(&report)), (0, [3000, 0, 0, 3000, 0]), "{report}");
    }
}

#[test]
fn bad_rows_come_back_in_a_file_that_can_be_put_right_and_imported() {
    let region = Region::open(Home::new());
    region.generate("cards.csv", &["--count", "50"]);
    let good = std::fs::read_to_string(region.path("cards.csv")).unwrap();
    let mut lines: Vec<String> = good.lines().map(str::to_owned).collect();
    lines[7] = lines[7].replacen("330", "990", 1);
    lines[9] = "330100,only,three".into();
    lines[13].push_str(",more");
    let row = lines[11].clone();
    std::fs::write(region.path("bad.csv"), lines.join("\r\n")).unwrap();
    let (code, report) = region.import("bad.csv", &["--chunk", "4"]);
    assert_eq!((code, counts(&report)), (6, [50, 47, 0, 0, 3]), "{report}");
    let errors = std::fs::read_to_string(region.path("bad.csv.errors.csv")).unwrap();
    let told: Vec<_> = errors.lines().collect();
    assert_eq!(told.len(), 4, "{errors}");
    assert!(told[0].ends_with(",reason,error") && told[1].contains("staff.division"), "{errors}");
    assert!(told[2].contains("列数应为14，实为3") && told[3].contains("列数应为14，实为15"), "{errors}");
    let right = format!("{}\n{}\n{row}\n", told[0], told[1].replacen("990", "330", 1));
    std::fs::write(region.path("right.csv"), right).unwrap();
    let (code, report) = region.import("right.csv", &[]);
    assert_eq!(
        (code, counts(&report)[1]),
        (6, 1),
        "the put-right row is in; a row that lacks a column is not: {report}"
    );
}

#[test]
fn bad_rows_come_back_in_the_encoding_that_they_came_in() {
    let region = Region::open(Home::new());
    region.generate("cards.csv", &["--count", "20"]);
    let text = std::fs::read_to_string(region.path("cards.csv")).unwrap();
    let row = text.lines().nth(7).unwrap();
    let bad = row.replacen("330", "990", 1);
    let changed = text.replacen(row, &bad, 1);
    let (encoded, _, _) = encoding_rs::GB18030.encode(&changed);
    std::fs::write(region.path("gb.csv"), encoded).unwrap();
    let (code, report) = region.import("gb.csv", &[]);
    assert_eq!((code, counts(&report)), (6, [20, 19, 0, 0, 1]), "{report}");

    let errors = std::fs::read(region.path("gb.csv.errors.csv")).unwrap();
    assert!(std::str::from_utf8(&errors).is_err(), "it is no UTF-8 file");
    let (errors, _, broken) = encoding_rs::GB18030.decode(&errors);
    let repeated = errors.lines().nth(1).unwrap();
    assert!(!broken && repeated.starts_with(&bad) && repeated.contains("超出本辖区范围"), "{errors}");
}

#[test]
fn an_import_that_was_killed_goes_on_and_still_tells_every_reason() {
    let region = Region::open(Home::new());
    region.generate("cards.csv", &["--count", "40"]);
    let file =
        std::fs::read_to_string(region.path("cards.csv")).unwrap().replacen("resident_id", "nothing", 1);
    std::fs::write(region.path("cards.csv"), &file).unwrap();
    // A program that died after the platform had written its first chunk, before it had noted what was refused.
    let staff = region.staff();
    let digest = data_encoding::HEXLOWER.encode(&gm::sm3::digest(file.as_bytes()));
    let import =
        staff.start_import(&StartImport { file_name: "cards.csv".into(), digest, total: 40 }).unwrap();
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let rows: Vec<CardRow> = reader.deserialize().take(10).map(Result::unwrap).collect();
    let sent = staff.import_rows(&import.import_id, &ImportRows { first_row: 0, rows }).unwrap();
    assert_eq!((sent.import.rows_done, sent.import.refused), (10, 1));
    let (code, report) = region.import("cards.csv", &["--chunk", "7"]);
    assert_eq!((code, counts(&report)), (6, [40, 39, 0, 0, 1]), "{report}");
    assert_eq!(report["import_id"], import.import_id);
    let errors = std::fs::read_to_string(region.path("cards.csv.errors.csv")).unwrap();
    assert!(errors.lines().count() == 2 && errors.contains("id_kind"), "{errors}");
}

#[test]
fn a_file_that_is_no_registry_is_refused_before_anything_is_sent() {
    let region = Region::open(Home::new());
    for (text, code) in [("name,number\nx,1\n", 2), ("", 2), ("aab301,aac002,aac003,aaz500,aaz502\n", 2)] {
        std::fs::write(region.path("wrong.csv"), text).unwrap();
        assert_eq!(region.run(&["card", "import", "wrong.csv"]).status.code(), Some(code), "{text:?}");
    }
    assert_eq!(region.run(&["card", "import", "absent.csv"]).status.code(), Some(1));
    assert_eq!(region.run(&["card", "import", "wrong.csv", "--chunk", "2001"]).status.code(), Some(2));
}

#[test]
fn a_card_is_found_changed_and_replaced_by_verbs() {
    let region = Region::open(Home::new());
    region.generate("cards.csv", &["--count", "200"]);
    region.import("cards.csv", &[]);
    let text = std::fs::read_to_string(region.path("cards.csv")).unwrap();
    let active = text.lines().find(|line| line.split(',').nth(9) == Some("1")).unwrap();
    let field = |n: usize| active.split(',').nth(n).unwrap();
    let json = |arguments: &[&str]| -> Value {
        let output = region.run(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{}", crate::process::text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let found = json(&["card", "list", "--division", field(0), "--number", field(7)]);
    let id = found[0]["card_id"].as_str().unwrap();
    assert_eq!(json(&["card", "state", id, "report_loss"])["wire_state"], 2);
    assert_eq!(region.run(&["card", "state", id, "lock"]).status.code(), Some(5));
    let new = json(&["card", "replace", id, "--number", "Z00000001", "--reason", "lost"]);
    assert_eq!(new["state"], "active");
    assert_eq!(json(&["card", "show", id])["reason"], "lost");
    let invalid = json(&["card", "list", "--invalid", "--division", field(0)]);
    assert!(invalid.as_array().unwrap().iter().any(|entry| entry["card_id"] == id));
}
