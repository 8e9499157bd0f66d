//! Public keys: the platform's, which callers pin and check, and the callers', which the platform admits.

use serde::{Deserialize, Serialize};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyUsage {
    /// Signs requests, responses, codes' evidence or day files.
    Sign,
    /// Receives SM2 envelopes.
    Encrypt,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// May be used.
    Active,
    /// Still accepted while its successor is taken into use.
    Retiring,
    /// Opens and checks what it made, makes nothing new.
    Retired,
    /// Refused since its revocation.
    Revoked,
}

/// The platform's public keys in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlatformKeys {
    /// Two of one usage overlap while a key is rotated.
    pub data: Vec<PlatformKey>,
}

/// One public key of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlatformKey {
    /// `key_…`, the `keyid` of response signatures.
    pub key_id: String,
    /// What the key is for.
    pub usage: KeyUsage,
    /// `sm2-sm3` to sign, `sm2` to encrypt.
    pub algorithm: String,
    /// SM2 public key, SEC1 uncompressed (65 bytes), hex.
    pub public_key: String,
    /// SM3 of the public key, first 16 bytes, hex: compare it out of band.
    pub fingerprint: String,
    /// RFC 3339.
    pub valid_from: String,
    /// RFC 3339; absent while no end is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
}

/// Registers a public key of a terminal or of a channel of the sandbox; its previous key keeps working for seven days or until it is
/// revoked, and no third one is taken before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddKey {
    /// What the key is for.
    pub usage: KeyUsage,
    /// SM2 public key, SEC1, hex.
    #[cfg_attr(feature = "openapi", schema(max_length = 130))]
    pub public_key: String,
}

/// Rotates one of the platform's own data keys: a new version takes over, older ones still open what they sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateKey {
    /// `personal_data`, `code_mac`, `encrypt` or `sign`.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub usage: String,
}

/// A platform key was rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyRotated {
    /// What the key is for.
    pub usage: String,
    /// The version in force from now on.
    pub version: i64,
}

/// Revokes a key at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeKey {
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// A registered key of a caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyView {
    /// `key_…`
    pub key_id: String,
    /// The channel or terminal.
    pub owner_id: String,
    /// What its owner calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What the key is for.
    pub usage: KeyUsage,
    /// Where the key is in its life.
    pub state: KeyState,
    /// SM2 public key, SEC1 uncompressed, hex.
    pub public_key: String,
    /// SM3 of the public key, first 16 bytes, hex.
    pub fingerprint: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; when a superseded key ends, or has ended: from then on it authenticates nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retires_at: Option<String>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
}
