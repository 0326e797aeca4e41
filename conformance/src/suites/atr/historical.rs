//! What the answer to reset says of the card, in fifteen historical bytes (OpenSC's driver, and the
//! answers to reset of some fifty cards).
//!
//! ```text
//! H1     00   category: compact objects follow      H10-12  43 4E 53, "CNS"
//! H2     6B   object 6, pre-issuing data: H3 to H13  H13    version in BCD, 10 or 11
//! H3     maker of the chip   H4  maker of the mask   H14-15 31 80, object 3: selection by full name
//! H5-6   version of the mask   H7  01   H8  varies   H9  01 citizen, 02 professional
//! ```

use cns_fixtures::Source as Content;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::decoded::decode;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const OPENSC: Source = read(Document::OpenSc, "match of the answer to reset");
const LIST: Source = source(Document::AtrList, "CNS and CRS", Grade::Verified);
const CONTACTS: &[Needs] = &[Needs::Contacts];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "atr.historical.fifteen",
        requirement: "There are fifteen historical bytes.",
        sources: &[OPENSC, LIST],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| judge(card, "fifteen historical bytes", |bytes| bytes.len() == 15),
    },
    Case {
        id: "atr.historical.category",
        requirement: "The category indicator H1 is 00.",
        sources: &[OPENSC, read(Document::Iso7816Part4, "historical bytes")],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| judge(card, "H1 = 00", |bytes| bytes.first() == Some(&0x00)),
    },
    Case {
        id: "atr.historical.compact-objects",
        requirement: "Behind H1 stand compact objects, whose lengths add up.",
        sources: &[
            read(Document::Iso7816Part4, "historical bytes"),
            source(Document::CnsFunctional, "historical bytes", Grade::Inferred),
        ],
        level: Level::Should,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            judge(card, "objects that end where H15 does", |bytes| {
                let mut rest = bytes.get(1..).unwrap_or_default();
                while let Some((head, others)) = rest.split_first() {
                    match others.get(usize::from(head & 0x0F)..) {
                        Some(behind) => rest = behind,
                        None => return false,
                    }
                }
                true
            })
        },
    },
    Case {
        id: "atr.historical.pre-issuing-data",
        requirement: "H2 is 6B: eleven bytes of pre-issuing data.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| judge(card, "H2 = 6B", |bytes| bytes.get(1) == Some(&0x6B)),
    },
    Case {
        id: "atr.historical.maker",
        requirement: "H4 names one of the thirteen makers of masks.",
        sources: &[read(Document::OpenSc, "table of mask makers")],
        level: Level::Should,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            judge(card, "H4 from 01 to 0D", |bytes| {
                matches!(bytes.get(3), Some(0x01..=0x0D))
            })
        },
    },
    Case {
        id: "atr.historical.h7",
        requirement: "H7 is 01, without which OpenSC up to 0.23 does not take the card.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| judge(card, "H7 = 01", |bytes| bytes.get(6) == Some(&0x01)),
    },
    Case {
        id: "atr.historical.citizen",
        requirement: "H9 is 01: the card of a citizen, not of a professional.",
        sources: &[source(Document::AtrList, "CNS and HPC", Grade::Inferred)],
        level: Level::Should,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| judge(card, "H9 = 01", |bytes| bytes.get(8) == Some(&0x01)),
    },
    Case {
        id: "atr.historical.cns",
        requirement: "H10 to H12 are the letters CNS.",
        sources: &[OPENSC, LIST],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| judge(card, "CNS", |bytes| bytes.get(9..12) == Some(b"CNS")),
    },
    Case {
        id: "atr.historical.version",
        requirement: "H13 is the version of the CNS, 1.0 or 1.1.",
        sources: &[OPENSC, LIST],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            judge(card, "H13 = 10 or 11", |bytes| {
                matches!(bytes.get(12), Some(0x10 | 0x11))
            })
        },
    },
    Case {
        id: "atr.historical.version-and-key",
        requirement: "A card of version 1.1 has a key of 2048 bits: OpenSC from 0.24 on knows no \
                      other there.",
        sources: &[read(Document::OpenSc, "initialisation of the card, 0.24")],
        level: Level::Must,
        needs: &[Needs::Contacts, Needs::File(Content::Certificate)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let version = decode(card.atr())?.historical.get(12).copied();
            let der = card.read_file(Content::Certificate)?;
            match key_bits(&der) {
                Some(2048) => Ok(()),
                _ if version == Some(0x10) => Ok(()),
                Some(bits) => Err(Stop::fail(
                    "2048 bits on a card of version 1.1",
                    format!("{bits} bits"),
                )),
                None => Err(Stop::skip("its certificate has no RSA key to judge")),
            }
        },
    },
    Case {
        id: "atr.historical.selection-by-name",
        requirement: "H14 and H15 are 31 80: applications are selected by their full name.",
        sources: &[OPENSC, LIST],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            judge(card, "31 80", |bytes| {
                bytes.get(13..) == Some(&[0x31, 0x80])
            })
        },
    },
];

fn judge(card: &TestCard, expected: &str, holds: impl Fn(&[u8]) -> bool) -> Verdict {
    let bytes = decode(card.atr())?.historical;
    match holds(bytes) {
        true => Ok(()),
        false => Err(Stop::fail(expected, cns_apdu::hex::encode(bytes))),
    }
}

/// The length of the RSA key in a certificate, in bits.
fn key_bits(der: &[u8]) -> Option<usize> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    match certificate.public_key().parsed().ok()? {
        PublicKey::RSA(key) => Some(key.key_size()),
        _ => None,
    }
}
