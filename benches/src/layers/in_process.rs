//! The two lowest layers: the engine, and the card.

use cns_card::Card;
use cns_fixtures::KeyPurpose;
use cns_reader::{Contacts, SystemEntropy};
use openssl::pkey::Private;
use openssl::rsa::{Padding, Rsa};
use rustls::SignatureScheme;

use super::login::{Hand, Visitor};
use super::seat::{Owner, Seat, padded};
use super::{Layer, Task};
use crate::BenchError;
use crate::cards::plugged;
use crate::load::Worker;
use crate::operation::{Line, Operation, block};

/// Commands that take less than a look at the clock are timed so many at once.
const BATCH: u32 = 64;

/// OpenSSL's raw operation with the keys that the cards have.
pub(super) fn engines(task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let make = &task.make;
    let key = make.profile.key_for(KeyPurpose::Authentication);
    let key = key.ok_or_else(|| BenchError::operation("this card has no authentication key"))?;
    let citizen = &make.citizen;
    let pem = citizen.key.variant(key.size, KeyPurpose::Authentication);
    (0..task.cards)
        .map(|_| {
            let key =
                Rsa::private_key_from_pem(pem.pem().as_bytes()).map_err(BenchError::operation)?;
            let length = key.size() as usize;
            let engine = Engine {
                key,
                block: block(length),
                result: vec![0; length],
            };
            match task.operation {
                Operation::Login(_) => {
                    let certificate = make.issue()?.certificate_der;
                    Visitor::boxed(task, certificate, Box::new(engine), Owner::Ours)
                }
                _ => Ok(Box::new(engine) as Box<dyn Worker>),
            }
        })
        .collect()
}

struct Engine {
    key: Rsa<Private>,
    block: Vec<u8>,
    result: Vec<u8>,
}

impl Worker for Engine {
    fn once(&mut self) -> Result<(), BenchError> {
        self.key
            .private_encrypt(&self.block, &mut self.result, Padding::NONE)
            .map(drop)
            .map_err(BenchError::operation)
    }
}

impl Hand for Engine {
    fn sign(&mut self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, BenchError> {
        self.block = padded(scheme, message, self.result.len())?;
        self.once()?;
        Ok(self.result.clone())
    }
}

/// Cards, each on its own thread.
pub(super) fn cards(task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let image = task.make.card()?;
    let seat = Seat {
        target: Layer::InProcess.name(),
        owner: Owner::Ours,
        extended: true,
        batch: match (task.operation.signs(), &task.latency) {
            (false, None) => BATCH,
            _ => 1,
        },
    };
    (0..task.cards)
        .map(|_| match &task.latency {
            None => {
                let card = Card::volatile(image.clone(), SystemEntropy::new());
                seat.take(InProcess::on(card), task)
            }
            latency => seat.take(
                InProcess::on(plugged(image.clone(), latency.as_ref())),
                task,
            ),
        })
        .collect()
}

/// A card in this process, as a line.
pub(crate) struct InProcess<C>(C);

impl<C: Contacts> InProcess<C> {
    /// The card, with power.
    pub(crate) fn on(mut card: C) -> Self {
        card.power_on();
        Self(card)
    }
}

impl<C: Contacts + Send> Line for InProcess<C> {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError> {
        self.0.transmit(command, response);
        Ok(())
    }
}
