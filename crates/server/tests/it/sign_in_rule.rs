//! From which networks the accounts of an organisation are used, and that they are used in one place at a time. The address
//! of a request is what a trusted proxy says; in these tests that is the machine itself.

use crate::harness::{Platform, Reply, refusal};
use crate::staff::{PASSWORD, settled};
use domain::id::OrgId;
use domain::org::{OrgKind, Role};
use domain::parameter::Name;
use domain::time::Timestamp;
use sdk::client::{Acceptance, Call, Staff};
use sdk::types::Private;
use sdk::types::audit::{TrailEntry, TrailFilter};
use sdk::types::session::{Ping, Pong};
use sdk::types::sign_in_rule::{Concurrency, SetSignInRule, SignInRuleView};
use serde_json::{Value, json};

/// From where the requests of a test come that say nothing else.
const HERE: &str = "127.0.0.1";

/// What the machine itself says about addresses is believed.
fn behind_a_proxy(platform: &Platform) {
    platform.world().limit_addresses(None, vec![HERE.parse().unwrap()]);
}

fn rule(networks: &[&str], concurrency: Concurrency) -> SetSignInRule {
    SetSignInRule { networks: networks.iter().map(|one| (*one).to_owned()).collect(), concurrency }
}

/// Sets the rule whatever it was.
fn set(by: &Staff, org: &str, request: &SetSignInRule) -> Result<SignInRuleView, sdk::client::Error> {
    let version = by.sign_in_rule(org)?.version;
    by.set_sign_in_rule(org, version, request)
}

/// The operator's security administrator, and a department with the clerk 李雷.
fn department(platform: &Platform) -> (Staff, String) {
    let security = platform.staff(Role::SecurityAdmin, "000000");
    let org = platform.org(OrgKind::Department, "330106").to_string();
    settled(platform, &security, &org, "lilei", "department_clerk");
    (security, org)
}

fn sign_in(platform: &Platform, from: &str, password: &str, code: Option<&str>) -> Reply {
    let mut claim = json!({"login": "lilei", "password": password});
    if let Some(code) = code {
        claim["code"] = code.into();
    }
    platform.request(
        "POST",
        "/api/v1/staff/sessions",
        &[("x-forwarded-for", from)],
        claim.to_string().as_bytes(),
    )
}

fn token(reply: &Reply) -> String {
    assert_eq!(reply.status, 201, "{}", reply.code());
    format!("Bearer {}", reply.json()["token"].as_str().unwrap())
}

/// Who the session is, asked from this address; the code of the problem if it is refused.
fn who(platform: &Platform, session: &str, from: &str) -> String {
    let headers = [("authorization", session), ("x-forwarded-for", from)];
    let reply = platform.request("GET", "/api/v1/staff/sessions/current", &headers, b"");
    if reply.status == 200 { String::new() } else { reply.code() }
}

fn trail(by: &Staff, id: &str) -> Vec<TrailEntry> {
    by.trail(id, &TrailFilter::default()).unwrap().all().unwrap()
}

on_both! {
    fn a_session_is_used_from_the_listed_networks_alone_and_a_change_holds_from_the_next_request_on(platform) {
        behind_a_proxy(platform);
        let (security, org) = department(platform);
        let session = token(&sign_in(platform, "198.51.100.9", PASSWORD, None));
        assert_eq!(who(platform, &session, "203.0.113.1"), "", "an organisation without a rule is limited in nothing");

        set(&security, &org, &rule(&["192.0.2.0/24", "2001:db8::/48"], Concurrency::Many)).unwrap();
        for (from, code) in [
            ("192.0.2.0", ""),
            ("192.0.2.255", ""),
            ("192.0.3.0", "sign_in_rule.address"),
            ("::ffff:192.0.2.1", ""),
            ("2001:db8:0:ffff::1", ""),
            ("2001:db8:1::", "sign_in_rule.address"),
            ("192.0.2.1, 198.51.100.9", "sign_in_rule.address"),
            (HERE, "sign_in_rule.address"),
        ] {
            assert_eq!(who(platform, &session, from), code, "{from}");
        }
        set(&security, &org, &rule(&[], Concurrency::Many)).unwrap();
        assert_eq!(who(platform, &session, "192.0.3.0"), "", "the session went on, and an empty list is no limit");
    }

    fn what_keeps_somebody_out_is_a_403_that_tells_no_network(platform) {
        behind_a_proxy(platform);
        let (security, org) = department(platform);
        let session = token(&sign_in(platform, HERE, PASSWORD, None));
        set(&security, &org, &rule(&["192.0.2.0/24"], Concurrency::Many)).unwrap();
        let asked = platform.request("GET", "/api/v1/terminals", &[("authorization", &session)], b"");
        for reply in [asked, sign_in(platform, HERE, PASSWORD, None)] {
            assert_eq!((reply.status, reply.code().as_str()), (403, "sign_in_rule.address"));
            assert!(!String::from_utf8_lossy(&reply.body).contains("192.0.2"), "{}", reply.json());
        }
        // A refused request is no use of the session.
        let hash = gm::sm3::digest(session.trim_start_matches("Bearer ").as_bytes());
        let now = platform.world().real_now();
        let long_ago = now.plus_seconds(-20 * 60).as_micros();
        platform.write(move |tx| Ok(store::staff::touch_session(tx, &hash, long_ago)?));
        assert_eq!(who(platform, &session, HERE), "sign_in_rule.address");
        let seen = platform.read(move |tx| Ok(store::staff::find_signed_in(tx, &hash, now.as_micros())?)).unwrap();
        assert_eq!(seen.session.seen_at, long_ago);
    }

    fn whoever_signs_in_from_elsewhere_learns_it_only_with_the_right_password_and_spends_no_code(platform) {
        behind_a_proxy(platform);
        let (security, org) = department(platform);
        let session = token(&sign_in(platform, HERE, PASSWORD, None));
        set(&security, &org, &rule(&["192.0.2.0/24"], Concurrency::Many)).unwrap();
        for (password, code) in
            [("wrong password", "staff.login_refused"), (PASSWORD, "sign_in_rule.address")]
        {
            assert_eq!(sign_in(platform, HERE, password, None).code(), code);
        }
        let id = platform.enrol(platform.world(), &Private::new(session.trim_start_matches("Bearer ")), None);
        let recovery = platform.world().keys().ring().recovery_digest(id.as_bytes(), "a recovery code");
        platform.write(move |tx| Ok(store::staff::replace_recovery(tx, id.as_bytes(), &[recovery])?));
        let reply = sign_in(platform, HERE, PASSWORD, Some("a recovery code"));
        assert_eq!(reply.code(), "sign_in_rule.address", "before any code is asked for");
        assert_eq!(platform.read(move |tx| Ok(store::staff::count_recovery(tx, id.as_bytes())?)), 1);
        assert_eq!(sign_in(platform, "192.0.2.1", PASSWORD, None).code(), "staff.code_required");
        let told = trail(&security, &id.to_string());
        assert_eq!(told.iter().filter(|one| one.outcome == "sign_in_rule.address").count(), 2, "{told:?}");
        let told = sign_in(platform, "192.0.2.1", PASSWORD, Some("a recovery code"));
        assert_eq!(told.status, 201, "{}", told.code());
        assert_eq!(told.json()["previous"]["failures"], 3, "what failed is told at the next sign-in, whatever it failed of");
        assert_eq!(platform.read(move |tx| Ok(store::staff::count_recovery(tx, id.as_bytes())?)), 0);
    }

    fn nobody_leaves_the_own_address_out_of_the_list_of_the_own_organisation(platform) {
        behind_a_proxy(platform);
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let own = platform.org(OrgKind::Operator, "000000").to_string();
        let outcome = set(&security, &own, &rule(&["192.0.2.0/24"], Concurrency::Many));
        let problem = outcome.unwrap_err();
        let wrong = &problem.problem().unwrap().errors[0];
        assert_eq!((wrong.pointer.as_str(), wrong.code.as_str()), ("/networks", "sign_in_rule.own_address"));
        let rule_of = security.sign_in_rule(&own).unwrap();
        assert_eq!((rule_of.version, rule_of.networks.len(), rule_of.own_address.as_deref()), (1, 0, Some(HERE)));
        set(&security, &own, &rule(&["192.0.2.0/24", "127.0.0.0/8"], Concurrency::Many)).unwrap();
        security.whoami().unwrap();
        let other = platform.new_org(OrgKind::Operator, "000000").to_string();
        set(&security, &other, &rule(&["192.0.2.0/24"], Concurrency::Many)).unwrap();
    }

    fn every_wrong_network_is_named_and_a_list_ends_at_its_most(platform) {
        let (security, org) = department(platform);
        let wrong = |request: &SetSignInRule| {
            let problem = set(&security, &org, request).unwrap_err();
            let errors = &problem.problem().unwrap().errors;
            errors.iter().map(|one| format!("{} {}", one.pointer, one.code)).collect::<Vec<_>>()
        };
        let request = rule(&["10.0.0.0/8", "10.0.0.1/8", "anywhere", "::1/129"], Concurrency::Many);
        assert_eq!(wrong(&request), [
            "/networks/1 sign_in_rule.host_bits", "/networks/2 sign_in_rule.malformed", "/networks/3 sign_in_rule.malformed",
        ]);
        let most = usize::try_from(platform.world().parameter(Name::SignInNetworks)).unwrap();
        let many = |count: usize| SetSignInRule {
            networks: (0..count).map(|at| format!("10.0.0.{at}")).collect(),
            concurrency: Concurrency::Many,
        };
        assert_eq!(wrong(&many(most + 1)), ["/networks sign_in_rule.too_many"]);
        let kept = set(&security, &org, &many(most)).unwrap();
        assert_eq!((kept.networks.len(), kept.networks[0].as_str()), (most, "10.0.0.0/32"));
        let mapped = set(&security, &org, &rule(&["::ffff:10.0.0.0/104", "10.0.0.0/8"], Concurrency::Many)).unwrap();
        assert_eq!(mapped.networks, ["10.0.0.0/8"], "one network, however it is written");
        assert_eq!(security.sign_in_rule(&org).unwrap().networks, mapped.networks);
    }

    fn security_sets_it_with_a_fresh_proof_in_its_turn_and_on_record(platform) {
        let (security, org) = department(platform);
        let before = security.sign_in_rule(&org).unwrap();
        assert_eq!((before.version, before.concurrency, before.changed_at.clone()), (1, Concurrency::Many, None));
        let first = rule(&["192.0.2.0/24", "10.0.0.0/8"], Concurrency::Single);
        assert_eq!(security.set_sign_in_rule(&org, 1, &first).unwrap().version, 2);
        assert_eq!(refusal(security.set_sign_in_rule(&org, 1, &first)), (412, "resource.stale".into()));
        security.set_sign_in_rule(&org, 2, &rule(&["192.0.2.0/24"], Concurrency::Single)).unwrap();

        let told: Vec<_> = trail(&security, &org).into_iter().filter(|one| one.action == "sign_in_rule.set").collect();
        let changed: Vec<Vec<_>> = told
            .iter()
            .map(|one| one.changes.iter().map(|c| (c.field.as_str(), c.from.as_deref(), c.to.as_deref())).collect())
            .collect();
        assert_eq!(changed, [
            vec![("networks", Some("10.0.0.0/8"), None)],
            vec![
                ("concurrency", Some("many"), Some("single")),
                ("networks", None, Some("10.0.0.0/8")),
                ("networks", None, Some("192.0.2.0/24")),
            ],
        ], "newest first");

        let auditor = platform.staff(Role::AuditAdmin, "000000");
        assert_eq!(auditor.sign_in_rule(&org).unwrap().networks, ["192.0.2.0/24"]);
        assert_eq!(refusal(auditor.set_sign_in_rule(&org, 3, &first)), (403, "staff.role".into()));
        assert_eq!(refusal(platform.operator().sign_in_rule(&org)), (403, "staff.role".into()));
        let nobody = platform.world().id(OrgId::make).to_string();
        assert_eq!(refusal(security.sign_in_rule(&nobody)), (404, "resource.not_found".into()));

        let operator = platform.org(OrgKind::Operator, "000000");
        let stale = platform.token(platform.world(), Role::SecurityAdmin, operator);
        platform.enrol(platform.world(), &stale, None);
        let path = format!("/api/v1/orgs/{org}/sign-in-rule");
        let authorization = format!("Bearer {}", stale.expose());
        let headers = [("authorization", authorization.as_str()), ("if-match", "\"3\"")];
        let reply = platform.request("POST", &path, &headers, br#"{"networks": [], "concurrency": "many"}"#);
        assert_eq!((reply.status, reply.code().as_str()), (403, "staff.step_up_required"));
        let reply = platform.request_as(&stale, "POST", &path, &json!({"networks": [], "concurrency": "many"}));
        assert_eq!(reply.code(), "resource.if_match_missing");
    }

    fn where_one_sign_in_counts_a_new_one_ends_those_before_and_each_is_told_when(platform) {
        let (security, org) = department(platform);
        let many = [token(&sign_in(platform, HERE, PASSWORD, None)), token(&sign_in(platform, HERE, PASSWORD, None))];
        set(&security, &org, &rule(&[], Concurrency::Single)).unwrap();
        for session in &many {
            assert_eq!(who(platform, session, HERE), "", "what is open stays so until somebody signs in anew");
        }
        assert_eq!(sign_in(platform, HERE, "wrong password", None).status, 401);
        assert_eq!(who(platform, &many[0], HERE), "", "an attempt ends nothing");

        let body = json!({"login": "lilei", "password": PASSWORD}).to_string();
        let before = platform.world().real_now();
        let third = platform.request("POST", "/api/v1/portal/session", &[], body.as_bytes());
        let cookie = third.header("set-cookie").split(';').next().unwrap().to_owned();
        let asked = || platform.request("GET", "/api/v1/portal/session", &[("cookie", &cookie)], b"");
        assert_eq!(asked().status, 200);
        for session in &many {
            let headers = [("authorization", session.as_str()), ("accept-language", "en")];
            let reply = platform.request("GET", "/api/v1/terminals", &headers, b"");
            assert_eq!((reply.status, reply.code().as_str()), (401, "sign_in_rule.elsewhere"));
            let title = reply.json()["title"].as_str().unwrap().to_owned();
            let within = [before, before.plus_seconds(60)].map(minute);
            assert!(within.iter().any(|at| title.contains(at.as_str())), "{title} {within:?}");
        }
        let fourth = token(&sign_in(platform, HERE, PASSWORD, None));
        assert_eq!(asked().code(), "sign_in_rule.elsewhere", "a browser is told as a program is");
        assert_eq!(who(platform, &fourth, HERE), "");
        let lilei = security.staff().map(Result::unwrap).find(|one| one.staff.login == "lilei").unwrap().staff.staff_id;
        assert_eq!(security.sessions_of(&lilei).unwrap().data.len(), 1);
        let told = trail(&security, &lilei);
        let ended: Vec<_> = told
            .iter()
            .filter(|one| one.action == "staff.sessions_superseded")
            .map(|one| (one.changes[0].field.as_str(), one.changes[0].from.as_deref()))
            .collect();
        // The one that replaced the one-time password was open too.
        assert_eq!(ended, [("sessions", Some("1")), ("sessions", Some("3"))]);
    }

    fn what_ended_by_itself_is_not_told_of_a_later_sign_in_and_what_was_told_is_forgotten(platform) {
        let (security, org) = department(platform);
        set(&security, &org, &rule(&[], Concurrency::Single)).unwrap();
        let idle = token(&sign_in(platform, HERE, PASSWORD, None));
        let hash = gm::sm3::digest(idle.trim_start_matches("Bearer ").as_bytes());
        let rested = platform.world().real_now().plus_seconds(-platform.world().parameter(Name::StaffIdle)).as_micros();
        platform.write(move |tx| Ok(store::staff::touch_session(tx, &hash, rested)?));
        let told = token(&sign_in(platform, HERE, PASSWORD, None));
        assert_eq!(who(platform, &idle, HERE), "staff.unauthenticated", "it was over before");
        sign_in(platform, HERE, PASSWORD, None);
        assert_eq!(who(platform, &told, HERE), "sign_in_rule.elsewhere");
        let hash = gm::sm3::digest(told.trim_start_matches("Bearer ").as_bytes());
        let now = platform.world().real_now().as_micros();
        let found = move |at: i64| platform.read(move |tx| Ok(store::staff::find_superseded(tx, &hash, at)?));
        assert!(found(now).is_some_and(|at| at <= now));
        let expired = platform.world().real_now().plus_seconds(platform.world().parameter(Name::StaffSessionTtl)).as_micros();
        assert_eq!(found(expired), None, "the token would be worth nothing by now");
        platform.write(move |tx| Ok(store::retention::forget_staff_sessions(tx, expired + 1)?));
        assert_eq!(found(now), None);
    }

    fn of_two_who_sign_in_at_once_one_is_left(platform) {
        let (security, org) = department(platform);
        set(&security, &org, &rule(&[], Concurrency::Single)).unwrap();
        let config = platform.config(platform.world());
        let signed_in = crate::org::at_once(|| Staff::sign_in(&config, "lilei", PASSWORD).unwrap());
        let outcomes: Vec<_> = signed_in.iter().map(|one| refusal(one.whoami())).collect();
        assert_eq!(outcomes.iter().filter(|(status, _)| *status == 200).count(), 1, "{outcomes:?}");
        let told = outcomes.iter().filter(|(_, code)| code == "sign_in_rule.elsewhere").count();
        assert_eq!(told, signed_in.len() - 1, "{outcomes:?}");
    }

    /// Callers prove themselves by keys, and an organisation's rule is about its accounts.
    fn a_channels_requests_come_from_anywhere(platform) {
        behind_a_proxy(platform);
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let channel = platform.channel();
        let owner = platform.org(OrgKind::ChannelOwner, crate::harness::HANGZHOU);
        let admin = platform.token(platform.world(), Role::ChannelAdmin, owner);
        set(&security, &owner.to_string(), &rule(&["192.0.2.0/24"], Concurrency::Single)).unwrap();
        let call = Call::post("/api/v1/ping", &Ping { text: "在".into() }).unwrap();
        channel.signed().client().send::<Pong>(&call).unwrap();
        let reply = platform.request_as(&admin, "GET", "/api/v1/channels", &Value::Null);
        assert_eq!(reply.code(), "sign_in_rule.address");
    }
}

fn minute(at: Timestamp) -> String {
    domain::sign_in_rule::Minute(at).to_string()
}
