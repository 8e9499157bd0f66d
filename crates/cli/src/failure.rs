//! How a verb fails: one sentence, perhaps a hint, and the exit code that scripts rely on.

use sdk::Problem;
use sdk::client::Error as ClientError;
use std::fmt;
use std::process::ExitCode;

/// Exit codes; stable. 0 is success and 130 an interrupt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did not work.
    Failure = 1,
    /// It was asked wrongly: arguments, configuration or the content of a request.
    Usage = 2,
    /// What was named does not exist.
    NotFound = 3,
    /// Not signed in, or not allowed.
    Authentication = 4,
    /// The present state does not allow it.
    Conflict = 5,
    /// Some of it worked.
    Partial = 6,
}

/// Why a verb failed.
#[derive(Debug)]
pub struct Failure {
    /// What the process exits with.
    pub exit: Exit,
    /// One sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The platform's own words, if it was the platform that refused.
    pub problem: Option<Box<Problem>>,
}

impl Failure {
    /// A failure of the given kind.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None, problem: None }
    }

    /// The ordinary failure.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failure, message)
    }

    /// Asked wrongly.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What the process exits with.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(self.exit as u8)
    }

    /// The failure as one JSON object.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "error": self.message, "hint": self.hint, "exit_code": self.exit as u8, "problem": self.problem,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for field in self.problem.iter().flat_map(|problem| &problem.errors) {
            write!(f, "\n  {}: {}", field.pointer, field.message)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  {hint}")?;
        }
        Ok(())
    }
}

/// The exit code that stands for a status of the API.
fn exit_of(status: u16) -> Exit {
    match status {
        401 | 403 => Exit::Authentication,
        404 => Exit::NotFound,
        409 | 412 | 428 => Exit::Conflict,
        400 | 413 | 422 => Exit::Usage,
        _ => Exit::Failure,
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let message = error.to_string();
        match error {
            ClientError::Refused(problem) => {
                let exit = exit_of(problem.status);
                let hint = match problem.code.as_str() {
                    "staff.unauthenticated" => Some("sign in with `ykt login`".to_owned()),
                    "staff.password_change_required" => Some("replace it with `ykt password`".to_owned()),
                    "staff.role" => Some("sign in with an account whose role does this".to_owned()),
                    _ => None,
                };
                Self { exit, message, hint, problem: Some(problem) }
            }
            ClientError::Transport(source) => Self::failed(format!("{message}: {source}"))
                .hint("is the server running, and is --server its address?"),
            ClientError::Setup(_) => Self::usage(message),
            ClientError::Unauthentic { .. } | ClientError::Unreadable(_) => Self::failed(message),
        }
    }
}

impl From<server::Error> for Failure {
    fn from(error: server::Error) -> Self {
        let problem = error.problem(true, "");
        let message = error.source_for_log().unwrap_or_else(|| problem.to_string());
        Self::new(exit_of(problem.status), message)
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Self::failed(error.to_string())
    }
}

/// Says what was being done when the operating system said no.
pub trait Attempt<T> {
    /// `cannot {what}: {error}`.
    fn attempt(self, what: impl fmt::Display) -> Result<T, Failure>;
}

impl<T, E: fmt::Display> Attempt<T> for Result<T, E> {
    fn attempt(self, what: impl fmt::Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::failed(format!("cannot {what}: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_api_has_its_exit_code() {
        let codes =
            [(401, 4), (403, 4), (404, 3), (409, 5), (412, 5), (422, 2), (400, 2), (500, 1), (503, 1)];
        for (status, code) in codes {
            assert_eq!(exit_of(status) as u8, code, "{status}");
        }
    }
}
