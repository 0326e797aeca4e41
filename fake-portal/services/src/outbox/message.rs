//! What is sent.

use cns_authority::CardNumber;
use cns_language::{Language, Phrase};
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
}

/// What a message is for, which everybody may know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// It has the second part.
    SecondPart,
    /// It has a one-time code.
    OneTimeCode,
    /// It has no secret.
    Notice,
}

impl Message {
    /// The words, as they were sent.
    pub(super) fn words(&self) -> Zeroizing<String> {
        match &self.content {
            Content::SecondPart { part, cip } => part.words(cip, self.language),
            Content::OneTimeCode(code) => code.words(self.language),
            Content::Notice(phrase) => Zeroizing::new(phrase.in_language(self.language)),
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
