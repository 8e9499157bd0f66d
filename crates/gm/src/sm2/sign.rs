//! Signing: GB/T 32918.2 with hedged nonces.
//!
//! The nonce is `HMAC-SM3(K, random ‖ e ‖ attempt)` with K derived from the secret key, redrawn until it is in
//! range (as RFC 6979 draws its candidates). A repeated or guessed output of the OS alone reveals nothing: two
//! messages still get unrelated nonces; and without a fault the same message gets a new one each time.

use super::{Signature, VerifyingKey, curve};
use crate::{KeyError, Secret, hmac, random};
use ::sm2::{
    ProjectivePoint, Scalar,
    elliptic_curve::{BatchNormalize, Group, PrimeField, point::AffineCoordinates},
};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A secret signing key, with all that depends on it alone computed once.
#[derive(Clone)]
pub struct SigningKey {
    secret: Secret<Scalar>,
    /// `(1 + d)⁻¹`.
    inverse: Secret<Scalar>,
    nonces: hmac::Key,
    public: VerifyingKey,
}

impl SigningKey {
    /// A new key.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_scalar(curve::generate())
    }

    /// Reads a secret scalar, big-endian.
    ///
    /// # Errors
    /// [`KeyError::Scalar`] unless it is in `[1, n-2]`.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        curve::secret_scalar(bytes).map(Self::from_scalar)
    }

    fn from_scalar(secret: Secret<Scalar>) -> Self {
        let inverse = (secret.expose() + &Scalar::ONE).invert();
        let inverse = Secret::new(Option::from(inverse).expect("1 + d is not zero for d in [1, n-2]"));
        let public = VerifyingKey::of(curve::Point::of_secret(&secret));
        let root = hmac::Key::new(curve::secret_bytes(&secret).expose());
        let nonces = hmac::Key::new(Zeroizing::new(root.mac(b"gm sm2 nonce")).as_slice());
        Self { secret, inverse, nonces, public }
    }

    /// The secret scalar, big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Secret<[u8; 32]> {
        curve::secret_bytes(&self.secret)
    }

    /// The public half.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        let e = self.public.hash(message);
        let entropy = random::bytes();
        (0..=u8::MAX)
            .find_map(|attempt| {
                let nonce = self.nonce(&entropy, &e, attempt)?;
                let point = ProjectivePoint::mul_by_generator(nonce.expose()).to_affine();
                self.finish(&e, &nonce, &point.x().into())
            })
            .expect("an attempt fails once in 2^32")
    }

    /// Signs each message, in order, faster than one by one: the points are made affine together.
    #[must_use]
    pub fn sign_batch(&self, messages: &[&[u8]]) -> Vec<Signature> {
        let mut entropy = vec![0; 32 * messages.len()];
        random::fill(&mut entropy);
        let (entropy, _) = entropy.as_chunks::<32>();
        let drawn: Option<Vec<_>> = messages
            .iter()
            .zip(entropy)
            .map(|(message, entropy)| {
                let e = self.public.hash(message);
                self.nonce(entropy, &e, 0).map(|nonce| (e, nonce))
            })
            .collect();
        let points: Vec<_> = drawn
            .iter()
            .flatten()
            .map(|(_, nonce)| ProjectivePoint::mul_by_generator(nonce.expose()))
            .collect();
        let points = ProjectivePoint::batch_normalize(points.as_slice());
        let signed = drawn
            .iter()
            .flatten()
            .zip(points)
            .map(|((e, nonce), point)| self.finish(e, nonce, &point.x().into()));
        match signed.collect::<Option<Vec<_>>>() {
            Some(signatures) if signatures.len() == messages.len() => signatures,
            _ => messages.iter().map(|message| self.sign(message)).collect(),
        }
    }

    fn nonce(&self, entropy: &[u8; 32], e: &[u8; 32], attempt: u8) -> Option<Secret<Scalar>> {
        let candidate = Zeroizing::new(self.nonces.mac_parts(&[entropy, e, &[attempt]]));
        let nonce = Secret::new(curve::scalar(&candidate)?);
        (!bool::from(nonce.expose().is_zero())).then_some(nonce)
    }

    /// `r = e + x`, `s = (1 + d)⁻¹ (k + r) - r`; `None` for the values the standard says to draw again.
    fn finish(&self, e: &[u8; 32], nonce: &Secret<Scalar>, x: &[u8; 32]) -> Option<Signature> {
        let r = curve::reduced(e) + curve::reduced(x);
        let mut sum = r + nonce.expose();
        let s = self.inverse.expose() * &sum - r;
        let usable = !bool::from(r.is_zero() | sum.is_zero() | s.is_zero());
        sum.zeroize();
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&r.to_repr());
        signature[32..].copy_from_slice(&s.to_repr());
        usable.then_some(Signature(signature))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}
