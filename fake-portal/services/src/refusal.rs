//! A rule that says no.

use std::fmt;

use cns_language::{Language, Phrase};

use crate::rule::{Answer, Rule};

/// Why something is not done: the state is what it was. Only a [`Rule`] makes one.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The rule, for programs and for whoever asks for help: `DESK-101`.
    pub code: &'static str,
    /// What kind of no it is.
    pub answer: Answer,
    /// The sentence for the one who asked.
    pub reason: Phrase,
    /// The field of the form that is to blame, if one is: `document.expires`.
    pub field: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(rule: Rule, reason: Phrase) -> Self {
        Self {
            code: rule.code,
            answer: rule.answer,
            reason,
            field: rule.field,
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
