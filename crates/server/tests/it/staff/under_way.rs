//! A session that ends while a request of it is under way.

use super::{PASSWORD, passkey};
use sdk::client::Staff;
use sdk::types::Private;
use sdk::types::staff::{BeginFactor, CreateStaffSession, StaffSessionOpened};
use server::key::totp::code_at;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A request whose body comes when its sender wants: the server has looked at everything before it.
struct Slow(TcpStream);

impl Slow {
    /// Sends the head, and waits until the body is asked for.
    fn begin(base_url: &str, path: &str, token: &str, length: usize) -> Self {
        let host = base_url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!(
            "POST /api/v1/staff/{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut said = [0; 25];
        stream.read_exact(&mut said).unwrap();
        assert_eq!(&said, b"HTTP/1.1 100 Continue\r\n\r\n");
        Self(stream)
    }

    /// Sends the body, and reads the answer.
    fn end(&mut self, body: &str) -> String {
        self.0.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        self.0.read_to_string(&mut answer).unwrap();
        answer
    }
}

on_both! {
    /// A session is looked at before the body comes; what comes after it was ended adds no factor.
    fn a_session_that_ended_while_its_request_was_under_way_adds_no_factor(platform) {
        let staff = passkey::account(platform, "lilei", "operator_clerk");
        let config = platform.config(platform.world());
        let request = CreateStaffSession { login: "lilei".into(), password: PASSWORD.into(), code: None, passkey: None };
        let client = sdk::client::Client::new(&config, sdk::client::Caller::Anonymous).unwrap();
        let call = || sdk::client::Call::post("/api/v1/staff/sessions", &request).unwrap().once();
        let (one, two) = (client.send::<StaffSessionOpened>(&call()).unwrap(), client.send::<StaffSessionOpened>(&call()).unwrap());
        let in_it = |token: &Private| Staff::with_token(&config, token.clone()).unwrap();
        let begun = in_it(&one.token).begin_factor(&BeginFactor { password: PASSWORD.into() }).unwrap();
        let secret = data_encoding::BASE32_NOPAD.decode(begun.secret.expose().as_bytes()).unwrap();
        let step = server::clock::micros() / 1_000_000 / domain::staff::STEP_SECONDS;
        let code = serde_json::json!({"code": code_at(&secret, step).as_str()}).to_string();
        let made = passkey::Device::at(platform.origin()).make(&passkey::begin(&in_it(&two.token)).unwrap().challenge);
        let made = serde_json::to_string(&made).unwrap();
        for (path, token, body) in [("factor/confirm", &one.token, code), ("passkeys", &two.token, made)] {
            let mut slow = Slow::begin(&config.base_url, path, token.expose(), body.len());
            in_it(token).sign_out().unwrap();
            let answer = slow.end(&body);
            assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("staff.unauthenticated"), "{answer}");
        }
        assert!(staff.factor().unwrap().enrolled_at.is_none() && staff.passkeys().unwrap().data.is_empty());
    }
}
