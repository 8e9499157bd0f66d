//! Sessions that a browser holds in a cookie.

use super::{PASSWORD, change, create, settled, sign_in};
use crate::harness::{Platform, Reply};
use domain::org::{OrgKind, Role};
use serde_json::json;

fn account(platform: &Platform) {
    let security = platform.staff(Role::SecurityAdmin, "000000");
    let org = platform.org(OrgKind::Operator, "000000").to_string();
    settled(platform, &security, &org, "lilei", "operator_admin");
}

fn open(platform: &Platform, headers: &[(&str, &str)]) -> Reply {
    let body = json!({"login": "lilei", "password": PASSWORD}).to_string();
    platform.request("POST", "/api/v1/portal/session", headers, body.as_bytes())
}

/// The cookie as a browser sends it back, and what its page was told to show.
fn session(platform: &Platform) -> (String, String) {
    let reply = open(platform, &[]);
    assert_eq!(reply.status, 201);
    let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
    (cookie, reply.json()["csrf_token"].as_str().unwrap().to_owned())
}

const ORG: &str = r#"{"name": "某院", "kind": "department", "division": "330106"}"#;

on_both! {
    fn a_cookie_is_out_of_reach_of_scripts_and_of_other_sites(platform) {
        account(platform);
        let reply = open(platform, &[]);
        let cookie = reply.header("set-cookie").to_owned();
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert!(pair.starts_with("ykt_staff=sc_"));
        assert_eq!(attributes.split("; ").filter(|part| !part.starts_with("Max-Age=")).collect::<Vec<_>>(), [
            "Path=/api/v1", "HttpOnly", "SameSite=Strict",
        ]);
        let body = reply.json();
        assert_eq!((body["has_factor"].as_bool(), body["must_enrol"].as_bool()), (Some(false), Some(false)));
        assert!(!reply.body.windows(5).any(|part| part == b"\"sc_"), "the token is in the cookie alone");
    }

    fn a_cookie_reads_and_a_page_that_was_loaded_again_learns_what_to_show(platform) {
        account(platform);
        let (cookie, csrf) = session(platform);
        let reply = platform.request("GET", "/api/v1/portal/session", &[("cookie", &cookie)], b"");
        assert_eq!(reply.json()["csrf_token"], csrf.as_str());
        assert_eq!(reply.json()["staff"]["login"], "lilei");
        let reply = platform.request("GET", "/api/v1/orgs", &[("cookie", &format!("a=b; {cookie}"))], b"");
        assert_eq!(reply.status, 200);
        let reply = platform.request("GET", "/sandbox/api/v1/orgs", &[("cookie", &cookie)], b"");
        assert_eq!(reply.code(), "staff.unauthenticated", "the other world knows nothing of it");
        let statistics = "/api/v1/statistics?from_on=2026-01-01&to_on=2026-01-02";
        assert_eq!(platform.request("GET", statistics, &[("cookie", &cookie)], b"").status, 200);
    }

    fn a_cookie_changes_nothing_without_the_pages_own_proof(platform) {
        account(platform);
        let (cookie, csrf) = session(platform);
        let create = |headers: &[(&str, &str)]| platform.request("POST", "/api/v1/orgs", headers, ORG.as_bytes());
        let wrong = "0".repeat(64);
        for headers in [
            &[("cookie", cookie.as_str())][..],
            &[("cookie", &cookie), ("ykt-csrf", &wrong)],
            &[("cookie", &cookie), ("ykt-csrf", &csrf), ("sec-fetch-site", "cross-site")],
            &[("cookie", &cookie), ("ykt-csrf", &csrf), ("sec-fetch-site", "same-site")],
        ] {
            let reply = create(headers);
            assert_eq!((reply.status, reply.code().as_str()), (403, "staff.csrf"), "{headers:?}");
        }
        let right = [("cookie", cookie.as_str()), ("ykt-csrf", &csrf), ("sec-fetch-site", "same-origin")];
        assert_eq!(create(&right).status, 201);
        assert_eq!(open(platform, &[("sec-fetch-site", "cross-site")]).code(), "staff.csrf", "nor is one signed in");
    }

    fn a_cookies_token_is_no_bearer_token_nor_the_other_way_round(platform) {
        account(platform);
        let (cookie, csrf) = session(platform);
        let token = cookie.split_once('=').unwrap().1;
        let bearer = format!("Bearer {token}");
        let reply = platform.request("GET", "/api/v1/orgs", &[("authorization", &bearer)], b"");
        assert_eq!(reply.code(), "staff.unauthenticated");
        let org = platform.org(OrgKind::Operator, "000000");
        let other = platform.token(platform.world(), Role::OperatorAdmin, org);
        let disguised = format!("ykt_staff={}", other.expose());
        let headers = [("cookie", disguised.as_str()), ("ykt-csrf", csrf.as_str())];
        assert_eq!(platform.request("GET", "/api/v1/orgs", &headers, b"").code(), "staff.unauthenticated");
    }

    fn whoever_signs_in_is_told_of_the_sign_in_before_and_of_what_failed_since(platform) {
        let previous = |reply: &Reply| reply.json()["previous"].clone();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let secret = create(&security, &org, "lilei", "operator_clerk").unwrap().one_time_password;
        let first = json!({"login": "lilei", "password": secret.expose()}).to_string();
        let first = platform.request("POST", "/api/v1/staff/sessions", &[], first.as_bytes());
        assert_eq!(previous(&first), json!({"failures": 0}), "there is no earlier one");
        let token = sdk::types::Private::new(first.json()["token"].as_str().unwrap());
        let clerk = sdk::client::Staff::with_token(&platform.config(platform.world()), token).unwrap();
        clerk.change_password(&change(secret.expose(), PASSWORD)).unwrap();

        let second = open(platform, &[]);
        let told = previous(&second);
        assert_eq!(told["failures"], 0);
        let told_at: domain::time::Timestamp = told["signed_in_at"].as_str().unwrap().parse().unwrap();
        let age = platform.world().real_now().as_seconds() - told_at.as_seconds();
        assert!((0..60).contains(&age), "{told}");
        assert!(told["address"].as_str().unwrap().parse::<std::net::IpAddr>().unwrap().is_loopback());
        let cookie = second.header("set-cookie").split(';').next().unwrap().to_owned();
        let again = || platform.request("GET", "/api/v1/portal/session", &[("cookie", &cookie)], b"");
        assert_eq!(previous(&again()), told, "a page that was loaded again is told the same");

        // Five wrong ones lock, and what is right meanwhile fails like them.
        for password in ["wrong password"; 5].into_iter().chain([PASSWORD]) {
            assert!(sign_in(platform, "lilei", password).is_err());
        }
        platform.clock().advance(15 * 60);
        assert_eq!(previous(&open(platform, &[]))["failures"], 6);
        assert_eq!(previous(&open(platform, &[]))["failures"], 0, "told once");
        assert_eq!(previous(&again()), told, "of another session nothing changes");
    }

    /// The address is nowhere but where it can be forgotten.
    fn the_address_of_the_sign_in_before_is_told_as_long_as_it_is_kept(platform) {
        account(platform);
        open(platform, &[]);
        let reply = open(platform, &[]);
        let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
        let told = || platform.request("GET", "/api/v1/portal/session", &[("cookie", &cookie)], b"").json()["previous"].clone();
        assert!(told()["address"].is_string());
        let kept = 86_400 * platform.world().parameter(domain::parameter::Name::AddressRetention);
        let later = platform.world().real_now().plus_seconds(kept + 60);
        let first = server::retention::first_addressed(platform.world(), later);
        platform.write(move |tx| {
            tx.unaudited("rows past their time");
            Ok(store::audit::forget_requests(tx, &first)?)
        });
        assert!(told().get("address").is_none() && told()["signed_in_at"].is_string());
    }

    fn signing_out_ends_the_session_and_takes_the_cookie_back(platform) {
        account(platform);
        let (cookie, csrf) = session(platform);
        let leave = |headers: &[(&str, &str)]| platform.request("DELETE", "/api/v1/portal/session", headers, b"");
        assert_eq!(leave(&[("cookie", &cookie)]).code(), "staff.csrf");
        let reply = leave(&[("cookie", &cookie), ("ykt-csrf", &csrf)]);
        assert_eq!(reply.status, 204);
        assert!(reply.header("set-cookie").starts_with("ykt_staff=; Path=/api/v1; Max-Age=0;"));
        let reply = platform.request("GET", "/api/v1/orgs", &[("cookie", &cookie)], b"");
        assert_eq!(reply.code(), "staff.unauthenticated");
    }
}
