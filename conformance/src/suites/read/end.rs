//! READ BINARY at the end of a file, which readers go beyond: they do not know how long it is.
//!
//! ```text
//! some of the bytes are there     what there is, and 6282
//! none of them is                 6282 or 6B00; OpenSC 0.23 needs 6282 at the end of EF.ID_Carta
//! ```

use cns_apdu::Sw;
use cns_fixtures::Source as Content;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "READ BINARY");
const OPENSC: Source = source(Document::OpenSc, "serial number", Grade::Verified);
const CARD_NUMBER: &[Needs] = &[Needs::File(Content::CardNumber)];
const END: &[Sw] = &[Sw::END_OF_FILE, Sw::WRONG_OFFSET];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "read.end.exactly",
        requirement: "A READ BINARY that ends where the file ends is answered 9000.",
        sources: &[ISO],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let number = card_number(card)?;
            card.read_binary(0, 16)?.is_ok()?.has_data(&number)?;
            card.read_binary(8, 8)?.is_ok()?.has_length(8)?;
            Ok(())
        },
    },
    Case {
        id: "read.end.last-byte",
        requirement: "The last byte of a file is read.",
        sources: &[ISO],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let number = card_number(card)?;
            let last = number.last().copied().unwrap_or_default();
            card.read_binary(15, 1)?.is_ok()?.has_data(&[last])?;
            Ok(())
        },
    },
    Case {
        id: "read.end.one-too-many",
        requirement: "A READ BINARY that goes one byte too far gives what there is, with 6282.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let number = card_number(card)?;
            card.read_binary(0, 17)?
                .is(Sw::END_OF_FILE)?
                .has_data(&number)?;
            Ok(())
        },
    },
    Case {
        id: "read.end.far-too-many",
        requirement: "A READ BINARY of 255 bytes gives what there is, with 6282.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let number = card_number(card)?;
            card.read_binary(0, 255)?
                .is(Sw::END_OF_FILE)?
                .has_data(&number)?;
            Ok(())
        },
    },
    Case {
        id: "read.end.from-the-middle",
        requirement: "The same from the middle of a file.",
        sources: &[ISO],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let number = card_number(card)?;
            let half = number.get(8..).unwrap_or_default().to_vec();
            card.read_binary(8, 9)?
                .is(Sw::END_OF_FILE)?
                .has_data(&half)?;
            Ok(())
        },
    },
    Case {
        id: "read.end.at-the-end",
        requirement: "At the offset where a file ends there is nothing: 6282 or 6B00, without \
                      data.",
        sources: &[
            ISO,
            source(Document::OpenSc, "serial number", Grade::Verified),
        ],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card_number(card)?;
            card.read_binary(16, 1)?.is_one_of(END)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.end.opensc-serial",
        requirement: "OpenSC reads EF.ID_Carta beyond its end, then from its end on, and takes \
                      6282 alone for the end.",
        sources: &[OPENSC],
        level: Level::Should,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let number = card_number(card)?;
            card.send("00 B0 00 00 FF")?
                .is(Sw::END_OF_FILE)?
                .has_data(&number)?;
            card.send("00 B0 00 10 F0")?
                .is(Sw::END_OF_FILE)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.end.behind-the-end",
        requirement: "Behind the end of a file there is nothing either: 6282 or 6B00, without \
                      data.",
        sources: &[ISO],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card_number(card)?;
            card.read_binary(17, 1)?.is_one_of(END)?.is_bare()?;
            card.read_binary(0x0100, 1)?.is_one_of(END)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.end.highest-offset",
        requirement: "The highest offset, 7FFF, is an offset like any other.",
        sources: &[ISO],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card_number(card)?;
            card.read_binary(0x7FFF, 1)?.is_one_of(END)?.is_bare()?;
            card.send("00 B0 7F FF 00")?.is_one_of(END)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.end.keeps-file",
        requirement: "Beyond its end, a file stays selected.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let number = card_number(card)?;
            card.read_binary(0x0100, 1)?.is_one_of(END)?;
            card.read_binary(0, 16)?.is_ok()?.has_data(&number)?;
            Ok(())
        },
    },
    Case {
        id: "read.end.certificate-in-seven-pages",
        requirement: "Seven pages of the certificate's file can be asked for: what is there comes, \
                      with 9000 or 6282.",
        sources: &[source(
            Document::Clients,
            "reader in JavaScript",
            Grade::Client,
        )],
        level: Level::Must,
        needs: &[Needs::File(Content::Certificate)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let path = card.path_of(Content::Certificate)?;
            card.select_quietly(&path)?.is_ok()?;
            for page in 0..7 {
                card.send(&format!("00 B0 {page:02X} 00 00"))?
                    .is_one_of(&[Sw::OK, Sw::END_OF_FILE])?;
            }
            Ok(())
        },
    },
];

/// Selects EF.ID_Carta and reads its sixteen bytes.
fn card_number(card: &mut TestCard) -> Result<Vec<u8>, Stop> {
    let path = card.path_of(Content::CardNumber)?;
    card.select_quietly(&path)?.is_ok()?;
    Ok(card.read_binary(0, 16)?.is_ok()?.has_length(16)?.data)
}
