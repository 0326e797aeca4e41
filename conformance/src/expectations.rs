//! What is known to fail on a target, and why.
//!
//! ```text
//! # one a line: a pattern of identifiers, the profile if it is about one, the reason
//! pin.verify.counts-down                  The vendor counts from 5, ticket 1234.
//! files.fci.*             [cns11-st2021]  FCI without tag 85 until firmware 2.
//! ```
//!
//! A failure that is expected does not fail the run; a pass that was expected to fail does, so that
//! the file never says what is no longer so.

use std::collections::BTreeSet;

use cns_fixtures::profiles;

use crate::selection::{Pattern, wildcard};

/// A line of an expectations file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Expectation {
    /// The line, counted from 1.
    pub line: usize,
    /// The cases that fail.
    pub pattern: Pattern,
    /// The profile that they fail on, `*` in it is any text; on all without.
    pub profile: Option<String>,
    /// Why that is known and borne.
    pub reason: String,
}

/// All of a file.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Expectations(Vec<Expectation>);

/// A line that is no expectation.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "line {line}: {fault}\nhint: a line is `pattern  [profile]  reason`, without [profile] for all of them; # begins a comment"
)]
pub struct ExpectationError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: ExpectationFault,
}

/// What is wrong with a line.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ExpectationFault {
    /// No reason.
    #[error("`{0}` has no reason, and must have one")]
    NoReason(String),
    /// A bracket that is not closed.
    #[error("`{0}` is not closed by ]")]
    OpenBracket(String),
    /// A profile that matches none.
    #[error("there is no profile `{0}`")]
    UnknownProfile(String),
}

impl Expectations {
    /// Reads a file. `more_profiles` are known besides those that are built in.
    pub fn parse(text: &str, more_profiles: &[&str]) -> Result<Self, ExpectationError> {
        let built_in = profiles();
        let known: Vec<&str> = built_in
            .iter()
            .map(|profile| profile.id.as_str())
            .chain(more_profiles.iter().copied())
            .collect();
        text.lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()))
            .filter(|(_, text)| !text.is_empty() && !text.starts_with('#'))
            .map(|(line, text)| {
                parse_line(line, text, &known).map_err(|fault| ExpectationError { line, fault })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The first line that expects this case to fail on this profile.
    pub fn find(&self, id: &str, profile: Option<&str>) -> Option<&Expectation> {
        self.0.iter().find(|expectation| {
            let meant = match (&expectation.profile, profile) {
                (None, _) => true,
                (Some(pattern), Some(profile)) => wildcard(pattern, profile),
                (Some(_), None) => false,
            };
            meant && expectation.pattern.matches(id)
        })
    }

    /// The lines that name none of these cases: mistyped, or about a case that is no more.
    pub fn unused(&self, ids: &BTreeSet<&str>) -> Vec<&Expectation> {
        self.0
            .iter()
            .filter(|expectation| !ids.iter().any(|id| expectation.pattern.matches(id)))
            .collect()
    }
}

fn parse_line(line: usize, text: &str, known: &[&str]) -> Result<Expectation, ExpectationFault> {
    let (pattern, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim_start();
    let (profile, reason) = match rest.strip_prefix('[') {
        None => (None, rest),
        Some(inside) => {
            let closed = inside.split_once(']');
            let (profile, reason) =
                closed.ok_or_else(|| ExpectationFault::OpenBracket(rest.to_owned()))?;
            let profile = profile.trim();
            if !known.iter().any(|known| wildcard(profile, known)) {
                return Err(ExpectationFault::UnknownProfile(profile.to_owned()));
            }
            (Some(profile.to_owned()), reason.trim_start())
        }
    };
    if reason.is_empty() {
        return Err(ExpectationFault::NoReason(pattern.to_owned()));
    }
    Ok(Expectation {
        line,
        pattern: Pattern::new(pattern),
        profile,
        reason: reason.to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const FILE: &str = "# known of this vendor\n\npin.verify.counts-down   Counts from 5.\n\
                        files.*  [cns11-*]  No tag 85.\n";

    #[test]
    fn a_line_is_a_pattern_a_profile_and_a_reason() {
        let file = Expectations::parse(FILE, &[]).unwrap();
        let reason = |id, profile| file.find(id, profile).map(|e| e.reason.as_str());
        assert_eq!(
            reason("pin.verify.counts-down", None),
            Some("Counts from 5.")
        );
        assert_eq!(
            reason("files.fci.size", Some("cns11-st2021")),
            Some("No tag 85.")
        );
        assert_eq!(reason("files.fci.size", Some("other")), None);
        assert_eq!(reason("files.fci.size", None), None);
        assert_eq!(reason("pin.verify.right-value", None), None);
        let unused = file.unused(&BTreeSet::from(["files.fci.size"]));
        assert_eq!(unused.iter().map(|e| e.line).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let check = |text: &str, line, fault| {
            let error = Expectations::parse(text, &["of-my-own"]).unwrap_err();
            assert_eq!(error, ExpectationError { line, fault });
        };
        check(
            "a b\npin.verify\n",
            2,
            ExpectationFault::NoReason("pin.verify".to_owned()),
        );
        check(
            "a [of-my-own]  \n",
            1,
            ExpectationFault::NoReason("a".to_owned()),
        );
        check(
            "\n\na [cns b\n",
            3,
            ExpectationFault::OpenBracket("[cns b".to_owned()),
        );
        check(
            "a [none] b",
            1,
            ExpectationFault::UnknownProfile("none".to_owned()),
        );
        assert!(Expectations::parse("a [of-my-own] b", &["of-my-own"]).is_ok());
    }
}
