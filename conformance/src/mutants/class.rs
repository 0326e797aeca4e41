//! Cards that have more commands than they should, or fewer.

use cns_fixtures::DEFAULT_PROFILE;

use super::objects::set;
use super::{Mutant, Seam, When};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "class.ignores-the-class",
        wrong: "Bits 6 and 7 of the class are not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("?0 A4*"), |command| {
            set(command, 0, |class| class & 0x9F)
        })],
    },
    Mutant {
        id: "class.unknown-class-is-6d00",
        wrong: "An unknown class is answered 6D00.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::answered("*", "6E00"), |_, response| {
            *response = vec![0x6D, 0x00]
        })],
    },
    Mutant {
        id: "class.has-a-channel",
        wrong: "Logical channel 1 is channel 0.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("01*"), |command| {
            set(command, 0, |_| 0x00)
        })],
    },
    Mutant {
        id: "class.ignores-secure-messaging",
        wrong: "A secured command is answered in clear.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("0C*"), |command| {
            set(command, 0, |_| 0x00)
        })],
    },
    Mutant {
        id: "class.class-80-is-00",
        wrong: "SELECT and VERIFY are there in class 80 too.",
        profile: DEFAULT_PROFILE,
        seams: &[
            Seam::Hears(When::said("80 A4*"), |command| set(command, 0, |_| 0x00)),
            Seam::Hears(When::said("80 20*"), |command| set(command, 0, |_| 0x00)),
        ],
    },
    Mutant {
        id: "class.no-give-random",
        wrong: "GIVE RANDOM is in class 00.",
        profile: DEFAULT_PROFILE,
        seams: &[
            Seam::Hears(When::said("00 86*"), |command| set(command, 0, |_| 0x80)),
            Seam::Hears(When::said("80 86*"), |command| set(command, 0, |_| 0x00)),
        ],
    },
    Mutant {
        id: "class.deletes",
        wrong: "It has DELETE FILE.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 E4*"), |_, response| {
            *response = vec![0x90, 0x00]
        })],
    },
    Mutant {
        id: "class.has-internal-authenticate",
        wrong: "It has INTERNAL AUTHENTICATE.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 88 00 00 08*"), |_, response| {
            *response = vec![0x69, 0x85]
        })],
    },
    Mutant {
        id: "class.no-append-record",
        wrong: "It has no APPEND RECORD.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 E2*"), |_, response| {
            *response = vec![0x6D, 0x00]
        })],
    },
    Mutant {
        id: "class.debug-command",
        wrong: "A command that the maker used is still there, in a class of its own.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("B0 11*"), |_, response| {
            *response = vec![0x90, 0x00]
        })],
    },
    Mutant {
        id: "class.status-is-an-instruction",
        wrong: "INS 61 is GET RESPONSE.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 61*"), |_, response| {
            *response = vec![0x90, 0x00]
        })],
    },
    Mutant {
        id: "class.erases",
        wrong: "The maker's command that erases all files is there.",
        profile: DEFAULT_PROFILE,
        seams: &[
            Seam::ChangesBefore(When::said("B0 F5*"), |image| {
                image.master_file.files.clear()
            }),
            Seam::Says(When::said("B0 F5*"), |_, response| {
                *response = vec![0x90, 0x00]
            }),
        ],
    },
    Mutant {
        id: "class.answers-probes",
        wrong: "It answers what OpenSC asks other cards.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 CB*"), |_, response| {
            *response = vec![0x90, 0x00]
        })],
    },
    Mutant {
        id: "class.tells-its-model",
        wrong: "It tells a model that its make does not.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            image.dialect.vendor_data = vec![(0x0180, b"JSign4".to_vec())];
        })],
    },
    Mutant {
        id: "class.tells-another-model",
        wrong: "It tells another model than its make.",
        profile: "st2022-nfc",
        seams: &[Seam::Says(
            When::answered("00 CA 01 80*", "9000"),
            |_, response| {
                response.insert(0, 0x80);
            },
        )],
    },
    Mutant {
        id: "class.hashes",
        wrong: "It has PSO HASH.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 2A 90*"), |_, response| {
            *response = vec![0x90, 0x00]
        })],
    },
    Mutant {
        id: "class.short-header",
        wrong: "A header that is cut off is filled with zeros.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("*"), |command| {
            command.resize(command.len().max(4), 0x00)
        })],
    },
    Mutant {
        id: "class.believes-lc",
        wrong: "Lc is believed: what does not follow it counts as 00.",
        profile: DEFAULT_PROFILE,
        seams: &[
            Seam::Hears(When::said("00 A4 00 0C 03 3F 00"), |command| {
                command.push(0x00)
            }),
            Seam::Says(When::said("00 A4 00 0C 03*"), |_, response| {
                *response = vec![0x6A, 0x82]
            }),
        ],
    },
    Mutant {
        id: "class.ignores-lc",
        wrong: "What is more than Lc and an Le is not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(
            When::said("00 A4 00 0C 02 3F 00 00 00"),
            |command| command.truncate(7),
        )],
    },
    Mutant {
        id: "class.ignores-data",
        wrong: "Data of a command that has none are not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 84 00 00 01 01 00"), |command| {
            command.drain(4..6);
        })],
    },
    Mutant {
        id: "class.missing-data-is-6a80",
        wrong: "A command that lacks its data is answered 6A80.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 E0 00 00", "6700"),
            |_, response| *response = vec![0x6A, 0x80],
        )],
    },
    Mutant {
        id: "class.missing-le-is-all",
        wrong: "A command without Le is taken for one with the largest.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 84 00 00"), |command| {
            command.push(0x00)
        })],
    },
    Mutant {
        id: "class.refused-forgets",
        wrong: "Bytes that are no command forget what was proven and selected.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSession(When::answered(
            "00 ?? 00 ?? ?? *",
            "6700",
        ))],
    },
];
