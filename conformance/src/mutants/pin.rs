//! Cards that are wrong about their PIN: VERIFY and the counter.

use cns_card::{ReferenceData, ReferenceValue};
use cns_fixtures::DEFAULT_PROFILE;

use super::image::folder;
use super::objects::{PIN, fill, reference, set, spend};
use super::{Mutant, Seam, When};

/// VERIFY of the PIN with a value.
const VERIFY_PIN: &str = "00 20 00 ?0 08*";

/// VERIFY of the PIN with the right value.
const VERIFY_RIGHT: &str = "00 20 00 ?0 08 3132333435363738";

/// VERIFY of the PIN without a value.
const ASK_PIN: &str = "00 20 00 ?0";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "pin.counter-not-charged",
        wrong: "A wrong PIN costs no try.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered(VERIFY_PIN, "63C?"))],
    },
    Mutant {
        id: "pin.right-survives-reset",
        wrong: "What was proven is still proven after a reset.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::SurvivesReset],
    },
    Mutant {
        id: "pin.answers-with-data",
        wrong: "The right PIN is answered with data.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered(VERIFY_PIN, "9000"),
            |_, response| response.insert(0, 0x01),
        )],
    },
    Mutant {
        id: "pin.wrong-answers-with-data",
        wrong: "A wrong PIN is answered with data.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered(VERIFY_PIN, "63C?"),
            |_, response| response.insert(0, 0x01),
        )],
    },
    Mutant {
        id: "pin.wrong-closes-nothing",
        wrong: "A wrong PIN leaves open what the right one has opened.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered(VERIFY_PIN, "63C?"))],
    },
    Mutant {
        id: "pin.blocked-compares",
        wrong: "A blocked PIN is compared all the same, and its right value unblocks it.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesBefore(When::said(VERIFY_RIGHT), |image| {
            fill(image, PIN)
        })],
    },
    Mutant {
        id: "pin.blocks-late",
        wrong: "The PIN has a try more than it should.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PIN, |datum| datum.rules.tries_max += 1);
            fill(image, PIN);
        })],
    },
    Mutant {
        id: "pin.forgets-at-select",
        wrong: "What the PIN has opened is closed by the next SELECT.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSessionBefore(When::said("00 A4*"))],
    },
    Mutant {
        id: "pin.forgets-when-asked",
        wrong: "What the PIN has opened is closed when the card is asked about it.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSession(When::answered(ASK_PIN, "9000"))],
    },
    Mutant {
        id: "pin.proven-without-proof",
        wrong: "The card says that the PIN is proven when it is not.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered(ASK_PIN, "63C?"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "pin.asking-charges",
        wrong: "Asking for the tries costs a try.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(ASK_PIN, "63C?"),
            |image| spend(image, PIN),
        )],
    },
    Mutant {
        id: "pin.asking-tells-nothing",
        wrong: "Asked for the tries, it says 6300.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered(ASK_PIN, "63C?"),
            |_, response| *response = vec![0x63, 0x00],
        )],
    },
    Mutant {
        id: "pin.pads-short-values",
        wrong: "A PIN that is too short is padded and compared.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 20 00 ?0 07*"), |command| {
            command.push(0xFF);
            set(command, 4, |_| 0x08);
        })],
    },
    Mutant {
        id: "pin.wrong-length-is-wrong-data",
        wrong: "A PIN of a wrong length is answered 6A80.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 20*", "6700"),
            |_, response| *response = vec![0x6A, 0x80],
        )],
    },
    Mutant {
        id: "pin.unknown-reference-is-a-file",
        wrong: "An unknown PIN is answered like an unknown file.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 20*", "6A88"),
            |_, response| *response = vec![0x6A, 0x82],
        )],
    },
    Mutant {
        id: "pin.ignores-reserved-bits",
        wrong: "Bits 6 and 7 of P2 are not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 20 00 ?? 08*"), |command| {
            set(command, 3, |p2| p2 & 0x9F)
        })],
    },
    Mutant {
        id: "pin.ignores-p1",
        wrong: "P1 of VERIFY is not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 20*"), |command| {
            set(command, 2, |_| 0x00)
        })],
    },
    Mutant {
        id: "pin.no-backtracking",
        wrong: "With bit 8 of P2, only the current folder is looked in.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 20 00 9?*"), |_, response| {
            *response = vec![0x6A, 0x88]
        })],
    },
    Mutant {
        id: "pin.one-try-spent",
        wrong: "A new card has one try less than it should.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| spend(image, PIN))],
    },
    Mutant {
        id: "pin.right-fills-nothing",
        wrong: "The right PIN gives no try back.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(VERIFY_PIN, "9000"),
            |image| spend(image, PIN),
        )],
    },
    Mutant {
        id: "pin.right-overfills",
        wrong: "Each right PIN adds a try.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(VERIFY_PIN, "9000"),
            |image| {
                reference(image, PIN, |datum| datum.rules.tries_max += 1);
                fill(image, PIN);
            },
        )],
    },
    Mutant {
        id: "pin.reset-fills",
        wrong: "A reset gives all tries back.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAtReset(|image| fill(image, PIN))],
    },
    Mutant {
        id: "pin.select-fills",
        wrong: "SELECT gives all tries back.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::said("00 A4*"), |image| {
            fill(image, PIN)
        })],
    },
    Mutant {
        id: "pin.charges-in-volatile-memory",
        wrong: "The try is taken off where power-off forgets it.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesWrite(When::said(VERIFY_PIN), 0)],
    },
    Mutant {
        id: "pin.compares-before-charging",
        wrong: "The try is taken off after the comparison.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesWrite(When::said(VERIFY_RIGHT), 0)],
    },
    Mutant {
        id: "pin.always-backtracks",
        wrong: "Without bit 8 of P2 a PIN of the current folder comes before the master file's.",
        profile: DEFAULT_PROFILE,
        seams: &[
            Seam::Made(|image| {
                let decoy = image.master_file.reference_data.iter().map(other_value);
                let decoy = decoy.collect();
                if let Some(folder) = folder(image, &[0x1100]) {
                    folder.reference_data = decoy;
                }
            }),
            Seam::Hears(When::said("00 20 00 10*"), |command| {
                set(command, 3, |p2| p2 | 0x80);
            }),
        ],
    },
];

/// The same PIN or PUK with a value that nobody has.
fn other_value(datum: &ReferenceData) -> ReferenceData {
    match ReferenceValue::from_digits("90909090") {
        Ok(value) => ReferenceData::new(datum.id, datum.rules, &value, [0xA5; 16]),
        Err(_) => datum.clone(),
    }
}
