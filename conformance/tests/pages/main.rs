//! Every page of the portal, in every language, as a browser shows it: judged by axe-core and by
//! HTML_CodeSniffer for whoever cannot see it or uses no mouse, by the validator of the HTML standard, and kept as
//! a picture in `target/pages`; some by Lighthouse too.
//!
//! `exceptions.txt` lists what the judges find and why that stays. A finding that is not listed fails the
//! test, and so does a line that nothing needs.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod area;
mod judges;
mod lighthouse;
mod town;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cns_conformance::viewer::Viewer;
use cns_portal::Language;

use judges::{axe_finds, bring_into, sniffer_finds, validator_finds};
use lighthouse::lighthouse_finds;
use town::{Page, Town};

const EXCEPTIONS: &str = include_str!("exceptions.txt");

/// Where the pictures are kept, for whoever wants to look.
const PICTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/pages");

/// A desk's screen and a telephone's, in CSS pixels.
const WIDTHS: [u32; 2] = [1280, 360];

#[test]
fn the_judges_find_nothing_but_what_is_listed() {
    let town = Town::found();
    let mut viewer = Viewer::start().unwrap();
    fs::create_dir_all(PICTURES).unwrap();
    let sources = tempfile::tempdir().unwrap();
    let mut findings = BTreeSet::new();
    for page in town.pages() {
        for language in Language::ALL {
            let name = format!("{}-{}", page.name, language.tag());
            let url = town.url(&page, language);
            fs::write(
                sources.path().join(format!("{name}.html")),
                town.source(&url),
            )
            .unwrap();
            viewer.open(&url).unwrap();
            bring_into(&mut viewer);
            for width in WIDTHS {
                viewer.set_width(width).unwrap();
                let mut found = axe_finds(&mut viewer);
                found.extend(sniffer_finds(&mut viewer));
                findings.extend(found.iter().map(|rule| format!("{} {rule}", page.name)));
                assert_fits(&mut viewer, &name, width);
            }
            keep_picture(&mut viewer, &page, language, &name);
        }
    }
    findings.extend(validator_finds(sources.path()));
    compare_with_exceptions(&findings);
}

/// A few pages are enough: one for everybody, one to sign in, and of those with a table, a form and a message.
#[test]
fn lighthouse_finds_nothing_but_what_is_listed() {
    const PAGES: [&str; 5] = ["welcome", "sign-in", "desk", "outbox", "area"];
    let town = Town::found();
    let pages = town.pages();
    let mut findings = BTreeSet::new();
    for name in PAGES {
        let page = pages.iter().find(|page| page.name == name).unwrap();
        let found = lighthouse_finds(&town.url(page, Language::Italian));
        findings.extend(found.iter().map(|audit| format!("{name} {audit}")));
    }
    // Chromium notes in its console that a page came with 401, as the one to sign in does.
    let listed = BTreeSet::from(["sign-in errors-in-console".to_owned()]);
    assert_eq!(findings, listed);
}

fn compare_with_exceptions(findings: &BTreeSet<String>) {
    let listed: Vec<&str> = EXCEPTIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (finding, _reason) = line.split_once('|').expect("page and finding | reason");
            finding.trim()
        })
        .collect();
    let new: Vec<_> = findings
        .iter()
        .filter(|finding| !listed.iter().any(|line| covers(line, finding)))
        .collect();
    let idle: Vec<_> = listed
        .iter()
        .filter(|line| !findings.iter().any(|finding| covers(line, finding)))
        .collect();
    assert!(
        new.is_empty(),
        "the judges find what is not listed: {new:#?}"
    );
    assert!(idle.is_empty(), "no judge finds what is listed: {idle:#?}");
}

/// Whether a line is about a finding: about this one, or, with `*` for the page, about all that begin so.
fn covers(line: &str, finding: &str) -> bool {
    let of_any_page = finding.split_once(' ').map(|(_page, rest)| rest);
    match (line.strip_prefix("* "), of_any_page) {
        (Some(line), Some(rest)) => rest.starts_with(line),
        _ => line == finding,
    }
}

/// Nobody has to scroll sideways to read (WCAG 2.1, 1.4.10).
fn assert_fits(viewer: &mut Viewer, name: &str, width: u32) {
    let needed = viewer
        .evaluate("document.documentElement.scrollWidth")
        .unwrap();
    let needed = needed.as_u64().unwrap();
    assert!(
        needed <= u64::from(width),
        "{name} needs {needed} pixels where it has {width}"
    );
}

fn keep_picture(viewer: &mut Viewer, page: &Page, language: Language, name: &str) {
    // As a telephone shows it, the language of the longest words is enough to look at.
    let widths = match language {
        Language::German => &WIDTHS[..],
        _ => &WIDTHS[..1],
    };
    for &width in widths {
        viewer.set_width(width).unwrap();
        let picture = STANDARD.decode(viewer.picture().unwrap()).unwrap();
        assert!(picture.starts_with(b"\x89PNG"), "{}", page.name);
        fs::write(
            Path::new(PICTURES).join(format!("{name}-{width}.png")),
            picture,
        )
        .unwrap();
    }
}
