//! What the cards of each profile can do through PKCS #11, compared with what is pinned.

#![allow(
    clippy::unwrap_used,
    reason = "clippy's exception for tests leaves out their helpers"
)]

use std::thread;

use cns_conformance::{Setup, Workbench, capabilities};
use cns_fixtures::{Profile, citizen, profiles};

#[test]
fn every_profile_can_do_what_it_is_pinned_to_do() {
    let mut all = profiles();
    // Two halves side by side: what takes time is waiting for readers.
    let rest = all.split_off(all.len() / 2);
    thread::scope(|scope| {
        for half in [all, rest] {
            scope.spawn(move || half.into_iter().for_each(check));
        }
    });
}

fn check(profile: Profile) {
    let id = profile.id.clone();
    let setup = Setup::new(profile, citizen("maria-rossi").unwrap());
    let seen = capabilities::observe(&Workbench::set_up(&setup).unwrap()).unwrap();
    let pinned = capabilities::pinned(&id);
    assert_eq!(
        Some(&seen),
        pinned.as_ref(),
        "{id} is not as it is pinned\nhint: cargo run -p cns-conformance --example \
         observe_capabilities {id}; then read the difference"
    );
}
