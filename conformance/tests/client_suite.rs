//! The suite of real clients: each does what it is pinned to do.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy's exception for tests leaves out their helpers"
)]

use cns_conformance::ReaderKind;
use cns_conformance::campaign::Campaign;
use cns_conformance::client_suite::{ClientCampaign, Scenario, observe};
use cns_conformance::clients::drivers;
use cns_conformance::runner::Outcome;

#[test]
fn every_client_does_in_every_scenario_what_it_is_pinned_to_do() {
    let mut campaign = ClientCampaign::new();
    let results = campaign.run(&|_| true, 0, &mut |result| {
        eprintln!("{:>8.1?} {}", result.took, result.facts.id);
    });
    assert_eq!(results.len(), campaign.cases().len());
    let wrong: Vec<String> = results
        .iter()
        .filter(|result| result.outcome != Outcome::Pass)
        .map(|result| match &result.outcome {
            Outcome::Fail(finding) => format!(
                "{}: expected\n{}\nseen\n{}",
                result.facts.id, finding.expected, finding.seen
            ),
            Outcome::Broken(reason) | Outcome::Skipped(reason) => {
                format!("{}: {reason}", result.facts.id)
            }
            Outcome::Pass => String::new(),
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What a client does and how it ends, without its words: these name the reader's own reasons.
fn outcome(scenario: Scenario, reader: ReaderKind) -> Vec<String> {
    let pkcs11_tool = drivers().iter().find(|it| it.client == "pkcs11-tool");
    let outline = observe(pkcs11_tool.unwrap(), scenario, reader).unwrap();
    let seen = outline.seen.to_string();
    let facts = seen.lines().filter(|line| !line.starts_with('#'));
    facts.map(str::to_owned).collect()
}

#[test]
fn in_good_and_bad_days_our_own_readers_are_as_good_as_the_distributions() {
    let all = |reader| Scenario::ALL.map(|scenario| outcome(scenario, reader));
    let [vpcd, ifd, daemonless] = std::thread::scope(|scope| {
        ReaderKind::ALL
            .map(|reader| scope.spawn(move || all(reader)))
            .map(|thread| thread.join().unwrap())
    });
    assert!(vpcd.iter().all(|outcome| !outcome.is_empty()));
    assert_eq!(ifd, vpcd);
    assert_eq!(daemonless, vpcd);
}
