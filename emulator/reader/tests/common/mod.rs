//! A card for the reader's tests.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use cns_authority::{CertificationAuthority, CertifierName, Validity};
use cns_card::CardImage;
use cns_fixtures::{citizen, personalise, profile};
use cns_reader::SystemEntropy;
use time::macros::{date, datetime};

/// The citizen whose PIN is 12345678 and whose PUK is 87654321, on the default card.
pub fn image() -> CardImage {
    static IMAGE: LazyLock<CardImage> = LazyLock::new(|| {
        let start = datetime!(2026-01-01 0:00 UTC);
        let validity = Validity::new(start, datetime!(2036-01-01 0:00 UTC)).unwrap();
        let name = CertifierName::regional("Collaudo");
        let authority = CertificationAuthority::new(&name, validity).unwrap();
        let profile = profile("cns11-st2021").unwrap();
        let citizen = citizen("mario-bianchi").unwrap();
        let today = date!(2026 - 11 - 01);
        personalise(
            &profile,
            &citizen,
            &authority,
            today,
            &mut SystemEntropy::new(),
        )
        .unwrap()
        .image
    });
    IMAGE.clone()
}
