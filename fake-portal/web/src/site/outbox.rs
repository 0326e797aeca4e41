//! The post: whoever plays phones and mailboxes reads it here, and makes things go wrong.
//!
//! ```text
//! /outbox                     what was sent, without what it says
//! /outbox/mailbox?contact=    what has arrived at a phone or in a mailbox
//! /outbox/wait?contact=&channel=&card=&since=&seconds=     the next message that has arrived (JSON)
//! /outbox/faults, disarm      what goes wrong with messages that are sent from now on
//! ```

mod faults;
mod wait;
mod words;

use cns_language::{Text, text};
use cns_services::desk::Contact;
use cns_services::outbox::{Letter, MessageFilter, MessageView};
use cns_services::{Refusal, Role};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::answer::Answer;
use super::form::{Control, Field, Form};
use super::page::{Cell, Content, Link, Page, Section, Table};
use super::typed;
use super::values::Values;
use super::visit::Visit;
use crate::town::TownHall;

pub(super) use wait::wait;
pub(super) use words::CHANNELS;

const OUTBOX: Text = text("La posta", "The post", "Die Post");
const OUTBOX_ABOUT: Text = text(
    "Qui si fa la parte dei cellulari e delle caselle: nessun portale vero ha questa pagina.",
    "Here phones and mailboxes are played: no real portal has this page.",
    "Hier werden Handys und Postfächer gespielt: kein echtes Portal hat diese Seite.",
);
const SENT: Text = text("Messaggi inviati", "Messages sent", "Gesendete Nachrichten");
const NONE_SENT: Text = text("Nessun messaggio.", "No message.", "Keine Nachricht.");
const NUMBER: Text = text("Numero", "Number", "Nummer");
const CHANNEL: Text = text("Via", "By", "Über");
const TO: Text = text("A", "To", "An");
const PURPOSE: Text = text("Per", "For", "Wofür");
const STATE: Text = text("Stato", "State", "Zustand");
const TIMES: Text = text("Invii", "Times", "Male");
const READ: Text = text(
    "Leggi un cellulare o una casella",
    "Read a phone or mailbox",
    "Handy oder Postfach lesen",
);
const READ_BUTTON: Text = text("Leggi", "Read", "Lesen");
const CONTACT: Text = text(
    "Cellulare o e-mail",
    "Mobile phone or e-mail",
    "Handy oder E-Mail",
);
const MAILBOX: Text = text(
    "Messaggi arrivati",
    "Messages that arrived",
    "Angekommene Nachrichten",
);
const ARRIVED: Text = text("Arrivato", "Arrived", "Angekommen");
const WORDS: Text = text("Testo", "Words", "Text");

/// These pages.
pub(super) fn answer(visit: &Visit<'_>, hall: &TownHall) -> Answer {
    let post = Post { visit, hall };
    match visit.segments().as_slice() {
        ["outbox"] => post.list(),
        ["outbox", "mailbox"] => post.mailbox(),
        ["outbox", "faults"] => post.arm(),
        ["outbox", "disarm"] => post.disarm(),
        _ => Answer::Absent,
    }
}

/// Somebody who plays phones and mailboxes.
struct Post<'a> {
    visit: &'a Visit<'a>,
    hall: &'a TownHall,
}

impl Post<'_> {
    fn list(&self) -> Answer {
        let messages = self
            .hall
            .with(|town, now| town.outbox.list(&MessageFilter::default(), now));
        Answer::Shown {
            page: self.page(&messages),
            data: json!({"messages": messages, "faults": self.armed()}),
        }
    }

    fn page(&self, messages: &[MessageView]) -> Page {
        let say = |text: Text| self.visit.say(text);
        let columns = [NUMBER, CHANNEL, TO, PURPOSE, STATE, TIMES];
        let table = Table {
            columns: columns.map(say).to_vec(),
            rows: messages.iter().rev().map(|it| self.row_of(it)).collect(),
            none: say(NONE_SENT),
        };
        let mut page = Page::new(say(OUTBOX));
        page.lead = say(OUTBOX_ABOUT);
        let page = page
            .with(self.read_section())
            .with(Section::new(say(SENT), Content::Table(table)));
        self.with_fault_sections(page)
    }

    fn row_of(&self, message: &MessageView) -> Vec<Cell> {
        vec![
            Cell::Words(message.id.to_string()),
            Cell::Words(self.words(message.channel)),
            Cell::Code(message.to.clone()),
            Cell::Words(self.words(message.purpose)),
            Cell::Words(self.words(message.state)),
            Cell::Words(message.times.to_string()),
        ]
    }

    /// What programs have a name for, in the visitor's language.
    fn words(&self, name: &str) -> String {
        words::words(name).map_or_else(|| name.to_owned(), |words| self.visit.say(words))
    }

    fn whole_page(&self) -> Page {
        let all = MessageFilter::default();
        self.page(&self.hall.with(|town, now| town.outbox.list(&all, now)))
    }

    /// What has arrived somewhere. Nothing changes, so that what is posted is answered at once.
    fn mailbox(&self) -> Answer {
        let asked = self.visit.posted.as_ref().unwrap_or(&self.visit.query);
        match self.letters(asked) {
            Ok((contact, letters)) => Answer::Shown {
                page: self.mailbox_page(&contact, &letters),
                data: json!({"letters": letters.iter().map(letter_data).collect::<Vec<_>>()}),
            },
            Err(refusal) => {
                let page = self.whole_page();
                let page = page.refused("/outbox/mailbox", asked, &refusal, self.visit.language);
                Answer::Refused { page, refusal }
            }
        }
    }

    fn letters(&self, asked: &Values) -> Result<(Contact, Vec<Letter>), Refusal> {
        let contact = typed::contact(asked, "contact")?;
        let letters = self
            .hall
            .with(|town, now| town.outbox.mailbox(Role::Tester, &contact, now))?;
        Ok((contact, letters))
    }

    fn mailbox_page(&self, contact: &Contact, letters: &[Letter]) -> Page {
        let say = |text: Text| self.visit.say(text);
        let row = |letter: &Letter| {
            let arrived = cns_language::on_a_page(letter.arrived, self.visit.language);
            vec![
                Cell::Words(letter.id.0.to_string()),
                Cell::Words(arrived),
                Cell::Code(letter.words.to_string()),
            ]
        };
        let table = Table {
            columns: [NUMBER, ARRIVED, WORDS].map(say).to_vec(),
            rows: letters.iter().map(row).collect(),
            none: say(NONE_SENT),
        };
        let mut page = Page::new(contact.address());
        page.trail = vec![Link::new(say(OUTBOX), "/outbox")];
        let asked = form_urlencoded::Serializer::new(String::new())
            .append_pair("contact", contact.address())
            .finish();
        page.query = Some(asked);
        page.with(Section::new(say(MAILBOX), Content::Table(table)))
            .with(self.read_section())
    }

    fn read_section(&self) -> Section {
        let contact = Field::new("contact", self.visit.say(CONTACT), Control::Line("text"));
        let form = Form::new("/outbox/mailbox", self.visit.say(READ_BUTTON)).with(contact);
        Section::new(self.visit.say(READ), Content::Form(form))
    }
}

fn letter_data(letter: &Letter) -> Value {
    json!({
        "id": letter.id.0,
        "arrived": letter.arrived.format(&Rfc3339).unwrap_or_default(),
        "words": *letter.words,
    })
}
