//! What tests of cards in readers share: a process with a PC/SC of its own, and what a card must be like
//! after a run.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cns_conformance::campaign::Options;
use cns_conformance::private_reader::{Place, Way, start_over};
use cns_conformance::reader_stage::plays;
use cns_conformance::runner::Permission;
use cns_conformance::target::OwnCard;
use cns_fixtures::{Profile, citizen};
use time::OffsetDateTime;

pub const SEED: u64 = 1;

/// The place that this process was started at for `test`. None if it was not: then the test has run in a
/// process that was, or this process only plays another program's part.
pub fn at_a_place(way: Way, test: &str) -> Option<Place> {
    if plays() {
        return None;
    }
    let place = Place::of_this_process();
    if place.is_none() {
        let arguments = [test, "--exact", "--nocapture"];
        let status = start_over(way, arguments, []).unwrap();
        assert!(status.success(), "{test} failed, in a process of its own");
    }
    place
}

/// A run that only looks.
pub fn options(profiles: Vec<Profile>) -> Options {
    Options {
        profiles,
        citizen: citizen("mario-bianchi").unwrap(),
        pin: None,
        puk: None,
        authority: None,
        permission: Permission::LookOnly,
        seed: SEED,
        today: OffsetDateTime::now_utc().date(),
    }
}

/// What must be the same after a run that writes and writes back: all that is stored but for the salt of
/// a PIN, which is new whenever the PIN is written, and the tries of each.
pub fn contents(card: &OwnCard) -> (Vec<u8>, Vec<u8>) {
    let mut image = card.image();
    let secrets = std::mem::take(&mut image.master_file.reference_data);
    let tries = secrets.iter().map(|secret| secret.tries_left()).collect();
    (image.encode().unwrap(), tries)
}
