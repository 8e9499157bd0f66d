//! Passkeys of staff. Bytes are base64url without padding, as browsers write them.

use serde::{Deserialize, Serialize};

use super::Private;

/// What may be shown as the second factor of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactorAsked {
    /// Whether a code would be taken: of an authenticator app, or a recovery code.
    pub takes_code: bool,
    /// What a passkey has to answer; absent when the account has none, or the platform is not reached by a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<PasskeyRequest>,
}

/// What a passkey has to answer (`PublicKeyCredentialRequestOptions`; the user is to be verified).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyRequest {
    /// Random bytes, good once.
    pub challenge: String,
    /// The name that the passkey is bound to.
    pub rp_id: String,
    /// The one origin at which an answer is taken.
    pub origin: String,
    /// The account's credentials.
    pub credential_ids: Vec<String>,
    /// For how long the challenge may be answered.
    pub timeout_seconds: i64,
}

/// What a passkey answered (`AuthenticatorAssertionResponse`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyAssertion {
    /// `id` of the credential.
    #[cfg_attr(feature = "openapi", schema(max_length = 1364))]
    pub credential_id: String,
    /// `clientDataJSON`
    #[cfg_attr(feature = "openapi", schema(max_length = 4096))]
    pub client_data: String,
    /// `authenticatorData`
    #[cfg_attr(feature = "openapi", schema(max_length = 4096))]
    pub authenticator_data: String,
    /// `signature`
    #[cfg_attr(feature = "openapi", schema(max_length = 2048))]
    pub signature: String,
}

/// Begins a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginPasskey {
    /// One's own password.
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub password: Private,
}

/// What a device has to make a passkey from (`PublicKeyCredentialCreationOptions`; no attestation is asked for, the user is to
/// be verified).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyBegun {
    /// Random bytes, good once.
    pub challenge: String,
    /// The name that the passkey is bound to.
    pub rp_id: String,
    /// The account's bytes.
    pub user_id: String,
    /// What the device calls the account: login and world.
    pub user_name: String,
    /// Algorithms by their COSE numbers, the preferred one first.
    pub algorithms: Vec<i64>,
    /// Credentials that the account has already.
    pub credential_ids: Vec<String>,
    /// For how long the challenge may be answered.
    pub timeout_seconds: i64,
}

/// Registers a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterPasskey {
    /// What its owner calls it, 1 to 40 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub name: String,
    /// `clientDataJSON`
    #[cfg_attr(feature = "openapi", schema(max_length = 4096))]
    pub client_data: String,
    /// `attestationObject`
    #[cfg_attr(feature = "openapi", schema(max_length = 16384))]
    pub attestation_object: String,
}

/// A passkey that was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyRegistered {
    /// The passkey.
    pub passkey: PasskeyView,
    /// Ten codes that each stand in for the second factor once, when it is the account's first one; else none. They are in this
    /// answer and nowhere else.
    pub recovery_codes: Vec<Private>,
}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyView {
    /// `psk_…`
    pub passkey_id: String,
    /// What its owner calls it.
    pub name: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; when it was last shown, absent when it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<String>,
}

/// One's own passkeys, and where they are used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passkeys {
    /// Oldest first.
    pub data: Vec<PasskeyView>,
    /// Most passkeys of an account.
    pub most: i64,
    /// The one origin at which passkeys are made and shown; absent when the platform is not reached by a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}
