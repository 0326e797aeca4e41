//! The suite `tls` against real proxies as portals of somebody else's: what they do otherwise is a line in
//! `data/expectations`.

use std::collections::BTreeSet;
use std::sync::Arc;

use cns_conformance::campaign::{Options, open};
use cns_conformance::expectations::Expectations;
use cns_conformance::proxied::Proxied;
use cns_conformance::runner::{Outcome, Permission};
use cns_conformance::target::TargetName;
use cns_fixtures::{citizen, collaudo_authority};
use cns_portal::proxy::ProxyProgram;
use time::OffsetDateTime;

use crate::{PROGRAMS, days};

const KNOWN: &str = include_str!("../../data/expectations/apache-nginx-haproxy.txt");

/// As `cns conform run portal:URL --allow-destructive --authority FOLDER --expectations FILE` does.
#[test]
fn every_proxy_does_what_the_suite_asks_or_a_line_says_why_not() {
    let known = Expectations::parse(KNOWN, &[]).unwrap();
    let mut wrong = Vec::new();
    for program in PROGRAMS {
        let name = program.dialect().name();
        let mut ids = BTreeSet::new();
        for (id, outcome) in run(program) {
            ids.insert(id);
            match (outcome, known.find(id, None)) {
                (Outcome::Pass, None) | (Outcome::Fail(_), Some(_)) | (Outcome::Skipped(_), _) => {}
                (outcome, line) => wrong.push(format!("{name}, {id}: {outcome:?}, {line:?}")),
            }
        }
        for line in known.unused(&ids) {
            wrong.push(format!("{name}: line {} names no case", line.line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What came of each case.
fn run(program: ProxyProgram) -> Vec<(&'static str, Outcome)> {
    let today = OffsetDateTime::now_utc().date();
    let authority = Arc::new(collaudo_authority(today).unwrap());
    let names = ["portale.test", "127.0.0.1"];
    let server = authority.issue_server(&names, days(9)).unwrap();
    let proxied = Proxied::start(program, &server, &authority.certificate_pem()).unwrap();
    let target = format!("portal:https://{}", proxied.address());
    let target: TargetName = target.parse().unwrap();
    let options = Options {
        profiles: Vec::new(),
        citizen: citizen("mario-bianchi").unwrap(),
        pin: None,
        puk: None,
        authority: Some(authority),
        permission: Permission::Destructive,
        seed: 1,
        today,
    };
    let mut campaign = open(&target, &options).unwrap().remove(0);
    let results = campaign.run(&|_| true, 1, &mut |_| {});
    let results = results.into_iter().map(|it| (it.facts.id, it.outcome));
    results.collect()
}
