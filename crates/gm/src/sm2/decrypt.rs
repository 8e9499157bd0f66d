//! Decryption: GB/T 32918.4. An attacker chooses the ciphertext, so every failure looks the same.

use super::{EncryptingKey, curve, encrypt::Shared};
use crate::{KeyError, OpenError, Secret};
use ::sm2::Scalar;
use std::fmt;
use subtle::ConstantTimeEq;

/// A secret key to decrypt with.
#[derive(Clone)]
pub struct DecryptingKey {
    secret: Secret<Scalar>,
    public: EncryptingKey,
}

impl DecryptingKey {
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
        let public = EncryptingKey(curve::Point::of_secret(&secret));
        Self { secret, public }
    }

    /// The secret scalar, big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Secret<[u8; 32]> {
        curve::secret_bytes(&self.secret)
    }

    /// The public half.
    #[must_use]
    pub const fn encrypting_key(&self) -> &EncryptingKey {
        &self.public
    }

    /// Decrypts `C1 ‖ C3 ‖ C2` with an uncompressed C1.
    ///
    /// # Errors
    /// [`OpenError`] when it is too short, C1 is not a point of the curve, or C3 does not fit the message.
    pub fn decrypt(&self, ciphertext: &[u8]) -> Result<Secret<Vec<u8>>, OpenError> {
        let (ephemeral, rest) = ciphertext.split_first_chunk::<65>().ok_or(OpenError)?;
        let (check, masked) = rest.split_first_chunk::<32>().ok_or(OpenError)?;
        let ephemeral = curve::Point::from_sec1(ephemeral).map_err(|_| OpenError)?;
        let shared = Shared::of(&(ephemeral.point * *self.secret.expose()).to_affine());
        let mut message = masked.to_vec();
        let unmasked = shared.mask(&mut message);
        let message = Secret::new(message);
        let same: bool = shared.check(message.expose()).ct_eq(check).into();
        if same && unmasked { Ok(message) } else { Err(OpenError) }
    }
}

impl fmt::Debug for DecryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptingKey").field("public", &self.public).finish_non_exhaustive()
    }
}
