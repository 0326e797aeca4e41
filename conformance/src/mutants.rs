//! Wrong cards: the proof that the suite can fail.
//!
//! A mutant is the card of this project with one thing wrong, as data: seams through which the card
//! is made wrong, hears wrong, answers wrong, forgets what it should keep or keeps what it should
//! forget. The card's own code knows nothing of it.

mod answer_to_reset;
mod chaining;
mod class;
mod control_information;
mod data;
mod environment;
mod files;
pub(crate) mod image;
mod life_cycle;
mod objects;
mod pattern;
mod pin;
mod pin_change;
mod puk;
mod read;
mod records;
mod seam;
mod select;
mod signature;

pub use pattern::When;
pub use seam::{Reset, Seam};

/// A wrong card.
pub struct Mutant {
    /// What it is called for ever: `area.what-is-wrong`.
    pub id: &'static str,
    /// What is wrong with it, as one sentence.
    pub wrong: &'static str,
    /// The profile that it is made from.
    pub profile: &'static str,
    /// How it is made.
    pub seams: &'static [Seam],
}

impl std::fmt::Debug for Mutant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mutant({})", self.id)
    }
}

/// All mutants, area by area.
pub fn mutants() -> impl Iterator<Item = &'static Mutant> {
    [
        answer_to_reset::MUTANTS,
        life_cycle::MUTANTS,
        class::MUTANTS,
        chaining::MUTANTS,
        environment::MUTANTS,
        data::MUTANTS,
        files::MUTANTS,
        pin::MUTANTS,
        pin_change::MUTANTS,
        puk::MUTANTS,
        read::MUTANTS,
        records::MUTANTS,
        select::MUTANTS,
        signature::MUTANTS,
    ]
    .into_iter()
    .flatten()
}

/// The mutant with this name.
pub fn mutant(id: &str) -> Option<&'static Mutant> {
    mutants().find(|mutant| mutant.id == id)
}
