//! What is sent.

use std::sync::Arc;

use cns_authority::CardNumber;
use cns_language::{Language, Phrase, Text, text};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::desk::{Cip, Contact, OneTimeCode, SecondPart};

/// A message before it is sent. It is moved, never copied.
#[derive(Debug)]
pub struct Message {
    /// To whom.
    pub to: Contact,
    /// The card that it is about, if it is about one.
    pub card: Option<CardNumber>,
    /// In which language.
    pub language: Language,
    /// What it says.
    pub content: Content,
}

/// What a message says: there is no first part that could be sent.
#[derive(Debug)]
pub enum Content {
    /// The second part of PIN and PUK, and the CIP.
    SecondPart {
        /// The digits.
        part: SecondPart,
        /// The code for the phone.
        cip: Cip,
    },
    /// A code that proves that somebody has this phone or mailbox.
    OneTimeCode(OneTimeCode),
    /// A sentence without secrets.
    Notice(Phrase),
    /// A message with secrets that was read from a file, where no secret is kept. What it was for.
    NotKept(Purpose),
}

/// A message that was sent. Whoever copies the post has the same letters, and no digit twice.
#[derive(Clone, Debug)]
pub(super) struct Posted {
    pub(super) to: Contact,
    pub(super) card: Option<CardNumber>,
    pub(super) language: Language,
    pub(super) content: Arc<Content>,
}

/// What a message is for, which everybody may know.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// It has the second part.
    SecondPart,
    /// It has a one-time code.
    OneTimeCode,
    /// It has no secret.
    Notice,
}

const NOT_KEPT: Text = text(
    "Le parole di questo messaggio non sono conservate: il portale è ripartito dal suo file.",
    "The words of this message were not kept: the portal was started again from its file.",
    "Der Wortlaut dieser Nachricht wurde nicht aufbewahrt: das Portal ist aus seiner Datei neu gestartet.",
);

impl Posted {
    /// The words, as they were sent.
    pub(super) fn words(&self) -> Zeroizing<String> {
        match &*self.content {
            Content::SecondPart { part, cip } => part.words(cip, self.language),
            Content::OneTimeCode(code) => code.words(self.language),
            Content::Notice(phrase) => Zeroizing::new(phrase.in_language(self.language)),
            Content::NotKept(_) => Zeroizing::new(NOT_KEPT.in_language(self.language).to_owned()),
        }
    }
}

impl From<Message> for Posted {
    fn from(message: Message) -> Self {
        Self {
            to: message.to,
            card: message.card,
            language: message.language,
            content: Arc::new(message.content),
        }
    }
}

impl Content {
    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::SecondPart { .. } => Purpose::SecondPart,
            Self::OneTimeCode(_) => Purpose::OneTimeCode,
            Self::Notice(_) => Purpose::Notice,
            Self::NotKept(purpose) => *purpose,
        }
    }
}

impl Purpose {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SecondPart => "second-part",
            Self::OneTimeCode => "one-time-code",
            Self::Notice => "notice",
        }
    }
}
