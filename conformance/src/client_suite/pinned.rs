//! What clients said when somebody looked: `data/clients/*.toml`, whose README tells the format.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use cns_apdu::Sw;
use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::scenario::Scenario;
use super::seen::{Exit, Seen};
use crate::case::Finding;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/clients");

/// All that is pinned of one client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pinned {
    /// The client: [`crate::clients::Driver::client`].
    pub client: String,
    /// One for each version that was looked at.
    pub seen: Vec<PinnedVersion>,
}

/// What one version of a client said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedVersion {
    /// `curl 7.88.1, OpenSC 0.23.0`
    pub version: String,
    /// By scenario.
    pub rows: BTreeMap<String, Row>,
}

/// What came of one scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// How the client came to an end.
    pub exit: Exit,
    /// How it comes to an end when it is used again after the trouble is over.
    pub again: Option<Exit>,
    /// What its user reads, among other things.
    pub says: Vec<String>,
    /// The answers to VERIFY, in turn: `63C2`.
    pub verify: Vec<String>,
    /// How many times the key was used.
    pub signatures: usize,
    /// How many tries the card has left.
    pub tries_left: u8,
    /// What the portal saw, for a client that logs in.
    pub portal: Option<String>,
}

/// What is pinned of this client.
pub fn pinned(client: &str) -> Option<&'static Pinned> {
    static PINNED: LazyLock<Vec<Pinned>> = LazyLock::new(|| {
        FILES
            .files()
            .filter(|file| file.path().extension().is_some_and(|it| it == "toml"))
            .map(|file| {
                let text = file.contents_utf8().unwrap_or_default();
                toml::from_str(text).expect("the committed data parse, a test reads them")
            })
            .collect()
    });
    PINNED.iter().find(|it| it.client == client)
}

impl Pinned {
    /// What this version said in this scenario; of a version that nobody looked at, what the newest
    /// one said that is older and was looked at, or the oldest of all.
    pub fn row(&self, version: &str, scenario: Scenario) -> Option<(&PinnedVersion, &Row)> {
        let seen = self.nearest(version)?;
        Some((seen, seen.rows.get(scenario.id())?))
    }

    fn nearest(&self, version: &str) -> Option<&PinnedVersion> {
        let is_no_newer =
            |seen: &&PinnedVersion| version_numbers(&seen.version) <= version_numbers(version);
        let older = self.seen.iter().filter(is_no_newer);
        older
            .max_by_key(|seen| version_numbers(&seen.version))
            .or(self.seen.first())
    }
}

/// `curl 7.88.1, OpenSC 0.23.0`: 7, 88, 1, 0, 23, 0. The client's own number weighs first.
pub fn version_numbers(version: &str) -> Vec<u64> {
    let words = version.split(|letter: char| !letter.is_ascii_digit());
    words.filter_map(|word| word.parse().ok()).collect()
}

impl Row {
    /// What differs.
    pub(crate) fn judge(&self, seen: &Seen) -> Result<(), Finding> {
        let missing = self
            .says
            .iter()
            .find(|phrase| !seen.attempt.text.contains(*phrase));
        let verify: Vec<String> = seen.verify.iter().map(hexadecimal).collect();
        let agrees = missing.is_none()
            && self.exit == seen.attempt.exit
            && self.again == seen.again
            && self.verify == verify
            && self.signatures == seen.signatures
            && seen.tries_left.is_none_or(|left| left == self.tries_left)
            && self.portal.as_deref() == seen.portal;
        if agrees {
            return Ok(());
        }
        Err(Finding {
            expected: self.to_string(),
            seen: seen.to_string(),
            exchange: None,
        })
    }
}

/// As the file has it, so that it can be compared with what was seen.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            exit,
            again,
            says,
            verify,
            signatures,
            tries_left,
            portal,
        } = self;
        writeln!(f, "exit = {exit}")?;
        if let Some(again) = again {
            writeln!(f, "again = {again}")?;
        }
        writeln!(f, "says = {says:?}\nverify = {verify:?}")?;
        write!(f, "signatures = {signatures}\ntries_left = {tries_left}")?;
        match portal {
            Some(portal) => write!(f, "\nportal = {portal:?}"),
            None => Ok(()),
        }
    }
}

/// How much of what a client says is shown.
const TEXT_MAX: usize = 2_000;

/// The same shape, with the end of the text below it.
impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verify: Vec<String> = self.verify.iter().map(hexadecimal).collect();
        writeln!(f, "exit = {}", self.attempt.exit)?;
        if let Some(again) = self.again {
            writeln!(f, "again = {again}")?;
        }
        writeln!(f, "verify = {verify:?}\nsignatures = {}", self.signatures)?;
        if let Some(left) = self.tries_left {
            writeln!(f, "tries_left = {left}")?;
        }
        if let Some(portal) = self.portal {
            writeln!(f, "portal = {portal:?}")?;
        }
        write!(f, "# it says:")?;
        let text: Vec<char> = self.attempt.text.chars().collect();
        let text: String = text
            .iter()
            .skip(text.len().saturating_sub(TEXT_MAX))
            .collect();
        text.lines().try_for_each(|line| write!(f, "\n# {line}"))
    }
}

fn hexadecimal(sw: &Sw) -> String {
    sw.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_nobody_looked_at_is_judged_by_the_nearest_older_one() {
        let seen = |version: &str| PinnedVersion {
            version: version.to_owned(),
            rows: BTreeMap::new(),
        };
        let pinned = Pinned {
            client: "browser".to_owned(),
            seen: vec![seen("browser 140.10.2"), seen("browser 153.7.0")],
        };
        for (version, expected) in [
            ("browser 140.10.2", "browser 140.10.2"),
            ("browser 140.11.0", "browser 140.10.2"),
            ("browser 153.7.0", "browser 153.7.0"),
            ("browser 160.1.0", "browser 153.7.0"),
            ("browser 115.0.1", "browser 140.10.2"),
        ] {
            let nearest = pinned.nearest(version).map(|seen| seen.version.as_str());
            assert_eq!(nearest, Some(expected), "{version}");
        }
    }
}
