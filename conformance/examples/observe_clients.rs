//! Shows what clients say in all scenarios, in the format of `data/clients`:
//!
//!     cargo run -p cns-conformance --example observe_clients [CLIENT] [SCENARIO] [READER]

#![allow(clippy::print_stdout, reason = "what it shows is its result")]

use cns_conformance::ReaderKind;
use cns_conformance::client_suite::{Scenario, observe};
use cns_conformance::clients::drivers;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (client, scenario) = (arguments.next(), arguments.next());
    let reader: Option<ReaderKind> = arguments
        .next()
        .map(|it| it.parse().expect("vpcd, ifd or daemonless"));
    for driver in drivers() {
        if client
            .as_ref()
            .is_some_and(|name| name != "all" && name != driver.client)
        {
            continue;
        }
        for wanted in Scenario::ALL {
            if scenario
                .as_ref()
                .is_some_and(|id| id != "all" && id != wanted.id())
            {
                continue;
            }
            match observe(driver, wanted, reader.unwrap_or(driver.reader)) {
                Ok(outline) => println!(
                    "\n# {}, {}\n[seen.rows.{}]\n{}",
                    driver.client,
                    outline.version,
                    wanted.id(),
                    outline.seen
                ),
                Err(stop) => println!("\n# {} {}: {stop:?}", driver.client, wanted.id()),
            }
        }
    }
}
