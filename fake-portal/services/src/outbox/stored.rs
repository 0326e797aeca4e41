//! The post as it is stored: what was sent to whom and what became of it, and no word that is a secret.

use std::sync::Arc;

use cns_authority::CardNumber;
use cns_language::{Language, Phrase, text};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::journey::{Journey, Sent};
use super::message::Posted;
use super::{Content, MessageId, MessageState, Outbox, OutboxFault, Purpose};
use crate::desk::Contact;
use crate::text_form::{self, language_tag};

/// The post without secrets.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredOutbox {
    messages: Vec<StoredMessage>,
    faults: Vec<OutboxFault>,
    swaps: Option<MessageId>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct StoredMessage {
    #[serde(with = "text_form")]
    to: Contact,
    #[serde(with = "text_form::option")]
    card: Option<CardNumber>,
    #[serde(with = "language_tag")]
    language: Language,
    purpose: Purpose,
    /// Of a notice, and of nothing else.
    words: Option<String>,
    journeys: Vec<Journey>,
    reported: MessageState,
}

impl Outbox {
    pub(crate) fn stored(&self) -> StoredOutbox {
        StoredOutbox {
            messages: self.messages.iter().map(StoredMessage::of).collect(),
            faults: self.faults.clone(),
            swaps: self.swaps,
        }
    }

    /// The post as it was. Secrets that had not arrived come back now.
    ///
    /// # Errors
    /// Where something is wrong, and what.
    pub(crate) fn of_stored(
        stored: StoredOutbox,
        now: OffsetDateTime,
    ) -> Result<Self, (String, String)> {
        let messages = (0..).zip(stored.messages).map(|(number, message)| {
            let number: usize = number;
            let place = |reason: &str| (format!("messages[{number}]"), reason.to_owned());
            message.read(now).map_err(place)
        });
        let outbox = Self {
            messages: messages.collect::<Result<_, _>>()?,
            faults: stored.faults,
            swaps: stored.swaps,
            revision: 0,
        };
        match outbox.swaps {
            Some(id) if outbox.sent(id).is_none() => {
                let reason = format!("there is no message {}", id.0);
                Err(("swaps".to_owned(), reason))
            }
            _ => Ok(outbox),
        }
    }

    /// Whether a message has the second part of this card's codes.
    pub(crate) fn is_second_part(&self, id: MessageId, card: CardNumber) -> bool {
        self.sent(id).is_some_and(|sent| {
            sent.message.card == Some(card) && sent.message.content.purpose() == Purpose::SecondPart
        })
    }
}

impl StoredMessage {
    fn of(sent: &Sent) -> Self {
        let message = &sent.message;
        let purpose = message.content.purpose();
        let words = (purpose == Purpose::Notice).then(|| message.words().to_string());
        Self {
            to: message.to.clone(),
            card: message.card,
            language: message.language,
            purpose,
            words,
            journeys: sent.journeys.clone(),
            reported: sent.reported,
        }
    }

    fn read(self, now: OffsetDateTime) -> Result<Sent, &'static str> {
        let content = match (self.purpose, self.words) {
            (Purpose::Notice, Some(words)) => {
                Content::Notice(Phrase::from(text("{0}", "{0}", "{0}")).with(words))
            }
            (Purpose::Notice, None) => return Err("a notice has words"),
            (_, Some(_)) => return Err("the words of a secret are not stored"),
            (purpose, None) => Content::NotKept(purpose),
        };
        if self.journeys.is_empty() {
            return Err("a message was sent once at least");
        }
        if (self.purpose == Purpose::SecondPart) != self.card.is_some()
            && self.purpose != Purpose::Notice
        {
            return Err("a second part is about a card, and a one-time code is not");
        }
        let mut sent = Sent {
            message: Posted {
                to: self.to,
                card: self.card,
                language: self.language,
                content: Arc::new(content),
            },
            journeys: self.journeys,
            reported: self.reported,
        };
        sent.come_back(now);
        Ok(sent)
    }
}
