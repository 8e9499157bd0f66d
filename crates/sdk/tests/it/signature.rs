use std::sync::LazyLock;

use gm::sm2::SigningKey;
use proptest::prelude::*;
use sdk::signature::{
    Message, Question, Reply, SignatureError, Verified, parse, sign, sign_response, verify_response,
};

static KEY: LazyLock<SigningKey> = LazyLock::new(SigningKey::generate);
const NOW: i64 = 1_800_000_000;
const NONCE: [u8; 16] = [7; 16];

/// A request with its headers, as bytes travel.
#[derive(Debug, Clone, PartialEq)]
struct Wire {
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Wire {
    fn new(method: &str, uri: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Self { method: method.into(), uri: uri.into(), headers, body: body.to_vec() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    fn with<R>(&self, f: impl FnOnce(&Message<'_>) -> R) -> R {
        let headers = |name: &str| self.header(name);
        f(&Message { method: &self.method, target_uri: &self.uri, headers: &headers, body: &self.body })
    }

    fn signed(mut self) -> Self {
        let signed = self.with(|message| sign(message, &KEY, "key_1", NOW, &NONCE));
        self.headers.extend(signed.content_digest.map(|digest| ("content-digest".into(), digest)));
        self.headers.push(("signature-input".into(), signed.signature_input));
        self.headers.push(("signature".into(), signed.signature));
        self
    }

    fn set(&mut self, name: &str, change: impl FnOnce(&str) -> String) {
        let (_, value) = self.headers.iter_mut().find(|(header, _)| header == name).unwrap();
        *value = change(value);
    }

    fn verify_at(&self, now: i64) -> Result<Verified, SignatureError> {
        self.with(|message| parse(message, now)?.verify(KEY.verifying_key()))
    }

    fn verify(&self) -> Result<Verified, SignatureError> {
        self.verify_at(NOW)
    }
}

fn post() -> Wire {
    let headers = [("content-type", "application/json"), ("idempotency-key", "k-1"), ("if-match", "\"3\"")];
    Wire::new("POST", "https://ykt.example.org/sandbox/api/v1/payments?a=1", &headers, br#"{"amount_fen":1}"#)
}

fn get() -> Wire {
    Wire::new("GET", "https://ykt.example.org/api/v1/keys", &[], b"")
}

#[test]
fn a_signed_request_verifies_and_names_its_key_time_and_nonce() {
    for wire in [post(), get(), Wire::new("POST", "http://h/x", &[], b"")] {
        let verified = wire.signed().verify().unwrap();
        assert_eq!(verified, Verified { key_id: "key_1".into(), created: NOW, nonce: NONCE });
    }
}

#[test]
fn a_request_without_a_body_covers_neither_digest_nor_type() {
    let wire = get().signed();
    assert_eq!(wire.header("content-digest"), None);
    assert!(wire.header("signature-input").unwrap().starts_with(r#"sig=("@method" "@target-uri");created="#));
}

#[test]
fn each_failing_check_is_named() {
    use SignatureError::*;
    let check = |change: fn(&mut Wire), error: SignatureError| {
        let mut wire = post().signed();
        change(&mut wire);
        assert_eq!(wire.verify(), Err(error));
    };
    fn input(wire: &mut Wire, from: &str, to: &str) {
        wire.set("signature-input", |value| value.replace(from, to));
    }
    check(|wire| wire.headers.retain(|(name, _)| name != "signature"), Missing("signature"));
    check(|wire| wire.headers.retain(|(name, _)| name != "signature-input"), Missing("signature-input"));
    check(|wire| wire.headers.retain(|(name, _)| name != "if-match"), Missing("if-match"));
    check(|wire| input(wire, "sm2-sm3", "ed25519"), UnknownAlgorithm);
    check(|wire| input(wire, " \"content-digest\"", ""), ComponentsMissing("content-digest"));
    check(|wire| input(wire, " \"if-match\"", ""), ComponentsMissing("if-match"));
    check(|wire| input(wire, "\"@method\"", "\"@query\""), ComponentsMissing("@method"));
    check(
        |wire| input(wire, "\"if-match\"", "\"if-match\" \"date\""),
        Malformed("signature-input: unknown component"),
    );
    check(
        |wire| input(wire, "\"if-match\"", "\"if-match\" \"if-match\""),
        Malformed("signature-input: a component is named twice"),
    );
    check(
        |wire| input(wire, ";keyid", ";created=1;keyid"),
        Malformed("signature-input: a parameter is given twice"),
    );
    check(|wire| input(wire, ";keyid", ";tag=\"x\";keyid"), Malformed("signature-input: unknown parameter"));
    check(|wire| input(wire, "sig=", "sig1="), Malformed("signature-input: one member labelled sig"));
    check(|wire| wire.body.push(b' '), DigestMismatch);
    check(|wire| wire.set("signature", |_| "sig=:AAAA:".into()), Malformed("signature: 64 bytes, r then s"));
    check(|wire| wire.method = "PUT".into(), Invalid);
}

#[test]
fn a_header_that_was_added_on_the_way_is_refused() {
    let mut wire = get().signed();
    wire.headers.push(("idempotency-key".into(), "k".into()));
    assert_eq!(wire.verify(), Err(SignatureError::ComponentsMissing("idempotency-key")));
    let mut wire = get().signed();
    wire.body = b"{}".to_vec();
    assert_eq!(wire.verify(), Err(SignatureError::ComponentsMissing("content-digest")));
}

#[test]
fn a_signature_is_good_for_300_seconds_and_allows_a_clock_300_seconds_ahead() {
    let wire = get().signed();
    assert!(wire.verify_at(NOW + 300).is_ok() && wire.verify_at(NOW - 300).is_ok());
    assert_eq!(wire.verify_at(NOW + 301), Err(SignatureError::Expired));
    assert_eq!(wire.verify_at(NOW - 301), Err(SignatureError::NotYetValid));
    let mut long = get().signed();
    long.set("signature-input", |value| {
        value.replace(&format!("expires={}", NOW + 300), "expires=1800000301")
    });
    assert!(matches!(long.verify(), Err(SignatureError::Malformed(_))));
}

#[test]
fn another_key_does_not_verify() {
    let wire = get().signed();
    let other = SigningKey::generate();
    let result = wire.with(|message| parse(message, NOW).unwrap().verify(other.verifying_key()));
    assert_eq!(result, Err(SignatureError::Invalid));
}

#[test]
fn every_single_byte_changed_in_any_part_is_caught() {
    for original in [post().signed(), get().signed()] {
        let flip = |bytes: &str, at: usize| -> Option<String> {
            let mut bytes = bytes.as_bytes().to_vec();
            bytes[at] ^= 1;
            String::from_utf8(bytes).ok()
        };
        let mut tampered = Vec::new();
        for at in 0..original.method.len() {
            tampered.extend(flip(&original.method, at).map(|method| Wire { method, ..original.clone() }));
        }
        for at in 0..original.uri.len() {
            tampered.extend(flip(&original.uri, at).map(|uri| Wire { uri, ..original.clone() }));
        }
        for at in 0..original.body.len() {
            let mut wire = original.clone();
            wire.body[at] ^= 1;
            tampered.push(wire);
        }
        for (index, (_, value)) in original.headers.iter().enumerate() {
            for at in 0..value.len() {
                let mut wire = original.clone();
                let Some(changed) = flip(value, at) else { continue };
                // White space around a field's value is not part of it.
                if changed.trim() != value {
                    wire.headers[index].1 = changed;
                    tampered.push(wire);
                }
            }
        }
        assert!(tampered.len() > 200);
        for wire in tampered {
            assert!(wire.verify().is_err(), "{wire:?}");
        }
    }
}

fn header<'a>(reply: &'a sdk::signature::SignedReply, name: &str) -> Option<&'a str> {
    match name {
        "content-digest" => Some(&reply.content_digest),
        "signature-input" => Some(&reply.signature_input),
        "signature" => Some(&reply.signature),
        _ => None,
    }
}

#[test]
fn a_response_answers_one_request_and_no_other() {
    let question = Question { method: "POST", target_uri: "https://h/api", signature: Some("sig=:AAAA:") };
    let signed = sign_response(&question, 200, b"{}", &KEY, "key_p", NOW);
    let headers = |name: &str| header(&signed, name);
    let reply = Reply { status: 200, headers: &headers, body: b"{}" };
    let verify = |question: &Question<'_>, reply: &Reply<'_>, now| {
        verify_response(question, reply, now, |id| (id == "key_p").then(|| KEY.verifying_key()))
    };
    assert_eq!(verify(&question, &reply, NOW), Ok(()));
    assert_eq!(verify(&question, &reply, NOW + 301), Err(SignatureError::Expired));
    assert_eq!(verify(&question, &reply, NOW - 301), Err(SignatureError::NotYetValid));
    assert_eq!(verify(&question, &Reply { status: 201, ..reply }, NOW), Err(SignatureError::Invalid));
    assert_eq!(verify(&question, &Reply { body: b"[]", ..reply }, NOW), Err(SignatureError::DigestMismatch));
    for other in [
        Question { method: "PUT", ..question },
        Question { target_uri: "https://h/other", ..question },
        Question { signature: Some("sig=:AAAB:"), ..question },
    ] {
        assert_eq!(verify(&other, &reply, NOW), Err(SignatureError::Invalid));
    }
    let unsigned = Question { signature: None, ..question };
    assert!(matches!(verify(&unsigned, &reply, NOW), Err(SignatureError::Malformed(_))));
    let stranger = verify_response(&question, &reply, NOW, |_| None);
    assert_eq!(stranger, Err(SignatureError::Invalid));
}

#[test]
fn a_response_that_is_not_bound_to_the_signed_request_is_refused() {
    let bare = Question { method: "GET", target_uri: "https://h/api", signature: None };
    let signed = sign_response(&bare, 401, b"", &KEY, "key_p", NOW);
    let headers = |name: &str| header(&signed, name);
    let reply = Reply { status: 401, headers: &headers, body: b"" };
    let asked = Question { signature: Some("sig=:AAAA:"), ..bare };
    let key_of = |_: &str| Some(KEY.verifying_key());
    assert_eq!(verify_response(&bare, &reply, NOW, key_of), Ok(()));
    assert_eq!(
        verify_response(&asked, &reply, NOW, key_of),
        Err(SignatureError::ComponentsMissing("signature"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_signed_verifies(
        path in "[a-zA-Z0-9/_?&=%.-]{0,60}",
        key in proptest::option::of("[!-~]{1,40}"),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut headers = vec![];
        headers.extend(key.as_deref().map(|key| ("idempotency-key", key)));
        headers.extend((!body.is_empty()).then_some(("content-type", "application/json")));
        let wire = Wire::new("POST", &format!("https://h/{path}"), &headers, &body).signed();
        prop_assert!(wire.verify().is_ok());
    }

    #[test]
    fn no_header_makes_the_reader_panic(input in ".{0,120}", signature in ".{0,120}", digest in ".{0,80}") {
        let headers =
            [("signature-input", &*input), ("signature", &*signature), ("content-digest", &*digest)];
        prop_assert!(Wire::new("GET", "https://h/", &headers, b"x").verify().is_err());
    }
}
