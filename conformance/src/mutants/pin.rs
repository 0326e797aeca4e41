//! Cards that are wrong about their PIN.

use cns_fixtures::DEFAULT_PROFILE;

use super::{Mutant, Seam, When};

/// VERIFY of the PIN with a value.
const VERIFY_PIN: &str = "00 20 00 ?0 08*";

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
];
