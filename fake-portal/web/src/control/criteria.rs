//! What testers look for among the connections of the journal.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::near_miss::{self, Difference, NearMiss, difference, not_after, not_before, text};
use crate::fault::CheckName;
use crate::journal::JournalEntry;
use crate::report::Instant;

/// What a connection must be: all that is said. What is not said does not matter.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Criteria {
    /// The codice fiscale in the certificate's common name, right or wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    codice_fiscale: Option<String>,
    /// The number of the card there.
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<String>,
    /// The serial number of the certificate in hexadecimal, two digits a byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    /// The name that the client asked for (SNI).
    #[serde(skip_serializing_if = "Option::is_none")]
    server_name: Option<String>,
    /// The portal's profile that it met.
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    /// `TLSv1.2` or `TLSv1.3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeName>,
    /// A check that kept it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_check: Option<CheckName>,
    /// The alert that the portal sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    alert: Option<String>,
    /// The path of a request on it, of the first hundred.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// Not made before this instant, by the portal's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Instant>,
    /// Not made after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum OutcomeName {
    LoggedIn,
    NoCertificate,
    Refused,
    HandshakeFailed,
    Mistrusted,
}

impl Criteria {
    /// Whether a connection is what is looked for.
    pub(super) fn hold(&self, entry: &JournalEntry) -> bool {
        self.differences(entry).is_empty()
    }

    /// Those that are not it and come nearest, the nearest first; of equals, the newest.
    pub(super) fn near_misses<'a>(
        &self,
        entries: impl Iterator<Item = &'a JournalEntry>,
    ) -> Vec<NearMiss> {
        near_miss::nearest(entries.map(|entry| NearMiss {
            connection: entry.connection,
            request: None,
            differences: self.differences(entry),
        }))
    }

    /// What is otherwise in a connection.
    fn differences(&self, entry: &JournalEntry) -> Vec<Difference> {
        let holder = entry.holder.as_ref();
        let handshake = &entry.handshake;
        [
            text(
                "codice_fiscale",
                &self.codice_fiscale,
                holder.and_then(|it| it.codice_fiscale.as_deref()),
            ),
            text("card", &self.card, holder.and_then(|it| it.card.as_deref())),
            text(
                "serial",
                &self.serial,
                holder.and_then(|it| it.serial.as_deref()),
            ),
            text(
                "server_name",
                &self.server_name,
                handshake.server_name.as_deref(),
            ),
            text("profile", &self.profile, Some(handshake.profile)),
            text("version", &self.version, handshake.version.as_deref()),
            text("alert", &self.alert, handshake.alert_sent.as_deref()),
            self.outcome.and_then(|wanted| {
                let seen = Some(entry.outcome.to_owned());
                (wanted.word() != entry.outcome).then(|| difference("outcome", wanted.word(), seen))
            }),
            self.failing_check.and_then(|wanted| {
                let id = wanted.check().id;
                (!entry.failed_checks.contains(&id))
                    .then(|| difference("failing_check", id, Some(entry.failed_checks.join(", "))))
            }),
            self.path.as_ref().and_then(|wanted| {
                let is_asked_for = entry.requests.iter().any(|it| it.path == *wanted);
                (!is_asked_for).then(|| difference("path", wanted, Some(entry.paths())))
            }),
            not_before("since", self.since, entry.time),
            not_after("until", self.until, entry.time),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl OutcomeName {
    fn word(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged_in",
            Self::NoCertificate => "no_certificate",
            Self::Refused => "refused",
            Self::HandshakeFailed => "handshake_failed",
            Self::Mistrusted => "mistrusted",
        }
    }
}

impl JournalEntry {
    fn paths(&self) -> String {
        let paths: Vec<&str> = self.requests.iter().map(|it| it.path.as_str()).collect();
        paths.join(", ")
    }
}
