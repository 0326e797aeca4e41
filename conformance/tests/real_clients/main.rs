//! Every action of every client, and what happens to people with cards: wrong PINs, expired cards,
//! no card at all. Each test has workbenches of its own, so that all can run side by side.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy's exception for tests leaves out their helpers"
)]

mod isolation;
mod logins;
mod pins;
mod readers;

use std::collections::BTreeSet;

use cns_conformance::{ReaderKind, Setup, Workbench, actions};
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};

/// A card of the usual make for the citizen with that id.
fn workbench(citizen_id: &str) -> Workbench {
    workbench_with(citizen_id, ReaderKind::Vpcd)
}

fn workbench_with(citizen_id: &str, reader: ReaderKind) -> Workbench {
    let profile = profile(DEFAULT_PROFILE).unwrap();
    let setup = Setup::new(profile, citizen(citizen_id).unwrap()).in_reader(reader);
    Workbench::set_up(&setup).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn opensc_tool() {
    every_action_succeeds("opensc-tool");
}

#[test]
fn pkcs15_tool() {
    every_action_succeeds("pkcs15-tool");
}

#[test]
fn pkcs11_tool() {
    every_action_succeeds("pkcs11-tool");
}

#[test]
fn curl() {
    every_action_succeeds("curl");
}

#[test]
fn gnutls_cli() {
    every_action_succeeds("gnutls-cli");
}

#[test]
fn tstclnt() {
    every_action_succeeds("tstclnt");
}

#[test]
fn no_client_is_forgotten_here() {
    let clients: BTreeSet<&str> = actions().iter().map(|action| action.client).collect();
    let tested = [
        "opensc-tool",
        "pkcs15-tool",
        "pkcs11-tool",
        "curl",
        "gnutls-cli",
        "tstclnt",
    ];
    assert_eq!(clients, BTreeSet::from(tested));
}

fn every_action_succeeds(client: &str) {
    every_action_succeeds_at(&workbench("mario-bianchi"), client);
}

fn every_action_succeeds_at(workbench: &Workbench, client: &str) {
    for action in actions().iter().filter(|action| action.client == client) {
        match action.perform(workbench).result {
            Ok(outcome) => eprintln!(
                "{client} {}: {} ({:?}, {} commands)",
                action.title, outcome.summary, outcome.took, outcome.commands
            ),
            Err(error) => panic!("{client} {}: {error}", action.title),
        }
    }
}
