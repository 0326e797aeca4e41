//! Writes what the cards of all profiles, or of one, can do through PKCS #11 into `data/capabilities`.
//! Read the difference before you commit it.
//!
//!     cargo run -p cns-conformance --example observe_capabilities [PROFILE]

#![allow(clippy::unwrap_used, reason = "a tool of the project's own")]

use std::path::Path;

use cns_conformance::{Setup, Workbench, capabilities};
use cns_fixtures::{citizen, profiles};

fn main() {
    let wanted = std::env::args().nth(1);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/capabilities");
    for profile in profiles() {
        if wanted.as_ref().is_some_and(|id| *id != profile.id) {
            continue;
        }
        let path = folder.join(format!("{}.json", profile.id));
        let setup = Setup::new(profile, citizen("maria-rossi").unwrap());
        let seen = capabilities::observe(&Workbench::set_up(&setup).unwrap()).unwrap();
        let text = serde_json::to_string_pretty(&seen).unwrap() + "\n";
        std::fs::write(path, text).unwrap();
    }
}
