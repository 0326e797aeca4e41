//! The card that sessions are fuzzed on.

use cns_card::{CardImage, EntropyFault};
use cns_fixtures::{DEFAULT_PROFILE, citizen, collaudo_authority, personalise, profile};
use time::macros::date;

/// The PIN of the citizen on the card, who is the one of the recorded traces.
pub const PIN: &[u8; 8] = b"12345678";

/// A card of the default profile, the same in every run but for its certificate's signature.
pub fn image() -> CardImage {
    let today = date!(2026 - 11 - 01);
    let authority = collaudo_authority(today).expect("a certifier can be made");
    let profile = profile(DEFAULT_PROFILE).expect("the default profile is embedded");
    let citizen = citizen("mario-bianchi").expect("the citizen is embedded");
    personalise(&profile, &citizen, &authority, today, &mut counting())
        .expect("the default profile fits every citizen")
        .image
}

/// Random bytes that are the same in every run, so that what a target found can be found again.
pub fn counting() -> impl FnMut(&mut [u8]) -> Result<(), EntropyFault> + Send {
    let mut next = 0_u8;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            *byte = next;
            next = next.wrapping_add(1);
        }
        Ok(())
    }
}
