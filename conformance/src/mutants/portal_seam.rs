//! The seams at which a portal is made wrong. They stand between the client and the cases: a wrong
//! portal takes a visitor for another one, or shows something else than our own portal did.

use crate::portal::{Coming, Visited};

/// One thing that is wrong.
pub enum PortalSeam {
    /// It takes a visitor for another one.
    Takes(fn(&mut Coming)),
    /// It takes a request for another one: this text stands for that in every request.
    Hears(&'static str, &'static str),
    /// It shows something else: who came, what was asked for, and the visit that is changed.
    Shows(fn(&Coming, &str, &mut Visited)),
    /// It wants two handshakes for one login.
    AsksTwice,
    /// It keeps who has logged in once for logged in, with the card or without it.
    Remembers,
}

impl PortalSeam {
    /// Whom a portal with these seams takes the visitor for.
    pub(crate) fn visitor(seams: &[Self], coming: &Coming) -> Coming {
        let mut taken = *coming;
        for seam in seams {
            if let Self::Takes(edit) = seam {
                edit(&mut taken);
            }
        }
        taken
    }

    /// What a portal with these seams takes the request for.
    pub(crate) fn request(seams: &[Self], request: &str) -> String {
        seams
            .iter()
            .fold(request.to_owned(), |heard, seam| match seam {
                Self::Hears(said, instead) => heard.replace(said, instead),
                _ => heard,
            })
    }

    /// What a portal with these seams shows.
    pub(crate) fn show(seams: &[Self], coming: &Coming, request: &str, visited: &mut Visited) {
        for seam in seams {
            if let Self::Shows(edit) = seam {
                edit(coming, request, visited);
            }
        }
    }

    /// How many handshakes a visit takes.
    pub(crate) fn handshakes(seams: &[Self]) -> usize {
        match seams.iter().any(|seam| matches!(seam, Self::AsksTwice)) {
            true => 2,
            false => 1,
        }
    }

    /// Whether an earlier login is as good as the card.
    pub(crate) fn remembers(seams: &[Self]) -> bool {
        seams.iter().any(|seam| matches!(seam, Self::Remembers))
    }
}
