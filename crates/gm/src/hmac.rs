//! HMAC over SM3 (RFC 2104, GM/T 0042), with a key prepared once.
//!
//! Invariant: a tag is compared in constant time, and never shorter than [`SHORTEST_TAG`].

use crate::sm3::{self, Hasher};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

const BLOCK: usize = 64;

/// The shortest tag [`Key::verify`] accepts, in bytes.
pub const SHORTEST_TAG: usize = 8;

/// A prepared key: both hash states after the padded key, so that a MAC pays for its message only.
#[derive(Clone)]
pub struct Key {
    inner: Hasher,
    outer: Hasher,
}

impl Key {
    /// Prepares a key of any length; one longer than a block is hashed first, as the RFC says.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if key.len() > BLOCK {
            block[..32].copy_from_slice(&sm3::digest(key));
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let padded = |block: &[u8; BLOCK], pad: u8| {
            let mut padded = block.map(|byte| byte ^ pad);
            let mut hasher = Hasher::new();
            hasher.update(&padded);
            padded.zeroize();
            hasher
        };
        let prepared = Self { inner: padded(&block, 0x36), outer: padded(&block, 0x5c) };
        block.zeroize();
        prepared
    }

    /// The tag of `message`.
    #[must_use]
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        self.mac_parts(&[message])
    }

    /// The tag of the parts, one after another; boundaries are not authenticated.
    #[must_use]
    pub fn mac_parts(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut inner = self.inner.clone();
        for part in parts {
            inner.update(part);
        }
        let mut outer = self.outer.clone();
        outer.update(&inner.finish());
        outer.finish()
    }

    /// Whether `tag`, possibly truncated to its first bytes, is the tag of the parts. Constant time in
    /// the tag's content. A tag shorter than [`SHORTEST_TAG`] or longer than 32 bytes never verifies.
    #[must_use]
    pub fn verify(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        if !(SHORTEST_TAG..=32).contains(&tag.len()) {
            return false;
        }
        let mut expected = self.mac_parts(parts);
        let same = expected[..tag.len()].ct_eq(tag).into();
        expected.zeroize();
        same
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hmac::Key(…)")
    }
}
