use crate::bytes;
use gm::{OpenError, Secret, aead, wrap};
use proptest::prelude::*;

fn key(byte: u8) -> aead::Key {
    aead::Key::new(&Secret::new([byte; 32]))
}

#[test]
fn any_altered_byte_keeps_it_shut() {
    let sealed = key(1).seal(b"context", b"fifty bytes or so, as many as a code carries");
    for index in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[index] ^= 1;
        assert_eq!(key(1).open(b"context", &altered), Err(OpenError), "byte {index}");
    }
}

#[test]
fn any_truncation_keeps_it_shut() {
    let sealed = key(1).seal(b"context", b"plain");
    for length in 0..sealed.len() {
        assert_eq!(key(1).open(b"context", &sealed[..length]), Err(OpenError), "the first {length}");
        assert_eq!(
            key(1).open(b"context", &sealed[sealed.len() - length..]),
            Err(OpenError),
            "the last {length}"
        );
    }
    assert_eq!(key(1).open(b"context", &[&sealed[..], &[0]].concat()), Err(OpenError));
}

#[test]
fn another_context_or_key_keeps_it_shut() {
    let sealed = key(1).seal(b"context", b"plain");
    for context in [&b""[..], b"Context", b"contex", b"contextp"] {
        assert_eq!(key(1).open(context, &sealed), Err(OpenError));
    }
    assert_eq!(key(2).open(b"context", &sealed), Err(OpenError));
}

#[test]
fn the_same_value_never_seals_alike() {
    assert_ne!(key(1).seal(b"", b"plain"), key(1).seal(b"", b"plain"));
}

#[test]
fn a_wrapped_key_opens_with_its_own_context_only() {
    let wrapped = wrap::wrap(&key(1), b"usage 1", &[7; 16]);
    assert_eq!(wrap::unwrap(&key(1), b"usage 1", &wrapped).unwrap().expose(), &[7; 16]);
    assert!(wrap::unwrap(&key(1), b"usage 2", &wrapped).is_err());
    assert!(wrap::unwrap(&key(2), b"usage 1", &wrapped).is_err());
    for index in 0..wrapped.len() {
        let mut altered = wrapped.clone();
        altered[index] ^= 0x80;
        assert!(wrap::unwrap(&key(1), b"usage 1", &altered).is_err(), "byte {index}");
        assert!(wrap::unwrap(&key(1), b"usage 1", &wrapped[..index]).is_err(), "the first {index}");
    }
}

#[test]
fn data_never_opens_as_a_key_nor_a_key_as_data() {
    assert!(key(1).open(b"", &wrap::wrap(&key(1), b"", &[7; 16])).is_err());
    assert!(wrap::unwrap(&key(1), b"", &key(1).seal(b"", &[7; 16])).is_err());
}

#[test]
fn secrets_are_not_printed() {
    let shown = format!("{:?} {:?}", Secret::new([0xab_u8; 2]), key(0xab));
    assert_eq!(shown, "Secret(…) aead::Key(…)");
}

proptest! {
    #[test]
    fn what_was_sealed_opens(
        secret: [u8; 32],
        context in bytes(0..80),
        plain in bytes(0..200),
    ) {
        let key = aead::Key::new(&Secret::new(secret));
        let sealed = key.seal(&context, &plain);
        prop_assert_eq!(sealed.len(), plain.len() + aead::OVERHEAD);
        prop_assert_eq!(key.open(&context, &sealed), Ok(plain));
    }

    #[test]
    fn nothing_random_opens(sealed in bytes(0..100)) {
        prop_assert!(key(1).open(b"", &sealed).is_err());
    }
}
