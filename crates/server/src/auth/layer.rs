//! Layers around routes: who is calling, and what every response carries.

use super::caller::{Caller, Evidence};
use crate::limit::Origin;
use crate::traffic::Call;
use crate::{Error, World};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::id::{KeyId, RequestId, SessionId};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use sdk::session::{self, Header};
use sdk::signature::{self, Message, Question};
use sdk::{problem, signature::SignatureError};
use std::time::Instant;
use store::db::asked::{Asked, Source};

/// Most bytes of a request body.
pub const BODY_LIMIT: usize = 256 * 1024;

/// How the response is protected, decided by how the request was.
enum Seal {
    Session { key: gm::hmac::Key, request_mac: [u8; 32] },
    Signature { method: String, target: String, signature: Option<String> },
}

/// Authenticates a channel or terminal, hands the body on, and protects the response the same way.
pub async fn authenticate_caller(State(world): State<World>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return turn_away(&world, &parts, Error::platform("request.too_large")).await;
    };
    let began = Instant::now();
    let outcome = if let Some(value) = parts.headers.get(session::REQUEST_HEADER) {
        by_session(&world, &parts, value, &body).await
    } else {
        by_signature(&world, &parts, &body).await
    };
    let (caller, seal) = match outcome {
        Ok(proven) => proven,
        Err(error) => return turn_away(&world, &parts, error).await,
    };
    let call = Call::new(&world, caller, &parts, began);
    if let Err(error) = world.pass(&caller.id) {
        call.end(error.status().as_u16(), error.code());
        return turn_away(&world, &parts, error).await;
    }
    let mut request = Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    let code = render_errors(&mut response).map_or("", |error| error.code());
    let response = protect(&world, response, &seal).await;
    call.end(response.status().as_u16(), code);
    response
}

/// A request that proved nothing is answered with the platform's signature too: a client believes no other answer.
async fn turn_away(world: &World, parts: &http::request::Parts, error: Error) -> Response {
    let mut response = error.into_response();
    render_errors(&mut response);
    let path = parts.extensions.get::<Target>().map_or("", |t| t.path.as_str());
    let seal = Seal::Signature {
        method: parts.method.to_string(),
        target: format!("{}{path}", world.origin()),
        signature: text(&parts.headers, "signature").map(str::to_owned),
    };
    protect(world, response, &seal).await
}

/// An error must be written out before the response is protected; `finish` has put language and id in place.
fn render_errors(response: &mut Response) -> Option<Error> {
    let error = take_error(response)?;
    let context = CONTEXT.try_with(Clone::clone).unwrap_or_default();
    *response = write_error(&error, &context);
    Some(error)
}

/// The error that a response is: ours, or the router's own words against a path that it cannot read.
fn take_error(response: &mut Response) -> Option<Error> {
    let error = response.extensions_mut().remove::<Error>();
    let is_words = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    error.or_else(|| match response.status().as_u16() {
        400..=499 if is_words => Some(Error::platform("request.malformed")),
        500..=599 if is_words => Some(Error::internal("a response was made by the router")),
        _ => None,
    })
}

async fn by_session(
    world: &World,
    parts: &http::request::Parts,
    value: &HeaderValue,
    body: &Bytes,
) -> Result<(Caller, Seal), Error> {
    let invalid = |why: &str| Error::detailed("session.invalid", why);
    let value = value.to_str().map_err(|_| invalid("the session header is not ASCII"))?;
    let header = Header::parse(value).map_err(|e| invalid(&e.to_string()))?;
    let id: SessionId = header.session_id.parse().map_err(|_| invalid("the session id is malformed"))?;
    let open = world.sessions().get(world, id).await?;
    let request = session::Request {
        method: parts.method.as_str(),
        target: parts.extensions.get::<Target>().map_or("", |t| t.path.as_str()),
        idempotency_key: text(&parts.headers, "idempotency-key").unwrap_or_default(),
        body,
    };
    request.verify(&open.key.mac, &header).map_err(|e| invalid(&e.to_string()))?;
    open.accept(header.counter)?;
    let caller = Caller {
        id: open.caller,
        kind: open.kind,
        evidence: Evidence::Session { session: id, key: open.key_id },
    };
    Ok((caller, Seal::Session { key: open.key.mac.clone(), request_mac: header.mac }))
}

async fn by_signature(
    world: &World,
    parts: &http::request::Parts,
    body: &Bytes,
) -> Result<(Caller, Seal), Error> {
    let path = parts.extensions.get::<Target>().map_or("", |t| t.path.as_str());
    let target = format!("{}{path}", world.origin());
    let headers = |name: &str| text(&parts.headers, name);
    let claim = {
        let message = Message { method: parts.method.as_str(), target_uri: &target, headers: &headers, body };
        signature::parse(&message, world.real_now().as_seconds()).map_err(refuse)?
    };
    let key_id: KeyId =
        claim.key_id().parse().map_err(|_| Error::detailed("signature.invalid", "keyid is not a key id"))?;
    let known = world.key_cache().get(world, key_id).await?;
    let verified = claim.verify(&known.key).map_err(refuse)?;
    let evidence = Evidence::Signature { key: key_id, second: verified.created, nonce: verified.nonce };
    let signature = headers("signature").map(str::to_owned);
    let seal = Seal::Signature { method: parts.method.to_string(), target, signature };
    Ok((Caller { id: known.owner, kind: known.kind, evidence }, seal))
}

fn refuse(error: SignatureError) -> Error {
    let code =
        if matches!(error, SignatureError::Missing(_)) { "signature.missing" } else { "signature.invalid" };
    Error::detailed(code, error.to_string())
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    // A header sent twice is not one value: it counts as absent, so nothing signs over an ambiguity.
    all.next().is_none().then_some(first)
}

async fn protect(world: &World, response: Response, seal: &Seal) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Error::internal("a response body could not be read").into_response();
    };
    match seal {
        Seal::Session { key, request_mac } => {
            let mac = session::response_mac(key, request_mac, parts.status.as_u16(), &body);
            insert(&mut parts.headers, session::RESPONSE_HEADER, &session::write_mac(&mac));
        }
        Seal::Signature { method, target, signature } => {
            let ring = world.keys().ring();
            let (id, key) = ring.signing_key();
            let question = Question { method, target_uri: target, signature: signature.as_deref() };
            let now = world.real_now().as_seconds();
            let signed =
                signature::sign_response(&question, parts.status.as_u16(), &body, key, &id.to_string(), now);
            insert(&mut parts.headers, "content-digest", signed.content_digest.as_bytes());
            insert(&mut parts.headers, "signature-input", signed.signature_input.as_bytes());
            insert(&mut parts.headers, "signature", signed.signature.as_bytes());
        }
    }
    if let Some(head) = world.head() {
        parts.headers.insert(HeaderName::from_static(HEAD_HEADER), head);
    }
    Response::from_parts(parts, Body::from(body))
}

/// Carries the newest signed head of the audit tree, in answers to callers and in webhooks; its own signature protects
/// it.
pub const HEAD_HEADER: &str = "ykt-audit-head";

fn insert(headers: &mut HeaderMap, name: &'static str, value: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// The request target as it came, before any router shortened it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Path and query.
    pub path: String,
}

/// What an error needs to be written for its reader.
#[derive(Debug, Clone, Default)]
struct Context {
    english: bool,
    production: bool,
    request_id: String,
    /// The platform's own id of the request: the same, unless the client gave it another.
    own_id: Option<RequestId>,
    /// The trace that the client put the request into.
    trace_id: Option<String>,
}

tokio::task_local! {
    static CONTEXT: Context;
}

/// The outermost layer: request id, target, language, and errors as problem+json, logged once.
pub async fn finish(mut request: Request, next: Next) -> Response {
    let uri = request.uri();
    let path = uri.path_and_query().map_or_else(|| uri.path().to_owned(), |p| p.as_str().to_owned());
    let language = text(request.headers(), header::ACCEPT_LANGUAGE.as_str()).unwrap_or_default();
    let given = text(request.headers(), "x-request-id").filter(|id| is_request_id(id)).map(str::to_owned);
    let own_id = request_id();
    let context = Context {
        english: language.trim_start().to_ascii_lowercase().starts_with("en"),
        production: !path.starts_with("/sandbox"),
        request_id: given.unwrap_or_else(|| own_id.to_string()),
        own_id: Some(own_id),
        trace_id: text(request.headers(), "traceparent").and_then(trace_id).map(str::to_owned),
    };
    request.extensions_mut().insert(Target { path });
    let mut response = CONTEXT.scope(context.clone(), next.run(request)).await;
    if let Some(error) = take_error(&mut response) {
        response = write_error(&error, &context);
    }
    let headers = response.headers_mut();
    insert(headers, "x-request-id", context.request_id.as_bytes());
    // An answer is for whoever asked, now: no browser and no proxy keeps one, and none is taken for another type.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}

fn is_request_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// The trace of a `traceparent` (W3C Trace Context 1, 3.2.2): what is not well formed counts as absent, and of a later version
/// only what this one knows is read.
fn trace_id(parent: &str) -> Option<&str> {
    let hex = |part: &str, len: usize| {
        let is_hex = part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        part.len() == len && is_hex
    };
    let is_id = |part: &str, len: usize| hex(part, len) && part.bytes().any(|byte| byte != b'0');
    let mut parts = parent.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let known = hex(version, 2) && version != "ff" && (version != "00" || parts.next().is_none());
    (known && is_id(trace, 32) && is_id(span, 16) && hex(flags, 2)).then_some(trace)
}

fn request_id() -> RequestId {
    let at = domain::time::Timestamp::from_micros(crate::clock::micros());
    RequestId::make(at, gm::random::bytes())
}

/// What the records of a request of staff say of it.
#[must_use]
pub fn asked(world: &World, request: &Request) -> Asked {
    let own_id = CONTEXT.try_with(|context| context.own_id).ok().flatten();
    let Origin(address) = Origin::of(world, request.extensions(), request.headers());
    Asked {
        id: own_id.unwrap_or_else(request_id),
        from: address.map(|address| Source { address: address.to_string(), salt: gm::random::bytes() }),
    }
}

fn write_error(error: &Error, context: &Context) -> Response {
    if let Some(source) = error.source_for_log() {
        let (request_id, trace_id) = (&context.request_id, &context.trace_id);
        tracing::error!(request_id, trace_id, code = error.code(), source, "request failed");
    }
    let mut problem = error.problem(context.english, &context.request_id);
    if context.production && problem.code.starts_with("signature.") {
        // In production a forger learns only that the signature does not hold.
        problem.detail = None;
        problem.code = "signature.invalid".into();
    }
    let bytes = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = error.clone().into_response();
    response.extensions_mut().remove::<Error>();
    *response.body_mut() = Body::from(bytes);
    insert(response.headers_mut(), "content-type", problem::CONTENT_TYPE.as_bytes());
    response
}

#[cfg(test)]
mod tests {
    use super::trace_id;

    #[test]
    fn a_trace_is_taken_from_a_parent_that_is_well_formed_and_from_no_other() {
        let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let parent =
            |version: &str, trace: &str, span: &str, rest: &str| format!("{version}-{trace}-{span}-{rest}");
        for whole in [parent("00", trace, span, "01"), parent("cc", trace, span, "01-later")] {
            assert_eq!(trace_id(&whole), Some(trace));
        }
        let zeros = "0".repeat(32);
        for broken in [
            parent("ff", trace, span, "01"),
            parent("00", trace, span, "01-more"),
            parent("00", &zeros, span, "01"),
            parent("00", trace, &zeros[..16], "01"),
            parent("00", &trace.to_uppercase(), span, "01"),
            parent("00", &trace[1..], span, "01"),
            parent("00", trace, span, "1"),
            String::new(),
        ] {
            assert_eq!(trace_id(&broken), None, "{broken}");
        }
    }
}
