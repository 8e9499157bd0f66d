use crate::{EXAMPLE_SECRET, bytes, hex, hex_array};
use gm::{
    DerError,
    sm2::{self, DecryptingKey, Signature, SigningKey, VerifyingKey},
};
use proptest::prelude::*;

#[test]
fn small_and_negative_looking_numbers_have_one_encoding() {
    let mut signature = [0; 64];
    signature[31] = 1;
    signature[63] = 0x80;
    assert_eq!(Signature(signature).to_der(), hex("300702010102020080"));
    assert_eq!(Signature::from_der(&hex("300702010102020080")), Ok(Signature(signature)));
    for other in [
        "30080202000102020080",       // a leading zero too many
        "3006020101020180",           // negative
        "30810702010102020080",       // a long length where a short one does
        "30070201010202008000",       // something after
        "3008020101020200800500",     // a wrong outer length
        "300402010102",               // cut short
        "3005020101020200",           // a length beyond the end
        "30050201010200",             // an empty number
        "310702010102020080",         // a set
        "30070201010402008030",       // another type
        "3080020101020200800000",     // indefinite length
        "3084ffffffff02010102020080", // a huge length
        "",
    ] {
        assert_eq!(Signature::from_der(&hex(other)), Err(DerError), "{other}");
    }
    let too_long = format!("3026022101{}020101", "00".repeat(32));
    assert_eq!(Signature::from_der(&hex(&too_long)), Err(DerError));
}

#[test]
fn keys_keep_their_value_through_der() {
    let key = SigningKey::from_bytes(&hex_array(EXAMPLE_SECRET)).unwrap();
    let back = SigningKey::from_pkcs8(key.to_pkcs8().expose()).unwrap();
    assert_eq!(back.to_bytes().expose(), key.to_bytes().expose());
    assert_eq!(VerifyingKey::from_spki(&key.verifying_key().to_spki()).unwrap(), *key.verifying_key());
    let decrypting = DecryptingKey::from_pkcs8(key.to_pkcs8().expose()).unwrap();
    assert_eq!(decrypting.to_pkcs8().expose(), key.to_pkcs8().expose());
    assert_eq!(decrypting.encrypting_key().to_spki(), key.verifying_key().to_spki());
}

#[test]
fn any_altered_byte_of_a_private_key_is_noticed() {
    let key = SigningKey::from_bytes(&hex_array(EXAMPLE_SECRET)).unwrap();
    let der = key.to_pkcs8();
    for index in 0..der.expose().len() {
        let mut altered = der.expose().clone();
        altered[index] ^= 1;
        assert!(SigningKey::from_pkcs8(&altered).is_err(), "byte {index}");
        assert!(SigningKey::from_pkcs8(&der.expose()[..index]).is_err(), "the first {index}");
    }
}

#[test]
fn a_key_of_another_curve_is_refused() {
    let key = SigningKey::generate();
    let mut der = key.verifying_key().to_spki();
    let at = der.windows(8).position(|window| window == hex("2a811ccf5501822d")).unwrap();
    der[at + 7] ^= 1;
    assert_eq!(VerifyingKey::from_spki(&der), Err(DerError));
}

#[test]
fn a_ciphertext_too_short_or_compressed_has_no_der() {
    let ciphertext = DecryptingKey::generate().encrypting_key().encrypt(b"message");
    assert_eq!(sm2::ciphertext_to_der(&ciphertext[..96]), Err(DerError));
    assert_eq!(sm2::ciphertext_to_der(&[&[2], &ciphertext[1..]].concat()), Err(DerError));
}

proptest! {
    #[test]
    fn signatures_keep_their_value_through_der(bytes in bytes(64..65), zeros in 0..33_usize) {
        let mut signature = Signature::from_slice(&bytes).unwrap();
        signature.0[..zeros].fill(0);
        signature.0[32..32 + zeros.min(32)].fill(0);
        prop_assert_eq!(Signature::from_der(&signature.to_der()), Ok(signature));
    }

    #[test]
    fn ciphertexts_keep_their_value_through_der(mut bytes in bytes(97..700)) {
        bytes[0] = 4;
        let der = sm2::ciphertext_to_der(&bytes).unwrap();
        prop_assert_eq!(sm2::ciphertext_from_der(&der), Ok(bytes));
    }

    #[test]
    fn nothing_random_panics_a_reader(bytes in bytes(0..80), cut in 0..120_usize) {
        let key = SigningKey::from_bytes(&hex_array(EXAMPLE_SECRET)).unwrap().to_pkcs8();
        let mixed = [&key.expose()[..cut], &bytes].concat();
        let _ = (SigningKey::from_pkcs8(&mixed), VerifyingKey::from_spki(&mixed));
        let _ = (Signature::from_der(&bytes), sm2::ciphertext_from_der(&bytes));
        if let Ok(signature) = Signature::from_der(&bytes) {
            prop_assert_eq!(signature.to_der(), bytes);
        }
    }
}
