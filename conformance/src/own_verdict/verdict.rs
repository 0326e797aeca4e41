//! The verdict of our own portal on one animal, and whether it is the right one.

use std::fmt;

use cns_authority::zoo::Verdict;
use cns_portal::JournalEntry;
use cns_portal::checks::{Level, Status};

/// What the portal makes of one animal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnVerdict {
    /// `logged_in`, `refused`, `handshake_failed`, or `does_not_start`.
    pub outcome: &'static str,
    /// The checks that did not pass and that have an object, in the order of the table.
    pub findings: Vec<OwnFinding>,
    /// Why it does not start.
    pub complaint: Option<String>,
}

/// A check that did not pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct OwnFinding {
    /// Its identifier.
    pub check: &'static str,
    /// Whether it keeps the client out, or would.
    pub level: Level,
    /// What it said.
    pub status: Status,
}

impl OwnVerdict {
    pub(super) fn does_not_start(complaint: String) -> Self {
        Self {
            outcome: "does_not_start",
            findings: Vec::new(),
            complaint: Some(complaint),
        }
    }

    pub(super) fn of(entry: &JournalEntry) -> Self {
        let results = entry.judgement.iter().flat_map(|it| &it.results);
        let remarkable =
            results.filter(|it| matches!(it.finding.status, Status::Fail | Status::CouldNotTell));
        Self {
            outcome: entry.outcome,
            findings: remarkable
                .map(|it| OwnFinding {
                    check: it.check.id,
                    level: it.check.level,
                    status: it.finding.status,
                })
                .collect(),
            complaint: None,
        }
    }

    /// Whether nobody is logged in.
    pub fn keeps_out(&self) -> bool {
        self.outcome != "logged_in"
    }

    /// Whether it is what a portal must do, for the reason for which it must. Who does not start does not
    /// let anybody in, and has told its operator why.
    pub fn is_what_a_portal_must_do(&self, must: Verdict) -> bool {
        // That a chain is to be trusted is what all other checks of chains amount to.
        let names = |check: &str| {
            let is_named =
                |it: &str| it == check || check == "chain.trusted" && it.starts_with("chain.");
            self.findings.iter().any(|it| is_named(it.check))
        };
        let does_not_start = self.complaint.is_some();
        match must {
            Verdict::Accept => !self.keeps_out(),
            Verdict::Refuse(check) => self.keeps_out() && (does_not_start || names(check)),
            Verdict::SoftFail(check) => does_not_start || names(check),
        }
    }
}

impl OwnFinding {
    /// What its checks are listed after.
    fn kind(&self) -> &'static str {
        match (self.status, self.level) {
            (Status::Fail, Level::Required) => "",
            (Status::Fail, Level::Advised) => "warned",
            (Status::CouldNotTell | Status::Pass | Status::NotApplicable, _) => "could not tell",
        }
    }
}

/// `refused: cert.time; warned: subject.ou; could not tell: rev.crl`
impl fmt::Display for OwnVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.outcome)?;
        if let Some(complaint) = &self.complaint {
            // Its hint is for who sets the portal up.
            write!(f, ": {}", complaint.lines().next().unwrap_or_default())?;
        }
        for kind in ["", "warned", "could not tell"] {
            let of_kind = self.findings.iter().filter(|it| it.kind() == kind);
            let checks: Vec<&str> = of_kind.map(|it| it.check).collect();
            match (kind, checks.is_empty()) {
                (_, true) => {}
                ("", false) => write!(f, ": {}", checks.join(", "))?,
                (kind, false) => write!(f, "; {kind}: {}", checks.join(", "))?,
            }
        }
        Ok(())
    }
}
