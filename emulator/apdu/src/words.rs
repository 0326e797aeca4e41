//! An exchange in plain words, for logs and for people. The one place where APDUs become text, so
//! the one place that masks what must not be read there: PINs, PUKs and keys.

use crate::command::{Command, Le};
use crate::hex;
use crate::response::Response;
use crate::tlv::{self, Tag};

/// Whether secrets in a command's data field are shown.
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

/// The command on one line: its bytes, then what they say.
pub fn command_line(bytes: &[u8], secrets: Secrets) -> String {
    match Command::parse(bytes) {
        Ok(command) => {
            format!(
                "{}  {}",
                command_hex(&command, bytes, secrets),
                describe(&command)
            )
        }
        // Malformed bytes may hold a PIN as well: only the header is shown.
        Err(error) if secrets == Secrets::Masked => {
            let header = bytes.get(..4).unwrap_or(bytes);
            format!("{} ...  no command APDU: {error}", hex::encode(header))
        }
        Err(error) => format!("{}  no command APDU: {error}", hex::encode(bytes)),
    }
}

/// The response on one line: its bytes, then what its status word says.
pub fn response_line(bytes: &[u8]) -> String {
    match Response::parse(bytes) {
        Some(Response { data: [], sw }) => format!("{}  {}", hex::encode(bytes), sw.meaning()),
        Some(Response { data, sw }) => {
            let [sw1, sw2] = sw.to_bytes();
            let plural = if data.len() == 1 { "byte" } else { "bytes" };
            format!(
                "{} {}  {} {plural}, {}",
                hex::encode(data),
                hex::encode(&[sw1, sw2]),
                data.len(),
                sw.meaning()
            )
        }
        None => format!(
            "{}  no response APDU: SW1 SW2 are missing",
            hex::encode(bytes)
        ),
    }
}

/// What a command says: name, the sense of P1 and P2, the data.
pub fn describe(command: &Command<'_>) -> String {
    let chained = if command.class.is_chained() {
        ", more to follow (chained)"
    } else {
        ""
    };
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
    let le = match command.le {
        Le::Absent => String::new(),
        Le::Maximum => ", all bytes expected".into(),
        Le::Exact(n) => format!(", {n} bytes expected"),
    };
    format!("{}{detail}{le}{chained}", name(command))
}

fn command_hex(command: &Command<'_>, bytes: &[u8], secrets: Secrets) -> String {
    if secrets == Secrets::Shown || !is_secret(command) || command.data.is_empty() {
        return hex::encode(bytes);
    }
    // The data field ends where Le begins; what surrounds it stays readable.
    let head = bytes
        .len()
        .saturating_sub(command.data.len() + le_length(command));
    let (before, rest) = bytes.split_at(head);
    let tail = rest.get(command.data.len()..).unwrap_or_default();
    let mask = vec!["**"; command.data.len()].join(" ");
    [hex::encode(before), mask, hex::encode(tail)]
        .join(" ")
        .trim_end()
        .to_owned()
}

fn le_length(command: &Command<'_>) -> usize {
    match (command.le, command.form) {
        (Le::Absent, _) => 0,
        (_, crate::command::Form::Extended) => 2,
        _ => 1,
    }
}

fn select(command: &Command<'_>) -> String {
    let target = hex::encode(command.data).replace(' ', "");
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
    format!(" {how} {target}")
}

fn reference(p2: u8) -> String {
    let scope = if p2 & 0x80 != 0 {
        " (from the current folder up)"
    } else {
        ""
    };
    match p2 & 0x1F {
        0x10 => format!("PIN 10{scope}"),
        0x11 => format!("PUK 11{scope}"),
        id => format!("object {id:02X}{scope}"),
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
