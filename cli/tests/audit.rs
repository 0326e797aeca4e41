//! Audit logs, whole and broken, as `cns portal audit` sees them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;

use cns_fixtures::town;
use cns_services::Role;
use cns_services::desk::Policy;
use support::transcript;
use time::macros::datetime;

#[test]
fn audit_logs_are_verified() {
    let folder = tempfile::tempdir().unwrap();
    let desk = town::desk(Policy::default(), datetime!(2026-11-23 9:00 UTC));
    let log = desk.audit(Role::Tester).unwrap();
    let (whole, head) = (log.export(), log.head());
    let (shorter, _) = whole.trim_end().rsplit_once('\n').unwrap();
    for (name, content) in [
        ("audit.jsonl", whole.to_owned()),
        ("shorter.jsonl", format!("{shorter}\n")),
        ("changed.jsonl", whole.replacen("\"done\"", "\"none\"", 1)),
        ("cut.jsonl", shorter.to_owned()),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let head = format!("{}:{}", head.entries, head.hash);
    let audit = |file| vec!["portal", "audit", file];
    let with_head = |file| [audit(file), vec!["--head", &head]].concat();
    let commands = [
        audit("audit.jsonl"),
        with_head("audit.jsonl"),
        audit("shorter.jsonl"),
        with_head("shorter.jsonl"),
        audit("changed.jsonl"),
        [audit("cut.jsonl"), vec!["--json"]].concat(),
        audit("missing.jsonl"),
        [audit("audit.jsonl"), vec!["--head", "12"]].concat(),
    ];
    let said = commands.map(|arguments| transcript(folder.path(), &arguments));
    insta::assert_snapshot!(said.join("\n"));
}
