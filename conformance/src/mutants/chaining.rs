//! Cards that are wrong about chaining, extended length and GET RESPONSE.

use cns_fixtures::DEFAULT_PROFILE;

use super::objects::set;
use super::{Mutant, Seam, When};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "chaining.no-chaining",
        wrong: "The card takes no chains.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| image.dialect.command_chaining = false)],
    },
    Mutant {
        id: "chaining.loses-a-byte",
        wrong: "The last byte of each full link is lost.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("10 2A ?? ?? FF*"), |command| {
            command.pop();
            set(command, 4, |_| 0xFE);
        })],
    },
    Mutant {
        id: "chaining.not-for-signatures",
        wrong: "PSO COMPUTE DIGITAL SIGNATURE is not chained.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("10 2A 9E 9A*"), |_, response| {
            *response = vec![0x68, 0x84]
        })],
    },
    Mutant {
        id: "chaining.full-links-only",
        wrong: "A link that is not full is refused.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("10 2A ?? ?? 10*"), |command| {
            set(command, 1, |_| 0x10);
        })],
    },
    Mutant {
        id: "chaining.extended-is-another",
        wrong: "In one extended command the last byte of the data is another.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 2A 9E 9A 00*"), |command| {
            if let Some(byte) = command.iter_mut().rev().nth(2) {
                *byte ^= 0x01;
            }
        })],
    },
    Mutant {
        id: "chaining.refused-stays-open",
        wrong: "A chain that was refused for want of the PIN stays open.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered("00 2A*", "6982"))],
    },
    Mutant {
        id: "chaining.interleaved-is-forgotten",
        wrong: "Another command in the middle leaves the chain open.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered("00 A4*", "6883"))],
    },
    Mutant {
        id: "chaining.unknown-leaves-open",
        wrong: "A command that does not exist leaves the chain open.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered("*", "6D00"))],
    },
    Mutant {
        id: "chaining.other-parameters-leave-open",
        wrong: "A security operation of another kind leaves the chain open.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered("00 2A 9E 9A*", "6883"))],
    },
    Mutant {
        id: "chaining.survives-reset",
        wrong: "An open chain is still open after a reset, and a response still waits.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::SurvivesReset],
    },
    Mutant {
        id: "chaining.no-limit",
        wrong: "A chain may be of any length.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            image.dialect.command_data_max = u16::MAX
        })],
    },
    Mutant {
        id: "chaining.select-is-chained",
        wrong: "The chaining bit is ignored where nothing is chained.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("10 A4*"), |command| {
            set(command, 0, |_| 0x00)
        })],
    },
    Mutant {
        id: "chaining.verify-is-chained",
        wrong: "VERIFY with the chaining bit is VERIFY.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("10 20*"), |command| {
            set(command, 0, |_| 0x00)
        })],
    },
    Mutant {
        id: "chaining.no-extended",
        wrong: "Extended lengths are not understood.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| image.dialect.extended_length = false)],
    },
    Mutant {
        id: "chaining.reads-256",
        wrong: "However much is asked for, 256 bytes are read.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::said("00 B0 ?? ?? 00 ?? ??"),
            |_, response| {
                response.truncate(256);
                response.extend([0x90, 0x00]);
            },
        )],
    },
    Mutant {
        id: "chaining.extended-when-needed",
        wrong: "An extended command must need to be one.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::said("00 A4 ?? ?? 00 00 02*"),
            |_, response| *response = vec![0x67, 0x00],
        )],
    },
    Mutant {
        id: "chaining.no-extended-verify",
        wrong: "VERIFY may not be extended.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::said("00 20 ?? ?? 00 00 08*"),
            |_, response| *response = vec![0x67, 0x00],
        )],
    },
    Mutant {
        id: "chaining.trailing-bytes",
        wrong: "Bytes behind the data are not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(
            When::said("00 A4 00 0C 00 00 02 3F 00*"),
            |command| command.truncate(9),
        )],
    },
    Mutant {
        id: "chaining.extended-after-all",
        wrong: "It understands extended lengths, which its make does not.",
        profile: "cns10-lombardia-crs",
        seams: &[Seam::Made(|image| image.dialect.extended_length = true)],
    },
    Mutant {
        id: "chaining.no-empty-lc",
        wrong: "An Lc of 00 is refused.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::said("00 B0 00 00 00 ??"),
            |_, response| *response = vec![0x67, 0x00],
        )],
    },
    Mutant {
        id: "chaining.ignores-le",
        wrong: "All of the response comes, whatever Le is.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(
            When::said("00 A4 00 00 02 3F 00 02"),
            |command| {
                command.pop();
                command.push(0x00);
            },
        )],
    },
    Mutant {
        id: "chaining.does-not-tell-more",
        wrong: "That more waits is not told.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::answered("*", "61??"), |_, response| {
            response.truncate(response.len().saturating_sub(2));
            response.extend([0x90, 0x00]);
        })],
    },
    Mutant {
        id: "chaining.response-of-nothing",
        wrong: "GET RESPONSE is answered 9000 when nothing waits.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 C0*", "6985"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "chaining.response-again",
        wrong: "What was fetched can be fetched again.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered("00 C0*", "9000"))],
    },
    Mutant {
        id: "chaining.response-waits",
        wrong: "A response waits over other commands.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::said("00 A4 00 0C 02 3F 00"))],
    },
    Mutant {
        id: "chaining.response-parameters",
        wrong: "P1 and P2 of GET RESPONSE are not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 C0*", "6A86"),
            |_, response| *response = vec![0x69, 0x85],
        )],
    },
];
