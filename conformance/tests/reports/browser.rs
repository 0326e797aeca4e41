//! The page in a real browser: does its filter work?

use std::fs;
use std::process::Command;

use cns_conformance::packages::locate;
use cns_conformance::report::html;

use crate::small_run;

/// The page as it stands in the browser after its script has run: what is shown, and what the reader
/// is told about it.
struct Shown {
    cases: usize,
    groups: usize,
    told: String,
}

/// Opens the page with this filter in its address, and does what the script says as a reader would.
fn open(filter: &str, script: &str) -> Shown {
    let page = html::to_page(&small_run()).unwrap();
    let page = page.replace("</body>", &format!("<script>{script}</script></body>"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    fs::write(&path, page).unwrap();
    let output = Command::new("timeout")
        .args(["--kill-after=5", "60"])
        .arg(locate("chromium").unwrap())
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            "--virtual-time-budget=2000",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("data").display()
        ))
        .arg(format!("file://{}{filter}", path.display()))
        .env("HOME", folder.path())
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let shown = |begin: &str| {
        let elements = page.split(begin).skip(1);
        let tags = elements.map(|element| element.split('>').next().unwrap());
        tags.filter(|tag| !tag.contains("hidden=")).count()
    };
    let told = page.split("id=\"shown\">").nth(1).unwrap();
    Shown {
        cases: shown("<article "),
        groups: shown("<div class=\"group "),
        told: told.split('<').next().unwrap().to_owned(),
    }
}

#[test]
fn the_filter_shows_what_is_asked_for() {
    let check = |filter: &str, cases: usize, told: &str| {
        let shown = open(filter, "");
        assert_eq!(shown.told, told, "{filter}");
        assert_eq!(shown.cases, cases, "{filter}");
    };
    check("", 12, "12 of 12 cases");
    check("?outcome=failed", 2, "2 of 12 cases");
    check("?outcome=bad", 4, "4 of 12 cases");
    check("?outcome=skipped&suite=pin", 1, "1 of 12 cases");
    check("?text=taken%20off&profile=cns11-st2021", 1, "1 of 12 cases");
    check("?text=TICKET", 1, "1 of 12 cases");
    check("?text=nothing+like+this", 0, "0 of 12 cases");
    assert_eq!(open("?outcome=failed", "").groups, 2);
}

#[test]
fn the_filter_follows_what_a_reader_types_and_a_link_shows_what_it_hides() {
    const TYPE: &str = "const text = document.getElementById('by-text'); text.value = 'Counter'; \
                        text.dispatchEvent(new Event('input', {bubbles: true}));";
    let click =
        |what: &str| format!("setTimeout(() => document.querySelector(\"{what}\").click(), 500);");
    let told = |script: &str| open("", script).told;
    assert_eq!(told(TYPE), "2 of 12 cases");
    let reset = click("button[type=reset]");
    assert_eq!(told(&format!("{TYPE}{reset}")), "12 of 12 cases");
    let hidden = click("a[href='#pin.verify.again']");
    assert_eq!(told(&format!("{TYPE}{hidden}")), "12 of 12 cases");
}
