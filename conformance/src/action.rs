//! One thing that one client does, and what came of it.

use std::time::Duration;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::packages::{Missing, locate};
use crate::run::{Finished, RunError};
use crate::workbench::Workbench;

/// One thing that one client can do with a card. [`crate::actions`] has them all.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// The program, as it is called on the command line.
    pub client: &'static str,
    /// What it does, for people.
    pub title: &'static str,
    /// The programs and files that must be installed: names for [`locate`].
    pub needs: &'static [&'static str],
    pub(crate) run: fn(&Workbench) -> Result<Outcome, ActionError>,
}

/// What a client did, after it was judged to be right.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// For people: `logged in as MARIO BIANCHI, TLSv1.3, RSA_PSS_RSAE_SHA256`.
    pub summary: String,
    /// How long the client ran.
    pub took: Duration,
    /// How many command APDUs it sent to the card.
    pub commands: u64,
}

/// Why an action did not succeed.
#[derive(Debug, Error)]
pub enum ActionError {
    /// Something is not installed.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// A client did not come to an end.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A client ended, and says that it failed.
    #[error("{program} failed ({how}); its last words:{last_words}")]
    Failed {
        /// The program.
        program: &'static str,
        /// Its exit status.
        how: String,
        /// The end of its output, a line each.
        last_words: String,
    },
    /// A client says that all is well, and it is not.
    #[error("{program}: {what}")]
    Wrong {
        /// The program.
        program: &'static str,
        /// What was expected and what was seen.
        what: String,
    },
    /// A file for a client could not be written, or one that it wrote could not be read.
    #[error("a client's file cannot be used: {0}")]
    Io(#[from] std::io::Error),
}

/// An action that was performed.
#[derive(Debug)]
pub struct Report {
    /// What was done, and by whom.
    pub action: Action,
    /// What came of it.
    pub result: Result<Outcome, ActionError>,
}

impl Action {
    /// Resets the card, lets the client do its thing, and judges what it did.
    pub fn perform(&self, workbench: &Workbench) -> Report {
        let result = self
            .needs
            .iter()
            .try_for_each(|name| locate(name).map(drop))
            .map_err(ActionError::from)
            .and_then(|()| workbench.reset_card())
            .and_then(|()| (self.run)(workbench));
        Report {
            action: *self,
            result,
        }
    }
}

/// The JSON field names are stable: `client`, `title`, `passed`, then `summary`, `took_ms` and
/// `commands`, or `error`.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Report", 6)?;
        fields.serialize_field("client", self.action.client)?;
        fields.serialize_field("title", self.action.title)?;
        fields.serialize_field("passed", &self.result.is_ok())?;
        match &self.result {
            Ok(outcome) => {
                let milliseconds = outcome.took.as_secs_f64() * 1_000.0;
                fields.serialize_field("summary", &outcome.summary)?;
                fields.serialize_field("took_ms", &milliseconds)?;
                fields.serialize_field("commands", &outcome.commands)?;
            }
            Err(error) => fields.serialize_field("error", &error.to_string())?,
        }
        fields.end()
    }
}

impl Finished {
    /// The client itself, if it says that it succeeded.
    ///
    /// # Errors
    /// [`ActionError::Failed`] with its last words.
    pub fn succeeded(self) -> Result<Self, ActionError> {
        if self.status.success() {
            return Ok(self);
        }
        Err(ActionError::Failed {
            program: self.program,
            how: self.status.to_string(),
            last_words: self.last_words(),
        })
    }

    /// The client itself, if this is in its output.
    pub(crate) fn saying(self, text: &str) -> Result<Self, ActionError> {
        if self.text().contains(text) {
            return Ok(self);
        }
        let what = format!(
            "expected {text:?} in its output; it says:{}",
            self.last_words()
        );
        Err(self.wrong(what))
    }

    /// The client says that all is well, and it is not.
    pub(crate) fn wrong(&self, what: impl Into<String>) -> ActionError {
        ActionError::Wrong {
            program: self.program,
            what: what.into(),
        }
    }

    pub(crate) fn outcome(&self, summary: impl Into<String>) -> Outcome {
        Outcome {
            summary: summary.into(),
            took: self.took,
            commands: self.commands,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTION: Action = Action {
        client: "curl",
        title: "logs in",
        needs: &["curl"],
        run: |_| unreachable!("these tests perform nothing"),
    };

    #[test]
    fn a_report_is_json_with_stable_names() {
        let passed = Report {
            action: ACTION,
            result: Ok(Outcome {
                summary: "logged in".to_owned(),
                took: Duration::from_micros(1_500),
                commands: 80,
            }),
        };
        assert_eq!(
            serde_json::to_string(&passed).unwrap(),
            r#"{"client":"curl","title":"logs in","passed":true,"summary":"logged in","took_ms":1.5,"commands":80}"#
        );
        let failed = Report {
            action: ACTION,
            result: Err(ActionError::Wrong {
                program: "curl",
                what: "no answer".to_owned(),
            }),
        };
        assert_eq!(
            serde_json::to_string(&failed).unwrap(),
            r#"{"client":"curl","title":"logs in","passed":false,"error":"curl: no answer"}"#
        );
    }
}
