//! The machine that follows a script: events in, fates out. It has no clock and no socket.

use std::time::Duration;

use cns_apdu::Sw;
use cns_apdu::command::{Command, Form, Le};

use super::latency::Latency;
use super::script::{Action, Event, Moment, Removal, Rule, Script};

const GET_RESPONSE: u8 = 0xC0;

/// A script, and how far it has gone.
///
/// For each command that arrives: [`Faults::command`], then (unless it says otherwise) the card, then
/// [`Faults::response`].
#[derive(Clone, Debug, Default)]
pub struct Faults {
    script: Script,
    progress: Vec<Progress>,
    commands: u64,
    /// The answer to reset that the reader saw last.
    atr: Vec<u8>,
    /// Whether that is not the card's.
    other_atr: bool,
    /// Data that wait for GET RESPONSE, and the status word that comes with the last of them.
    held: Option<(Vec<u8>, [u8; 2])>,
    /// What [`Faults::command`] leaves for [`Faults::response`].
    exchange: Exchange,
    hits: Vec<Hit>,
}

/// How far a rule has gone.
#[derive(Clone, Debug, Default)]
struct Progress {
    seen: u64,
    /// Bytes of the exchanges that it is about.
    bytes: u64,
    fired: u64,
}

#[derive(Clone, Debug, Default)]
struct Exchange {
    delay: Duration,
    /// Indices of the rules that are due.
    due: Vec<usize>,
    /// Whether one of them has acted on the command.
    acted: bool,
}

/// A rule has acted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hit {
    /// Its name.
    pub rule: String,
}

/// What becomes of a command, or of a reset.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Arrival {
    /// The card gets it.
    Execute {
        /// The card's power blinks first.
        blink: bool,
    },
    /// The card does not get it; this is answered, and goes through [`Faults::response`].
    Answer(Vec<u8>),
    /// The card is pulled out before it gets it.
    Remove(Removal),
    /// The card says nothing for this time, and gets the command then; or says nothing for ever.
    Mute(Option<Duration>),
}

/// What becomes of a response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Departure {
    /// It leaves.
    Send,
    /// The card is pulled out when the first bytes of it have left.
    Remove {
        /// How many bytes of the response have left.
        sent: usize,
        /// What comes back, and when.
        removal: Removal,
    },
    /// The card says nothing for this time, and the response leaves then; or it never does.
    Mute(Option<Duration>),
}

const EXECUTE: Arrival = Arrival::Execute { blink: false };

impl Faults {
    /// The script from its beginning.
    pub fn new(script: Script) -> Self {
        Self {
            progress: vec![Progress::default(); script.rules.len()],
            script,
            ..Self::default()
        }
    }

    /// The script that is followed.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// Each rule's name, and how often it has acted.
    pub fn fired(&self) -> impl Iterator<Item = (&str, u64)> {
        let rules = self.script.rules.iter().zip(&self.progress);
        rules.map(|(rule, progress)| (rule.name.as_str(), progress.fired))
    }

    /// The rules that have acted since this was asked last.
    pub fn take_hits(&mut self) -> Vec<Hit> {
        std::mem::take(&mut self.hits)
    }

    /// Another model of the card's speed, or none.
    pub fn set_latency(&mut self, latency: Option<Latency>) {
        self.script.latency = latency;
    }

    /// The answer to reset that the reader sees in the place of the card's, if there is one.
    pub fn other_atr(&self) -> Option<&[u8]> {
        self.other_atr.then_some(self.atr.as_slice())
    }

    /// Power went off, or the card was pulled out.
    pub fn power_off(&mut self) {
        self.held = None;
        self.exchange = Exchange::default();
    }

    /// Power came on, or the reset contact was pulled; `atr` is the card's answer. Says what becomes
    /// of the answer, and after which time.
    pub fn reset(&mut self, atr: &[u8]) -> (Duration, Arrival) {
        self.power_off();
        (self.atr, self.other_atr) = (atr.to_vec(), false);
        let due = self.count(|event| *event == Event::Reset);
        let delay = self.delay(&due);
        for index in due {
            let Some(rule) = self.script.rules.get(index) else {
                continue;
            };
            let arrival = match &rule.action {
                Action::Remove { removal, .. } => Arrival::Remove(*removal),
                Action::Mute { lasts, .. } => Arrival::Mute(*lasts),
                Action::Atr(other) => {
                    (self.atr, self.other_atr) = (other.clone(), true);
                    EXECUTE
                }
                _ => continue,
            };
            self.hit(index);
            return (delay, arrival);
        }
        (delay, EXECUTE)
    }

    /// A command has arrived.
    pub fn command(&mut self, command: &[u8]) -> Arrival {
        self.commands += 1;
        let due = self
            .count(|event| matches!(event, Event::Command(pattern) if pattern.matches(command)));
        self.exchange.delay = self.delay(&due);
        let mut fate = None;
        for &index in &due {
            let byte = self.pass(index, command.len());
            if fate.is_none()
                && let Some(arrival) = self
                    .script
                    .rules
                    .get(index)
                    .and_then(|rule| arrival(rule, byte))
            {
                self.hit(index);
                fate = Some(arrival);
            }
        }
        self.exchange.acted = fate.is_some();
        self.exchange.due = due;
        match fate {
            Some(fate) => {
                self.held = None;
                fate
            }
            None => self.held_for(command).map_or(EXECUTE, Arrival::Answer),
        }
    }

    /// The card has answered. Changes the response if it is to be another one, and says what becomes
    /// of it after which time, that of the model included.
    pub fn response(&mut self, command: &[u8], response: &mut Vec<u8>) -> (Duration, Departure) {
        let exchange = std::mem::take(&mut self.exchange);
        let mut departure = Departure::Send;
        let mut acted = exchange.acted;
        for index in exchange.due {
            let byte = self.pass(index, response.len());
            if acted {
                continue;
            }
            let Some(Rule { action, .. }) = self.script.rules.get(index) else {
                continue;
            };
            let action = action.clone();
            acted = true;
            match action {
                Action::Remove { at, removal } => match (at, byte) {
                    (Moment::Answer, _) => departure = Departure::Remove { sent: 0, removal },
                    (_, Some(sent)) => departure = Departure::Remove { sent, removal },
                    _ => acted = false,
                },
                Action::Mute { at, lasts } => match (at, byte) {
                    (Moment::Answer, _) | (_, Some(_)) => departure = Departure::Mute(lasts),
                    _ => acted = false,
                },
                Action::Answer {
                    response: other, ..
                } => *response = other,
                Action::Truncate(length) => acted = truncate(response, length),
                Action::Corrupt(offset) => acted = corrupt(response, offset),
                Action::GetResponse => acted = self.hold(command, response),
                Action::WrongLe => acted = correct_length(command, response),
                Action::Delay(_) | Action::Blink | Action::Atr(_) => acted = false,
            }
            if acted {
                self.hit(index);
            }
        }
        let on_the_way = match &self.script.latency {
            Some(latency) => latency.exchange(&self.atr, command, response.len(), self.commands),
            None => Duration::ZERO,
        };
        (exchange.delay.saturating_add(on_the_way), departure)
    }

    /// Counts an event, and gives the rules that are due now.
    fn count(&mut self, matches: impl Fn(&Event) -> bool) -> Vec<usize> {
        let rules = self.script.rules.iter().zip(&mut self.progress);
        rules
            .enumerate()
            .filter(|(_, (rule, _))| matches(&rule.event))
            .filter_map(|(index, (rule, progress))| {
                progress.seen += 1;
                rule.occasion.includes(progress.seen).then_some(index)
            })
            .collect()
    }

    /// What the rules that are due add to the time.
    fn delay(&mut self, due: &[usize]) -> Duration {
        let mut sum = Duration::ZERO;
        for &index in due {
            if let Some(Action::Delay(delay)) =
                self.script.rules.get(index).map(|rule| &rule.action)
            {
                sum = sum.saturating_add(*delay);
                self.hit(index);
            }
        }
        sum
    }

    /// Lets bytes pass that a rule is about; if the byte that it waits for is among them, how many
    /// of them passed up to that one.
    fn pass(&mut self, index: usize, length: usize) -> Option<usize> {
        let action = &self.script.rules.get(index)?.action;
        let progress = self.progress.get_mut(index)?;
        let before = progress.bytes;
        progress.bytes = before.saturating_add(length as u64);
        let byte = match action {
            Action::Remove {
                at: Moment::Byte(byte),
                ..
            }
            | Action::Mute {
                at: Moment::Byte(byte),
                ..
            } => *byte,
            _ => return None,
        };
        let inside = before < byte && byte <= progress.bytes;
        inside.then(|| usize::try_from(byte - before).unwrap_or(length))
    }

    fn hit(&mut self, index: usize) {
        if let Some(progress) = self.progress.get_mut(index) {
            progress.fired += 1;
        }
        if let Some(rule) = self.script.rules.get(index) {
            let rule = rule.name.clone();
            self.hits.push(Hit { rule });
        }
    }

    /// Keeps the data of a response for GET RESPONSE, if there are any.
    fn hold(&mut self, command: &[u8], response: &mut Vec<u8>) -> bool {
        let Some((data, sw)) = response.split_last_chunk::<2>() else {
            return false;
        };
        if data.is_empty() || command.get(1) == Some(&GET_RESPONSE) {
            return false;
        }
        let more = Sw::more_data(data.len()).to_bytes();
        self.held = Some((data.to_vec(), *sw));
        *response = more.to_vec();
        true
    }

    /// The next of the data that were held back, if this is GET RESPONSE; any other command drops
    /// them.
    fn held_for(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let (mut data, sw) = self.held.take()?;
        let command = Command::parse(command).ok()?;
        if command.instruction != GET_RESPONSE {
            return None;
        }
        let wanted = match command.le {
            Le::Exact(length) => usize::from(length.get()),
            Le::Maximum | Le::Absent => 256,
        };
        if data.len() <= wanted {
            data.extend(sw);
            return Some(data);
        }
        let rest = data.split_off(wanted);
        data.extend(Sw::more_data(rest.len()).to_bytes());
        self.held = Some((rest, sw));
        Some(data)
    }
}

/// What a rule does before the card has seen the command, of which the byte that the rule waits for
/// may be one; none if it waits for the response.
fn arrival(rule: &Rule, byte: Option<usize>) -> Option<Arrival> {
    let now = |at: Moment| at == Moment::Command || byte.is_some();
    match &rule.action {
        Action::Remove { at, removal } if now(*at) => Some(Arrival::Remove(*removal)),
        Action::Mute { at, lasts } if now(*at) => Some(Arrival::Mute(*lasts)),
        Action::Answer { at, response } if now(*at) => Some(Arrival::Answer(response.clone())),
        Action::Blink => Some(Arrival::Execute { blink: true }),
        _ => None,
    }
}

fn truncate(response: &mut Vec<u8>, length: usize) -> bool {
    let shorter = length < response.len();
    response.truncate(length.max(1));
    shorter
}

fn corrupt(response: &mut [u8], offset: usize) -> bool {
    let data = response.len().saturating_sub(2);
    match response
        .get_mut(..data)
        .and_then(|data| data.get_mut(offset))
    {
        Some(byte) => {
            *byte ^= 1;
            true
        }
        None => false,
    }
}

/// Answers `6Cxx` in the place of fewer data than a short Le asks for.
fn correct_length(command: &[u8], response: &mut Vec<u8>) -> bool {
    let (Ok(command), data) = (Command::parse(command), response.len().saturating_sub(2)) else {
        return false;
    };
    let wanted = match command.le {
        Le::Exact(length) => usize::from(length.get()),
        Le::Maximum => 256,
        Le::Absent => 0,
    };
    let is_short = command.form == Form::Short && command.instruction != GET_RESPONSE;
    let (true, Ok(length @ 1..)) = (is_short && data < wanted, u8::try_from(data)) else {
        return false;
    };
    *response = vec![0x6C, length];
    true
}
