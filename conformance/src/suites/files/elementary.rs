//! What SELECT tells of an elementary file (ISO/IEC 7816-4 §7.4.3). A real card of 2025 tells of
//! EF.Dati_Personali:
//!
//! ```text
//! 6F 38 | 80 02 0190 | 82 03 01 00 00 | 83 02 1102 | 85 01 01 | 86 09 00 FF.. | 8A 01 05 | CB 18 FF..
//!       size, bytes   descriptor       identifier              access          life    messaging
//! ```

use cns_card::{Content as Stored, ElementaryFile, File};
use cns_fixtures::{DEFAULT_PROFILE, Source as Content};

use super::folders::walk;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{Fci, TestCard};

const ISO: Source = read(Document::Iso7816Part4, "file control information");
const REAL: Source = read(Document::Logs, "OpenSC #3804");
const PERSONAL_DATA: &[Needs] = &[Needs::File(Content::PersonalData)];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "files.elementary.template",
        requirement: "SELECT tells of a file in one template of data objects, 6F or 62.",
        sources: &[ISO, REAL],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| personal_data(card).map(drop),
    },
    Case {
        id: "files.elementary.each-object-once",
        requirement: "No object of the template is there twice.",
        sources: &[source(
            Document::Iso7816Part4,
            "file control information",
            Grade::Inferred,
        )],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = personal_data(card)?;
            let mut tags: Vec<u32> = fci.objects.iter().map(|(tag, _)| *tag).collect();
            tags.sort_unstable();
            tags.dedup();
            let holds = tags.len() == fci.objects.len();
            fci.must(holds, "each tag once").map(drop)
        },
    },
    Case {
        id: "files.elementary.order",
        requirement: "The objects come in the order of their tags.",
        sources: &[REAL],
        level: Level::Should,
        needs: &[Needs::ClassicTree],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = personal_data(card)?;
            let holds = fci.objects.is_sorted_by_key(|(tag, _)| *tag);
            fci.must(holds, "80 82 83 85 86 8A CB, in this order")
                .map(drop)
        },
    },
    Case {
        id: "files.elementary.as-a-real-card",
        requirement: "SELECT tells of EF.Dati_Personali, byte for byte, what a real card tells.",
        sources: &[REAL],
        level: Level::Should,
        needs: &[Needs::Profile(DEFAULT_PROFILE)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let answer = card.select(&[0x1100, 0x1102])?.is_ok()?;
            let ones = |count| "FF".repeat(count);
            let expected = cns_apdu::hex::decode(&format!(
                "6F 38 80 02 0190 82 03 010000 83 02 1102 85 01 01 86 09 00 {} 8A 01 05 CB 18 {}",
                ones(8),
                ones(24)
            ));
            answer.has_data(&expected.unwrap_or_default()).map(drop)
        },
    },
    Case {
        id: "files.elementary.transparent",
        requirement: "The descriptor of EF.Dati_Personali says that it is transparent.",
        sources: &[REAL, ISO],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = personal_data(card)?;
            let holds = fci.kind() == Some(0x01);
            fci.must(holds, "01 in object 82").map(drop)
        },
    },
    Case {
        id: "files.elementary.descriptor-filler",
        requirement: "The descriptor of a transparent file has three bytes, the last two 00 00 or \
                      FF FF.",
        sources: &[REAL, read(Document::OpenSc, "file descriptor")],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = personal_data(card)?;
            let holds = matches!(fci.object(0x82), Some([_, 0x00, 0x00] | [_, 0xFF, 0xFF]));
            fci.must(holds, "object 82 of three bytes").map(drop)
        },
    },
    Case {
        id: "files.elementary.identifier",
        requirement: "Object 83 is the identifier of the file that was selected.",
        sources: &[REAL, ISO],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let id = card
                .path_of(Content::PersonalData)?
                .pop()
                .unwrap_or_default();
            personal_data(card)?.has(0x83, &id.to_be_bytes()).map(drop)
        },
    },
    Case {
        id: "files.elementary.object-85",
        requirement: "Object 85 is 01.",
        sources: &[REAL],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| personal_data(card)?.has(0x85, &[0x01]).map(drop),
    },
    Case {
        id: "files.elementary.access-bytes",
        requirement: "Object 86 has nine access bytes.",
        sources: &[REAL, read(Document::OpenSc, "access conditions")],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = personal_data(card)?;
            let holds = fci.access().is_some();
            fci.must(holds, "object 86 of nine bytes").map(drop)
        },
    },
    Case {
        id: "files.elementary.life-cycle",
        requirement: "Object 8A is 05, activated, on the makes that have it, and lacks on the \
                      others.",
        sources: &[REAL, read(Document::Logs, "OpenSC #2483")],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let expected = card
                .subject()
                .profile
                .dialect
                .fci
                .life_cycle
                .then_some(&[0x05_u8][..]);
            let fci = personal_data(card)?;
            let holds = fci.object(0x8A) == expected;
            fci.must(holds, "object 8A as its make has it").map(drop)
        },
    },
    Case {
        id: "files.elementary.messaging",
        requirement: "Object CB has 24 messaging conditions, none for a file that everybody reads, \
                      on the makes that have it, and lacks on the others.",
        sources: &[REAL, read(Document::Logs, "OpenSC #2483")],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let has = card.subject().profile.dialect.fci.secure_messaging;
            let fci = personal_data(card)?;
            let holds = fci.object(0xCB) == has.then_some(&[0xFF; 24][..]);
            fci.must(holds, "object CB as its make has it").map(drop)
        },
    },
    Case {
        id: "files.elementary.record-file",
        requirement: "The descriptor of EF.KeyPub says that it has records of variable length.",
        sources: &[
            read(Document::OpenSc, "incrypto34: public key"),
            source(Document::Clients, "READ RECORD of 3F01", Grade::Client),
        ],
        level: Level::Must,
        needs: &[Needs::File(Content::PublicKeyRecords)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let path = card.path_of(Content::PublicKeyRecords)?;
            let fci = card.fci(&path)?;
            let holds = fci.kind() == Some(0x05);
            fci.must(holds, "05 in object 82").map(drop)
        },
    },
    Case {
        id: "files.elementary.every-file",
        requirement: "SELECT tells size, structure, identifier and access bytes of every file as \
                      it was made.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let image = card.issue()?.image.clone();
            walk(
                &image.master_file,
                &mut Vec::new(),
                &mut |path, file| match file {
                    File::Elementary(file) => as_made(card.fci(path)?, file),
                    File::Dedicated(_) => Ok(()),
                },
            )
        },
    },
];

pub(super) fn personal_data(card: &mut TestCard) -> Result<Fci, Stop> {
    let path = card.path_of(Content::PersonalData)?;
    card.fci(&path)
}

fn as_made(fci: Fci, file: &ElementaryFile) -> Verdict {
    let kind = match file.inspect() {
        Stored::Transparent(_) => 0x01,
        Stored::Records { structure, .. } => match structure {
            cns_card::RecordStructure::LinearFixed { .. } => 0x02,
            cns_card::RecordStructure::LinearVariable => 0x05,
            cns_card::RecordStructure::Cyclic { .. } => 0x06,
        },
    };
    let size = u16::try_from(file.inspect().size()).unwrap_or(u16::MAX);
    let holds = fci.kind() == Some(kind);
    fci.must(holds, &format!("{kind:02X} in object 82"))?
        .has(0x80, &size.to_be_bytes())?
        .has(0x83, &file.id.0.to_be_bytes())?
        .has(0x86, &file.access.0)
        .map(drop)
}
