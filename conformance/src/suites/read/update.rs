//! UPDATE BINARY (ISO/IEC 7816-4 §7.2.5), `00 D6 offset Lc data`, the offset in 15 bits. The file of
//! these cases is EF.Dati_Personali_Aggiuntivi, which the holder writes with the PIN.

use cns_apdu::{Sw, hex};
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "UPDATE BINARY");
const TABLE: Source = read(Document::OpenSc, "incrypto34: table of status words");
const INFERRED: Source = source(Document::Iso7816Part4, "UPDATE BINARY", Grade::Inferred);
/// The holder's own file.
const NOTES: &[u16] = &[0x1200, 0x1201];
const HAS_NOTES: &[Needs] = &[Needs::Path(NOTES), Needs::Reference(Secret::Pin)];
const OUTSIDE: &[Sw] = &[Sw::WRONG_OFFSET, Sw::NOT_ENOUGH_MEMORY, Sw::WRONG_LENGTH];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "read.update.reads-back",
        requirement: "What was written is read back.",
        sources: &[ISO],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, _| {
                card.send("00 D6 00 00 (C0FFEE)")?.is_ok()?.is_bare()?;
                card.read_binary(0, 3)?
                    .is_ok()?
                    .has_data(&[0xC0, 0xFF, 0xEE])?;
                Ok(())
            })
        },
    },
    Case {
        id: "read.update.leaves-the-rest",
        requirement: "What is not written stays: before the offset, and behind the data.",
        sources: &[ISO],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                card.send("00 D6 00 05 (A5A5A5)")?.is_ok()?;
                let mut expected = before.to_vec();
                expected.splice(5..8, [0xA5; 3]);
                same(&expected, &card.read_current_file()?)
            })
        },
    },
    Case {
        id: "read.update.last-byte",
        requirement: "The last byte of a file can be written.",
        sources: &[ISO],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                let [high, low] = last(before);
                card.send(&format!("00 D6 {high:02X} {low:02X} (5A)"))?
                    .is_ok()?;
                card.send(&format!("00 B0 {high:02X} {low:02X} 01"))?
                    .is_ok()?
                    .has_data(&[0x5A])?;
                Ok(())
            })
        },
    },
    Case {
        id: "read.update.most-at-once",
        requirement: "255 bytes are written at once.",
        sources: &[ISO],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                if before.len() < 255 {
                    return Err(Stop::skip("the file is shorter"));
                }
                let bytes = card.random(255);
                card.send(&format!("00 D6 00 00 ({})", hex::encode(&bytes)))?
                    .is_ok()?;
                card.read_binary(0, 255)?.is_ok()?.has_data(&bytes)?;
                Ok(())
            })
        },
    },
    Case {
        id: "read.update.same-size",
        requirement: "Writing does not change the size of a file.",
        sources: &[ISO],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                card.send("00 D6 00 00 (010203)")?.is_ok()?;
                let size = u16::try_from(before.len()).unwrap_or_default();
                card.fci(NOTES)?.has(0x80, &size.to_be_bytes()).map(drop)
            })
        },
    },
    Case {
        id: "read.update.beyond-the-end",
        requirement: "Data that reach beyond the end are refused, and none of them is written.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                let [high, low] = last(before);
                card.send(&format!("00 D6 {high:02X} {low:02X} (A5A5)"))?
                    .is_one_of(OUTSIDE)?;
                same(before, &card.read_current_file()?)
            })
        },
    },
    Case {
        id: "read.update.outside",
        requirement: "An offset behind the end is refused.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                card.send("00 D6 7F 00 (A5)")?.is_one_of(OUTSIDE)?;
                same(before, &card.read_current_file()?)
            })
        },
    },
    Case {
        id: "read.update.without-pin",
        requirement: "Without the PIN, the holder's file is refused with 6982 and stays as it is.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            card.select_quietly(NOTES)?.is_ok()?;
            let before = card.read_current_file()?;
            let first = before.first().copied().unwrap_or_default();
            card.send(&format!("00 D6 00 00 ({first:02X})"))?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            same(&before, &card.read_current_file()?)
        },
    },
    Case {
        id: "read.update.after-reset",
        requirement: "After a reset, the holder's file asks for the PIN again.",
        sources: &[ISO],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            card.verify_pin()?;
            card.reset()?;
            card.select_quietly(NOTES)?.is_ok()?;
            let first = card.read_binary(0, 1)?.is_ok()?.data;
            card.send(&format!("00 D6 00 00 ({})", hex::encode(&first)))?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "read.update.without-data",
        requirement: "An UPDATE BINARY without data is refused.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                card.send("00 D6 00 00")?.is_refused()?;
                same(before, &card.read_current_file()?)
            })
        },
    },
    Case {
        id: "read.update.no-file",
        requirement: "While no file is selected, UPDATE BINARY is answered 6986.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: &[Needs::Reference(Secret::Pin)],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?;
            card.send("00 A4 00 0C (3F00)")?.is_ok()?;
            card.send("00 D6 00 00 (A5)")?.is(Sw::NO_CURRENT_FILE)?;
            Ok(())
        },
    },
    Case {
        id: "read.update.short-identifier",
        requirement: "A short file identifier that no file has is refused, and nothing is written.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                card.send("00 D6 9E 00 (A5)")?.is_refused()?;
                same(before, &card.read_current_file()?)
            })
        },
    },
    Case {
        id: "read.update.no-answer-data",
        requirement: "UPDATE BINARY is answered without data, also where Le is there.",
        sources: &[ISO],
        level: Level::Must,
        needs: HAS_NOTES,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            on_open_file(card, |card, before| {
                let first = before.first().copied().unwrap_or_default();
                card.send(&format!("00 D6 00 00 ({first:02X}) 00"))?
                    .is_bare()?;
                Ok(())
            })
        },
    },
];

/// Presents the PIN, selects the holder's file, and writes back what was there before, however the
/// case ends.
fn on_open_file(
    card: &mut TestCard,
    judge: impl FnOnce(&mut TestCard, &[u8]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    card.verify_pin()?;
    card.select_quietly(NOTES)?.is_ok()?;
    let before = card.read_current_file()?;
    let verdict = judge(card, &before);
    card.select_quietly(NOTES)?.is_ok()?;
    for (page, bytes) in (0_u16..).zip(before.chunks(128)) {
        let [high, low] = (page * 128).to_be_bytes();
        let bytes = hex::encode(bytes);
        card.send(&format!("00 D6 {high:02X} {low:02X} ({bytes})"))?;
    }
    verdict
}

/// The offset of the last byte.
fn last(bytes: &[u8]) -> [u8; 2] {
    let last = bytes.len().saturating_sub(1);
    u16::try_from(last).unwrap_or(u16::MAX).to_be_bytes()
}

fn same(expected: &[u8], seen: &[u8]) -> Result<(), Stop> {
    match expected == seen {
        true => Ok(()),
        false => Err(Stop::fail(hex::encode(expected), hex::encode(seen))),
    }
}
