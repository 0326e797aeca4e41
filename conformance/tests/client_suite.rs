//! The suite of real clients: each does what it is pinned to do.

#![allow(
    clippy::panic,
    reason = "clippy's exception for tests leaves out their helpers"
)]

use cns_conformance::campaign::Campaign;
use cns_conformance::client_suite::ClientCampaign;
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
