//! EF.KeyPub on a card in the citizen's hands: two records of variable length.
//!
//! ```text
//! 00 B2 number 04 Le    the record with this number, 00 the current one
//! 00 B2 id 00 Le        the first with this identifier, any when 00    01 last    02 next    03 previous
//! record 1   10, length, modulus      record 2   11, length, exponent
//! ```
//! The modulus of 2048 bits is longer than a short response: 61xx tells that there is more.

use cns_apdu::Sw;
use cns_fixtures::Source as Content;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{Answer, TestCard};

const ISO: Source = read(Document::Iso7816Part4, "READ RECORD");
const MODES: Source = source(Document::Iso7816Part4, "READ RECORD", Grade::Inferred);
const OPENSC: Source = read(Document::OpenSc, "reading of records");
const VENDOR: Source = read(Document::OpenSc, "incrypto34: public key");
const CLIENTS: Source = source(Document::Clients, "READ RECORD of 3F01", Grade::Client);
const KEY: &[Needs] = &[Needs::File(Content::PublicKeyRecords)];

/// The tags of the records.
const MODULUS: u8 = 0x10;
const EXPONENT: u8 = 0x11;

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "records.public-key.modulus",
        requirement: "The first record is the modulus, tag 10.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            tagged(card.send("00 B2 01 04 00")?, MODULUS).map(drop)
        },
    },
    Case {
        id: "records.public-key.exponent",
        requirement: "The second record is the exponent, tag 11.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            tagged(card.send("00 B2 02 04 00")?, EXPONENT).map(drop)
        },
    },
    Case {
        id: "records.public-key.no-third",
        requirement: "There is no third record: 6A83, without which OpenSC reads on for ever.",
        sources: &[OPENSC, ISO],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            card.send("00 B2 03 04 00")?
                .is(Sw::RECORD_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.public-key.highest-number",
        requirement: "The highest number of a record, FE, is answered 6A83 where it is not there.",
        sources: &[ISO],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            card.send("00 B2 FE 04 00")?
                .is(Sw::RECORD_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.public-key.zero-zero",
        requirement: "P1 = 00 and P2 = 00 give the first record, to a reader that asks for nothing \
                      else.",
        sources: &[CLIENTS],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            let first = tagged(card.send("00 B2 01 04 00")?, MODULUS)?;
            select(card)?;
            tagged(card.send("00 B2 00 00 00")?, MODULUS)?
                .has_data(&first.data)
                .map(drop)
        },
    },
    Case {
        id: "records.public-key.last",
        requirement: "P2 = 01 gives the last record.",
        sources: &[MODES],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            tagged(card.send("00 B2 00 01 00")?, EXPONENT).map(drop)
        },
    },
    Case {
        id: "records.public-key.next",
        requirement: "P2 = 02 gives one record after the other, then 6A83.",
        sources: &[MODES],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            tagged(card.send("00 B2 00 02 00")?, MODULUS)?;
            tagged(card.send("00 B2 00 02 00")?, EXPONENT)?;
            card.send("00 B2 00 02 00")?
                .is(Sw::RECORD_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.public-key.previous",
        requirement: "P2 = 03 gives one record before the other, then 6A83.",
        sources: &[MODES],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            tagged(card.send("00 B2 00 03 00")?, EXPONENT)?;
            tagged(card.send("00 B2 00 03 00")?, MODULUS)?;
            card.send("00 B2 00 03 00")?
                .is(Sw::RECORD_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.public-key.by-identifier",
        requirement: "A record is found by its identifier, which is its tag.",
        sources: &[MODES],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            tagged(card.send("00 B2 11 00 00")?, EXPONENT)?;
            card.send("00 B2 12 00 00")?.is(Sw::RECORD_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "records.public-key.current",
        requirement: "P1 = 00 with P2 = 04 gives the record that was read last.",
        sources: &[MODES],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            card.send("00 B2 02 04 00")?;
            tagged(card.send("00 B2 00 04 00")?, EXPONENT).map(drop)
        },
    },
    Case {
        id: "records.public-key.not-found-keeps-current",
        requirement: "A record that is not there leaves the current one as it was.",
        sources: &[MODES],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            card.send("00 B2 01 04 00")?;
            card.send("00 B2 09 04 00")?.is(Sw::RECORD_NOT_FOUND)?;
            tagged(card.send("00 B2 00 02 00")?, EXPONENT).map(drop)
        },
    },
    Case {
        id: "records.public-key.select-forgets-current",
        requirement: "When the file is selected again, no record is current.",
        sources: &[MODES],
        level: Level::Should,
        needs: &[Needs::Path(&[0x3F01])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            card.send("00 B2 01 04 00")?;
            card.send("00 A4 00 0C (3F01)")?.is_ok()?;
            tagged(card.send("00 B2 00 02 00")?, MODULUS).map(drop)
        },
    },
    Case {
        id: "records.public-key.without-le",
        requirement: "Without Le nothing is asked for, and no data come.",
        sources: &[ISO],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            card.send("00 B2 02 04")?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.public-key.short-identifier",
        requirement: "P2 with a short file identifier that no file has is refused.",
        sources: &[MODES],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            select(card)?;
            card.send("00 B2 01 F4 00")?.is_refused()?.is_bare()?;
            Ok(())
        },
    },
];

fn select(card: &mut TestCard) -> Result<(), Stop> {
    let path = card.path_of(Content::PublicKeyRecords)?;
    card.select_quietly(&path)?.is_ok()?;
    Ok(())
}

/// The record with this tag.
fn tagged(answer: Answer, tag: u8) -> Result<Answer, Stop> {
    let holds = answer.sw.is_success() && answer.data.first() == Some(&tag);
    answer.must(holds, &format!("a record that begins with {tag:02X}"))
}
