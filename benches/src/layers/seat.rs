//! A place at a card: somebody who does the operation over a line, again and again.

use cns_apdu::{Command, Le, Response, Sw};
use cns_fixtures::Source;
use openssl::rand::rand_bytes;
use openssl::x509::X509;
use rustls::SignatureScheme;

use super::login::{Hand, Visitor};
use crate::BenchError;
use crate::load::Worker;
use crate::operation::{CardKey, Line, Operation, Script, block, select};
use crate::task::Task;

/// What is to be known of a line.
pub(super) struct Seat<'a> {
    /// What the target is called.
    pub(super) target: &'a str,
    /// Whose card it is.
    pub(super) owner: Owner,
    /// Whether a signature may be one extended command.
    pub(super) extended: bool,
    /// See [`Worker::batch`].
    pub(super) batch: u32,
}

/// Whose card it is.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Owner {
    /// Ours: its PIN is that of its synthetic holder.
    Ours,
    /// Somebody's: its PIN is tried once, if it was said, and not if it is the last try.
    Somebody,
}

impl Seat<'_> {
    /// Somebody who does the task's operation over this line.
    pub(super) fn take<L: Line + 'static>(
        &self,
        mut line: L,
        task: &Task,
    ) -> Result<Box<dyn Worker>, BenchError> {
        let script = match task.operation {
            Operation::Select => Script::select(),
            Operation::Challenge => Script::challenge(),
            Operation::Sign => {
                let key = self.unlock(&mut line, task)?;
                key.signature(&block(key.length()))
            }
            Operation::Login(_) => {
                let certificate = certificate(&mut line, task)?;
                let key = self.unlock(&mut line, task)?;
                let response = Vec::with_capacity(512);
                let hand = CardHand {
                    line,
                    key,
                    response,
                };
                return Visitor::boxed(task, certificate, Box::new(hand), self.owner);
            }
        };
        Ok(Box::new(Speaker {
            line,
            script,
            response: Vec::with_capacity(512),
            batch: self.batch,
        }))
    }

    /// The card's key, with its PIN proven.
    fn unlock(&self, line: &mut dyn Line, task: &Task) -> Result<CardKey, BenchError> {
        let profile = &task.make.profile;
        let extended = self.extended && profile.dialect.extended_length;
        let key = CardKey::of(profile, extended)?;
        expect_ok(line, key.select())?;
        let target = || self.target.to_owned();
        let pin = match (self.owner, &task.pin) {
            (Owner::Ours, _) => task.make.citizen.pin.as_str(),
            (Owner::Somebody, Some(pin)) => pin,
            (Owner::Somebody, None) => return Err(BenchError::NoPin { target: target() }),
        };
        if self.owner == Owner::Somebody
            && let Some(question) = key.tries_left()
            && is_last_try(say(line, &question)?)
        {
            return Err(BenchError::LastTry { target: target() });
        }
        let Some(verify) = key.verify(pin) else {
            return Ok(key);
        };
        match say(line, &verify)? {
            Sw::OK => Ok(key),
            Sw(sw) => Err(BenchError::PinRefused {
                target: target(),
                answer: format!("{sw:04X}"),
            }),
        }
    }
}

/// What VERIFY without a PIN answers when a wrong one would, or did, block it: 63C1, 63C0, 6983.
fn is_last_try(Sw(sw): Sw) -> bool {
    matches!(sw, 0x63C1 | 0x63C0 | 0x6983)
}

/// The authentication certificate, DER, read from the card as any client would.
fn certificate(line: &mut dyn Line, task: &Task) -> Result<Vec<u8>, BenchError> {
    const READ_MAX: u16 = 0xFF;
    /// What stands before a certificate that is wrapped.
    const HEADER: usize = 5;
    let profile = &task.make.profile;
    let plain = profile.path_of(Source::Certificate);
    let is_wrapped = plain.is_none();
    let path = plain.or_else(|| profile.path_of(Source::WrappedCertificate));
    let path = path.ok_or_else(|| BenchError::operation("this card has no certificate"))?;
    expect_ok(line, &select(&path))?;
    let (mut content, mut response) = (Vec::new(), Vec::new());
    while let Ok(offset @ 0..0x8000) = u16::try_from(content.len()) {
        let [high, low] = offset.to_be_bytes();
        let read = Command::new([0x00, 0xB0, high, low], &[], Le::exact(READ_MAX));
        line.transmit(&read.to_bytes(), &mut response)?;
        // What is read beyond the end, or not read any more, is none of the certificate.
        let Some(Response { data, sw }) = Response::parse(&response) else {
            break;
        };
        content.extend_from_slice(data);
        if sw != Sw::OK || data.is_empty() {
            break;
        }
    }
    let start = if is_wrapped { HEADER } else { 0 };
    let padded = content.get(start..).unwrap_or_default();
    // It ends where its own length says; the rest of the file is padding.
    X509::from_der(padded)
        .and_then(|certificate| certificate.to_der())
        .map_err(|_| BenchError::operation("the card's certificate cannot be read"))
}

fn expect_ok(line: &mut dyn Line, command: &[u8]) -> Result<(), BenchError> {
    match say(line, command)? {
        Sw::OK => Ok(()),
        Sw(sw) => Err(BenchError::operation(format!(
            "the card answered {} with {sw:04X}",
            cns_apdu::hex::encode(command.get(..4).unwrap_or(command)),
        ))),
    }
}

fn say(line: &mut dyn Line, command: &[u8]) -> Result<Sw, BenchError> {
    let mut response = Vec::new();
    line.transmit(command, &mut response)?;
    Response::parse(&response)
        .map(|response| response.sw)
        .ok_or_else(|| BenchError::operation("the card said nothing"))
}

/// Says a script again and again.
struct Speaker<L> {
    line: L,
    script: Script,
    response: Vec<u8>,
    batch: u32,
}

impl<L: Line> Worker for Speaker<L> {
    fn once(&mut self) -> Result<(), BenchError> {
        self.script.run(&mut self.line, &mut self.response)
    }

    fn batch(&self) -> u32 {
        self.batch
    }
}

/// A card that signs in handshakes. The host pads, the card does the raw operation.
struct CardHand<L> {
    line: L,
    key: CardKey,
    response: Vec<u8>,
}

impl<L: Line> Hand for CardHand<L> {
    fn sign(&mut self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, BenchError> {
        let block = padded(scheme, message, self.key.length())?;
        let script = self.key.signature(&block);
        script.run(&mut self.line, &mut self.response)?;
        let signature = self.response.get(..self.key.length());
        Ok(signature.unwrap_or_default().to_vec())
    }
}

/// The message as the host pads it, as long as the modulus.
pub(super) fn padded(
    scheme: SignatureScheme,
    message: &[u8],
    length: usize,
) -> Result<Vec<u8>, BenchError> {
    let mut salt = [0; 64];
    rand_bytes(&mut salt).map_err(BenchError::operation)?;
    cns_conformance::portal::signing_block(scheme, message, &salt, length)
        .ok_or_else(|| BenchError::operation("the modulus is too short for this scheme"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// A card that has so many tries left, and hears what is said to it.
    struct Suspicious {
        answer: [u8; 2],
        heard: std::sync::Arc<std::sync::Mutex<Vec<Vec<u8>>>>,
    }

    impl Line for Suspicious {
        fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError> {
            self.heard.lock().unwrap().push(command.to_vec());
            let is_verify = command.get(1) == Some(&0x20);
            *response = if is_verify { self.answer } else { [0x90, 0x00] }.to_vec();
            Ok(())
        }
    }

    fn sign_with(answer: [u8; 2], pin: Option<&str>) -> (BenchError, usize) {
        let profile = cns_fixtures::profile(cns_fixtures::DEFAULT_PROFILE).unwrap();
        let citizen = cns_fixtures::citizen("maria-rossi").unwrap();
        let task = Task {
            make: crate::cards::Make::new(profile, citizen).unwrap(),
            operation: Operation::Sign,
            cards: 1,
            first: 0,
            clients: crate::task::Clients::default(),
            load: crate::load::Load {
                duration: std::time::Duration::ZERO,
                warm_up: std::time::Duration::ZERO,
                pace: crate::load::Pace::Closed,
            },
            latency: None,
            pin: pin.map(str::to_owned),
            portal: None,
        };
        let heard = std::sync::Arc::<std::sync::Mutex<Vec<Vec<u8>>>>::default();
        let line = Suspicious {
            answer,
            heard: heard.clone(),
        };
        let seat = Seat {
            target: "pcsc",
            owner: Owner::Somebody,
            extended: false,
            batch: 1,
        };
        let error = seat.take(line, &task).err().unwrap();
        let heard = heard.lock().unwrap();
        let with_a_pin = |command: &&Vec<u8>| command.get(1) == Some(&0x20) && 5 < command.len();
        (error, heard.iter().filter(with_a_pin).count())
    }

    #[test]
    fn somebody_elses_pin_is_tried_once_or_not_at_all() {
        let (error, tried) = sign_with([0x63, 0xC2], None);
        assert!(
            matches!(error, BenchError::NoPin { .. }) && tried == 0,
            "{error}"
        );
        let (error, tried) = sign_with([0x63, 0xC2], Some("00000"));
        assert!(
            matches!(error, BenchError::PinRefused { .. }) && tried == 1,
            "{error}"
        );
        for last in [[0x63, 0xC1], [0x63, 0xC0], [0x69, 0x83]] {
            let (error, tried) = sign_with(last, Some("00000"));
            assert!(
                matches!(error, BenchError::LastTry { .. }) && tried == 0,
                "{error}"
            );
        }
    }
}
