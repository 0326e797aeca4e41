//! What goes wrong with the post.

use serde::{Deserialize, Serialize};
use time::Duration;

use crate::desk::{Channel, Contact};
use crate::text_form;

/// What becomes of a message.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// It never arrives, and nobody says so.
    Lost,
    /// It arrives, so much later than usual.
    Late(Duration),
    /// It arrives twice: the second copy a minute after the first.
    Twice,
    /// It comes back.
    Bounced,
    /// It arrives at the addressee of the next message of the same channel, and that one at its
    /// addressee. Without such a message before it arrives, nothing happens.
    Swapped,
    /// It arrives with one digit wrong.
    Garbled {
        /// Which digit, counted from 0.
        digit: usize,
    },
}

/// A fault that waits for messages.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxFault {
    /// What becomes of them.
    pub fault: Fault,
    /// Only those of this channel.
    pub channel: Option<Channel>,
    /// Only those to this contact.
    #[serde(with = "text_form::option")]
    pub to: Option<Contact>,
    /// How many of them.
    pub times: u32,
}

impl OutboxFault {
    /// Something that goes wrong with the next message, whichever it is.
    pub fn next(fault: Fault) -> Self {
        Self {
            fault,
            channel: None,
            to: None,
            times: 1,
        }
    }

    fn waits_for(&self, to: &Contact) -> bool {
        self.channel.is_none_or(|channel| channel == to.channel())
            && self.to.as_ref().is_none_or(|contact| contact == to)
    }
}

/// The first fault that waits for a message to this contact, which has happened now.
pub(super) fn take(faults: &mut Vec<OutboxFault>, to: &Contact) -> Option<Fault> {
    faults.retain(|fault| fault.times != 0);
    let waiting = faults.iter_mut().find(|fault| fault.waits_for(to))?;
    waiting.times -= 1;
    Some(waiting.fault)
}
