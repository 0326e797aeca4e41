//! What was done, by whom, why and when, in an order that nobody can change unseen.
//!
//! An exported line has an entry and the SHA-256 of the entry's bytes as they stand; each entry has the
//! hash of the one before it. The head, which is the count and the last hash, is kept apart: without it, a log
//! that was cut short is a good log.
//!
//! ```text
//! {"hash":"5c1e…","entry":{"number":0,"previous":"0000…","at":"2026-11-23T09:00:00Z","role":"operator", …}}
//! {"hash":"a07b…","entry":{"number":1,"previous":"5c1e…", …}}
//! ```

mod verify;

use cns_authority::CardNumber;
use ring::digest;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::refusal::Refusal;
use crate::role::Role;

pub use verify::{AuditFault, read_chain, verify};

/// The hash that the first entry has before it.
const BEFORE_THE_FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An append-only log: there is no function that changes or removes an entry.
#[derive(Clone, Debug)]
pub struct AuditLog {
    entries: Vec<AuditEntry>,
    lines: String,
    head: AuditHead,
}

/// How far a log goes, to be kept in another place than the log.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AuditHead {
    /// How many entries there are.
    pub entries: u64,
    /// The hash of the last one, or 64 zeros.
    pub hash: String,
}

/// Something that was done or refused.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    /// Counted from 0.
    pub number: u64,
    /// The hash of the entry before, in hexadecimal.
    pub previous: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who: the role.
    pub role: String,
    /// Who: the person, by codice fiscale.
    pub who: Option<String>,
    /// What: `suspend`.
    pub what: String,
    /// Of which card.
    pub card: Option<String>,
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// Why: the cause, the papers, for whom.
    pub why: String,
}

/// What an entry is made of, but for its outcome and its place.
#[derive(Clone, Debug)]
pub(crate) struct Matter {
    pub(crate) at: OffsetDateTime,
    pub(crate) who: Role,
    pub(crate) what: &'static str,
    pub(crate) card: Option<CardNumber>,
    pub(crate) why: String,
}

impl Default for AuditLog {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            lines: String::new(),
            head: AuditHead {
                entries: 0,
                hash: BEFORE_THE_FIRST.to_owned(),
            },
        }
    }
}

impl AuditLog {
    /// All entries, oldest first.
    pub fn entries(&self) -> &[AuditEntry] {
        &self.entries
    }

    /// The log as JSON lines, each ended by a line feed.
    pub fn export(&self) -> &str {
        &self.lines
    }

    /// How far it goes.
    pub fn head(&self) -> &AuditHead {
        &self.head
    }

    /// A log of these entries, which must follow each other up to the head.
    pub(crate) fn of_entries(
        entries: Vec<AuditEntry>,
        head: &AuditHead,
    ) -> Result<Self, AuditFault> {
        let mut log = Self::default();
        for entry in entries {
            let number = log.head.entries;
            if entry.number != number || entry.previous != log.head.hash {
                return Err(AuditFault::OutOfPlace { number });
            }
            log.push(entry);
        }
        if log.head == *head {
            return Ok(log);
        }
        Err(AuditFault::OtherHead {
            found: log.head.entries,
            expected: head.entries,
        })
    }

    pub(crate) fn append(&mut self, matter: Matter, refused: Option<&Refusal>) {
        self.push(AuditEntry {
            number: self.head.entries,
            previous: self.head.hash.clone(),
            at: matter.at,
            role: matter.who.name().to_owned(),
            who: matter.who.codice_fiscale().map(|person| person.to_string()),
            what: matter.what.to_owned(),
            card: matter.card.map(|card| card.to_string()),
            outcome: refused.map_or("done", |refusal| refusal.code).to_owned(),
            why: matter.why,
        });
    }

    fn push(&mut self, entry: AuditEntry) {
        let body = serde_json::to_string(&entry).expect("text and numbers can be written as JSON");
        self.head = AuditHead {
            entries: entry.number + 1,
            hash: hash(body.as_bytes()),
        };
        let line = format!(
            "{}{}{}{body}{}\n",
            verify::OPENING,
            self.head.hash,
            verify::MIDDLE,
            verify::CLOSING
        );
        self.lines.push_str(&line);
        self.entries.push(entry);
    }
}

/// SHA-256 in lower-case hexadecimal.
fn hash(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
