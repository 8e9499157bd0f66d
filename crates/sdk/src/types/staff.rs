//! People who work for an organisation, and their sessions.

use serde::{Deserialize, Serialize};

use super::Private;
use super::delegation::StandingIn;
use super::org::OrgView;
use super::passkey::PasskeyAssertion;

/// Signs a member of staff in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateStaffSession {
    /// Login name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub login: String,
    /// Password.
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub password: Private,
    /// Six digits of the second factor, or a recovery code; `staff.code_required` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub code: Option<Private>,
    /// What a passkey of the account answered, in the place of a code; `challenge_factor` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<PasskeyAssertion>,
}

/// Asks for the second factor of an account by its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChallengeFactor {
    /// Login name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub login: String,
    /// Password.
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub password: Private,
}

/// A staff session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffSessionOpened {
    /// `st_…`, for `Authorization: Bearer`.
    pub token: Private,
    /// Who signed in.
    pub staff: StaffView,
    /// RFC 3339.
    pub expires_at: String,
    /// How the account signed in before.
    pub previous: PreviousSignIn,
}

/// How an account signed in before: whoever signs in sees whether somebody else did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviousSignIn {
    /// RFC 3339; absent when no earlier sign-in is on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<String>,
    /// The address that it came from, as long as that is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Sign-ins that failed between the two.
    pub failures: i64,
}

/// Who is signed in, where they stand and what their role may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffSessionView {
    /// The account.
    pub staff: StaffView,
    /// The organisation that the account belongs to.
    pub org: OrgView,
    /// Every operation that the role holds, such as `channel.list`; where it holds is another question.
    pub operations: Vec<String>,
    /// The time that rules go by in this world, RFC 3339.
    pub now: String,
    /// In whose place the request was made, when it named a delegation (`Ykt-Delegation`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_in: Option<StandingIn>,
}

/// A session that a browser holds in a cookie. The cookie is `HttpOnly`, `SameSite=Strict`, limited to the API of its
/// world, and `Secure` where the origin is https.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalSession {
    /// Who is signed in.
    pub staff: StaffView,
    /// To be sent as `Ykt-Csrf` with every request that is not a GET; absent for a bearer session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csrf_token: Option<Private>,
    /// RFC 3339.
    pub expires_at: String,
    /// After so many seconds without a request the session ends.
    pub idle_seconds: i64,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    /// Whether a second factor has to be enrolled before anything else is allowed.
    pub must_enrol: bool,
    /// RFC 3339; until then sensitive operations go on without another confirmation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stepped_up_until: Option<String>,
    /// How the account had signed in before; absent where that was not noted yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousSignIn>,
}

/// Confirms that the member of staff is still there: by a code, by a passkey, or by the password of an account without a
/// second factor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// Six digits, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub code: Option<Private>,
    /// What a passkey answered; `challenge_step_up` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<PasskeyAssertion>,
    /// The password, where there is no second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub password: Option<Private>,
}

/// Sensitive operations go on for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SteppedUp {
    /// RFC 3339.
    pub until: String,
}

/// A session of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedStaffSession {
    /// `sts_…`
    pub session_id: String,
    /// `bearer` or `cookie`.
    pub carrier: String,
    /// Whether it is the session of this request.
    pub is_current: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; when it was last used, to the minute.
    pub seen_at: String,
    /// RFC 3339.
    pub expires_at: String,
}

/// Sessions of an account that are in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffSessions {
    /// Oldest first.
    pub data: Vec<ListedStaffSession>,
}

/// Begins a second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginFactor {
    /// One's own password.
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub password: Private,
}

/// A second factor that was begun; it counts once its first code was shown. It is in this answer and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactorBegun {
    /// Base32, to be typed into an authenticator app.
    pub secret: Private,
    /// `otpauth://totp/…`, to be scanned by one.
    pub uri: Private,
}

/// Confirms a second factor by its first code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmFactor {
    /// Six digits.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub code: Private,
}

/// Codes that each stand in for the second factor once. They are in this answer and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Ten of them.
    pub recovery_codes: Vec<Private>,
}

/// How one's own second factor stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactorView {
    /// RFC 3339, of an authenticator app; absent while there is none. Passkeys are listed by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled_at: Option<String>,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
    /// Whether accounts of this world must have one.
    pub is_compulsory: bool,
}

/// Why somebody decides something about an account of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideOnStaff {
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// Ends sessions of an account of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndSessions {
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
    /// `sts_…`; without it every session of the account ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub session_id: Option<String>,
}

/// Replaces one's own password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeStaffPassword {
    /// The password, or the one-time secret, that signs in now.
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub current_password: Private,
    /// At least 12 characters, without the login in it.
    #[cfg_attr(feature = "openapi", schema(min_length = 12, max_length = 256))]
    pub new_password: Private,
}

/// Adds a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateStaff {
    /// `org_…` they work for.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub org_id: String,
    /// Login name, 3 to 32 lower-case letters, digits, `.`, `_` and `-`, beginning with a letter; unique.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 32))]
    pub login: String,
    /// The one role, such as `region_clerk`.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub role: String,
}

/// A new member of staff and the secret to hand over; it is shown once and must be replaced at the first sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffCreated {
    /// The account.
    pub staff: StaffView,
    /// Signs in until it is replaced.
    pub one_time_password: Private,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffView {
    /// `stf_…`
    pub staff_id: String,
    /// `org_…`
    pub org_id: String,
    /// Login name.
    pub login: String,
    /// The one role.
    pub role: String,
    /// `active` or `disabled`.
    pub state: String,
    /// Whether the one-time password has yet to be replaced; until then nothing else is allowed.
    pub must_change_password: bool,
    /// RFC 3339.
    pub created_at: String,
}

/// A member of staff in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberView {
    /// The account.
    #[serde(flatten)]
    pub staff: StaffView,
    /// Whether it has a second factor.
    pub has_factor: bool,
    /// RFC 3339; when it last signed in, absent when no sign-in is on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<String>,
}
