//! PIN and PUK asked for online, by adults.
//!
//! ```text
//! /pin                    a one-time code to a known contact, or SPID
//! /pin/confirm            the code that was sent
//! /pin/spid               a page that plays the identity provider
//! /pin/request/TICKET     what somebody may ask for who was identified so
//! /pin/suspend            a lost card, by the CIP that came with the second part
//! ```
//!
//! The ticket stands for the identification, which stays at the server and ends after half an hour.

mod request;
mod suspend;

use cns_language::{Text, text};
use cns_services::Refusal;
use cns_services::desk::{Identified, SpidLevel, rules};
use serde_json::json;

use super::answer::Answer;
use super::form::{Control, Field, Form};
use super::page::{Content, Link, Notice, Page, Section};
use super::reception::Reception;
use super::typed;
use super::values::Values;
use super::visit::Visit;
use crate::town::SystemEntropy;

const ONLINE: Text = text(
    "PIN e PUK online",
    "PIN and PUK online",
    "PIN und PUK online",
);
const ONLINE_ABOUT: Text = text(
    "Per maggiorenni, con un codice usa e getta o con SPID. La prima parte si vede sulla pagina, una volta sola; la seconda arriva al recapito. Per un minorenne chi lo rappresenta va allo sportello.",
    "For adults, with a one-time code or with SPID. The first part is shown on the page, once only; the second comes to the contact. For a minor, the legal representative goes to a desk.",
    "Für Volljährige, mit einem Einmalcode oder mit SPID. Der erste Teil steht einmal auf der Seite, der zweite kommt zum Kontakt. Für Minderjährige geht der gesetzliche Vertreter an einen Schalter.",
);
const CODE: Text = text("Codice usa e getta", "One-time code", "Einmalcode");
const CODE_ABOUT: Text = text(
    "Arriva a un cellulare o a una casella che è già noto come proprio.",
    "It comes to a mobile phone or mailbox that is known to be yours already.",
    "Er kommt an ein Handy oder ein Postfach, das bereits als das eigene bekannt ist.",
);
const SEND_CODE: Text = text("Invia il codice", "Send the code", "Code senden");
const IDENTITY: Text = text("Codice fiscale", "Codice fiscale", "Steuernummer");
const CONTACT: Text = text(
    "Cellulare o e-mail",
    "Mobile phone or e-mail",
    "Handy oder E-Mail",
);
const CODE_SENT: Text = text(
    "Il codice è stato inviato: vale cinque minuti e una volta sola.",
    "The code was sent: it is good for five minutes, and once.",
    "Der Code wurde gesendet: er gilt fünf Minuten und nur einmal.",
);
const CONFIRM: Text = text("Conferma", "Confirm", "Bestätigen");
const SPID: Text = text("Accesso con SPID", "Login with SPID", "Anmeldung mit SPID");
const SPID_ABOUT: Text = text(
    "Questa pagina fa la parte del gestore dell'identità: crede a chiunque.",
    "This page plays the identity provider: it believes everybody.",
    "Diese Seite spielt den Identitätsanbieter: sie glaubt jedem.",
);
const LEVEL: Text = text("Livello", "Level", "Stufe");
const LOST: Text = text(
    "Ho perso la carta",
    "I have lost the card",
    "Ich habe die Karte verloren",
);
const OTHER_WAYS: Text = text("Altre vie", "Other ways", "Andere Wege");

/// Levels of SPID, as programs call them.
const LEVELS: [(&str, SpidLevel); 3] = [
    ("1", SpidLevel::One),
    ("2", SpidLevel::Two),
    ("3", SpidLevel::Three),
];

/// These pages.
pub(super) fn answer(visit: &Visit<'_>, reception: &Reception) -> Answer {
    let online = Online { visit, reception };
    match visit.segments().as_slice() {
        ["pin"] => Answer::asking(online.page()),
        ["pin", "code"] => online.send_code(),
        ["pin", "confirm"] => online.identify(online.confirm_page(), |typed| online.by_code(typed)),
        ["pin", "spid"] => online.identify(online.spid_page(), |typed| online.by_spid(typed)),
        ["pin", "suspend"] => online.suspend_by_cip(),
        ["pin", "request", ticket, rest @ ..] => online.request(ticket, rest),
        _ => Answer::Absent,
    }
}

/// Somebody who comes without a card.
struct Online<'a> {
    visit: &'a Visit<'a>,
    reception: &'a Reception,
}

impl Online<'_> {
    fn page(&self) -> Page {
        let say = |text: Text| self.visit.say(text);
        let mut page = Page::new(say(ONLINE));
        page.lead = say(ONLINE_ABOUT);
        let form = Form::new("/pin/code", say(SEND_CODE))
            .with(self.identity())
            .with(Field::new("contact", say(CONTACT), Control::Line("text")));
        let links = vec![
            Link::new(say(SPID), "/pin/spid"),
            Link::new(say(LOST), "/pin/suspend"),
        ];
        page.with(Section::new(say(CODE), Content::Form(form)).led_by(say(CODE_ABOUT)))
            .with(Section::new(say(OTHER_WAYS), Content::Links(links)))
    }

    fn send_code(&self) -> Answer {
        let Some(typed) = &self.visit.posted else {
            return Answer::asking(self.page());
        };
        match self.code_sent(typed) {
            Ok(()) => Answer::Done {
                next: "/pin/confirm?sent=yes".to_owned(),
                data: json!({"sent": true}),
            },
            Err(refusal) => self.refused(self.page(), "/pin/code", typed, refusal),
        }
    }

    /// Whoever has no such contact hears the same as who does not exist.
    fn code_sent(&self, typed: &Values) -> Result<(), Refusal> {
        let who = typed::codice_fiscale(typed, "identity")?;
        let contact = typed::contact(typed, "contact")?;
        let mut entropy = SystemEntropy::new();
        let language = self.visit.language;
        let sent = self.reception.hall.decide(|town, now| {
            let person = town
                .applicant(who)
                .ok_or_else(|| rules::NO_KNOWN_CONTACT.refuse())?;
            let desk = &mut town.desk;
            let effects =
                desk.send_one_time_code(&person, &contact, language, &mut entropy, now)?;
            Ok(((), effects))
        });
        sent.map(drop)
    }

    fn confirm_page(&self) -> Page {
        let say = |text: Text| self.visit.say(text);
        let form = Form::new("/pin/confirm", say(CONFIRM))
            .with(self.identity())
            .with(Field::new(
                "one_time_code",
                say(CODE),
                Control::Line("text"),
            ));
        let sent = self.visit.query.first("sent").map(|_| Notice {
            is_good: true,
            words: say(CODE_SENT),
            code: None,
        });
        self.below(CODE)
            .noticing(sent)
            .with(Section::new(say(CODE), Content::Form(form)))
    }

    fn spid_page(&self) -> Page {
        let say = |text: Text| self.visit.say(text);
        let levels = LEVELS.map(|(level, _)| (level.to_owned(), level.to_owned()));
        let form = Form::new("/pin/spid", say(CONFIRM))
            .with(self.identity())
            .with(Field::new(
                "level",
                say(LEVEL),
                Control::Choice(levels.to_vec()),
            ));
        let section = Section::new(say(SPID), Content::Form(form));
        self.below(SPID).with(section.led_by(say(SPID_ABOUT)))
    }

    /// Identifies somebody, and goes on with the ticket for it.
    fn identify(
        &self,
        page: Page,
        by: impl FnOnce(&Values) -> Result<Identified, Refusal>,
    ) -> Answer {
        let Some(typed) = &self.visit.posted else {
            return Answer::asking(page);
        };
        let ticket = by(typed).and_then(|identified| {
            let ticket = self.reception.identified.keep_by_ticket(identified);
            ticket.ok_or_else(|| rules::NO_ENTROPY.refuse())
        });
        match ticket {
            Ok(ticket) => Answer::Done {
                next: format!("/pin/request/{ticket}"),
                data: json!({"ticket": ticket}),
            },
            Err(refusal) => self.refused(page, self.visit.path, typed, refusal),
        }
    }

    fn by_code(&self, typed: &Values) -> Result<Identified, Refusal> {
        let who = typed::codice_fiscale(typed, "identity")?;
        let code = typed::needed(typed, "one_time_code")?;
        self.reception.hall.change(|town, now| {
            let person = town
                .applicant(who)
                .ok_or_else(|| rules::ONE_TIME_CODE_EXPIRED.refuse())?;
            town.desk.identify_by_one_time_code(&person, code, now)
        })
    }

    fn by_spid(&self, typed: &Values) -> Result<Identified, Refusal> {
        let level = typed::choice(typed, "level", &LEVELS)?;
        self.reception.hall.change(|town, now| {
            let person = typed::person(typed, "identity", town)?;
            town.desk.identify_by_spid(&person, level, now)
        })
    }

    fn identity(&self) -> Field {
        Field::new("identity", self.visit.say(IDENTITY), Control::Line("text"))
    }

    /// A page below the first.
    fn below(&self, title: Text) -> Page {
        let mut page = Page::new(self.visit.say(title));
        page.trail = vec![Link::new(self.visit.say(ONLINE), "/pin")];
        page
    }

    fn refused(&self, page: Page, action: &str, typed: &Values, refusal: Refusal) -> Answer {
        Answer::Refused {
            page: page.refused(action, typed, &refusal, self.visit.language),
            refusal,
        }
    }
}
