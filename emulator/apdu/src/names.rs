//! What the field calls the files and applications that a host asks a CNS for. The one table of
//! names: words about an exchange and the inspection of a card read it.
//!
//! Source: the constants of the OpenSC driver for these cards. `EF.Dati_Sistema` and
//! `EF.Dati_Personali_Annotazioni` are on the identity card of the same family.

/// A file of a CNS.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FileName {
    /// The identifiers from below the master file; none for the master file itself.
    pub path: &'static [u16],
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub holds: Holds,
}

/// What a file holds, as far as its reader's discretion is concerned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Holds {
    /// Files.
    Files,
    /// Something about the person or this one card of theirs.
    PersonalData,
    /// Something that many cards have in common.
    TechnicalData,
}

use Holds::{Files, PersonalData, TechnicalData};

/// All files that have a name, the master file first.
pub fn files() -> &'static [FileName] {
    FILES
}

const FILES: &[FileName] = &[
    file(&[], "MF", Files),
    file(&[0x0405], "EF.RootInstFile", TechnicalData),
    file(&[0x1000], "DF0, system data", Files),
    // Production data: the serial number of the chip may be among them.
    file(&[0x1000, 0x1002], "EF.Dati_Processore", PersonalData),
    file(&[0x1000, 0x1003], "EF.ID_Carta", PersonalData),
    file(&[0x1000, 0x1004], "EF.Dati_Sistema", PersonalData),
    file(&[0x1100], "DF1, personal data", Files),
    file(&[0x1100, 0x1101], "EF.C_Carta", PersonalData),
    file(&[0x1100, 0x1102], "EF.Dati_Personali", PersonalData),
    file(
        &[0x1100, 0x1103],
        "EF.Dati_Personali_Annotazioni",
        PersonalData,
    ),
    file(&[0x1200], "DF2, additional data", Files),
    file(
        &[0x1200, 0x1201],
        "EF.Dati_Personali_Aggiuntivi",
        PersonalData,
    ),
    file(&[0x1200, 0x1202], "EF.Memoria_Residua", TechnicalData),
    file(&[0x1200, 0x1203], "EF.Servizi_Installati", TechnicalData),
    file(&[0x1200, 0x4142], "EF.INST_FILE", TechnicalData),
    file(&[0x1400], "DF_DS, digital signature", Files),
    file(&[0x2F00], "EF.DIR", TechnicalData),
    file(&[0x2F01], "EF.ATR", TechnicalData),
    file(&[0x2F02], "EF.GDO", PersonalData),
    file(&[0x3F01], "EF.KeyPub", PersonalData),
    file(&[0x3F02], "EF.CardStatus", TechnicalData),
];

/// Applications by the beginning of their identifier, the longer before the shorter.
///
/// Source: the probes that OpenSC sends to every card, and public issues about CNS cards.
const APPLICATIONS: &[(&[u8], &str)] = &[
    (&[0xA0, 0x00, 0x00, 0x00, 0x95, 0x01, 0x00, 0x4D], "CNS"),
    (
        &[
            0xA0, 0x00, 0x00, 0x05, 0x30, 0x00, 0x0B, 0x10, 0x40, 0x01, 0x02, 0x1A,
        ],
        "CNS",
    ),
    (&[0xA0, 0x00, 0x00, 0x03, 0x08], "PIV"),
    (&[0xA0, 0x00, 0x00, 0x00, 0x30, 0x80], "IAS ECC"),
    (&[0xA0, 0x00, 0x00, 0x00, 0x39], "CIE"),
    (&[0xA0, 0x00, 0x00, 0x00, 0x79], "CAC"),
    (&[0xA0, 0x00, 0x00, 0x01, 0x16, 0xDB], "CAC"),
    (&[0xA0, 0x00, 0x00, 0x00, 0x01, 0x01], "MuscleCard"),
    (
        &[
            0xE8, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x81, 0xC3, 0x1F, 0x02, 0x01,
        ],
        "SmartCard-HSM",
    ),
    (&[0x62, 0x76, 0x01, 0xFF], "CoolKey"),
    (
        &[
            0xD2, 0x33, 0x00, 0x00, 0x00, 0x45, 0x73, 0x74, 0x45, 0x49, 0x44,
        ],
        "EstEID",
    ),
];

/// The file at this path, the identifiers from below the master file.
pub fn file_at(path: &[u16]) -> Option<&'static FileName> {
    FILES.iter().find(|known| known.path == path)
}

/// What the application with this identifier is called.
pub fn application(identifier: &[u8]) -> Option<&'static str> {
    let found = APPLICATIONS
        .iter()
        .find(|(beginning, _)| identifier.starts_with(beginning));
    found.map(|(_, name)| *name)
}

const fn file(path: &'static [u16], name: &'static str, holds: Holds) -> FileName {
    FileName { path, name, holds }
}
