//! How a task ends when it does not end well.

use std::fmt::Display;

/// Why a verb stopped. The kind decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// The command line names no verb: exit code 2 and the usage.
    Usage,
    /// The task could not do its work: exit code 1 and this message.
    Task(String),
    /// The task has said everything already; only the exit code is left.
    Reported(u8),
}

impl Failure {
    /// A failure with its message.
    pub fn task(message: impl Into<String>) -> Self {
        Self::Task(message.into())
    }
}

/// Says what was being attempted when an error came from below.
pub trait Attempt<T> {
    /// Turns the error into `cannot <what>: <error>`.
    fn attempt(self, what: impl Display) -> Result<T, Failure>;
}

impl<T, E: Display> Attempt<T> for Result<T, E> {
    fn attempt(self, what: impl Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::Task(format!("cannot {what}: {error}")))
    }
}
