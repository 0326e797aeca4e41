//! What was said, as reports show it.
//!
//! PINs and PUKs are masked on every card. What stands in personal files is masked unless the suite
//! made the card: then nobody's data are on it.

use cns_apdu::words::{self, Conversation, Secrets};
use cns_apdu::{Command, Response};

use super::mask;
use super::model::ExchangeEntry;
use crate::case::Finding;
use crate::runner::Exchange;

/// The exchanges of a case, and what of them is hidden.
pub(super) struct Transcript {
    pub(super) exchanges: Vec<ExchangeEntry>,
    hidden: Vec<u8>,
}

impl Transcript {
    /// What was said to a card, which is `synthetic` if the suite made it.
    pub(super) fn of(exchanges: &[Exchange], synthetic: bool) -> Self {
        let mut masked = Conversation::new(Secrets::Masked);
        let mut open = Conversation::new(Secrets::Shown);
        let mut hidden = Vec::new();
        let exchanges = exchanges
            .iter()
            .map(|exchange| {
                let Exchange { command, response } = exchange;
                let commands = [masked.command(command), open.command(command)];
                let responses = [masked.response(response), open.response(response)];
                let [command_line, response_line] = match synthetic {
                    true => [
                        chosen(commands, !is_secret(command)),
                        chosen(responses, true),
                    ],
                    false => [chosen(commands, false), chosen(responses, false)],
                };
                hide(&mut hidden, command, &command_line);
                hide(&mut hidden, response, &response_line);
                entry(&command_line, &response_line, response)
            })
            .collect();
        Self { exchanges, hidden }
    }

    /// The finding without what the transcript hides.
    pub(super) fn finding(&self, finding: &Finding) -> Finding {
        Finding {
            expected: self.text(&finding.expected),
            seen: self.text(&finding.seen),
            exchange: finding.exchange,
        }
    }

    /// A text without what the transcript hides.
    pub(super) fn text(&self, text: &str) -> String {
        mask::without(text, &self.hidden)
    }
}

fn chosen([masked, open]: [String; 2], is_open: bool) -> String {
    match is_open {
        true => open,
        false => masked,
    }
}

/// Whether a command has a secret in it. One that is malformed may have one as well.
fn is_secret(command: &[u8]) -> bool {
    match Command::parse(command) {
        Ok(command) => words::is_secret(&command),
        Err(_) => matches!(command.get(1), Some(0x20 | 0x24 | 0x2C | 0xDA | 0xDB)),
    }
}

fn hide(hidden: &mut Vec<u8>, bytes: &[u8], shown: &str) {
    if shown.contains("**") || shown.contains("...") {
        hidden.extend(bytes.iter().skip(5 * usize::from(is_header(bytes, shown))));
    }
}

/// A command's header is always shown; only what follows it is hidden.
fn is_header(bytes: &[u8], shown: &str) -> bool {
    let header = bytes.get(..4).map(cns_apdu::hex::encode);
    header.is_some_and(|header| shown.starts_with(&header))
}

fn entry(command_line: &str, response_line: &str, response: &[u8]) -> ExchangeEntry {
    let split = |line: &str| match line.split_once("  ") {
        Some((bytes, words)) => (bytes.to_owned(), words.to_owned()),
        None => (line.to_owned(), String::new()),
    };
    let (command, command_words) = split(command_line);
    let (shown, response_words) = split(response_line);
    let parsed = Response::parse(response);
    ExchangeEntry {
        command,
        command_words,
        response: shown,
        response_words,
        sw: parsed.map_or_else(String::new, |parsed| format!("{:04X}", parsed.sw.0)),
        length: parsed.map_or(response.len(), |parsed| parsed.data.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchanges() -> Vec<Exchange> {
        let exchange = |command: &[u8], response: &[u8]| Exchange {
            command: command.to_vec(),
            response: response.to_vec(),
        };
        let select = [0x00, 0xA4, 0x08, 0x0C, 0x04, 0x11, 0x00, 0x11, 0x02];
        let verify = *b"\x00\x20\x00\x10\x0812345\xFF\xFF\xFF";
        vec![
            exchange(&select, &[0x90, 0x00]),
            exchange(&[0x00, 0xB0, 0x00, 0x00, 0x08], b"ROSSI  X\x90\x00"),
            exchange(&verify, &[0x90, 0x00]),
            exchange(b"\x00\x20\x00\x10\x0912345\xFF", &[0x67, 0x00]),
        ]
    }

    #[test]
    fn a_pin_is_shown_of_no_card_and_personal_data_of_no_real_one() {
        for synthetic in [true, false] {
            let transcript = Transcript::of(&exchanges(), synthetic);
            let text = format!("{:?}", transcript.exchanges);
            assert!(!text.contains("31 32 33 34 35"), "{text}");
            assert_eq!(text.contains("52 4F 53 53 49"), synthetic, "{text}");
            assert_eq!(transcript.text("PIN 12345"), "PIN **");
            let seen = transcript.text("the surname is ROSSI");
            assert_eq!(seen.contains("ROSSI"), synthetic, "{seen}");
        }
    }

    #[test]
    fn status_word_and_length_stand_beside_the_words() {
        let transcript = Transcript::of(&exchanges(), false);
        let shown: Vec<(&str, usize)> = transcript
            .exchanges
            .iter()
            .map(|entry| (entry.sw.as_str(), entry.length))
            .collect();
        assert_eq!(shown, [("9000", 0), ("9000", 8), ("9000", 0), ("6700", 0)]);
    }
}
