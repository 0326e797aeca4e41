//! A script of faults as plain data.

use std::time::Duration;

use super::latency::Latency;
use super::pattern::Pattern;

/// What is to go wrong with a card in its reader. The default is a script in which nothing does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// What it is for, for people.
    pub description: String,
    /// The rules, tried in this order. Every rule that matches counts, and the delays of all that
    /// are due add up. Of the other actions one is taken: the first that acts before the card has
    /// seen the command, or else the first that changes what becomes of the response.
    pub rules: Vec<Rule>,
    /// How long the card takes when nothing goes wrong.
    pub latency: Option<Latency>,
}

/// One rule: when, and what then.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it is called in the journal and in the state of a slot.
    pub name: String,
    /// What it waits for.
    pub event: Event,
    /// How often that may happen.
    pub occasion: Occasion,
    /// What happens then.
    pub action: Action,
}

impl Rule {
    /// A rule for all commands that match.
    pub fn on_command(name: &str, command: Pattern, occasion: Occasion, action: Action) -> Self {
        Self {
            name: name.to_owned(),
            event: Event::Command(command),
            occasion,
            action,
        }
    }
}

/// What a rule waits for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// A command APDU of this pattern.
    Command(Pattern),
    /// The card is about to answer to reset: power came on, or the reset contact was pulled.
    Reset,
}

/// Which of the matching events a rule is about, counted from 1 since the script was loaded. A
/// removal does not begin the count anew: whoever inserts the card again goes on where he was.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Occasion {
    /// All.
    #[default]
    Each,
    /// This one alone.
    Nth(u64),
    /// This one and all that follow.
    From(u64),
}

impl Occasion {
    /// Whether the event with this number is meant.
    pub fn includes(self, number: u64) -> bool {
        match self {
            Self::Each => true,
            Self::Nth(nth) => number == nth,
            Self::From(first) => first <= number,
        }
    }
}

/// What goes wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// The card is pulled out.
    Remove {
        /// When in the exchange.
        at: Moment,
        /// What comes back, and when.
        removal: Removal,
    },
    /// The card says nothing any more: to nothing at all, the question for its ATR included.
    Mute {
        /// When in the exchange. After a mute of limited time the exchange goes on from there.
        at: Moment,
        /// How long; without a limit until it is pulled or other faults are set.
        lasts: Option<Duration>,
    },
    /// The card takes this much longer.
    Delay(Duration),
    /// Another answer than the card's, whole: a status word, or rubbish.
    Answer {
        /// Whether the card does what it was told: not if the moment is [`Moment::Command`].
        at: Moment,
        /// The answer. Not empty: an empty one is no answer.
        response: Vec<u8>,
    },
    /// The answer ends after this many bytes; at least one.
    Truncate(usize),
    /// One byte of the answer's data is another: the one at this offset, with its last bit turned.
    /// An answer whose data are not that long stays as it is.
    Corrupt(usize),
    /// The card's power blinks before it sees the command: it forgets what it was doing and which
    /// PINs were proven, and the reader is not told.
    Blink,
    /// An answer with data becomes `61xx`, and the data wait for GET RESPONSE, as with T=0
    /// (ISO 7816-3 §12.2.1, case 4).
    GetResponse,
    /// A short Le that asks for more than there is becomes `6Cxx`, as with T=0 (§12.2.1, case 2); the
    /// card has done what it was told all the same, and does it again when asked again.
    WrongLe,
    /// Another answer to reset, until the next reset. For [`Event::Reset`].
    Atr(Vec<u8>),
}

/// A place in an exchange.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Moment {
    /// Before the card has seen the command: it does not happen.
    #[default]
    Command,
    /// After the card has done what the command says: the answer alone is lost.
    Answer,
    /// When this byte has passed the contacts, counted from 1 over all exchanges that the rule is
    /// about, command and response each. A byte within a command or its last: the card does not do
    /// it. A byte within a response: the card has done it, and the bytes up to this one leave.
    Byte(u64),
}

/// A card pulled out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Removal {
    /// What happens to the empty reader.
    pub then: Return,
    /// The spare card comes instead, if there is one.
    pub swap: bool,
}

/// How an empty reader gets a card again.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Return {
    /// When somebody inserts it.
    #[default]
    WhenInserted,
    /// By itself after this time, or after [`EMPTY_MIN`](crate::slot::EMPTY_MIN) if that is longer.
    After(Duration),
}
