//! EF.KeyPub, 3F00/3F01: the public key in two records, for clients that read no certificate.
//!
//! ```text
//! 00 B2 01 04 00      10 | length | ... 00 modulus
//! 00 B2 02 04 00      11 | length | ... 00 exponent
//! ```
//! How long records tell their length is inferred, so that cases look at both ends only.

use cns_apdu::{Command, Le};
use cns_fixtures::{KeyPurpose, Source as Holds};

use super::reading::{looks, must};
use crate::applies::Needs;
use crate::case::{Case, Level, Stop};
use crate::evidence::{Document, Grade, Source, source};
use crate::test_card::TestCard;

const FILE: &[Needs] = &[
    Needs::File(Holds::PublicKeyRecords),
    Needs::Key(KeyPurpose::Authentication),
];
const VENDOR: &[Source] = &[source(Document::CnsFileSystem, "EF.KeyPub", Grade::Read)];

pub(super) const CASES: &[Case<TestCard>] = &[
    looks(
        "data.key-pub.modulus",
        "Record 1 of EF.KeyPub ends with the modulus of the certificate.",
        VENDOR,
        Level::Should,
        FILE,
        |card| {
            let modulus = card
                .certified_key(KeyPurpose::Authentication)?
                .modulus_and(0);
            must(
                record(card, 1)?.ends_with(&modulus),
                "the certificate's modulus",
                "another",
            )
        },
    ),
    looks(
        "data.key-pub.exponent",
        "Record 2 of EF.KeyPub ends with the exponent of the certificate.",
        VENDOR,
        Level::Should,
        FILE,
        |card| {
            let exponent = card.certified_key(KeyPurpose::Authentication)?.exponent();
            must(
                record(card, 2)?.ends_with(&exponent),
                "the certificate's exponent",
                "another",
            )
        },
    ),
    looks(
        "data.key-pub.tags",
        "The records of EF.KeyPub have the tags 10 and 11.",
        VENDOR,
        Level::Should,
        FILE,
        |card| {
            let tags = [
                record(card, 1)?.first().copied(),
                record(card, 2)?.first().copied(),
            ];
            must(tags == [Some(0x10), Some(0x11)], "10 and 11", "other tags")
        },
    ),
];

fn record(card: &mut TestCard, number: u8) -> Result<Vec<u8>, Stop> {
    let path = card.path_of(Holds::PublicKeyRecords)?;
    card.select_quietly(&path)?.is_ok()?;
    let extended = card.subject().profile.dialect.extended_length;
    let header = [0x00, 0xB2, number, 0x04];
    // The record of 2048 bits is longer than a short response.
    let le = match extended {
        true => Le::exact(0x0200),
        false => Le::Maximum,
    };
    let answer = card.send_command(&Command::new(header, &[], le))?;
    Ok(answer.data)
}
