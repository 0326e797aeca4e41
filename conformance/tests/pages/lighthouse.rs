//! Lighthouse, a judge of another make for some pages: what it calls accessibility, and best practices.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::judges::judge;

/// What Lighthouse finds on a page: audits that it did not pass.
pub(crate) fn lighthouse_finds(url: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    let report = folder.path().join("report.json");
    fs::write(&settings, settings_of_ours().to_string()).unwrap();
    let output = Command::new(judge("bin/node"))
        .arg(judge("node_modules/lighthouse/cli/index.js"))
        .arg(url)
        .args(["--quiet", "--output=json"])
        .arg(format!("--output-path={}", report.display()))
        .arg(format!("--config-path={}", settings.display()))
        // Its own sandbox cannot be had by root.
        .arg("--chrome-flags=--headless=new --no-sandbox --ignore-certificate-errors --lang=en")
        .env("CHROME_PATH", chromium())
        .env("HOME", folder.path())
        .env("TMPDIR", folder.path())
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{url}: {talk}");
    let report: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    let audits = report["audits"].as_object().expect("the report has audits");
    assert!(40 < audits.len(), "{url}: {} audits", audits.len());
    let failed = audits.iter().filter(|(_, audit)| {
        let score = audit["score"].as_f64();
        score.is_some_and(|score| score < 1.0)
    });
    failed.map(|(name, _)| name.clone()).collect()
}

/// The pages have no scripts: what is there when they are loaded is all there will be, and nobody has to wait.
fn settings_of_ours() -> Value {
    json!({
        "extends": "lighthouse:default",
        "settings": {
            "onlyCategories": ["accessibility", "best-practices"],
            "pauseAfterFcpMs": 0,
            "pauseAfterLoadMs": 0,
            "networkQuietThresholdMs": 0,
            "cpuQuietThresholdMs": 0,
            "disableFullPageScreenshot": true,
            // Who is not signed in is told so with 401, and the page is one to be judged.
            "ignoreStatusCode": true,
        },
    })
}

fn chromium() -> &'static Path {
    let path = Path::new("/usr/bin/chromium");
    assert!(
        path.exists(),
        "the program `chromium` is in the Debian package chromium"
    );
    path
}
