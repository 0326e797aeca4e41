//! All clients in all scenarios, several at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::Instant;

use cns_fixtures::DEFAULT_PROFILE;

use super::scenario::Scenario;
use super::stage::{judge, observe, workbench};
use crate::action::{Action, ActionError};
use crate::campaign::Campaign;
use crate::case::{Effect, Level, Stop, Verdict};
use crate::clients::{Driver, actions, drivers};
use crate::evidence::{Document, Grade, Source, source};
use crate::runner::{CaseFacts, CaseResult, Exchange, Outcome};
use crate::state::State;
use crate::workbench::ReaderKind;

/// How many clients run at once. They wait for each other's processes, for pcscd, for a poll: more
/// than the processors is quicker, many more make them time out.
const AT_ONCE_PER_PROCESSOR: usize = 2;

/// All clients in all scenarios, each at a workbench of its own, several at once.
#[derive(Debug, Default)]
pub struct ClientCampaign(());

/// A case of this suite: a row of the data in the place of a function.
struct ClientCase {
    facts: CaseFacts,
    what: What,
}

enum What {
    /// A client in a scenario, as it is pinned.
    Pinned(&'static Driver, Scenario),
    /// A client that does one thing, and is judged by what came of it.
    Action(Action),
}

impl ClientCampaign {
    /// Nothing runs yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Campaign for ClientCampaign {
    fn target(&self) -> &str {
        "clients"
    }

    fn profile(&self) -> Option<&str> {
        Some(DEFAULT_PROFILE)
    }

    fn is_own(&self) -> bool {
        true
    }

    fn cases(&self) -> Vec<CaseFacts> {
        cases().iter().map(|case| case.facts).collect()
    }

    fn run(
        &mut self,
        wanted: &dyn Fn(&CaseFacts) -> bool,
        _seed: u64,
        observe: &mut dyn FnMut(&CaseResult),
    ) -> Vec<CaseResult> {
        let cases: Vec<&ClientCase> = cases().iter().filter(|it| wanted(&it.facts)).collect();
        let next = AtomicUsize::new(0);
        let (sender, ended) = mpsc::channel();
        let mut results = thread::scope(|scope| {
            for _ in 0..at_once().min(cases.len()) {
                let (sender, next, cases) = (sender.clone(), &next, &cases);
                scope.spawn(move || {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(case) = cases.get(index) else { return };
                        // Nobody may listen any more.
                        let _ = sender.send((index, case.run()));
                    }
                });
            }
            drop(sender);
            let mut results = Vec::with_capacity(cases.len());
            for (index, result) in ended {
                observe(&result);
                results.push((index, result));
            }
            results
        });
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }
}

fn at_once() -> usize {
    thread::available_parallelism().map_or(1, usize::from) * AT_ONCE_PER_PROCESSOR
}

/// The heavy ones first: none of them is to be alone at the end.
fn cases() -> &'static [ClientCase] {
    static CASES: LazyLock<Vec<ClientCase>> = LazyLock::new(|| {
        let pinned = drivers().iter().rev().flat_map(|driver| {
            let scenarios = Scenario::ALL.into_iter();
            scenarios.map(move |scenario| ClientCase::pinned(driver, scenario))
        });
        pinned
            .chain(actions().into_iter().map(ClientCase::action))
            .collect()
    });
    &CASES
}

impl ClientCase {
    fn pinned(driver: &'static Driver, scenario: Scenario) -> Self {
        let (client, does) = (driver.client, driver.does);
        let requirement = match scenario {
            Scenario::RightPin | Scenario::Unblocked => {
                format!("When {}, {client} {does}.", scenario.words())
            }
            _ => format!(
                "When {}, {client}, which {does}, tells it as it did when it was looked at.",
                scenario.words()
            ),
        };
        Self {
            facts: facts(
                format!("clients.{client}.{}", scenario.id()),
                requirement,
                scenario.effect(),
            ),
            what: What::Pinned(driver, scenario),
        }
    }

    fn action(action: Action) -> Self {
        let (client, title) = (action.client, action.title);
        Self {
            facts: facts(
                format!("clients.{client}.{}", slug(title)),
                format!("{client} {title}."),
                Effect::PresentsPin,
            ),
            what: What::Action(action),
        }
    }

    fn run(&self) -> CaseResult {
        let start = Instant::now();
        let (verdict, exchanges) = catch_unwind(AssertUnwindSafe(|| self.find_out()))
            .unwrap_or_else(|_| (Err(Stop::broken("the case itself failed")), Vec::new()));
        CaseResult {
            facts: self.facts,
            outcome: match verdict {
                Ok(()) => Outcome::Pass,
                Err(Stop::Fail(finding)) => Outcome::Fail(finding),
                Err(Stop::Skip(reason)) => Outcome::Skipped(reason),
                Err(Stop::Broken(reason)) => Outcome::Broken(reason),
            },
            exchanges,
            took: start.elapsed(),
        }
    }

    fn find_out(&self) -> (Verdict, Vec<Exchange>) {
        match &self.what {
            What::Pinned(driver, scenario) => match observe(driver, *scenario, driver.reader) {
                Ok(outline) => (judge(driver, *scenario, &outline), outline.exchanges),
                Err(stop) => (Err(stop), Vec::new()),
            },
            What::Action(action) => match workbench(ReaderKind::Vpcd) {
                Ok(workbench) => {
                    let verdict = match action.perform(&workbench).result {
                        Ok(_) => Ok(()),
                        Err(error @ (ActionError::Failed { .. } | ActionError::Wrong { .. })) => {
                            Err(Stop::fail(self.facts.requirement, error.to_string()))
                        }
                        Err(error) => Err(Stop::broken(error)),
                    };
                    (verdict, workbench.record().exchanges())
                }
                Err(stop) => (Err(stop), Vec::new()),
            },
        }
    }
}

/// The cases are made once, and their texts live as long as the program.
fn facts(id: String, requirement: String, effect: Effect) -> CaseFacts {
    const SOURCES: &[Source] = &[source(
        Document::Clients,
        "what the client says and does",
        Grade::Verified,
    )];
    CaseFacts {
        id: id.leak(),
        requirement: requirement.leak(),
        sources: SOURCES,
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect,
    }
}

/// `logs in with TLS 1.2` becomes `logs-in-with-tls-1-2`.
fn slug(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::client_suite::pinned;

    #[test]
    fn no_two_cases_are_called_the_same() {
        let ids: BTreeSet<&str> = cases().iter().map(|case| case.facts.id).collect();
        assert_eq!(ids.len(), cases().len());
        assert!(ids.contains("clients.curl.logs-in-with-tls-1-2"));
        assert!(ids.contains("clients.curl.wrong-pin"));
    }

    #[test]
    fn every_client_is_pinned_in_every_scenario_and_no_other() {
        let expected: BTreeSet<&str> = Scenario::ALL.iter().map(|scenario| scenario.id()).collect();
        for driver in drivers() {
            let pinned = pinned(driver.client).unwrap();
            for seen in &pinned.seen {
                let rows: BTreeSet<&str> = seen.rows.keys().map(String::as_str).collect();
                assert_eq!(rows, expected, "{} {}", driver.client, seen.version);
            }
        }
    }
}
