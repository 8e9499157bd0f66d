//! Authenticated encryption: SM4 in counter mode, then HMAC-SM3 over everything (encrypt-then-MAC).
//!
//! A sealed value is `nonce (12) ‖ ciphertext ‖ tag (16)`, 28 bytes longer than the plaintext. The tag covers
//! `purpose (1) ‖ length of the associated data (8) ‖ associated data ‖ nonce ‖ ciphertext`.
//!
//! Invariant: no plaintext leaves [`Key::open`] before the tag was found right. The nonce is random: seal at
//! most 2³² values under one key, then rotate it (the chance of one repeated nonce is then below 2⁻³²).
//!
//! Not here: protection from replay, or hiding of lengths.

pub use crate::error::OpenError;
use crate::{Secret, hmac, random, sm4};
use std::fmt;
use zeroize::Zeroizing;

const NONCE: usize = 12;
const TAG: usize = 16;

/// How many bytes a sealed value is longer than its plaintext.
pub const OVERHEAD: usize = NONCE + TAG;

/// What was sealed: a value sealed as one thing never opens as another.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Data = 0,
    WrappedKey = 1,
}

/// A prepared key: the expanded cipher key and the MAC states, both derived from one secret.
#[derive(Clone)]
pub struct Key {
    cipher: sm4::Key,
    mac: hmac::Key,
}

impl Key {
    /// Derives and prepares both keys from one 32-byte secret.
    #[must_use]
    pub fn new(secret: &Secret<[u8; 32]>) -> Self {
        let root = hmac::Key::new(secret.expose());
        let cipher_key = Zeroizing::new(root.mac(b"gm aead sm4-ctr"));
        let mac_key = Zeroizing::new(root.mac(b"gm aead hmac-sm3"));
        let ([cipher_half, _], _) = cipher_key.as_chunks::<16>() else {
            unreachable!("32 bytes are two halves")
        };
        Self { cipher: sm4::Key::new(cipher_half), mac: hmac::Key::new(mac_key.as_slice()) }
    }

    /// Seals `plain`, bound to the associated data, which is authenticated but not included.
    #[must_use]
    pub fn seal(&self, associated: &[u8], plain: &[u8]) -> Vec<u8> {
        self.seal_as(Purpose::Data, associated, plain)
    }

    /// Opens what [`Key::seal`] made with the same associated data.
    ///
    /// # Errors
    /// [`OpenError`] when anything at all is different.
    pub fn open(&self, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        self.open_as(Purpose::Data, associated, sealed)
    }

    pub(crate) fn seal_as(&self, purpose: Purpose, associated: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce = random::bytes::<NONCE>();
        let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        self.cipher.ctr(&counter(nonce), &mut sealed[NONCE..]);
        let head = head(purpose, associated);
        let tag = self.mac.mac_parts(&[&head, associated, &sealed]);
        sealed.extend_from_slice(&tag[..TAG]);
        sealed
    }

    pub(crate) fn open_as(
        &self,
        purpose: Purpose,
        associated: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        let (covered, tag) = sealed.split_last_chunk::<TAG>().ok_or(OpenError)?;
        let (nonce, ciphertext) = covered.split_first_chunk::<NONCE>().ok_or(OpenError)?;
        let head = head(purpose, associated);
        if !self.mac.verify(&[&head, associated, covered], tag) {
            return Err(OpenError);
        }
        let mut plain = ciphertext.to_vec();
        self.cipher.ctr(&counter(*nonce), &mut plain);
        Ok(plain)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("aead::Key(…)")
    }
}

fn head(purpose: Purpose, associated: &[u8]) -> [u8; 9] {
    let mut head = [purpose as u8; 9];
    head[1..].copy_from_slice(&(associated.len() as u64).to_be_bytes());
    head
}

fn counter(nonce: [u8; NONCE]) -> [u8; 16] {
    let mut counter = [0; 16];
    counter[..NONCE].copy_from_slice(&nonce);
    counter
}
