//! What can be made wrong: a kind of stage, its cases and its mutants.

use crate::case::Case;
use crate::mutants::{Mutant, PortalSeam, Seam, TokenSeam, mutants, portal_mutants, token_mutants};
use crate::portal::Portal;
use crate::runner::Stage;
use crate::suites::{card_cases, portal_cases, token_cases};
use crate::test_card::TestCard;
use crate::token::Token;

/// A stage that can be made wrong.
pub trait Breakable: Stage + Sized + 'static {
    /// Where it is made wrong.
    type Seam: Sync + 'static;

    /// All its cases.
    fn cases() -> Vec<&'static Case<Self>>;

    /// All its mutants.
    fn mutants() -> Vec<&'static Mutant<Self::Seam>>;

    /// Makes it wrong from the next case on, and sound without seams.
    fn make_wrong(&mut self, seams: &'static [Self::Seam]);
}

impl Breakable for TestCard {
    type Seam = Seam;

    fn cases() -> Vec<&'static Case<Self>> {
        card_cases()
    }

    fn mutants() -> Vec<&'static Mutant> {
        mutants().collect()
    }

    fn make_wrong(&mut self, seams: &'static [Seam]) {
        self.make_wrong(seams);
    }
}

impl Breakable for Portal {
    type Seam = PortalSeam;

    fn cases() -> Vec<&'static Case<Self>> {
        portal_cases()
    }

    fn mutants() -> Vec<&'static Mutant<PortalSeam>> {
        portal_mutants().collect()
    }

    fn make_wrong(&mut self, seams: &'static [PortalSeam]) {
        self.make_wrong(seams);
    }
}

impl Breakable for Token {
    type Seam = TokenSeam;

    fn cases() -> Vec<&'static Case<Self>> {
        token_cases()
    }

    fn mutants() -> Vec<&'static Mutant<TokenSeam>> {
        token_mutants().collect()
    }

    fn make_wrong(&mut self, seams: &'static [TokenSeam]) {
        self.make_wrong(seams);
    }
}
