//! Shows what clients show their users for each alert of a strict portal:
//!
//!     cargo run -p cns-conformance --example observe_symptoms firefox
//!
//! What counts of it goes into `data/symptoms.toml`.

#![allow(clippy::print_stdout, reason = "what it shows is its result")]

use cns_conformance::symptoms::{Onlooker, symptom};
use cns_conformance::{Setup, Workbench};
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};
use cns_portal::alert::ALERTS;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted = std::env::args().nth(1).unwrap_or("curl".to_owned());
    let onlooker = Onlooker::ALL.into_iter().find(|it| it.name() == wanted);
    let onlooker = onlooker.ok_or_else(|| format!("nobody has heard of a client {wanted:?}"))?;
    let setup = Setup::new(profile(DEFAULT_PROFILE)?, citizen("mario-bianchi")?);
    let workbench = Workbench::set_up(&setup)?;
    for alert in ALERTS {
        let seen = symptom(&workbench, onlooker, alert.name)?;
        println!("# {}, sent {:?}\n{}\n", alert.name, seen.sent, seen.text);
    }
    Ok(())
}
