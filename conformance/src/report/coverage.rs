//! Which clauses of which documents are judged, by how many cases, and which are known not to be.
//!
//! What cases cite is what they judge: nothing is said about a clause that nobody cites, unless it
//! stands in `data/gaps.toml` with the reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::model::{ResultEntry, RunReport, Standing};
use super::text::counted;
use crate::evidence::Document;
use crate::suites::all_facts;

/// What is judged and what is known not to be, document by document.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Coverage {
    /// In the order of [`Document`].
    pub documents: Vec<DocumentCoverage>,
}

/// What of a document is judged.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct DocumentCoverage {
    /// The document.
    pub document: String,
    /// The clauses that cases cite, in the order of their names.
    pub clauses: Vec<ClauseCoverage>,
    /// What is known not to be judged.
    pub gaps: Vec<&'static Gap>,
}

/// The cases that cite a clause.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ClauseCoverage {
    /// The clause.
    pub clause: String,
    /// The cases, in the order of their names.
    pub cases: Vec<CaseCoverage>,
}

/// A case that cites a clause.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct CaseCoverage {
    /// The case.
    pub id: String,
    /// How it stands in the run, over all its targets and profiles: the worst of them, and skipped
    /// only if it was skipped everywhere. Null without a run.
    pub standing: Option<Standing>,
}

/// Something that the suite is known not to judge.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The document.
    pub document: Document,
    /// The clause of it.
    pub clause: String,
    /// What of it is not judged.
    pub unjudged: String,
    /// Why.
    pub why: String,
}

/// The committed gaps.
pub fn gaps() -> &'static [Gap] {
    #[derive(Deserialize)]
    struct File {
        gap: Vec<Gap>,
    }
    static GAPS: LazyLock<Vec<Gap>> = LazyLock::new(|| {
        let file: Result<File, _> = toml::from_str(include_str!("../../data/gaps.toml"));
        file.expect("the committed gaps parse, a test reads them")
            .gap
    });
    &GAPS
}

/// Clauses, cases and their standings, while they are collected.
type Cited =
    BTreeMap<(Option<Document>, String), BTreeMap<String, BTreeMap<String, Option<Standing>>>>;

impl Coverage {
    /// Of all cases that there are, whatever they run on.
    pub fn of_suite() -> Self {
        let mut cited = Cited::new();
        for facts in all_facts() {
            for source in facts.sources {
                let document = (Some(source.document), source.document.name().to_owned());
                let clauses = cited.entry(document).or_default();
                let cases = clauses.entry(source.clause.to_owned()).or_default();
                cases.insert(facts.id.to_owned(), None);
            }
        }
        // A document that no case cites is a gap as well.
        for gap in gaps() {
            let document = (Some(gap.document), gap.document.name().to_owned());
            cited.entry(document).or_default();
        }
        Self::from(cited)
    }

    /// Of the cases in a run, and how they ended there.
    pub fn of_run(report: &RunReport) -> Self {
        let mut cited = Cited::new();
        for result in &report.results {
            for source in &result.sources {
                let name = source.document.clone();
                let clauses = cited.entry((Document::named(&name), name)).or_default();
                let cases = clauses.entry(source.clause.clone()).or_default();
                let standing = cases.entry(result.id.clone()).or_default();
                *standing = Some(worse(*standing, result));
            }
        }
        Self::from(cited)
    }
}

fn worse(standing: Option<Standing>, result: &ResultEntry) -> Standing {
    let other = result.standing();
    standing.map_or(other, |standing| standing.min(other))
}

impl From<Cited> for Coverage {
    fn from(cited: Cited) -> Self {
        let documents = cited.into_iter();
        let documents = documents.map(|((document, name), clauses)| DocumentCoverage {
            document: name,
            clauses: clauses.into_iter().map(ClauseCoverage::from).collect(),
            gaps: gaps()
                .iter()
                .filter(|gap| Some(gap.document) == document)
                .collect(),
        });
        Self {
            documents: documents.collect(),
        }
    }
}

impl From<(String, BTreeMap<String, Option<Standing>>)> for ClauseCoverage {
    fn from((clause, cases): (String, BTreeMap<String, Option<Standing>>)) -> Self {
        let cases = cases.into_iter();
        Self {
            clause,
            cases: cases
                .map(|(id, standing)| CaseCoverage { id, standing })
                .collect(),
        }
    }
}

impl ClauseCoverage {
    /// What came of its cases: `5 cases: 4 passed, 1 failed`; only their number without a run.
    pub fn sum(&self) -> String {
        let mut counts: BTreeMap<Standing, usize> = BTreeMap::new();
        for standing in self.cases.iter().filter_map(|case| case.standing) {
            *counts.entry(standing).or_default() += 1;
        }
        let mut sum = counted(self.cases.len(), "case");
        let mut separator = ": ";
        for (standing, count) in counts {
            let _ = write!(sum, "{separator}{count} {}", standing.words());
            separator = ", ";
        }
        sum
    }

    /// Its cases that a person should look at.
    pub fn bad(&self) -> impl Iterator<Item = &CaseCoverage> {
        let is_bad = |case: &&CaseCoverage| case.standing.is_some_and(Standing::is_bad);
        self.cases.iter().filter(is_bad)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_gap_is_cited_by_a_case() {
        let cited: BTreeSet<(Document, &str)> = all_facts()
            .iter()
            .flat_map(|facts| facts.sources)
            // One citation may name several clauses.
            .flat_map(|source| {
                let parts = source.clause.split([',', ':']).map(str::trim);
                let clauses = [source.clause].into_iter().chain(parts);
                clauses.map(|clause| (source.document, clause))
            })
            .collect();
        let is_stale = |gap: &&Gap| cited.contains(&(gap.document, gap.clause.as_str()));
        let stale: Vec<&Gap> = gaps().iter().filter(is_stale).collect();
        assert!(
            stale.is_empty(),
            "cases judge these by now: {stale:#?}\nhint: take them from data/gaps.toml"
        );
    }

    #[test]
    fn a_gap_is_named_once_and_says_what_and_why() {
        let mut seen = BTreeSet::new();
        for gap in gaps() {
            assert!(seen.insert((gap.document, &gap.clause)), "{gap:?}");
            assert!(!gap.unjudged.is_empty(), "{gap:?}");
            assert!(gap.why.ends_with('.'), "{gap:?}");
        }
        for document in [
            Document::Iso7816Part4,
            Document::Iso7816Part8,
            Document::CnsFunctional,
            Document::Pcsc,
            Document::Pkcs11,
        ] {
            let has_gap = gaps().iter().any(|gap| gap.document == document);
            assert!(
                has_gap,
                "nothing is said of what of {document:?} is not judged"
            );
        }
    }

    #[test]
    fn every_case_is_counted_in_each_clause_that_it_cites() {
        let coverage = Coverage::of_suite();
        let counted: usize = coverage
            .documents
            .iter()
            .flat_map(|document| &document.clauses)
            .map(|clause| clause.cases.len())
            .sum();
        let cited: usize = all_facts()
            .iter()
            .map(|facts| {
                let clauses = facts.sources.iter();
                let clauses: BTreeSet<_> = clauses.map(|it| (it.document, it.clause)).collect();
                clauses.len()
            })
            .sum();
        assert_eq!(counted, cited);
    }
}
