//! `ykt card`: registries made, imported, broken off and taken up again.

use crate::process::{Home, SCENE, Served, text};
use sdk::client::{Config, Staff, platform_keys};
use sdk::types::import::{CardRow, ImportRows, StartImport};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Child, Output, Stdio};

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
        let served = home.serve(SCENE);
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
        region.sign_in();
        region
    }

    fn sign_in(&self) {
        let file = self.home.folder.path().join("password");
        std::fs::write(&file, &self.password).unwrap();
        let (file, sandbox) = (file.to_str().unwrap(), self.served.sandbox());
        let signed = self.run(&["login", &self.login, "--password-file", file, "--server", &sandbox]);
        assert!(signed.status.success(), "{}", text(&signed.stderr));
    }

    /// The server dies and another takes its place.
    fn dies(&mut self) {
        self.served.die();
        self.served = self.home.serve(SCENE);
        self.sign_in();
    }

    /// Starts an import and lets it come this far: the program that does it is still at work.
    fn begin(&self, name: &str, rows: i64) -> Child {
        let staff = self.staff();
        let mut command = self.home.command(&["card", "import", name, "--chunk", "50"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let bytes = std::fs::read(self.path(name)).unwrap();
        let digest = data_encoding::HEXLOWER.encode(&gm::sm3::digest(&bytes));
        let total = i64::try_from(text(&bytes).lines().count() - 1).unwrap();
        // The same file is the same import, whoever asks.
        let asked = StartImport { file_name: name.into(), digest, total };
        while staff.start_import(&asked).unwrap().rows_done < rows {
            std::thread::yield_now();
        }
        child
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
        staff(&self.home, &self.served)
    }
}

/// The administrator of the demonstration's region.
fn staff(home: &Home, served: &Served) -> Staff {
    let scene = home.scene();
    let account = scene["accounts"].as_array().unwrap().iter().find(|one| one["role"] == "region_admin");
    let field = |name: &str| account.unwrap()[name].as_str().unwrap();
    let url = served.sandbox();
    let config = Config::new(&url, platform_keys(&url).unwrap());
    Staff::sign_in(&config, field("login"), field("password")).unwrap()
}

/// Imports rows, all of which must be new and good.
pub fn import_rows(home: &Home, served: &Served, rows: &[CardRow]) {
    let staff = staff(home, served);
    let total = i64::try_from(rows.len()).unwrap();
    let digest = data_encoding::HEXLOWER.encode(&gm::random::bytes::<32>());
    let import = staff.start_import(&StartImport { file_name: "rows.csv".into(), digest, total }).unwrap();
    let chunk = ImportRows { first_row: 0, rows: rows.to_vec() };
    assert_eq!(staff.import_rows(&import.import_id, &chunk).unwrap().import.inserted, total);
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

/// The rows of a file, some of them bad, imported by a program or a server that dies in the middle, once more by another, and
/// then whole from a file of other bytes: nothing is missing, nothing is there twice, and the reasons are the same.
fn an_import_broken_off_is_as_good_as_one_that_was_not(home: Home) {
    const ROWS: i64 = 3_000;
    let mut region = Region::open(home);
    for (seed, who) in [("1", "program"), ("2", "server")] {
        region.generate("cards.csv", &["--count", &ROWS.to_string(), "--seed", seed]);
        let whole = std::fs::read_to_string(region.path("cards.csv")).unwrap();
        let spoilt = whole.lines().enumerate().map(|(place, line)| match place {
            40 | 1_500 | 2_900 => line.replacen("330", "990", 1) + "\r\n",
            _ => line.to_owned() + "\r\n",
        });
        let spoilt: String = spoilt.collect();
        std::fs::write(region.path("cards.csv"), &spoilt).unwrap();
        let mut child = region.begin("cards.csv", 500);
        assert!(child.try_wait().unwrap().is_none(), "it was over before");
        if who == "program" {
            child.kill().unwrap();
            assert!(!child.wait().unwrap().success());
        } else {
            region.dies();
            assert!(!child.wait().unwrap().success(), "it says that the server is gone");
        }
        let (code, report) = region.import("cards.csv", &["--chunk", "50"]);
        assert_eq!((code, counts(&report)), (6, [ROWS, ROWS - 3, 0, 0, 3]), "{who}: {report}");
        std::fs::write(region.path("again.csv"), spoilt.replace("\r\n", "\n")).unwrap();
        let (code, report) = region.import("again.csv", &[]);
        assert_eq!((code, counts(&report)), (6, [ROWS, 0, 0, ROWS - 3, 3]), "{who}: {report}");
        let errors = |name: &str| {
            let told = std::fs::read_to_string(region.path(name)).unwrap();
            told.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(errors("cards.csv.errors.csv"), errors("again.csv.errors.csv"), "{who}");
        assert_eq!(errors("cards.csv.errors.csv").len(), 4, "{who}");
    }
}

#[test]
fn an_import_broken_off_is_as_good_as_one_that_was_not_on_sqlite() {
    an_import_broken_off_is_as_good_as_one_that_was_not(Home::new());
}

#[test]
fn an_import_broken_off_is_as_good_as_one_that_was_not_on_postgresql() {
    if let Some(home) = Home::on_postgres() {
        an_import_broken_off_is_as_good_as_one_that_was_not(home);
    }
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
