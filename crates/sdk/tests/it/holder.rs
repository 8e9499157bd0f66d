use gm::hmac::Key;
use gm::sm2::{DecryptingKey, EncryptingKey};
use proptest::prelude::*;
use sdk::holder::{
    Consent, Device, DeviceError, Envelope, EnvelopeError, GrantWish, PaymentWish, context, session_context,
};
use sdk::types::holder_session::{HolderFactor, HolderSessionOpened};
use sdk::types::payment::{Funding, PaymentSource};

const NOW: i64 = 1_800_000_000;
const BINDING: &str = "bnd_1";

/// A device in a session, the platform's key, and the session's secret as the platform knows it.
fn device() -> (Device, DecryptingKey, Key) {
    let platform = DecryptingKey::generate();
    let mut device = Device::new(platform.encrypting_key().clone());
    let point = data_encoding::HEXLOWER.decode(device.device_key().as_bytes()).unwrap();
    let sealed = EncryptingKey::from_sec1(&point).unwrap().encrypt(&[9; 32]);
    let opened = HolderSessionOpened {
        id: "hss_1".into(),
        secret_envelope: data_encoding::HEXLOWER.encode(&sealed).into(),
        level: 2,
        expires_at: "2027-01-15T08:00:00Z".into(),
    };
    device.take_up(BINDING, &opened).unwrap();
    (device, platform, Key::new(&[9; 32]))
}

fn payment() -> PaymentWish {
    PaymentWish {
        order_no: "o-1".into(),
        amount_fen: 100,
        payee_id: "org_1".into(),
        funding: Funding::Prepaid,
        description: Some("早餐".into()),
    }
}

#[test]
fn a_device_without_a_session_proves_nothing() {
    let device = Device::new(DecryptingKey::generate().encrypting_key().clone());
    assert_eq!(device.create_code(), Err(DeviceError::NoSession));
}

#[test]
fn a_secret_sealed_to_another_device_is_not_taken_up() {
    let (device, ..) = device();
    let mut other = Device::new(DecryptingKey::generate().encrypting_key().clone());
    let point = data_encoding::HEXLOWER.decode(device.device_key().as_bytes()).unwrap();
    let sealed = EncryptingKey::from_sec1(&point).unwrap().encrypt(&[9; 32]);
    let opened = HolderSessionOpened {
        id: "hss_1".into(),
        secret_envelope: data_encoding::HEXLOWER.encode(&sealed).into(),
        level: 1,
        expires_at: String::new(),
    };
    assert_eq!(other.take_up(BINDING, &opened), Err(DeviceError::Envelope));
}

#[test]
fn a_proof_is_for_one_operation_target_and_counter() {
    let (device, _, secret) = device();
    let request = device.create_code().unwrap();
    assert!(request.consent(BINDING).verify(&secret, &request.proof));
    assert!(!request.consent("bnd_2").verify(&secret, &request.proof));
    assert!(!Consent::new("unbind", BINDING).verify(&secret, &request.proof));
    assert!(!request.consent(BINDING).verify(&Key::new(&[8; 32]), &request.proof));
    let mut recounted = request.proof.clone();
    recounted.counter += 1;
    assert!(!request.consent(BINDING).verify(&secret, &recounted));
    assert_eq!(device.create_code().unwrap().proof.counter, 2);
}

#[test]
fn a_payment_is_proven_with_every_value_the_holder_saw() {
    let (device, _, secret) = device();
    let request = device.create_payment(payment(), "135790", NOW).unwrap();
    let verifies = |request: &sdk::types::payment::CreatePayment| {
        let (consent, source) = request.consent().unwrap();
        consent.verify(&secret, &source.proof)
    };
    assert!(verifies(&request));
    let changed = [
        sdk::types::payment::CreatePayment { order_no: "o-2".into(), ..request.clone() },
        sdk::types::payment::CreatePayment { amount_fen: 101, ..request.clone() },
        sdk::types::payment::CreatePayment { payee_id: "org_2".into(), ..request.clone() },
        sdk::types::payment::CreatePayment { funding: Funding::Bank, ..request.clone() },
        sdk::types::payment::CreatePayment { description: None, ..request.clone() },
    ];
    assert!(!changed.iter().any(verifies));
    let mut moved = request.clone();
    if let PaymentSource::Password(source) = &mut moved.source {
        source.password_envelope.push('0');
    }
    assert!(!verifies(&moved));
}

#[test]
fn every_request_of_the_device_verifies_on_the_platform() {
    let (device, _, secret) = device();
    let set = device.set_password("135790", NOW).unwrap();
    assert!(set.consent(BINDING).verify(&secret, &set.proof));
    let change = device.change_password("135790", "246801", NOW).unwrap();
    assert!(change.consent(BINDING).verify(&secret, &change.proof));
    let reset = device.reset_password("135790", NOW).unwrap();
    assert!(reset.consent(BINDING).verify(&secret, &reset.proof));
    let unbind = device.unbind().unwrap();
    assert!(unbind.consent(BINDING).verify(&secret, &unbind.proof));
    let top_up = device.create_top_up("t-1", 500).unwrap();
    assert!(top_up.consent().verify(&secret, &top_up.proof));
    let wish = GrantWish {
        service: "transit".into(),
        party_id: "org_1".into(),
        purpose: "公交".into(),
        expires_at: "2027-01-01T00:00:00+08:00".into(),
        limit_fen_per_use: Some(500),
        limit_fen_per_day: Some(2_000),
    };
    let grant = device.create_grant(wish).unwrap();
    assert!(grant.consent(BINDING).verify(&secret, &grant.proof));
    let revoke = device.revoke_grant("grt_1").unwrap();
    assert!(revoke.consent("grt_1").verify(&secret, &revoke.proof));
    assert!(!revoke.consent("grt_2").verify(&secret, &revoke.proof));
}

#[test]
fn a_password_opens_only_in_its_context_and_moment() {
    let (device, platform, _) = device();
    let request = device.set_password("135790", NOW).unwrap();
    let open = |context: &str, now| Envelope::open(&request.password_envelope, &platform, context, now);
    let envelope = open(&context("set_password", BINDING), NOW).unwrap();
    assert_eq!(envelope.password.expose(), "135790");
    assert!(!format!("{envelope:?}").contains("135790"));
    assert_eq!(open(&context("set_password", "bnd_2"), NOW), Err(EnvelopeError::OtherContext));
    assert_eq!(open(&context("reset_password", BINDING), NOW), Err(EnvelopeError::OtherContext));
    assert_eq!(open(&context("set_password", BINDING), NOW + 301), Err(EnvelopeError::Stale));
    let stranger = DecryptingKey::generate();
    let unread = Envelope::open(&request.password_envelope, &stranger, "", NOW);
    assert_eq!(unread, Err(EnvelopeError::Unreadable));
}

#[test]
fn an_envelope_that_opens_a_session_is_bound_to_its_device() {
    let (device, platform, _) = device();
    let request = device.open_by_password(BINDING, "135790", NOW);
    let HolderFactor::Password(factor) = &request.factor else { panic!() };
    let mine = session_context(BINDING, &request.device_key);
    assert!(Envelope::open(&factor.password_envelope, &platform, &mine, NOW).is_ok());
    let theirs = session_context(BINDING, "04ff");
    assert_eq!(
        Envelope::open(&factor.password_envelope, &platform, &theirs, NOW),
        Err(EnvelopeError::OtherContext)
    );
}

proptest! {
    #[test]
    fn two_different_consents_never_share_a_subject(
        a in proptest::collection::vec(".{0,12}", 2), b in proptest::collection::vec(".{0,12}", 2),
    ) {
        let consent = |v: &[String]| Consent::new("x", &v[0]).with("name", &v[1]);
        prop_assert_eq!(a == b, consent(&a) == consent(&b));
    }

    #[test]
    fn a_malformed_mac_is_refused_without_a_panic(mac in ".{0,70}", counter: u64) {
        let proof = sdk::types::Proof { holder_session_id: "hss_1".into(), counter, mac };
        prop_assert!(!Consent::new("x", "y").verify(&Key::new(&[1]), &proof));
    }
}
