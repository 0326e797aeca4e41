//! The instruction byte INS.
//!
//! ```text
//! 00  20 22 24 2A 2C 46 82 84 A4 B0 B2 C0 D6 DA DC E0 E2, and CA where the maker tells something
//! 80  86      90  24
//! ```
//! A sweep over all of them is for the suite's own cards: one that deletes or terminates cannot be
//! known before it was sent.

use cns_apdu::Sw;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "instruction byte");
const LIST: Source = source(Document::CnsFunctional, "list of commands", Grade::Read);
const OPENSC: Source = source(
    Document::OpenSc,
    "how it tells cards apart",
    Grade::Verified,
);
const VENDOR: Source = read(Document::OpenSc, "issue 3806: GET DATA 01 80");
const OWN: &[Needs] = &[Needs::OwnCard];

/// The commands of class 00 in the list of the specification, and GET RESPONSE.
const THERE: &[u8] = &[
    0x20, 0x22, 0x24, 0x2A, 0x2C, 0x46, 0x82, 0x84, 0xA4, 0xB0, 0xB2, 0xC0, 0xD6, 0xDA, 0xDC, 0xE0,
    0xE2,
];

const GET_DATA: u8 = 0xCA;

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "class.instructions.none-by-surprise",
        requirement: "An instruction that is not in the list is answered 6D00.",
        sources: &[ISO, LIST],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            for instruction in 0x00..=0xFF {
                if THERE.contains(&instruction) || instruction == GET_DATA {
                    continue;
                }
                let answer = card.send(&format!("00 {instruction:02X} 00 00"))?;
                // Two are there in a class of their own.
                answer.is_one_of(match instruction {
                    0x86 => &[Sw::CLASS_NOT_SUPPORTED],
                    _ => &[Sw::INSTRUCTION_NOT_SUPPORTED],
                })?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.instructions.all-there",
        requirement: "An instruction that is in the list is there: it is not answered 6D00.",
        sources: &[LIST],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for instruction in THERE {
                let answer = card.send(&format!("00 {instruction:02X} 00 00"))?;
                answer
                    .is_not(Sw::INSTRUCTION_NOT_SUPPORTED)?
                    .is_not(Sw::CLASS_NOT_SUPPORTED)?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.instructions.none-by-surprise-elsewhere",
        requirement: "In the other classes there is GIVE RANDOM and CHANGE KEY DATA, and nothing \
                      else.",
        sources: &[LIST],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            for class in [0x80, 0x90, 0xB0] {
                for instruction in 0x00..=0xFF {
                    let header = format!("{class:02X} {instruction:02X} 00 00");
                    let answer = card.send(&header)?;
                    match (class, instruction) {
                        (0x80, 0x86) | (0x90, 0x24) => answer.is(Sw::WRONG_LENGTH)?,
                        _ => answer
                            .is_one_of(&[Sw::INSTRUCTION_NOT_SUPPORTED, Sw::CLASS_NOT_SUPPORTED])?,
                    };
                }
            }
            Ok(())
        },
    },
    Case {
        id: "class.instructions.not-instructions",
        requirement: "6X and 9X, which would be status words, are no instructions.",
        sources: &[ISO],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for instruction in (0x60..=0x6F).chain(0x90..=0x9F) {
                let answer = card.send(&format!("00 {instruction:02X} 00 00"))?;
                answer.is_refused()?.is_bare()?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.instructions.not-of-a-cns",
        requirement: "Commands of other cards, which delete, terminate or authenticate, are not \
                      there, with data either.",
        sources: &[LIST],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            for command in [
                "00 E4 00 00 (3F01)",
                "00 04 00 00 (3F01)",
                "00 44 00 00 (3F01)",
                "00 E6 00 00",
                "00 E8 00 00 (3F01)",
                "00 FE 00 00",
                "00 88 00 00 (01 02 03 04 05 06 07 08) 00",
                "00 C2 00 00 (00 A4 00 00)",
                "00 0E 00 00 (00 00)",
                "00 D0 00 00 (00 00)",
                "00 70 00 00 01",
                "00 DB 3F FF (5C 00)",
                "00 28 00 10",
            ] {
                card.send(command)?.is(Sw::INSTRUCTION_NOT_SUPPORTED)?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.instructions.erase",
        requirement: "The maker's command that erases all files is not there.",
        sources: &[read(Document::OpenSc, "incrypto34: B0 F5")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            card.send("B0 F5 00 00")?.is_refused()?;
            card.send("B0 FC 00 00 03")?.is_refused()?;
            card.select(&[0x1100])?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "class.instructions.probes",
        requirement: "What OpenSC asks to know other cards by is refused.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for probe in ["00 CA DF 30 05", "00 CB 3F FF (5C 01 7E) 08"] {
                card.send(probe)?.is_refused()?.is_bare()?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.instructions.no-get-data",
        requirement: "A card whose maker tells nothing refuses GET DATA.",
        sources: &[VENDOR, LIST],
        level: Level::Should,
        needs: &[Needs::NoVendorData],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for parameters in ["01 80", "01 82", "01 83"] {
                let answer = card.send(&format!("00 CA {parameters} 00"))?;
                answer.is_refused()?.is_bare()?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.instructions.get-data",
        requirement: "GET DATA tells what the maker has put there, and answers 6A88 to what is not.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: &[Needs::VendorData],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let told = card.subject().profile.dialect.vendor_data.clone();
            for (parameters, data) in told {
                let [p1, p2] = parameters.to_be_bytes();
                let answer = card.send(&format!("00 CA {p1:02X} {p2:02X} 00"))?;
                answer.is_ok()?.has_data(&data)?;
            }
            card.send("00 CA 7F 7F 00")?.is(Sw::REFERENCE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "class.instructions.operations",
        requirement: "PSO of a kind that is not in the list is answered 6A86.",
        sources: &[
            LIST,
            read(Document::Iso7816Part8, "PERFORM SECURITY OPERATION"),
        ],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for operation in ["90 80", "90 A0", "00 A8", "00 BE", "80 80", "9E 9C"] {
                let answer = card.send(&format!("00 2A {operation} (01 02)"))?;
                answer.is(Sw::WRONG_P1_P2)?;
            }
            Ok(())
        },
    },
];
