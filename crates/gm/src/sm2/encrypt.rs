//! Encryption: GB/T 32918.4 in the order C1C3C2, and the mask that both directions share.

use super::curve;
use crate::{KeyError, Secret, hmac, random, sm3};
use ::sm2::{
    AffinePoint, ProjectivePoint, Scalar,
    elliptic_curve::{BatchNormalize, Group},
};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A public key to encrypt to.
#[derive(Clone)]
pub struct EncryptingKey(pub(super) curve::Point);

impl EncryptingKey {
    /// Reads an uncompressed (65 bytes) or compressed (33 bytes) point.
    ///
    /// # Errors
    /// [`KeyError::Encoding`] for anything else, [`KeyError::Point`] when it is not on the curve.
    pub fn from_sec1(bytes: &[u8]) -> Result<Self, KeyError> {
        curve::Point::from_sec1(bytes).map(Self)
    }

    /// The point, uncompressed.
    #[must_use]
    pub const fn to_sec1(&self) -> [u8; 65] {
        self.0.sec1
    }

    /// Encrypts a message to `C1 ‖ C3 ‖ C2`, 97 bytes longer than it. The message is authenticated against
    /// change, not against a sender: anyone can encrypt.
    #[must_use]
    pub fn encrypt(&self, message: &[u8]) -> Vec<u8> {
        loop {
            let nonce = ephemeral(message);
            let points = [self.0.point * *nonce.expose(), ProjectivePoint::mul_by_generator(nonce.expose())];
            // Together they need one inversion.
            let [shared, public] = ProjectivePoint::batch_normalize(&points);
            let shared = Shared::of(&shared);
            let mut ciphertext = curve::to_sec1(&public).to_vec();
            ciphertext.extend_from_slice(&shared.check(message));
            let masked = ciphertext.len();
            ciphertext.extend_from_slice(message);
            if shared.mask(&mut ciphertext[masked..]) {
                return ciphertext;
            }
        }
    }
}

impl PartialEq for EncryptingKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.sec1 == other.0.sec1
    }
}

impl Eq for EncryptingKey {}

impl fmt::Debug for EncryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        curve::fmt_public("EncryptingKey", &self.0, f)
    }
}

/// A scalar in `[1, n-1]` for one encryption, from the randomness of the OS hedged with the message.
fn ephemeral(message: &[u8]) -> Secret<Scalar> {
    loop {
        let mut entropy = random::bytes::<32>();
        let candidate = Zeroizing::new(hmac::Key::new(&entropy).mac(message));
        entropy.zeroize();
        if let Some(nonce) = curve::scalar(&candidate).map(Secret::new)
            && !bool::from(nonce.expose().is_zero())
        {
            return nonce;
        }
    }
}

/// The point `[k]P = [d]C1` that only the two sides know, as bytes `x ‖ y`.
pub(super) struct Shared(Secret<[u8; 65]>);

impl Shared {
    pub(super) fn of(point: &AffinePoint) -> Self {
        Self(Secret::new(curve::to_sec1(point)))
    }

    fn x(&self) -> &[u8] {
        &self.0.expose()[1..33]
    }

    fn y(&self) -> &[u8] {
        &self.0.expose()[33..]
    }

    /// `C3 = SM3(x ‖ M ‖ y)`.
    pub(super) fn check(&self, message: &[u8]) -> [u8; 32] {
        sm3::digest_parts(&[self.x(), message, self.y()])
    }

    /// XORs the key stream `KDF(x ‖ y)` over the data. `false` when the stream is all zeros, which the
    /// standard forbids; the stream for no data at all is allowed.
    pub(super) fn mask(&self, data: &mut [u8]) -> bool {
        let mut any = u8::from(data.is_empty());
        for (counter, chunk) in (1_u32..).zip(data.chunks_mut(32)) {
            let stream = Zeroizing::new(sm3::digest_parts(&[self.x(), self.y(), &counter.to_be_bytes()]));
            for (byte, pad) in chunk.iter_mut().zip(stream.iter()) {
                *byte ^= pad;
                any |= pad;
            }
        }
        any != 0
    }
}
