//! Schemathesis against the whole API: it reads the description, makes requests that fit it and requests that do not,
//! and holds every answer against what the description promises. A proxy in between gives each request the proof of
//! somebody who may call the operation.
//!
//! It is a Python program: `YKT_TEST_SCHEMATHESIS` names it, as `cargo xtask test` does after installing it.

use super::cast::{Cast, SANDBOX};
use super::operations::{Guard, Operation, Targets, description, operations};
use super::props::{Prop, Props, Wishes};
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
use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use store::db::Engine;

/// A stale version is noticed before the body is looked at; everything else that is wrong is a 4xx of its own.
const CONFIGURATION: &str = r#"
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 409, 412, 413, 422, 428]
"#;
/// Headers that a request keeps on its way through the proxy.
const KEPT: [&str; 3] = ["content-type", "idempotency-key", "if-match"];

/// An operation, and who calls it if that is an account.
type Played = (Operation, Option<Private>);
/// Names and values.
type Headers = Vec<(String, String)>;

/// Gives requests the proof they need and notes what became of them.
struct Proxy {
    origin: String,
    agent: ureq::Agent,
    channel: CallerHandle,
    operations: Vec<Played>,
    seen: Mutex<BTreeMap<String, BTreeSet<u16>>>,
    description: Value,
    wishes: Wishes,
}

/// The parts of a path that stand for the parameters of its template, by name.
fn parameters<'a>(template: &'a str, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let named = |part: &'a str| part.strip_prefix('{')?.strip_suffix('}');
    template.split('/').zip(path.split('/')).filter_map(move |(part, given)| Some((named(part)?, given)))
}

/// A request on its way.
struct Request {
    target: String,
    body: Vec<u8>,
}

impl Request {
    /// Whether anything in it is what the examples say: what the fuzzer made up is left as it is.
    fn follows(&self, operation: &Operation, example: &Value) -> bool {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let said =
            body.as_object().into_iter().flatten().any(|(name, value)| example["body"][name] == *value);
        let mut about = parameters(&operation.path, self.path()).peekable();
        let has_parameters = about.peek().is_some();
        let is_about = about.any(|(name, given)| example["path"][name] == given);
        said || is_about || (!has_parameters && operation.schema.is_none())
    }

    /// Puts the prop in where the examples stand.
    fn takes(&mut self, operation: &Operation, example: &Value, prop: &Prop) {
        let path = self.path().to_owned();
        for (name, given) in parameters(&operation.path, &path) {
            let prop = prop.path.iter().find(|(prop, _)| *prop == name);
            if let Some((_, id)) = prop.filter(|_| example["path"][name] == given) {
                self.target = self.target.replacen(given, id, 1);
            }
        }
        if let Some(bytes) = prop.bytes {
            // One that lacks its body is refused for that.
            if !self.body.is_empty() {
                self.body = bytes.to_vec();
            }
            return;
        }
        let Ok(Value::Object(mut body)) = serde_json::from_slice(&self.body) else { return };
        for (name, value) in prop.body.as_object().into_iter().flatten() {
            if body.get(name).is_some_and(|given| *given == example["body"][name]) {
                body.insert(name.clone(), value.clone());
            }
        }
        self.body = Value::Object(body).to_string().into_bytes();
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }
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
    fn new(platform: &Platform, props: &Props<'_>, wishes: Wishes) -> Self {
        let operations = operations(platform);
        let till = till(platform);
        let counter = props.counter();
        let targets = victims(platform, &till)
            .with("payment_id", counter.payment_id.as_str())
            .with("order_no", counter.order_no.as_str())
            .with("payee_id", counter.payee_id.as_str())
            .with("use_id", counter.use_id.as_str())
            .with("batch_id", counter.batch_id.as_str());
        let cast = Cast::new(platform, targets);
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
            wishes,
        }
    }

    /// The operation of a request; the fixed path before the one with a parameter in its place.
    fn find(&self, method: &str, path: &str) -> Option<&Played> {
        let candidates = self.operations.iter().filter(|(operation, _)| operation.method == method);
        candidates
            .filter(|(operation, _)| fits(&operation.path, path))
            .min_by_key(|(operation, _)| operation.path.matches('{').count())
    }

    /// What the description gives as examples for an operation: of the parameters of its path, and of its body.
    fn example(&self, operation: &Operation) -> Value {
        let place = &self.description["paths"][&operation.path][operation.method.to_lowercase()];
        let parameters = place["parameters"].as_array().into_iter().flatten();
        let of_path = parameters.filter(|parameter| parameter["in"] == "path");
        let of_path = of_path.map(|one| (one["name"].as_str().unwrap().to_owned(), one["example"].clone()));
        let body = &place["requestBody"]["content"]["application/json"]["example"];
        json!({"path": of_path.collect::<serde_json::Map<_, _>>(), "body": body})
    }

    /// What a request needs that is used up by it, put where the examples stand.
    fn equip(&self, operation: &Operation, request: &mut Request) -> Option<Prop> {
        let example = self.example(operation);
        let prop = request.follows(operation, &example).then(|| self.wishes.ask(operation)).flatten()?;
        request.takes(operation, &example, &prop);
        Some(prop)
    }

    /// The headers that prove who sends a request.
    fn prove(
        &self,
        found: Option<&Played>,
        prop: &Prop,
        method: &str,
        request: &Request,
        kept: &mut Headers,
    ) {
        let Some((operation, token)) = found else { return };
        let caller = match (&prop.caller, prop.token.as_ref().or(token.as_ref())) {
            (Some(caller), _) => caller,
            (None, Some(token)) => {
                kept.push(("authorization".into(), format!("Bearer {}", token.expose())));
                return;
            }
            (None, None) if operation.guard == Guard::Public => return,
            (None, None) => &self.channel,
        };
        let proof = sign(&self.origin, caller, method, &request.target, kept, &request.body);
        kept.extend(proof);
    }

    fn forward(&self, method: &str, target: &str, headers: &HeaderMap, body: &[u8]) -> Response {
        let mut request = Request { target: target.to_owned(), body: body.to_vec() };
        let found = self.find(method, target.split('?').next().unwrap());
        let prop = found.and_then(|(operation, _)| self.equip(operation, &mut request));
        let kept = KEPT.iter().filter_map(|name| {
            let value = headers.get(*name)?.to_str().ok()?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        let mut kept: Headers = kept.collect();
        if let Some(version) = prop.as_ref().and_then(|prop| prop.version) {
            for (_, tag) in kept.iter_mut().filter(|(name, tag)| name == "if-match" && tag == "\"1\"") {
                *tag = format!("\"{version}\"");
            }
        }
        // What was made for this request alone is asked for under a key of its own.
        for (_, key) in kept.iter_mut().filter(|(name, _)| prop.is_some() && name == "idempotency-key") {
            key.push_str(&data_encoding::HEXLOWER.encode(&gm::random::bytes::<8>()));
        }
        let prop = prop.unwrap_or_default();
        self.prove(found, &prop, method, &request, &mut kept);
        let sandboxed = found.is_some_and(|(operation, _)| SANDBOX.contains(&operation.id.as_str()));
        let world = if sandboxed || prop.sandboxed { "/sandbox" } else { "" };
        let uri = format!("{}{world}{}", self.origin, request.target);
        let mut passed = http::Request::builder().method(method).uri(uri);
        for (name, value) in &kept {
            passed = passed.header(name, value);
        }
        let answer = passed.body(&request.body[..]).ok().and_then(|passed| self.agent.run(passed).ok());
        let Some(mut answer) = answer else { return http::StatusCode::BAD_GATEWAY.into_response() };
        if let Some((operation, _)) = found {
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
                ("query", "object") => targets.get("use_id"),
                ("query", "offset") => "0",
                ("query", "file_name") => "form.pdf",
                ("query", "payee_id") => targets.get("payee_id"),
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

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
    }
}

#[test]
fn every_answer_is_what_the_description_promises() {
    let Some(program) = needed("YKT_TEST_SCHEMATHESIS") else { return };
    Platform::run(Engine::Sqlite, |platform| {
        let (props, wishes) = Props::new(platform);
        let proxy = Arc::new(Proxy::new(platform, &props, wishes));
        let url = serve(platform, proxy.clone());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("schemathesis.toml"), CONFIGURATION).unwrap();
        let said = folder.path().join("said");
        let fuzzer = Command::new(&program)
            .current_dir(&folder)
            .args(["run", &format!("{url}/openapi.json"), "--no-color", "--seed", "1"])
            .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--continue-on-failure"])
            .args(["--generation-database", "none", "--warnings", "off"])
            // A prop may be long in the making: a file of an export waits for all that were ordered before it.
            .args(["--request-timeout", "60"])
            .args(["--exclude-checks", "positive_data_acceptance,ignored_auth,missing_required_header"])
            .stdout(File::create(&said).unwrap())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut fuzzer = Running(fuzzer);
        props.serve_while(|| fuzzer.0.try_wait().unwrap().is_none());
        assert!(fuzzer.0.wait().unwrap().success(), "{}", std::fs::read_to_string(said).unwrap());
        assert_reached(&proxy);
    });
}

/// Every operation was let in, told of something wrong with its body, and answered.
fn assert_reached(proxy: &Proxy) {
    let seen = proxy.seen.lock().unwrap();
    let (none, mut missed) = (BTreeSet::new(), Vec::new());
    for (operation, _) in &proxy.operations {
        let id = operation.id.as_str();
        let statuses = seen.get(id).unwrap_or(&none);
        let entered = statuses.iter().any(|status| *status != 401);
        let corrected = operation.schema.is_none() || statuses.contains(&422);
        let answered = statuses.iter().any(|status| *status < 300);
        if !(entered && corrected && answered) {
            missed.push((id, statuses));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
