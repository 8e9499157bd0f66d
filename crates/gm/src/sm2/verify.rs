//! Verification: GB/T 32918.2, in variable time, since all its inputs are public.

use super::{
    Signature, USER_ID,
    comb::{self, Comb},
    curve,
};
use crate::{KeyError, VerifyError, sm3};
use ::sm2::{
    AffinePoint, ProjectivePoint, Scalar,
    elliptic_curve::{BatchNormalize, Group, point::AffineCoordinates},
};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// `a ‖ b ‖ x_G ‖ y_G` of the curve, as `Z` hashes them.
const CURVE: [u8; 128] = *b"\
    \xFF\xFF\xFF\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\
    \xFF\xFF\xFF\xFF\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFC\
    \x28\xE9\xFA\x9E\x9D\x9F\x5E\x34\x4D\x5A\x9E\x4B\xCF\x65\x09\xA7\
    \xF3\x97\x89\xF5\x15\xAB\x8F\x92\xDD\xBC\xBD\x41\x4D\x94\x0E\x93\
    \x32\xC4\xAE\x2C\x1F\x19\x81\x19\x5F\x99\x04\x46\x6A\x39\xC9\x94\
    \x8F\xE3\x0B\xBF\xF2\x66\x0B\xE1\x71\x5A\x45\x89\x33\x4C\x74\xC7\
    \xBC\x37\x36\xA2\xF4\xF6\x77\x9C\x59\xBD\xCE\xE3\x6B\x69\x21\x53\
    \xD0\xA9\x87\x7C\xC6\x2A\x47\x40\x02\xDF\x32\xE5\x21\x39\xF0\xA0";

/// A public key, prepared once: the checked point, the hash state after `Z` and, from the first verification
/// on, a table of multiples (18 KiB). Clones share it all, so keep one per key and clone it.
#[derive(Clone)]
pub struct VerifyingKey(Arc<Prepared>);

struct Prepared {
    public: curve::Point,
    prefix: sm3::Hasher,
    comb: OnceLock<Comb>,
}

impl VerifyingKey {
    /// Reads an uncompressed (65 bytes) or compressed (33 bytes) point.
    ///
    /// # Errors
    /// [`KeyError::Encoding`] for anything else, [`KeyError::Point`] when it is not on the curve.
    pub fn from_sec1(bytes: &[u8]) -> Result<Self, KeyError> {
        curve::Point::from_sec1(bytes).map(Self::of)
    }

    pub(super) fn of(public: curve::Point) -> Self {
        let bits = u16::try_from(USER_ID.len() * 8).expect("the user id is short");
        let z = sm3::digest_parts(&[&bits.to_be_bytes(), USER_ID, &CURVE, public.coordinates()]);
        let mut prefix = sm3::Hasher::new();
        prefix.update(&z);
        Self(Arc::new(Prepared { public, prefix, comb: OnceLock::new() }))
    }

    /// The point, uncompressed.
    #[must_use]
    pub fn to_sec1(&self) -> [u8; 65] {
        self.0.public.sec1
    }

    /// Verifies a signature over a message.
    ///
    /// # Errors
    /// [`VerifyError`] when r or s is out of range or the signature is not this key's over this message.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), VerifyError> {
        let claim = self.claim(message, signature).ok_or(VerifyError)?;
        claim.holds(&claim.point.to_affine()).then_some(()).ok_or(VerifyError)
    }

    /// Verifies each signature by its key, in order. The points are made affine together; a bad signature
    /// does not touch the others' answers.
    #[must_use]
    pub fn verify_batch(batch: &[(&Self, &[u8], &Signature)]) -> Vec<bool> {
        let claims: Vec<_> =
            batch.iter().map(|(key, message, signature)| key.claim(message, signature)).collect();
        let points: Vec<_> = claims.iter().flatten().map(|claim| claim.point).collect();
        let mut points = ProjectivePoint::batch_normalize(points.as_slice()).into_iter();
        claims
            .iter()
            .map(|claim| claim.as_ref().is_some_and(|claim| points.next().is_some_and(|p| claim.holds(&p))))
            .collect()
    }

    /// `e = SM3(Z ‖ M)`.
    pub(super) fn hash(&self, message: &[u8]) -> [u8; 32] {
        let mut hasher = self.0.prefix.clone();
        hasher.update(message);
        hasher.finish()
    }

    fn claim(&self, message: &[u8], signature: &Signature) -> Option<Claim> {
        let (r, s) = signature.halves();
        let (r, s) = (curve::scalar(r)?, curve::scalar(s)?);
        let t = r + s;
        if (r.is_zero() | s.is_zero() | t.is_zero()).into() {
            return None;
        }
        let own = self.0.comb.get_or_init(|| Comb::new(&self.0.public.point));
        let point = comb::sum([(Comb::generator(), &s), (own, &t)]);
        if point.is_identity().into() {
            return None;
        }
        Some(Claim { r, e: curve::reduced(&self.hash(message)), point })
    }
}

/// What remains to check of a signature: that `r = e + x` for the point's x.
struct Claim {
    r: Scalar,
    e: Scalar,
    point: ProjectivePoint,
}

impl Claim {
    fn holds(&self, point: &AffinePoint) -> bool {
        self.e + curve::reduced(&point.x().into()) == self.r
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.public.sec1 == other.0.public.sec1
    }
}

impl Eq for VerifyingKey {}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        curve::fmt_public("VerifyingKey", &self.0.public, f)
    }
}
