//! Shows what the installed openssl makes of the zoo, in the format of `data/zoo/openssl-VERSION.toml`:
//!
//!     cargo run -p cns-conformance --example observe_zoo
//!
//! Where that is not what a portal must do, somebody must say why: `differs = "?"`.

#![allow(clippy::print_stdout, reason = "what it shows is its result")]

use cns_authority::zoo::{Verdict, animals};
use cns_conformance::openssl_judge::Judge;
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (profile, citizen) = (profile(DEFAULT_PROFILE)?, citizen("mario-bianchi")?);
    let judge = Judge::new(&profile, &citizen)?;
    let server = judge.server()?;
    let visitor = judge.visitor(server.address(), profile, citizen)?;
    println!("# openssl {}", judge.version()?);
    for animal in animals() {
        let opinion = judge.opinion(animal)?;
        let lets_in = visitor.is_let_in(animal)?;
        if opinion.is_none() && lets_in.is_none() {
            continue;
        }
        println!("\n[animals.\"{}\"]", animal.id);
        let must = animal.verdict == Verdict::Accept;
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
    Ok(())
}
