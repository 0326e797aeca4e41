//! The form of an answer to reset (ISO/IEC 7816-3 §8.2).
//!
//! ```text
//! TS | T0 | TA1 TB1 TC1 TD1 | TA2 .. | T1..TK | TCK
//! TS   3B direct, 3F inverse convention
//! T0   high half: which of TA1 to TD1 follow; low half: K, the number of historical bytes
//! TDi  high half: which of TA(i+1) to TD(i+1) follow; low half: the protocol T
//! TCK  there when a protocol other than T=0 is offered: T0 to TCK exclusive-or to 00
//! ```

use super::decoded::decode;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part3, "8.2 answer-to-reset");
const LIST: Source = source(Document::AtrList, "CNS and CRS", Grade::Verified);

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "atr.structure.direct-convention",
        requirement: "The answer to reset begins with 3B, the direct convention.",
        sources: &[ISO, LIST],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| match card.atr() {
            [0x3B, ..] => Ok(()),
            atr => Err(Stop::fail("TS = 3B", cns_apdu::hex::encode(atr))),
        },
    },
    Case {
        id: "atr.structure.announced-length",
        requirement: "The answer to reset ends where T0 and the TD bytes say that it ends.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| match decode(card.atr())?.trailing {
            [] => Ok(()),
            more => Err(Stop::fail(
                "nothing behind the last announced byte",
                cns_apdu::hex::encode(more),
            )),
        },
    },
    Case {
        id: "atr.structure.longest",
        requirement: "The answer to reset has at most 32 characters after TS.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| match card.atr().len() {
            0..=33 => Ok(()),
            length => Err(Stop::fail("33 bytes or fewer", format!("{length} bytes"))),
        },
    },
    Case {
        id: "atr.structure.checksum",
        requirement: "TCK makes the exclusive-or of all bytes behind TS zero.",
        sources: &[ISO, LIST],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let atr = card.atr();
            let decoded = decode(atr)?;
            let sum = atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte);
            match decoded.checksum {
                Some(tck) if sum != 0 => Err(Stop::fail(
                    format!("TCK = {:02X}", tck ^ sum),
                    format!("TCK = {tck:02X}"),
                )),
                _ => Ok(()),
            }
        },
    },
    Case {
        id: "atr.structure.of-its-make",
        requirement: "The answer to reset is that of the card's production lot.",
        sources: &[read(Document::AtrList, "CNS and CRS")],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let expected = card.subject().profile.atr.as_bytes();
            match card.atr() == expected {
                true => Ok(()),
                false => Err(Stop::fail(
                    cns_apdu::hex::encode(expected),
                    cns_apdu::hex::encode(card.atr()),
                )),
            }
        },
    },
    Case {
        id: "atr.structure.through-an-antenna",
        requirement: "Through an antenna, the answer to reset is the one that PC/SC makes up: 3B \
                      8n 80 01, historical bytes, checksum.",
        sources: &[read(Document::Pcsc, "part 3, contactless answers to reset")],
        level: Level::Must,
        needs: &[Needs::Antenna],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let protocols: Vec<Option<u8>> = decode(card.atr())?
                .groups
                .iter()
                .map(|group| group.td)
                .collect();
            match protocols == [Some(0x80), Some(0x01), None] {
                true => Ok(()),
                false => Err(Stop::fail(
                    "TD1 = 80, TD2 = 01 and no other interface byte",
                    cns_apdu::hex::encode(card.atr()),
                )),
            }
        },
    },
];
