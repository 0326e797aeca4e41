//! What real clients show for each alert is what somebody has seen, and what the portal tells its users.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use cns_conformance::client_suite::version_numbers;
use cns_conformance::symptoms::{Onlooker, symptom};
use cns_conformance::{ReaderKind, Setup, Workbench};
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};
use cns_portal::alert::{ALERTS, Alert};
use serde::Deserialize;

const SEEN: &str = include_str!("../data/symptoms.toml");

#[derive(Deserialize)]
struct File {
    seen: Vec<Seen>,
}

#[derive(Deserialize)]
struct Seen {
    client: String,
    version: String,
    alerts: BTreeMap<String, String>,
}

#[test]
fn firefox() {
    shows_what_is_pinned(Onlooker::Firefox);
}

#[test]
fn chromium() {
    shows_what_is_pinned(Onlooker::Chromium);
}

#[test]
fn curl() {
    shows_what_is_pinned(Onlooker::Curl);
}

#[test]
fn tstclnt() {
    shows_what_is_pinned(Onlooker::Tstclnt);
}

#[test]
fn the_portal_tells_what_was_seen() {
    for seen in all() {
        let told: fn(&Alert) -> &'static str = match seen.client.as_str() {
            "firefox" | "tstclnt" => |alert| alert.firefox,
            "chromium" => |alert| alert.chrome,
            _ => |alert| alert.openssl,
        };
        let words: BTreeMap<String, String> = ALERTS
            .iter()
            .map(|alert| (alert.name.to_owned(), told(alert).to_owned()))
            .collect();
        assert_eq!(seen.alerts, words, "{}", seen.version);
    }
}

fn shows_what_is_pinned(onlooker: Onlooker) {
    let profile = profile(DEFAULT_PROFILE).unwrap();
    let setup = Setup::new(profile, citizen("mario-bianchi").unwrap());
    // Nobody uses the card: the reader that is there soonest will do.
    let workbench = Workbench::set_up(&setup.in_reader(ReaderKind::Daemonless)).unwrap();
    let pinned = nearest(onlooker, &onlooker.version(&workbench).unwrap());
    let mut wrong = Vec::new();
    for alert in ALERTS {
        let seen = symptom(&workbench, onlooker, alert.name).unwrap();
        let words = pinned.alerts.get(alert.name).unwrap();
        if seen.sent.as_deref() != Some(alert.name) || !seen.text.contains(words) {
            wrong.push(format!("{}, pinned {words}: {seen:?}", alert.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nhint: cargo run -p cns-conformance --example observe_symptoms {}",
        wrong.join("\n"),
        onlooker.name()
    );
}

fn all() -> Vec<Seen> {
    toml::from_str::<File>(SEEN).unwrap().seen
}

/// Of a version that nobody looked at, what the newest one showed that is older.
fn nearest(onlooker: Onlooker, version: &str) -> Seen {
    let mut seen = all();
    seen.retain(|it| it.client == onlooker.name());
    seen.sort_by_key(|it| version_numbers(&it.version));
    let installed = version_numbers(version);
    let older = seen
        .iter()
        .rposition(|it| version_numbers(&it.version) <= installed);
    seen.swap_remove(older.unwrap_or(0))
}
