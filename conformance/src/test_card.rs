//! The stage of card cases: a card, what is known of it, and all that was said.

mod answer;
mod fci;
mod notation;
mod papers;
mod public_key;
mod security;
mod verbs;

pub use answer::Answer;
pub use fci::Fci;
pub use public_key::RsaPublicKey;
pub use security::{DECIPHER, PublicKey, SIGN};
pub(crate) use verbs::padded;

use cns_apdu::{Command, Response, Sw};
use cns_fixtures::Secret;
use cns_reader::Contacts;

use crate::case::{Effect, Stop};
use crate::runner::{CaseFacts, Exchange, Permission, Stage};
use crate::subject::{Issue, Subject};
use crate::target::{OwnCard, Target, TargetError};

/// A card under test. Cases speak to it in the notation of [`TestCard::send`] and judge each
/// [`Answer`].
pub struct TestCard {
    target: Box<dyn Target>,
    subject: Subject,
    permission: Permission,
    seams: &'static [crate::mutants::Seam],
    exchanges: Vec<Exchange>,
    random: fastrand::Rng,
    atr: Vec<u8>,
}

impl TestCard {
    /// A card that is reached through `target` and known to be `subject`.
    pub fn new(target: Box<dyn Target>, subject: Subject, permission: Permission) -> Self {
        Self {
            target,
            subject,
            permission,
            seams: &[],
            exchanges: Vec::new(),
            random: fastrand::Rng::with_seed(0),
            atr: Vec::new(),
        }
    }

    /// The same card with something wrong in it, from the next case on.
    pub fn make_wrong(&mut self, seams: &'static [crate::mutants::Seam]) {
        self.seams = seams;
    }

    /// Another card in the same place, from the next case on.
    pub fn become_card_of(&mut self, subject: Subject) {
        self.subject = subject;
    }

    /// What is known of the card.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Everything about a card that the suite made.
    pub fn issue(&self) -> Result<&Issue, Stop> {
        let issue = self.subject.issue.as_ref();
        issue.ok_or_else(|| Stop::skip("it needs a card of the suite's own"))
    }

    /// The answer to the last reset.
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// Bytes that are the same in each run with the same seed.
    pub fn random(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.random.fill(&mut bytes);
        bytes
    }

    /// Sends a command, written in hexadecimal; what stands in brackets is preceded by its length in
    /// one byte: `00 A4 00 0C (3F00)` has an Lc of 02.
    pub fn send(&mut self, notation: &str) -> Result<Answer, Stop> {
        let bytes = notation::parse(notation)
            .ok_or_else(|| Stop::broken(format!("`{notation}` is no notation of a command")))?;
        self.send_bytes(&bytes)
    }

    /// Sends a command.
    pub fn send_command(&mut self, command: &Command<'_>) -> Result<Answer, Stop> {
        self.send_bytes(&command.to_bytes())
    }

    /// Sends bytes, whatever they are.
    pub fn send_bytes(&mut self, command: &[u8]) -> Result<Answer, Stop> {
        let response = self.target.transmit(command).map_err(stop)?;
        self.judge(command, response)
    }

    /// Notes what was said, and makes an answer of the response.
    fn judge(&mut self, command: &[u8], response: Vec<u8>) -> Result<Answer, Stop> {
        let exchange = self.exchanges.len();
        self.exchanges.push(Exchange {
            command: command.to_vec(),
            response: response.clone(),
        });
        match Response::parse(&response) {
            Some(Response { data, sw }) => Ok(Answer {
                data: data.to_vec(),
                sw,
                exchange,
            }),
            None => Err(Stop::fail(
                "a response with a status word",
                format!("{} bytes", response.len()),
            )),
        }
    }

    /// Sends bytes to a card of the suite's own, past the reader that it is in: what no reader lets
    /// through, such as an empty command.
    pub fn send_past_the_reader(&mut self, command: &[u8]) -> Result<Answer, Stop> {
        let mut response = Vec::new();
        self.own()?.transmit(command, &mut response);
        self.judge(command, response)
    }

    /// Sends a command whose answer is judged by nobody: it brings the card to where a case begins.
    /// Anything but 9000 is not the case's finding, and stops it as broken.
    pub fn prepare_with(&mut self, notation: &str) -> Result<Answer, Stop> {
        let answer = self.send(notation)?;
        match answer.sw {
            Sw::OK => Ok(answer),
            sw => Err(Stop::broken(format!(
                "{notation} should only prepare the card, and was answered {:04X}",
                sw.0
            ))),
        }
    }

    /// A warm reset.
    pub fn reset(&mut self) -> Result<(), Stop> {
        self.atr = self.target.reset().map_err(stop)?;
        Ok(())
    }

    /// Power off, then on.
    pub fn power_cycle(&mut self) -> Result<(), Stop> {
        self.target.power_off().map_err(stop)?;
        self.atr = self.target.power_on().map_err(stop)?;
        Ok(())
    }

    /// Puts another card of the suite's own in the place of this one: as issued, then edited.
    pub fn replace(&mut self, edit: impl FnOnce(&mut cns_card::CardImage)) -> Result<(), Stop> {
        let mut image = self.issue()?.image.clone();
        edit(&mut image);
        let seed = self.random.u64(..);
        self.own()?.replace(image, seed, self.seams);
        self.power_cycle()
    }

    /// Cuts the power at the write after so many more, sends the command, and powers the card on
    /// again. True when the power went; false when the command made fewer writes.
    pub fn send_and_cut_power(&mut self, command: &str, writes: u32) -> Result<bool, Stop> {
        self.own()?.cut_power_after(writes);
        let bytes = notation::parse(command).ok_or_else(|| Stop::broken("no notation"))?;
        let was_cut = match self.target.transmit(&bytes) {
            Ok(response) => {
                self.exchanges.push(Exchange {
                    command: bytes,
                    response,
                });
                false
            }
            Err(_) => true,
        };
        self.power_cycle()?;
        Ok(was_cut)
    }

    /// The card, if the suite made it.
    pub fn own(&self) -> Result<OwnCard, Stop> {
        let own = self.target.own_card().cloned();
        own.ok_or_else(|| Stop::skip("it needs a card of the suite's own"))
    }
}

impl Stage for TestCard {
    fn begin(&mut self, case: &CaseFacts, seed: u64) -> Result<(), Stop> {
        self.exchanges.clear();
        self.random = fastrand::Rng::with_seed(seed);
        if let Some(need) = case.needs.iter().find(|n| !n.is_met_by(&self.subject)) {
            return Err(Stop::skip(format!("it is about {}", need.words())));
        }
        match self.target.own_card() {
            Some(card) => {
                let issue = self.subject.issue.as_ref();
                let mut image = issue
                    .ok_or_else(|| Stop::broken("a card of the suite's own without an issue"))?
                    .image
                    .clone();
                case.state.prepare(&self.subject, &mut image);
                card.replace(image, seed, self.seams);
            }
            None => self.permission.check(case, &self.subject)?,
        }
        self.power_cycle()
    }

    fn end(&mut self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges)
    }

    fn is_own(&self) -> bool {
        self.target.own_card().is_some()
    }

    fn rest(&mut self) {
        self.target.rest();
    }

    fn remark(&self) -> Option<String> {
        self.subject.remark()
    }

    fn tries_left(&mut self) -> Result<Option<u8>, Stop> {
        self.power_cycle()?;
        Ok(tries_told_by(self.ask(Secret::Pin)?.sw))
    }

    fn prove_pin(&mut self) -> Result<(), Stop> {
        self.power_cycle()?;
        self.verify_pin()?.is_ok().map(drop)
    }

    fn leave_as_found(&mut self, case: &CaseFacts) -> Result<(), Stop> {
        if self.target.own_card().is_some() || case.effect <= Effect::PresentsPin {
            return Ok(());
        }
        // A case that failed in the middle may have left a try spent: the right PIN wins it back.
        self.reset()?;
        let is_blocked = case.effect == Effect::BlocksPin
            && self.ask(Secret::Pin)?.sw == Sw::AUTHENTICATION_BLOCKED;
        if is_blocked {
            let (puk, pin) = (self.secret(Secret::Puk)?, self.secret(Secret::Pin)?);
            self.unblock_pin(&puk, &pin)?.is_ok()?;
        }
        self.verify_pin().map(drop)
    }
}

/// How many tries are left, by the answer to VERIFY without a value; none if it does not tell.
pub(crate) fn tries_told_by(sw: Sw) -> Option<u8> {
    match sw {
        Sw::AUTHENTICATION_BLOCKED => Some(0),
        Sw(sw @ 0x63C0..=0x63CF) => Some(sw.to_be_bytes()[1] & 0x0F),
        _ => None,
    }
}

fn stop(error: TargetError) -> Stop {
    match error {
        TargetError::CannotCarry(_) => Stop::skip(error.to_string()),
        _ => Stop::broken(error),
    }
}
