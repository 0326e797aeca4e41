//! Why a command ended early: for a person on stderr, for a script as the exit code.

use std::fmt;

/// The exit code when a step ran and did not pass.
pub(crate) const NOT_PASSED: u8 = 1;

/// The exit code when nothing could be judged: a wrong command line, a missing package.
pub(crate) const COULD_NOT_RUN: u8 = 2;

#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Failure {
    pub(crate) code: u8,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn could_not_run(message: impl Into<String>) -> Self {
        Self {
            code: COULD_NOT_RUN,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

/// The message, then the hint on a line of its own, so that it can be copied.
impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => writeln!(formatter, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}
