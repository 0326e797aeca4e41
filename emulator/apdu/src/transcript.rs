//! Lines in which people and programs write down what was said: `>` before a command, `<` before a
//! response.
//!
//! ```text
//! > 00 A4 00 00 02 3F 00                               a command; spaces are optional
//! < 6A82                                               its response
//! < 16 9000                                            or its length and status word alone
//!     12.345 ms > 00 20 00 10 04 ** ** ** **  VERIFY   a journal's line: a time before, words after
//! ```
//! A byte that was masked is `**`.

use crate::hex;
use crate::status::Sw;

/// A line that says something.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line<'a> {
    /// What stands before the mark.
    pub before: &'a str,
    /// What was said.
    pub said: Said,
}

/// What was said, and by whom.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Said {
    /// The host: a command APDU.
    Command(Recorded),
    /// The card: a response APDU.
    Response(Recorded),
    /// The card, of whose answer only this was kept.
    Outcome {
        /// Bytes of data.
        length: usize,
        /// The status word.
        sw: Sw,
    },
}

/// Bytes, some of which may have been masked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Recorded {
    /// As many bytes as there were; 00 for those that were masked.
    pub bytes: Vec<u8>,
    /// Whether any was masked.
    pub is_masked: bool,
}

impl<'a> Line<'a> {
    /// Reads a line; none when it says nothing in this form.
    pub fn parse(line: &'a str) -> Option<Self> {
        let position = line.find(['>', '<'])?;
        let (before, marked) = line.split_at_checked(position)?;
        let (mark, rest) = marked.split_at_checked(1)?;
        let said = match mark {
            ">" => Said::Command(bytes(rest)?),
            _ => outcome(rest).or_else(|| bytes(rest).map(Said::Response))?,
        };
        Some(Self { before, said })
    }
}

fn bytes(text: &str) -> Option<Recorded> {
    // Recorders put a bar before the status word and a remark in brackets behind it.
    let text = text.split('(').next().unwrap_or(text).replace('|', " ");
    let text = text.trim();
    recorded(text).or_else(|| recorded(text.split("  ").next()?))
}

fn recorded(text: &str) -> Option<Recorded> {
    let bytes = hex::decode(&text.replace('*', "0")).filter(|bytes| !bytes.is_empty())?;
    let is_masked = text.contains('*');
    Some(Recorded { bytes, is_masked })
}

/// The most data that a response carries.
const LENGTH_MAX: usize = 65_536;

/// `16 9000`. Bytes that look like this are taken for it: recorders that write bytes put a gap
/// between all of them, or a bar before the status word.
fn outcome(text: &str) -> Option<Said> {
    let (length, sw) = text.trim().split_once(' ')?;
    let sw = Some(sw).filter(|sw| sw.len() == 4)?;
    let is_decimal = length == "0" || !length.starts_with('0');
    let length = length.parse().ok().filter(|_| is_decimal)?;
    if LENGTH_MAX < length {
        return None;
    }
    let sw = u16::from_str_radix(sw, 16).ok()?;
    Some(Said::Outcome { length, sw: Sw(sw) })
}
