//! What goes wrong with messages that are sent from now on.

use cns_language::{Text, text};
use cns_services::Refusal;
use cns_services::desk::Channel;
use cns_services::outbox::{Fault, OutboxFault};
use serde_json::{Value, json};
use time::Duration;

use super::super::answer::Answer;
use super::super::form::{Control, Field, Form};
use super::super::page::{Cell, Content, Page, Section, Table};
use super::super::typed;
use super::super::values::Values;
use super::{CHANNEL, Post};

const FAULTS: Text = text("Guasti", "Faults", "Störungen");
const ARM: Text = text("Prepara un guasto", "Arm a fault", "Störung vorbereiten");
const DISARM: Text = text(
    "Togli tutti i guasti",
    "Disarm all faults",
    "Alle Störungen aufheben",
);
const NO_FAULTS: Text = text("Nessun guasto.", "No fault.", "Keine Störung.");
const FAULT: Text = text("Guasto", "Fault", "Störung");
const ONLY_TO: Text = text("Solo a", "Only to", "Nur an");
const TIMES: Text = text("Quante volte", "How often", "Wie oft");
const SECONDS: Text = text("Secondi di ritardo", "Seconds late", "Sekunden Verspätung");
const DIGIT: Text = text(
    "Cifra sbagliata, da 0",
    "Wrong digit, from 0",
    "Falsche Ziffer, ab 0",
);

/// Faults as programs call them, and in words.
const KINDS: [(&str, Text); 6] = [
    ("lost", text("Perso", "Lost", "Verloren")),
    ("late", text("In ritardo", "Late", "Verspätet")),
    ("twice", text("Due volte", "Twice", "Doppelt")),
    ("bounced", text("Tornato", "Bounced", "Zurückgekommen")),
    ("swapped", text("Scambiato", "Swapped", "Vertauscht")),
    ("garbled", text("Alterato", "Garbled", "Verfälscht")),
];

/// Channels as programs call them.
pub(super) const CHANNELS: [(&str, Channel); 5] = [
    ("sms", Channel::Sms),
    ("email", Channel::Email),
    ("pec", Channel::Pec),
    ("blind-envelope", Channel::BlindEnvelope),
    ("paper-slip", Channel::PaperSlip),
];

impl Post<'_> {
    pub(super) fn arm(&self) -> Answer {
        let Some(typed) = &self.visit.posted else {
            return self.list();
        };
        let armed = fault(typed).and_then(|fault| {
            self.hall.change(|town, _| {
                town.outbox.arm(fault);
                Ok(())
            })
        });
        self.done_or_refused(typed, armed)
    }

    fn done_or_refused(&self, typed: &Values, done: Result<(), Refusal>) -> Answer {
        match done {
            Ok(()) => self.done(),
            Err(refusal) => Answer::Refused {
                page: self.whole_page().refused(
                    "/outbox/faults",
                    typed,
                    &refusal,
                    self.visit.language,
                ),
                refusal,
            },
        }
    }

    pub(super) fn disarm(&self) -> Answer {
        let Some(typed) = &self.visit.posted else {
            return self.list();
        };
        let disarmed = self.hall.change(|town, _| {
            town.outbox.disarm();
            Ok(())
        });
        self.done_or_refused(typed, disarmed)
    }

    fn done(&self) -> Answer {
        Answer::Done {
            next: "/outbox".to_owned(),
            data: json!({"faults": self.armed()}),
        }
    }

    /// Those that wait for messages.
    pub(super) fn armed(&self) -> Vec<Value> {
        self.hall.with(|town, _| {
            let armed = town.outbox.armed();
            armed
                .map(|armed| {
                    json!({
                        "fault": name(armed.fault),
                        "channel": armed.channel.map(Channel::name),
                        "to": armed.to.as_ref().map(|to| to.masked()),
                        "times": armed.times,
                    })
                })
                .collect()
        })
    }

    pub(super) fn with_fault_sections(&self, page: Page) -> Page {
        let say = |text: Text| self.visit.say(text);
        let rows = self.hall.with(|town, _| {
            let armed = town.outbox.armed();
            armed.map(|armed| self.row(armed)).collect()
        });
        let table = Table {
            columns: [FAULT, CHANNEL, ONLY_TO, TIMES].map(say).to_vec(),
            rows,
            none: say(NO_FAULTS),
        };
        let disarm = Form::new("/outbox/disarm", say(DISARM));
        page.with(Section::new(say(FAULTS), Content::Table(table)))
            .with(Section::new(say(ARM), Content::Form(self.arm_form())))
            .with(Section::new(say(DISARM), Content::Form(disarm)))
    }

    fn row(&self, armed: &OutboxFault) -> Vec<Cell> {
        let known = KINDS.iter().find(|(known, _)| *known == name(armed.fault));
        let words = known.map(|(_, words)| self.visit.say(*words));
        let channel = armed.channel.map(Channel::name).unwrap_or_default();
        let to = armed.to.as_ref().map(|to| to.masked());
        vec![
            Cell::Words(words.unwrap_or_default()),
            Cell::Words(self.words(channel)),
            Cell::Code(to.unwrap_or_default()),
            Cell::Words(armed.times.to_string()),
        ]
    }

    fn arm_form(&self) -> Form {
        let say = |text: Text| self.visit.say(text);
        let kinds = KINDS.map(|(name, words)| (name.to_owned(), say(words)));
        let channels = CHANNELS.map(|(name, _)| (name.to_owned(), self.words(name)));
        let line = |name, label| Field::new(name, say(label), Control::Line("text")).optional();
        Form::new("/outbox/faults", say(ARM))
            .with(Field::new(
                "fault",
                say(FAULT),
                Control::Choice(kinds.to_vec()),
            ))
            .with(
                Field::new("channel", say(CHANNEL), Control::Choice(channels.to_vec())).optional(),
            )
            .with(line("contact", ONLY_TO))
            .with(line("times", TIMES).with_value("1"))
            .with(line("seconds", SECONDS))
            .with(line("digit", DIGIT))
    }
}

fn fault(typed: &Values) -> Result<OutboxFault, Refusal> {
    let kinds = KINDS.map(|(name, _)| (name, name));
    let fault = match typed::choice(typed, "fault", &kinds)? {
        "lost" => Fault::Lost,
        "late" => Fault::Late(Duration::seconds(
            typed::number::<u32>(typed, "seconds")?.into(),
        )),
        "twice" => Fault::Twice,
        "bounced" => Fault::Bounced,
        "swapped" => Fault::Swapped,
        _ => Fault::Garbled {
            digit: typed::number(typed, "digit")?,
        },
    };
    Ok(OutboxFault {
        fault,
        channel: typed::optional(typed, "channel", |typed, field| {
            typed::choice(typed, field, &CHANNELS)
        })?,
        to: typed::optional(typed, "contact", typed::contact)?,
        times: typed::optional(typed, "times", typed::number)?.unwrap_or(1),
    })
}

fn name(fault: Fault) -> &'static str {
    match fault {
        Fault::Lost => "lost",
        Fault::Late(_) => "late",
        Fault::Twice => "twice",
        Fault::Bounced => "bounced",
        Fault::Swapped => "swapped",
        Fault::Garbled { .. } => "garbled",
    }
}
