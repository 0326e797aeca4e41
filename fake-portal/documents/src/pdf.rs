//! Pages as PDF/UA-1: tagged, with a title and a language, and with the font that they are set in.
//!
//! Text goes three ways: [`printable`] makes it something that the font can show, [`line`] breaks it
//! and puts scripts that are read from the right in their order, [`typeface`] makes glyphs of it.
//! [`blocks`] put lines and figures on the pages of a [`layout`]; [`paint`] writes them.

mod blocks;
mod layout;
mod line;
mod marks;
mod paint;
mod printable;
mod style;
mod typeface;

use cns_language::{Language, Text, text};
use time::Date;

use crate::error::DocumentError;

pub(crate) use blocks::{Column, Figure};
pub(crate) use layout::Layout;
pub(crate) use marks::Marks;

/// What is said at the top of every page, in the language of the document.
pub const BANNER: Text = text(
    "AMBIENTE DI COLLAUDO – dati inventati",
    "AMBIENTE DI COLLAUDO – test environment, invented data",
    "AMBIENTE DI COLLAUDO – Testumgebung, erfundene Daten",
);

/// What is said at the end of every document.
const NOTICE: Text = text(
    "Documento generato da un portale di prova: la persona, i medici, le strutture e i dati non esistono. \
     Non ha alcun valore.",
    "Made by a test portal: the person, the doctors, the structures and the data do not exist. It is good \
     for nothing.",
    "Von einem Testportal erzeugt: Person, Ärzte, Einrichtungen und Daten gibt es nicht. Das Dokument ist \
     ohne jeden Wert.",
);

/// Pages that a document may have.
const PAGES_MAX: usize = 100;

/// What a document is called, and by whom and when it was made.
pub(crate) struct Cover {
    pub(crate) title: Text,
    /// Tells documents of one kind apart; stands at the foot of every page.
    pub(crate) identifier: String,
    pub(crate) date: Date,
    pub(crate) language: Language,
}

impl Cover {
    /// The first page of the document, with its title.
    pub(crate) fn begin(&self) -> Layout {
        let mut layout = Layout::new();
        layout.small_print(ISSUER.in_language(self.language));
        layout.title(self.title.in_language(self.language));
        layout.skip(4.0);
        layout
    }

    /// The document as PDF.
    ///
    /// # Errors
    /// [`DocumentError::TooLong`], and [`DocumentError::Library`] for a fault of this crate.
    pub(crate) fn finish(&self, mut layout: Layout) -> Result<Vec<u8>, DocumentError> {
        layout.skip(14.0);
        layout.rule();
        layout.skip(6.0);
        layout.small_print(NOTICE.in_language(self.language));
        if PAGES_MAX < layout.pages.len() {
            return Err(DocumentError::TooLong { most: PAGES_MAX });
        }
        paint::pdf(self, layout)
    }
}

const ISSUER: Text = text(
    "Servizio sanitario regionale di collaudo",
    "Test regional health service",
    "Regionaler Test-Gesundheitsdienst",
);
