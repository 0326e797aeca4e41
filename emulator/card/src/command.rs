//! The commands of the card, one file each, and the table that finds them.

mod append_record;
mod change_key_data;
mod change_reference_data;
mod create_file;
mod dispatch;
mod external_authenticate;
mod generate_key_pair;
mod get_challenge;
mod get_data;
mod get_response;
mod give_random;
mod manage_security_environment;
mod perform_security_operation;
mod put_data;
mod read_binary;
mod read_record;
mod reset_retry_counter;
mod select;
mod update_binary;
mod update_record;
mod verify;

pub(crate) use dispatch::{Row, row_for};

use cns_apdu::Sw;

use crate::entropy::Entropy;
use crate::file::path::Path;
use crate::image::{CardImage, ObjectAt};
use crate::memory::NonVolatile;
use crate::reference_data::{Proven, ReferenceValue, Secret, Wrong, charge};
use crate::session::Session;

/// What a command may touch.
pub(crate) struct Execution<'a> {
    pub(crate) memory: &'a mut NonVolatile,
    pub(crate) session: &'a mut Session,
    pub(crate) entropy: &'a mut dyn Entropy,
    /// What the command before this one left for GET RESPONSE. Any other command drops it.
    pub(crate) pending: Vec<u8>,
    /// Where response data go.
    pub(crate) reply: &'a mut Vec<u8>,
}

/// What a command answers. `Ok` keeps the response data, `Err` is a refusal without any.
pub(crate) type Answer = Result<Sw, Sw>;

impl Execution<'_> {
    pub(crate) fn image(&self) -> &CardImage {
        self.memory.image()
    }

    /// The current elementary file; 6986 when none is selected.
    pub(crate) fn current_file(&self) -> Result<Path, Sw> {
        self.session.file.ok_or(Sw::NO_CURRENT_FILE)
    }

    /// The PIN or PUK that P2 refers to.
    ///
    /// ```text
    /// b8 = 0  object of the master file      b8 = 1  looked for from the current folder upwards
    /// b7 b6   zero                           b5..b1  identifier
    /// ```
    /// Source: CIE functional specification 2.0 p. 63, the CNS's sibling.
    pub(crate) fn referenced(&self, p2: u8) -> Result<ObjectAt, Sw> {
        self.image()
            .find_reference_data(self.search_start(p2)?, p2 & 0x1F)
            .ok_or(Sw::REFERENCE_NOT_FOUND)
    }

    /// The key that P2 refers to, by the same rule.
    pub(crate) fn referenced_key(&self, p2: u8) -> Result<ObjectAt, Sw> {
        self.image()
            .find_key(self.search_start(p2)?, p2 & 0x1F)
            .ok_or(Sw::REFERENCE_NOT_FOUND)
    }

    fn search_start(&self, p2: u8) -> Result<Path, Sw> {
        match p2 & 0xE0 {
            0x00 => Ok(Path::MASTER_FILE),
            0x80 => Ok(self.session.folder),
            _ => Err(Sw::WRONG_P1_P2),
        }
    }

    /// Charges a try and compares. What was proven before is no longer: a wrong value closes what
    /// the right one had opened. Something that is no PIN or PUK, or has no value yet, is not tried.
    pub(crate) fn prove(
        &mut self,
        object: ObjectAt,
        candidate: &ReferenceValue,
    ) -> Result<Proven, Sw> {
        match self.image().reference_data(object)?.secret() {
            Secret::Unset => return Err(self.image().dialect.unset_reference),
            Secret::Key(_) => return Err(Sw::REFERENCE_NOT_FOUND),
            Secret::Transport(_) | Secret::Value(_) => {}
        }
        self.session.rights.remove(object);
        let charged = charge(self.memory, object)?;
        let outcome = charged.compare(self.image(), candidate)?;
        self.told(outcome)
    }

    /// The answer to a wrong secret, in the card's dialect.
    pub(crate) fn told(&self, outcome: Result<Proven, Wrong>) -> Result<Proven, Sw> {
        outcome.map_err(|Wrong { left }| self.image().dialect.wrong_reference(left))
    }

    /// Fills the counter of what was proven, and grants the right.
    pub(crate) fn accept(&mut self, proven: &Proven) -> Result<(), Sw> {
        let restored = proven.restores(self.image())?;
        self.memory.commit([restored])?;
        self.session.rights.add(proven.object());
        Ok(())
    }

    /// 6A80 unless the new value is as long as the rules of its object want it.
    pub(crate) fn check_new_value(
        &self,
        object: ObjectAt,
        value: &ReferenceValue,
    ) -> Result<(), Sw> {
        let length_min = self.image().reference_data(object)?.rules.length_min;
        match value.length() < usize::from(length_min) {
            true => Err(Sw::WRONG_DATA),
            false => Ok(()),
        }
    }
}
