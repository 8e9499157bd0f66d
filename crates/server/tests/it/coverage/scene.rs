//! Everybody who could call, as bare requests: nothing is added, repeated or checked behind the test's back.

use super::operations::{Operation, Targets};
use crate::harness::{CallerHandle, Platform, Reply};
use domain::division::DivisionCode;
use domain::id::{OrgId, StaffId};
use domain::org::{OrgKind, Role};
use sdk::signature::Message;
use sdk::types::Private;

/// Who calls.
pub enum Actor<'a> {
    /// Nobody in particular.
    Stranger,
    /// A member of staff.
    Staff(&'a Private),
    /// A channel or terminal that signs.
    Caller(&'a CallerHandle),
}

/// Sends a body, which may be none, to a target.
pub fn send(platform: &Platform, actor: &Actor<'_>, method: &str, target: &str, body: &[u8]) -> Reply {
    let mut headers = vec![("if-match".to_owned(), "\"1\"".to_owned())];
    let key = data_encoding::HEXLOWER.encode(&gm::random::bytes::<16>());
    headers.push(("idempotency-key".into(), key));
    if !body.is_empty() {
        headers.push(("content-type".into(), "application/json".into()));
    }
    match actor {
        Actor::Stranger => (),
        Actor::Staff(token) => headers.push(("authorization".into(), format!("Bearer {}", token.expose()))),
        Actor::Caller(handle) => {
            let proof = sign(platform.origin(), handle, method, target, &headers, body);
            headers.extend(proof);
        }
    }
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    platform.request(method, target, &headers, body)
}

/// The headers that prove a request to be this caller's.
pub fn sign(
    origin: &str,
    handle: &CallerHandle,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Vec<(String, String)> {
    let target_uri = format!("{origin}{target}");
    let find =
        |name: &str| headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str());
    let message = Message { method, target_uri: &target_uri, headers: &find, body };
    let now = server::clock::micros() / 1_000_000;
    let signed = sdk::signature::sign(&message, &handle.key, &handle.key_id, now, &gm::random::bytes());
    let mut proof = vec![
        ("signature-input".to_owned(), signed.signature_input),
        ("signature".to_owned(), signed.signature),
    ];
    proof.extend(signed.content_digest.map(|digest| ("content-digest".to_owned(), digest)));
    proof
}

/// Calls an operation about these targets with its well-formed body.
pub fn call(platform: &Platform, actor: &Actor<'_>, operation: &Operation, targets: &Targets) -> Reply {
    let body = operation.body(targets).map(|body| serde_json::to_vec(&body).unwrap()).unwrap_or_default();
    send(platform, actor, &operation.method, &operation.target(targets), &body)
}

/// A new account of this role in the first fitting division of these.
pub fn account(platform: &Platform, role: Role, divisions: &[&str]) -> Private {
    let fits = |kind: &&OrgKind, division: &str| {
        let division: DivisionCode = division.parse().unwrap();
        kind.admit(role).is_ok() && kind.stand_at(division).is_ok()
    };
    let found = divisions.iter().find_map(|division| {
        OrgKind::ALL.iter().find(|kind| fits(kind, division)).map(|kind| (*kind, *division))
    });
    let (kind, division) =
        found.unwrap_or_else(|| panic!("no organisation of {role} stands at {divisions:?}"));
    account_of(platform, role, platform.org(kind, division))
}

/// A new account of this role in this organisation.
pub fn account_of(platform: &Platform, role: Role, org: OrgId) -> Private {
    platform.token(platform.world(), role, org)
}

/// The account behind a token.
pub fn id_of(platform: &Platform, token: &Private) -> StaffId {
    let (hash, now) = (gm::sm3::digest(token.expose().as_bytes()), platform.world().real_now());
    let found = platform.read(move |tx| Ok(store::staff::find_signed_in(tx, &hash, now.as_micros())?));
    StaffId::from_bytes(found.unwrap().staff.id)
}

/// How many acts are on record: what changed something left a record.
pub fn acts(platform: &Platform) -> usize {
    let blocks = platform.read(|tx| Ok(store::audit::list_blocks(tx, &[], 0, 1_000_000)?));
    blocks.iter().map(|block| block.leaves.len() / 32).sum()
}
