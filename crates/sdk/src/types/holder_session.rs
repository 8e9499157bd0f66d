//! The holder's session: what proves that the holder, not only the channel's server, wants an operation.

use serde::{Deserialize, Serialize};

use super::{Private, ecard::RealPerson};

/// Opens a holder session for a binding on a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenHolderSession {
    /// `bnd_…`
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub binding_id: String,
    /// SM2 public key of the holder's device, SEC1, hex.
    #[cfg_attr(feature = "openapi", schema(max_length = 130))]
    pub device_key: String,
    /// What shows that the holder is present.
    pub factor: HolderFactor,
}

/// What opens a holder session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HolderFactor {
    /// The 6-digit password.
    Password(PasswordFactor),
    /// A fresh real-person check.
    RealPerson(RealPerson),
}

/// The password, sealed on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordFactor {
    /// Context `open_holder_session`, target the binding, bound to the device key.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password_envelope: String,
}

/// A holder session that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HolderSessionOpened {
    /// `hss_…`
    pub id: String,
    /// The 32-byte secret, SM2-encrypted (C1‖C3‖C2) to the device key, hex: pass it on unopened.
    pub secret_envelope: Private,
    /// 1 lets the holder show codes and give grants, 2 also pay.
    pub level: u8,
    /// RFC 3339.
    pub expires_at: String,
}
