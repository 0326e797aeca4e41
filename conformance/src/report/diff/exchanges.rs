//! Two conversations, answer by answer, up to the first command that is another one.

use serde::Serialize;

use crate::report::model::ExchangeEntry;

/// A place where two conversations differ.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ExchangeDifference {
    /// The same command was answered with another status word, or with more or fewer bytes.
    Answer {
        /// The exchange, counted from 1.
        number: usize,
        /// The command, in hexadecimal.
        command: String,
        /// The command in words.
        command_words: String,
        /// What the first answered.
        a: Answered,
        /// What the second answered.
        b: Answered,
    },
    /// From here on something else was said, or nothing more.
    Parted {
        /// The exchange, counted from 1.
        number: usize,
        /// The command of the first, with its words.
        a: Option<String>,
        /// The command of the second, with its words.
        b: Option<String>,
    },
}

/// An answer, as far as it is compared.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Answered {
    /// The status word, four digits; nothing if there was none.
    pub sw: String,
    /// How many bytes of data came before it.
    pub length: usize,
    /// The answer in words.
    pub words: String,
}

/// Where they differ.
pub(super) fn compare(a: &[ExchangeEntry], b: &[ExchangeEntry]) -> Vec<ExchangeDifference> {
    let mut differences = Vec::new();
    for index in 0..a.len().max(b.len()) {
        let number = index + 1;
        let (one, other) = (a.get(index), b.get(index));
        let (Some(one), Some(other)) = (one, other) else {
            differences.push(parted(number, one, other));
            break;
        };
        if !is_same_command(&one.command, &other.command) {
            differences.push(parted(number, Some(one), Some(other)));
            break;
        }
        if (&one.sw, one.length) != (&other.sw, other.length) {
            differences.push(ExchangeDifference::Answer {
                number,
                command: one.command.clone(),
                command_words: one.command_words.clone(),
                a: Answered::of(one),
                b: Answered::of(other),
            });
        }
    }
    differences
}

fn parted(
    number: usize,
    a: Option<&ExchangeEntry>,
    b: Option<&ExchangeEntry>,
) -> ExchangeDifference {
    let said = |it: &ExchangeEntry| format!("{}  {}", it.command, it.command_words);
    ExchangeDifference::Parted {
        number,
        a: a.map(said),
        b: b.map(said),
    }
}

/// Whether two commands are the same, as far as they are shown: `**` is any byte, `...` any number of
/// them.
fn is_same_command(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.split(' '), other.split(' '));
    loop {
        match (one.next(), other.next()) {
            (None, None) | (Some("..."), _) | (_, Some("...")) => return true,
            (Some(a), Some(b)) if a == b || a == "**" || b == "**" => {}
            _ => return false,
        }
    }
}

impl Answered {
    fn of(exchange: &ExchangeEntry) -> Self {
        Self {
            sw: exchange.sw.clone(),
            length: exchange.length,
            words: exchange.response_words.clone(),
        }
    }
}

#[test]
fn a_hidden_byte_is_any_byte() {
    let check = |one: &str, other: &str, expected: bool| {
        assert_eq!(is_same_command(one, other), expected, "{one} | {other}");
        assert_eq!(is_same_command(other, one), expected, "{other} | {one}");
    };
    check("00 20 00 10", "00 20 00 10", true);
    check("00 20 00 10 08 ** **", "00 20 00 10 08 31 32", true);
    check("00 20 00 10 ...", "00 20 00 10 08 31 32", true);
    check("00 20 00 10 08 ** **", "00 20 00 10 08 **", false);
    check("00 20 00 10", "00 20 00 11", false);
    check("00 20 00 10", "00 20 00 10 00", false);
}
