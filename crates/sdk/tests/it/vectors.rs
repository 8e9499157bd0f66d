//! `vectors/*.json` are for every implementation in every language; this one must agree with them.

use data_encoding::HEXLOWER;
use gm::hmac::Key;
use gm::sm2::{DecryptingKey, SigningKey, VerifyingKey};
use sdk::holder::{Consent, Envelope};
use sdk::session::{Header, Request, response_mac, write_mac};
use sdk::signature::{Message, Question, Reply, content_digest, parse, sign, verify_response};
use serde_json::Value;

fn load(name: &str) -> Value {
    let path = format!("{}/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} of {value}"))
}

fn bytes(value: &Value, name: &str) -> Vec<u8> {
    HEXLOWER.decode(text(value, name).as_bytes()).unwrap()
}

fn cases(value: &Value, name: &str) -> Vec<Value> {
    let cases = value[name].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

#[test]
fn request_signatures_agree() {
    let file = load("signature");
    let private = SigningKey::from_bytes(&bytes(&file, "private_key").try_into().unwrap()).unwrap();
    let public = VerifyingKey::from_sec1(&bytes(&file, "public_key")).unwrap();
    assert_eq!(private.verifying_key(), &public);
    for case in cases(&file, "requests") {
        let header = |name: &str| case["headers"][name].as_str();
        let body = text(&case, "body").as_bytes();
        let message = Message {
            method: text(&case, "method"),
            target_uri: text(&case, "target_uri"),
            headers: &header,
            body,
        };
        let now = case["now"].as_i64().unwrap();
        let result = parse(&message, now).and_then(|claim| {
            assert_eq!(claim.base(), text(&case, "base"));
            claim.verify(&public)
        });
        match case["error"].as_str() {
            Some(error) => assert_eq!(format!("{:?}", result.unwrap_err()), error),
            None => {
                let verified = result.unwrap();
                let signed = sign(&message, &private, &verified.key_id, verified.created, &verified.nonce);
                assert_eq!(Some(signed.signature_input.as_str()), header("signature-input"));
                assert_eq!(signed.content_digest.as_deref(), header("content-digest"));
            }
        }
    }
}

#[test]
fn response_signatures_agree() {
    let file = load("signature");
    let public = VerifyingKey::from_sec1(&bytes(&file, "public_key")).unwrap();
    for case in cases(&file, "responses") {
        let question = Question {
            method: text(&case, "method"),
            target_uri: text(&case, "target_uri"),
            signature: case["request_signature"].as_str(),
        };
        let header = |name: &str| case["headers"][name].as_str();
        let status = u16::try_from(case["status"].as_u64().unwrap()).unwrap();
        let reply = Reply { status, headers: &header, body: text(&case, "body").as_bytes() };
        assert_eq!(header("content-digest"), Some(&*content_digest(reply.body)));
        verify_response(&question, &reply, case["now"].as_i64().unwrap(), |_| Some(&public)).unwrap();
    }
}

#[test]
fn session_macs_agree() {
    let file = load("session");
    let key = Key::new(&bytes(&file, "key"));
    for case in cases(&file, "requests") {
        let request = Request {
            method: text(&case, "method"),
            target: text(&case, "target"),
            idempotency_key: text(&case, "idempotency_key"),
            body: text(&case, "body").as_bytes(),
        };
        let counter = case["counter"].as_u64().unwrap();
        let mac = request.mac(&key, counter);
        let header = Header { session_id: text(&file, "session_id"), counter, mac };
        assert_eq!(header.write(), text(&case, "ykt_session"));
        let status = u16::try_from(case["response"]["status"].as_u64().unwrap()).unwrap();
        let response = response_mac(&key, &mac, status, text(&case["response"], "body").as_bytes());
        assert_eq!(&write_mac(&response), text(&case["response"], "ykt_session_mac").as_bytes());
    }
    for bad in cases(&file, "malformed_headers") {
        assert!(Header::parse(bad.as_str().unwrap()).is_err(), "{bad}");
    }
}

#[test]
fn holder_proofs_and_envelopes_agree() {
    let file = load("holder");
    let secret = Key::new(&bytes(&file, "session_secret"));
    for case in cases(&file, "proofs") {
        let operation: &'static str = text(&case, "operation").to_owned().leak();
        let mut consent = Consent::new(operation, text(&case, "target"));
        for value in case["values"].as_array().unwrap() {
            let name: &'static str = value[0].as_str().unwrap().to_owned().leak();
            consent = consent.with(name, value[1].as_str().unwrap());
        }
        assert_eq!(consent.subject(), text(&case, "subject"));
        let proof = consent.prove(&secret, text(&file, "session_id"), case["counter"].as_u64().unwrap());
        assert_eq!(proof.mac, text(&case, "mac"));
    }
    let key = DecryptingKey::from_bytes(&bytes(&file, "platform_private_key").try_into().unwrap()).unwrap();
    for case in cases(&file, "envelopes") {
        let at = case["at"].as_i64().unwrap();
        let envelope = Envelope::open(text(&case, "envelope"), &key, text(&case, "context"), at).unwrap();
        assert_eq!(envelope.password.expose(), text(&case, "password"));
        assert_eq!(envelope.at, at);
    }
}
