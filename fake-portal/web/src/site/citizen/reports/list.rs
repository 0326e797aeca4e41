//! All documents of a person that the visitor may see.

use std::collections::BTreeMap;

use cns_language::{Text, text};
use cns_services::reports::{Report, ReportKind, ReportNumber};
use cns_services::structure::StructureNumber;
use cns_services::{Refusal, World};
use serde_json::json;
use time::Date;

use super::{TITLE, data, structure};
use crate::site::answer::Answer;
use crate::site::citizen::errand::Errand;
use crate::site::form::{Control, Field, Form};
use crate::site::page::{Cell, Content, Page, Section, Table};
use crate::site::typed;
use crate::site::values::Values;

pub(super) fn answer(errand: &Errand<'_>, world: &World) -> Answer {
    let (documents, wrong) = chosen(errand, world);
    let documents: Vec<_> = documents
        .iter()
        .map(|(number, report)| data(world, *number, report))
        .collect();
    let data = json!({
        "consent": world.reports().consent(&errand.access),
        "reports": documents,
    });
    errand.shown(page(errand, world), data, wrong)
}

pub(super) fn page(errand: &Errand<'_>, world: &World) -> Page {
    let (documents, _) = chosen(errand, world);
    let rows = documents
        .into_iter()
        .map(|(number, report)| row(errand, world, number, report));
    let table = Table {
        columns: vec![
            errand.say(DOCUMENT),
            errand.say(ISSUED),
            errand.say(STRUCTURE),
            errand.say(COLLECTED),
        ],
        rows: rows.collect(),
        none: errand.say(NONE),
    };
    errand
        .page(errand.say(TITLE), &[])
        .with(Section::new(errand.say(DOCUMENTS), Content::Table(table)))
        .with(Section::new(
            errand.say(SEARCH),
            Content::Form(search(errand, world)),
        ))
        .with(consent(errand, world))
}

/// What was asked for: a document is shown if it is all of it.
#[derive(Default)]
struct Wish {
    kind: Option<ReportKind>,
    structure: Option<StructureNumber>,
    from: Option<Date>,
    to: Option<Date>,
}

impl Wish {
    fn of(typed: &Values) -> Result<Self, Refusal> {
        let kinds = ReportKind::ALL.map(|kind| (kind.abbreviation(), kind));
        let kind = |typed: &Values, field| typed::choice(typed, field, &kinds);
        let structure = typed::optional(typed, "structure", typed::number)?;
        Ok(Self {
            kind: typed::optional(typed, "kind", kind)?,
            structure: structure.map(StructureNumber),
            from: typed::optional(typed, "from", typed::date)?,
            to: typed::optional(typed, "to", typed::date)?,
        })
    }

    fn fits(&self, report: &Report) -> bool {
        self.kind.is_none_or(|kind| kind == report.kind)
            && self.structure.is_none_or(|it| it == report.structure)
            && self.from.is_none_or(|from| from <= report.issued)
            && self.to.is_none_or(|to| report.issued <= to)
    }
}

/// The documents that were asked for; all, if it cannot be read what was.
fn chosen<'a>(
    errand: &Errand<'_>,
    world: &'a World,
) -> (Vec<(ReportNumber, &'a Report)>, Option<Refusal>) {
    let (wish, wrong) = match Wish::of(&errand.visit.query) {
        Ok(wish) => (wish, None),
        Err(refusal) => (Wish::default(), Some(refusal)),
    };
    match world.reports().of(&errand.access) {
        Ok(reports) => {
            let fitting = reports.filter(|(_, report)| wish.fits(report));
            (fitting.collect(), wrong)
        }
        Err(refusal) => (Vec::new(), Some(refusal)),
    }
}

fn row(errand: &Errand<'_>, world: &World, number: ReportNumber, report: &Report) -> Vec<Cell> {
    let title = errand.say(report.kind.title());
    let collected = match report.collected {
        Some(on) => errand.day(on),
        None => errand.say(TO_COLLECT),
    };
    vec![
        Cell::link(title, errand.path(format!("/reports/{}", number.0))),
        Cell::words(errand.day(report.issued)),
        Cell::words(structure(world, report.structure)),
        Cell::words(collected),
    ]
}

fn search(errand: &Errand<'_>, world: &World) -> Form {
    let kinds = ReportKind::ALL.into_iter();
    let kinds = kinds.map(|kind| (kind.abbreviation().to_owned(), errand.say(kind.title())));
    let reports = world.reports().of(&errand.access);
    let structures: BTreeMap<u16, String> = reports
        .into_iter()
        .flatten()
        .map(|(_, report)| report.structure)
        .map(|number| (number.0, structure(world, number).to_owned()))
        .collect();
    let structures = structures.into_iter();
    let structures = structures.map(|(number, name)| (number.to_string(), name));
    let field =
        |name, label: Text, control| Field::new(name, errand.say(label), control).optional();
    Form::query(errand.path("/reports"), errand.say(SHOW))
        .with(field("kind", KIND, Control::Choice(kinds.collect())))
        .with(field(
            "structure",
            STRUCTURE,
            Control::Choice(structures.collect()),
        ))
        .with(field("from", FROM, Control::Line("date")))
        .with(field("to", TO, Control::Line("date")))
        .filled(&errand.visit.query)
}

fn consent(errand: &Errand<'_>, world: &World) -> Section {
    let given = world.reports().consent(&errand.access);
    let (state, button, value) = match given {
        true => (GIVEN, WITHDRAW, ""),
        false => (NOT_GIVEN, GIVE, "yes"),
    };
    let form = Form::new(errand.path("/reports/consent"), errand.say(button))
        .with(Field::hidden("given", value));
    Section::new(errand.say(CONSENT), Content::Form(form)).led_by(errand.say(state))
}

const DOCUMENTS: Text = text("Documenti", "Documents", "Dokumente");
const DOCUMENT: Text = text("Documento", "Document", "Dokument");
const ISSUED: Text = text("Data", "Date", "Datum");
const STRUCTURE: Text = text("Struttura", "Structure", "Einrichtung");
const COLLECTED: Text = text("Ritirato", "Collected", "Abgeholt");
const TO_COLLECT: Text = text("da ritirare", "to be collected", "abzuholen");
const NONE: Text = text(
    "Nessun documento.",
    "There is no document.",
    "Es gibt kein Dokument.",
);
const SEARCH: Text = text("Cerca", "Search", "Suchen");
const SHOW: Text = text("Mostra", "Show", "Anzeigen");
const KIND: Text = text("Tipo di documento", "Kind of document", "Art des Dokuments");
const FROM: Text = text("Dal giorno", "From the day", "Vom Tag");
const TO: Text = text("Al giorno", "To the day", "Bis zum Tag");
const CONSENT: Text = text(
    "Consenso alla consultazione",
    "Consent to reading",
    "Zustimmung zur Einsicht",
);
const GIVEN: Text = text(
    "Gli operatori sanitari possono leggere i documenti non oscurati.",
    "Health workers may read documents that are not obscured.",
    "Gesundheitskräfte dürfen Dokumente lesen, die nicht verdunkelt sind.",
);
const NOT_GIVEN: Text = text(
    "Gli operatori sanitari non possono leggere i documenti.",
    "Health workers may not read the documents.",
    "Gesundheitskräfte dürfen die Dokumente nicht lesen.",
);
const GIVE: Text = text("Dai il consenso", "Give consent", "Zustimmen");
const WITHDRAW: Text = text(
    "Revoca il consenso",
    "Withdraw consent",
    "Zustimmung widerrufen",
);
