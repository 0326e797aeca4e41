//! Both sides of a conversation in plain words, each line in the light of those before it.

use super::answer::{self, Answer};
use super::{Secrets, content, expectations, is_secret, name};
use crate::command::{Command, Form, Le};
use crate::context::{Context, Place};
use crate::hex;
use crate::response::Response;
use crate::status::Sw;

/// What was said so far, as far as it explains what is said next.
///
/// Feed it every command and every response, in their order, and the resets between them.
///
/// ```
/// use cns_apdu::words::{Conversation, Secrets};
///
/// let mut conversation = Conversation::new(Secrets::Masked);
/// conversation.command(&[0x00, 0x20, 0x00, 0x10]);
/// assert_eq!(conversation.response(&[0x63, 0xC2]), "63 C2  2 tries left");
/// ```
#[derive(Clone, Debug)]
pub struct Conversation {
    secrets: Secrets,
    context: Context,
    /// The last command, if it was one.
    last: Option<Vec<u8>>,
    /// What the next response is about: the last command, or the one whose answer it fetches.
    subject: Option<Subject>,
    /// How the data began whose other parts follow in a chain.
    chain_head: Option<Vec<u8>>,
}

/// The command that a response belongs to.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The whole command, which parses.
    command: Vec<u8>,
    /// The file that it is about, if it is about one.
    pub(super) place: Option<Place>,
    /// Whether a private key is asked to sign: a padded block for a signature goes in.
    pub(super) signs: bool,
}

impl Conversation {
    /// A conversation that begins with a reset card.
    pub fn new(secrets: Secrets) -> Self {
        Self {
            secrets,
            context: Context::new(),
            last: None,
            subject: None,
            chain_head: None,
        }
    }

    /// The card was reset, or is another one.
    pub fn reset(&mut self) {
        *self = Self::new(self.secrets);
    }

    /// The command on one line: its bytes, then what they say.
    pub fn command(&mut self, bytes: &[u8]) -> String {
        match Command::parse(bytes) {
            Ok(command) => {
                let words = self.describe(&command);
                let shown = self.command_hex(&command, bytes);
                self.remember(&command, bytes);
                format!("{shown}  {words}")
            }
            Err(error) => {
                self.last = None;
                self.subject = None;
                self.chain_head = None;
                // Malformed bytes may hold a PIN as well: only the header is shown.
                let shown = match self.secrets {
                    Secrets::Masked => {
                        let header = bytes.get(..4).unwrap_or(bytes);
                        format!("{} ...", hex::encode(header))
                    }
                    Secrets::Shown => hex::encode(bytes),
                };
                format!("{shown}  no command APDU: {error}")
            }
        }
    }

    /// The response on one line: its bytes, then what they say as an answer to the last command.
    pub fn response(&mut self, bytes: &[u8]) -> String {
        let Some(response) = Response::parse(bytes) else {
            let shown = hex::encode(bytes);
            return format!("{shown}  no response APDU: SW1 SW2 are missing");
        };
        let is_shown = self.secrets == Secrets::Shown || self.is_harmless(response.data);
        let words = self.explain(Answer {
            sw: response.sw,
            length: response.data.len(),
            data: is_shown.then_some(response.data),
        });
        self.answered(response);
        let sw = hex::encode(&response.sw.to_bytes());
        match (response.data, is_shown) {
            ([], _) => format!("{sw}  {words}"),
            (data, true) => format!("{} {sw}  {words}", hex::encode(data)),
            (data, false) => format!("{} {sw}  {words}", mask(data.len())),
        }
    }

    /// A response of which a recorder kept the length of the data and the status word.
    pub fn recorded_response(&mut self, length: usize, sw: Sw) -> String {
        let words = self.explain(Answer {
            sw,
            length,
            data: None,
        });
        self.answered(Response { data: &[], sw });
        format!("{length} {sw}  {words}")
    }

    fn describe(&self, command: &Command<'_>) -> String {
        let Some(place) = self.context.place(command) else {
            return super::describe(command);
        };
        let detail = match (name(command), place.known()) {
            ("SELECT", Some(known)) => format!("{place} {}", known.name),
            ("SELECT", None) => match place.application.is_some() && place.ids.is_empty() {
                true => return super::describe(command),
                false => place.to_string(),
            },
            ("READ BINARY" | "UPDATE BINARY", _) => format!(
                "{} at offset {}",
                place.label(),
                u16::from_be_bytes([command.p1, command.p2])
            ),
            ("READ RECORD" | "UPDATE RECORD", _) => {
                format!("{} of {}", command.p1, place.label())
            }
            _ => place.label(),
        };
        format!("{} {detail}{}", name(command), expectations(command))
    }

    fn command_hex(&self, command: &Command<'_>, bytes: &[u8]) -> String {
        let writes = matches!(command.instruction, 0xD6 | 0xD7 | 0xDC | 0xE2);
        let is_personal = writes && !self.is_technical(self.context.place(command).as_ref());
        let is_shown = self.secrets == Secrets::Shown || !(is_secret(command) || is_personal);
        if is_shown || command.data.is_empty() {
            return hex::encode(bytes);
        }
        // The data field ends where Le begins; what surrounds it stays readable.
        let head = bytes
            .len()
            .saturating_sub(command.data.len() + le_length(command));
        let (before, rest) = bytes.split_at(head);
        let tail = rest.get(command.data.len()..).unwrap_or_default();
        [
            hex::encode(before),
            mask(command.data.len()),
            hex::encode(tail),
        ]
        .join(" ")
        .trim_end()
        .to_owned()
    }

    fn remember(&mut self, command: &Command<'_>, bytes: &[u8]) {
        self.last = Some(bytes.to_vec());
        // GET RESPONSE fetches more of an answer: the subject stays.
        if command.instruction == 0xC0 && self.subject.is_some() {
            return;
        }
        let head = self.chain_head.take();
        let beginning = head.as_deref().unwrap_or(command.data);
        let signs = is_signature_input(command, beginning);
        if command.class.is_chained() {
            let kept = beginning.get(..4).unwrap_or(beginning);
            self.chain_head = Some(kept.to_vec());
        }
        self.subject = Some(Subject {
            command: bytes.to_vec(),
            place: self.context.place(command),
            signs,
        });
    }

    fn explain(&self, answer: Answer<'_>) -> String {
        let known = self.subject.as_ref().and_then(|subject| {
            let command = Command::parse(&subject.command).ok()?;
            answer::to(subject, &command, answer)
        });
        known.unwrap_or_else(|| answer::alone(answer))
    }

    fn answered(&mut self, response: Response<'_>) {
        let last = self.last.take();
        if let Some(Ok(command)) = last.as_deref().map(Command::parse) {
            self.context.answered(&command, response);
        }
        // The subject of an answer that is not complete is asked about again.
        if response.sw.0 >> 8 != 0x61 {
            self.subject = None;
        }
    }

    /// Whether these response data may be shown to anybody.
    fn is_harmless(&self, data: &[u8]) -> bool {
        if content::is_blank(data) {
            return true;
        }
        let Some(subject) = &self.subject else {
            // Bytes by themselves were given by whoever reads the words.
            return true;
        };
        match subject.command.get(1) {
            Some(0xB0..=0xB3) => self.is_technical(subject.place.as_ref()),
            Some(0xA4 | 0x84) => true,
            // What was deciphered is somebody's secret, and a signature looks just like it; what
            // other commands answer is not known to be harmless.
            _ => false,
        }
    }

    fn is_technical(&self, place: Option<&Place>) -> bool {
        place.is_some_and(Place::is_technical)
    }
}

/// A block for a PKCS #1 signature, 00 01 FF.., behind the padding indicator of DECIPHER.
fn is_signature_input(command: &Command<'_>, beginning: &[u8]) -> bool {
    match (command.instruction, command.p1, command.p2) {
        (0x2A, 0x9E, 0x9A) => true,
        (0x2A, 0x80, 0x86) => matches!(beginning, [_, 0x00, 0x01, 0xFF, ..]),
        _ => false,
    }
}

fn mask(length: usize) -> String {
    vec!["**"; length].join(" ")
}

fn le_length(command: &Command<'_>) -> usize {
    match (command.le, command.form) {
        (Le::Absent, _) => 0,
        (_, Form::Extended) => 2,
        _ => 1,
    }
}
