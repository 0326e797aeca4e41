//! The counter: who stands there.

use cns_language::{Text, text};
use cns_services::Refusal;
use cns_services::desk::{Document, DocumentKind, Identified, Means, OFFICES, Office};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::form::{Control, Field, Form};
use super::super::page::{Cell, Content, Page, Section};
use super::super::typed;
use super::super::values::Values;
use super::{Counter, sign_in, words};
use crate::rules;

const WHO_STANDS: Text = text(
    "Chi è allo sportello",
    "Who stands at the counter",
    "Wer am Schalter steht",
);
const SINCE: Text = text("Identificato", "Identified", "Identifiziert");
const IDENTIFY: Text = text("Identifica", "Identify", "Identität feststellen");
const IDENTIFY_ABOUT: Text = text(
    "La persona e il suo documento si vedono: valido oggi, e suo.",
    "The person and the document are seen: valid today, and theirs.",
    "Person und Ausweis werden angesehen: heute gültig, und ihr eigener.",
);
const IDENTITY: Text = text(
    "Codice fiscale della persona",
    "Codice fiscale of the person",
    "Steuernummer der Person",
);
const DISMISS: Text = text("Congeda", "Say goodbye", "Verabschieden");
const DOCUMENT: Text = text("Documento", "Document", "Ausweis");
const DOCUMENT_NUMBER: Text = text(
    "Numero del documento",
    "Number of the document",
    "Nummer des Ausweises",
);
const DOCUMENT_ISSUER: Text = text("Rilasciato da", "Issued by", "Ausgestellt von");
const DOCUMENT_HOLDER: Text = text(
    "Codice fiscale sul documento",
    "Codice fiscale on the document",
    "Steuernummer auf dem Ausweis",
);
const DOCUMENT_EXPIRES: Text = text(
    "Scadenza del documento",
    "The document expires on",
    "Ausweis gültig bis",
);
const IDENTITY_CARD: Text = text("Carta d'identità", "Identity card", "Personalausweis");
const PASSPORT: Text = text("Passaporto", "Passport", "Reisepass");
const DRIVING_LICENCE: Text = text("Patente di guida", "Driving licence", "Führerschein");

/// What documents are called by programs.
pub(super) const DOCUMENT_KINDS: [(&str, DocumentKind); 3] = [
    ("identity-card", DocumentKind::IdentityCard),
    ("passport", DocumentKind::Passport),
    ("driving-licence", DocumentKind::DrivingLicence),
];

impl Counter<'_> {
    /// Who stands there, and where to look for cards.
    pub(super) fn page_answer(&self) -> Answer {
        Answer::Shown {
            page: self.page(),
            data: json!({"visitor": self.visitor_data()}),
        }
    }

    pub(super) fn page(&self) -> Page {
        let mut page = Page::new(self.visit.say(words::DESK)).with(self.visitor_section());
        if self.visitor_data().is_null() {
            page = page.with(self.identify_section());
        }
        page.with(self.find_section())
            .with(sign_in::sign_out_section(self.visit))
    }

    /// Looks at somebody and at a document.
    pub(super) fn identify(&self) -> Answer {
        let Some(typed) = &self.visit.posted else {
            return self.page_answer();
        };
        match self.identified(typed) {
            Ok(identified) => {
                self.reception.identified.keep(self.name(), identified);
                Answer::Done {
                    next: "/desk".to_owned(),
                    data: json!({"visitor": self.visitor_data()}),
                }
            }
            Err(refusal) => Answer::Refused {
                page: self
                    .page()
                    .refused("/desk/identify", typed, &refusal, self.visit.language),
                refusal,
            },
        }
    }

    fn identified(&self, typed: &Values) -> Result<Identified, Refusal> {
        let offices: Vec<(&str, &'static Office)> =
            OFFICES.iter().map(|office| (office.id, office)).collect();
        let office = typed::choice(typed, "office", &offices)?;
        let document = document(typed)?;
        self.reception.hall.change(|town, now| {
            let person = typed::person(typed, "identity", town)?;
            town.desk
                .identify_at_counter(&self.operator, office, &person, &document, now)
        })
    }

    /// Who stands there goes.
    pub(super) fn dismiss(&self) -> Answer {
        if self.visit.posted.is_none() {
            return Answer::Absent;
        }
        self.reception.identified.forget(&self.name());
        Answer::Done {
            next: "/desk".to_owned(),
            data: json!({"visitor": null}),
        }
    }

    pub(super) fn state_words(&self, name: &'static str) -> String {
        words::state(name).map_or(name.to_owned(), |words| self.visit.say(words))
    }

    /// Who stands there, as a table of facts; or that nobody does.
    pub(super) fn visitor_section(&self) -> Section {
        let heading = self.visit.say(WHO_STANDS);
        let facts = self.with_visitor(|visitor| visitor.as_ref().map(|it| self.visitor_facts(it)));
        match facts {
            Some(facts) => Section::new(heading, Content::Facts(facts)),
            None => Section::new(heading, Content::Words)
                .led_by(self.visit.say(rules::NOBODY_AT_THE_COUNTER.sentence)),
        }
    }

    fn visitor_facts(&self, visitor: &Identified) -> Vec<(String, Cell)> {
        let person = visitor.person();
        let office = match visitor.means() {
            Means::Counter { office, .. } => office.name,
            Means::OneTimeCode | Means::Spid | Means::Cip { .. } => "",
        };
        let dismiss = Form::new("/desk/dismiss", self.visit.say(DISMISS)).about(&person.name);
        let at = cns_language::on_a_page(visitor.at(), self.visit.language);
        vec![
            (
                self.visit.say(words::NAME),
                Cell::Words(person.name.clone()),
            ),
            (
                self.visit.say(words::CODICE_FISCALE),
                Cell::Code(person.codice_fiscale.to_string()),
            ),
            (
                self.visit.say(words::OFFICE),
                Cell::Words(office.to_owned()),
            ),
            (self.visit.say(SINCE), Cell::Words(at)),
            (self.visit.say(DISMISS), Cell::Button(dismiss)),
        ]
    }

    fn visitor_data(&self) -> Value {
        self.with_visitor(|visitor| match visitor {
            Some(visitor) => json!({
                "name": visitor.person().name,
                "codice_fiscale": visitor.person().codice_fiscale.to_string(),
            }),
            None => Value::Null,
        })
    }

    fn identify_section(&self) -> Section {
        let say = |text: Text| self.visit.say(text);
        let now = self.visit.now;
        let offices = OFFICES.iter().map(|office| {
            let hours: Vec<String> = office.hours.iter().map(ToString::to_string).collect();
            let sign = if office.is_open(now) { "✓" } else { "✗" };
            let label = format!("{sign} {} ({})", office.name, hours.join(", "));
            (office.id.to_owned(), label)
        });
        let form = Form::new("/desk/identify", say(IDENTIFY))
            .with(Field::new(
                "office",
                say(words::OFFICE),
                Control::Choice(offices.collect()),
            ))
            .with(Field::new("identity", say(IDENTITY), Control::Line("text")));
        let form = self.document_fields(form, false);
        Section::new(say(IDENTIFY), Content::Form(form)).led_by(say(IDENTIFY_ABOUT))
    }

    /// The fields of a document, which may be one that somebody did not bring.
    pub(super) fn document_fields(&self, form: Form, may_be_missing: bool) -> Form {
        let say = |text: Text| self.visit.say(text);
        let labels = [IDENTITY_CARD, PASSPORT, DRIVING_LICENCE];
        let kinds = DOCUMENT_KINDS.iter().zip(labels);
        let kinds = kinds.map(|((name, _), label)| ((*name).to_owned(), say(label)));
        let fields = [
            Field::new(
                "document.kind",
                say(DOCUMENT),
                Control::Choice(kinds.collect()),
            ),
            Field::new(
                "document.number",
                say(DOCUMENT_NUMBER),
                Control::Line("text"),
            ),
            Field::new(
                "document.issuer",
                say(DOCUMENT_ISSUER),
                Control::Line("text"),
            ),
            Field::new(
                "document.holder",
                say(DOCUMENT_HOLDER),
                Control::Line("text"),
            ),
            Field::new(
                "document.expires",
                say(DOCUMENT_EXPIRES),
                Control::Line("date"),
            ),
        ];
        fields.into_iter().fold(form, |form, field| {
            form.with(if may_be_missing {
                field.optional()
            } else {
                field
            })
        })
    }
}

/// A document that somebody shows, or the photocopy of one.
pub(super) fn document(typed: &Values) -> Result<Document, Refusal> {
    Ok(Document {
        kind: typed::choice(typed, "document.kind", &DOCUMENT_KINDS)?,
        number: typed::needed(typed, "document.number")?.to_owned(),
        issuer: typed::needed(typed, "document.issuer")?.to_owned(),
        holder: typed::codice_fiscale(typed, "document.holder")?,
        expires: typed::date(typed, "document.expires")?,
    })
}
