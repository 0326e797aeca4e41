//! Logs that people paste into an issue: text becomes a profile and a script, or a reason.

#![no_main]

use cns_fixtures::import::import;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // What came of it is put into words as well: they are made of the log's bytes.
    match import("fuzzed", "fuzzed.log", text) {
        Ok(import) => drop(import.findings.to_string()),
        Err(reason) => drop(reason.to_string()),
    }
});
