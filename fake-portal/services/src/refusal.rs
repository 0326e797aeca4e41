//! A rule that says no.

use std::fmt;

use cns_language::{Language, Phrase};

/// Why something is not done: the state is what it was.
///
/// ```text
/// DESK-101   where     the service: DESK, PRESCRIPTION, BOOKING ...
///            which     a number that is never given to another rule
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The rule, for programs and for whoever asks for help: `DESK-101`.
    pub code: &'static str,
    /// The sentence for the one who asked.
    pub reason: Phrase,
    /// The field of the form that is to blame, if one is: `document.expires`.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// A refusal that no single field is to blame for.
    pub fn new(code: &'static str, reason: impl Into<Phrase>) -> Self {
        Self {
            code,
            reason: reason.into(),
            field: None,
        }
    }

    /// The same, with the field that is to blame.
    pub fn of_field(self, field: &'static str) -> Self {
        Self {
            field: Some(field),
            ..self
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason.in_language(Language::English);
        write!(formatter, "{}: {reason}", self.code)
    }
}

impl std::error::Error for Refusal {}
