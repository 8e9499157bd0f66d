//! Schemathesis against the whole API: it reads the description, makes requests that fit it and requests that do not,
//! and holds every answer against what the description promises. A proxy in between gives each request the proof of
//! somebody who may call the operation.
//!
//! It is a Python program: `YKT_TEST_SCHEMATHESIS` names it, as `cargo xtask test` does after installing it.

use super::cast::{Cast, SANDBOX};
use super::operations::{Guard, Operation, Targets, description, operations};
use super::scene::{account, sign};
use crate::harness::{CallerHandle, HANGZHOU, Platform};
use crate::payment::scene::{Till, payer, till};
use crate::tool::needed;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use domain::org::{Role, holders};
use http::{HeaderMap, Method, Uri};
use sdk::types::Private;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::{Arc, Mutex};
use store::db::Engine;

/// A stale version is noticed before the body is looked at; everything else that is wrong is a 4xx of its own.
const CONFIGURATION: &str = r#"
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 409, 412, 413, 422, 428]
"#;
/// What is answered only about a file that has arrived whole, an application or a record that is there, to a holder's
/// device, to an authenticator's code of the minute, about a payment, a settled day or a turn of others, after something else, in the sandbox alone, for a name that is free, or to a channel with a key of the one usage in fourteen.
const OUT_OF_REACH: [&str; 44] = [
    "decide_calendar_year",
    "get_filled_form",
    "list_proofs",
    "list_audit_proofs",
    "complete_attachment",
    "get_attachment_content",
    "get_export_content",
    "confirm_factor",
    "begin_mail_address",
    "confirm_mail_address",
    "remove_mail_address",
    "list_all_uses",
    "verify_code",
    "create_payment",
    "get_payment",
    "get_payment_of_order",
    "close_payment",
    "create_refund",
    "list_refunds",
    "set_password",
    "change_password",
    "reset_password",
    "unbind",
    "create_code",
    "create_grant",
    "revoke_grant",
    "create_top_up",
    "change_card_state",
    "get_day_file",
    "remind_matter",
    "assign_matter",
    "send_amendment",
    "send_key_rotation",
    "get_sending",
    "remind_sending",
    "cancel_sending",
    "ask_advice",
    "answer_advice",
    "withdraw_advice",
    "reveal_matter",
    "create_member",
    "add_channel_key",
    "replay_delivery",
    "replay_deliveries_of_channel",
];
/// Headers that a request keeps on its way through the proxy.
const KEPT: [&str; 3] = ["content-type", "idempotency-key", "if-match"];

/// Gives requests the proof they need and notes what became of them.
struct Proxy {
    origin: String,
    agent: ureq::Agent,
    channel: CallerHandle,
    operations: Vec<(Operation, Option<Private>)>,
    seen: Mutex<BTreeMap<String, BTreeSet<u16>>>,
    description: Value,
}

/// Passes on every method there is and every answer.
fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true);
    config.proxy(None).build().new_agent()
}

/// Whether a path is one of this template.
fn fits(template: &str, path: &str) -> bool {
    let (mut parts, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given || part.starts_with('{') => {}
            _ => return false,
        }
    }
}

impl Proxy {
    fn new(platform: &Platform) -> Self {
        let operations = operations(platform);
        let till = till(platform);
        let cast = Cast::new(platform, victims(platform, &till));
        let description = described(platform, &cast, &operations);
        let staffed = operations.into_iter().map(|operation| {
            if let Some(token) = cast.part(&operation.id).and_then(|part| part.token.clone()) {
                return (operation, Some(token));
            }
            let role = match operation.guard {
                Guard::Staff(held) | Guard::Party(held) => Some(holders(held)[0]),
                Guard::Account => Some(Role::OperatorClerk),
                _ => None,
            };
            let token = role.map(|role| account(platform, role, &["000000", "330000"]));
            (operation, token)
        });
        Self {
            origin: platform.origin().to_owned(),
            agent: agent(),
            channel: till.channel,
            operations: staffed.collect(),
            seen: Mutex::default(),
            description,
        }
    }

    /// The operation of a request; the fixed path before the one with a parameter in its place.
    fn find(&self, method: &str, path: &str) -> Option<&(Operation, Option<Private>)> {
        let candidates = self.operations.iter().filter(|(operation, _)| operation.method == method);
        candidates
            .filter(|(operation, _)| fits(&operation.path, path))
            .min_by_key(|(operation, _)| operation.path.matches('{').count())
    }

    fn forward(&self, method: &str, target: &str, headers: &HeaderMap, body: &[u8]) -> Response {
        let kept = KEPT.iter().filter_map(|name| {
            let value = headers.get(*name)?.to_str().ok()?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        let mut kept: Vec<(String, String)> = kept.collect();
        let path = target.split('?').next().unwrap();
        let operation = self.find(method, path);
        match operation {
            Some((_, Some(token))) => {
                kept.push(("authorization".into(), format!("Bearer {}", token.expose())));
            }
            Some((operation, None)) if operation.guard != Guard::Public => {
                let proof = sign(&self.origin, &self.channel, method, target, &kept, body);
                kept.extend(proof);
            }
            _ => {}
        }
        let sandboxed = operation.is_some_and(|(operation, _)| SANDBOX.contains(&operation.id.as_str()));
        let world = if sandboxed { "/sandbox" } else { "" };
        let uri = format!("{}{world}{target}", self.origin);
        let mut request = http::Request::builder().method(method).uri(uri);
        for (name, value) in &kept {
            request = request.header(name, value);
        }
        let answer = request.body(body).ok().and_then(|request| self.agent.run(request).ok());
        let Some(mut answer) = answer else { return http::StatusCode::BAD_GATEWAY.into_response() };
        if let Some((operation, _)) = operation {
            let status = answer.status().as_u16();
            self.seen.lock().unwrap().entry(operation.id.clone()).or_default().insert(status);
        }
        let body = answer.body_mut().read_to_vec().unwrap();
        let mut response = Response::new(axum::body::Body::from(body));
        *response.status_mut() = answer.status();
        for name in ["content-type", "allow", "etag", "retry-after"] {
            if let Some(value) = answer.headers().get(name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        response
    }
}

async fn pass(
    State(proxy): State<Arc<Proxy>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if uri.path() == "/openapi.json" {
        return axum::Json(proxy.description.clone()).into_response();
    }
    let target = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let forward = move || proxy.forward(method.as_str(), &target, &headers, &body);
    tokio::task::spawn_blocking(forward).await.unwrap()
}

/// The description with an example of every body and things that are there for the parameters of paths. What a
/// request proves is left out: the proxy sees to it.
fn described(platform: &Platform, cast: &Cast, operations: &[Operation]) -> Value {
    let targets = cast.targets();
    let mut description = description(platform);
    for operation in operations {
        let place = &mut description["paths"][&operation.path][operation.method.to_lowercase()];
        place.as_object_mut().unwrap().remove("security");
        let part = cast.part(&operation.id);
        if let Some(body) = part.and_then(|part| part.body.clone()).or_else(|| operation.body(targets)) {
            place["requestBody"]["content"]["application/json"]["example"] = body;
            place["requestBody"]["required"] = json!(true);
        }
        for parameter in place.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap().to_lowercase();
            let example = match (parameter["in"].as_str().unwrap(), name.as_str()) {
                ("path", _) => {
                    let about = part.and_then(|part| part.about.as_deref());
                    about.unwrap_or_else(|| targets.get(&name))
                }
                ("query", "channel_id") => targets.get("channel_id"),
                (_, "if-match") => "\"1\"",
                (_, "idempotency-key") => "coverage",
                (_, "from_on" | "to_on" | "business_on") => "2026-01-01",
                _ => continue,
            };
            parameter["example"] = json!(example);
        }
    }
    description
}

/// Things that may be suspended, blocked or revoked without anybody being missed, and a holder.
fn victims(platform: &Platform, till: &Till) -> Targets {
    let channel = platform.channel_in(platform.world(), &["330000"]);
    let terminal = platform.terminal(HANGZHOU);
    let owner = platform.org(domain::org::OrgKind::Department, HANGZHOU);
    crate::card::import(platform, &[crate::card::row(1), crate::card::row(2)]);
    let wish = sdk::types::parameter::ProposeParameter {
        value: 3,
        begins_on: "2099-01-01".into(),
        reason: "演练".into(),
    };
    let ministry = platform.staff(domain::org::Role::MinistryReviewer, "000000");
    let proposed = ministry.propose_parameter("exit.notice_months", &wish).unwrap();
    Targets::nothing()
        .with("channel_id", channel.id)
        .with("key_id", channel.key_id)
        .with("terminal_id", terminal.id)
        .with("version_id", proposed.version_id)
        .with("org_id", owner.to_string())
        .with("binding_id", payer(platform, till, 100).binding_id)
        .with("card_id", crate::card::cards(platform, 1)[0].card_id.as_str())
}

fn serve(platform: &Platform, proxy: Arc<Proxy>) -> String {
    platform.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        // What is too large is for the platform to say.
        let router = Router::new().fallback(pass).layer(DefaultBodyLimit::disable()).with_state(proxy);
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    })
}

#[test]
fn every_answer_is_what_the_description_promises() {
    let Some(program) = needed("YKT_TEST_SCHEMATHESIS") else { return };
    Platform::run(Engine::Sqlite, |platform| {
        let proxy = Arc::new(Proxy::new(platform));
        let url = serve(platform, proxy.clone());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("schemathesis.toml"), CONFIGURATION).unwrap();
        let output = Command::new(&program)
            .current_dir(&folder)
            .args(["run", &format!("{url}/openapi.json"), "--no-color", "--seed", "1"])
            .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--continue-on-failure"])
            .args(["--generation-database", "none", "--warnings", "off"])
            .args(["--exclude-checks", "positive_data_acceptance,ignored_auth,missing_required_header"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
        assert_reached(&proxy);
    });
}

/// Every operation was let in, told of something wrong with its body, and answered, save where an answer takes what no
/// fuzzer has.
fn assert_reached(proxy: &Proxy) {
    let seen = proxy.seen.lock().unwrap();
    let (none, mut missed) = (BTreeSet::new(), Vec::new());
    for (operation, _) in &proxy.operations {
        let id = operation.id.as_str();
        let statuses = seen.get(id).unwrap_or(&none);
        let entered = statuses.iter().any(|status| *status != 401);
        let corrected = operation.schema.is_none() || statuses.contains(&422);
        let answered = statuses.iter().any(|status| *status < 300) || OUT_OF_REACH.contains(&id);
        if !(entered && corrected && answered) {
            missed.push((id, statuses));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
