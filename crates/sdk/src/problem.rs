//! The one error shape of the API: RFC 9457 `application/problem+json` with the platform's extensions.
//!
//! Invariant: `code` is stable and documented; `title` and `detail` are for people and may change.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Media type of a [`Problem`].
pub const CONTENT_TYPE: &str = "application/problem+json";

/// Why a request was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI that documents this kind of problem.
    #[serde(rename = "type", default = "about_blank")]
    pub kind: String,
    /// One line for people, in the language asked for by `Accept-Language`.
    #[serde(default)]
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// What exactly is wrong this time; for a refusal by a clause, the words of that clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Stable machine-readable code, `noun.reason`.
    pub code: String,
    /// The clause of the regulation that the refusal rests on, such as `CH-23.1b`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Every field that is wrong, when the problem is the shape of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Identifies this request in the platform's logs; quote it in a ticket.
    #[serde(default)]
    pub request_id: String,
    /// Whether the same request may succeed later, unchanged.
    #[serde(default)]
    pub retryable: bool,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request body, or `?name` for a query parameter.
    pub pointer: String,
    /// Stable machine-readable code.
    pub code: String,
    /// For people.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.title)?;
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        if let Some(clause) = &self.clause {
            write!(f, " [{clause}]")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

fn about_blank() -> String {
    "about:blank".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_survives_the_wire_and_omits_what_is_absent() {
        let problem = Problem {
            kind: "https://example.org/errors/code.replayed".into(),
            title: "此码已使用".into(),
            status: 409,
            detail: None,
            code: "code.replayed".into(),
            clause: Some("ND-2.4b".into()),
            errors: vec![],
            request_id: "req-1".into(),
            retryable: false,
        };
        let json = serde_json::to_string(&problem).unwrap();
        assert!(!json.contains("\"detail\"") && !json.contains("\"errors\""));
        assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem);
        assert_eq!(problem.to_string(), "409 code.replayed: 此码已使用 [ND-2.4b]");
    }

    #[test]
    fn a_minimal_problem_of_a_proxy_with_our_code_still_reads() {
        let problem: Problem = serde_json::from_str(r#"{"status":503,"code":"platform.busy"}"#).unwrap();
        assert_eq!(problem.kind, "about:blank");
    }
}
