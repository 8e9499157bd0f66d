use crate::harness::{CallerHandle, Platform, refusal};
use domain::org::{OrgKind, Role};
use sdk::client::{Acceptance, Call};
use sdk::types::session::{Ping, Pong};
use serde_json::Value;
use std::num::NonZeroU32;

fn ping(caller: &CallerHandle) -> (u16, String) {
    let call = Call::post("/api/v1/ping", &Ping { text: "在".into() }).unwrap().repeatable();
    refusal(caller.signed().client().send::<Pong>(&call))
}

fn limit(platform: &Platform, per_minute: u32) {
    platform.world().limit_rate(NonZeroU32::new(per_minute).unwrap());
}

on_both! {
    fn the_request_above_the_limit_is_asked_to_wait_and_others_are_not(platform) {
        let (busy, other) = (platform.channel(), platform.channel());
        limit(platform, 2);
        assert_eq!(ping(&busy).0, 200);
        assert_eq!(ping(&busy).0, 200, "at the limit");
        assert_eq!(ping(&busy), (429, "platform.rate_limited".into()), "one above it, in an authentic answer");
        assert_eq!(ping(&other).0, 200);
    }

    fn a_member_of_staff_is_told_when_to_come_again(platform) {
        let token = platform.token(platform.world(), Role::OperatorAdmin, platform.org(OrgKind::Operator, "000000"));
        limit(platform, 2);
        let ask = || platform.request_as(&token, "GET", "/api/v1/orgs", &Value::Null);
        assert_eq!((ask().status, ask().status), (200, 200));
        let reply = ask();
        assert_eq!((reply.status, reply.code().as_str()), (429, "platform.rate_limited"));
        assert!((1..=30).contains(&reply.header("retry-after").parse::<u32>().unwrap()));
        assert_eq!(reply.json()["retryable"], true);
    }

    fn whoever_proves_nothing_uses_up_nobodys_share(platform) {
        let channel = platform.channel();
        limit(platform, 1);
        let mut forged = channel.at(&platform.config(platform.world()));
        forged.key = gm::sm2::SigningKey::generate();
        for _ in 0..3 {
            assert_eq!(ping(&forged), (401, "signature.invalid".into()));
        }
        assert_eq!(ping(&channel).0, 200);
        assert_eq!(ping(&channel).0, 429);
    }

    fn what_needs_no_proof_has_a_rate_for_each_address(platform) {
        let channel = platform.channel();
        let local = "127.0.0.1".parse().unwrap();
        platform.world().limit_addresses(NonZeroU32::new(2), vec![local]);
        let sign_in = |from: &str| {
            let headers = [("content-type", "application/json"), ("x-forwarded-for", from)];
            let body = br#"{"login": "nobody", "password": "not the password"}"#;
            platform.request("POST", "/api/v1/staff/sessions", &headers, body)
        };
        let directory = |from: &str| platform.request("GET", "/api/v1/directory", &[("x-forwarded-for", from)], b"");
        assert_eq!((sign_in("192.0.2.1").status, directory("192.0.2.1").status), (401, 200));
        let reply = sign_in("192.0.2.1");
        assert_eq!((reply.status, reply.code().as_str()), (429, "platform.rate_limited"));
        assert!((1..=30).contains(&reply.header("retry-after").parse::<u32>().unwrap()));
        assert_eq!(directory("192.0.2.1, 192.0.2.2").status, 200, "another address, whatever it claims before it");
        assert_eq!(ping(&channel).0, 200, "who proves to be somebody has a rate of their own");
        let (first, second) = (directory("nonsense").status, directory("").status);
        assert_eq!((first, second, directory("").status), (200, 200, 429), "the proxy itself");
    }

    fn without_a_limit_nobody_waits(platform) {
        let channel = platform.channel();
        for _ in 0..20 {
            assert_eq!(ping(&channel).0, 200);
        }
    }
}
