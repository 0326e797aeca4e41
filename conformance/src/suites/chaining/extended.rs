//! Extended Lc and Le (ISO/IEC 7816-3 §12.1.3): two bytes each behind a byte of 00.
//!
//! ```text
//! 00 B0 00 00 00 Le Le              case 2; Le 0000 is 65,536
//! 00 2A 80 86 00 Lc Lc data Le Le   case 4
//! ```

use cns_apdu::{Command, Le, Sw};
use cns_fixtures::{KeySize, Secret, Source as Content};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{DECIPHER, TestCard};

const ISO: Source = read(Document::Iso7816Part4, "extended length fields");
const OPENSC: Source = source(Document::OpenSc, "max_send_size above 255", Grade::Verified);
const INFERRED: Source = source(
    Document::CnsFunctional,
    "length of commands",
    Grade::Inferred,
);
const KEY: &[Needs] = &[Needs::ExtendedLength, Needs::KeySize(KeySize::Rsa2048)];
const FILE: &[Needs] = &[Needs::ExtendedLength, Needs::File(Content::PersonalData)];
const OWN: &[Needs] = &[Needs::ExtendedLength, Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "chaining.extended.deciphers",
        requirement: "PSO DECIPHER takes 257 bytes in one extended command.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let data = [&[0x00][..], &block].concat();
            for le in [Le::exact(256), Le::Maximum] {
                let answer = card.send_command(&Command::new(DECIPHER, &data, le))?;
                answer.is_signature_of(&block, &key)?;
            }
            Ok(())
        },
    },
    Case {
        id: "chaining.extended.reads",
        requirement: "READ BINARY with an extended Le gives more than 256 bytes at once, the same as \
                      in pieces.",
        sources: &[ISO],
        level: Level::Should,
        needs: FILE,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = card.read_file(Content::PersonalData)?;
            let some = whole.get(..300).unwrap_or(&whole);
            let answer = card.read_binary(0, 300)?.is_ok()?;
            answer.has_data(some)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.extended.reads-to-the-end",
        requirement: "READ BINARY with an extended Le of 0000 gives all of the file.",
        sources: &[ISO],
        level: Level::Should,
        needs: FILE,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let whole = card.read_file(Content::PersonalData)?;
            let answer = card.send("00 B0 00 00 00 00 00")?;
            answer
                .is_one_of(&[Sw::OK, Sw::END_OF_FILE])?
                .has_data(&whole)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.extended.short-data",
        requirement: "Data that would fit a short command may come in an extended one.",
        sources: &[ISO],
        level: Level::Should,
        needs: FILE,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C 00 00 02 3F 00")?.is_ok()?;
            let answer = card.send("00 A4 00 00 00 00 02 3F 00 00 00")?.is_ok()?;
            let has_fci = answer.data.first() == Some(&0x6F);
            answer.must(has_fci, "file control information")?;
            Ok(())
        },
    },
    Case {
        id: "chaining.extended.verifies",
        requirement: "VERIFY may be extended.",
        sources: &[ISO, INFERRED],
        level: Level::May,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let p2 = card.p2_of(Secret::Pin)?;
            let pin = cns_apdu::hex::encode(&card.secret(Secret::Pin)?);
            card.send(&format!("00 20 00 {p2:02X} 00 00 08 {pin}"))?
                .is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "chaining.extended.malformed",
        requirement: "Extended lengths that do not fit the bytes that are there are answered 6700.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for command in [
                "00 A4 00 0C 00 00 03 3F 00",
                "00 A4 00 0C 00 00 01 3F 00",
                "00 A4 00 0C 00 00 00 3F 00",
                "00 A4 00 0C 00 00 02 3F",
                "00 A4 00 0C 00 00 02 3F 00 00",
                "00 A4 00 0C 00 00 02 3F 00 00 00 00",
            ] {
                card.send(command)?.is(Sw::WRONG_LENGTH)?;
            }
            Ok(())
        },
    },
    Case {
        id: "chaining.extended.too-much",
        requirement: "More data than the card takes are answered 6700.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let max = card.subject().profile.dialect.command_data_max;
            let name = vec![0xA0; usize::from(max) + 1];
            let select = Command::new([0x00, 0xA4, 0x04, 0x0C], &name, Le::Absent);
            card.send_command(&select)?.is(Sw::WRONG_LENGTH)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.extended.not-understood",
        requirement: "A card without extended length refuses it, and runs nothing.",
        sources: &[ISO, INFERRED],
        level: Level::Must,
        needs: &[Needs::NoExtendedLength, Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let refused = Sw::WRONG_LENGTH;
            card.send("00 A4 08 0C 00 00 04 11 00 11 02")?.is(refused)?;
            card.send("00 B0 00 00 00 00 10")?.is(refused)?;
            card.read_binary(0, 1)?.is(Sw::NO_CURRENT_FILE)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.extended.empty-lc",
        requirement: "An Lc of 00 before a short Le is taken for none: readers in the field send it.",
        sources: &[source(
            Document::Clients,
            "00 B0 00 00 00 00",
            Grade::Client,
        )],
        level: Level::Should,
        needs: &[Needs::File(Content::PersonalData), Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let file = card.path_of(Content::PersonalData)?;
            card.select_quietly(&file)?.is_ok()?;
            let plain = card.send("00 B0 00 00 10")?.is_ok()?;
            card.send("00 B0 00 00 00 10")?
                .is_ok()?
                .has_data(&plain.data)?;
            card.send("00 B0 00 00 00 00")?.is_ok()?.has_length(256)?;
            Ok(())
        },
    },
];
