//! The one-time code a holder shows (展码): made, opened and aged without a look at any store. What the platform did not issue
//! it does not verify (ND-1.2).
//!
//! ```text
//! version 1 ‖ issue second 4 ‖ shard 2 ‖ nonce 4 ‖ SM4-CTR(binding id) 16 ‖ truncated HMAC-SM3 9 = 36 bytes
//! ```
//! in RFC 4648 base32, upper case, unpadded: 58 characters, which fit a QR code of version 3-M in
//! alphanumeric mode. The payload has no public original; this one is ours.
//!
//! **Invariant.** A [`Code`] exists only if the platform minted it: [`open`] checks the MAC over every byte
//! before it before it decrypts anything. What a code names is single-use through its [`ReplayKey`], which is
//! built from the code alone, so the store spends a code by inserting one row and reads nothing first.
//!
//! **What a reader learns.** Opaque: the binding is encrypted and no reader can make or alter a code.
//! Unlinkable, with one exception that is stated rather than hidden: two codes of one holder share nothing
//! but the shard, one of 1024 classes of all holders, which the replay key of a sharded store needs. The key
//! stream repeats only if version, second, shard and nonce all repeat; then the difference of two binding
//! ids, which say nothing about a person, would show, and both codes still work because their MACs differ.
//!
//! Not here: whose binding it is, whether card, channel and grant allow the use, and the spending of the
//! code.

use crate::id::BindingId;
use crate::refusal::refusals;
use data_encoding::BASE32_NOPAD;
use std::fmt;

/// Bytes of a code.
pub const BYTES: usize = 36;
/// Characters of a code as shown.
pub const CHARACTERS: usize = 58;
/// A terminal's and the platform's clocks may differ by this much before a code counts as from the future.
pub const SKEW_SECONDS: i64 = 5;
/// No parameter may let a code live longer than this.
pub const MAX_TTL_SECONDS: i64 = 60;

const HEADER: usize = 11;
const SEALED: usize = 27;
const NONCE_AT: usize = 7;
const MAC: usize = BYTES - SEALED;

/// One version of the two code keys, prepared.
#[derive(Clone)]
pub struct Keys {
    version: u8,
    cipher: gm::sm4::Key,
    mac: gm::hmac::Key,
}

impl Keys {
    /// Prepares the code-cipher key and the code-mac key of `version`.
    pub fn new(version: u8, cipher: &[u8; 16], mac: &[u8; 32]) -> Self {
        Self { version, cipher: gm::sm4::Key::new(cipher), mac: gm::hmac::Key::new(mac) }
    }

    /// The version every code minted under these keys carries.
    pub fn version(&self) -> u8 {
        self.version
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Thirty-six bytes in the shape of a code; nothing is known about them yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed([u8; BYTES]);

impl Sealed {
    /// The version of the keys it claims to be minted under.
    pub fn version(&self) -> u8 {
        self.0[0]
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("version", &self.version()).finish_non_exhaustive()
    }
}

/// An authentic code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The binding (one e-card in one channel) that shows the code.
    pub binding_id: BindingId,
    /// The second it was minted, real time, since 1970.
    pub issued_second: u32,
    /// The holder's shard.
    pub shard: u16,
    /// What sets apart two codes of one binding in one second.
    pub nonce: [u8; 4],
    /// The key of the row that spends it.
    pub replay: ReplayKey,
}

/// The primary key of a spent code, in the store's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayKey {
    /// The minute of issue since 1970; a whole bucket can be dropped once every code in it has expired.
    pub bucket: i64,
    /// The holder's shard.
    pub shard: u16,
    /// Nonce and truncated MAC.
    pub id: [u8; 13],
}

refusals! {
    /// Why a code is not accepted.
    Refusal {
        /// Not 58 characters of canonical base32.
        Malformed = "code.malformed" "不是有效的电子社保卡二维码" "this is not the code of an e-card";
        /// Not minted under any key still valid, or altered since.
        Forged = "code.forged" "二维码无法核验，请持卡人刷新后重新出示"
            "the code cannot be verified; ask the holder to refresh it";
        /// Older than its life.
        Expired = "code.expired" "二维码已过期，请持卡人刷新后重新出示"
            "the code has expired; ask the holder to refresh it";
        /// Presented before, by whomever, and not the same request again.
        Replayed = "code.replayed" ["ND-2.4b"] "二维码已使用，请持卡人刷新后重新出示"
            "the code was used before; ask the holder to refresh it";
        /// Minted further in the future than clocks may differ.
        Early = "code.early" "二维码签发时间晚于平台时间，请稍后重试"
            "the code was issued later than the platform's present time; try again shortly";
    }
}

/// Mints one code. `nonce` is fresh randomness, `issue_second` real time.
pub fn mint(keys: &Keys, issue_second: u32, shard: u16, nonce: [u8; 4], binding_id: BindingId) -> String {
    let mut code = [0; BYTES];
    code[0] = keys.version;
    code[1..5].copy_from_slice(&issue_second.to_be_bytes());
    code[5..7].copy_from_slice(&shard.to_be_bytes());
    code[NONCE_AT..HEADER].copy_from_slice(&nonce);
    code[HEADER..SEALED].copy_from_slice(binding_id.as_bytes());
    let iv = counter(&code);
    keys.cipher.ctr(&iv, &mut code[HEADER..SEALED]);
    let tag = keys.mac.mac_parts(&[&code[..SEALED]]);
    code[SEALED..].copy_from_slice(&tag[..MAC]);
    BASE32_NOPAD.encode(&code)
}

/// Takes the shape of a code, and only the shape. Refuses: [`Refusal::Malformed`].
pub fn parse(text: &str) -> Result<Sealed, Refusal> {
    let mut code = [0; BYTES];
    if text.len() != CHARACTERS {
        return Err(Refusal::Malformed);
    }
    BASE32_NOPAD.decode_mut(text.as_bytes(), &mut code).map_err(|_| Refusal::Malformed)?;
    Ok(Sealed(code))
}

/// Authenticates, then decrypts. Refuses: [`Refusal::Forged`].
pub fn open(keys: &Keys, sealed: &Sealed) -> Result<Code, Refusal> {
    let bytes = &sealed.0;
    if bytes[0] != keys.version || !keys.mac.verify(&[&bytes[..SEALED]], &bytes[SEALED..]) {
        return Err(Refusal::Forged);
    }
    let mut binding: [u8; 16] = array(bytes, HEADER);
    keys.cipher.ctr(&counter(bytes), &mut binding);
    let issued_second = u32::from_be_bytes(array(bytes, 1));
    let shard = u16::from_be_bytes(array(bytes, 5));
    let nonce: [u8; 4] = array(bytes, NONCE_AT);
    let mut id = [0; 13];
    id[..4].copy_from_slice(&nonce);
    id[4..].copy_from_slice(&bytes[SEALED..]);
    let replay = ReplayKey { bucket: i64::from(issued_second) / 60, shard, id };
    Ok(Code { binding_id: BindingId::from_bytes(binding), issued_second, shard, nonce, replay })
}

/// Is `code` in its life at `now_second` (real time)? A life of more than [`MAX_TTL_SECONDS`] is cut to it.
/// Refuses, in order: [`Refusal::Early`], [`Refusal::Expired`].
pub fn check_age(code: &Code, now_second: i64, ttl_seconds: i64) -> Result<(), Refusal> {
    let age = now_second - i64::from(code.issued_second);
    if age < -SKEW_SECONDS {
        return Err(Refusal::Early);
    }
    if age > ttl_seconds.min(MAX_TTL_SECONDS) {
        return Err(Refusal::Expired);
    }
    Ok(())
}

/// The counter block: the code's clear head, then zeros. One block is enciphered, so the counter never runs.
fn counter(code: &[u8; BYTES]) -> [u8; 16] {
    let mut iv = [0; 16];
    iv[..HEADER].copy_from_slice(&code[..HEADER]);
    iv
}

fn array<const N: usize>(bytes: &[u8; BYTES], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(version: u8) -> Keys {
        Keys::new(version, &[version; 16], &[version ^ 0x55; 32])
    }

    fn binding(byte: u8) -> BindingId {
        BindingId::from_bytes([byte; 16])
    }

    fn code(text: &str) -> Code {
        open(&keys(1), &parse(text).unwrap()).unwrap()
    }

    #[test]
    fn a_code_is_58_characters_of_the_qr_alphanumeric_set() {
        let text = mint(&keys(1), 1_750_000_000, 1023, [9; 4], binding(7));
        assert_eq!(text.len(), CHARACTERS);
        assert!(text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()), "{text}");
    }

    #[test]
    fn only_canonical_base32_of_the_right_length_has_the_shape_of_a_code() {
        let text = mint(&keys(1), 1, 2, [3; 4], binding(4));
        let trailing_bits = format!("{}B", &text[..57]);
        for bad in
            ["", "A", &text[..57], &format!("{text}A"), &text.to_lowercase(), &trailing_bits, &"1".repeat(58)]
        {
            assert_eq!(parse(bad), Err(Refusal::Malformed), "{bad}");
        }
    }

    #[test]
    fn every_changed_bit_is_a_forgery() {
        let sealed = parse(&mint(&keys(1), 77, 5, [1, 2, 3, 4], binding(8))).unwrap();
        for bit in 0..BYTES * 8 {
            let mut altered = sealed.clone();
            altered.0[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&keys(1), &altered), Err(Refusal::Forged), "bit {bit}");
        }
    }

    #[test]
    fn keys_open_nothing_that_another_version_minted() {
        let sealed = parse(&mint(&keys(2), 9, 9, [9; 4], binding(9))).unwrap();
        assert_eq!(sealed.version(), 2);
        assert!(open(&keys(2), &sealed).is_ok());
        assert_eq!(open(&keys(3), &sealed), Err(Refusal::Forged));
    }

    #[test]
    fn codes_of_one_holder_share_only_version_time_and_shard() {
        let [a, b] =
            [[1; 4], [2; 4]].map(|nonce| parse(&mint(&keys(1), 50, 6, nonce, binding(3))).unwrap().0);
        assert_eq!(a[..NONCE_AT], b[..NONCE_AT]);
        assert_ne!(a[HEADER..SEALED], b[HEADER..SEALED]);
        assert_ne!(a[SEALED..], b[SEALED..]);
        assert_ne!(a[HEADER..SEALED], [3; 16]);
    }

    #[test]
    fn a_code_lives_from_five_seconds_early_to_its_sixtieth_second() {
        let code = code(&mint(&keys(1), 1000, 0, [0; 4], binding(0)));
        let table = [
            (994, 60, Err(Refusal::Early)),
            (995, 60, Ok(())),
            (1000, 60, Ok(())),
            (1060, 60, Ok(())),
            (1061, 60, Err(Refusal::Expired)),
            (1061, 600, Err(Refusal::Expired)),
            (1030, 30, Ok(())),
            (1031, 30, Err(Refusal::Expired)),
        ];
        for (now, ttl, expected) in table {
            assert_eq!(check_age(&code, now, ttl), expected, "at {now} with a life of {ttl}");
        }
    }

    #[test]
    fn debug_shows_no_key_and_no_code() {
        let text = mint(&keys(1), 1000, 0, [0; 4], binding(0));
        assert_eq!(format!("{:?}", keys(1)), "Keys { version: 1, .. }");
        assert_eq!(format!("{:?}", parse(&text).unwrap()), "Sealed { version: 1, .. }");
    }

    proptest! {
        #[test]
        fn what_is_minted_opens_to_the_same(
            second: u32,
            shard in 0u16..1024,
            nonce: [u8; 4],
            bytes: [u8; 16],
        ) {
            let code = code(&mint(&keys(1), second, shard, nonce, BindingId::from_bytes(bytes)));
            prop_assert_eq!((code.issued_second, code.shard, code.nonce), (second, shard, nonce));
            prop_assert_eq!(code.binding_id.as_bytes(), &bytes);
            prop_assert_eq!((code.replay.bucket, code.replay.shard), (i64::from(second) / 60, shard));
            prop_assert_eq!(&code.replay.id[..4], &nonce);
        }

        #[test]
        fn parsing_never_panics(text in ".{0,80}") {
            let _ = parse(&text);
        }
    }
}
