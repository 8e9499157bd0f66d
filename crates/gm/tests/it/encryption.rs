use crate::{EXAMPLE_SECRET, bytes, hex, hex_array};
use gm::{
    OpenError,
    sm2::{DecryptingKey, EncryptingKey},
};
use proptest::prelude::*;

fn example() -> DecryptingKey {
    DecryptingKey::from_bytes(&hex_array(EXAMPLE_SECRET)).unwrap()
}

fn published() -> Vec<u8> {
    hex("0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73\
         e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0\
         59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766\
         21886ca989ca9c7d58087307ca93092d651efa")
}

fn refused(key: &DecryptingKey, ciphertext: &[u8]) -> bool {
    key.decrypt(ciphertext).is_err_and(|error| error == OpenError)
}

#[test]
fn the_published_ciphertext_decrypts() {
    assert_eq!(example().decrypt(&published()).unwrap().expose(), b"encryption standard");
}

#[test]
fn any_altered_byte_is_noticed() {
    for index in 0..published().len() {
        let mut altered = published();
        altered[index] ^= 1;
        assert!(refused(&example(), &altered), "byte {index}");
    }
}

#[test]
fn any_truncation_is_noticed() {
    for length in 0..published().len() {
        assert!(refused(&example(), &published()[..length]), "the first {length}");
    }
    assert!(refused(&example(), &[&published()[..], &[0]].concat()));
}

#[test]
fn the_old_order_is_refused() {
    let ciphertext = published();
    let old = [&ciphertext[..65], &ciphertext[97..], &ciphertext[65..97]].concat();
    assert!(refused(&example(), &old));
}

#[test]
fn another_key_is_refused() {
    assert!(refused(&DecryptingKey::generate(), &published()));
}

#[test]
fn the_same_message_never_encrypts_alike() {
    let public = example();
    let public = public.encrypting_key();
    assert_ne!(public.encrypt(b"message"), public.encrypt(b"message"));
}

#[test]
fn every_message_of_one_byte_comes_back() {
    let key = example();
    for byte in 0..=u8::MAX {
        let ciphertext = key.encrypting_key().encrypt(&[byte]);
        assert_ne!(ciphertext[97], byte, "an all-zero key stream is drawn again");
        assert_eq!(key.decrypt(&ciphertext).unwrap().expose(), &[byte]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn what_was_encrypted_decrypts(secret: [u8; 32], message in bytes(0..200)) {
        let key = DecryptingKey::from_bytes(&secret).unwrap_or_else(|_| example());
        let public = EncryptingKey::from_sec1(&key.encrypting_key().to_sec1()).unwrap();
        let ciphertext = public.encrypt(&message);
        prop_assert_eq!(ciphertext.len(), 97 + message.len());
        let plain = key.decrypt(&ciphertext).unwrap();
        prop_assert_eq!(plain.expose(), &message);
    }
}
