use crate::{EXAMPLE_PUBLIC, EXAMPLE_SECRET, ORDER, ORDER_LESS_ONE, ORDER_LESS_TWO, bytes, hex, hex_array};
use gm::{
    KeyError, VerifyError,
    sm2::{Signature, SigningKey, VerifyingKey},
};
use proptest::prelude::*;

fn example() -> SigningKey {
    SigningKey::from_bytes(&hex_array(EXAMPLE_SECRET)).unwrap()
}

fn published() -> Signature {
    Signature(hex_array(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    ))
}

#[test]
fn the_published_signature_verifies() {
    assert_eq!(example().verifying_key().to_sec1().to_vec(), hex(EXAMPLE_PUBLIC));
    let public = VerifyingKey::from_sec1(&hex(EXAMPLE_PUBLIC)).unwrap();
    assert_eq!(public.verify(b"message digest", &published()), Ok(()));
    assert_eq!(public.verify(b"message digest.", &published()), Err(VerifyError));
}

#[test]
fn any_altered_bit_of_a_signature_is_noticed() {
    let key = example();
    for bit in 0..512 {
        let mut altered = published();
        altered.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(key.verifying_key().verify(b"message digest", &altered), Err(VerifyError), "bit {bit}");
    }
}

#[test]
fn r_and_s_out_of_range_are_refused() {
    let key = example();
    let good = published();
    for bad in [[0; 32], hex_array(ORDER), [0xff; 32]] {
        let (mut r, mut s) = (good, good);
        r.0[..32].copy_from_slice(&bad);
        s.0[32..].copy_from_slice(&bad);
        assert_eq!(key.verifying_key().verify(b"message digest", &r), Err(VerifyError));
        assert_eq!(key.verifying_key().verify(b"message digest", &s), Err(VerifyError));
    }
}

#[test]
fn r_plus_s_equal_to_the_order_is_refused() {
    let mut signature = [0; 64];
    signature[31] = 1;
    signature[32..].copy_from_slice(&hex(ORDER_LESS_ONE));
    assert_eq!(example().verifying_key().verify(b"", &Signature(signature)), Err(VerifyError));
}

#[test]
fn the_same_message_gets_another_nonce_each_time() {
    let key = example();
    let (first, second) = (key.sign(b"message"), key.sign(b"message"));
    assert_ne!(first.0[..32], second.0[..32]);
    assert_ne!(key.sign_batch(&[b"message", b"message"])[0], key.sign_batch(&[b"message"])[0]);
}

#[test]
fn a_secret_key_out_of_range_is_refused() {
    for bad in [[0; 32], hex_array(ORDER_LESS_ONE), hex_array(ORDER), [0xff; 32]] {
        assert_eq!(SigningKey::from_bytes(&bad).unwrap_err(), KeyError::Scalar);
    }
    let highest = SigningKey::from_bytes(&hex_array(ORDER_LESS_TWO)).unwrap();
    assert_eq!(highest.verifying_key().verify(b"m", &highest.sign(b"m")), Ok(()));
    let mut one = [0; 32];
    one[31] = 1;
    let lowest = SigningKey::from_bytes(&one).unwrap();
    assert_eq!(lowest.verifying_key().verify(b"m", &lowest.sign(b"m")), Ok(()));
}

#[test]
fn a_point_off_the_curve_is_refused() {
    let mut point = hex(EXAMPLE_PUBLIC);
    point[64] ^= 1;
    assert_eq!(VerifyingKey::from_sec1(&point).unwrap_err(), KeyError::Point);
    let origin = [&[4][..], &[0; 64]].concat();
    assert_eq!(VerifyingKey::from_sec1(&origin).unwrap_err(), KeyError::Point);
    let beyond = [&[4][..], &[0xff; 64]].concat();
    assert!(VerifyingKey::from_sec1(&beyond).is_err());
}

#[test]
fn other_encodings_of_a_point_are_refused() {
    let point = hex(EXAMPLE_PUBLIC);
    for length in 0..65 {
        assert_eq!(VerifyingKey::from_sec1(&point[..length]).unwrap_err(), KeyError::Encoding, "{length}");
    }
    for tag in [0, 1, 2, 3, 5, 6, 7, 0xff] {
        let other = [&[tag], &point[1..]].concat();
        assert_eq!(VerifyingKey::from_sec1(&other).unwrap_err(), KeyError::Encoding, "tag {tag}");
    }
    assert_eq!(VerifyingKey::from_sec1(&[0]).unwrap_err(), KeyError::Encoding, "infinity");
}

#[test]
fn a_compressed_point_is_the_same_key() {
    let point = hex(EXAMPLE_PUBLIC);
    let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
    assert_eq!(VerifyingKey::from_sec1(&compressed).unwrap(), *example().verifying_key());
    let opposite = [&[3 - (point[64] & 1)], &point[1..33]].concat();
    assert_ne!(VerifyingKey::from_sec1(&opposite).unwrap(), *example().verifying_key());
}

#[test]
fn a_batch_answers_for_each_signature_alone() {
    let (key, other) = (example(), SigningKey::generate());
    let good = key.sign(b"message");
    let mut bad = good;
    bad.0[5] ^= 1;
    let batch: [(&VerifyingKey, &[u8], &Signature); 6] = [
        (key.verifying_key(), b"message", &good),
        (key.verifying_key(), b"message", &bad),
        (key.verifying_key(), b"message", &Signature([0; 64])),
        (other.verifying_key(), b"message", &good),
        (key.verifying_key(), b"Message", &good),
        (key.verifying_key(), b"message", &good),
    ];
    assert_eq!(VerifyingKey::verify_batch(&batch), [true, false, false, false, false, true]);
    assert_eq!(VerifyingKey::verify_batch(&[]), []);
    assert_eq!(key.sign_batch(&[]), []);
}

#[test]
fn a_secret_key_is_not_printed() {
    let key = example();
    let shown = format!("{key:?}");
    assert!(shown.contains(EXAMPLE_PUBLIC) && !shown.contains(EXAMPLE_SECRET), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn what_was_signed_verifies(
        secret: [u8; 32],
        messages in prop::collection::vec(bytes(0..200), 1..5),
    ) {
        let key = SigningKey::from_bytes(&secret).unwrap_or_else(|_| example());
        let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        let public = key.verifying_key();
        for (message, signature) in messages.iter().zip(key.sign_batch(&messages)) {
            prop_assert_eq!(public.verify(message, &signature), Ok(()));
            prop_assert_eq!(public.verify(message, &key.sign(message)), Ok(()));
        }
        let back = SigningKey::from_bytes(key.to_bytes().expose()).unwrap();
        prop_assert_eq!(*back.to_bytes().expose(), *key.to_bytes().expose());
    }

    #[test]
    fn nothing_random_verifies(bytes in bytes(64..65)) {
        let signature = Signature::from_slice(&bytes).unwrap();
        prop_assert!(example().verifying_key().verify(b"message", &signature).is_err());
    }

    #[test]
    fn a_random_point_is_a_key_that_keeps_its_encoding_or_none(bytes in bytes(32..33), odd: bool) {
        let compressed = [&[2 + u8::from(odd)], &bytes[..]].concat();
        if let Ok(key) = VerifyingKey::from_sec1(&compressed) {
            prop_assert_eq!(VerifyingKey::from_sec1(&key.to_sec1()), Ok(key));
        }
    }
}
