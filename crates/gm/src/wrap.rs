//! Keys at rest: a key sealed under another, bound to what it is for.
//!
//! Invariant: a wrapped key opens only with the associated data it was wrapped with (usage, version, owner),
//! and never as ordinary sealed data, nor ordinary data as a key.
//!
//! Not here: the meaning of the associated data, which is its caller's.

pub use crate::error::OpenError;
use crate::{
    Secret,
    aead::{Key, Purpose},
};

/// Wraps `key` under `kek`, bound to the associated data.
#[must_use]
pub fn wrap(kek: &Key, associated: &[u8], key: &[u8]) -> Vec<u8> {
    kek.seal_as(Purpose::WrappedKey, associated, key)
}

/// Unwraps what [`wrap`] made under the same `kek` and associated data.
///
/// # Errors
/// [`OpenError`] when anything at all is different.
pub fn unwrap(kek: &Key, associated: &[u8], wrapped: &[u8]) -> Result<Secret<Vec<u8>>, OpenError> {
    kek.open_as(Purpose::WrappedKey, associated, wrapped).map(Secret::new)
}
