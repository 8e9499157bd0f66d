//! Why an operation failed. Each says as little as an attacker may learn; none carries a secret.

use std::fmt;

/// A key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The encoding has the wrong length or an unknown leading byte.
    Encoding,
    /// The secret scalar is not in `[1, n-2]`.
    Scalar,
    /// The point is not on the curve, or is the point at infinity.
    Point,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "the key is not encoded as expected",
            Self::Scalar => "the secret key is out of range",
            Self::Point => "the public key is not a point of the curve",
        })
    }
}

impl std::error::Error for KeyError {}

/// The signature is not one of this key over this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyError;

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signature does not verify")
    }
}

impl std::error::Error for VerifyError {}

/// A sealed value could not be opened: truncated, altered, or sealed under another key or context.
/// Which of these it was is deliberately not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenError;

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sealed value does not open")
    }
}

impl std::error::Error for OpenError {}

/// Not the canonical DER of the structure asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DerError;

impl fmt::Display for DerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the DER structure expected")
    }
}

impl std::error::Error for DerError {}

/// The power-on self-test failed; the name is the primitive that gave a wrong answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTestError(pub &'static str);

impl fmt::Display for SelfTestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the cryptographic self-test of {} failed", self.0)
    }
}

impl std::error::Error for SelfTestError {}
