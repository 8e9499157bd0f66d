//! What the code itself must be: well formed, minted by the platform, in its minute, of a binding that is there.

use super::scene::{code_of_age, counter, identity, payment, service};
use crate::harness::refusal;
use domain::id::BindingId;
use sdk::client::{Acceptance, Error, Terminal};
use sdk::types::audit::TrailEntry;
use sdk::types::qr::{CodeVerified, VerifyCode};

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn scan(terminal: &Terminal, code: &str) -> Result<CodeVerified, Error> {
    terminal.verify_code(&identity(code, "scan"))
}

/// The code with another character at this place.
fn altered(code: &str, place: usize) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let at = ALPHABET.iter().position(|letter| *letter == bytes[place]).unwrap();
    bytes[place] = ALPHABET[(at + 16) % 32];
    String::from_utf8(bytes).unwrap()
}

on_both! {
    fn a_code_lives_for_a_minute(platform) {
        let counter = counter(platform);
        for (age, code) in [(61, "code.expired"), (86_400, "code.expired"), (-60, "code.early")] {
            let outcome = scan(&counter.terminal, &counter.code_of_age(platform, age));
            assert_eq!(refusal(outcome), (409, code.into()), "{age}");
        }
        for age in [20, 0, -4] {
            scan(&counter.terminal, &counter.code_of_age(platform, age)).unwrap();
        }
    }

    /// Codes live by real time: a business clock that is moved neither ends nor revives one.
    fn moving_business_time_changes_no_code(platform) {
        let counter = counter(platform);
        let code = counter.code();
        platform.clock().advance(7_200);
        scan(&counter.terminal, &code).unwrap();
    }

    fn a_code_with_any_character_changed_is_a_forgery_and_spends_nothing(platform) {
        let counter = counter(platform);
        let code = counter.code();
        for place in 0..code.len() {
            let outcome = scan(&counter.terminal, &altered(&code, place));
            assert_eq!(refusal(outcome), (409, "code.forged".into()), "{place}");
        }
        assert!(!scan(&counter.terminal, &code).unwrap().replayed);
        assert_eq!(counter.client.uses(&counter.holder.binding_id).count(), 1);
    }

    fn what_does_not_look_like_a_code_is_told_apart_from_a_forgery(platform) {
        let counter = counter(platform);
        let code = counter.code();
        let short = &code[..57];
        let (long, lower, other_bits) = (format!("{code}A"), code.to_lowercase(), format!("{short}B"));
        for text in ["", "1", short, &long, &lower, &other_bits, &"0".repeat(58), &"票".repeat(20)] {
            assert_eq!(refusal(scan(&counter.terminal, text)), (422, "code.malformed".into()), "{text}");
        }
    }

    /// SE-2.2d: what a terminal presents as codes that are none is counted for whoever looks after terminals, and recorded.
    fn a_terminal_that_presents_what_is_no_code_is_counted(platform) {
        let counter = counter(platform);
        let fold = || platform.block_on(server::terminal::tally::fold(platform.world())).unwrap();
        let operator = platform.operator();
        let seen = || operator.terminal(&counter.handle.id).unwrap().refused_codes;
        let code = counter.code();
        for place in 0..3 {
            assert!(scan(&counter.terminal, &altered(&code, place)).is_err());
        }
        assert!(scan(&counter.terminal, "1").is_err());
        scan(&counter.terminal, &code).unwrap();
        assert!(scan(&counter.terminal, &counter.code_of_age(platform, 61)).is_err(), "stale, and a code");
        fold();
        let refused = seen().unwrap();
        assert_eq!((refused.forged, refused.malformed), (3, 1));
        assert!(refused.first_at <= refused.last_at);
        fold();
        assert_eq!(seen().as_ref(), Some(&refused), "nothing is counted twice");
        assert!(scan(&counter.terminal, &altered(&code, 9)).is_err());
        fold();
        assert_eq!(seen().unwrap().forged, 4);

        let path = format!("/api/v1/terminals/{}/trail", counter.handle.id);
        let records: Vec<TrailEntry> = operator.client().list(path).collect::<Result<_, _>>().unwrap();
        let told: Vec<_> = records
            .iter()
            .filter(|record| record.action == "terminal.codes_refused")
            .map(|record| (record.outcome.as_str(), record.clause.as_deref(), record.actor == counter.handle.id))
            .collect();
        assert!((1..=4).contains(&told.len()));
        assert!(told.iter().all(|told| matches!(told, ("code.forged" | "code.malformed", Some("SE-2.2d"), true))));
    }

    /// Whoever holds the keys could mint it, but there is nobody behind it.
    /// ND-1.2: what the platform did not issue it does not verify.
    fn a_code_of_no_binding_is_a_forgery(platform) {
        let counter = counter(platform);
        let code = code_of_age(platform, &counter.holder, BindingId::from_bytes([7; 16]), 0);
        assert_eq!(refusal(scan(&counter.terminal, &code)), (409, "code.forged".into()));
    }

    fn a_code_minted_before_its_keys_were_rotated_still_counts(platform) {
        let counter = counter(platform);
        let code = counter.code();
        let security = platform.staff(domain::org::Role::SecurityAdmin, "000000");
        security.rotate_key(&sdk::types::key::RotateKey { usage: "code_mac".into() }).unwrap();
        scan(&counter.terminal, &code).unwrap();
        assert_ne!(counter.code()[..2], code[..2], "the version comes first");
        counter.scan().unwrap();
    }

    fn a_request_id_is_short_and_visible_and_what_a_purpose_needs_is_there(platform) {
        let counter = counter(platform);
        let code = counter.code();
        let fits = identity(&code, "一");
        for (pointer, request) in [
            ("/request_id", fits.clone()),
            ("/request_id", identity(&code, "")),
            ("/request_id", identity(&code, &"x".repeat(65))),
            ("/payee_id", VerifyCode { payee_id: None, ..payment(&code, "x", "") }),
            ("/payee_id", payment(&code, "x", "org_1")),
            ("/service", VerifyCode { service: None, ..service(&code, "x", "") }),
            ("/service", service(&code, "x", "query.nothing")),
            ("/service", service(&code, "x", "pay.code")),
            ("/division", VerifyCode { division: Some("33".into()), ..identity(&code, "x") }),
        ] {
            let error = counter.terminal.verify_code(&request).unwrap_err();
            let problem = error.problem().unwrap();
            assert_eq!((problem.status, problem.code.as_str()), (422, "request.fields"), "{request:?}");
            assert_eq!(problem.errors[0].pointer, pointer, "{request:?}");
        }
        counter.terminal.verify_code(&identity(&code, &"x".repeat(64))).unwrap();
    }
}
