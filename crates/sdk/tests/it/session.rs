use std::collections::BTreeSet;

use gm::hmac::Key;
use proptest::prelude::*;
use sdk::session::{
    Header, MAX_COUNTER, Request, SessionError, Window, response_mac, verify_response, write_mac,
};

fn key() -> Key {
    Key::new(&[1; 32])
}

const REQUEST: Request<'_> =
    Request { method: "POST", target: "/api/v1/verifications", idempotency_key: "", body: b"{}" };

fn hex(mac: &[u8; 32]) -> String {
    String::from_utf8(write_mac(mac).to_vec()).unwrap()
}

#[test]
fn a_header_reads_back_as_it_was_written_and_verifies() {
    let header = Header { session_id: "ses_1", counter: 42, mac: REQUEST.mac(&key(), 42) };
    let text = header.write();
    let read = Header::parse(&text).unwrap();
    assert_eq!(read, header);
    assert_eq!(REQUEST.verify(&key(), &read), Ok(()));
}

#[test]
fn a_change_to_any_part_of_the_request_is_caught() {
    let header = Header { session_id: "ses_1", counter: 42, mac: REQUEST.mac(&key(), 42) };
    let changed = [
        Request { method: "PUT", ..REQUEST },
        Request { target: "/api/v1/verifications?", ..REQUEST },
        Request { idempotency_key: "k", ..REQUEST },
        Request { body: b"{ }", ..REQUEST },
        Request { body: b"", ..REQUEST },
    ];
    for request in changed {
        assert_eq!(request.verify(&key(), &header), Err(SessionError::Invalid));
    }
    let recounted = Header { counter: 43, ..header };
    assert_eq!(REQUEST.verify(&key(), &recounted), Err(SessionError::Invalid));
    assert_eq!(REQUEST.verify(&Key::new(&[2; 32]), &header), Err(SessionError::Invalid));
    for at in 0..32 {
        let mut mac = header.mac;
        mac[at] ^= 1;
        assert_eq!(REQUEST.verify(&key(), &Header { mac, ..header }), Err(SessionError::Invalid));
    }
}

#[test]
fn a_response_mac_is_bound_to_the_request_status_and_body() {
    let request_mac = REQUEST.mac(&key(), 1);
    let header = hex(&response_mac(&key(), &request_mac, 200, b"{}"));
    assert_eq!(verify_response(&key(), &request_mac, 200, b"{}", &header), Ok(()));
    let other = REQUEST.mac(&key(), 2);
    assert_eq!(verify_response(&key(), &other, 200, b"{}", &header), Err(SessionError::Invalid));
    assert_eq!(verify_response(&key(), &request_mac, 201, b"{}", &header), Err(SessionError::Invalid));
    assert_eq!(verify_response(&key(), &request_mac, 200, b"[]", &header), Err(SessionError::Invalid));
    assert_eq!(verify_response(&key(), &request_mac, 200, b"{}", "00"), Err(SessionError::Malformed));
    assert_ne!(hex(&request_mac), header);
}

#[test]
fn only_the_canonical_header_is_read() {
    let mac = hex(&[0xab; 32]);
    for bad in [
        String::new(),
        format!("ses_1;1;{}", mac.to_uppercase()),
        format!("ses_1;01;{mac}"),
        format!("ses_1;0;{mac}"),
        format!("ses_1;+1;{mac}"),
        format!("ses_1;{};{mac}", MAX_COUNTER + 1),
        format!(";1;{mac}"),
        format!("ses_1;1;{mac}0"),
        format!("ses_1;1;{mac};"),
        format!("ses_1;1;{}", &mac[2..]),
    ] {
        assert_eq!(Header::parse(&bad), Err(SessionError::Malformed), "{bad}");
    }
    assert!(Header::parse(&format!("ses_1;{MAX_COUNTER};{mac}")).is_ok());
}

#[test]
fn a_window_takes_late_counters_once_and_refuses_the_too_late() {
    let mut window = Window::new();
    assert_eq!(window.accept(0), Err(SessionError::Malformed));
    assert_eq!(window.accept(5_000), Ok(()));
    assert_eq!(window.accept(5_000), Err(SessionError::Replayed));
    assert_eq!(window.accept(5_001 - Window::WIDTH), Ok(()));
    assert_eq!(window.accept(5_000 - Window::WIDTH), Err(SessionError::TooOld));
    assert_eq!(window.accept(MAX_COUNTER), Ok(()));
    assert_eq!(window.accept(5_001), Err(SessionError::TooOld));
    assert_eq!(window.highest(), MAX_COUNTER);
}

proptest! {
    #[test]
    fn a_window_agrees_with_a_set_of_all_counters_seen(
        steps in proptest::collection::vec((any::<bool>(), 0u64..1_200, 0u64..3_000), 1..400),
    ) {
        let mut window = Window::new();
        let mut seen = BTreeSet::new();
        let mut highest = 0u64;
        for (ahead, back, jump) in steps {
            let counter = if ahead { highest + jump } else { highest.saturating_sub(back) };
            let expected = if counter == 0 {
                Err(SessionError::Malformed)
            } else if counter <= highest && highest - counter >= Window::WIDTH {
                Err(SessionError::TooOld)
            } else if !seen.insert(counter) {
                Err(SessionError::Replayed)
            } else {
                Ok(())
            };
            prop_assert_eq!(window.accept(counter), expected, "counter {} highest {}", counter, highest);
            highest = highest.max(counter);
            prop_assert_eq!(window.highest(), highest);
        }
    }

    #[test]
    fn counters_in_any_spelling_never_panic(text in ".{0,120}") {
        let _ = Header::parse(&text);
    }

    #[test]
    fn a_header_round_trips(id in "ses_[a-z0-9]{1,26}", counter in 1..=MAX_COUNTER, mac: [u8; 32]) {
        let header = Header { session_id: &id, counter, mac };
        let text = header.write();
        prop_assert_eq!(Header::parse(&text), Ok(header));
    }
}
