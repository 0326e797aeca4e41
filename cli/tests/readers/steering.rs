//! A card is steered while clients use it, on both readers of our own; and the demo runs on all three.

use std::fs;

use serde_json::Value;

use crate::desk::{Desk, KINDS, Kind};
use crate::support::{Running, cns, transcript};

#[test]
fn the_demo_runs_on_each_reader() {
    let folder = tempfile::tempdir().unwrap();
    for reader in ["vpcd", "ifd", "daemonless"] {
        let output = cns(folder.path())
            .args(["demo", "--json", "--reader", reader])
            .output()
            .unwrap();
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(output.status.success(), "{reader}: {summary:#}");
        assert_eq!(summary["reader"], reader);
        assert_eq!(
            (&summary["failed"], &summary["missing"]),
            (&0.into(), &0.into())
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_card_is_pulled_put_back_and_exchanged() {
    for kind in KINDS {
        let desk = Desk::new(kind);
        let issue = ["card", "issue", "--citizen", "sofia-conti"];
        transcript(desk.folder.path(), &issue);
        let card = desk.insert(&[]);
        assert_eq!(desk.order(&["remove"])["inserted"], false);
        desk.wait_for(false);
        assert_eq!(desk.order(&["insert"])["inserted"], true);
        desk.wait_for(true);
        let number = |desk: &Desk| desk.say("pkcs15-tool", &["--list-info"]);
        let before = number(&desk);
        assert!(before.contains("MARIA ROSSI"), "{kind:?}: {before}");
        desk.order(&["swap", "--volatile", "sofia-conti.cns"]);
        desk.wait_for(true);
        let after = number(&desk);
        assert!(after.contains("SOFIA CONTI"), "{kind:?}: {after}");
        assert_eq!(card.end(), 0);
        desk.wait_for(false);
    }
}

#[test]
fn faults_and_slowness_come_with_the_card_or_later() {
    for kind in KINDS {
        let desk = Desk::new(kind);
        let options = ["--faults", "memory-failure", "--latency", "line"];
        let card = desk.insert(&options);
        assert_eq!(card.ready["control"], "control");
        assert_eq!(
            (&card.ready["faults"], &card.ready["latency"]),
            (&"memory-failure".into(), &"line".into())
        );
        let verify = ["--verify-pin", "--auth-id", "01", "--pin", "12345"];
        desk.say("pkcs15-tool", &verify);
        let failed = desk.say("pkcs15-tool", &verify);
        let rules = desk.order(&["status"])["rules"].clone();
        assert!(
            rules[0][1].as_u64().unwrap() >= 1,
            "{kind:?}: {rules} {failed}"
        );
        desk.order(&["clear-faults"]);
        desk.order(&["latency"]);
        let tested = desk.say("pkcs11-tool", &["--login", "--pin", "12345", "--test"]);
        assert!(tested.contains("No errors"), "{kind:?}: {tested}");
        assert_eq!(card.end(), 0);
    }
}

#[test]
fn a_pin_is_typed_on_the_pinpad_and_shown_nowhere() {
    let desk = Desk::new(Kind::OwnDriver);
    let path = desk.folder.path();
    let _card = desk.insert(&["--trace", "trace.txt"]);
    fs::write(path.join("pin"), "12345\n").unwrap();
    let order = |arguments: &[&str]| {
        let control = ["card", "control", "reader/control"];
        transcript(path, &[&control[..], arguments].concat())
    };
    let typed = order(&["pin", "--pin-file", "pin", "--delay-ms", "0"]);
    assert!(
        typed.contains("pinpad  yes") && typed.contains("[exit 0]"),
        "{typed}"
    );
    let tested = desk.say("pkcs11-tool", &["--login", "--test"]);
    assert!(tested.contains("No errors"), "{tested}");
    assert!(order(&["cancel", "--delay-ms", "0"]).contains("[exit 0]"));
    let cancelled = desk.say("pkcs11-tool", &["--login", "--test"]);
    assert!(!cancelled.contains("No errors"), "{cancelled}");
    assert!(order(&["blink"]).contains("error: this is the reader, which does as its card does"));
    assert!(
        order(&["--slot", "3", "remove"])
            .contains("error: there is no slot 3\nhint: there is slot 0\n[exit 1]")
    );
    let trace = fs::read_to_string(path.join("trace.txt")).unwrap();
    assert!(trace.contains("VERIFY PIN 10") && !trace.contains("31 32 33 34 35"));
}

#[test]
fn an_installed_reader_runs_and_is_removed_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let missing = transcript(path, &["reader", "run", "reader"]);
    assert!(
        missing.contains("error: nothing is installed here"),
        "{missing}"
    );
    let install = ["reader", "install", "--private", "reader", "--slots", "3"];
    assert!(transcript(path, &install).contains("[exit 0]"));
    let run = Running::start(path, &["reader", "run", "--json", "reader"]);
    assert_eq!(run.ready["slots"].as_array().unwrap().len(), 3);
    assert_eq!(run.end(), 0);
    let remove = ["reader", "remove", "--private", "reader"];
    assert!(transcript(path, &remove).contains("[exit 0]"));
    assert_eq!(fs::read_dir(path).unwrap().count(), 0);

    let root = ["--system", "--root", "image"];
    let system = transcript(path, &[&["reader", "install"], &root[..]].concat());
    assert!(system.contains("slot 0   unix:/run/cns/slot-0"), "{system}");
    assert!(path.join("image/etc/reader.conf.d/cns").exists());
    let removed = transcript(path, &[&["reader", "remove"], &root[..]].concat());
    assert!(removed.contains("[exit 0]"), "{removed}");
    assert!(!path.join("image/etc/reader.conf.d").exists());
}

#[test]
fn a_card_file_is_used_without_anything_running() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    transcript(path, &["card", "issue", "--citizen", "maria-rossi"]);
    let environment = ["reader", "environment", "maria-rossi.cns"];
    let exports = cns(path).args(environment).output().unwrap();
    assert!(exports.status.success(), "{exports:?}");
    let exports = String::from_utf8(exports.stdout).unwrap();
    let script = format!("{exports}timeout 20 pkcs11-tool --login --pin 12345 --test");
    let tested = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    let tested = String::from_utf8_lossy(&tested.stdout).into_owned();
    assert!(tested.contains("No errors"), "{tested}");
    let nothing = transcript(path, &["reader", "environment", "nothing.cns"]);
    assert!(
        nothing.contains("error: nothing.cns: No such file"),
        "{nothing}"
    );
}
