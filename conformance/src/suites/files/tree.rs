//! The files that a CNS has (OpenSC's driver; the documentation of it for folder 1400).
//!
//! ```text
//! 3F00   2F01 EF.ATR   2F02 EF.GDO   3F01 EF.KeyPub   3F02 EF.CardStatus   0405 EF.RootInstFile
//!   1000   1002 EF.Dati_Processore   1003 EF.ID_Carta
//!   1100   1101 EF.C_Carta   1102 EF.Dati_Personali
//!   1200   1201 EF.Dati_Personali_Aggiuntivi   1202 EF.Memoria_Residua   1203 EF.Servizi_Installati
//!          4142 EF.INST_FILE
//!   1400   DF_DS, with whatever a second key needs
//! ```

use cns_fixtures::Source as Content;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const OPENSC: Source = read(Document::OpenSc, "list of files");
const VENDOR: Source = read(Document::OpenSc, "incrypto34: EF.ATR");
const READ_BY_OPENSC: Source = source(Document::OpenSc, "itacns emulation", Grade::Verified);
const DF_DS: Source = source(Document::CnsFileSystem, "DF_DS", Grade::Web);
const READ_BY_CLIENTS: Source = source(
    Document::Clients,
    "readers of the personal data",
    Grade::Client,
);

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "files.tree.master-file",
        requirement: "The master file is 3F00, a folder.",
        sources: &[READ_BY_OPENSC],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| folder(card, &[]),
    },
    Case {
        id: "files.tree.ef-atr",
        requirement: "EF.ATR is 2F01 in the master file.",
        sources: &[VENDOR],
        level: Level::Should,
        needs: &[Needs::Path(&[0x2F01])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x2F01]),
    },
    Case {
        id: "files.tree.ef-gdo",
        requirement: "EF.GDO is 2F02 in the master file.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x2F02])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x2F02]),
    },
    Case {
        id: "files.tree.ef-keypub",
        requirement: "EF.KeyPub is 3F01 in the master file.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x3F01])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x3F01]),
    },
    Case {
        id: "files.tree.ef-cardstatus",
        requirement: "EF.CardStatus is 3F02 in the master file.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x3F02])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x3F02]),
    },
    Case {
        id: "files.tree.ef-rootinstfile",
        requirement: "EF.RootInstFile is 0405 in the master file.",
        sources: &[OPENSC],
        level: Level::Should,
        needs: &[Needs::Path(&[0x0405])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x0405]),
    },
    Case {
        id: "files.tree.df0",
        requirement: "DF0, system data, is 1000 in the master file.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1000])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| folder(card, &[0x1000]),
    },
    Case {
        id: "files.tree.dati-processore",
        requirement: "EF.Dati_Processore is 1002 in DF0.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1000, 0x1002])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x1000, 0x1002]),
    },
    Case {
        id: "files.tree.id-carta",
        requirement: "EF.ID_Carta is 1003 in DF0.",
        sources: &[READ_BY_OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1000, 0x1003])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x1000, 0x1003]),
    },
    Case {
        id: "files.tree.df1",
        requirement: "DF1, personal data, is 1100 in the master file.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1100])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| folder(card, &[0x1100]),
    },
    Case {
        id: "files.tree.c-carta",
        requirement: "EF.C_Carta is 1101 in DF1.",
        sources: &[READ_BY_OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1100, 0x1101])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x1100, 0x1101]),
    },
    Case {
        id: "files.tree.dati-personali",
        requirement: "EF.Dati_Personali is 1102 in DF1.",
        sources: &[READ_BY_CLIENTS],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1100, 0x1102])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x1100, 0x1102]),
    },
    Case {
        id: "files.tree.df2",
        requirement: "DF2, additional data, is 1200 in the master file.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1200])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| folder(card, &[0x1200]),
    },
    Case {
        id: "files.tree.dati-aggiuntivi",
        requirement: "EF.Dati_Personali_Aggiuntivi is 1201 in DF2.",
        sources: &[OPENSC],
        level: Level::Should,
        needs: &[Needs::Path(&[0x1200, 0x1201])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x1200, 0x1201]),
    },
    Case {
        id: "files.tree.memoria-residua",
        requirement: "EF.Memoria_Residua is 1202 in DF2.",
        sources: &[OPENSC],
        level: Level::Should,
        needs: &[Needs::Path(&[0x1200, 0x1202])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x1200, 0x1202]),
    },
    Case {
        id: "files.tree.servizi-installati",
        requirement: "EF.Servizi_Installati is 1203 in DF2.",
        sources: &[OPENSC],
        level: Level::Should,
        needs: &[Needs::Path(&[0x1200, 0x1203])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x1200, 0x1203]),
    },
    Case {
        id: "files.tree.inst-file",
        requirement: "EF.INST_FILE is 4142 in DF2.",
        sources: &[OPENSC],
        level: Level::Should,
        needs: &[Needs::Path(&[0x1200, 0x4142])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| file(card, &[0x1200, 0x4142]),
    },
    Case {
        id: "files.tree.df-ds",
        requirement: "DF_DS is 1400 in the master file, with something in it or without.",
        sources: &[DF_DS],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1400])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| folder(card, &[0x1400]),
    },
    Case {
        id: "files.tree.certificate",
        requirement: "The authentication certificate is in a file where the card's make has it.",
        sources: &[READ_BY_OPENSC],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let wrapped = card.path_of(Content::WrappedCertificate);
            let path = wrapped.or_else(|_| card.path_of(Content::Certificate))?;
            file(card, &path)
        },
    },
    Case {
        id: "files.tree.signature-certificate",
        requirement: "The certificate for signatures is in a file of DF_DS.",
        sources: &[read(Document::OpenSc, "CNS1")],
        level: Level::Must,
        needs: &[Needs::File(Content::SignatureCertificate)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let path = card.path_of(Content::SignatureCertificate)?;
            file(card, &path)
        },
    },
];

fn folder(card: &mut TestCard, path: &[u16]) -> Verdict {
    there(card, path, true, "a folder")
}

fn file(card: &mut TestCard, path: &[u16]) -> Verdict {
    there(card, path, false, "a file, and no folder")
}

fn there(card: &mut TestCard, path: &[u16], is_folder: bool, expected: &str) -> Result<(), Stop> {
    let fci = card.fci(path)?;
    let holds = fci.is_folder() == is_folder;
    fci.must(holds, expected).map(drop)
}
