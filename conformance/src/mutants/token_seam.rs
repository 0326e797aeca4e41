//! The seams at which a token is made wrong: in the card behind the module, or between the module and
//! the cases, where a function returns something else, is not called at all, or is given another PIN.

use std::any::Any;

use cryptoki::error::Error;

use super::Seam;

/// One thing that is wrong.
pub enum TokenSeam {
    /// The card behind the module is wrong.
    Card(&'static [Seam]),
    /// A function, by its name in the standard, returns something else: an
    /// [`Returned<T>`] of what [`Token`](crate::token::Token) makes of it.
    Returns(&'static str, fn(&mut dyn Any)),
    /// A function is not called at all: this is returned instead, an [`Returned<T>`].
    Invents(&'static str, fn() -> Box<dyn Any>),
    /// A PIN is taken for another one.
    TakesPin(fn(&str) -> String),
    /// A session begins logged in.
    OpensLoggedIn,
}

/// What comes back from a function of the module.
pub type Returned<T> = Result<T, Error>;

impl TokenSeam {
    /// What is wrong with the card.
    pub(crate) fn of_card(seams: &[Self]) -> &'static [Seam] {
        let mut seams = seams.iter();
        let card = seams.find_map(|seam| match seam {
            Self::Card(seams) => Some(*seams),
            _ => None,
        });
        card.unwrap_or_default()
    }

    /// What is returned without a call, if this function is not called.
    pub(crate) fn invented<T: 'static>(seams: &[Self], function: &str) -> Option<Returned<T>> {
        let mut seams = seams.iter();
        let invention = seams.find_map(|seam| match seam {
            Self::Invents(name, invent) if *name == function => Some(invent()),
            _ => None,
        })?;
        invention.downcast().ok().map(|answer| *answer)
    }

    /// What is returned in the end.
    pub(crate) fn returned<T: 'static>(seams: &[Self], function: &str, answer: &mut Returned<T>) {
        for seam in seams {
            match seam {
                Self::Returns(name, edit) if *name == function => edit(answer),
                _ => {}
            }
        }
    }

    /// The PIN that the module takes this one for.
    pub(crate) fn pin(seams: &[Self], pin: &str) -> String {
        seams.iter().fold(pin.to_owned(), |pin, seam| match seam {
            Self::TakesPin(take) => take(&pin),
            _ => pin,
        })
    }

    /// Whether sessions begin logged in.
    pub(crate) fn opens_logged_in(seams: &[Self]) -> bool {
        seams.iter().any(|seam| matches!(seam, Self::OpensLoggedIn))
    }
}
