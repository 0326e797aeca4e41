//! Shows what the installed programs make of the zoo, in the format of `data/zoo/PROGRAM-VERSION.toml`:
//!
//!     cargo run -p cns-conformance --example observe_zoo openssl
//!
//! The programs are openssl, curl, s_client, gnutls-cli, tstclnt, xmllint and xmlsec1. Where what one says is not
//! what a portal, or its client, must do, somebody must say why: `differs = "?"`.

#![allow(clippy::print_stdout, reason = "what it shows is its result")]

use cns_authority::zoo::{Verdict, animals};
use cns_conformance::openssl_judge::{Judge, Opinion};
use cns_conformance::reactions::Bystander;
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

fn main() -> Result {
    let wanted = std::env::args().nth(1).unwrap_or("openssl".to_owned());
    match Bystander::ALL.into_iter().find(|it| it.name() == wanted) {
        Some(bystander) => observe_bystander(bystander),
        None if wanted == "openssl" => observe_openssl(),
        None => Err(format!("nobody has heard of a program {wanted:?}").into()),
    }
}

fn observe_bystander(bystander: Bystander) -> Result {
    let judge = Judge::new(&profile(DEFAULT_PROFILE)?, &citizen("mario-bianchi")?)?;
    println!("# {} {}", bystander.name(), bystander.version()?);
    for animal in animals() {
        if let Some(opinion) = bystander.reaction(&judge, animal)? {
            show(animal.id, animal.verdict, Some(opinion), None);
        }
    }
    Ok(())
}

fn observe_openssl() -> Result {
    let (profile, citizen) = (profile(DEFAULT_PROFILE)?, citizen("mario-bianchi")?);
    let judge = Judge::new(&profile, &citizen)?;
    let server = judge.server()?;
    let visitor = judge.visitor(server.address(), profile, citizen)?;
    println!("# openssl {}", judge.version()?);
    for animal in animals() {
        let (opinion, lets_in) = (judge.opinion(animal)?, visitor.is_let_in(animal)?);
        if opinion.is_some() || lets_in.is_some() {
            show(animal.id, animal.verdict, opinion, lets_in);
        }
    }
    Ok(())
}

fn show(id: &str, verdict: Verdict, opinion: Option<Opinion>, lets_in: Option<bool>) {
    println!("\n[animals.\"{id}\"]");
    let must = verdict == Verdict::Accept;
    if let Some(opinion) = &opinion {
        println!("says = {:?}", opinion.says);
    }
    if let Some(lets_in) = lets_in {
        println!("server_lets_in = {lets_in}");
    }
    let said = [opinion.map(|it| it.accepts), lets_in];
    if said.into_iter().flatten().any(|accepts| accepts != must) {
        println!("differs = \"?\"");
    }
}
