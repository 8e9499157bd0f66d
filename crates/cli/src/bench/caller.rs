//! A caller whose requests are built before the clock starts: the handshake is signed, everything after it carries
//! the session's MAC, as any channel or terminal at high rates would send it.

use super::load;
use crate::failure::{Attempt, Failure};
use data_encoding::HEXLOWER;
use gm::hmac::Key;
use gm::sm2::{DecryptingKey, SigningKey};
use sdk::session::{Header, Request};
use sdk::signature::{self, Message};
use sdk::types::session::{OpenSession, SessionOpened};
use std::net::SocketAddr;
use std::sync::Arc;

/// What all requests of the sandbox begin with.
const PREFIX: &str = "/sandbox/api/v1";

/// A channel or terminal with an open session.
pub struct Caller {
    addr: SocketAddr,
    session_id: String,
    key: Key,
    counter: u64,
}

impl Caller {
    /// Opens a session by a signed request.
    ///
    /// # Errors
    /// The platform refuses or cannot be reached.
    pub fn open(addr: SocketAddr, key_id: &str, key: &SigningKey) -> Result<Self, Failure> {
        let own = DecryptingKey::generate();
        let encryption_key = HEXLOWER.encode(&own.encrypting_key().to_sec1());
        let body = serde_json::to_vec(&OpenSession { encryption_key }).attempt("write a handshake")?;
        let target = format!("http://{addr}{PREFIX}/sessions");
        let headers = |name: &str| (name == "content-type").then_some("application/json");
        let message = Message { method: "POST", target_uri: &target, headers: &headers, body: &body };
        let created = server::clock::micros() / 1_000_000;
        let signed = signature::sign(&message, key, key_id, created, &gm::random::bytes());
        let head = format!(
            "POST {PREFIX}/sessions HTTP/1.1\r\nhost: {addr}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\ncontent-digest: {}\r\nsignature-input: {}\r\nsignature: {}\r\n\r\n",
            body.len(),
            signed.content_digest.unwrap_or_default(),
            signed.signature_input,
            signed.signature,
        );
        let request = [head.as_bytes(), &body].concat();
        let round = load::run(addr, 1, &Arc::new(vec![request]), true).attempt("open a session")?;
        let answer = round.bodies.first().map(Vec::as_slice).unwrap_or_default();
        let opened: SessionOpened = serde_json::from_slice(answer)
            .attempt(format_args!("open a session ({})", String::from_utf8_lossy(answer)))?;
        let envelope = HEXLOWER.decode(opened.key_envelope.as_bytes()).attempt("read a session key")?;
        let secret = own.decrypt(&envelope).attempt("open a session key")?;
        Ok(Self { addr, session_id: opened.session_id, key: Key::new(secret.expose()), counter: 0 })
    }

    /// The bytes of the next request of the session.
    ///
    /// # Errors
    /// The body cannot be written.
    pub fn post(
        &mut self,
        path: &str,
        idempotency_key: &str,
        body: &impl serde::Serialize,
    ) -> Result<Vec<u8>, Failure> {
        let body = serde_json::to_vec(body).attempt("write a request")?;
        Ok(self.request("POST", path, idempotency_key, &body))
    }

    /// The bytes of the next request of the session that only reads.
    pub fn get(&mut self, path: &str) -> Vec<u8> {
        self.request("GET", path, "", &[])
    }

    fn request(&mut self, method: &str, path: &str, idempotency_key: &str, body: &[u8]) -> Vec<u8> {
        self.counter += 1;
        let target = format!("{PREFIX}{path}");
        let request = Request { method, target: &target, idempotency_key, body };
        let mac = request.mac(&self.key, self.counter);
        let header = Header { session_id: &self.session_id, counter: self.counter, mac }.write();
        let keyed = if idempotency_key.is_empty() {
            String::new()
        } else {
            format!("idempotency-key: {idempotency_key}\r\n")
        };
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             {keyed}ykt-session: {header}\r\n\r\n",
            self.addr,
            body.len(),
        );
        [head.as_bytes(), body].concat()
    }
}
