//! What becomes of a message, settled when it is sent.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::message::Posted;
use super::{Content, Fault, Message, MessageState};
use crate::desk::{Channel, Contact};
use crate::text_form;

/// A message and all its journeys: one, and one more each time that it is sent again.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) message: Posted,
    pub(super) journeys: Vec<Journey>,
    pub(super) reported: MessageState,
}

/// One try to bring a message.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journey {
    #[serde(with = "time::serde::rfc3339")]
    pub(super) begun: OffsetDateTime,
    pub(super) arrivals: Vec<Arrival>,
    #[serde(with = "time::serde::rfc3339::option")]
    bounces: Option<OffsetDateTime>,
}

/// A copy of a message in somebody's hands.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Arrival {
    #[serde(with = "time::serde::rfc3339")]
    pub(super) at: OffsetDateTime,
    #[serde(with = "text_form")]
    pub(super) with: Contact,
    /// The digit that is wrong in it.
    pub(super) garbled: Option<usize>,
}

impl Journey {
    pub(super) fn new(to: &Contact, fault: Option<Fault>, now: OffsetDateTime) -> Self {
        let due = now.saturating_add(usual_time(to.channel()));
        let arrival = |at: OffsetDateTime| Arrival {
            at,
            with: to.clone(),
            garbled: None,
        };
        let arrivals = match fault {
            None | Some(Fault::Swapped) => vec![arrival(due)],
            Some(Fault::Lost | Fault::Bounced) => Vec::new(),
            Some(Fault::Late(delay)) => vec![arrival(due.saturating_add(delay))],
            Some(Fault::Twice) => vec![arrival(due), arrival(due.saturating_add(Duration::MINUTE))],
            Some(Fault::Garbled { digit }) => vec![Arrival {
                garbled: Some(digit),
                ..arrival(due)
            }],
        };
        Self {
            begun: now,
            arrivals,
            bounces: (fault == Some(Fault::Bounced)).then_some(due),
        }
    }

    /// Of a message that has nothing to bring any more.
    fn back_at_once(now: OffsetDateTime) -> Self {
        Self {
            begun: now,
            arrivals: Vec::new(),
            bounces: Some(now),
        }
    }

    fn state(&self, now: OffsetDateTime) -> MessageState {
        if self.arrivals.iter().any(|arrival| arrival.at <= now) {
            MessageState::Delivered
        } else if self.bounces.is_some_and(|at| at <= now) {
            MessageState::Bounced
        } else {
            MessageState::Queued
        }
    }
}

impl Sent {
    pub(super) fn new(message: Message, journey: Journey) -> Self {
        Self {
            message: message.into(),
            journeys: vec![journey],
            reported: MessageState::Queued,
        }
    }

    /// Sent once more. A message whose words are not kept comes back.
    pub(super) fn again(&mut self, to: Contact, journey: Journey) {
        let journey = match *self.message.content {
            Content::NotKept(_) => Journey::back_at_once(journey.begun),
            _ => journey,
        };
        self.message.to = to;
        self.journeys.push(journey);
        self.reported = MessageState::Queued;
    }

    /// A message whose words are not kept never arrives, unless it has already: what is under way comes
    /// back, and what was lost.
    pub(super) fn come_back(&mut self, now: OffsetDateTime) {
        if !matches!(*self.message.content, Content::NotKept(_)) {
            return;
        }
        let has_arrived = self.state(now) != MessageState::Queued;
        for journey in &mut self.journeys {
            journey.arrivals.retain(|arrival| arrival.at <= now);
        }
        if let Some(last) = self.journeys.last_mut().filter(|_| !has_arrived) {
            last.bounces = Some(now);
        }
    }

    /// What became of the last try.
    pub(super) fn state(&self, now: OffsetDateTime) -> MessageState {
        self.journeys
            .last()
            .map_or(MessageState::Queued, |journey| journey.state(now))
    }

    /// The state, once for each time that it changes.
    pub(super) fn news(&mut self, now: OffsetDateTime) -> Option<MessageState> {
        let state = self.state(now);
        (state != self.reported).then(|| {
            self.reported = state;
            state
        })
    }

    /// The last try arrives with somebody else.
    pub(super) fn redirect(&mut self, to: &Contact) {
        for arrival in self
            .journeys
            .iter_mut()
            .last()
            .into_iter()
            .flat_map(|journey| &mut journey.arrivals)
        {
            arrival.with = to.clone();
        }
    }

    pub(super) fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.journeys.iter().flat_map(|journey| &journey.arrivals)
    }
}

/// How long a channel takes when nothing is wrong.
fn usual_time(channel: Channel) -> Duration {
    match channel {
        Channel::PaperSlip => Duration::ZERO,
        Channel::Sms => Duration::seconds(5),
        Channel::Email => Duration::seconds(30),
        Channel::Pec => Duration::MINUTE,
        Channel::BlindEnvelope => Duration::days(3),
    }
}
