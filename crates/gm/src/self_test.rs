//! Known answers that the kernels must give before the first key is used.

use crate::{
    Secret, SelfTestError, aead, diversify, hmac, random,
    sm2::{DecryptingKey, Signature, SigningKey},
    sm3, sm4,
};

/// Asks every primitive for an answer known beforehand, and every pair of operations for a round trip.
///
/// # Errors
/// [`SelfTestError`] names the first primitive that is wrong; no key may be used then.
pub fn self_test() -> Result<(), SelfTestError> {
    let tests: [Test; 7] = [
        ("randomness", randomness),
        ("SM3", sm3_answers),
        ("HMAC-SM3", hmac_answers),
        ("SM4", sm4_answers),
        ("authenticated encryption", aead_answers),
        ("SM2 signatures", sm2_signatures),
        ("SM2 encryption", sm2_encryption),
    ];
    tests.iter().find(|(_, test)| !test()).map_or(Ok(()), |(name, _)| Err(SelfTestError(name)))
}

type Test = (&'static str, fn() -> bool);

fn randomness() -> bool {
    random::bytes::<32>() != random::bytes::<32>()
}

fn sm3_answers() -> bool {
    let abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    let twice = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732";
    sm3::digest(b"abc") == hex(abc) && sm3::digest(&b"abcd".repeat(16)) == hex(twice)
}

fn hmac_answers() -> bool {
    let key = hmac::Key::new(b"1234567812345678");
    let tag: [u8; 32] = hex("0a69401a75c5d471f5166465eec89e6a65198ae885c1fdc061556254d91c1080");
    key.mac(b"abc") == tag && key.verify(&[b"ab", b"c"], &tag)
}

fn sm4_answers() -> bool {
    let key = hex("0123456789abcdeffedcba9876543210");
    let child = sm4::Key::new(&key).encrypt_block(hex("0001020304050607fffefdfcfbfaf9f8"));
    sm4::Key::new(&key).encrypt_block(key) == hex("681edf34d206965e86b3e94f536e4246")
        && *diversify::child(&key, &[0, 1, 2, 3, 4, 5, 6, 7]).expose() == child
}

fn aead_answers() -> bool {
    let key = aead::Key::new(&Secret::new([7; 32]));
    let mut sealed = key.seal(b"associated", b"plain");
    let opened = key.open(b"associated", &sealed).is_ok_and(|plain| plain == b"plain");
    sealed[aead::OVERHEAD / 2] ^= 1;
    opened && key.open(b"associated", &sealed).is_err()
}

/// The example of GB/T 32918.5, annex A, then a signature of our own.
fn sm2_signatures() -> bool {
    let Ok(key) = SigningKey::from_bytes(&hex(EXAMPLE_KEY)) else { return false };
    let published = Signature(hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"));
    let public = key.verifying_key();
    public.verify(b"message digest", &published).is_ok()
        && public.verify(b"message digesT", &published).is_err()
        && public.verify(b"own", &key.sign(b"own")).is_ok()
}

/// The example of GB/T 32918.5, annex C, then a ciphertext of our own.
fn sm2_encryption() -> bool {
    let Ok(key) = DecryptingKey::from_bytes(&hex(EXAMPLE_KEY)) else { return false };
    let published: [u8; 116] = hex("0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73\
         e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0\
         59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766\
         21886ca989ca9c7d58087307ca93092d651efa");
    let opens = |ciphertext: &[u8], message: &[u8]| {
        key.decrypt(ciphertext).is_ok_and(|plain| plain.expose() == message)
    };
    opens(&published, b"encryption standard") && opens(&key.encrypting_key().encrypt(b"own"), b"own")
}

const EXAMPLE_KEY: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";

/// The bytes of a hexadecimal constant; a wrong digit or length makes a wrong answer, not a panic.
fn hex<const N: usize>(digits: &str) -> [u8; N] {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit.wrapping_sub(b'a').wrapping_add(10),
    };
    let mut bytes = [0; N];
    let (pairs, _) = digits.as_bytes().as_chunks::<2>();
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = nibble(*high) << 4 | nibble(*low);
    }
    bytes
}
