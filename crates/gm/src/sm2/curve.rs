//! What both kinds of key share: points and scalars in and out of bytes, and the choice of scalars.

use crate::{KeyError, Secret, random};
use ::sm2::{
    AffinePoint, FieldBytes, ProjectivePoint, PublicKey, Scalar, Sec1Point,
    elliptic_curve::{Group, PrimeField, ops::Reduce, point::AffineCoordinates, sec1::FromSec1Point},
};
use zeroize::Zeroize;

/// A point of the curve other than infinity, in the two forms it is needed in.
#[derive(Clone)]
pub(super) struct Point {
    pub(super) point: ProjectivePoint,
    pub(super) sec1: [u8; 65],
}

impl Point {
    /// Reads an uncompressed (65 bytes) or compressed (33 bytes) point.
    pub(super) fn from_sec1(bytes: &[u8]) -> Result<Self, KeyError> {
        match (bytes.len(), bytes.first()) {
            (65, Some(4)) | (33, Some(2 | 3)) => {}
            _ => return Err(KeyError::Encoding),
        }
        let encoded = Sec1Point::from_bytes(bytes).map_err(|_| KeyError::Encoding)?;
        let key = Option::<PublicKey>::from(PublicKey::from_sec1_point(&encoded)).ok_or(KeyError::Point)?;
        Ok(Self { point: key.to_projective(), sec1: to_sec1(key.as_affine()) })
    }

    /// The public point of a secret scalar.
    pub(super) fn of_secret(secret: &Secret<Scalar>) -> Self {
        let point = ProjectivePoint::mul_by_generator(secret.expose());
        Self { point, sec1: to_sec1(&point.to_affine()) }
    }

    pub(super) fn coordinates(&self) -> &[u8] {
        &self.sec1[1..]
    }
}

/// The uncompressed form of an affine point other than infinity.
pub(super) fn to_sec1(point: &AffinePoint) -> [u8; 65] {
    let mut sec1 = [4; 65];
    sec1[1..33].copy_from_slice(&point.x());
    sec1[33..].copy_from_slice(&point.y());
    sec1
}

/// The number the bytes stand for, unless it is not below the group order.
pub(super) fn scalar(bytes: &[u8; 32]) -> Option<Scalar> {
    Scalar::from_repr(FieldBytes::from(*bytes)).into_option()
}

/// The number the bytes stand for, modulo the group order.
pub(super) fn reduced(bytes: &[u8; 32]) -> Scalar {
    Scalar::reduce(&FieldBytes::from(*bytes))
}

/// A secret key: a scalar in `[1, n-2]`, so that `1 + d` has an inverse.
pub(super) fn secret_scalar(bytes: &[u8; 32]) -> Result<Secret<Scalar>, KeyError> {
    let secret = Secret::new(scalar(bytes).ok_or(KeyError::Scalar)?);
    if (secret.expose().is_zero() | (secret.expose() + &Scalar::ONE).is_zero()).into() {
        return Err(KeyError::Scalar);
    }
    Ok(secret)
}

/// A new secret key, uniform over its range.
pub(super) fn generate() -> Secret<Scalar> {
    loop {
        let mut bytes = random::bytes();
        let secret = secret_scalar(&bytes);
        bytes.zeroize();
        if let Ok(secret) = secret {
            return secret;
        }
    }
}

pub(super) fn secret_bytes(secret: &Secret<Scalar>) -> Secret<[u8; 32]> {
    Secret::new(secret.expose().to_repr().into())
}

pub(super) fn fmt_public(name: &str, public: &Point, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    write!(f, "{name}(")?;
    public.sec1.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
    f.write_str(")")
}
