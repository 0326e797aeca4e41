//! Reading the post: lists for those who may know that there is a message, letters for who plays the
//! phones and mailboxes.

use cns_authority::CardNumber;
use serde::Serialize;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::journey::Sent;
use super::{MessageId, Outbox};
use crate::desk::{Channel, Contact, rules};
use crate::refusal::Refusal;
use crate::role::Role;

/// Which messages are asked for: those for which all that is said holds.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// To this contact.
    pub to: Option<Contact>,
    /// By this channel.
    pub channel: Option<Channel>,
    /// About this card.
    pub card: Option<CardNumber>,
    /// Sent at this time or later.
    pub since: Option<OffsetDateTime>,
}

/// A message as whoever may see that it exists: nothing that it says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct MessageView {
    /// Its number.
    pub id: u32,
    /// By what it goes.
    pub channel: &'static str,
    /// To whom, masked.
    pub to: String,
    /// What it is for.
    pub purpose: &'static str,
    /// About which card.
    pub card: Option<String>,
    /// When it was sent, or sent again last.
    #[serde(with = "time::serde::rfc3339")]
    pub sent: OffsetDateTime,
    /// How often it was sent.
    pub times: usize,
    /// How far it has come.
    pub state: &'static str,
}

/// A message that has arrived, as it is read.
pub struct Letter {
    /// Its number.
    pub id: MessageId,
    /// When it arrived.
    pub arrived: OffsetDateTime,
    /// What it says, wiped at its end.
    pub words: Zeroizing<String>,
}

/// Whether there is something to wait for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wait {
    /// A message has arrived: the first that did.
    Arrived(MessageId),
    /// The next one arrives then, if nothing is sent before.
    Until(OffsetDateTime),
    /// None is on its way.
    NothingSent,
}

impl Outbox {
    /// The messages for which a filter holds, oldest first, without what they say.
    pub fn list(&self, filter: &MessageFilter, now: OffsetDateTime) -> Vec<MessageView> {
        self.filtered(filter)
            .map(|(id, sent)| MessageView {
                id: id.0,
                channel: sent.message.to.channel().name(),
                to: sent.message.to.masked(),
                purpose: sent.message.content.purpose().name(),
                card: sent.message.card.map(|card| card.to_string()),
                sent: sent.last_begun(),
                times: sent.journeys.len(),
                state: sent.state(now).name(),
            })
            .collect()
    }

    /// What has arrived at a phone or in a mailbox, in the order of arrival.
    ///
    /// # Errors
    /// `DESK-124`: only a test plays phones. What somebody reads on a real one is no page of a portal.
    pub fn mailbox(
        &self,
        reader: Role,
        of: &Contact,
        now: OffsetDateTime,
    ) -> Result<Vec<Letter>, Refusal> {
        rules::NOT_FOR_THIS_ROLE.unless(reader == Role::Tester)?;
        let mut letters: Vec<Letter> = self
            .filtered(&MessageFilter::default())
            .flat_map(|(id, sent)| sent.arrivals().map(move |arrival| (id, sent, arrival)))
            .filter(|(_, _, arrival)| arrival.with == *of && arrival.at <= now)
            .map(|(id, sent, arrival)| Letter {
                id,
                arrived: arrival.at,
                words: as_it_arrived(sent.message.words(), arrival.garbled),
            })
            .collect();
        letters.sort_by_key(|letter| letter.arrived);
        Ok(letters)
    }

    /// Whether a message like this has arrived, or when to ask again.
    pub fn wait_for(&self, filter: &MessageFilter, now: OffsetDateTime) -> Wait {
        let first = self
            .filtered(filter)
            .flat_map(|(id, sent)| sent.arrivals().map(move |arrival| (arrival.at, id)))
            .min();
        match first {
            Some((at, id)) if at <= now => Wait::Arrived(id),
            Some((at, _)) => Wait::Until(at),
            None => Wait::NothingSent,
        }
    }

    fn filtered(&self, filter: &MessageFilter) -> impl Iterator<Item = (MessageId, &Sent)> {
        self.ids()
            .zip(&self.messages)
            .filter(|(_, sent)| filter.passes(sent))
    }
}

impl MessageFilter {
    fn passes(&self, sent: &Sent) -> bool {
        let message = &sent.message;
        self.to.as_ref().is_none_or(|to| *to == message.to)
            && self
                .channel
                .is_none_or(|channel| channel == message.to.channel())
            && self.card.is_none_or(|card| Some(card) == message.card)
            && self.since.is_none_or(|since| since <= sent.last_begun())
    }
}

impl Sent {
    fn last_begun(&self) -> OffsetDateTime {
        let begun = self.journeys.last().map(|journey| journey.begun);
        begun.unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// With one digit counted up, if it is garbled.
fn as_it_arrived(words: Zeroizing<String>, garbled: Option<usize>) -> Zeroizing<String> {
    let Some(garbled) = garbled else {
        return words;
    };
    let mut arrived = Zeroizing::new(String::with_capacity(words.len()));
    let mut digits = 0;
    for letter in words.chars() {
        let Some(value) = letter.to_digit(10) else {
            arrived.push(letter);
            continue;
        };
        let changed = if digits == garbled {
            (value + 1) % 10
        } else {
            value
        };
        arrived.extend(char::from_digit(changed, 10));
        digits += 1;
    }
    arrived
}
