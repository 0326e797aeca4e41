//! Sizes of files: what object 80 says, what can be read, and what clients count on.

use cns_fixtures::Source as Content;

use super::elementary::personal_data;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const REAL: Source = read(Document::Logs, "OpenSC #3804");
const OPENSC: Source = source(Document::OpenSc, "reading of whole files", Grade::Verified);
const PERSONAL_DATA: &[Needs] = &[Needs::File(Content::PersonalData)];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "files.sizes.true",
        requirement: "Object 80 is the size in two bytes: so many can be read, and no more.",
        sources: &[REAL, OPENSC],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = personal_data(card)?;
            let read = card.read_current_file()?.len();
            let holds = fci.size().map(usize::from) == Some(read);
            fci.must(holds, &format!("{read} bytes in object 80"))
                .map(drop)
        },
    },
    Case {
        id: "files.sizes.dati-personali",
        requirement: "EF.Dati_Personali has 400 bytes.",
        sources: &[REAL],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            personal_data(card)?
                .has(0x80, &400_u16.to_be_bytes())
                .map(drop)
        },
    },
    Case {
        id: "files.sizes.id-carta",
        requirement: "EF.ID_Carta has 16 bytes, which OpenSC needs for its serial number.",
        sources: &[source(Document::OpenSc, "serial number", Grade::Verified)],
        level: Level::Must,
        needs: &[Needs::File(Content::CardNumber)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let path = card.path_of(Content::CardNumber)?;
            card.fci(&path)?.has(0x80, &16_u16.to_be_bytes()).map(drop)
        },
    },
    Case {
        id: "files.sizes.certificate-fits",
        requirement: "The file of the certificate is at least as long as the certificate in it.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::File(Content::Certificate)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let path = card.path_of(Content::Certificate)?;
            let fci = card.fci(&path)?;
            let start = card.read_binary(0, 4)?.is_ok()?;
            let length = match *start.data {
                [0x30, 0x82, high, low] => 4 + u16::from_be_bytes([high, low]),
                _ => return Err(start.wrong("30 82 and a length", "no long DER sequence")),
            };
            let holds = fci.size().is_some_and(|size| length <= size);
            fci.must(holds, &format!("{length} bytes or more"))
                .map(drop)
        },
    },
];
