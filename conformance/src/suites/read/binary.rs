//! READ BINARY (ISO/IEC 7816-4 §7.2.3), `00 B0 offset Le`, the offset in 15 bits.
//!
//! ```text
//! Le       01..FF bytes, 00 for 256 or what there is
//! 00 Le    no case of the standard, yet a reader in the field sends it: as Le alone
//! 00 Le Le the same with an extended Le
//! ```

use cns_apdu::Sw;
use cns_fixtures::Source as Content;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "READ BINARY");
const OPENSC: Source = source(Document::OpenSc, "reading of whole files", Grade::Verified);
const CLIENTS: Source = source(
    Document::Clients,
    "readers of the personal data",
    Grade::Client,
);
const PERSONAL_DATA: &[Needs] = &[Needs::File(Content::PersonalData)];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "read.binary.from-the-start",
        requirement: "READ BINARY gives the first bytes of the selected file, as many as Le says.",
        sources: &[ISO],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = whole_file(card)?;
            for length in [1, 6, 12, 0x7F, 0x80, 0xFF] {
                let part = part(&whole, 0, usize::from(length))?;
                card.read_binary(0, length)?.is_ok()?.has_data(part)?;
            }
            Ok(())
        },
    },
    Case {
        id: "read.binary.at-an-offset",
        requirement: "READ BINARY gives the bytes from the offset on.",
        sources: &[ISO],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = whole_file(card)?;
            for offset in [1, 6, 0x7F, 0x80, 0xFF] {
                let part = part(&whole, usize::from(offset), 16)?;
                card.read_binary(offset, 16)?.is_ok()?.has_data(part)?;
            }
            Ok(())
        },
    },
    Case {
        id: "read.binary.high-offset",
        requirement: "P1 is the high byte of the offset.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = whole_file(card)?;
            let part = part(&whole, 0x0101, 16)?;
            card.send("00 B0 01 01 10")?.is_ok()?.has_data(part)?;
            Ok(())
        },
    },
    Case {
        id: "read.binary.le-zero",
        requirement: "An Le of 00 asks for 256 bytes.",
        sources: &[ISO, CLIENTS],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = whole_file(card)?;
            let part = part(&whole, 0, 256)?;
            card.send("00 B0 00 00 00")?.is_ok()?.has_data(part)?;
            Ok(())
        },
    },
    Case {
        id: "read.binary.le-zero-of-less",
        requirement: "An Le of 00 gives all of a file that is shorter than 256 bytes, with 9000 or \
                      6282.",
        sources: &[ISO, CLIENTS],
        level: Level::Must,
        needs: &[Needs::File(Content::CardNumber)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let number = card.read_file(Content::CardNumber)?;
            card.send("00 B0 00 00 00")?
                .is_one_of(&[Sw::OK, Sw::END_OF_FILE])?
                .has_data(&number)?;
            Ok(())
        },
    },
    Case {
        id: "read.binary.six-bytes",
        requirement: "The malformed 00 B0 00 00 00 00 of a reader in the field is answered as an \
                      Le of 00.",
        sources: &[source(Document::Clients, "reader in Python", Grade::Client)],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = whole_file(card)?;
            let part = part(&whole, 0, 256)?;
            card.send_bytes(&[0x00, 0xB0, 0x00, 0x00, 0x00, 0x00])?
                .is_ok()?
                .has_data(part)?;
            Ok(())
        },
    },
    Case {
        id: "read.binary.pages",
        requirement: "A certificate is read in pages of 256 bytes, P1 counting them.",
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
            let whole = card.read_file(Content::Certificate)?;
            for (page, bytes) in (0_u8..).zip(whole.chunks(256)) {
                card.send(&format!("00 B0 {page:02X} 00 00"))?
                    .is_one_of(&[Sw::OK, Sw::END_OF_FILE])?
                    .has_data(bytes)?;
            }
            Ok(())
        },
    },
    Case {
        id: "read.binary.opensc-chunks",
        requirement: "A certificate is read in chunks of 255 bytes and one, as OpenSC does.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::File(Content::Certificate)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = card.read_file(Content::Certificate)?;
            for (page, bytes) in (0_u16..).zip(whole.chunks_exact(256)) {
                let (most, last) = bytes.split_at(255);
                card.read_binary(page * 256, 255)?.is_ok()?.has_data(most)?;
                card.read_binary(page * 256 + 255, 1)?
                    .is_ok()?
                    .has_data(last)?;
            }
            Ok(())
        },
    },
    Case {
        id: "read.binary.same-again",
        requirement: "A file is the same each time it is read, also after power-off.",
        sources: &[ISO],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let first = whole_file(card)?;
            let second = whole_file(card)?;
            card.power_cycle()?;
            let third = whole_file(card)?;
            match first == second && second == third {
                true => Ok(()),
                false => Err(Stop::fail("the same bytes three times", "other bytes")),
            }
        },
    },
    Case {
        id: "read.binary.stays-selected",
        requirement: "A file stays selected however often it is read.",
        sources: &[ISO],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = whole_file(card)?;
            let part = part(&whole, 6, 2)?;
            for _ in 0..10 {
                card.read_binary(6, 2)?.is_ok()?.has_data(part)?;
            }
            Ok(())
        },
    },
    Case {
        id: "read.binary.extended",
        requirement: "An extended Le gives the whole of EF.Dati_Personali at once.",
        sources: &[
            ISO,
            source(Document::OpenSc, "extended length", Grade::Verified),
        ],
        level: Level::Must,
        needs: &[Needs::ExtendedLength, Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = whole_file(card)?;
            let part = part(&whole, 0, 400)?;
            card.send("00 B0 00 00 00 01 90")?.is_ok()?.has_data(part)?;
            Ok(())
        },
    },
    Case {
        id: "read.binary.no-extended",
        requirement: "A card without extended length refuses it with 6700.",
        sources: &[source(
            Document::Iso7816Part4,
            "wrong length",
            Grade::Inferred,
        )],
        level: Level::Should,
        needs: &[Needs::NoExtendedLength, Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            whole_file(card)?;
            card.send("00 B0 00 00 00 01 90")?
                .is(Sw::WRONG_LENGTH)?
                .is_bare()?;
            Ok(())
        },
    },
];

/// Selects EF.Dati_Personali and reads all of it.
fn whole_file(card: &mut TestCard) -> Result<Vec<u8>, Stop> {
    card.read_file(Content::PersonalData)
}

fn part(bytes: &[u8], offset: usize, length: usize) -> Result<&[u8], Stop> {
    let part = bytes.get(offset..).and_then(|rest| rest.get(..length));
    part.ok_or_else(|| {
        let expected = format!("{} bytes or more", offset + length);
        Stop::fail(expected, format!("{} bytes", bytes.len()))
    })
}
