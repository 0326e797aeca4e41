//! Towns and worlds: text is one or a reason, and what was read can be written and read again.

#![no_main]

use cns_services::{Town, World};
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 UTC);

fuzz_target!(|bytes: &[u8]| {
    let _ = Town::of_file(bytes, NOW);
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    if let Ok(world) = World::import(text) {
        let written = world
            .export()
            .expect("a world that was read can be written");
        let again = World::import(&written).expect("a world that was written can be read");
        assert!(again == world);
    }
    if let Ok(town) = Town::import(text, NOW) {
        let file = town.to_file().expect("a town that was read can be written");
        let again = Town::of_file(&file, NOW).expect("a town that was written can be read");
        assert!(again.to_file() == Ok(file));
    }
});
