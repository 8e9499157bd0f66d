//! The dynamic code: shown once, scanned once, good for at most a minute.

use serde::{Deserialize, Serialize};

use super::Proof;

/// Issues a code for the holder to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateCode {
    /// Operation `create_code` on the binding.
    pub proof: Proof,
}

/// A code to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeCreated {
    /// Opaque, in the QR alphanumeric alphabet.
    pub code: String,
    /// RFC 3339. Show another one after that; never show one twice.
    pub expires_at: String,
    /// How to draw it.
    pub qr: Qr,
}

/// How the code is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Qr {
    /// QR version, 1 to 40.
    pub version: u8,
    /// Error-correction level: `L`, `M`, `Q` or `H`.
    pub level: String,
    /// The picture, black on white, when `?svg=true` was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
}

/// What a code is verified for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To know who it is.
    Identity,
    /// To take one payment.
    Pay,
    /// To use one service of the catalogue.
    Service,
}

/// Spends a code. The same `request_id` and code answer again what was answered; anything else is a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyCode {
    /// As scanned.
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub code: String,
    /// What for.
    pub purpose: Purpose,
    /// Code of the service; required for the purpose `service`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Where the use takes place, 6 digits; by default the terminal's place or the channel's only region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// `org_…` that will be paid; required for the purpose `pay`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_id: Option<String>,
    /// Caller's own id of this scan, 1 to 64 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub request_id: String,
}

/// Who showed the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeVerified {
    /// Id of the recorded use: quote it as evidence.
    pub use_id: String,
    /// RFC 3339.
    pub verified_at: String,
    /// Stable for the person and the channel, or the organisation behind a terminal; no two of them can join theirs.
    pub pseudonym: String,
    /// 1 proves identity, 2 also pays.
    pub sign_level: u8,
    /// Issuing division of the card, 6 digits.
    pub division: String,
    /// As much of the person as the service is open for.
    pub holder: HolderView,
    /// For the purpose `pay`: spend it in one payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_handle: Option<String>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle_expires_at: Option<String>,
    /// This is the recorded answer to an earlier, equal request.
    pub replayed: bool,
}

/// The person, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HolderView {
    /// Such as `张*三`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_masked: Option<String>,
    /// Such as `1101**********0018`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number_masked: Option<String>,
}
