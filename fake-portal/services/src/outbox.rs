//! The post: what was sent to whom, and what arrives when.
//!
//! Nothing here waits or ticks. When a message is sent it is settled what will become of it; what has
//! become of it so far is a function of the clock. What can be sent is a [`Content`], which has no first
//! part of a PIN.

mod fault;
mod journey;
mod message;
mod reader;
mod stored;

use cns_authority::CardNumber;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::desk::Contact;
use crate::refusal::Refusal;
use journey::{Journey, Sent};

pub use fault::{Fault, OutboxFault};
pub use message::{Content, Message, Purpose};
pub use reader::{Letter, MessageFilter, MessageView, Wait};
pub(crate) use stored::StoredOutbox;

crate::rules! {
    /// All rules of the post.
    pub const RULES;

    /// Nothing of this number was ever sent.
    UNKNOWN_MESSAGE = "OUTBOX-101", NotFound,
        "Nessun messaggio ha questo numero.",
        "No message has this number.",
        "Keine Nachricht hat diese Nummer.";
}

/// All that was sent. A clone has the same letters.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    messages: Vec<Sent>,
    faults: Vec<OutboxFault>,
    /// A message that changes addressees with the next one of its channel.
    swaps: Option<MessageId>,
    revision: u64,
}

/// The number of a message, in the order of sending, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct MessageId(pub u32);

/// How far a message has come, as its sender hears of it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageState {
    /// Sent, and nothing heard: on its way, or lost.
    Queued,
    /// It arrived, at whomever.
    Delivered,
    /// It came back.
    Bounced,
}

/// What a sender is told of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Report {
    /// Which message.
    pub message: MessageId,
    /// What it is for.
    pub purpose: Purpose,
    /// The card that it is about, if it is about one.
    pub card: Option<CardNumber>,
    /// What became of it.
    pub state: MessageState,
}

impl Outbox {
    /// Grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Sends a message. A fault that waits for one like it happens to it.
    pub fn send(&mut self, message: Message, now: OffsetDateTime) -> Report {
        self.revision += 1;
        let id = MessageId(self.messages.len().try_into().unwrap_or(u32::MAX));
        let journey = self.begin(id, &message.to.clone(), now);
        self.messages.push(Sent::new(message, journey));
        self.swap_with(id, now);
        self.report(id, MessageState::Queued)
    }

    /// Sends a message once more, to another address if it is told one.
    ///
    /// # Errors
    /// `OUTBOX-101`: there is no such message.
    pub fn resend(
        &mut self,
        id: MessageId,
        to: Option<Contact>,
        now: OffsetDateTime,
    ) -> Result<Report, Refusal> {
        let to = match (to, self.sent(id)) {
            (_, None) => return Err(UNKNOWN_MESSAGE.refuse()),
            (Some(to), Some(_)) => to,
            (None, Some(sent)) => sent.message.to.clone(),
        };
        self.revision += 1;
        let journey = self.begin(id, &to, now);
        if let Some(sent) = self.sent_mut(id) {
            sent.again(to, journey);
        }
        self.swap_with(id, now);
        Ok(self.report(id, MessageState::Queued))
    }

    /// What was heard since the last time that somebody asked, in the order of the messages.
    pub fn reports(&mut self, now: OffsetDateTime) -> Vec<Report> {
        let heard: Vec<(MessageId, MessageState)> = self
            .ids()
            .zip(&mut self.messages)
            .filter_map(|(id, sent)| Some((id, sent.news(now)?)))
            .collect();
        self.revision += heard.len() as u64;
        heard
            .into_iter()
            .map(|(id, state)| self.report(id, state))
            .collect()
    }

    /// Something goes wrong with messages that are sent from now on.
    pub fn arm(&mut self, fault: OutboxFault) {
        self.revision += 1;
        self.faults.push(fault);
    }

    /// What goes wrong with messages that are sent from now on, and has not yet.
    pub fn armed(&self) -> impl Iterator<Item = &OutboxFault> {
        self.faults.iter().filter(|fault| fault.times != 0)
    }

    /// Nothing goes wrong any more with what is sent from now on.
    pub fn disarm(&mut self) {
        self.revision += 1;
        self.faults.clear();
        self.swaps = None;
    }

    fn begin(&mut self, id: MessageId, to: &Contact, now: OffsetDateTime) -> Journey {
        let fault = fault::take(&mut self.faults, to);
        if fault == Some(Fault::Swapped) {
            self.swaps = Some(id);
        }
        Journey::new(to, fault, now)
    }

    /// A message that waits for another to change addressees with may have found it.
    fn swap_with(&mut self, id: MessageId, now: OffsetDateTime) {
        let Some(waiting) = self.swaps.filter(|waiting| *waiting != id) else {
            return;
        };
        let addressee = |sent: Option<&Sent>| Some(sent?.message.to.clone());
        let (Some(one), Some(other)) = (addressee(self.sent(waiting)), addressee(self.sent(id)))
        else {
            return;
        };
        let has_arrived = self
            .sent(waiting)
            .is_none_or(|sent| sent.state(now) != MessageState::Queued);
        if has_arrived {
            self.swaps = None;
        } else if one.channel() == other.channel() && one != other {
            self.swaps = None;
            self.sent_mut(waiting)
                .into_iter()
                .for_each(|sent| sent.redirect(&other));
            self.sent_mut(id)
                .into_iter()
                .for_each(|sent| sent.redirect(&one));
        }
    }

    fn report(&self, id: MessageId, state: MessageState) -> Report {
        let message = self.sent(id).map(|sent| &sent.message);
        Report {
            message: id,
            purpose: message.map_or(Purpose::Notice, |message| message.content.purpose()),
            card: message.and_then(|message| message.card),
            state,
        }
    }

    fn ids(&self) -> impl Iterator<Item = MessageId> + use<> {
        (0..).map(MessageId)
    }

    fn sent(&self, id: MessageId) -> Option<&Sent> {
        self.messages.get(usize::try_from(id.0).ok()?)
    }

    fn sent_mut(&mut self, id: MessageId) -> Option<&mut Sent> {
        self.messages.get_mut(usize::try_from(id.0).ok()?)
    }
}

impl MessageState {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
        }
    }
}
