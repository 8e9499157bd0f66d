//! Wire types of the API, one file per noun.
//!
//! Ids are opaque prefixed strings, money is an integer in fen (`…_fen`), times are RFC 3339 strings with an
//! offset (`…_at`), dates are `YYYY-MM-DD` (`…_on`). Requests refuse unknown fields; views may gain fields, so a
//! client ignores what it does not know.
//!
//! Deliberately not here: validation. The server turns a request into domain types, which refuse what is wrong.

pub mod attachment;
pub mod audit;
pub mod calendar;
pub mod card;
pub mod channel;
pub mod clock;
pub mod company;
pub mod contact;
pub mod delegation;
pub mod directory;
pub mod division;
pub mod duration;
pub mod ecard;
pub mod export;
pub mod grant;
pub mod holder_session;
pub mod import;
pub mod job;
pub mod key;
pub mod key_rotation;
pub mod ledger;
pub mod matter;
pub mod monitoring;
pub mod notice;
pub mod notification;
pub mod org;
pub mod parameter;
pub mod passkey;
pub mod payee;
pub mod payment;
pub mod qr;
pub mod registration;
pub mod role;
pub mod sending;
pub mod service;
pub mod service_form;
pub mod session;
pub mod settlement;
pub mod sign_in_rule;
pub mod staff;
pub mod statistic;
pub mod team;
pub mod template;
pub mod terminal;
pub mod traffic;
pub mod usage;
pub mod webhook;

use std::fmt;

use serde::{Deserialize, Serialize};

/// One page of a list. Ask for the next one with `?cursor=<next_cursor>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in a stable order.
    pub data: Vec<T>,
    /// Whether another page follows.
    pub has_more: bool,
    /// Opaque; present when `has_more`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Text that no log may show: personal data, a token or a password. `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Private(String);

impl Private {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text; take care where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Private {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(…)")
    }
}

/// Asks for what is masked, in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// Why, at most 200 characters; it is kept with who asked and when.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// The holder's consent to one operation, made on the holder's device (see [`crate::holder`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// `hss_…`
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub holder_session_id: String,
    /// 1 to 2⁵³ − 1; rises with each proof of the session; used once.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub counter: u64,
    /// HMAC-SM3 under the session's secret, 64 lower-case hex characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 64, max_length = 64))]
    pub mac: String,
}
