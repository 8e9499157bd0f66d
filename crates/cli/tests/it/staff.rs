//! Verbs on a running server.

use crate::process::{Home, Players, SCENE, Served, config, text};
use sdk::client::{Acceptance, Staff};
use sdk::types::matter::ActOnMatter;
use sdk::types::qr::Purpose;
use serde_json::Value;
use std::process::Output;

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn sign_in(home: &Home, served: &Served, role: &str) {
    let scene = home.scene();
    let account =
        scene["accounts"].as_array().unwrap().iter().find(|account| account["role"] == role).unwrap();
    let file = home.folder.path().join("password");
    std::fs::write(&file, account["password"].as_str().unwrap()).unwrap();
    let login = account["login"].as_str().unwrap();
    let sandbox = served.sandbox();
    let arguments =
        ["login", login, "--password-file", file.to_str().unwrap(), "--server", &sandbox, "--profile", role];
    let output = home.run(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn the_first_administrator_replaces_the_one_time_password_before_anything_else() {
    let home = Home::new();
    let served = home.serve(&[]);
    let line = served.said.lines().find(|line| line.contains("production")).unwrap();
    let password = line.rsplit(' ').next().unwrap();
    let (once, new) = (home.folder.path().join("once"), home.folder.path().join("new"));
    std::fs::write(&once, password).unwrap();
    std::fs::write(&new, "correct horse battery staple").unwrap();
    let file = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let server = ["--server", &served.origin];
    let login =
        |path: &str| home.run(&[&["login", "operator", "--password-file", path], &server[..]].concat());
    assert!(login(&file(&once)).status.success());
    assert_eq!(home.run(&["org", "list"]).status.code(), Some(4));
    let changed = ["password", "--password-file", &file(&once), "--new-password-file", &file(&new)];
    assert!(home.run(&changed).status.success());
    assert_eq!(login(&file(&once)).status.code(), Some(4), "the one-time password is spent");
    assert!(login(&file(&new)).status.success());
    let orgs = json(&home.run(&["org", "list", "--json"]));
    assert_eq!(orgs.as_array().unwrap().len(), 1);
    assert!(home.run(&["logout"]).status.success());
    assert_eq!(home.run(&["org", "list"]).status.code(), Some(4));
}

#[test]
fn an_operator_works_by_verbs_alone() {
    let home = Home::new();
    let served = home.serve(SCENE);
    for role in ["operator_admin", "security_admin", "region_admin", "operator_clerk", "audit_admin"] {
        sign_in(&home, &served, role);
    }
    let run =
        |role: &str, arguments: &[&str]| home.run(&[arguments, &["--json", "--profile", role]].concat());
    assert!(home.run(&["key", "generate", "second"]).status.success());
    let channels = json(&run("operator_admin", &["channel", "list"]));
    let id = channels[0]["channel_id"].as_str().unwrap();
    let key = json(&run("security_admin", &["channel", "key", "add", id, "second.pub"]));
    let key = key["key_id"].as_str().unwrap();
    json(&run("security_admin", &["channel", "key", "revoke", key, "--reason", "a drill"]));
    let suspended = json(&run("operator_admin", &["channel", "suspend", id, "--reason", "a drill"]));
    assert_eq!(suspended["state"], "suspended");
    assert_eq!(
        run("operator_admin", &["channel", "suspend", id, "--reason", "again"]).status.code(),
        Some(5)
    );
    json(&run("operator_admin", &["channel", "resume", id, "--reason", "over"]));
    let terminal = json(&run("region_admin", &["terminal", "list"]))[0]["terminal_id"].clone();
    let terminal = terminal.as_str().unwrap();
    let blocked = json(&run("region_admin", &["terminal", "block", terminal, "--reason", "a drill"]));
    assert_eq!(blocked["state"], "blocked");
    json(&run("region_admin", &["terminal", "unblock", terminal, "--reason", "over"]));
    let payee = json(&run("operator_admin", &["payee", "list"]))[0]["payee_id"].clone();
    let again = ["payee", "create", payee.as_str().unwrap(), "--fee-basis-points", "30"];
    assert_eq!(json(&run("operator_admin", &again))["payee_id"], payee, "the same again changes nothing");
    let other = ["payee", "create", payee.as_str().unwrap(), "--fee-basis-points", "31"];
    assert_eq!(run("operator_admin", &other).status.code(), Some(5));
    let unconfirmed = run("operator_admin", &["channel", "terminate", id]);
    assert_eq!(unconfirmed.status.code(), Some(2), "{}", text(&unconfirmed.stderr));
    let ledger = json(&run("audit_admin", &["ledger", "verify"]));
    assert_eq!(ledger["balanced"], true);
    assert_eq!(
        run("audit_admin", &["channel", "show", "chn_00000000000000000000000000"]).status.code(),
        Some(3)
    );
    assert_eq!(
        run("region_admin", &["org", "create", "x", "--kind", "lab", "--division", "330100"]).status.code(),
        Some(4)
    );
    let wrong = run("operator_admin", &["org", "create", "x", "--kind", "lab", "--division", "99"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("/division"), "{}", text(&wrong.stderr));
}

#[test]
fn security_says_from_where_accounts_are_used_and_what_is_not_given_stays() {
    let home = Home::new();
    let served = home.serve(SCENE);
    sign_in(&home, &served, "security_admin");
    let run =
        |arguments: &[&str]| home.run(&[arguments, &["--json", "--profile", "security_admin"]].concat());
    let orgs = json(&run(&["org", "list"]));
    let of = |kind: &str| {
        let org = orgs.as_array().unwrap().iter().find(|org| org["kind"] == kind).unwrap();
        org["org_id"].as_str().unwrap().to_owned()
    };
    let (region, own) = (of("prefecture"), of("operator"));
    let set = |org: &str, more: &[&str]| run(&[&["org", "sign-in-rule", "set", org], more].concat());
    let listed = ["--network", "192.0.2.0/24", "--network", "2001:db8::/32"];
    let rule = json(&set(&region, &listed));
    assert_eq!((&rule["networks"][1], &rule["concurrency"]), (&"2001:db8::/32".into(), &"many".into()));
    let rule = json(&set(&region, &["--concurrency", "single"]));
    assert_eq!((&rule["networks"][0], &rule["concurrency"]), (&"192.0.2.0/24".into(), &"single".into()));
    json(&set(&region, &["--anywhere"]));
    let rule = json(&run(&["org", "sign-in-rule", "show", &region]));
    assert_eq!((rule["networks"].as_array().unwrap().len(), &rule["concurrency"]), (0, &"single".into()));
    let wrong = set(&own, &["--network", "192.0.2.0/24"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("/networks"), "{}", text(&wrong.stderr));
    assert_eq!(set(&region, &["--network", "::/0", "--anywhere"]).status.code(), Some(2));
}

/// CH-25.2: a registration that came back is taken up again; one on its way is not begun twice.
#[test]
fn a_returned_signing_key_is_filed_again_in_the_same_registration() {
    let home = Home::new();
    let served = home.serve(SCENE);
    for role in ["operator_admin", "security_admin"] {
        sign_in(&home, &served, role);
    }
    let run =
        |role: &str, arguments: &[&str]| home.run(&[arguments, &["--json", "--profile", role]].concat());
    let uscc = domain::identity::Uscc::numbered("91330100", 77).unwrap().as_str().to_owned();
    let org =
        ["org", "create", "示例公司", "--kind", "channel_owner", "--division", "330100", "--uscc", &uscc];
    let org = json(&run("operator_admin", &org));
    let account =
        ["staff", "create", "owner", "--org", org["org_id"].as_str().unwrap(), "--role", "channel_admin"];
    let account = json(&run("security_admin", &account));
    let write = |name: &str, text: &str| std::fs::write(home.folder.path().join(name), text).unwrap();
    write("once", account["one_time_password"].as_str().unwrap());
    write("new", "correct horse battery staple");
    let login = ["login", "owner", "--server", &served.sandbox(), "--password-file"];
    for (password, next) in [("once", Some("new")), ("new", None)] {
        let output = run("owner", &[&login[..], &[password]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        if let Some(next) = next {
            let change = ["password", "--password-file", password, "--new-password-file", next];
            assert!(run("owner", &change).status.success());
        }
    }
    assert!(home.run(&["key", "generate", "unit"]).status.success());
    let register = || run("owner", &["key", "register", "--key", "unit.key"]);
    let filed = json(&register());
    assert_eq!(filed["state"], "filed");
    assert_eq!(register().status.code(), Some(5), "it waits for the operator");

    let scene = home.scene();
    let mut accounts = scene["accounts"].as_array().unwrap().iter();
    let clerk = accounts.find(|account| account["role"] == "operator_clerk").unwrap();
    let word = |name: &str| clerk[name].as_str().unwrap();
    let clerk = Staff::sign_in(&config(&served), word("login"), word("password")).unwrap();
    let matter = clerk.matter(filed["matter_id"].as_str().unwrap()).unwrap();
    let input = serde_json::Map::from_iter([("words".to_owned(), "无人接听".into())]);
    let back = ActOnMatter { action: "return".into(), input };
    clerk.act_on_matter(&matter.matter_id, matter.version, &back).unwrap();
    let again = json(&register());
    assert_eq!((&again["state"], &again["matter_id"]), (&filed["state"], &filed["matter_id"]));
}

#[test]
fn a_caller_proves_its_key_and_sees_its_own_payments_and_e_cards() {
    let home = Home::new();
    let served = home.serve(SCENE);
    let players = Players::connect(&home, &served);
    let scene = home.scene();
    let run = |who: &str, arguments: &[&str]| {
        let file = home.folder.path().join(who);
        std::fs::write(&file, scene[who]["secret_key"].as_str().unwrap()).unwrap();
        let key = ["--key", who, "--key-id", scene[who]["key_id"].as_str().unwrap()];
        home.run(&[arguments, &key, &["--server", &served.sandbox(), "--json"]].concat())
    };
    assert_eq!(json(&run("terminal", &["key", "probe"]))["text"], "probe");
    assert_eq!(json(&run("channel", &["ecard", "show", &players.binding]))["state"], "active");
    players.terminal.verify_code(&players.scan(players.code(), Purpose::Identity)).unwrap();
    let uses = json(&run("channel", &["ecard", "uses", &players.binding]));
    assert_eq!(uses[0]["purpose"], "identity");
    assert_eq!(run("terminal", &["payment", "show", "pay_nothing"]).status.code(), Some(3));
    std::fs::write(home.folder.path().join("other"), "00").unwrap();
    let other =
        home.run(&["key", "probe", "--key", "other", "--key-id", "key_x", "--server", &served.sandbox()]);
    assert_eq!(other.status.code(), Some(2));
}
