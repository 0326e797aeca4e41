//! A card as the operator sees it, and the forms of what can be done with it.

use cns_authority::CardNumber;
use cns_language::{Language, Text, date_on_a_page, text};
use cns_services::desk::{Approval, DossierView};
use serde_json::json;
use time::Date;
use time::format_description::well_known::Iso8601;

use super::super::answer::Answer;
use super::super::form::{Control, Field, Form};
use super::super::outbox::CHANNELS;
use super::super::page::{Cell, Content, Link, Notice, Page, Section};
use super::super::visit::Visit;
use super::{Counter, words};

const DONE: Text = text("Fatto.", "Done.", "Erledigt.");
const ASK: Text = text(
    "PIN e PUK: prendere il modulo",
    "PIN and PUK: take the form",
    "PIN und PUK: Formular entgegennehmen",
);
const ASK_ABOUT: Text = text(
    "Chi è allo sportello chiede, per sé o per altri.",
    "Who stands at the counter asks, for themselves or for somebody else.",
    "Wer am Schalter steht, beantragt, für sich oder für andere.",
);
const HAND_OVER: Text = text(
    "Consegna la prima parte",
    "Hand over the first part",
    "Ersten Teil aushändigen",
);
const WITHDRAW: Text = text(
    "Ritira la richiesta",
    "Give the request up",
    "Antrag zurückziehen",
);
const SEND_AGAIN: Text = text(
    "Invia di nuovo la seconda parte",
    "Send the second part again",
    "Zweiten Teil erneut senden",
);
const SEND_AGAIN_HINT: Text = text(
    "Vuoto: allo stesso recapito",
    "Empty: to the same contact",
    "Leer: an denselben Kontakt",
);
const SUSPEND: Text = text("Sospendi", "Suspend", "Vorläufig sperren");
const REACTIVATE: Text = text("Riattiva", "Reactivate", "Freigeben");
const REVOKE: Text = text(
    "Revoca per sempre",
    "Revoke for ever",
    "Endgültig widerrufen",
);
const REVOKE_BY_OFFICE: Text = text(
    "Revoca d'ufficio",
    "Revoke as an office",
    "Von Amts wegen widerrufen",
);
const ORDER: Text = text(
    "Ordina una nuova carta",
    "Order a new card",
    "Neue Karte bestellen",
);
const HANDED_IN: Text = text(
    "Numero della vecchia carta, se viene riconsegnata",
    "Number of the old card, if it is handed in",
    "Nummer der alten Karte, wenn sie zurückgegeben wird",
);
const UNBLOCK: Text = text(
    "Aiuto con il PIN bloccato",
    "Help with a blocked PIN",
    "Hilfe bei gesperrter PIN",
);
const CAUSE: Text = text("Motivo", "Cause", "Grund");
const DECLARATION: Text = text("Dichiarazione", "Declaration", "Erklärung");
const POLICE_REPORT: Text = text(
    "Numero della denuncia",
    "Number of the police report",
    "Nummer der Anzeige",
);
const SECOND_USER: Text = text(
    "Secondo operatore",
    "Second operator",
    "Zweite Person am Schalter",
);
const SECOND_PASSWORD: Text = text(
    "Parola d'ordine del secondo",
    "Password of the second",
    "Kennwort der zweiten Person",
);

/// Causes, as programs call them.
const CAUSES: [(&str, Text); 4] = [
    ("loss", text("Smarrimento", "Loss", "Verlust")),
    ("theft", text("Furto", "Theft", "Diebstahl")),
    (
        "not-delivered",
        text("Mai arrivata", "Never came", "Nie angekommen"),
    ),
    ("damage", text("Guasta", "Damaged", "Beschädigt")),
];
const OFFICE_CAUSES: [(&str, Text); 2] = [
    (
        "wrong-data",
        text("Dati sbagliati", "Wrong data", "Falsche Daten"),
    ),
    ("death", text("Decesso", "Death", "Tod")),
];
const DECLARATIONS: [(&str, Text); 2] = [
    (
        "police-report",
        text("Denuncia", "Police report", "Anzeige"),
    ),
    (
        "self-certification",
        text("Autocertificazione", "Self-certification", "Eigenerklärung"),
    ),
];
/// Who asks for whom, as programs call it.
pub(super) const KINDS: [(&str, Text); 4] = [
    ("at-desk", text("Per sé", "For oneself", "Für sich selbst")),
    (
        "minor",
        text("Per un minorenne", "For a minor", "Für Minderjährige"),
    ),
    (
        "ward",
        text("Per un assistito", "For a ward", "Für Betreute"),
    ),
    (
        "delegate",
        text("Per delega", "By delegation", "Im Auftrag"),
    ),
];
impl Counter<'_> {
    /// The page of a card.
    pub(super) fn card_answer(&self, card: CardNumber, view: &DossierView) -> Answer {
        let done = self.visit.query.first("done").map(|_| Notice {
            is_good: true,
            words: self.visit.say(DONE),
            code: None,
        });
        Answer::Shown {
            page: self.card_page(card, view).noticing(done),
            data: json!(view),
        }
    }

    pub(super) fn card_page(&self, card: CardNumber, view: &DossierView) -> Page {
        let mut page = Page::new(format!("{} {card}", self.visit.say(words::CARD)));
        page.trail = self.trail();
        page = page.with(Section::new(
            self.visit.say(words::CARD),
            Content::Facts(self.facts(view)),
        ));
        page = page
            .with(self.visitor_section())
            .with(self.ask_section(card));
        for (heading, form) in self.forms(card, view) {
            page = page.with(Section::new(self.visit.say(heading), Content::Form(form)));
        }
        page
    }

    fn facts(&self, view: &DossierView) -> Vec<(String, Cell)> {
        let say = |text: Text| self.visit.say(text);
        let mut facts = vec![
            (say(words::CARD), Cell::Code(view.card.clone())),
            (
                say(words::HOLDER),
                Cell::Words(view.holder.clone().unwrap_or_default()),
            ),
            (say(words::EXPIRES), Cell::Words(self.day(&view.expires))),
            (say(words::STATE), Cell::Words(self.state_words(view.state))),
            (
                say(words::CERTIFICATE),
                Cell::Words(self.state_words(view.certificate)),
            ),
            (
                say(words::CREDENTIAL),
                Cell::Words(self.state_words(view.credential)),
            ),
        ];
        if let Some(since) = view.suspended_since {
            let since = cns_language::on_a_page(since, self.visit.language);
            facts.push((say(words::SUSPENDED_SINCE), Cell::Words(since)));
        }
        if let Some(contact) = &view.contact {
            facts.push((say(words::CONTACT), Cell::Code(contact.clone())));
        }
        if let Some(request) = &view.request {
            let kind = KINDS.iter().find(|(kind, _)| *kind == request.kind);
            let kind = kind.map_or_else(|| request.kind.to_owned(), |(_, kind)| say(*kind));
            let asked = format!("{kind} · {}", request.asked_by);
            facts.push((say(words::REQUEST), Cell::Words(asked)));
        }
        facts
    }

    /// A day that programs write `2032-01-31`, as the visitor's language writes it.
    fn day(&self, written: &str) -> String {
        let date = Date::parse(written, &Iso8601::DATE);
        date.map_or_else(
            |_| written.to_owned(),
            |date| date_on_a_page(date, self.visit.language),
        )
    }

    /// What the state of the card lets somebody ask for. The rules decide, not this page: what it leaves
    /// out would be refused.
    fn forms(&self, card: CardNumber, view: &DossierView) -> Vec<(Text, Form)> {
        let say = |text: Text| self.visit.say(text);
        let form = |action: &str, label: Text| {
            Form::new(format!("/desk/cards/{card}/{action}"), say(label))
        };
        let mut forms = Vec::new();
        if let Some(request) = &view.request {
            // The form is about this request, and not about one that somebody opened since.
            let about = || Field::hidden("request", request.id.to_string());
            let hand_over = form("hand-over", HAND_OVER).with(about());
            forms.push((HAND_OVER, self.second_operator(hand_over)));
            forms.push((WITHDRAW, form("withdraw", WITHDRAW).with(about())));
        }
        if view.credential.starts_with("second-part") {
            let again = contact_fields(
                self.visit,
                form("send-again", SEND_AGAIN),
                Some(SEND_AGAIN_HINT),
            );
            forms.push((SEND_AGAIN, again));
        }
        if !matches!(view.credential, "none" | "dead") {
            forms.push((UNBLOCK, form("unblock", UNBLOCK)));
        }
        match view.state {
            "active" => forms.push((SUSPEND, form("suspend", SUSPEND).with(self.cause(&CAUSES)))),
            "suspended" => forms.push((REACTIVATE, form("reactivate", REACTIVATE))),
            _ => {}
        }
        if matches!(view.state, "shipped" | "delivered" | "active" | "suspended") {
            forms.push((REVOKE, self.revoke_form(form("revoke", REVOKE))));
            let by_office = form("revoke-by-office", REVOKE_BY_OFFICE)
                .with(self.office())
                .with(self.cause(&OFFICE_CAUSES));
            forms.push((REVOKE_BY_OFFICE, self.second_operator(by_office)));
        }
        let handed_in = Field::new("card", say(HANDED_IN), Control::Line("text")).optional();
        forms.push((ORDER, form("order", ORDER).with(handed_in)));
        forms
    }

    fn revoke_form(&self, form: Form) -> Form {
        let say = |text: Text| self.visit.say(text);
        let declarations = Control::Choice(choices(self.visit, &DECLARATIONS));
        let form = form
            .with(self.cause(&CAUSES))
            .with(Field::new("declaration", say(DECLARATION), declarations).optional())
            .with(
                Field::new("police_report", say(POLICE_REPORT), Control::Line("text")).optional(),
            );
        self.second_operator(form)
    }

    fn cause(&self, causes: &[(&str, Text)]) -> Field {
        let causes = Control::Choice(choices(self.visit, causes));
        Field::new("cause", self.visit.say(CAUSE), causes)
    }

    fn office(&self) -> Field {
        let offices = cns_services::desk::OFFICES.iter();
        let offices = offices.map(|office| (office.id.to_owned(), office.name.to_owned()));
        let offices = Control::Choice(offices.collect());
        Field::new("office", self.visit.say(words::OFFICE), offices)
    }

    /// The fields for a second operator, where two must agree.
    fn second_operator(&self, form: Form) -> Form {
        let approval = self
            .reception
            .hall
            .with(|town, _| town.desk.policy().approval);
        match approval {
            Approval::OneOperator => form,
            Approval::TwoOperators => form
                .with(Field::new(
                    "second_user",
                    self.visit.say(SECOND_USER),
                    Control::Line("text"),
                ))
                .with(Field::new(
                    "second_password",
                    self.visit.say(SECOND_PASSWORD),
                    Control::Secret,
                )),
        }
    }

    fn ask_section(&self, card: CardNumber) -> Section {
        let links = KINDS.iter().map(|(kind, label)| {
            Link::new(
                self.visit.say(*label),
                format!("/desk/cards/{card}/form/{kind}"),
            )
        });
        Section::new(self.visit.say(ASK), Content::Links(links.collect()))
            .led_by(self.visit.say(ASK_ABOUT))
    }
}

/// Where something is to be sent, and in which language; `hint` says what happens if it is not said.
pub(in crate::site) fn contact_fields(visit: &Visit<'_>, form: Form, hint: Option<Text>) -> Form {
    let channels = Control::Choice(choices(visit, &CHANNELS));
    let channel = Field::new("channel", visit.say(text("Via", "By", "Über")), channels);
    let contact = Field::new("contact", visit.say(words::CONTACT), Control::Line("text"));
    match hint {
        Some(hint) => form
            .with(channel.optional())
            .with(contact.optional().hinted(visit.say(hint))),
        None => {
            let languages = Language::ALL.map(|it| (it.tag().to_owned(), it.own_name().to_owned()));
            let label = visit.say(text("Lingua", "Language", "Sprache"));
            let language = Field::new("language", label, Control::Choice(languages.to_vec()));
            form.with(channel)
                .with(contact)
                .with(language.with_value(visit.language.tag()))
        }
    }
}

/// Causes in the visitor's language.
pub(in crate::site) fn cause_choices(visit: &Visit<'_>) -> Vec<(String, String)> {
    choices(visit, &CAUSES)
}

/// Choices in the visitor's language.
pub(super) fn choices(visit: &Visit<'_>, of: &[(&str, Text)]) -> Vec<(String, String)> {
    let choices = of.iter();
    choices
        .map(|(name, label)| ((*name).to_owned(), visit.say(*label)))
        .collect()
}
