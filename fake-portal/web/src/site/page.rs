//! A page as a value: what stands on it, from top to bottom, in the words of one language.

use cns_language::{Language, text};
use cns_services::Refusal;

use super::form::Form;
use super::values::Values;

/// A page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) title: String,
    /// The way from the front page to here, without this page.
    pub(crate) trail: Vec<Link>,
    /// What became of what the visitor just did.
    pub(crate) notice: Option<Notice>,
    pub(crate) lead: String,
    pub(crate) sections: Vec<Section>,
    /// The query that leads here, where it is not the one that the visitor came by: a form was posted.
    pub(crate) query: Option<String>,
}

/// Somewhere to go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Link {
    pub(crate) label: String,
    pub(crate) target: String,
}

/// What became of what the visitor just did.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) is_good: bool,
    pub(crate) words: String,
    /// The code of the rule that said no.
    pub(crate) code: Option<&'static str>,
}

/// A part of a page under a heading of its own.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) heading: String,
    pub(crate) lead: String,
    pub(crate) content: Content,
}

/// What stands in a section.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Nothing but the words that lead in.
    Words,
    /// Names and their values.
    Facts(Vec<(String, Cell)>),
    Table(Table),
    Form(Form),
    Links(Vec<Link>),
}

/// Rows of the same kind. The first cell of a row says what the row is about.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// What is said when there is no row.
    pub(crate) none: String,
}

/// What stands in one place of a table.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Words(String),
    /// Something to be read letter by letter: a number, a code.
    Code(String),
    Link(Link),
    /// A form of one button.
    Button(Form),
}

impl Table {
    /// The cells of a row, each with the name of its column, which stands before it where there are no columns.
    pub(crate) fn labelled<'a>(
        &'a self,
        row: &'a [Cell],
    ) -> impl Iterator<Item = (&'a str, &'a Cell)> {
        self.columns.iter().map(String::as_str).zip(row)
    }
}

impl Page {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    pub(crate) fn with(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// The same with what became of what the visitor just did.
    pub(crate) fn noticing(self, notice: Option<Notice>) -> Self {
        Self { notice, ..self }
    }

    /// The same page after a refusal: the form that was sent to `path` has what was typed, and the reason at
    /// the field that is to blame; above everything stands the code, and the reason that no field has.
    pub(crate) fn refused(
        mut self,
        path: &str,
        typed: &Values,
        refusal: &Refusal,
        language: Language,
    ) -> Self {
        for section in &mut self.sections {
            match &mut section.content {
                Content::Form(form) if form.action == path => {
                    *form = form.clone().filled(typed).refused(refusal, language);
                }
                _ => {}
            }
        }
        let has_place = self.forms().any(|form| form.problems().next().is_some());
        let words = match has_place {
            true => NOTHING_DONE.in_language(language).to_owned(),
            false => refusal.reason.in_language(language),
        };
        self.notice = Some(Notice {
            is_good: false,
            words,
            code: Some(refusal.code),
        });
        self
    }

    /// The forms of the page, but for those in tables.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &Form> {
        self.sections
            .iter()
            .filter_map(|section| match &section.content {
                Content::Form(form) => Some(form),
                _ => None,
            })
    }
}

const NOTHING_DONE: cns_language::Text = text(
    "Nulla è stato modificato: correggi quanto segnalato.",
    "Nothing was changed: correct what is marked.",
    "Nichts wurde geändert: bitte das Markierte berichtigen.",
);

impl Cell {
    pub(crate) fn words(words: impl Into<String>) -> Self {
        Self::Words(words.into())
    }

    pub(crate) fn code(code: impl ToString) -> Self {
        Self::Code(code.to_string())
    }

    pub(crate) fn link(label: impl Into<String>, target: impl Into<String>) -> Self {
        Self::Link(Link::new(label, target))
    }
}

impl Section {
    pub(crate) fn new(heading: impl Into<String>, content: Content) -> Self {
        Self {
            heading: heading.into(),
            lead: String::new(),
            content,
        }
    }

    pub(crate) fn led_by(self, lead: impl Into<String>) -> Self {
        Self {
            lead: lead.into(),
            ..self
        }
    }
}

impl Link {
    pub(crate) fn new(label: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            target: target.into(),
        }
    }
}
