//! Firefox, with the card in the reader. What it shows is kept as pictures.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cns_conformance::clients::firefox::Firefox;
use cns_conformance::workbench::PORTAL_NAME;

use super::area::FINDING;
use super::place::Place;

/// Where the pictures are kept, for whoever wants to look.
pub(crate) const PICTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/pages");

/// The holder logs in, goes to their area, and reads the newest report.
pub(crate) fn reads_a_report(place: &Place, pin: &str) {
    let mut firefox = Firefox::with_card(place.workbench(), pin).unwrap();
    let page = firefox.open(&front_page(place)).unwrap();
    assert_shows(&page, &["Logged in", "MARIA", "ROSSI"]);
    keep_picture(&mut firefox, "logged-in");
    let page = firefox.follow("To your area").unwrap();
    assert_shows(&page, &["/area", "Maria Rossi", "To be collected"]);
    keep_picture(&mut firefox, "area");
    let page = firefox.follow("Reports").unwrap();
    assert_shows(&page, &["/area/reports", "Discharge letter"]);
    let page = firefox.follow("Discharge letter").unwrap();
    assert_shows(&page, &[FINDING]);
    keep_picture(&mut firefox, "report");
}

/// Who comes with a revoked card reads why it is one.
pub(crate) fn is_refused(place: &Place, pin: &str) {
    let mut firefox = Firefox::with_card(place.workbench(), pin).unwrap();
    let page = firefox.open(&front_page(place)).unwrap();
    assert_shows(
        &page,
        &[
            "Login refused",
            "UTC: keyCompromise",
            "a revoked one must be replaced",
        ],
    );
    keep_picture(&mut firefox, "revoked");
    let page = firefox.open(&format!("{}area", front_page(place))).unwrap();
    assert_shows(&page, &["The personal area needs the card"]);
}

fn front_page(place: &Place) -> String {
    format!("https://{PORTAL_NAME}:{}/", place.addresses.cns.port())
}

fn assert_shows(page: &str, words: &[&str]) {
    for expected in words {
        assert!(page.contains(expected), "no {expected:?} on\n{page}");
    }
}

fn keep_picture(firefox: &mut Firefox, name: &str) {
    let picture = STANDARD.decode(firefox.picture().unwrap()).unwrap();
    assert!(picture.starts_with(b"\x89PNG"), "{name}");
    fs::create_dir_all(PICTURES).unwrap();
    fs::write(
        Path::new(PICTURES).join(format!("story-{name}.png")),
        picture,
    )
    .unwrap();
}
