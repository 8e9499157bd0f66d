use crate::{bytes, hex};
use gm::{hmac, pbkdf2, sm3};
use proptest::prelude::*;

#[test]
fn sm3_gives_the_published_digests() {
    let abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    assert_eq!(sm3::digest(b"abc").to_vec(), hex(abc));
    let sixty_four = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732";
    assert_eq!(sm3::digest(&b"abcd".repeat(16)).to_vec(), hex(sixty_four));
    let nothing = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b";
    assert_eq!(sm3::digest(b"").to_vec(), hex(nothing));
}

#[test]
fn a_clone_of_a_hasher_continues_from_the_same_state() {
    let mut hasher = sm3::Hasher::new();
    hasher.update(b"ab");
    let mut clone = hasher.clone();
    hasher.update(b"c");
    clone.update(b"d");
    assert_eq!(hasher.finish(), sm3::digest(b"abc"));
    assert_eq!(clone.finish(), sm3::digest(b"abd"));
}

#[test]
fn hmac_is_the_formula_of_the_rfc_for_every_length_of_key() {
    for length in [0, 1, 16, 63, 64, 65, 200] {
        let key: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
        let mut block = if length > 64 { sm3::digest(&key).to_vec() } else { key.clone() };
        block.resize(64, 0);
        let padded = |pad: u8| block.iter().map(|byte| byte ^ pad).collect::<Vec<_>>();
        let inner = sm3::digest_parts(&[&padded(0x36), b"message"]);
        let outer = sm3::digest_parts(&[&padded(0x5c), &inner]);
        assert_eq!(hmac::Key::new(&key).mac(b"message"), outer, "a key of {length} bytes");
    }
}

#[test]
fn a_tag_verifies_whole_or_truncated_but_never_shorter_than_eight_bytes() {
    let key = hmac::Key::new(b"key");
    let tag = key.mac(b"message");
    for length in 0..=32 {
        assert_eq!(key.verify(&[b"mess", b"age"], &tag[..length]), length >= hmac::SHORTEST_TAG, "{length}");
    }
    assert!(!key.verify(&[b"message"], &[&tag[..], &[0]].concat()), "a tag too long");
    assert!(!key.verify(&[b"Message"], &tag), "another message");
    assert!(!hmac::Key::new(b"Key").verify(&[b"message"], &tag), "another key");
    for index in 0..32 {
        let mut altered = tag;
        altered[index] ^= 0x10;
        assert!(!key.verify(&[b"message"], &altered), "byte {index} altered");
    }
}

#[test]
fn zero_iterations_count_as_one() {
    assert_eq!(pbkdf2::derive(b"password", b"salt", 0), pbkdf2::derive(b"password", b"salt", 1));
    assert_ne!(pbkdf2::derive(b"password", b"salt", 1), pbkdf2::derive(b"password", b"salt", 2));
}

proptest! {
    #[test]
    fn parts_hash_as_their_concatenation(parts in prop::collection::vec(bytes(0..100), 0..6)) {
        let slices: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let whole = parts.concat();
        prop_assert_eq!(sm3::digest_parts(&slices), sm3::digest(&whole));
        let key = hmac::Key::new(b"key");
        prop_assert_eq!(key.mac_parts(&slices), key.mac(&whole));
        let each: Vec<_> = slices.iter().map(|part| sm3::digest(part)).collect();
        prop_assert_eq!(sm3::digest_batch(&slices), each);
    }
}
