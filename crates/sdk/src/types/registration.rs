//! Companies that ask for an organisation and its first account, without having one.

use super::Private;
use super::channel::ChannelClass;
use serde::{Deserialize, Serialize};

/// Where a registration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RegistrationState {
    /// Waits for the system administrator.
    Waiting,
    /// Waits for the security administrator, who opens the account.
    Confirmed,
    /// Refused, with a reason.
    Declined,
    /// The organisation and its first account are there.
    Opened,
    /// Nobody answered in time.
    Lapsed,
}

/// Who can be reached at a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegistrationContact {
    /// Name.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub name: Private,
    /// Mobile number of the mainland.
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub phone: Private,
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: Private,
}

/// Files a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FileRegistration {
    /// Full name, at most 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// 统一社会信用代码.
    #[cfg_attr(feature = "openapi", schema(min_length = 18, max_length = 18))]
    pub uscc: String,
    /// Where it is registered, 6 digits.
    #[cfg_attr(feature = "openapi", schema(min_length = 6, max_length = 6))]
    pub division: String,
    /// 法定代表人, at most 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub legal_representative: String,
    /// 成立日期, not after today.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 10))]
    pub registered_on: String,
    /// The class that it takes its channels to be of; the application decides.
    pub class: ChannelClass,
    /// Who can be reached.
    pub contact: RegistrationContact,
    /// What its channels do for the public, at most 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub words: String,
}

/// What whoever filed a registration gets, whatever is known of the company: the way to ask how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationFiled {
    /// `reg_…`
    pub registration_id: String,
    /// Shows that it is one's own; in this answer and nowhere else.
    pub receipt: Private,
    /// Without an answer it lapses then, RFC 3339.
    pub lapses_at: String,
}

/// Shows that a registration is one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckRegistration {
    /// As it was given when the registration was filed.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub receipt: Private,
}

/// How one's own registration stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationStatus {
    /// Where it stands.
    pub state: RegistrationState,
    /// Why it was declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// RFC 3339.
    pub filed_at: String,
    /// RFC 3339.
    pub changed_at: String,
    /// Without an answer it lapses then, RFC 3339.
    pub lapses_at: String,
}

/// A registration as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationView {
    /// `reg_…`
    pub registration_id: String,
    /// Where it stands.
    pub state: RegistrationState,
    /// The company's full name.
    pub name: String,
    /// 18 characters.
    pub uscc: String,
    /// 6 digits.
    pub division: String,
    /// The class that it takes its channels to be of.
    pub class: ChannelClass,
    /// 法定代表人; absent of one that was filed before it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<String>,
    /// 成立日期; absent of one that was filed before it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_on: Option<String>,
    /// Whole years since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_years: Option<i32>,
    /// From when on it is old enough for a channel of class 社会.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_enough_on: Option<String>,
    /// Who can be reached; in clear where it is revealed, masked everywhere else.
    pub contact: RegistrationContact,
    /// What its channels do for the public; where the contact is revealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The organisation that has this credit code already, or that came of the registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_name: Option<String>,
    /// Why it was declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// RFC 3339.
    pub filed_at: String,
    /// RFC 3339.
    pub changed_at: String,
    /// Without an answer it lapses then, RFC 3339.
    pub lapses_at: String,
    /// For `If-Match`.
    pub version: i64,
}

/// Declines a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclineRegistration {
    /// Why, at most 200 characters; whoever filed it reads it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// Opens a confirmed registration's organisation with its first account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenRegistration {
    /// Sign-in name of the account.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 32))]
    pub login: String,
}
