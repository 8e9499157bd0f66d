//! Every error code of the platform has a test that reaches it, and the codes of wrong fields and of faults are
//! reached here.

use super::operations::{Guard, Operation, Targets, operations};
use super::scene::{Actor, account, send};
use crate::harness::{Platform, refusal};
use domain::org::{Role, holders};
use sdk::types::session::OpenSession;
use serde_json::{Value, json};
use server::app::{Worlds, router_with};
use server::error::PLATFORM;
use server::tryit::{Cast, Stage};
use server::{Error, idempotency};
use std::collections::BTreeSet;
use std::sync::mpsc;
use store::StoreError;
use store::db::Engine;
use tokio::task::JoinHandle;

/// Code, the file below `tests/it` and the behaviour that reaches it.
const REACHED: &[(&str, &str, &str)] = &[
    ("request.malformed", "coverage/shape.rs", "what_is_no_json_object_is_told_apart"),
    ("request.fields", "coverage/shape.rs", "a_wrong_field_is_named_and_nothing_changes"),
    ("request.method", "health.rs", ""),
    (
        "request.timeout",
        "../../src/listen.rs",
        "a_body_that_does_not_come_in_time_is_answered_and_the_connection_ends",
    ),
    ("request.too_large", "coverage/shape.rs", "a_body_has_its_limit_to_the_byte"),
    ("idempotency.missing", "payment/taking.rs", "a_repeated_answer_is_marked_and_a_key_is_required"),
    ("idempotency.mismatch", "payment/taking.rs", "the_same_request_is_answered_again_and_moves_money_once"),
    ("idempotency.in_flight", "coverage/codes.rs", "a_key_that_another_request_has_taken_is_in_flight"),
    ("signature.missing", "auth.rs", "a_request_without_proof_is_answered_with_a_signature_too"),
    (
        "signature.invalid",
        "auth.rs",
        "a_forger_is_turned_away_with_a_signed_answer_that_says_no_more_than_that",
    ),
    ("session.invalid", "qr/revocation.rs", "a_request_mac_is_accepted_once"),
    ("staff.unauthenticated", "coverage/authorization.rs", ""),
    ("staff.csrf", "staff/portal.rs", "a_cookie_changes_nothing_without_the_pages_own_proof"),
    ("caller.forbidden", "coverage/authorization.rs", ""),
    ("caller.suspended", "qr/revocation.rs", "a_terminal_is_let_in_again_when_it_is_unblocked"),
    ("holder.proof_invalid", "grant.rs", "a_grant_is_given_listed_and_taken_back_at_once"),
    (
        "holder_session.ended",
        "ecard/binding.rs",
        "binding_again_keeps_the_numbers_and_counts_no_second_issuance",
    ),
    ("password.envelope", "ecard/session.rs", ""),
    ("real_person.unavailable", "ecard/claim.rs", ""),
    ("real_person.no_answer", "ecard/claim.rs", ""),
    ("webhook.too_many", "webhook.rs", ""),
    ("resource.not_found", "ecard/binding.rs", "another_channels_binding_does_not_exist"),
    ("resource.exists", "terminal.rs", "a_region_registers_the_terminals_of_its_departments"),
    ("resource.stale", "channel.rs", ""),
    ("resource.if_match_missing", "channel.rs", ""),
    ("form.font_missing", "coverage/codes.rs", "a_form_needs_the_letters_of_the_system"),
    ("platform.rate_limited", "coverage/codes.rs", "visitors_that_come_too_fast_are_asked_to_wait"),
    ("platform.busy", "coverage/codes.rs", "a_full_queue_is_answered_at_once_with_try_again"),
    ("platform.unavailable", "coverage/codes.rs", "what_the_store_says_stays_in_the_log"),
    ("platform.internal", "coverage/codes.rs", "a_fault_of_ours_says_nothing_about_itself"),
];

/// The text of a function of a source, to where the next one begins; of the whole file when no function is named.
fn behaviour<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    if name.is_empty() {
        return Some(source);
    }
    let (_, rest) = source.split_once(&format!("fn {name}("))?;
    Some(rest.split_once("\n    fn ").map_or(rest, |(body, _)| body))
}

#[test]
fn every_code_of_the_platform_is_reached_by_a_test_that_names_it() {
    let known: BTreeSet<&str> = PLATFORM.iter().map(|row| row.0).collect();
    let listed: BTreeSet<&str> = REACHED.iter().map(|row| row.0).collect();
    assert_eq!(known, listed);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    for (code, file, name) in REACHED {
        let source = std::fs::read_to_string(folder.join(file)).unwrap();
        let named = behaviour(&source, name).is_some_and(|body| body.contains(&format!("\"{code}\"")));
        assert!(named, "{file} {name} does not name {code}");
    }
}

#[test]
fn every_code_of_the_platform_reads_in_both_languages() {
    for (code, status, zh, en) in PLATFORM {
        let error = Error::platform(code);
        assert_eq!((error.code(), error.status().as_u16()), (*code, *status));
        for (english, title) in [(false, zh), (true, en)] {
            let problem = error.problem(english, "req_1");
            assert_eq!((problem.title.as_str(), problem.status), (*title, *status));
            assert_eq!(problem.retryable, matches!(status, 408 | 429 | 503), "{code}");
            assert_eq!(problem.kind, format!("/docs/reference/errors#{code}"));
        }
    }
}

#[test]
fn a_form_needs_the_letters_of_the_system() {
    let error = server::form::Typeface::of_folders(&["/nowhere"]).unwrap_err();
    assert_eq!(error.code(), "form.font_missing");
    assert!(error.problem(true, "req_1").title.contains("fonts-noto-cjk"));
}

#[test]
fn what_the_store_says_stays_in_the_log() {
    let said = || "10.0.0.7:5432 refused".to_owned();
    for (error, code) in [
        (StoreError::Unavailable(said()), "platform.unavailable"),
        (StoreError::Busy, "platform.busy"),
        (StoreError::Stale, "resource.stale"),
        (StoreError::Unique(said()), "platform.internal"),
        (StoreError::Constraint(said()), "platform.internal"),
        (StoreError::Config(said()), "platform.internal"),
        (StoreError::Unaudited, "platform.internal"),
        (StoreError::Db { code: "XX000".into(), message: said() }, "platform.internal"),
    ] {
        let error = Error::from(error);
        let problem = error.problem(true, "req_1");
        assert_eq!(problem.code, code);
        assert!(!serde_json::to_string(&problem).unwrap().contains("10.0.0.7"));
        assert!(error.source_for_log().is_some());
    }
    let told = |error| Error::taken(error, || Error::platform("resource.exists")).code().to_owned();
    assert_eq!(told(StoreError::Unique(said())), "resource.exists");
    assert_eq!(told(StoreError::Constraint(said())), "platform.internal", "nobody came first");
}

/// Queues a write that does nothing.
fn queue(world: server::World) -> JoinHandle<Result<(), Error>> {
    tokio::spawn(async move {
        let nothing = |tx: &mut store::WriteTx<'_>| {
            tx.unaudited("a test fills the queue");
            Ok::<(), Error>(())
        };
        world.db().write(nothing).await
    })
}

/// The queue of the one writer of SQLite, behind a writer that does not come back.
#[test]
fn a_full_queue_is_answered_at_once_with_try_again() {
    Platform::run(Engine::Sqlite, |platform| {
        let channel = platform.channel();
        let client = channel.signed();
        let (world, (started, start), (release, gate)) =
            (platform.world().clone(), mpsc::channel(), mpsc::channel());
        let writer = std::thread::spawn(move || {
            world.db().write_blocking(move |tx| {
                tx.unaudited("a test holds the writer");
                started.send(()).unwrap();
                gate.recv().unwrap();
                Ok::<(), Error>(())
            })
        });
        start.recv().unwrap();
        let waiting: Vec<_> =
            platform.block_on(async { (0..10_000).map(|_| queue(platform.world().clone())).collect() });
        // With its writer held, the queue ends a write only by refusing it.
        while !waiting.iter().any(JoinHandle::is_finished) {
            std::thread::yield_now();
        }
        let point = data_encoding::HEXLOWER.encode(&channel.key.verifying_key().to_sec1());
        let call = sdk::client::Call::post("/api/v1/sessions", &OpenSession { encryption_key: point })
            .unwrap()
            .once();
        let outcome = sdk::client::Acceptance::client(&client).send::<Value>(&call);
        release.send(()).unwrap();
        writer.join().unwrap().unwrap();
        let ends = waiting.into_iter().map(|one| platform.block_on(one).unwrap());
        let refused =
            ends.filter_map(Result::err).map(|error| error.code().to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(refused, BTreeSet::from(["platform.busy".to_owned()]));
        let problem = outcome.unwrap_err().problem().unwrap().clone();
        assert_eq!((problem.status, problem.code.as_str(), problem.retryable), (503, "platform.busy", true));
        let again = sdk::client::Acceptance::client(&client).send::<Value>(&call);
        assert_eq!(refusal(again).0, 200, "nothing was kept of the refused one");
    });
}

on_both! {
    fn a_fault_of_ours_says_nothing_about_itself(platform) {
        let channel = platform.channel_in(platform.world(), &["no division"]);
        let token = account(platform, Role::OperatorAdmin, &["000000"]);
        let reply = send(platform, &Actor::Staff(&token), "GET", &format!("/api/v1/channels/{}", channel.id), b"");
        assert_eq!((reply.status, reply.code().as_str()), (500, "platform.internal"));
        let fields: BTreeSet<_> = reply.json().as_object().unwrap().keys().cloned().collect();
        let plain = ["code", "request_id", "retryable", "status", "title", "type"].map(str::to_owned);
        assert_eq!(fields, BTreeSet::from(plain));
    }

    fn an_error_speaks_the_language_of_its_reader(platform) {
        for (language, title) in [("en-GB,en", "not found"), ("zh-CN", "不存在"), ("fr", "不存在")] {
            let reply = platform.request("GET", "/nowhere", &[("accept-language", language), ("x-request-id", "scan-7")], b"");
            assert_eq!((reply.status, reply.json()["title"].as_str().unwrap()), (404, title));
            assert_eq!(reply.json()["request_id"], "scan-7");
            assert_eq!(reply.header("x-request-id"), "scan-7");
        }
        let reply = platform.request("GET", "/nowhere", &[("x-request-id", "a b<c>")], b"");
        assert!(reply.header("x-request-id").starts_with("req_"), "an id that no log should show is replaced");
    }

    fn a_key_that_another_request_has_taken_is_in_flight(platform) {
        let now = platform.world().real_now();
        let answer = idempotency::Recorded { status: http::StatusCode::CREATED, body: "{}".into() };
        let key = || idempotency::Key { text: "key".into(), digest: [1; 32] };
        let outcome = platform.write(move |tx| {
            idempotency::keep(tx, &[7; 16], &key(), now, &answer)?;
            Ok(idempotency::keep(tx, &[7; 16], &key(), now, &answer).map_err(|error| error.code().to_owned()))
        });
        assert_eq!(outcome, Err("idempotency.in_flight".into()));
    }

    fn visitors_that_come_too_fast_are_asked_to_wait(platform) {
        let (channel, terminal) = (platform.channel(), platform.terminal("330100"));
        let stage = Stage::default();
        stage.open(Cast {
            channel: channel.client(),
            terminal: terminal.terminal(),
            payee_id: String::new(),
            persons: Vec::new(),
        });
        let worlds = Worlds::new(platform.world().clone(), platform.sandbox().clone());
        let router = router_with(&worlds, stage);
        let url = platform.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}/sandbox/try/visits", listener.local_addr().unwrap());
            tokio::spawn(async move { axum::serve(listener, router).await });
            url
        });
        let agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().new_agent();
        let refused = (0..1_000).map(|_| agent.post(&url).send_empty().unwrap()).find(|reply| reply.status() != 201);
        let mut reply = refused.expect("a thousand visits in a moment are too many");
        assert_eq!((reply.status().as_u16(), reply.headers()["retry-after"].to_str().unwrap()), (429, "1"));
        let problem: sdk::Problem = serde_json::from_str(&reply.body_mut().read_to_string().unwrap()).unwrap();
        assert_eq!((problem.code.as_str(), problem.retryable), ("platform.rate_limited", true));
    }

    fn a_value_that_a_rule_refuses_is_refused_by_name_where_it_stands(platform) {
        let (all, channel) = (operations(platform), platform.channel());
        let (zero, mut missed) = ("0".repeat(26), Vec::new());
        for (id, pointer, value, code) in wrong_values(&zero) {
            let operation: &Operation = all.iter().find(|operation| operation.id == id).unwrap();
            let token;
            let actor = match operation.guard {
                Guard::Staff(held) => {
                    token = account(platform, holders(held)[0], &["000000", "330000"]);
                    Actor::Staff(&token)
                }
                _ => Actor::Caller(&channel),
            };
            let targets = Targets::nothing();
            let mut body = operation.body(&targets).unwrap();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            match body.pointer_mut(parent).unwrap() {
                Value::Array(items) => items[0] = value.clone(),
                object => object[name] = value.clone(),
            }
            let reply = send(platform, &actor, &operation.method, &operation.target(&targets), body.to_string().as_bytes());
            let answer = reply.json();
            let errors = answer["errors"].as_array().into_iter().flatten();
            let named = errors.into_iter().any(|error| error["pointer"] == pointer && error["code"] == code);
            if reply.status != 422 || !named {
                missed.push(format!("{id} {pointer} {value}: {code} is not in {answer}"));
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
    }
}

/// Operation, field, a value that is of the right type, and the code that must be given for it.
fn wrong_values(zero: &str) -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![
        ("claim_ecard", "/name", json!(""), "identity.name_length"),
        ("claim_ecard", "/name", json!("张\u{7}三"), "identity.name_character"),
        ("claim_ecard", "/id_number", json!("1"), "identity.number_shape"),
        ("claim_ecard", "/id_number", json!("330106199001010000"), "identity.check_digit"),
        ("claim_ecard", "/id_number", json!("990106199001010004"), "identity.region"),
        ("claim_ecard", "/id_number", json!("330106199002300004"), "identity.birth_date"),
        ("claim_ecard", "/card_number", json!("a"), "card.number"),
        ("claim_ecard", "/division", json!("33"), "division.shape"),
        ("claim_ecard", "/device_key", json!("04"), "key.malformed"),
        ("open_session", "/encryption_key", json!("zz"), "request.hex"),
        ("open_session", "/encryption_key", json!("04"), "key.malformed"),
        ("create_org", "/division", json!("990000"), "division.unlisted"),
        ("create_opening", "/division", json!("990000"), "division.unlisted"),
        ("create_org", "/name", json!(" "), "request.text"),
        ("create_staff", "/login", json!("Li Lei"), "staff.login"),
        ("create_staff", "/org_id", json!("org_1"), "id.shape"),
        ("create_staff", "/org_id", json!(format!("chn_{zero}")), "id.prefix"),
        ("create_channel", "/owner/uscc", json!("1"), "identity.uscc_shape"),
        ("create_channel", "/owner/uscc", json!("91110000600037341A"), "identity.uscc_check"),
        ("create_channel", "/services/0", json!("query.nothing"), "service.unknown"),
        ("create_channel", "/level", json!(3), "channel.level"),
        ("create_terminal", "/serial", json!("sn 1"), "terminal.serial"),
        ("create_terminal", "/psam_no", json!("1"), "terminal.psam"),
        ("create_opening", "/service", json!("query.nothing"), "service.unknown"),
        ("create_grant", "/expires_at", json!("tomorrow"), "time.timestamp"),
        ("cut_day", "/business_on", json!("2026-02-30"), "time.date"),
        ("create_payment", "/order_no", json!("A 1"), "payment.number"),
        ("create_payment", "/amount_fen", json!(0), "money.not_positive"),
        ("create_payee", "/fee_basis_points", json!(10_001), "settlement.fee_rate"),
        ("replace_card", "/card_number", json!("b"), "card.number"),
        ("replace_card", "/recognition", json!("xyz"), "card.recognition"),
        ("start_import", "/digest", json!("00"), "import.digest"),
        ("ping", "/text", json!("x".repeat(513)), "request.too_long"),
    ]
}
