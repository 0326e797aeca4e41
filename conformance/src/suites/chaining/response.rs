//! GET RESPONSE: what a response had no room for. Contact cards of the CNS speak T=1 and need none;
//! readers and relays that speak T=0 do.
//!
//! ```text
//! ... Le 10     16 bytes 61xx: xx more (00: 256 or more)
//! 00 C0 00 00 Le    the next ones
//! ```

use cns_apdu::{Command, Le, Sw};
use cns_fixtures::KeyPurpose;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{DECIPHER, TestCard};

const ISO: Source = read(Document::Iso7816Part4, "GET RESPONSE");
const INFERRED: Source = source(Document::CnsFunctional, "transmission", Grade::Inferred);
const OWN: &[Needs] = &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "chaining.response.rest",
        requirement: "What does not fit Le waits for GET RESPONSE: both together are the whole.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let whole = whole(card)?;
            let answer = short(card, Le::exact(16))?;
            let left = whole.len() - 16;
            let answer = answer.is(Sw::more_data(left))?.has_length(16)?;
            let rest = card.send("00 C0 00 00 00")?.is_ok()?;
            rest.has_data(whole.get(16..).unwrap_or_default())?;
            answer.has_data(whole.get(..16).unwrap_or_default())?;
            Ok(())
        },
    },
    Case {
        id: "chaining.response.no-le",
        requirement: "Without Le a response has no data; all of them wait.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let whole = whole(card)?;
            short(card, Le::Absent)?
                .is(Sw::more_data(whole.len()))?
                .is_bare()?;
            card.send("00 C0 00 00 00")?.is_ok()?.has_data(&whole)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.response.pieces",
        requirement: "GET RESPONSE with a short Le tells again what is left.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let whole = whole(card)?;
            short(card, Le::Absent)?;
            let mut seen = Vec::new();
            while seen.len() + 32 < whole.len() {
                let piece = card.send("00 C0 00 00 20")?;
                let left = whole.len() - seen.len() - 32;
                let piece = piece.is(Sw::more_data(left))?.has_length(32)?;
                seen.extend(piece.data);
            }
            let last = card.send("00 C0 00 00 20")?.is_ok()?;
            seen.extend(&last.data);
            last.must(seen == whole, "the end of the whole response")?;
            Ok(())
        },
    },
    Case {
        id: "chaining.response.fci",
        requirement: "The FCI that did not fit waits for GET RESPONSE.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = card.select(&[])?.is_ok()?;
            let first = card.send("00 A4 00 00 (3F00) 02")?.has_length(2)?;
            first.is(Sw::more_data(whole.data.len() - 2))?;
            let rest = card.send("00 C0 00 00 00")?.is_ok()?;
            rest.has_data(whole.data.get(2..).unwrap_or_default())?;
            Ok(())
        },
    },
    Case {
        id: "chaining.response.nothing-waits",
        requirement: "GET RESPONSE is refused when nothing waits.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 C0 00 00 00")?.is_refused()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "chaining.response.once",
        requirement: "What was fetched is fetched once.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            short(card, Le::Absent)?;
            card.send("00 C0 00 00 00")?.is_ok()?;
            card.send("00 C0 00 00 00")?
                .is(Sw::CONDITIONS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.response.dropped-by-another",
        requirement: "Another command drops what waits.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            for another in ["00 A4 00 0C (3F00)", "00 10 00 00", "00 B0 00 00 01"] {
                short(card, Le::Absent)?;
                card.send(another)?;
                card.send("00 C0 00 00 00")?
                    .is(Sw::CONDITIONS_NOT_SATISFIED)?;
            }
            Ok(())
        },
    },
    Case {
        id: "chaining.response.dropped-by-reset",
        requirement: "A reset drops what waits.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            short(card, Le::Absent)?;
            card.reset()?;
            card.send("00 C0 00 00 00")?
                .is(Sw::CONDITIONS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.response.parameters",
        requirement: "P1 and P2 of GET RESPONSE are 00, and Le is there.",
        sources: &[ISO],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 C0 01 00 00")?.is(Sw::WRONG_P1_P2)?;
            card.send("00 C0 00 01 00")?.is(Sw::WRONG_P1_P2)?;
            card.send("00 C0 00 00")?.is(Sw::WRONG_LENGTH)?;
            Ok(())
        },
    },
];

/// What the authentication key makes of a block that is the same each time.
fn whole(card: &mut TestCard) -> Result<Vec<u8>, Stop> {
    let key = card.public_key()?;
    let block = key.block(b"the same each time");
    card.prepare_key(0xB8)?;
    let answer = card.decipher(&block)?;
    Ok(answer.is_signature_of(&block, &key)?.data)
}

/// The same with another Le.
fn short(card: &mut TestCard, le: Le) -> Result<crate::test_card::Answer, Stop> {
    let key = card.public_key()?;
    card.prepare_key(0xB8)?;
    let data = [&[0x00][..], &key.block(b"the same each time")].concat();
    let answer = card.send_chain(DECIPHER, &data, Command::SHORT_DATA_MAX, le)?;
    let is_more = answer.sw.0 >> 8 == 0x61;
    answer.must(is_more, "61xx")
}
