//! One document: what it says, and what can be done with it.

use cns_language::{Phrase, Text, text};
use cns_services::World;
use cns_services::reports::{Content as Said, Measurement, Report, ReportNumber};

use super::{TITLE, data, structure};
use crate::site::answer::{Answer, ReportForm, Subject};
use crate::site::citizen::errand::Errand;
use crate::site::form::{Field, Form, VERSION};
use crate::site::page::{Cell, Content, Link, Page, Section, Table};

/// The page of a document, `12`, or the document itself, `12.pdf`.
pub(super) fn answer(errand: &Errand<'_>, world: &World, document: &str) -> Answer {
    let (number, form) = match document.split_once('.') {
        Some((number, form)) => (number, Some(form)),
        None => (document, None),
    };
    match (number.parse().map(ReportNumber), form) {
        (Ok(number), None) => shown(errand, world, number),
        (Ok(number), Some(form)) => {
            downloaded(errand, world, number, form).unwrap_or(Answer::Absent)
        }
        (Err(_), _) => Answer::Absent,
    }
}

/// The document itself; nothing if it is not there, or not in this form.
fn downloaded(
    errand: &Errand<'_>,
    world: &World,
    number: ReportNumber,
    form: &str,
) -> Option<Answer> {
    let report = world.reports().get(&errand.access, number).ok()?;
    let (_, form) = ReportForm::ALL
        .into_iter()
        .find(|(name, _)| *name == form)?;
    let subject = Subject::Report {
        number,
        report: report.clone(),
        person: world.people().get(report.person)?.clone(),
        structure: world.structure(report.structure)?.clone(),
        form,
    };
    Some(errand.document(subject, of(errand, world, number, report)))
}

pub(super) fn shown(errand: &Errand<'_>, world: &World, number: ReportNumber) -> Answer {
    match world.reports().get(&errand.access, number) {
        Ok(report) => Answer::Shown {
            page: of(errand, world, number, report),
            data: data(world, number, report),
        },
        Err(_) => Answer::Absent,
    }
}

/// The page; none if there is no such document to be seen.
pub(super) fn page(errand: &Errand<'_>, world: &World, number: ReportNumber) -> Option<Page> {
    let report = world.reports().get(&errand.access, number).ok()?;
    Some(of(errand, world, number, report))
}

fn of(errand: &Errand<'_>, world: &World, number: ReportNumber, report: &Report) -> Page {
    let title = errand.say(report.kind.title());
    let facts = vec![
        (errand.say(ISSUED), Cell::words(errand.day(report.issued))),
        (
            errand.say(STRUCTURE),
            Cell::words(structure(world, report.structure)),
        ),
        (
            errand.say(COLLECTED),
            Cell::words(errand.day_or_none(report.collected)),
        ),
        (
            errand.say(SEEN_BY),
            Cell::words(errand.say(seen_by(report))),
        ),
    ];
    let says = match &report.content {
        Said::Narrative(words) => {
            Section::new(errand.say(FINDINGS), Content::Words).led_by(words.as_str())
        }
        Said::Measurements(measurements) => Section::new(
            errand.say(RESULTS),
            Content::Table(table(errand, measurements)),
        ),
    };
    let page = errand
        .page(title, &[(TITLE, "/reports")])
        .with(Section::new(errand.say(ABOUT), Content::Facts(facts)))
        .with(says)
        .with(downloads(errand, number));
    actions(report)
        .into_iter()
        .filter(|action| errand.access.decides() || action.word == "collect")
        .fold(page, |page, action| {
            let path = errand.path(format!("/reports/{}/{}", number.0, action.word));
            let form = Form::new(path, errand.say(action.button))
                .with(Field::hidden(VERSION, report.version.number().to_string()));
            let section = Section::new(errand.say(action.heading), Content::Form(form));
            page.with(section.led_by(errand.say(action.about)))
        })
}

/// Something that can be done with a document.
struct Action {
    word: &'static str,
    heading: Text,
    about: Text,
    button: Text,
}

fn actions(report: &Report) -> Vec<Action> {
    let mut actions = Vec::new();
    if report.collected.is_none() {
        actions.push(COLLECT);
    }
    actions.push(if report.obscured { REVEAL } else { OBSCURE });
    actions
}

fn seen_by(report: &Report) -> Text {
    match report.obscured {
        true => text(
            "solo da te (oscurato)",
            "only you (obscured)",
            "nur von Ihnen (verdunkelt)",
        ),
        false => text(
            "da te e da chi ha il tuo consenso",
            "you and whoever has your consent",
            "von Ihnen und wer Ihre Zustimmung hat",
        ),
    }
}

fn table(errand: &Errand<'_>, measurements: &[Measurement]) -> Table {
    let number = |hundredths: u32| {
        let point = text(",", ".", ",").in_language(errand.visit.language);
        format!("{}{point}{:02}", hundredths / 100, hundredths % 100)
    };
    let rows = measurements.iter().map(|measurement| {
        let analyte = measurement.analyte;
        let (low, high) = analyte.usual_hundredths();
        let note = match (measurement.hundredths < low, high < measurement.hundredths) {
            (true, _) => errand.say(LOW),
            (_, true) => errand.say(HIGH),
            _ => "–".to_owned(),
        };
        vec![
            Cell::words(errand.say(analyte.title())),
            Cell::words(format!(
                "{} {}",
                number(measurement.hundredths),
                analyte.unit()
            )),
            Cell::words(format!("{} – {}", number(low), number(high))),
            Cell::words(note),
        ]
    });
    Table {
        columns: vec![
            errand.say(TEST),
            errand.say(RESULT),
            errand.say(USUAL),
            errand.say(NOTE),
        ],
        rows: rows.collect(),
        none: errand.say(NO_RESULT),
    }
}

fn downloads(errand: &Errand<'_>, number: ReportNumber) -> Section {
    let links = [
        ("pdf", "PDF"),
        ("fhir.json", "FHIR R4"),
        ("cda.xml", "CDA 2"),
    ];
    let links = links.map(|(form, name)| {
        let path = errand.path(format!("/reports/{}.{form}", number.0));
        Link::new(errand.say(Phrase::from(DOWNLOAD_AS).with(name)), path)
    });
    Section::new(errand.say(DOWNLOAD), Content::Links(links.to_vec()))
}

const COLLECT: Action = Action {
    word: "collect",
    heading: text("Ritiro", "Collection", "Abholung"),
    about: text(
        "Il referto non è ancora ritirato.",
        "The report has not been collected yet.",
        "Der Befund ist noch nicht abgeholt.",
    ),
    button: text("Ritira il referto", "Collect the report", "Befund abholen"),
};
const OBSCURE: Action = Action {
    word: "obscure",
    heading: text("Oscuramento", "Obscuring", "Verdunkelung"),
    about: text(
        "Un documento oscurato non è visibile a medici e delegati, che non sanno nemmeno che esiste.",
        "An obscured document is not shown to doctors and delegates, who do not even know that it exists.",
        "Ein verdunkeltes Dokument sehen Ärzte und Bevollmächtigte nicht; sie wissen nicht einmal, dass es existiert.",
    ),
    button: text("Oscura", "Obscure", "Verdunkeln"),
};
const REVEAL: Action = Action {
    word: "reveal",
    heading: OBSCURE.heading,
    about: text(
        "Il documento è oscurato.",
        "The document is obscured.",
        "Das Dokument ist verdunkelt.",
    ),
    button: text("Rendi visibile", "Show again", "Wieder zeigen"),
};

const ABOUT: Text = text("Documento", "Document", "Dokument");
const ISSUED: Text = text("Data", "Date", "Datum");
const STRUCTURE: Text = text("Struttura", "Structure", "Einrichtung");
const COLLECTED: Text = text("Ritirato", "Collected", "Abgeholt");
const SEEN_BY: Text = text("Visibile", "Seen by", "Sichtbar");
const FINDINGS: Text = text("Referto", "Findings", "Befund");
const RESULTS: Text = text("Risultati", "Results", "Ergebnisse");
const TEST: Text = text("Esame", "Test", "Untersuchung");
const RESULT: Text = text("Risultato", "Result", "Ergebnis");
const USUAL: Text = text("Valori usuali", "Usual values", "Übliche Werte");
const NOTE: Text = text("Nota", "Note", "Anmerkung");
const LOW: Text = text("basso", "low", "niedrig");
const HIGH: Text = text("alto", "high", "hoch");
const NO_RESULT: Text = text("Nessun risultato.", "No result.", "Kein Ergebnis.");
const DOWNLOAD: Text = text("Scarica", "Download", "Herunterladen");
const DOWNLOAD_AS: Text = text(
    "Il referto in {0}",
    "The report as {0}",
    "Der Befund als {0}",
);
