//! The password's envelope: SM2 to the platform's encryption key, bound to one context and moment.
//!
//! Invariant: an envelope taken from one operation, binding or device opens nothing in another.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use gm::Secret;
use gm::sm2::{DecryptingKey, EncryptingKey};
use serde::{Deserialize, Serialize};

use crate::signature::TOLERANCE_SECONDS;
use crate::types::Private;

/// What is inside: JSON, then SM2 (C1‖C3‖C2), then lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The 6 digits.
    pub password: Private,
    /// When it was typed, in seconds since 1970.
    pub at: i64,
    /// What it is for, see [`context`] and [`session_context`].
    pub context: String,
}

/// Why an envelope is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvelopeError {
    /// It does not decrypt, or what is inside is not an envelope.
    Unreadable,
    /// It was made for something else.
    OtherContext,
    /// It was made too long ago, or the device's clock is off.
    Stale,
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "the password envelope cannot be read",
            Self::OtherContext => "the password envelope was made for something else",
            Self::Stale => "the password envelope is not of this moment",
        })
    }
}

impl std::error::Error for EnvelopeError {}

/// The context of an operation on a target, such as `set_password:bnd_…`.
pub fn context(operation: &str, target: &str) -> String {
    format!("{operation}:{target}")
}

/// The context that opens a holder session: it names the device key, so that whoever carries the envelope cannot
/// open a session for a device of its own.
pub fn session_context(binding_id: &str, device_key: &str) -> String {
    format!("open_holder_session:{binding_id}:{device_key}")
}

impl Envelope {
    /// Encrypts to the platform.
    pub fn seal(&self, platform: &EncryptingKey) -> String {
        let json = serde_json::json!({
            "password": self.password.expose(), "at": self.at, "context": self.context,
        });
        let plain = Secret::new(json.to_string().into_bytes());
        HEXLOWER.encode(&platform.encrypt(plain.expose()))
    }

    /// Opens an envelope made for `context` within the tolerance around `now` (seconds since 1970).
    pub fn open(hex: &str, key: &DecryptingKey, context: &str, now: i64) -> Result<Self, EnvelopeError> {
        let sealed = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|_| EnvelopeError::Unreadable)?;
        let plain = key.decrypt(&sealed).map_err(|_| EnvelopeError::Unreadable)?;
        let envelope: Self = serde_json::from_slice(plain.expose()).map_err(|_| EnvelopeError::Unreadable)?;
        if envelope.context != context {
            return Err(EnvelopeError::OtherContext);
        }
        if envelope.at.abs_diff(now) > TOLERANCE_SECONDS.unsigned_abs() {
            return Err(EnvelopeError::Stale);
        }
        Ok(envelope)
    }
}
