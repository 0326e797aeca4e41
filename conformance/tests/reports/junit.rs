//! The XML, read by a parser that is not ours: Python's, which is expat.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use cns_conformance::packages::locate;
use cns_conformance::report::{RunReport, junit};
use serde::Deserialize;

use crate::{assert_golden, small_run};

/// What Python has read: the numbers that are stated, and what there is.
#[derive(Debug, Deserialize, Eq, PartialEq)]
struct Read {
    stated: BTreeMap<String, String>,
    elements: BTreeMap<String, usize>,
    names: Vec<(String, String)>,
}

const SCRIPT: &str = r#"
import collections, json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
cases = root.findall("testsuite/testcase")
print(json.dumps({
    "stated": {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")},
    "elements": collections.Counter(element.tag for element in root.iter()),
    "names": [(case.get("classname"), case.get("name")) for case in cases],
}))
"#;

fn read_by_python(xml: &str) -> Read {
    let mut python = Command::new(locate("python3").unwrap())
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    stdin.write_all(xml.as_bytes()).unwrap();
    drop(stdin);
    let output = python.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}\n{xml}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn another_reader_counts_what_the_run_counts() {
    let report = small_run();
    let xml = junit::to_xml(&report).unwrap();
    assert_golden("junit", &xml);
    let read = read_by_python(&xml);
    let counts = report.finished.unwrap().counts;
    let failures = counts.failed + counts.unexpected_passes;
    let skipped = counts.skipped + counts.expected_failures;
    let element = |name: &str| read.elements.get(name).copied().unwrap_or_default();
    assert_eq!(element("testcase"), report.results.len());
    assert_eq!(element("failure"), failures);
    assert_eq!(element("error"), counts.broken);
    assert_eq!(element("skipped"), skipped);
    let numbers = [
        ("tests", report.results.len()),
        ("failures", failures),
        ("errors", counts.broken),
        ("skipped", skipped),
    ];
    let stated = numbers.map(|(name, count)| (name.to_owned(), count.to_string()));
    assert_eq!(read.stated, BTreeMap::from(stated));
}

#[test]
fn a_test_has_a_name_of_its_own_in_every_repetition() {
    let report = small_run();
    let again = report.results.iter().cloned().map(|mut result| {
        result.repetition = 2;
        result
    });
    let twice = RunReport {
        repetitions: 2,
        results: report.results.iter().cloned().chain(again).collect(),
        ..report.clone()
    };
    let mut names = read_by_python(&junit::to_xml(&twice).unwrap()).names;
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), count), (2 * report.results.len(), count));
}
