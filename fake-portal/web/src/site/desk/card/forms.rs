//! What can be done with a card, as forms.

use cns_authority::CardNumber;
use cns_language::{Text, text};
use cns_services::desk::{Approval, DossierView, OFFICES};

use super::super::choices::{CAUSES, DECLARATIONS, OFFICE_CAUSES, choices, contact_fields};
use super::super::{Counter, slip, words};
use crate::site::form::{Control, Field, Form, VERSION};

impl Counter<'_> {
    /// What the state of the card lets somebody ask for. The rules decide, not this page: what it leaves
    /// out would be refused.
    pub(super) fn forms(&self, card: CardNumber, view: &DossierView) -> Vec<(Text, Form)> {
        let say = |text: Text| self.visit.say(text);
        let form = |action: &str, label: Text| {
            Form::new(format!("/desk/cards/{card}/{action}"), say(label))
                .with(Field::hidden(VERSION, view.version.number().to_string()))
        };
        let mut forms = Vec::new();
        if let Some(request) = &view.request {
            // The form is about this request, and not about one that somebody opened since.
            let about = || Field::hidden("request", request.id.to_string());
            let hand_over = slip::also_as_pdf(form("hand-over", HAND_OVER).with(about()));
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
        let offices = OFFICES.iter();
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
}

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
