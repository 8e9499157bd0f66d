//! Known answers that the kernels must give before the first key is used.

use crate::{
    Secret, SelfTestError, aead, diversify, hmac, pbkdf2, random,
    sm2::{DecryptingKey, Signature, SigningKey},
    sm3, sm4, wrap,
};

/// Asks every primitive for an answer known beforehand, and every pair of operations for a round trip.
///
/// # Errors
/// [`SelfTestError`] names the first primitive that is wrong; no key may be used then.
pub fn self_test() -> Result<(), SelfTestError> {
    compare(&answers())
}

/// What the kernels say to a question, and what is right.
struct Answer {
    of: &'static str,
    computed: Vec<u8>,
    expected: Vec<u8>,
}

/// The first primitive whose answer is not the right one.
fn compare(answers: &[Answer]) -> Result<(), SelfTestError> {
    let wrong = answers.iter().find(|answer| answer.computed != answer.expected);
    wrong.map_or(Ok(()), |answer| Err(SelfTestError(answer.of)))
}

fn answers() -> Vec<Answer> {
    [digests(), ciphers(), sealed(), signatures(), encryption()].into_iter().flatten().collect()
}

fn known(of: &'static str, computed: &[u8], digits: &str) -> Answer {
    Answer { of, computed: computed.to_vec(), expected: hex(digits) }
}

/// What holds or does not, for what is random: one byte.
fn holds(of: &'static str, outcome: bool) -> Answer {
    Answer { of, computed: vec![u8::from(outcome)], expected: vec![1] }
}

/// GB/T 32905, annex A, and values on which OpenSSL agrees.
fn digests() -> Vec<Answer> {
    let key = hmac::Key::new(b"1234567812345678");
    let tag = key.mac(b"abc");
    let derived = pbkdf2::derive(b"password", b"NaCl", 16);
    vec![
        holds("randomness", random::bytes::<32>() != random::bytes::<32>()),
        known(
            "SM3",
            &sm3::digest(b"abc"),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        ),
        known(
            "SM3",
            &sm3::digest(&b"abcd".repeat(16)),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        ),
        known("HMAC-SM3", &tag, "0a69401a75c5d471f5166465eec89e6a65198ae885c1fdc061556254d91c1080"),
        holds("HMAC-SM3", key.verify(&[b"ab", b"c"], &tag)),
        known("PBKDF2", &derived, "fd65788f012ca0f9a9e353658cf0125219587c080cad59bb6117c7e0b8f5e9be"),
    ]
}

/// GB/T 32907, annex A, and values on which OpenSSL agrees: a counter that carries, a whole last block and one to pad.
fn ciphers() -> Vec<Answer> {
    let key = block("0123456789abcdeffedcba9876543210");
    let cipher = sm4::Key::new(&key);
    let message = std::array::from_fn::<u8, 40, _>(|place| place.to_le_bytes()[0]);
    let mut counted = message;
    cipher.ctr(&block("000102030405060708090a0bffffffff"), &mut counted);
    let mac = cipher.cbc_mac(&block("0f0e0d0c0b0a09080706050403020100"), &message);
    let child = cipher.encrypt_block(block("0001020304050607fffefdfcfbfaf9f8"));
    vec![
        known("SM4", &cipher.encrypt_block(key), "681edf34d206965e86b3e94f536e4246"),
        known(
            "SM4 in counter mode",
            &counted,
            "83c81d469c7831e4a985e68792dd45bc02c013ad3dcd5da8bcb19a284ce91f093a93e68892acac67",
        ),
        known("SM4 CBC-MAC", &mac, "aa52b5b34a6a3bf265a553bbdefddc3e"),
        known("SM4 CMAC", &cipher.cmac(b"abc"), "8e75238ac2672a6aee408c1e251854d8"),
        known("SM4 CMAC", &cipher.cmac(&message[..32]), "9faa86ca987a5c834083c4b79601e12b"),
        Answer {
            of: "diversification",
            computed: diversify::child(&key, &[0, 1, 2, 3, 4, 5, 6, 7]).expose().to_vec(),
            expected: child.to_vec(),
        },
    ]
}

/// There and back, and not back once a bit was changed or the purpose is another.
fn sealed() -> Vec<Answer> {
    let key = aead::Key::new(&Secret::new([7; 32]));
    let mut sealed = key.seal(b"associated", b"plain");
    let wrapped = wrap::wrap(&key, b"associated", b"a key");
    let opened = key.open(b"associated", &sealed).is_ok_and(|plain| plain == b"plain");
    sealed[aead::OVERHEAD / 2] ^= 1;
    let unwrapped =
        wrap::unwrap(&key, b"associated", &wrapped).is_ok_and(|inner| *inner.expose() == b"a key");
    vec![
        holds("authenticated encryption", opened),
        holds("authenticated encryption", key.open(b"associated", &sealed).is_err()),
        holds("wrapped keys", unwrapped),
        holds("wrapped keys", key.open(b"associated", &wrapped).is_err()),
    ]
}

/// The example of GB/T 32918.5, annex A, then a signature of our own.
fn signatures() -> Vec<Answer> {
    let of = "SM2 signatures";
    let Ok(key) = SigningKey::from_bytes(&array(EXAMPLE_KEY)) else { return vec![holds(of, false)] };
    let published = Signature(array(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    ));
    let public = key.verifying_key();
    vec![
        holds(of, public.verify(b"message digest", &published).is_ok()),
        holds(of, public.verify(b"message digesT", &published).is_err()),
        holds(of, public.verify(b"own", &key.sign(b"own")).is_ok()),
    ]
}

/// The example of GB/T 32918.5, annex C, then a ciphertext of our own.
fn encryption() -> Vec<Answer> {
    let of = "SM2 encryption";
    let Ok(key) = DecryptingKey::from_bytes(&array(EXAMPLE_KEY)) else { return vec![holds(of, false)] };
    let published = hex("0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73\
         e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0\
         59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766\
         21886ca989ca9c7d58087307ca93092d651efa");
    let decrypted =
        |ciphertext: &[u8]| key.decrypt(ciphertext).map_or(Vec::new(), |plain| plain.expose().to_vec());
    vec![
        Answer { of, computed: decrypted(&published), expected: b"encryption standard".to_vec() },
        Answer { of, computed: decrypted(&key.encrypting_key().encrypt(b"own")), expected: b"own".to_vec() },
    ]
}

const EXAMPLE_KEY: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";

/// The bytes of a hexadecimal constant; a wrong digit or length makes a wrong answer, not a panic.
fn hex(digits: &str) -> Vec<u8> {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit.wrapping_sub(b'a').wrapping_add(10),
    };
    let (pairs, _) = digits.as_bytes().as_chunks::<2>();
    pairs.iter().map(|[high, low]| nibble(*high) << 4 | nibble(*low)).collect()
}

fn array<const N: usize>(digits: &str) -> [u8; N] {
    hex(digits).try_into().unwrap_or([0; N])
}

fn block(digits: &str) -> [u8; 16] {
    array(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_primitive_is_asked_and_one_changed_byte_of_any_answer_is_a_failure_that_names_it() {
        let count = answers().len();
        let mut named = Vec::new();
        for place in 0..count {
            let mut answers = answers();
            let (of, length) = (answers[place].of, answers[place].computed.len());
            assert!(length > 0, "{of}");
            for byte in 0..length {
                answers[place].computed[byte] ^= 1;
                assert_eq!(compare(&answers), Err(SelfTestError(of)), "byte {byte}");
                answers[place].computed[byte] ^= 1;
            }
            assert_eq!(compare(&answers), Ok(()));
            answers[place].computed.pop();
            assert_eq!(compare(&answers), Err(SelfTestError(of)), "an answer that is too short");
            named.push(of);
        }
        named.dedup();
        let all = [
            "randomness",
            "SM3",
            "HMAC-SM3",
            "PBKDF2",
            "SM4",
            "SM4 in counter mode",
            "SM4 CBC-MAC",
            "SM4 CMAC",
            "diversification",
            "authenticated encryption",
            "wrapped keys",
            "SM2 signatures",
            "SM2 encryption",
        ];
        assert_eq!(named, all);
    }
}
