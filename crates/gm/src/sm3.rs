//! SM3, the hash of GB/T 32905: 32 bytes of digest, blocks of 64 bytes.
//!
//! Not here: a MAC. `SM3(key ‖ message)` can be extended by anyone; use [`crate::hmac`].

use ::sm3::{Digest, Sm3};
use std::fmt;

/// The digest of `message`.
#[must_use]
pub fn digest(message: &[u8]) -> [u8; 32] {
    Sm3::digest(message).into()
}

/// The digest of the parts, one after another. The boundaries between parts are not hashed: where they
/// matter the caller writes lengths.
#[must_use]
pub fn digest_parts(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finish()
}

/// The digest of each message, in order.
#[must_use]
pub fn digest_batch(messages: &[&[u8]]) -> Vec<[u8; 32]> {
    messages.iter().map(|message| digest(message)).collect()
}

/// A digest under way. A clone continues from the same state. Wiped on drop.
#[derive(Clone, Default)]
pub struct Hasher(Sm3);

impl Hasher {
    /// The digest of nothing so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all that was appended.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sm3::Hasher(…)")
    }
}
