//! What can go wrong with a call.

use std::fmt;

use crate::problem::Problem;

/// Why a call failed.
#[derive(Debug)]
pub enum Error {
    /// The platform refused the request or failed, and said why.
    Refused(Box<Problem>),
    /// No answer: the connection failed or timed out. Whether a request that writes took effect is unknown.
    Transport(ureq::Error),
    /// The answer is not provably the platform's answer to this request.
    Unauthentic {
        /// The check that failed.
        check: Box<dyn std::error::Error + Send + Sync>,
        /// What the answer claims; to find the cause, not to act on.
        claimed: Option<Box<Problem>>,
    },
    /// The answer is authentic but not in the expected form.
    Unreadable(String),
    /// The client was set up wrongly; says how.
    Setup(&'static str),
}

impl Error {
    /// The platform's problem, if it gave one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            _ => None,
        }
    }

    /// The stable code of the platform's problem.
    pub fn code(&self) -> Option<&str> {
        self.problem().map(|problem| problem.code.as_str())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(problem) => write!(f, "{problem}"),
            Self::Transport(_) => f.write_str("the platform cannot be reached"),
            Self::Unauthentic { claimed: None, .. } => {
                f.write_str("the answer is not provably the platform's")
            }
            Self::Unauthentic { claimed: Some(problem), .. } => {
                write!(f, "the answer is not provably the platform's; it claims: {problem}")
            }
            Self::Unreadable(what) => write!(f, "the answer cannot be read: {what}"),
            Self::Setup(what) => write!(f, "the client is set up wrongly: {what}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            Self::Unauthentic { check, .. } => Some(check.as_ref()),
            Self::Refused(_) | Self::Unreadable(_) | Self::Setup(_) => None,
        }
    }
}
