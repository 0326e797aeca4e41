//! What becomes of a message, settled when it is sent.

use time::{Duration, OffsetDateTime};

use super::{Fault, Message, MessageState};
use crate::desk::{Channel, Contact};

/// A message and all its journeys: one, and one more each time that it is sent again.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) message: Message,
    pub(super) journeys: Vec<Journey>,
    reported: MessageState,
}

/// One try to bring a message.
#[derive(Debug)]
pub(super) struct Journey {
    pub(super) begun: OffsetDateTime,
    pub(super) arrivals: Vec<Arrival>,
    bounces: Option<OffsetDateTime>,
}

/// A copy of a message in somebody's hands.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) at: OffsetDateTime,
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
            message,
            journeys: vec![journey],
            reported: MessageState::Queued,
        }
    }

    pub(super) fn again(&mut self, to: Contact, journey: Journey) {
        self.message.to = to;
        self.journeys.push(journey);
        self.reported = MessageState::Queued;
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
