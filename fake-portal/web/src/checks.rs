//! The checks that a login must pass, each with the words that explain it.
//!
//! One file a family, and here the one table of all. A check is data and a function of the evidence;
//! each is asked, whatever the others say, so that one login shows every fault.

mod certificate;
mod chain;
mod handshake;
mod key;
mod name;
mod personal_data;
mod policy;
mod revocation;
mod trusted_list;
mod usage;

use crate::alert::Alert;
use crate::certificate::CertificateFacts;
use crate::evidence::Evidence;
use cns_language::{Phrase, Text, text};

pub(crate) use name::common_name;

/// A check. Its identifier never changes, for tests and logs to rely on.
#[derive(Debug)]
pub struct Check {
    /// The identifier, family first.
    pub id: &'static str,
    /// Whether a login depends on it.
    pub level: Level,
    /// What is required.
    pub rule: Text,
    /// Where that is written.
    pub source: &'static str,
    /// What the visitor, or the portal's operator, can do about it.
    pub remedy: Text,
    /// The alert with which a strict portal says it.
    pub alert: &'static Alert,
    /// Who decides.
    pub judge: Judge,
}

/// Whether a login depends on a check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Level {
    /// Who fails it is not logged in.
    Required,
    /// Who fails it is warned.
    Advised,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug)]
pub enum Judge {
    /// The connection, with a certificate or without.
    Connection(fn(&Evidence<'_>) -> Finding),
    /// A certificate that can be read.
    Certificate(fn(&CertificateFacts, &Evidence<'_>) -> Finding),
}

/// What a check has found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// The answer.
    pub status: Status,
    /// What was seen.
    pub seen: Phrase,
}

/// The answer of a check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// The check has no object here.
    NotApplicable,
    /// What would decide it is not there.
    CouldNotTell,
}

impl Status {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not_applicable",
            Self::CouldNotTell => "could_not_tell",
        }
    }
}

impl Level {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Advised => "advised",
        }
    }
}

/// All checks, in the order of the report. The first that fails decides the alert of a strict portal,
/// so those that say more come before those that say less.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [
        handshake::CHECKS,
        certificate::CHECKS,
        chain::CHECKS,
        trusted_list::CHECKS,
        revocation::CHECKS,
        key::CHECKS,
        usage::CHECKS,
        policy::CHECKS,
        name::CHECKS,
        personal_data::CHECKS,
    ]
    .into_iter()
    .flatten()
}

impl Check {
    pub(crate) fn find(&self, evidence: &Evidence<'_>) -> Finding {
        match (self.judge, evidence.presented.map(|it| &it.facts)) {
            (Judge::Connection(judge), _) => judge(evidence),
            (Judge::Certificate(judge), Some(Ok(facts))) => judge(facts, evidence),
            (Judge::Certificate(_), Some(Err(_))) => unknown(UNREADABLE),
            (Judge::Certificate(_), None) => not_applicable(NO_CERTIFICATE),
        }
    }

    /// The part of the identifier before the first dot.
    pub fn family(&self) -> &'static str {
        self.id
            .split_once('.')
            .map_or(self.id, |(family, _)| family)
    }
}

const UNREADABLE: Text = text(
    "il certificato non si legge",
    "the certificate cannot be read",
    "das Zertifikat ist nicht lesbar",
);
const NO_CERTIFICATE: Text = text(
    "non è arrivato alcun certificato",
    "no certificate came",
    "es kam kein Zertifikat",
);

/// What a check finds that a tester ordered to fail.
pub(crate) fn ordered_failure() -> Finding {
    fail(ORDERED)
}

const ORDERED: Text = text(
    "chi collauda ha ordinato questo esito",
    "whoever tests ordered this",
    "so hat es bestellt, wer hier testet",
);

fn pass(seen: impl Into<Phrase>) -> Finding {
    found(Status::Pass, seen)
}

fn fail(seen: impl Into<Phrase>) -> Finding {
    found(Status::Fail, seen)
}

fn not_applicable(seen: impl Into<Phrase>) -> Finding {
    found(Status::NotApplicable, seen)
}

fn unknown(seen: impl Into<Phrase>) -> Finding {
    found(Status::CouldNotTell, seen)
}

fn found(status: Status, seen: impl Into<Phrase>) -> Finding {
    let seen = seen.into();
    Finding { status, seen }
}

/// `seen` fails unless `holds`.
fn holds(holds: bool, seen: impl Into<Phrase>) -> Finding {
    let status = if holds { Status::Pass } else { Status::Fail };
    found(status, seen)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use cns_language::Language;

    #[test]
    fn identifiers_are_unique_and_of_their_family() {
        let ids: Vec<&str> = all().map(|check| check.id).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len());
        assert!(ids.iter().all(|id| {
            id.chars()
                .all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '_' | '.'))
        }));
    }

    /// The types see to it that no language is forgotten; this, that none was left empty or copied.
    #[test]
    fn every_language_says_something_of_its_own() {
        for check in all() {
            for text in [check.rule, check.remedy] {
                let words = Language::ALL.map(|language| text.in_language(language));
                let unique: BTreeSet<&str> = words.into_iter().collect();
                assert_eq!(unique.len(), 3, "{}: {words:?}", check.id);
                assert!(
                    unique.iter().all(|it| it.ends_with('.')),
                    "{}: {words:?}",
                    check.id
                );
            }
        }
    }
}
