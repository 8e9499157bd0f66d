//! SM2 on the recommended curve of GB/T 32918.5: signatures with SM3 under the default user id, and public
//! key encryption in the order C1C3C2.
//!
//! Invariants:
//! - A key of either kind holds a point that was checked to be on the curve and not at infinity (the group
//!   has prime order, so that is all there is to check).
//! - On the wire a signature is `r ‖ s`, a ciphertext `0x04 ‖ x ‖ y ‖ C3 ‖ C2`; DER is for exchange with
//!   others only.
//! - Whatever touches a secret scalar is constant time; only verification, whose inputs are public, is not.
//!
//! Deliberately not here: key agreement, other user ids, the old order C1C2C3, certificates.

mod comb;
mod curve;
mod decrypt;
mod der;
mod encrypt;
mod sign;
mod verify;

pub use crate::error::{DerError, KeyError, OpenError, VerifyError};
pub use decrypt::DecryptingKey;
pub use der::{ciphertext_from_der, ciphertext_to_der};
pub use encrypt::EncryptingKey;
pub use sign::SigningKey;
pub use verify::VerifyingKey;

/// The user id that every signature here is made and checked under.
pub const USER_ID: &[u8; 16] = b"1234567812345678";

/// A signature `r ‖ s`, each 32 bytes big-endian. Any 64 bytes can be held; verification checks the ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signature(pub [u8; 64]);

impl Signature {
    /// The wire form, 64 bytes; `None` for any other length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The wire form.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }

    fn halves(&self) -> (&[u8; 32], &[u8; 32]) {
        let ([r, s], []) = self.0.as_chunks::<32>() else { unreachable!("64 bytes are two halves") };
        (r, s)
    }
}
