use crate::harness::{CallerHandle, Platform};
use gm::sm2::SigningKey;
use sdk::client::{Acceptance, Call, Channel, Error, KeyPair};
use sdk::types::session::{Ping, Pong};

fn ping(channel: &Channel) -> Result<Pong, Error> {
    channel.client().send(&Call::post("/api/v1/ping", &Ping { text: "在".into() }).unwrap().repeatable())
}

/// A channel's client that signs with a key which is not the registered one.
fn forger(platform: &Platform, world: &server::World, channel: &CallerHandle) -> Channel {
    let pair = KeyPair { key_id: channel.key_id.clone(), key: SigningKey::generate() };
    Channel::signed(&platform.config(world), pair).unwrap()
}

on_both! {
    /// The client believes only signed answers: that it reports the refusal proves that the refusal was signed.
    fn a_forger_is_turned_away_with_a_signed_answer_that_says_no_more_than_that(platform) {
        let channel = platform.channel();
        let outcome = ping(&forger(platform, platform.world(), &channel));
        let problem = outcome.unwrap_err().problem().unwrap().clone();
        assert_eq!((problem.status, problem.code.as_str(), problem.detail), (401, "signature.invalid", None));
    }

    fn the_sandbox_says_which_check_failed(platform) {
        let channel = platform.channel_in(platform.sandbox(), &["330000"]);
        assert_eq!(ping(&channel.signed()).unwrap().text, "在");
        let outcome = ping(&forger(platform, platform.sandbox(), &channel));
        let problem = outcome.unwrap_err().problem().unwrap().clone();
        assert_eq!(problem.code, "signature.invalid");
        assert!(problem.detail.is_some_and(|detail| !detail.is_empty()));
    }

    fn a_key_of_one_world_is_nothing_in_the_other(platform) {
        let sandbox = platform.channel_in(platform.sandbox(), &["330000"]);
        let pair = sandbox.pair();
        let crossed = Channel::signed(&platform.config(platform.world()), pair).unwrap();
        assert_eq!(ping(&crossed).unwrap_err().code(), Some("signature.invalid"));
    }

    fn a_request_without_proof_is_answered_with_a_signature_too(platform) {
        for (path, code, why) in [
            ("/api/v1/ping", "signature.invalid", false),
            ("/sandbox/api/v1/ping", "signature.missing", true),
        ] {
            let reply = platform.request("POST", path, &[], b"{}");
            assert_eq!((reply.status, reply.code().as_str()), (401, code), "{path}");
            assert_eq!(reply.json()["detail"].is_string(), why);
            assert!(reply.header("signature").starts_with("sig=:"));
        }
    }

    fn a_signed_request_is_heard_once(platform) {
        let channel = platform.channel();
        let target = format!("{}/api/v1/sessions", platform.origin());
        let body = serde_json::to_vec(&serde_json::json!({
            "encryption_key": data_encoding::HEXLOWER.encode(&channel.key.verifying_key().to_sec1()),
        }))
        .unwrap();
        let headers = |name: &str| (name == "content-type").then_some("application/json");
        let message = sdk::signature::Message { method: "POST", target_uri: &target, headers: &headers, body: &body };
        let now = platform.world().real_now().as_seconds();
        let signed = sdk::signature::sign(&message, &channel.key, &channel.key_id, now, &gm::random::bytes());
        let digest = signed.content_digest.unwrap();
        let headers = [
            ("content-type", "application/json"),
            ("content-digest", digest.as_str()),
            ("signature-input", signed.signature_input.as_str()),
            ("signature", signed.signature.as_str()),
        ];
        assert_eq!(platform.request("POST", "/api/v1/sessions", &headers, &body).status, 201);
        let again = platform.request("POST", "/api/v1/sessions", &headers, &body);
        assert_eq!((again.status, again.code().as_str()), (401, "signature.invalid"));
        let mut other = body.clone();
        other.push(b' ');
        assert_eq!(platform.request("POST", "/api/v1/sessions", &headers, &other).status, 401);
        assert_eq!(platform.request("POST", "/api/v1/ping", &headers, &body).status, 401);
    }
}
