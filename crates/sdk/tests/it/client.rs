//! The client against a small platform of its own that authenticates as the real one does.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use gm::hmac::Key;
use gm::sm2::{DecryptingKey, EncryptingKey, SigningKey};
use sdk::client::{Acceptance, Call, Channel, Config, Error, KeyPair, Staff, Terminal, platform_keys};
use sdk::session::{Header, Request, Window, response_mac, write_mac};
use sdk::signature::{Message, Question, parse, sign_response};
use sdk::types::key::PlatformKeys;
use sdk::types::org::OrgView;
use sdk::types::qr::{Purpose, VerifyCode};
use serde_json::{Value, json};

/// One request as the platform received it.
#[derive(Debug, Clone)]
struct Seen {
    method: String,
    target: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

/// What to answer instead of the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    /// Close the connection without an answer.
    HangUp,
    /// 503 with this Retry-After and no signature, as a proxy would.
    Busy(u32),
    /// A signed problem with this status and code.
    Problem(u16, &'static str, bool),
    /// Forget every session.
    Restart,
    /// Change the body after it was signed.
    Tamper,
    /// Send no authentication at all.
    Bare,
    /// Answer by the platform's signature where the session's MAC is due.
    SignedOnly,
}

struct Platform {
    origin: String,
    key: SigningKey,
    encrypting: DecryptingKey,
    caller: SigningKey,
    sessions: Mutex<HashMap<String, (Key, Window)>>,
    faults: Mutex<Vec<Fault>>,
    seen: Mutex<Vec<Seen>>,
}

fn now() -> i64 {
    #[allow(clippy::disallowed_methods, reason = "the client signs with real time")]
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(elapsed.as_secs()).unwrap()
}

impl Platform {
    fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let platform = Arc::new(Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            key: SigningKey::generate(),
            encrypting: DecryptingKey::generate(),
            caller: SigningKey::generate(),
            sessions: Mutex::default(),
            faults: Mutex::default(),
            seen: Mutex::default(),
        });
        let shared = Arc::clone(&platform);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let platform = Arc::clone(&shared);
                thread::spawn(move || platform.serve(stream.unwrap()));
            }
        });
        platform
    }

    fn keys(&self) -> PlatformKeys {
        let key = |id: &str, usage: &str, point: [u8; 65]| {
            json!({
                "key_id": id, "usage": usage, "algorithm": "sm2", "public_key": HEXLOWER.encode(&point),
                "fingerprint": "", "valid_from": "2026-01-01T00:00:00Z",
            })
        };
        let sign = key("key_p", "sign", self.key.verifying_key().to_sec1());
        let encrypt = key("key_e", "encrypt", self.encrypting.encrypting_key().to_sec1());
        serde_json::from_value(json!({ "data": [sign, encrypt] })).unwrap()
    }

    fn config(&self) -> Config {
        let mut config = Config::new(format!("{}/sandbox/", self.origin), self.keys());
        config.timeout = Duration::from_secs(5);
        config
    }

    fn pair(&self) -> KeyPair {
        KeyPair { key_id: "key_c".into(), key: self.caller.clone() }
    }

    fn terminal(&self) -> Terminal {
        Terminal::new(&self.config(), self.pair()).unwrap()
    }

    fn signed(&self) -> Channel {
        Channel::signed(&self.config(), self.pair()).unwrap()
    }

    /// The next answers go wrong like this, in this order.
    fn fail(&self, faults: &[Fault]) {
        *self.faults.lock().unwrap() = faults.iter().rev().copied().collect();
    }

    fn seen(&self, target: &str) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| seen.target.starts_with(target)).cloned().collect()
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        while let Some(seen) = read_request(&mut reader) {
            let opening = seen.target.ends_with("/sessions");
            self.seen.lock().unwrap().push(seen.clone());
            let fault = if opening { None } else { self.faults.lock().unwrap().pop() };
            match fault {
                Some(Fault::HangUp) => return,
                Some(Fault::Busy(seconds)) => {
                    let body = br#"{"status":503,"code":"platform.busy","retryable":true}"#;
                    write_answer(&mut stream, 503, &[("retry-after", seconds.to_string())], body);
                }
                fault => self.answer(&mut stream, &seen, fault),
            }
        }
    }

    fn answer(&self, stream: &mut TcpStream, seen: &Seen, fault: Option<Fault>) {
        if fault == Some(Fault::Restart) {
            self.sessions.lock().unwrap().clear();
        }
        let (session, (status, mut body)) = match self.authenticate(seen) {
            Ok(session) => (session, self.route(seen)),
            Err(code) => (None, (401, json!({"status": 401, "code": code}).to_string())),
        };
        let mut status = status;
        if let Some(Fault::Problem(other, code, retryable)) = fault {
            status = other;
            body = json!({"status": other, "code": code, "retryable": retryable}).to_string();
        }
        let mut headers = Vec::new();
        match session {
            _ if fault == Some(Fault::Bare) => {}
            Some((key, mac)) if fault != Some(Fault::SignedOnly) => {
                let mac = write_mac(&response_mac(&key, &mac, status, body.as_bytes()));
                headers.push(("ykt-session-mac", String::from_utf8(mac.to_vec()).unwrap()));
            }
            _ => {
                let uri = format!("{}{}", self.origin, seen.target);
                let signature = seen.headers.get("signature").map(String::as_str);
                let question = Question { method: &seen.method, target_uri: &uri, signature };
                let signed = sign_response(&question, status, body.as_bytes(), &self.key, "key_p", now());
                headers.push(("content-digest", signed.content_digest));
                headers.push(("signature-input", signed.signature_input));
                headers.push(("signature", signed.signature));
            }
        }
        if fault == Some(Fault::Tamper) {
            body = body.replace("u-1", "u-2");
        }
        write_answer(stream, status, &headers, body.as_bytes());
    }

    /// The session's key and the request's MAC, or nothing for a signed, staff or public request.
    fn authenticate(&self, seen: &Seen) -> Result<Option<(Key, [u8; 32])>, &'static str> {
        let header = |name: &str| seen.headers.get(name).map(String::as_str);
        if let Some(value) = header("ykt-session") {
            let parsed = Header::parse(value).map_err(|_| "session.malformed")?;
            let mut sessions = self.sessions.lock().unwrap();
            let (key, window) = sessions.get_mut(parsed.session_id).ok_or("session.unknown")?;
            let idempotency_key = header("idempotency-key").unwrap_or("");
            let request =
                Request { method: &seen.method, target: &seen.target, idempotency_key, body: &seen.body };
            request.verify(key, &parsed).map_err(|_| "session.invalid")?;
            window.accept(parsed.counter).map_err(|_| "session.replayed")?;
            return Ok(Some((key.clone(), parsed.mac)));
        }
        if header("authorization") == Some("Bearer st_1") || header("signature").is_none() {
            return Ok(None);
        }
        let uri = format!("{}{}", self.origin, seen.target);
        let message = Message { method: &seen.method, target_uri: &uri, headers: &header, body: &seen.body };
        let claim = parse(&message, now()).map_err(|_| "signature.invalid")?;
        claim.verify(self.caller.verifying_key()).map_err(|_| "signature.invalid")?;
        Ok(None)
    }

    fn route(&self, seen: &Seen) -> (u16, String) {
        let path = seen.target.strip_prefix("/sandbox/api/v1").unwrap_or(&seen.target);
        let body = match path {
            "/keys" => serde_json::to_value(self.keys()).unwrap(),
            "/sessions" => self.open_session(&seen.body),
            "/verifications" => json!({
                "use_id": "u-1", "verified_at": "2026-11-21T08:00:00+08:00", "pseudonym": "p", "sign_level": 1,
                "division": "110000", "holder": {}, "replayed": false,
            }),
            "/orgs" => json!({"data": [org("org_1"), org("org_2")], "has_more": true, "next_cursor": "a b"}),
            "/orgs?cursor=a%20b" => json!({"data": [org("org_3")], "has_more": false}),
            "/staff/sessions" => json!({
                "token": "st_1", "expires_at": "2026-11-21T08:00:00+08:00", "previous": {"failures": 0},
                "staff": {
                    "staff_id": "stf_1", "org_id": "org_1", "login": "a", "role": "operator_admin",
                    "state": "active", "must_change_password": false, "created_at": "2026-11-21T08:00:00+08:00",
                },
            }),
            _ => return (404, json!({"status": 404, "code": "route.unknown"}).to_string()),
        };
        (200, body.to_string())
    }

    fn open_session(&self, body: &[u8]) -> Value {
        let request: Value = serde_json::from_slice(body).unwrap();
        let point = HEXLOWER.decode(request["encryption_key"].as_str().unwrap().as_bytes()).unwrap();
        let secret = gm::random::bytes::<32>();
        let mut sessions = self.sessions.lock().unwrap();
        let id = format!("ses_{}", HEXLOWER.encode(&secret[..4]));
        sessions.insert(id.clone(), (Key::new(&secret), Window::new()));
        let envelope = EncryptingKey::from_sec1(&point).unwrap().encrypt(&secret);
        json!({"session_id": id, "key_envelope": HEXLOWER.encode(&envelope), "expires_at": "2999-01-01T00:00:00+08:00"})
    }
}

fn org(id: &str) -> Value {
    json!({
        "org_id": id, "name": "n", "kind": "channel_owner", "division": "110000",
        "created_at": "2026-11-21T08:00:00+08:00",
    })
}

fn read_request(reader: &mut impl BufRead) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|&read| read > 0)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Seen { method, target, headers, body })
}

fn write_answer(stream: &mut TcpStream, status: u16, headers: &[(&str, String)], body: &[u8]) {
    let mut answer = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        answer.push_str(&format!("{name}: {value}\r\n"));
    }
    answer.push_str("\r\n");
    let _ = stream.write_all(&[answer.as_bytes(), body].concat());
}

fn scan() -> VerifyCode {
    VerifyCode {
        code: "A".into(),
        purpose: Purpose::Identity,
        service: None,
        division: None,
        payee_id: None,
        request_id: "r-1".into(),
    }
}

const VERIFICATIONS: &str = "/sandbox/api/v1/verifications";
const SESSIONS: &str = "/sandbox/api/v1/sessions";

#[test]
fn a_channel_signs_each_request_and_believes_the_signed_answer() {
    let platform = Platform::start();
    assert_eq!(platform.signed().verify_code(&scan()).unwrap().use_id, "u-1");
    let seen = platform.seen(VERIFICATIONS);
    assert!(seen[0].headers.contains_key("signature") && !seen[0].headers.contains_key("idempotency-key"));
}

#[test]
fn a_terminal_opens_one_session_for_many_requests_and_threads() {
    let platform = Platform::start();
    let terminal = platform.terminal();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..25).for_each(|_| drop(terminal.verify_code(&scan()).unwrap())));
        }
    });
    assert_eq!(platform.seen(SESSIONS).len(), 1);
    assert_eq!(platform.seen(VERIFICATIONS).len(), 100);
}

#[test]
fn a_session_that_the_platform_forgot_is_opened_again() {
    let platform = Platform::start();
    let terminal = platform.terminal();
    terminal.verify_code(&scan()).unwrap();
    platform.fail(&[Fault::Restart]);
    assert!(terminal.verify_code(&scan()).is_ok());
    assert_eq!(platform.seen(SESSIONS).len(), 2);
}

#[test]
fn an_answer_that_is_not_authentic_is_not_shown() {
    let platform = Platform::start();
    for fault in [Fault::Tamper, Fault::Bare] {
        platform.fail(&[fault]);
        assert!(
            matches!(platform.signed().verify_code(&scan()), Err(Error::Unauthentic { .. })),
            "{fault:?}"
        );
    }
    for fault in [Fault::Tamper, Fault::Bare, Fault::SignedOnly] {
        platform.fail(&[fault]);
        assert!(
            matches!(platform.terminal().verify_code(&scan()), Err(Error::Unauthentic { .. })),
            "{fault:?}"
        );
    }
    let mut config = platform.config();
    config.platform_keys = Platform::start().keys();
    let fooled = Channel::signed(&config, platform.pair()).unwrap().verify_code(&scan());
    assert!(matches!(fooled, Err(Error::Unauthentic { .. })));
}

#[test]
fn a_keyed_call_is_repeated_with_its_key_and_a_fresh_nonce() {
    let platform = Platform::start();
    platform.fail(&[Fault::HangUp, Fault::Busy(0), Fault::Problem(409, "idempotency.in_flight", true)]);
    let call = Call::post("/api/v1/verifications", &scan()).unwrap();
    let answer: Value = platform.signed().client().send(&call).unwrap();
    assert_eq!(answer["use_id"], "u-1");
    let seen = platform.seen(VERIFICATIONS);
    assert_eq!(seen.len(), 4);
    for next in &seen[1..] {
        assert_eq!(next.headers["idempotency-key"], seen[0].headers["idempotency-key"]);
        assert_ne!(next.headers["signature-input"], seen[0].headers["signature-input"]);
    }
}

#[test]
fn a_call_that_may_not_be_repeated_is_not() {
    let platform = Platform::start();
    let call = Call::post("/api/v1/verifications", &scan()).unwrap().once();
    platform.fail(&[Fault::HangUp]);
    let lost: Result<Value, _> = platform.signed().client().send(&call);
    assert!(matches!(lost, Err(Error::Transport(_))));
    platform.fail(&[Fault::Busy(0)]);
    let busy: Result<Value, _> = platform.signed().client().send(&call);
    assert_eq!(busy.unwrap_err().code(), Some("platform.busy"));
    assert_eq!(platform.seen(VERIFICATIONS).len(), 2);
}

#[test]
fn a_refusal_is_reported_at_once_with_its_problem() {
    let platform = Platform::start();
    platform.fail(&[Fault::Problem(409, "code.replayed", false)]);
    let refused = platform.terminal().verify_code(&scan()).unwrap_err();
    assert_eq!(refused.code(), Some("code.replayed"));
    assert_eq!(platform.seen(VERIFICATIONS).len(), 1);
}

#[test]
fn retry_after_is_waited_for_and_too_long_a_wait_is_reported() {
    let platform = Platform::start();
    platform.fail(&[Fault::Busy(1)]);
    #[allow(clippy::disallowed_methods, reason = "the wait is what is tested")]
    let start = Instant::now();
    platform.signed().verify_code(&scan()).unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
    platform.fail(&[Fault::Busy(3_600)]);
    assert_eq!(platform.signed().verify_code(&scan()).unwrap_err().code(), Some("platform.busy"));
}

#[test]
fn attempts_end() {
    let platform = Platform::start();
    platform.fail(&[Fault::HangUp; 9]);
    assert!(matches!(platform.signed().verify_code(&scan()), Err(Error::Transport(_))));
    assert_eq!(platform.seen(VERIFICATIONS).len(), 4);
}

#[test]
fn a_list_is_read_page_after_page() {
    let platform = Platform::start();
    let staff = Staff::sign_in(&platform.config(), "a", "b").unwrap();
    let orgs: Vec<OrgView> = staff.orgs().all().unwrap();
    assert_eq!(orgs.iter().map(|org| org.org_id.as_str()).collect::<Vec<_>>(), ["org_1", "org_2", "org_3"]);
    platform.fail(&[Fault::Problem(403, "staff.forbidden", false)]);
    assert!(staff.orgs().all().is_err());
}

#[test]
fn keys_are_found_once_and_then_pinned() {
    let platform = Platform::start();
    let keys = platform_keys(&format!("{}/sandbox", platform.origin)).unwrap();
    assert_eq!(keys, platform.keys());
    let none = Config::new(&*platform.origin, PlatformKeys { data: vec![] });
    assert!(matches!(Terminal::new(&none, platform.pair()), Err(Error::Setup(_))));
    let odd = Config::new("ftp://x", keys);
    assert!(matches!(Terminal::new(&odd, platform.pair()), Err(Error::Setup(_))));
}

#[test]
fn a_platform_that_is_not_there_is_a_transport_error() {
    let platform = Platform::start();
    let mut config = Config::new("http://127.0.0.1:1", platform.keys());
    config.attempts = 1;
    let result = Terminal::new(&config, platform.pair()).unwrap().verify_code(&scan());
    assert!(matches!(result, Err(Error::Transport(_))));
}
