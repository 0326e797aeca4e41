//! An exchange in plain words, for logs and for people. The one place where APDUs become text, so
//! the one place that masks what must not be read there: PINs, PUKs and keys.

pub mod access;

mod answer;
mod content;
mod conversation;

pub use conversation::Conversation;

use crate::command::{Command, Le};
use crate::hex;
use crate::names;
use crate::tlv::{self, Tag};

/// Whether secrets are shown: PINs, PUKs and keys, what a key has deciphered, and what stands in
/// files that are not known to hold nothing personal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Secrets {
    /// As `**`, one for each byte.
    Masked,
    /// As they are. For bytes that the reader of the text has typed in himself.
    Shown,
}

/// What a command is called that has no name.
pub const UNKNOWN_COMMAND: &str = "unknown command";

/// The name of an instruction as ISO 7816 (or, for the vendor classes, the CNS specification)
/// has it; [`UNKNOWN_COMMAND`] otherwise.
pub fn name(command: &Command<'_>) -> &'static str {
    match (
        command.class.unchained().0,
        command.instruction,
        command.p1,
        command.p2,
    ) {
        (0x80, 0x86, ..) => "GIVE RANDOM",
        (0x90, 0x24, ..) => "CHANGE KEY DATA",
        (_, 0x0E, ..) => "ERASE BINARY",
        (_, 0x20, ..) => "VERIFY",
        (_, 0x22, 0xF3, _) => "MSE RESTORE",
        (_, 0x22, ..) => "MSE SET",
        (_, 0x24, ..) => "CHANGE REFERENCE DATA",
        (_, 0x2A, 0x80, 0x86) => "PSO DECIPHER",
        (_, 0x2A, 0x86, 0x80) => "PSO ENCIPHER",
        (_, 0x2A, 0x9E, 0x9A) => "PSO COMPUTE DIGITAL SIGNATURE",
        (_, 0x2A, ..) => "PERFORM SECURITY OPERATION",
        (_, 0x2C, ..) => "RESET RETRY COUNTER",
        (_, 0x44, ..) => "ACTIVATE FILE",
        (_, 0x04, ..) => "DEACTIVATE FILE",
        (_, 0x46, ..) => "GENERATE KEY PAIR",
        (_, 0x82, ..) => "EXTERNAL AUTHENTICATE",
        (_, 0x84, ..) => "GET CHALLENGE",
        (_, 0x88, ..) => "INTERNAL AUTHENTICATE",
        (_, 0xA4, ..) => "SELECT",
        (_, 0xB0 | 0xB1, ..) => "READ BINARY",
        (_, 0xB2, ..) => "READ RECORD",
        (_, 0xC0, ..) => "GET RESPONSE",
        (_, 0xC2, ..) => "ENVELOPE",
        (_, 0xCA | 0xCB, ..) => "GET DATA",
        (_, 0xD6 | 0xD7, ..) => "UPDATE BINARY",
        (_, 0xDA | 0xDB, ..) => "PUT DATA",
        (_, 0xDC, ..) => "UPDATE RECORD",
        (_, 0xE0, ..) => "CREATE FILE",
        (_, 0xE2, ..) => "APPEND RECORD",
        (_, 0xE4, ..) => "DELETE FILE",
        _ => UNKNOWN_COMMAND,
    }
}

/// Whether the data field of this command is a secret.
pub fn is_secret(command: &Command<'_>) -> bool {
    matches!(command.instruction, 0x20 | 0x24 | 0x2C | 0xDA | 0xDB)
}

/// A command by itself on one line: its bytes, then what they say.
pub fn command_line(bytes: &[u8], secrets: Secrets) -> String {
    Conversation::new(secrets).command(bytes)
}

/// What a command says: name, the sense of P1 and P2, the data.
pub fn describe(command: &Command<'_>) -> String {
    let detail = match name(command) {
        "SELECT" => select(command),
        "READ BINARY" | "UPDATE BINARY" => {
            format!(
                " at offset {}",
                u16::from_be_bytes([command.p1, command.p2])
            )
        }
        "READ RECORD" => format!(" {}", command.p1),
        "VERIFY" if command.data.is_empty() => {
            format!(
                " {}, no data: asks for the tries left",
                reference(command.p2)
            )
        }
        "VERIFY" | "CHANGE REFERENCE DATA" | "RESET RETRY COUNTER" => {
            format!(" {}", reference(command.p2))
        }
        "MSE RESTORE" => format!(" security environment {:02X}", command.p2),
        "MSE SET" => mse_set(command),
        "PSO DECIPHER" | "PSO COMPUTE DIGITAL SIGNATURE" => {
            format!(", {} bytes", command.data.len())
        }
        _ => String::new(),
    };
    format!("{}{detail}{}", name(command), expectations(command))
}

/// What follows the detail of every command: what it expects, and whether it is complete.
fn expectations(command: &Command<'_>) -> String {
    let le = match command.le {
        Le::Absent => String::new(),
        Le::Maximum => ", all bytes expected".into(),
        Le::Exact(n) if n.get() == 1 => ", 1 byte expected".into(),
        Le::Exact(n) => format!(", {n} bytes expected"),
    };
    match command.class.is_chained() {
        true => le + ", more to follow (chained)",
        false => le,
    }
}

fn select(command: &Command<'_>) -> String {
    let target = hex::encode(command.data).replace(' ', "");
    let called = match command.p1 {
        0x04 => names::application(command.data).map(|name| format!(" ({name})")),
        _ => None,
    };
    let called = called.unwrap_or_default();
    let how = match (command.p1, command.data) {
        (0x00, []) => return " the master file".into(),
        (0x03, _) => return " the parent folder".into(),
        (_, []) => return " nothing".into(),
        (0x00, _) => "file",
        (0x02, _) => "file under the current folder",
        (0x04, _) => "application",
        (0x08, _) => "path from the master file",
        (0x09, _) => "path from the current folder",
        _ => "by an unknown method",
    };
    format!(" {how} {target}{called}")
}

fn reference(p2: u8) -> String {
    let scope = if p2 & 0x80 != 0 {
        " (from the current folder up)"
    } else {
        ""
    };
    object(p2 & 0x1F) + scope
}

/// A PIN, PUK or key by its identifier: 10 and 11 mean the same on every CNS.
fn object(id: u8) -> String {
    match id {
        0x10 => "PIN 10".into(),
        0x11 => "PUK 11".into(),
        id => format!("object {id:02X}"),
    }
}

fn mse_set(command: &Command<'_>) -> String {
    let template = match command.p2 {
        0xB8 => "decipher".into(),
        0xB6 => "sign".into(),
        0xA4 => "authenticate".into(),
        other => format!("template {other:02X}"),
    };
    let key = tlv::find(command.data, Tag(0x83)).or_else(|| tlv::find(command.data, Tag(0x84)));
    let key = key
        .map(|id| format!(" with key {}", hex::encode(id)))
        .unwrap_or_default();
    format!(" to {template}{key}")
}
