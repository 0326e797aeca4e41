//! MSE SET: the key for one kind of operation.
//!
//! ```text
//! 00 22 F1 crt 03 83 01 key    84 for 83 is sent too, and 41 for F1
//! crt   B8 decipher   B6 digital signature   A4 authentication
//! ```
//! Whether the key is there may be told here or by the operation.

use cns_apdu::Sw;
use cns_fixtures::KeyPurpose;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const OPENSC: Source = source(
    Document::OpenSc,
    "MSE SET before each signature",
    Grade::Verified,
);
const ISO: Source = read(Document::Iso7816Part4, "MANAGE SECURITY ENVIRONMENT");
const CLIENTS: Source = source(Document::Clients, "MSE SET with tag 84", Grade::Client);
const INFERRED: Source = source(Document::CnsFunctional, "MSE SET", Grade::Inferred);
const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const OWN: &[Needs] = &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "environment.set.decipher",
        requirement: "With a key set in template B8, PSO DECIPHER takes it.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.signature",
        requirement: "With a key set in template B6, PSO COMPUTE DIGITAL SIGNATURE takes it.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB6)?;
            card.sign(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.bare",
        requirement: "MSE SET is answered without data.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let key = card.key(KeyPurpose::Authentication)?;
            for template in ["B8", "B6"] {
                let set = format!("00 22 F1 {template} (83 ({:02X}))", key.id);
                card.send(&set)?.is_ok()?.is_bare()?;
            }
            Ok(())
        },
    },
    Case {
        id: "environment.set.tag-84",
        requirement: "The key may be named by tag 84 too.",
        sources: &[CLIENTS, ISO],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            let place = card.key(KeyPurpose::Authentication)?;
            card.verify_pin()?;
            card.send("00 22 F3 03")?.is_ok()?;
            let set = format!("00 22 F1 B8 (84 ({:02X}))", place.id);
            card.send(&set)?.is_ok()?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.p1-41",
        requirement: "P1 41, the interindustry one, sets the key like F1.",
        sources: &[ISO, INFERRED],
        level: Level::May,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            let place = card.key(KeyPurpose::Authentication)?;
            card.verify_pin()?;
            let set = format!("00 22 41 B8 (83 ({:02X}))", place.id);
            card.send(&set)?.is_ok()?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.wrong-data",
        requirement: "Data that name no key are answered 6A80.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for data in [
                "AA (01)",
                "83",
                "83 02 01",
                "83 (01 01)",
                "83 (01) 00",
                "83 ()",
                "01",
            ] {
                let answer = card.send(&format!("00 22 F1 B8 ({data})"))?;
                answer.is(Sw::WRONG_DATA)?;
            }
            Ok(())
        },
    },
    Case {
        id: "environment.set.unknown-template",
        requirement: "A template that the card does not have is answered 6A86.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for template in ["00", "B9", "AA", "FF"] {
                let answer = card.send(&format!("00 22 F1 {template} (83 (01))"))?;
                answer.is(Sw::WRONG_P1_P2)?;
            }
            Ok(())
        },
    },
    Case {
        id: "environment.set.unknown-key",
        requirement: "A key that is not there is answered 6A88, by MSE SET or by the operation, and \
                      nothing is signed.",
        sources: &[ISO, INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let set = card.send("00 22 F1 B8 (83 (1F))")?;
            let unknown = Sw::REFERENCE_NOT_FOUND;
            match set.is_one_of(&[Sw::OK, unknown])?.sw {
                Sw::OK => card.decipher(&block)?.is(unknown).map(drop),
                _ => Ok(()),
            }
        },
    },
    Case {
        id: "environment.set.last-counts",
        requirement: "The key that was set last is the key.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.send("00 22 F1 B8 (83 (1F))")?;
            card.prepare_key(0xB8)?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            card.send("00 22 F1 B8 (83 (1F))")?.is_ok()?;
            card.decipher(&block)?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.templates-are-apart",
        requirement: "A key that is set for one operation is not set for another.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB6)?;
            card.decipher(&block)?.is(Sw::CONDITIONS_NOT_SATISFIED)?;
            card.prepare_with("00 22 F3 03")?;
            card.prepare_key(0xB8)?;
            card.sign(&block)?.is(Sw::CONDITIONS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.refused-changes-nothing",
        requirement: "A refused MSE SET leaves the key that was set.",
        sources: &[ISO],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            card.send("00 22 F1 B8 (AA (1F))")?.is_refused()?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.proves-nothing",
        requirement: "A key that is set still needs its PIN: 6982 without.",
        sources: &[OPENSC, ISO],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            let place = card.key(KeyPurpose::Authentication)?;
            card.send("00 22 F3 03")?.is_ok()?;
            let set = format!("00 22 F1 B8 (83 ({:02X}))", place.id);
            card.send(&set)?.is_ok()?;
            card.decipher(&block)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?
                .is_bare()?;
            card.verify_pin()?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.lasts-over-select",
        requirement: "The key stays set while other files are selected.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            card.select_quietly(&[])?.is_ok()?;
            card.send("00 A4 00 0C (7FFF)")?.is_refused()?;
            card.key(KeyPurpose::Authentication)?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "environment.set.lasts-over-operations",
        requirement: "One MSE SET is good for many operations.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            card.prepare_key(0xB8)?;
            for _ in 0..2 {
                let block = card.block(&key);
                card.decipher(&block)?.is_signature_of(&block, &key)?;
            }
            Ok(())
        },
    },
    Case {
        id: "environment.set.forgotten-at-reset",
        requirement: "A reset forgets the key that was set.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            card.reset()?;
            card.key(KeyPurpose::Authentication)?;
            card.verify_pin()?;
            card.decipher(&block)?.is(Sw::CONDITIONS_NOT_SATISFIED)?;
            Ok(())
        },
    },
];
