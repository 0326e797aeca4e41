//! What is asked for at the counter, with the papers that lie on it.

use cns_authority::CardNumber;
use cns_language::{Language, Text, text};
use cns_services::Refusal;
use cns_services::desk::{
    CourtPaper, DossierView, Form as Asked, FormKind, Impediment, Kinship, Papers, RequestId,
    SignedForm,
};
use serde_json::json;

use super::super::answer::Answer;
use super::super::form::{Control, Field, Form, VERSION};
use super::super::page::{Content, Link, Page, Section};
use super::super::typed;
use super::super::values::Values;
use super::actions::Decision;
use super::choices::{KINDS, choices, contact_fields};
use super::counter::document;
use super::{Counter, words};
use crate::rules;

const FORM: Text = text("Modulo di richiesta", "Application form", "Antrag");
const TAKE: Text = text(
    "Prendi il modulo",
    "Take the form",
    "Formular entgegennehmen",
);
const CARD_SHOWN: Text = text(
    "Numero della carta che è sul banco",
    "Number of the card that lies on the counter",
    "Nummer der Karte, die auf dem Tisch liegt",
);
const SIGNED_BY: Text = text(
    "Modulo firmato da (codice fiscale)",
    "Form signed by (codice fiscale)",
    "Formular unterschrieben von (Steuernummer)",
);
const DELEGATE: Text = text(
    "Delegato nominato nel modulo (codice fiscale)",
    "Delegate whom the form names (codice fiscale)",
    "Im Formular beauftragte Person (Steuernummer)",
);
const KINSHIP: Text = text("Parentela", "Kinship", "Verwandtschaft");
const PHOTOCOPY: Text = text(
    "C'è la fotocopia del documento del titolare",
    "There is a photocopy of the holder's document",
    "Die Fotokopie des Ausweises des Inhabers liegt vor",
);
const COURT_PAPER: Text = text(
    "Numero del provvedimento",
    "Number of the court's order",
    "Nummer der gerichtlichen Verfügung",
);
const GUARDIAN: Text = text(
    "Nominato (codice fiscale)",
    "Appointed (codice fiscale)",
    "Ernannt (Steuernummer)",
);
const WARD: Text = text(
    "Per chi (codice fiscale)",
    "For whom (codice fiscale)",
    "Für wen (Steuernummer)",
);
const IMPEDIMENT: Text = text(
    "Impedimento del titolare, dal",
    "The holder cannot come, from",
    "Verhinderung des Inhabers, ab",
);
const IMPEDIMENT_UNTIL: Text = text(
    "Impedimento, fino al",
    "The holder cannot come, until",
    "Verhinderung, bis",
);

const KINSHIPS: [(&str, Text); 6] = [
    ("spouse", text("Coniuge", "Spouse", "Ehegatte")),
    (
        "1",
        text(
            "Parente di primo grado",
            "Relative of the first degree",
            "Verwandt im ersten Grad",
        ),
    ),
    (
        "2",
        text(
            "Parente di secondo grado",
            "Relative of the second degree",
            "Verwandt im zweiten Grad",
        ),
    ),
    (
        "3",
        text(
            "Parente di terzo grado",
            "Relative of the third degree",
            "Verwandt im dritten Grad",
        ),
    ),
    (
        "4",
        text(
            "Parente più lontano",
            "More distant relative",
            "Weiter entfernt verwandt",
        ),
    ),
    ("none", text("Nessuna", "None", "Keine")),
];

impl Counter<'_> {
    /// The form of one kind; what is posted is taken, if it is in order.
    pub(super) fn form(&self, card: CardNumber, kind: &str, view: &DossierView) -> Answer {
        let Some((kind, _)) = KINDS.iter().find(|(known, _)| *known == kind) else {
            return Answer::Absent;
        };
        let Some(typed) = &self.visit.posted else {
            return Answer::Shown {
                page: self.form_page(card, kind, view),
                data: json!(view),
            };
        };
        let taken =
            asked(card, kind, typed).and_then(|form| self.take(form, &Decision::of(card, typed)?));
        match taken {
            Ok(RequestId(request)) => Answer::Done {
                next: format!("/desk/cards/{card}?done=form"),
                data: json!({"request": request}),
            },
            Err(refusal) => {
                // Whatever was refused, the page shows the card as it is now.
                let view = self.view(card).unwrap_or_else(|_| view.clone());
                let page = self.form_page(card, kind, &view);
                Answer::Refused {
                    page: page.refused(&action(card, kind), typed, &refusal, self.visit.language),
                    refusal,
                }
            }
        }
    }

    /// Takes the form, and with it who stands there: what is handed over is handed to that person.
    fn take(&self, form: Asked, decision: &Decision<'_>) -> Result<RequestId, Refusal> {
        let nobody = || rules::NOBODY_AT_THE_COUNTER.refuse();
        self.with_visitor(|visitor| {
            self.reception.hall.change(|town, now| {
                let asked_by = visitor.as_ref().ok_or_else(nobody)?;
                self.sees(decision, town, now)?;
                town.desk.look_at_form(asked_by, &form, now)?;
                let asked_by = visitor.take().ok_or_else(nobody)?;
                town.desk.take_form(asked_by, form, now)
            })
        })
    }

    fn form_page(&self, card: CardNumber, kind: &str, view: &DossierView) -> Page {
        let say = |text: Text| self.visit.say(text);
        let mut page = Page::new(say(FORM));
        page.trail = self.trail();
        page.trail.push(Link::new(
            format!("{} {card}", say(words::CARD)),
            format!("/desk/cards/{card}"),
        ));
        page.lead = view.holder.clone().unwrap_or_default();
        let line = |name, label| Field::new(name, say(label), Control::Line("text")).optional();
        let day = |name, label| Field::new(name, say(label), Control::Line("date")).optional();
        let mut form = Form::new(action(card, kind), say(TAKE))
            .with(Field::hidden(VERSION, view.version.number().to_string()))
            .with(line("card", CARD_SHOWN));
        if kind != "at-desk" {
            form = form.with(line("form", SIGNED_BY));
        }
        if kind == "ward" {
            form = form
                .with(line("court_paper", COURT_PAPER))
                .with(line("court_paper.guardian", GUARDIAN))
                .with(line("court_paper.ward", WARD));
        }
        if kind == "delegate" {
            let kinships = Control::Choice(choices(self.visit, &KINSHIPS));
            form = form
                .with(line("delegate", DELEGATE))
                .with(Field::new("kinship", say(KINSHIP), kinships))
                .with(Field::new("holder_document", say(PHOTOCOPY), Control::Tick));
            form = self
                .document_fields(form, true)
                .with(day("impediment", IMPEDIMENT))
                .with(day("impediment.until", IMPEDIMENT_UNTIL));
        }
        let form = contact_fields(self.visit, form, None);
        let heading = KINDS.iter().find(|(known, _)| *known == kind);
        let heading = heading.map_or_else(String::new, |(_, label)| say(*label));
        page.with(self.visitor_section())
            .with(Section::new(heading, Content::Form(form)))
    }
}

fn action(card: CardNumber, kind: &str) -> String {
    format!("/desk/cards/{card}/form/{kind}")
}

/// What was typed, as the desk takes it.
fn asked(card: CardNumber, kind: &str, typed: &Values) -> Result<Asked, Refusal> {
    let kind = match kind {
        "minor" => FormKind::Minor,
        "ward" => FormKind::Ward,
        "delegate" => FormKind::Delegate(kinship(typed)?),
        _ => FormKind::AtDesk,
    };
    Ok(Asked {
        card,
        kind,
        papers: papers(typed)?,
        contact: typed::contact(typed, "contact")?,
        language: Language::from_tag(typed.text("language")).unwrap_or_default(),
    })
}

fn kinship(typed: &Values) -> Result<Kinship, Refusal> {
    let degree = |degree| Kinship::Relative { degree };
    let kinships = [
        ("spouse", Kinship::Spouse),
        ("1", degree(1)),
        ("2", degree(2)),
        ("3", degree(3)),
        ("4", degree(4)),
        ("none", Kinship::None),
    ];
    typed::choice(typed, "kinship", &kinships)
}

/// What lies on the counter. What was left empty is missing.
fn papers(typed: &Values) -> Result<Papers, Refusal> {
    let signed_by = typed::optional(typed, "form", typed::codice_fiscale)?;
    let delegate = typed::optional(typed, "delegate", typed::codice_fiscale)?;
    let has_photocopy = typed.is_ticked("holder_document");
    Ok(Papers {
        card: typed::optional(typed, "card", typed::card_number)?,
        form: signed_by.map(|signed_by| SignedForm {
            signed_by,
            delegate,
        }),
        holder_document: has_photocopy.then(|| document(typed)).transpose()?,
        court_paper: typed::optional(typed, "court_paper", |typed, field| {
            Ok(CourtPaper {
                number: typed::needed(typed, field)?.to_owned(),
                guardian: typed::codice_fiscale(typed, "court_paper.guardian")?,
                ward: typed::codice_fiscale(typed, "court_paper.ward")?,
            })
        })?,
        impediment: typed::optional(typed, "impediment", |typed, field| {
            Ok(Impediment {
                from: typed::date(typed, field)?,
                until: typed::date(typed, "impediment.until")?,
            })
        })?,
    })
}
