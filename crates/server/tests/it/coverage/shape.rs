//! Every operation with a body against bodies that are wrong: not JSON, of a wrong type, with a field too many or too
//! few, too large. The answer names the field, and nothing changes.

use super::operations::{Guard, Operation, Targets, operations};
use super::scene::{Actor, account, acts, send};
use crate::harness::{CallerHandle, HANGZHOU, Platform, Reply};
use domain::org::{Role, holders};
use sdk::types::Private;
use serde_json::{Value, json};
use server::auth::BODY_LIMIT;

/// Most bytes of a chunk of an import; every other body ends at [`BODY_LIMIT`].
const CHUNK_LIMIT: usize = 20 * 1024 * 1024;

/// Somebody who may call each operation that takes a body.
struct Office<'a> {
    platform: &'a Platform,
    channel: CallerHandle,
    operations: Vec<(Operation, Option<Private>)>,
}

impl<'a> Office<'a> {
    fn new(platform: &'a Platform) -> Self {
        let with_body = operations(platform).into_iter().filter(|operation| operation.schema.is_some());
        let staffed = with_body.map(|operation| {
            let role = match operation.guard {
                Guard::Staff(held) => Some(holders(held)[0]),
                Guard::Account => Some(Role::OperatorAdmin),
                _ => None,
            };
            let token = role.map(|role| account(platform, role, &["000000", "330000"]));
            (operation, token)
        });
        let operations = staffed.collect();
        Self { platform, channel: platform.channel(), operations }
    }

    fn send(&self, operation: &Operation, token: Option<&Private>, body: &[u8]) -> Reply {
        let actor = match token {
            Some(token) => Actor::Staff(token),
            None if operation.guard == Guard::Public => Actor::Stranger,
            None => Actor::Caller(&self.channel),
        };
        send(self.platform, &actor, &operation.method, &operation.target(&Targets::nothing()), body)
    }
}

/// A wrong body and the pointer that the answer must name or begin with.
fn wrong_bodies(operation: &Operation) -> Vec<(Value, String)> {
    let example = operation.body(&Targets::nothing()).unwrap();
    let mut wrong = Vec::new();
    retype(&example, &example, "", &mut wrong);
    // What an action on a matter brings is its kind's to read, once the matter is found.
    let open = operation.id == "act_on_matter";
    for pointer in objects(&example, String::new()).into_iter().filter(|_| !open) {
        let mut body = example.clone();
        body.pointer_mut(&pointer).unwrap()["unheard_of"] = json!(1);
        wrong.push((body, pointer));
    }
    for name in &operation.required {
        let mut body = example.clone();
        body.as_object_mut().unwrap().remove(name).unwrap();
        wrong.push((body, format!("/{name}")));
    }
    wrong
}

/// Every value below the top replaced by one of another type.
fn retype(example: &Value, value: &Value, pointer: &str, wrong: &mut Vec<(Value, String)>) {
    if !pointer.is_empty() {
        let other = if value.is_object() { json!("text") } else { json!({"a": 1}) };
        let mut body = example.clone();
        *body.pointer_mut(pointer).unwrap() = other;
        wrong.push((body, pointer.to_owned()));
    }
    for (name, inner) in members(value) {
        retype(example, inner, &format!("{pointer}/{name}"), wrong);
    }
}

fn objects(value: &Value, pointer: String) -> Vec<String> {
    let mut found: Vec<String> =
        members(value).flat_map(|(name, inner)| objects(inner, format!("{pointer}/{name}"))).collect();
    if value.is_object() {
        found.push(pointer);
    }
    found
}

fn members(value: &Value) -> impl Iterator<Item = (String, &Value)> {
    let object = value.as_object().into_iter().flatten().map(|(name, inner)| (name.clone(), inner));
    let array = value.as_array().into_iter().flatten().enumerate();
    object.chain(array.map(|(place, inner)| (place.to_string(), inner)))
}

/// The body with spaces behind it, so many bytes in all.
fn padded(operation: &Operation, bytes: usize) -> Vec<u8> {
    let mut body = serde_json::to_vec(&operation.body(&Targets::nothing()).unwrap()).unwrap();
    body.resize(bytes, b' ');
    body
}

on_both! {
    fn a_wrong_field_is_named_and_nothing_changes(platform) {
        let office = Office::new(platform);
        let before = acts(platform);
        for (operation, token) in &office.operations {
            for (body, pointer) in wrong_bodies(operation) {
                let reply = office.send(operation, token.as_ref(), body.to_string().as_bytes());
                let what = format!("{} {body}: {} {}", operation.id, reply.status, reply.json());
                assert_eq!((reply.status, reply.code().as_str()), (422, "request.fields"), "{what}");
                let named = reply.json()["errors"][0]["pointer"].as_str().unwrap().to_owned();
                assert!(!named.is_empty() && named.starts_with(&pointer), "{pointer} in {what}");
            }
        }
        assert_eq!(acts(platform), before);
    }

    fn what_is_no_json_object_is_told_apart(platform) {
        let office = Office::new(platform);
        let before = acts(platform);
        for (operation, token) in &office.operations {
            let send = |body: &[u8]| {
                let reply = office.send(operation, token.as_ref(), body);
                (reply.status, reply.code())
            };
            for body in ["", "{", "{\"a\":1", "nothing", "{} {}", "{\"a\":\u{0}}"] {
                assert_eq!(send(body.as_bytes()), (400, "request.malformed".into()), "{} {body:?}", operation.id);
            }
            assert_eq!(send(b"{\"text\":\"\xff\"}"), (400, "request.malformed".into()), "{}", operation.id);
            for body in ["[]", "null", "1", "\"text\"", "[\"a\",\"b\",\"c\",\"d\"]"] {
                assert_eq!(send(body.as_bytes()), (422, "request.fields".into()), "{} {body:?}", operation.id);
            }
            let deep = format!("{{\"a\":{}", "[".repeat(100_000));
            assert_eq!(send(deep.as_bytes()).0 / 100, 4, "{}", operation.id);
        }
        assert_eq!(acts(platform), before);
    }

    fn a_body_has_its_limit_to_the_byte(platform) {
        let office = Office::new(platform);
        for (operation, token) in &office.operations {
            let limit = if operation.id == "import_rows" { CHUNK_LIMIT } else { BODY_LIMIT };
            let before = acts(platform);
            let reply = office.send(operation, token.as_ref(), &padded(operation, limit + 1));
            assert_eq!((reply.status, reply.code().as_str()), (413, "request.too_large"), "{}", operation.id);
            assert_eq!(acts(platform), before, "{}", operation.id);
            let reply = office.send(operation, token.as_ref(), &padded(operation, limit));
            assert!(reply.status != 413 && reply.status < 500, "{} {}", operation.id, reply.status);
        }
    }
}

on_both! {
    fn a_path_that_is_no_text_is_answered_with_a_problem_too(platform) {
        let (token, channel) = (account(platform, Role::OperatorAdmin, &["000000"]), platform.channel());
        for (actor, path) in [
            (Actor::Staff(&token), "/api/v1/channels/%FF"),
            (Actor::Caller(&channel), "/api/v1/payments/%FF"),
            (Actor::Stranger, "/%FF"),
        ] {
            let reply = send(platform, &actor, "GET", path, b"");
            assert!(matches!(reply.status, 400 | 404), "{path} {}", reply.status);
            assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
            assert!(!reply.code().is_empty() && !reply.header("x-request-id").is_empty());
        }
    }
}

/// Reading a page of a list, whatever the list.
mod paging {
    use super::*;
    use crate::coverage::scene::call;

    on_both! {
        fn a_page_has_a_limit_and_a_cursor_of_its_own(platform) {
            let channel = platform.channel();
            let targets = Targets::nothing();
            for operation in operations(platform).iter().filter(|operation| operation.id.starts_with("list_")) {
                let (token, actor);
                actor = match operation.guard {
                    Guard::Staff(held) => {
                        token = account(platform, holders(held)[0], &["000000", "330000", HANGZHOU]);
                        Actor::Staff(&token)
                    }
                    Guard::Public => Actor::Stranger,
                    _ => Actor::Caller(&channel),
                };
                let good = call(platform, &actor, operation, &targets);
                if good.status == 404 || !good.json()["data"].is_array() || unpaged(&operation.id) {
                    continue;
                }
                let target = operation.target(&targets);
                let with = |query: &str| format!("{target}{}{query}", if target.contains('?') { "&" } else { "?" });
                for query in ["limit=0", "limit=201", "limit=-1", "limit=x", "cursor=%21", "limit=1&limit=2"] {
                    let reply = send(platform, &actor, "GET", &with(query), b"");
                    assert_eq!((reply.status, reply.code().as_str()), (422, "request.fields"), "{} {query}", operation.id);
                    let pointer = format!("?{}", query.split('=').next().unwrap());
                    assert_eq!(reply.json()["errors"][0]["pointer"], pointer.as_str(), "{} {query}", operation.id);
                    assert_eq!(reply.header("content-type"), "application/problem+json", "{} {query}", operation.id);
                }
                for query in ["limit=1", "limit=200"] {
                    assert_eq!(send(platform, &actor, "GET", &with(query), b"").status, 200, "{} {query}", operation.id);
                }
            }
        }
    }

    /// Lists that are short by their nature.
    fn unpaged(id: &str) -> bool {
        matches!(
            id,
            "list_divisions"
                | "list_platform_keys"
                | "list_services"
                | "list_service_forms"
                | "list_webhooks"
        )
    }
}
