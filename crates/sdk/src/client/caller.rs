//! Who calls, and how each call and its answer are authenticated.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use gm::hmac;
use gm::sm2::{DecryptingKey, SigningKey, VerifyingKey};

use super::call::Call;
use super::transport::{Answer, Transport};
use super::{Error, error_of, read};
use crate::session::{self, Header, REQUEST_HEADER, RESPONSE_HEADER};
use crate::signature::{self, Message, Question, Reply};
use crate::types::Private;
use crate::types::session::{OpenSession, SessionOpened};

/// How a client authenticates itself.
pub enum Caller {
    /// Not at all: public endpoints only.
    Anonymous,
    /// By a staff token.
    Staff(Private),
    /// By a staff token, in the place of whoever gave this delegation.
    StandIn(Private, String),
    /// By a registered SM2 key: each request signed, each answer's signature checked.
    Signed(KeyPair),
    /// By a registered SM2 key that opens a session; its requests and answers carry HMAC-SM3.
    Session(KeyPair, SessionSlot),
}

/// A registered signing key.
pub struct KeyPair {
    /// `key_…`
    pub key_id: String,
    /// The secret key.
    pub key: SigningKey,
}

/// Holds the session that is open now.
#[derive(Default)]
pub struct SessionSlot(Mutex<Option<Arc<Open>>>);

struct Open {
    id: String,
    key: hmac::Key,
    counter: AtomicU64,
    renew_at: i64,
}

/// The platform's pinned keys by id.
pub(super) type Pinned = Vec<(String, VerifyingKey)>;

impl Caller {
    /// Makes one attempt and returns an answer that is authentic, as far as this caller can tell.
    pub(super) fn attempt(
        &self,
        transport: &Transport,
        pinned: &Pinned,
        call: &Call,
    ) -> Result<Answer, Error> {
        match self {
            Self::Anonymous => transport.send(call, &[]),
            Self::Staff(token) => {
                transport.send(call, &[("authorization", &format!("Bearer {}", token.expose()))])
            }
            Self::StandIn(token, delegation_id) => {
                let bearer = format!("Bearer {}", token.expose());
                transport.send(call, &[("authorization", &bearer), ("ykt-delegation", delegation_id)])
            }
            Self::Signed(pair) => pair.attempt(transport, pinned, call),
            // The session MAC does not cover If-Match.
            Self::Session(pair, _) if call.if_match.is_some() => pair.attempt(transport, pinned, call),
            Self::Session(pair, slot) => slot.attempt(pair, transport, pinned, call),
        }
    }

    /// Forgets the open session; the next call opens another.
    pub(super) fn forget_session(&self) -> bool {
        match self {
            Self::Session(_, slot) => {
                slot.0.lock().unwrap_or_else(PoisonError::into_inner).take();
                true
            }
            _ => false,
        }
    }
}

impl KeyPair {
    fn attempt(&self, transport: &Transport, pinned: &Pinned, call: &Call) -> Result<Answer, Error> {
        let target_uri = transport.target_uri(&call.path);
        let headers = |name: &str| call.headers().find(|(header, _)| *header == name).map(|(_, value)| value);
        let message =
            Message { method: call.method, target_uri: &target_uri, headers: &headers, body: &call.body };
        let signed = signature::sign(&message, &self.key, &self.key_id, now(), &gm::random::bytes());
        let mut authentication = vec![
            ("signature-input", signed.signature_input.as_str()),
            ("signature", signed.signature.as_str()),
        ];
        authentication.extend(signed.content_digest.as_deref().map(|digest| ("content-digest", digest)));
        let answer = transport.send(call, &authentication)?;
        check_signature(pinned, &target_uri, call, Some(&signed.signature), answer)
    }
}

impl SessionSlot {
    fn attempt(
        &self,
        pair: &KeyPair,
        transport: &Transport,
        pinned: &Pinned,
        call: &Call,
    ) -> Result<Answer, Error> {
        let open = self.open(pair, transport, pinned)?;
        let counter = open.counter.fetch_add(1, Ordering::Relaxed) + 1;
        let request = session::Request {
            method: call.method,
            target: &transport.target(&call.path),
            idempotency_key: call.idempotency_key().unwrap_or(""),
            body: &call.body,
        };
        let mac = request.mac(&open.key, counter);
        let header = Header { session_id: &open.id, counter, mac }.write();
        let answer = transport.send(call, &[(REQUEST_HEADER, &header)])?;
        match answer.header(RESPONSE_HEADER) {
            Some(hex) => match session::verify_response(&open.key, &mac, answer.status, &answer.body, hex) {
                Ok(()) => Ok(answer),
                Err(check) => Err(unauthentic(check, &answer)),
            },
            // Without the session's key, the platform can only sign.
            None => check_signature(pinned, &transport.target_uri(&call.path), call, None, answer)
                .and_then(|answer| if answer.status < 400 { Err(unbound(&answer)) } else { Ok(answer) }),
        }
    }

    /// The open session, or a new one when there is none or it is about to expire. Other threads wait for it.
    fn open(&self, pair: &KeyPair, transport: &Transport, pinned: &Pinned) -> Result<Arc<Open>, Error> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = slot.as_ref().filter(|open| now() < open.renew_at) {
            return Ok(Arc::clone(open));
        }
        let once = DecryptingKey::generate();
        let request = OpenSession { encryption_key: HEXLOWER.encode(&once.encrypting_key().to_sec1()) };
        let call = Call::post("/api/v1/sessions", &request)?.repeatable();
        let opened: SessionOpened = read(&pair.attempt(transport, pinned, &call)?)?;
        let open = Arc::new(Open::new(opened, &once)?);
        *slot = Some(Arc::clone(&open));
        Ok(open)
    }
}

impl Open {
    fn new(opened: SessionOpened, key: &DecryptingKey) -> Result<Self, Error> {
        let secret = HEXLOWER_PERMISSIVE
            .decode(opened.key_envelope.as_bytes())
            .ok()
            .and_then(|sealed| key.decrypt(&sealed).ok())
            .filter(|secret| secret.expose().len() == 32)
            .ok_or_else(|| Error::Unreadable("the session's key".to_owned()))?;
        let expires_at = opened
            .expires_at
            .parse::<jiff::Timestamp>()
            .map_err(|_| Error::Unreadable("expires_at of the session".to_owned()))?
            .as_second();
        let now = now();
        let renew_at = expires_at - (expires_at - now) / 10;
        Ok(Self {
            id: opened.session_id,
            key: hmac::Key::new(secret.expose()),
            counter: AtomicU64::new(0),
            renew_at,
        })
    }
}

/// Passes an answer on if the platform signed it, or if it only says "later", which needs no trust.
fn check_signature(
    pinned: &Pinned,
    target_uri: &str,
    call: &Call,
    signature: Option<&str>,
    answer: Answer,
) -> Result<Answer, Error> {
    let question = Question { method: call.method, target_uri, signature };
    let headers = |name: &str| answer.header(name);
    let reply = Reply { status: answer.status, headers: &headers, body: &answer.body };
    let key_of = |id: &str| pinned.iter().find(|(key_id, _)| key_id == id).map(|(_, key)| key);
    match signature::verify_response(&question, &reply, now(), key_of) {
        Ok(()) => Ok(answer),
        Err(_) if is_later(answer.status) => Ok(answer),
        Err(check) => Err(unauthentic(check, &answer)),
    }
}

/// Whether a status only says that another attempt may be made later.
pub(super) fn is_later(status: u16) -> bool {
    matches!(status, 429 | 503)
}

fn unauthentic(check: impl std::error::Error + Send + Sync + 'static, answer: &Answer) -> Error {
    let claimed = match error_of(answer) {
        Some(Error::Refused(problem)) => Some(problem),
        _ => None,
    };
    Error::Unauthentic { check: Box::new(check), claimed }
}

/// A success must prove that it answers this very request, which a signature without the session's MAC does not.
fn unbound(answer: &Answer) -> Error {
    unauthentic(signature::SignatureError::Missing(RESPONSE_HEADER), answer)
}

/// Seconds since 1970.
#[allow(clippy::disallowed_methods, reason = "a client signs with the time of its own machine")]
pub(super) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok())
        .unwrap_or(0)
}
