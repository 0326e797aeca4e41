//! What an answer says to the command that it answers.

use super::conversation::Subject;
use super::{access, content, name};
use crate::command::Command;
use crate::context::control_information;
use crate::hex;
use crate::status::Sw;
use crate::tlv::{self, Tag};

/// An answer, as much of it as may be told.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) sw: Sw,
    /// Bytes of data.
    pub(super) length: usize,
    /// The data; none when they were not recorded or are masked.
    pub(super) data: Option<&'a [u8]>,
}

/// An answer to nobody knows what.
pub(super) fn alone(answer: Answer<'_>) -> String {
    match answer.length {
        0 => answer.sw.meaning(),
        length => format!("{}, {}", bytes(length), answer.sw.meaning()),
    }
}

/// An answer to this command; none where the status word says it all.
pub(super) fn to(subject: &Subject, command: &Command<'_>, answer: Answer<'_>) -> Option<String> {
    let done = match answer.sw {
        Sw::OK if command.class.is_chained() => Some("part accepted".to_owned()),
        Sw::OK | Sw::END_OF_FILE => success(subject, command, answer),
        sw if sw.is_success() && answer.length > 0 => {
            let first = success(subject, command, answer)?;
            return Some(format!("{first}, {}", waiting(sw)));
        }
        _ => None,
    };
    done.or_else(|| refusal(command, answer.sw))
}

fn success(subject: &Subject, command: &Command<'_>, answer: Answer<'_>) -> Option<String> {
    let Answer { sw, length, data } = answer;
    let is_secret_given = !command.data.is_empty();
    Some(match name(command) {
        "SELECT" => match data {
            Some(data) => file_control(data)?,
            None => return None,
        },
        "READ BINARY" | "READ RECORD" => {
            let from = subject.place.as_ref().map(|place| place.label());
            let from = from.map_or_else(String::new, |label| format!(" of {label}"));
            let content = match (data, length) {
                (_, 0) => String::new(),
                (Some(data), _) => content::remark(data),
                (None, _) => String::new(),
            };
            match sw {
                Sw::END_OF_FILE => format!("end of file after {}{content}", bytes(length)),
                _ => format!("{}{from}{content}", bytes(length)),
            }
        }
        "UPDATE BINARY" | "UPDATE RECORD" => "written".to_owned(),
        "VERIFY" if is_secret_given => "right".to_owned(),
        "VERIFY" => "proven already".to_owned(),
        "CHANGE REFERENCE DATA" => "changed".to_owned(),
        "RESET RETRY COUNTER" => "unblocked".to_owned(),
        "PSO COMPUTE DIGITAL SIGNATURE" | "PSO DECIPHER" if length > 0 => match subject.signs {
            true => format!("signature of {}", bytes(length)),
            false => format!("{} from the private key", bytes(length)),
        },
        "GET CHALLENGE" if length > 0 => format!("{} at random", bytes(length)),
        _ => return None,
    })
}

/// What a status word means to this command, where that is more than its general meaning.
fn refusal(command: &Command<'_>, sw: Sw) -> Option<String> {
    let is_query = command.data.is_empty();
    let words = match (name(command), sw) {
        ("SELECT", Sw::FILE_NOT_FOUND) if command.p1 == 0x04 => "no such application",
        ("SELECT", Sw::FILE_NOT_FOUND) => "no such file",
        ("VERIFY", sw) if is_query && tries_left(sw).is_some() => {
            let left = tries_left(sw)?;
            return Some(tries(left));
        }
        ("CHANGE REFERENCE DATA", sw) if tries_left(sw).is_some() => {
            let left = tries_left(sw)?;
            return Some(format!("the old value is wrong, {}", tries(left)));
        }
        ("VERIFY" | "RESET RETRY COUNTER", Sw::AUTHENTICATION_FAILED) => {
            "wrong, the tries left are not told"
        }
        ("VERIFY" | "RESET RETRY COUNTER", sw) if tries_left(sw) == Some(0) => {
            "wrong, no tries left: blocked"
        }
        ("VERIFY" | "CHANGE REFERENCE DATA" | "RESET RETRY COUNTER", Sw::REFERENCE_NOT_FOUND) => {
            "no such PIN or PUK"
        }
        ("MSE RESTORE", Sw::REFERENCE_NOT_FOUND) => "no such security environment",
        ("MSE SET" | "PSO DECIPHER" | "PSO COMPUTE DIGITAL SIGNATURE", Sw::REFERENCE_NOT_FOUND) => {
            "no such key"
        }
        ("PSO DECIPHER" | "PSO COMPUTE DIGITAL SIGNATURE", Sw::SECURITY_STATUS_NOT_SATISFIED) => {
            "the key's PIN is not proven"
        }
        ("PSO DECIPHER" | "PSO COMPUTE DIGITAL SIGNATURE", Sw::CONDITIONS_NOT_SATISFIED) => {
            "no key is set"
        }
        _ => return None,
    };
    Some(words.to_owned())
}

/// File control information: kind, size, name and access (see `card`'s FCI for its layout).
fn file_control(data: &[u8]) -> Option<String> {
    let control = control_information(data)?;
    let object = |tag| tlv::find(control, Tag(tag));
    let descriptor = object(0x82)?.first()?;
    let is_folder = descriptor & 0x38 == 0x38;
    let kind = match descriptor & 0x07 {
        _ if is_folder => "folder",
        0x01 => "transparent file",
        0x02 | 0x03 => "file of records of one length",
        0x04 | 0x05 => "file of records",
        0x06 | 0x07 => "cyclic file",
        _ => "file of unknown kind",
    };
    let size = object(0x80).or_else(|| object(0x81)).map(number);
    let size = size.map_or_else(String::new, |size| format!(" of {}", bytes(size)));
    let called = object(0x84).map(|identifier| {
        let identifier = hex::encode(identifier).replace(' ', "");
        format!(", application {identifier}")
    });
    let operations: &[&str] = match is_folder {
        true => &access::FOLDER_OPERATIONS,
        false => &access::FILE_OPERATIONS,
    };
    let conditions = object(0x86).map(|conditions| {
        let conditions = conditions.iter().copied().map(access::condition);
        format!("; {}", access::summary(operations, conditions))
    });
    let called = called.unwrap_or_default();
    Some(format!(
        "{kind}{size}{called}{}",
        conditions.unwrap_or_default()
    ))
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0_usize, |number, byte| {
        number << 8 & 0xFF_FFFF | usize::from(*byte)
    })
}

fn tries_left(sw: Sw) -> Option<u16> {
    (sw.0 & 0xFFF0 == 0x63C0).then_some(sw.0 & 0x000F)
}

fn tries(left: u16) -> String {
    match left {
        0 => "no tries left: blocked".to_owned(),
        1 => "1 try left".to_owned(),
        left => format!("{left} tries left"),
    }
}

fn bytes(length: usize) -> String {
    match length {
        1 => "1 byte".to_owned(),
        length => format!("{length} bytes"),
    }
}

fn waiting(sw: Sw) -> String {
    match sw.to_bytes() {
        [_, 0] => "256 bytes or more wait for GET RESPONSE".to_owned(),
        [_, count] => format!("{} wait for GET RESPONSE", bytes(usize::from(count))),
    }
}
