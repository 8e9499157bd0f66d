use sdk::types::Private;
use sdk::types::ecard::ClaimEcard;
use sdk::types::holder_session::OpenHolderSession;
use sdk::types::payment::{CreatePayment, PaymentSource};
use sdk::types::qr::{CodeVerified, VerifyCode};
use serde_json::json;

#[test]
fn a_claim_reads_from_the_wire_and_its_debug_form_shows_nobody() {
    let claim: ClaimEcard = serde_json::from_value(json!({
        "name": "张小三", "id_kind": "resident_id", "id_number": "110101199003078515",
        "real_person": {"method": "face", "token": "tok-1"}, "level": 2, "device_key": "04ab",
    }))
    .unwrap();
    let debug = format!("{claim:?}");
    for secret in ["张小三", "110101199003078515", "tok-1"] {
        assert!(!debug.contains(secret));
    }
    assert_eq!(claim.name.expose(), "张小三");
}

#[test]
fn requests_refuse_unknown_fields_at_every_depth() {
    let verify = |extra: &str| {
        serde_json::from_value::<VerifyCode>(json!({
            "code": "A", "purpose": "identity", "request_id": "r", extra: 1,
        }))
    };
    assert!(verify("reqest_id").unwrap_err().to_string().contains("reqest_id"));
    let session = json!({
        "binding_id": "b", "device_key": "04", "factor": {"password": {"password_envelope": "00", "pin": "1"}},
    });
    assert!(serde_json::from_value::<OpenHolderSession>(session).is_err());
}

#[test]
fn the_sources_of_a_payment_are_told_apart_by_their_key() {
    let source = |source: serde_json::Value| {
        serde_json::from_value::<CreatePayment>(json!({
            "order_no": "o", "amount_fen": 1, "payee_id": "org_1", "funding": "prepaid", "source": source,
        }))
    };
    assert_eq!(source(json!({"handle": "h"})).unwrap().source, PaymentSource::Handle(Private::new("h")));
    assert_eq!(source(json!({"grant": "grt_1"})).unwrap().source, PaymentSource::Grant("grt_1".into()));
    assert!(source(json!({"handle": "h", "grant": "grt_1"})).is_err());
    assert!(source(json!({})).is_err());
}

#[test]
fn a_view_with_a_field_of_the_future_still_reads() {
    let view: CodeVerified = serde_json::from_value(json!({
        "use_id": "u", "verified_at": "2026-11-21T08:00:00+08:00", "pseudonym": "p", "sign_level": 1,
        "division": "110000", "holder": {}, "replayed": false, "weather": "fine",
    }))
    .unwrap();
    assert_eq!(view.payment_handle, None);
}
