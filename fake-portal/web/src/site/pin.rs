//! PIN and PUK asked for online, by adults.

use super::answer::Answer;
use super::visit::Visit;
use crate::town::TownHall;

/// These pages.
pub(crate) fn answer(_visit: &Visit<'_>, _hall: &TownHall) -> Answer {
    Answer::Absent
}
