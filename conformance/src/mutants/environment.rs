//! Cards that are wrong about MANAGE SECURITY ENVIRONMENT.

use cns_card::Condition;
use cns_fixtures::DEFAULT_PROFILE;

use super::objects::{key, set};
use super::{Mutant, Seam, When};

/// MSE SET.
const SET: &str = "00 22 F1*";

/// Any security operation.
const OPERATION: &str = "00 2A*";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "environment.restore-in-five-bytes-only",
        wrong: "MSE RESTORE must have a fifth byte.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 22 F3 ??"), |_, response| {
            *response = vec![0x67, 0x00]
        })],
    },
    Mutant {
        id: "environment.restore-in-four-bytes-only",
        wrong: "MSE RESTORE must not have a fifth byte.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 22 F3 03 00"), |_, response| {
            *response = vec![0x67, 0x00]
        })],
    },
    Mutant {
        id: "environment.restore-tells",
        wrong: "MSE RESTORE is answered with data.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 22 F3*", "9000"),
            |_, response| response.insert(0, 0x03),
        )],
    },
    Mutant {
        id: "environment.none-stored",
        wrong: "There is no environment 03.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| image.master_file.environments.clear())],
    },
    Mutant {
        id: "environment.any-is-known",
        wrong: "Whatever environment is restored is answered 9000.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 22 F3*", "6A88"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "environment.restore-ignores-data",
        wrong: "Data of MSE RESTORE are not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 22 F3 ?? 03*"), |command| {
            command.truncate(4)
        })],
    },
    Mutant {
        id: "environment.restore-sets-a-key",
        wrong: "MSE RESTORE sets a key for PSO DECIPHER.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 22 F3 03*"), |command| {
            *command = vec![0x00, 0x22, 0xF1, 0xB8, 0x03, 0x83, 0x01, 0x01];
        })],
    },
    Mutant {
        id: "environment.restore-closes",
        wrong: "MSE RESTORE closes what the PIN has opened.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSession(When::answered("00 22 F3*", "9000"))],
    },
    Mutant {
        id: "environment.ignores-p1",
        wrong: "MSE of an unknown form is RESTORE.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 22 ?? 03"), |command| {
            set(command, 2, |_| 0xF3);
        })],
    },
    Mutant {
        id: "environment.set-sets-nothing",
        wrong: "MSE SET is answered 9000 and sets nothing.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered(SET, "9000"))],
    },
    Mutant {
        id: "environment.set-tells",
        wrong: "MSE SET is answered with data.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::answered(SET, "9000"), |_, response| {
            response.insert(0, 0x83)
        })],
    },
    Mutant {
        id: "environment.no-tag-84",
        wrong: "Tag 84 is not taken.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::said("00 22 F1 ?? 03 84*"),
            |_, response| *response = vec![0x6A, 0x80],
        )],
    },
    Mutant {
        id: "environment.no-p1-41",
        wrong: "P1 41 is not taken.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 22 41*"), |_, response| {
            *response = vec![0x6A, 0x86]
        })],
    },
    Mutant {
        id: "environment.any-tag",
        wrong: "The key may be named by any tag.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 22 F1 ?? 03*"), |command| {
            set(command, 5, |_| 0x83)
        })],
    },
    Mutant {
        id: "environment.any-template",
        wrong: "An unknown template is that for PSO DECIPHER.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::answered(SET, "6A86"), |_, response| {
            *response = vec![0x90, 0x00]
        })],
    },
    Mutant {
        id: "environment.unknown-key-is-the-first",
        wrong: "An unknown key stands for key 01.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(
            When::said("00 22 F1 ?? 03 83 01 1F"),
            |command| set(command, 7, |_| 0x01),
        )],
    },
    Mutant {
        id: "environment.one-template",
        wrong: "All templates are one.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 22 F1 B6*"), |command| {
            set(command, 3, |_| 0xB8)
        })],
    },
    Mutant {
        id: "environment.refused-forgets",
        wrong: "A refused MSE SET forgets the key that was set, and what was proven.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSession(When::answered(SET, "6A80"))],
    },
    Mutant {
        id: "environment.key-is-free",
        wrong: "The key needs no PIN.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            key(image, 0x01, |key| key.rules.usage = Condition::Always)
        })],
    },
    Mutant {
        id: "environment.one-operation",
        wrong: "After each operation the key is forgotten.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSession(When::answered(OPERATION, "9000"))],
    },
    Mutant {
        id: "environment.select-forgets",
        wrong: "SELECT forgets the key that was set.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSession(When::said("00 A4*"))],
    },
    Mutant {
        id: "environment.survives-reset",
        wrong: "The key is still set after a reset.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::SurvivesReset],
    },
    Mutant {
        id: "environment.operation-is-wrong",
        wrong: "The last byte of what the key makes is wrong.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered(OPERATION, "9000"),
            |_, response| {
                if let Some(byte) = response.iter_mut().rev().nth(2) {
                    *byte ^= 0x01;
                }
            },
        )],
    },
];
