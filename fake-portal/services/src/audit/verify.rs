//! Whether a log is the one that was written.

use thiserror::Error;

use super::{AuditEntry, AuditHead, BEFORE_THE_FIRST, hash};

pub(super) const OPENING: &str = r#"{"hash":""#;
pub(super) const MIDDLE: &str = r#"","entry":"#;
pub(super) const CLOSING: &str = "}";

/// The first entry of a log that is not as it was written. Entries are counted from 0.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum AuditFault {
    /// The line is not what an export has.
    #[error(
        "entry {number} of the audit log cannot be read: its line was changed\nhint: compare it with another copy"
    )]
    Unreadable {
        /// The first broken entry.
        number: u64,
    },
    /// The hash is not that of the bytes.
    #[error(
        "entry {number} of the audit log was changed: its hash is another\nhint: compare it with another copy"
    )]
    Changed {
        /// The first broken entry.
        number: u64,
    },
    /// It does not follow the one before it, which somebody may have forged with its hash.
    #[error(
        "entry {number} of the audit log does not follow the one before it: something was removed, added or moved\nhint: compare it with another copy"
    )]
    OutOfPlace {
        /// The first broken entry.
        number: u64,
    },
    /// The log is good as far as it goes, which is not where it ended.
    #[error(
        "the audit log ends with {found} entries, and its head was taken after {expected}\nhint: the log was cut short or written anew, or the head is of another log"
    )]
    OtherHead {
        /// How many entries there are.
        found: u64,
        /// How many there should be.
        expected: u64,
    },
}

/// Reads a whole log, as [`super::AuditLog::export`] wrote it, and holds it against the head.
///
/// # Errors
/// The first entry that is not as it was written.
pub fn verify(log: &[u8], head: &AuditHead) -> Result<Vec<AuditEntry>, AuditFault> {
    let (entries, found) = read_chain(log)?;
    if found != *head {
        return Err(AuditFault::OtherHead {
            found: found.entries,
            expected: head.entries,
        });
    }
    Ok(entries)
}

/// Reads a log of which nobody knows where it should end, as far as it goes, and tells how far that is.
///
/// # Errors
/// The first entry that is not as it was written.
pub fn read_chain(log: &[u8]) -> Result<(Vec<AuditEntry>, AuditHead), AuditFault> {
    let mut entries = Vec::new();
    let mut previous = BEFORE_THE_FIRST.to_owned();
    let mut rest = log;
    while !rest.is_empty() {
        let number = entries.len() as u64;
        let (line, after) = next_line(rest).ok_or(AuditFault::Unreadable { number })?;
        let (entry, hash) = read(line, number)?;
        if entry.number != number || entry.previous != previous {
            return Err(AuditFault::OutOfPlace { number });
        }
        entries.push(entry);
        previous = hash;
        rest = after;
    }
    let head = AuditHead {
        entries: entries.len() as u64,
        hash: previous,
    };
    Ok((entries, head))
}

fn read(line: &str, number: u64) -> Result<(AuditEntry, String), AuditFault> {
    let unreadable = AuditFault::Unreadable { number };
    let (stated, body) = line
        .strip_prefix(OPENING)
        .and_then(|line| line.strip_suffix(CLOSING))
        .and_then(|line| line.split_once(MIDDLE))
        .ok_or(unreadable.clone())?;
    if hash(body.as_bytes()) != stated {
        return Err(AuditFault::Changed { number });
    }
    let entry = serde_json::from_str(body).map_err(|_| unreadable)?;
    Ok((entry, stated.to_owned()))
}

fn next_line(log: &[u8]) -> Option<(&str, &[u8])> {
    let end = log.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = log.split_at_checked(end)?;
    let (_, rest) = rest.split_first()?;
    Some((std::str::from_utf8(line).ok()?, rest))
}
