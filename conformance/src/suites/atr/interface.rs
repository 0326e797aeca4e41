//! What the answer to reset says of the transmission (ISO/IEC 7816-3 §8.3, §11.4).
//!
//! ```text
//! TA1  clock rate and baud rate factors     TC1  extra guard time
//! TB1  programming voltage, no longer used  TD1  the protocol that is offered first
//! TA3  IFSC, the longest block that the card takes     TB3  BWI and CWI, how long it may take
//! ```
//! All known CNS offer T=1 and nothing else: OpenSC 0.23 takes none that does not.

use super::decoded::{Decoded, decode};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part3, "8.3 interface bytes");
const ISO_T1: Source = read(Document::Iso7816Part3, "11.4 interface bytes of T=1");
const LIST: Source = source(Document::AtrList, "CNS and CRS", Grade::Verified);
const OPENSC: Source = read(Document::OpenSc, "match of the answer to reset, 0.23");
const CONTACTS: &[Needs] = &[Needs::Contacts];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "atr.interface.t1-first",
        requirement: "The protocol that is offered first is T=1.",
        sources: &[LIST, OPENSC],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let decoded = decode(card.atr())?;
            let first = decoded.group(1).protocol();
            judge(first == Some(1), "T=1 in TD1", card)
        },
    },
    Case {
        id: "atr.interface.t1-only",
        requirement: "No protocol but T=1 is offered.",
        sources: &[LIST, OPENSC],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let decoded = decode(card.atr())?;
            let mut offered = decoded.groups.iter().filter_map(|group| group.protocol());
            let all = offered.all(|protocol| protocol == 1);
            judge(all, "T=1 in every TD", card)
        },
    },
    Case {
        id: "atr.interface.td2",
        requirement: "TD2 is 31: TA3 and TB3 follow, and nothing after them.",
        sources: &[LIST, OPENSC],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let td2 = decode(card.atr())?.group(2).td;
            judge(td2 == Some(0x31), "TD2 = 31", card)
        },
    },
    Case {
        id: "atr.interface.speed",
        requirement: "TA1 names a clock rate factor and a baud rate factor that exist.",
        sources: &[ISO],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let ta1 = decode(card.atr())?.group(1).ta.unwrap_or(0x11);
            let has_clock = matches!(ta1 >> 4, 0x0..=0x6 | 0x9..=0xD);
            let has_baud = matches!(ta1 & 0x0F, 0x1..=0x9);
            judge(
                has_clock && has_baud,
                "a TA1 of ISO/IEC 7816-3 tables 7 and 8",
                card,
            )
        },
    },
    Case {
        id: "atr.interface.no-programming-voltage",
        requirement: "TB1 asks for no programming voltage: it is 00, or not there.",
        sources: &[ISO, LIST],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let tb1 = decode(card.atr())?.group(1).tb;
            judge(matches!(tb1, None | Some(0)), "TB1 = 00, or none", card)
        },
    },
    Case {
        id: "atr.interface.guard-time",
        requirement: "TC1 is 00 or FF, or not there: no card of the family asks for a longer guard \
                      time.",
        sources: &[LIST],
        level: Level::Should,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let tc1 = decode(card.atr())?.group(1).tc;
            judge(
                matches!(tc1, None | Some(0x00 | 0xFF)),
                "TC1 = 00 or FF, or none",
                card,
            )
        },
    },
    Case {
        id: "atr.interface.block-size",
        requirement: "TA3 tells the longest block that the card takes, from 01 to FE bytes.",
        sources: &[ISO_T1],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let decoded = decode(card.atr())?;
            judge(
                matches!(of_t1(&decoded).0, 0x01..=0xFE),
                "an IFSC from 01 to FE",
                card,
            )
        },
    },
    Case {
        id: "atr.interface.largest-blocks",
        requirement: "The card takes blocks of 254 bytes, the longest that T=1 has.",
        sources: &[LIST],
        level: Level::Should,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let decoded = decode(card.atr())?;
            judge(of_t1(&decoded).0 == 0xFE, "an IFSC of FE", card)
        },
    },
    Case {
        id: "atr.interface.waiting-time",
        requirement: "TB3 names a block waiting time that exists: BWI is from 0 to 9.",
        sources: &[ISO_T1],
        level: Level::Must,
        needs: CONTACTS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let decoded = decode(card.atr())?;
            judge(of_t1(&decoded).1 >> 4 <= 9, "a BWI from 0 to 9", card)
        },
    },
];

/// IFSC, then BWI and CWI, or what holds where they are not said.
fn of_t1(decoded: &Decoded<'_>) -> (u8, u8) {
    let group = decoded.group(3);
    (group.ta.unwrap_or(0x20), group.tb.unwrap_or(0x4D))
}

fn judge(holds: bool, expected: &str, card: &TestCard) -> Verdict {
    match holds {
        true => Ok(()),
        false => Err(Stop::fail(expected, cns_apdu::hex::encode(card.atr()))),
    }
}
