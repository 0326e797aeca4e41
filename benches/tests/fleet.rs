//! A thousand cards fit into one process: what each takes of memory is counted here, not timed.
//!
//! Counted is what Rust code allocates. The key itself is in OpenSSL's memory, which has an allocator of
//! its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::time::Duration;

use allocation_counter::measure;
use cns_benches::cards::Make;
use cns_benches::fleet::{CARDS_MAX, Fleet, holder};
use cns_benches::operation::{CardKey, Line};
use cns_benches::{BenchError, Load, Pace};
use cns_card::Card;
use cns_fixtures::{citizen, profile, profiles};
use cns_reader::SystemEntropy;

/// What a card may take beyond its key, in bytes.
const CARD_MAX: u64 = 64 * 1024;

#[test]
fn a_card_takes_less_than_64_kib_beyond_its_key() {
    const CARDS: usize = 10;
    for profile in profiles() {
        let id = profile.id.clone();
        let make = Make::new(profile, citizen("maria-rossi").unwrap()).unwrap();
        let key = CardKey::of(&make.profile, false).unwrap();
        let mut fleet: Vec<Inside> = Vec::with_capacity(CARDS);
        let mut fill = |from: usize| {
            for number in from..from + CARDS / 2 {
                let holder = holder(number).unwrap();
                let image = make.issue_to(&holder).unwrap().image;
                let mut card = Inside(Card::volatile(image, SystemEntropy::new()));
                card.0.power_on();
                key.unlock(&mut card, holder.pin.as_str()).unwrap();
                let block = vec![0x5A; key.length()];
                let block = [&[0x00], &block[1..]].concat();
                key.signature(&block)
                    .run(&mut card, &mut Vec::new())
                    .unwrap();
                fleet.push(card);
            }
        };
        // The first ones bring along what all share.
        fill(0);
        let taken = measure(|| fill(CARDS / 2));
        let each = u64::try_from(taken.bytes_current).unwrap() / (CARDS as u64 / 2);
        assert!(each < CARD_MAX, "{id}: {each} bytes a card");
        assert_eq!(fleet.len(), CARDS);
    }
}

struct Inside(Card);

impl Line for Inside {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError> {
        self.0.transmit(command, response);
        Ok(())
    }
}

#[test]
fn every_holder_of_a_fleet_is_somebody_else() {
    let holders: Vec<_> = (0..1_000).map(|number| holder(number).unwrap()).collect();
    let distinct = |tell: fn(&cns_fixtures::Citizen) -> String| {
        holders.iter().map(tell).collect::<BTreeSet<_>>().len()
    };
    assert_eq!(distinct(|holder| holder.codice_fiscale.to_string()), 1_000);
    assert_eq!(distinct(|holder| holder.card_number.to_string()), 1_000);
    assert_eq!(distinct(|holder| holder.pin.as_str().to_owned()), 1_000);
    assert!(holder(CARDS_MAX - 1).is_ok());
    assert!(holder(CARDS_MAX).is_err());
}

#[test]
fn all_cards_of_a_fleet_sign() {
    let make = Make::new(
        profile(cns_fixtures::DEFAULT_PROFILE).unwrap(),
        citizen("maria-rossi").unwrap(),
    )
    .unwrap();
    let fleet = Fleet::make(&make, 12, &|_| ()).unwrap();
    assert_eq!(fleet.len(), 12);
    let load = Load {
        duration: Duration::from_millis(50),
        warm_up: Duration::ZERO,
        pace: Pace::Closed,
    };
    assert!(0 < fleet.sign(load).unwrap().count);
}
