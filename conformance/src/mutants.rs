//! Wrong cards, wrong portals, wrong tokens: the proof that the suite can fail.
//!
//! A mutant is the card, the portal or the token of this project with one thing wrong, as data: seams
//! through which a card is made wrong, hears wrong, answers wrong, forgets what it should keep or keeps
//! what it should forget; a portal takes visitors for others or shows something else; a module returns
//! something else. What is made wrong knows nothing of it.

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
mod portal;
mod portal_seam;
mod puk;
mod read;
mod records;
mod seam;
mod select;
mod signature;
mod token;
mod token_seam;

pub use pattern::When;
pub use portal_seam::PortalSeam;
pub use seam::{Reset, Seam};
pub use token_seam::{Returned, TokenSeam};

/// A wrong card; or, with other seams, a wrong portal or token.
pub struct Mutant<S: 'static = Seam> {
    /// What it is called for ever: `area.what-is-wrong`.
    pub id: &'static str,
    /// What is wrong with it, as one sentence.
    pub wrong: &'static str,
    /// The profile that it is made from.
    pub profile: &'static str,
    /// How it is made.
    pub seams: &'static [S],
}

/// A mutant of any kind.
#[derive(Clone, Copy, Debug)]
pub enum AnyMutant {
    /// A wrong card.
    Card(&'static Mutant),
    /// A wrong portal.
    Portal(&'static Mutant<PortalSeam>),
    /// A wrong token, or a wrong card behind it.
    Token(&'static Mutant<TokenSeam>),
}

impl<S> std::fmt::Debug for Mutant<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mutant({})", self.id)
    }
}

/// All wrong cards, area by area.
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

/// All wrong portals.
pub fn portal_mutants() -> impl Iterator<Item = &'static Mutant<PortalSeam>> {
    portal::MUTANTS.iter()
}

/// All wrong tokens.
pub fn token_mutants() -> impl Iterator<Item = &'static Mutant<TokenSeam>> {
    token::MUTANTS.iter()
}

/// The mutant with this name.
pub fn mutant(id: &str) -> Option<AnyMutant> {
    let mut all = mutants()
        .map(AnyMutant::Card)
        .chain(portal_mutants().map(AnyMutant::Portal))
        .chain(token_mutants().map(AnyMutant::Token));
    all.find(|mutant| mutant.id() == id)
}

impl AnyMutant {
    /// What it is called.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Card(mutant) => mutant.id,
            Self::Portal(mutant) => mutant.id,
            Self::Token(mutant) => mutant.id,
        }
    }

    /// The profile that it is made from.
    pub const fn profile(self) -> &'static str {
        match self {
            Self::Card(mutant) => mutant.profile,
            Self::Portal(mutant) => mutant.profile,
            Self::Token(mutant) => mutant.profile,
        }
    }
}
