//! A caller's session for high rates: one signed handshake, then HMAC-SM3 per request (see [`crate::session`]).

use serde::{Deserialize, Serialize};

/// Opens a session. The request itself is signed; the session key comes back encrypted to the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// SM2 public key, SEC1 (65 bytes uncompressed or 33 compressed), hex.
    #[cfg_attr(feature = "openapi", schema(max_length = 130))]
    pub encryption_key: String,
}

/// A session that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionOpened {
    /// `ses_…`
    pub session_id: String,
    /// The 32-byte session key, SM2-encrypted (C1‖C3‖C2) to the caller's encryption key, hex.
    pub key_envelope: String,
    /// RFC 3339. Open another session before then.
    pub expires_at: String,
}

/// Checks the connection: the text comes back, signed like every answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ping {
    /// Any text, at most 512 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 512))]
    pub text: String,
}

/// The answer to a [`Ping`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pong {
    /// The same text.
    pub text: String,
    /// RFC 3339, real time.
    pub at: String,
}
