//! What was done at the desk, for auditors.

use super::answer::Answer;
use super::reception::SignedIn;
use super::visit::Visit;
use crate::town::TownHall;

/// These pages.
pub(crate) fn answer(_visit: &Visit<'_>, _signed_in: Option<SignedIn>, _hall: &TownHall) -> Answer {
    Answer::Absent
}
