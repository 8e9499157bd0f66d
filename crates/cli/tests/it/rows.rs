//! Files of organisations, openings and terminals by verbs: tried, brought, and brought again.

use crate::process::{Home, SCENE, Served, text};
use serde_json::Value;

/// Signs an account of the demonstration in.
fn sign_in(home: &Home, served: &Served, role: &str) {
    let scene = home.scene();
    let account = scene["accounts"].as_array().unwrap().iter().find(|one| one["role"] == role).unwrap();
    std::fs::write(home.folder.path().join("password"), account["password"].as_str().unwrap()).unwrap();
    let (login, sandbox) = (account["login"].as_str().unwrap(), served.sandbox());
    let output = home.run(&["login", login, "--password-file", "password", "--server", &sandbox]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// What became of a file: exit code, and how many rows are new, unchanged and refused.
fn import(home: &Home, arguments: &[&str]) -> (i32, [i64; 3]) {
    let done = home.run(&[arguments, &["--json"]].concat());
    let report: Value =
        serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{}", text(&done.stderr)));
    let counts = ["inserted", "unchanged", "refused"].map(|name| report[name].as_i64().unwrap());
    (done.status.code().unwrap(), counts)
}

fn keep(home: &Home, name: &str, content: &str, encoding: &'static encoding_rs::Encoding) {
    let (bytes, _, unmapped) = encoding.encode(content);
    assert!(!unmapped);
    std::fs::write(home.folder.path().join(name), bytes).unwrap();
}

#[test]
fn a_file_is_tried_brought_and_brought_again_and_what_is_wrong_lies_beside_it() {
    let home = Home::new();
    let served = home.serve(SCENE);
    let (gb, utf8) = (encoding_rs::GB18030, encoding_rs::UTF_8);
    sign_in(&home, &served, "operator_admin");
    let orgs = "机构名称*,机构类型*,行政区划代码*,统一社会信用代码\n\
        某县数据局,用卡部门,330106,\n某所,检测,330106,\n某局,用卡部门,330106\n";
    keep(&home, "orgs.csv", orgs, gb);
    assert_eq!(import(&home, &["org", "import", "orgs.csv", "--dry-run"]), (6, [1, 0, 2]));
    assert_eq!(import(&home, &["org", "import", "orgs.csv"]), (6, [1, 0, 2]), "nothing was written before");
    assert_eq!(import(&home, &["org", "import", "orgs.csv"]), (6, [0, 1, 2]));
    let errors = std::fs::read(home.folder.path().join("orgs.csv.errors.csv")).unwrap();
    let errors = gb.decode(&errors).0;
    let told: Vec<_> = errors.lines().collect();
    assert!(told[1].starts_with("某所,检测") && told[1].contains("org.kind"), "{errors}");
    assert!(told[2].contains("列数应为4，实为3"), "{errors}");
    // What is beside it is a file of its kind, once it is mended.
    keep(&home, "mended.csv", &format!("{}\n{}\n", told[0], told[1].replacen("检测", "安全检测机构", 1)), gb);
    assert_eq!(import(&home, &["org", "import", "mended.csv"]), (0, [1, 0, 0]));
    keep(&home, "other.csv", "name,kind,place\n某,lab,330106\n", utf8);
    assert_eq!(home.run(&["org", "import", "other.csv"]).status.code(), Some(2));

    sign_in(&home, &served, "region_admin");
    assert_eq!(home.run(&["org", "import", "orgs.csv"]).status.code(), Some(4), "who may not register one");
    let terminal = home.scene()["terminal"]["owner_id"].as_str().unwrap().to_owned();
    let openings =
        format!("service,caller,division\n扫码支付,{terminal},330100\n扫码支付,DEMO-NONE,330100\n");
    keep(&home, "openings.csv", &openings, utf8);
    let (code, [inserted, unchanged, refused]) = import(&home, &["service", "import", "openings.csv"]);
    assert_eq!((code, inserted + unchanged, refused), (6, 1, 1));
    assert_eq!(import(&home, &["service", "import", "openings.csv"]), (6, [0, 1, 1]));
    let org = home.run(&["org", "list", "--json"]);
    assert!(org.status.success(), "{}", text(&org.stderr));
    let orgs: Value = serde_json::from_slice(&org.stdout).unwrap();
    let named = |one: &&Value| one["name"] == "某县数据局";
    let org = orgs.as_array().unwrap().iter().find(named).unwrap()["org_id"].as_str().unwrap().to_owned();
    keep(&home, "terminals.csv", &format!("serial,org,division,psam_no\nSN-A,{org},330106,\n"), utf8);
    assert_eq!(import(&home, &["terminal", "import", "terminals.csv"]), (0, [1, 0, 0]));
    assert_eq!(import(&home, &["terminal", "import", "terminals.csv"]), (0, [0, 1, 0]));
}
