//! `cns portal run --state`: what was answered is in the file, whenever the process is killed; and a file that
//! was damaged, or that another portal holds, is left alone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod visitor;

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use cns_services::Town;
use cns_services::outbox::Fault;
use serde_json::json;
use support::{Random, Running, folder_in_memory, seed, transcript};
use time::OffsetDateTime;
use visitor::Visitor;

const KILLS: usize = 10;
const RUN: [&str; 6] = ["portal", "run", "--citizens", "20", "--state", "town.state"];

/// Each visit arms a fault of its own, so that the file says which of them it has.
#[test]
fn a_killed_portal_has_kept_what_it_answered() {
    let seed = seed();
    println!("killed at the same moments again: CNS_TEST_SEED={seed}");
    let mut random = Random(seed);
    let folder = folder_in_memory();
    let mut kept = 0;
    for round in 0..KILLS {
        let mut portal = Running::start(folder.path(), &RUN);
        let www = portal.ready["www"].as_str().unwrap();
        let visitor = Visitor::posting(
            folder.path(),
            &format!("{www}api/outbox/faults"),
            kept..kept + 400,
        );
        let answered = visitor.answered(random.below(120));
        // In the midst of the next one, or of one soon after.
        thread::sleep(Duration::from_micros(random.below(30_000)));
        portal.child.kill().unwrap();
        portal.child.wait().unwrap();
        let answered = answered + visitor.rest();
        let found = faults(&folder.path().join("town.state"));
        assert!(
            found.iter().copied().eq(0..found.len() as u64),
            "kill {round}: {found:?}"
        );
        assert!(
            kept + answered <= found.len() as u64,
            "kill {round}: {answered} were answered after {kept}, and {} are kept",
            found.len()
        );
        println!(
            "kill {round}: {answered} answered, {} kept",
            found.len() as u64 - kept
        );
        kept = found.len() as u64;
    }
    assert!(0 < kept, "no portal was killed in the midst of visits");
    let portal = Running::start(folder.path(), &RUN);
    assert_eq!(portal.end(), 0);
    let strays = fs::read_dir(folder.path()).unwrap().flatten();
    let strays = strays.filter(|entry| entry.file_name().to_string_lossy().ends_with(".new"));
    assert_eq!(strays.count(), 0, "what killed portals left is swept");
}

/// The number of each armed fault: by how many seconds it makes a message late.
fn faults(file: &Path) -> Vec<u64> {
    let town = Town::of_file(&fs::read(file).unwrap(), OffsetDateTime::now_utc());
    let town = town.unwrap_or_else(|fault| panic!("the file {fault}"));
    let armed = town.outbox.armed().map(|armed| match armed.fault {
        Fault::Late(late) => u64::try_from(late.whole_seconds()).unwrap(),
        other => panic!("{other:?}"),
    });
    armed.collect()
}

#[test]
fn a_portal_goes_on_with_its_town() {
    let folder = tempfile::tempdir().unwrap();
    let town = |portal: &Running| {
        let control = portal.ready["control"].as_str().unwrap();
        Visitor::get(&format!("{control}/town"))
    };
    let portal = Running::start(folder.path(), &RUN);
    let before = town(&portal);
    assert_eq!(portal.end(), 0);
    let portal = Running::start(
        folder.path(),
        &["portal", "run", "--seed", "9", "--state", "town.state"],
    );
    assert_eq!(
        town(&portal),
        before,
        "--seed and --citizens count for new towns"
    );
    let control = portal.ready["control"].as_str().unwrap().to_owned();
    let put = |text: &str| Visitor::put(&format!("{control}/town"), text);
    let (status, problem) = put("{\"format\":1}");
    assert_eq!(
        (status, problem["errors"][0]["field"].clone()),
        (422, json!(""))
    );
    assert_eq!(put("{").0, 400);
    assert_eq!(town(&portal), before, "what is refused changes nothing");
    let mut other = before.clone();
    other["outbox"]["faults"] = json!([{"fault": "lost", "channel": null, "to": null, "times": 2}]);
    assert_eq!(put(&other.to_string()).0, 200);
    assert_eq!(portal.end(), 0);
    let portal = Running::start(folder.path(), &RUN);
    assert_eq!(town(&portal), other, "what was put there is kept");
    assert_eq!(portal.end(), 0);
}

#[test]
fn a_file_that_is_damaged_or_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.state");
    let portal = Running::start(folder.path(), &RUN);
    let said = transcript(folder.path(), &RUN);
    assert!(
        said.contains("town.state is in use: another program holds it"),
        "{said}"
    );
    assert!(said.ends_with("[exit 2]\n"), "{said}");
    assert_eq!(portal.end(), 0);
    let whole = fs::read(&file).unwrap();
    let middle = whole.len() / 2;
    let mut flipped = whole.clone();
    flipped[middle] ^= 1;
    let other_version = String::from_utf8(whole.clone()).unwrap();
    let other_version = other_version.replacen("cns-town 1", "cns-town 7", 1);
    for (damaged, reason) in [
        (
            flipped,
            "town.state is damaged: its content does not match the SHA-256",
        ),
        (whole[..middle].to_vec(), "town.state is damaged: "),
        (
            other_version.into_bytes(),
            "town.state holds a town of version 7; this program reads version 1",
        ),
        (
            Vec::new(),
            "town.state holds no town: its first line is not that of a town",
        ),
        (
            b"shopping list".to_vec(),
            "town.state holds no town: its first line is not that of a town",
        ),
    ] {
        fs::write(&file, &damaged).unwrap();
        let said = transcript(folder.path(), &RUN);
        assert!(said.contains(reason), "{said}");
        assert!(
            said.contains("\nhint: ") && said.ends_with("[exit 2]\n"),
            "{said}"
        );
        assert!(
            fs::read(&file).unwrap() == damaged,
            "it was overwritten: {reason}"
        );
    }
    fs::write(&file, &whole).unwrap();
    assert_eq!(Running::start(folder.path(), &RUN).end(), 0);
}
