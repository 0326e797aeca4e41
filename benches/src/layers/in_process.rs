//! The two lowest layers: the engine, and the card.

use cns_card::Card;
use cns_reader::SystemEntropy;
use openssl::pkey::Private;
use openssl::rsa::{Padding, Rsa};

use super::{Layer, Speaker, Task, Worker};
use crate::BenchError;
use crate::operation::{Line, Operation, block};

/// Commands that take less than a look at the clock are timed so many at once.
const BATCH: u32 = 64;

/// OpenSSL's raw operation with the keys that the cards have.
pub(super) fn engines(task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let key = task
        .make
        .profile
        .key_for(cns_fixtures::KeyPurpose::Authentication)
        .ok_or_else(|| BenchError::operation("this card has no authentication key"))?;
    let pem = task
        .make
        .citizen
        .key
        .variant(key.size, cns_fixtures::KeyPurpose::Authentication);
    (0..task.cards)
        .map(|_| {
            let key =
                Rsa::private_key_from_pem(pem.pem().as_bytes()).map_err(BenchError::operation)?;
            let length = key.size() as usize;
            Ok(Box::new(Engine {
                key,
                block: block(length),
                result: vec![0; length],
            }) as Box<dyn Worker>)
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

/// Cards, each on its own thread.
pub(super) fn cards(task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let script = task.script(Layer::InProcess)?;
    let image = task.make.card()?;
    let batch = match task.operation {
        Operation::Select | Operation::Challenge => BATCH,
        Operation::Sign => 1,
    };
    (0..task.cards)
        .map(|_| {
            let mut card = Card::volatile(image.clone(), SystemEntropy::new());
            card.power_on();
            Speaker::boxed(InProcess(card), &script, batch)
        })
        .collect()
}

struct InProcess(Card);

impl Line for InProcess {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError> {
        self.0.transmit(command, response);
        Ok(())
    }
}
