//! What is revoked is refused at the very next request, by every server on the database, whatever was remembered.

use super::scene::{Counter, cause, counter, identity, missing};
use crate::harness::{CallerHandle, HANGZHOU, Platform, refusal};
use domain::org::Role;
use gm::sm2::DecryptingKey;
use sdk::client::{Acceptance, Call, Channel, Error, Terminal};
use sdk::session::{Header, REQUEST_HEADER, Request};
use sdk::types::key::RevokeKey;
use sdk::types::qr::CodeVerified;
use sdk::types::session::{OpenSession, SessionOpened};
use sdk::types::terminal::{ChangeTerminalState, TerminalState};
use std::cell::Cell;
use store::db::Engine;

/// A session kept by hand, so that nothing opens another one behind the test's back.
struct Session {
    id: String,
    key: gm::hmac::Key,
    counter: Cell<u64>,
}

impl Session {
    fn open(handle: &CallerHandle) -> Self {
        let once = DecryptingKey::generate();
        let encryption_key = data_encoding::HEXLOWER.encode(&once.encrypting_key().to_sec1());
        let call = Call::post("/api/v1/sessions", &OpenSession { encryption_key }).unwrap().once();
        let opened: SessionOpened = handle.signed().client().send(&call).unwrap();
        let sealed = data_encoding::HEXLOWER.decode(opened.key_envelope.as_bytes()).unwrap();
        let key = gm::hmac::Key::new(once.decrypt(&sealed).unwrap().expose());
        Self { id: opened.session_id, key, counter: Cell::new(0) }
    }

    /// Scans a code; status and code of the answer.
    fn scan(&self, platform: &Platform, code: &str) -> (u16, String) {
        let body = serde_json::to_vec(&identity(code, "scan")).unwrap();
        let target = "/api/v1/verifications";
        self.counter.set(self.counter.get() + 1);
        let request = Request { method: "POST", target, idempotency_key: "", body: &body };
        let mac = request.mac(&self.key, self.counter.get());
        let header = Header { session_id: &self.id, counter: self.counter.get(), mac }.write();
        let headers = [("content-type", "application/json"), (REQUEST_HEADER, header.as_str())];
        let reply = platform.request("POST", target, &headers, &body);
        (reply.status, reply.code())
    }
}

/// What security can take from a caller, and what the next request is told.
type Blow = (fn(&Platform, &Counter, &str), u16, &'static str);

const BLOWS: [Blow; 3] = [
    (revoke_key, 401, "signature.invalid"),
    (block_terminal, 403, "caller.suspended"),
    (close_session, 401, "session.invalid"),
];

fn security(platform: &Platform) -> sdk::client::Staff {
    platform.staff(Role::SecurityAdmin, "000000")
}

fn revoke_key(platform: &Platform, counter: &Counter, _: &str) {
    security(platform).revoke_key(&counter.handle.key_id, &RevokeKey { reason: "私钥泄露".into() }).unwrap();
}

fn block_terminal(platform: &Platform, counter: &Counter, _: &str) {
    let by = security(platform);
    let version = by.terminal(&counter.handle.id).unwrap().version;
    let request = ChangeTerminalState { state: TerminalState::Blocked, reason: "遗失".into() };
    by.change_terminal_state(&counter.handle.id, version, &request).unwrap();
}

fn close_session(_: &Platform, counter: &Counter, session: &str) {
    let call = Call::delete(format!("/api/v1/sessions/{session}"));
    counter.handle.signed().client().send::<()>(&call).unwrap();
}

fn scan(terminal: &Terminal, counter: &Counter) -> Result<CodeVerified, Error> {
    terminal.verify_code(&identity(&counter.code(), "scan"))
}

on_both! {
    fn a_session_ends_with_its_key_its_terminal_or_its_closing(platform) {
        for (strike, status, refused) in BLOWS {
            let counter = counter(platform);
            let session = Session::open(&counter.handle);
            let before: Vec<String> = (0..2).map(|_| counter.code()).collect();
            assert_eq!(session.scan(platform, &before[0]).0, 200);
            strike(platform, &counter, &session.id);
            assert_eq!(session.scan(platform, &before[1]), (status, refused.to_owned()));
        }
    }

    fn a_request_mac_is_accepted_once(platform) {
        let counter = counter(platform);
        let session = Session::open(&counter.handle);
        assert_eq!(session.scan(platform, &counter.code()).0, 200);
        session.counter.set(0);
        assert_eq!(session.scan(platform, &counter.code()), (401, "session.invalid".into()), "a counter used before");
        session.counter.set(1);
        assert_eq!(session.scan(platform, &counter.code()).0, 200, "what was refused spent nothing");
    }

    fn a_terminal_is_let_in_again_when_it_is_unblocked(platform) {
        let counter = counter(platform);
        counter.scan().unwrap();
        block_terminal(platform, &counter, "");
        assert_eq!(refusal(counter.scan()), (403, "caller.suspended".into()));
        let by = security(platform);
        let request = ChangeTerminalState { state: TerminalState::Active, reason: "找回".into() };
        by.change_terminal_state(&counter.handle.id, 2, &request).unwrap();
        counter.scan().unwrap();
    }

    fn a_channel_in_trouble_takes_its_codes_with_it(platform) {
        let counter = counter(platform);
        let verifier = platform.channel();
        platform.open_service(&verifier, "identity.verify", HANGZHOU);
        let client: Channel = verifier.client();
        let shown: Vec<String> = (0..5).map(|_| counter.code()).collect();
        let at = |place: usize| client.verify_code(&identity(&shown[place], "scan"));
        at(0).unwrap();
        platform.put(&counter.channel, "suspended");
        assert_eq!(cause(at(1)), missing("channel", "channel.suspended"));
        platform.put(&counter.channel, "live");
        at(2).unwrap();
        platform.put(&verifier, "terminated");
        assert_eq!(refusal(at(3)), (401, "signature.invalid".into()), "its keys went with it");
        platform.put(&counter.channel, "terminated");
        let outcome = counter.terminal.verify_code(&identity(&shown[4], "scan"));
        assert_eq!(cause(outcome), missing("channel", "channel.terminated"));
    }
}

/// Two servers on one database: what one revokes, the other refuses at its next request.
#[test]
fn another_server_on_the_database_refuses_at_once_too() {
    Platform::run(Engine::Postgres, |platform| {
        let twin = platform.twin();
        for (strike, _, refused) in [BLOWS[0], BLOWS[1]] {
            let counter = counter(platform);
            let there = counter.handle.at(&twin).terminal();
            scan(&counter.terminal, &counter).unwrap();
            scan(&there, &counter).unwrap();
            strike(platform, &counter, "");
            assert_eq!(scan(&there, &counter).unwrap_err().code(), Some(refused));
            assert_eq!(scan(&counter.terminal, &counter).unwrap_err().code(), Some(refused));
        }
        let counter = counter(platform);
        let there = counter.handle.at(&twin).terminal();
        let shown: Vec<String> = (0..2).map(|_| counter.code()).collect();
        there.verify_code(&identity(&shown[0], "scan")).unwrap();
        platform.put(&counter.channel, "suspended");
        assert_eq!(
            cause(there.verify_code(&identity(&shown[1], "scan"))),
            missing("channel", "channel.suspended")
        );
    });
}
