//! Whether a file does what its access bytes say (ISO/IEC 7816-4 §9; the bytes as OpenSC's driver
//! reads them).
//!
//! ```text
//! 86 09   EF  READ    UPDATE  APPEND  DEACTIVATE  ACTIVATE  DELETE  ADMIN  INCREASE  DECREASE
//!         DF  LCYCLE  UPDATE  APPEND  DEACTIVATE  ACTIVATE  DELETE  ADMIN  CREATE    (reserved)
//! 00 always   FF never   01..7F the PIN or key with that identifier was proven
//! ```
//! What is written here is what was read before: a card that lets it happen is none the worse.

use cns_apdu::{Command, Le, Sw, hex};
use cns_fixtures::{Secret, Source as Content};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{Answer, TestCard};

const OPENSC: Source = read(Document::OpenSc, "access conditions");
const ISO: Source = read(Document::Iso7816Part4, "security attributes");
const REAL: Source = read(Document::Logs, "OpenSC #3804");
const OWN: &[Needs] = &[Needs::OwnCard];

/// A transparent file that everybody may read and write, AA01.
const NEW_FILE: &str = "00 E0 00 00 (62 (80 (0004) 82 (010000) 83 (AA01) 86 (000000000000000000)))";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "files.access.public-files",
        requirement: "EF.GDO, EF.ID_Carta, EF.C_Carta and EF.Dati_Personali are read without a \
                      PIN, and say so.",
        sources: &[
            OPENSC,
            source(
                Document::Clients,
                "readers of the personal data",
                Grade::Client,
            ),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for path in [
                &[0x2F02][..],
                &[0x1000, 0x1003],
                &[0x1100, 0x1101],
                &[0x1100, 0x1102],
            ] {
                if !card.subject().profile.has_file(path) {
                    continue;
                }
                let fci = card.fci(path)?;
                let holds = fci.access().is_some_and(|[read, ..]| read == 0x00);
                fci.must(holds, "00 as the condition of READ")?;
                card.read_binary(0, 1)?.is_ok()?.has_length(1)?;
            }
            Ok(())
        },
    },
    Case {
        id: "files.access.reading-as-told",
        requirement: "A file whose condition of READ is 00 is read by everybody, every other is \
                      refused with 6982.",
        sources: &[OPENSC, ISO],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            each_known_file(card, |card, kind, [read, ..]| {
                let answer = match kind {
                    0x01 => card.read_binary(0, 1)?,
                    _ => card.send("00 B2 01 04 00")?,
                };
                as_told(answer, read)
            })
        },
    },
    Case {
        id: "files.access.writing-as-told",
        requirement: "A file whose condition of UPDATE is 00 is written by everybody, every other \
                      is refused with 6982.",
        sources: &[OPENSC, ISO],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            each_known_file(card, |card, kind, [_, update, ..]| {
                if kind != 0x01 {
                    return Ok(());
                }
                let Ok(there) = card.read_binary(0, 1)?.is_ok() else {
                    return Ok(());
                };
                as_told(write(card, &there.data)?, update)
            })
        },
    },
    Case {
        id: "files.access.pin-does-not-open-all",
        requirement: "The PIN does not open what is closed to everybody: the certificate stays as \
                      it is.",
        sources: &[OPENSC, REAL],
        level: Level::Must,
        needs: &[
            Needs::File(Content::PersonalData),
            Needs::Reference(Secret::Pin),
        ],
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let path = card.path_of(Content::PersonalData)?;
            card.verify_pin()?;
            let fci = card.fci(&path)?;
            let holds = fci.access().is_some_and(|[_, update, ..]| update == 0xFF);
            fci.must(holds, "FF as the condition of UPDATE")?;
            let there = card.read_binary(0, 1)?.is_ok()?;
            write(card, &there.data)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "files.access.pin-opens",
        requirement: "A file whose condition of UPDATE is the PIN is written after VERIFY.",
        sources: &[
            OPENSC,
            source(
                Document::CnsFileSystem,
                "EF.Dati_Personali_Aggiuntivi",
                Grade::Inferred,
            ),
        ],
        level: Level::Must,
        needs: &[
            Needs::Path(&[0x1200, 0x1201]),
            Needs::Reference(Secret::Pin),
        ],
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let pin = card.reference(Secret::Pin)?.id;
            let access = card.fci(&[0x1200, 0x1201])?.access();
            if access.is_none_or(|[_, update, ..]| update != pin) {
                return Err(Stop::skip("its condition of UPDATE is not the PIN"));
            }
            card.verify_pin()?;
            let there = card.read_binary(0, 1)?.is_ok()?;
            write(card, &there.data)?.is_ok()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "files.access.refused-write-changes-nothing",
        requirement: "What was refused has not happened: the file is as before, also after \
                      power-off.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::OwnCard, Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            let before = card.read_file(Content::PersonalData)?;
            card.send("00 D6 00 00 (A5A5A5A5)")?.is_refused()?;
            unchanged(card, &before)?;
            card.power_cycle()?;
            unchanged(card, &before)
        },
    },
    Case {
        id: "files.access.no-new-file",
        requirement: "On a card in the citizen's hands nobody creates a file in the master file.",
        sources: &[OPENSC, REAL],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            card.verify_pin()?;
            card.send("00 A4 00 0C (3F00)")?.is_ok()?;
            card.send(NEW_FILE)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.select(&[0xAA01])?.is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "files.access.no-new-file-in-df1",
        requirement: "On a card in the citizen's hands nobody creates a file among the personal \
                      data.",
        sources: &[OPENSC, REAL],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            card.verify_pin()?;
            card.select_quietly(&[0x1100])?.is_ok()?;
            card.send(NEW_FILE)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.select(&[0x1100, 0xAA01])?.is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "files.access.no-new-record",
        requirement: "A file whose condition of APPEND is FF takes no new record.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::OwnCard, Needs::File(Content::PublicKeyRecords)],
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            let path = card.path_of(Content::PublicKeyRecords)?;
            let fci = card.fci(&path)?;
            let holds = fci
                .access()
                .is_some_and(|[_, _, append, ..]| append == 0xFF);
            fci.must(holds, "FF as the condition of APPEND")?;
            card.send("00 E2 00 00 (120055)")?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.send("00 B2 03 04 00")?.is(Sw::RECORD_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "files.access.conditions-stay",
        requirement: "Nobody changes the access bytes of a file whose condition of ADMIN is FF.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::OwnCard, Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            let path = card.path_of(Content::PersonalData)?;
            let before = card.fci(&path)?.access();
            card.verify_pin()?;
            card.send("00 DA 01 6F (86 (000000000000000000))")?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            let fci = card.fci(&path)?;
            let holds = fci.access() == before;
            fci.must(holds, "the same access bytes as before").map(drop)
        },
    },
    Case {
        id: "files.access.created-file-as-told",
        requirement: "A new file has the access bytes that it was created with, and FF for those \
                      that were not said.",
        sources: &[read(Document::OpenSc, "incrypto34: creation of files")],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.prepare_with("00 E0 00 00 (62 (80 (0004) 82 (010000) 83 (AA01) 86 (0000)))")?;
            let fci = card.fci(&[0xAA01])?;
            fci.has(
                0x86,
                &[0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            )
            .map(drop)
        },
    },
];

/// Selects each file that the field has a name for, if the card has it, and judges it.
fn each_known_file(
    card: &mut TestCard,
    judge: impl Fn(&mut TestCard, u8, [u8; 9]) -> Verdict,
) -> Verdict {
    for file in cns_apdu::names::files() {
        let answer = card.select(file.path)?;
        if answer.sw == Sw::FILE_NOT_FOUND {
            continue;
        }
        let fci = answer.is_ok()?.fci()?;
        let (Some(kind), Some(access)) = (fci.kind(), fci.access()) else {
            return fci.must(false, "objects 82 and 86").map(drop);
        };
        if !fci.is_folder() {
            judge(card, kind, access)?;
        }
    }
    Ok(())
}

/// Without a PIN, only what is always allowed is done. A record can be longer than a response.
fn as_told(answer: Answer, condition: u8) -> Verdict {
    match condition {
        0x00 => {
            let holds = answer.sw.is_success();
            answer.must(holds, "9000, or 61xx").map(drop)
        }
        _ => answer.is(Sw::SECURITY_STATUS_NOT_SATISFIED).map(drop),
    }
}

fn write(card: &mut TestCard, bytes: &[u8]) -> Result<Answer, Stop> {
    card.send_command(&Command::new([0x00, 0xD6, 0x00, 0x00], bytes, Le::Absent))
}

fn unchanged(card: &mut TestCard, before: &[u8]) -> Verdict {
    let after = card.read_file(Content::PersonalData)?;
    match after == before {
        true => Ok(()),
        false => Err(Stop::fail(hex::encode(before), hex::encode(&after))),
    }
}
