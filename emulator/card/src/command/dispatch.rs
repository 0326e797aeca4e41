//! The one table of commands.

use cns_apdu::{Class, Command, Sw};

use super::{
    Answer, Execution, append_record, change_key_data, change_reference_data, create_file,
    external_authenticate, generate_key_pair, get_challenge, get_data, get_response, give_random,
    manage_security_environment, perform_security_operation, put_data, read_binary, read_record,
    reset_retry_counter, select, update_binary, update_record, verify,
};

use crate::secure_messaging::Guarded;

/// A command that the card has.
pub(crate) struct Row {
    class: u8,
    instruction: u8,
    parameters: Parameters,
    data: Data,
    /// Whether its data may come in a chain.
    pub(crate) chainable: bool,
    pub(crate) handler: fn(&mut Execution<'_>, &Command<'_>) -> Answer,
    /// What its messaging conditions are those of.
    pub(crate) guarded: Guarded,
}

/// Which P1 and P2 a row stands for.
#[derive(Clone, Copy)]
enum Parameters {
    /// The handler reads them.
    Any,
    /// P1 is this, the handler reads P2.
    P1(u8),
    /// Both are these.
    Both(u8, u8),
}

/// Whether a command has a data field and an Le field.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Data {
    /// The handler decides.
    Either,
    /// It must have one.
    Required,
    /// It has none; Le does not matter.
    None,
    /// It has none, and must say how much it expects.
    NoneWithLe,
}

/// Source of the list: the table of contents of the CNS functional specification 1.1.6. GET RESPONSE
/// and GET DATA are not in it: the one serves T=0 readers and hosts that take less than a response
/// has, the other tells what a maker has put there.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    row(0x00, 0x20, Parameters::P1(0x00), Data::Either, verify::verify).guarded(Guarded::Proof),
    row(0x00, 0x22, Parameters::P1(0x41), Data::Required, manage_security_environment::set),
    row(0x00, 0x22, Parameters::P1(0xF1), Data::Required, manage_security_environment::set),
    row(0x00, 0x22, Parameters::P1(0xF3), Data::None, manage_security_environment::restore),
    row(0x00, 0x24, Parameters::Any, Data::Required, change_reference_data::change_reference_data).guarded(Guarded::Change),
    row(0x90, 0x24, Parameters::Any, Data::Required, change_key_data::change_key_data).guarded(Guarded::KeyChange),
    chainable(0x00, 0x2A, Parameters::Both(0x80, 0x86), perform_security_operation::decipher).guarded(Guarded::DecipherKey),
    chainable(0x00, 0x2A, Parameters::Both(0x86, 0x80), perform_security_operation::encipher).guarded(Guarded::DecipherKey),
    chainable(0x00, 0x2A, Parameters::Both(0x9E, 0x9A), perform_security_operation::compute_digital_signature).guarded(Guarded::SignatureKey),
    row(0x00, 0x2C, Parameters::Any, Data::Either, reset_retry_counter::reset_retry_counter).guarded(Guarded::Unblock),
    row(0x00, 0x46, Parameters::P1(0x00), Data::Required, generate_key_pair::generate_key_pair),
    row(0x00, 0x82, Parameters::P1(0x00), Data::Required, external_authenticate::external_authenticate).guarded(Guarded::Proof),
    row(0x00, 0x84, Parameters::Both(0x00, 0x00), Data::NoneWithLe, get_challenge::get_challenge),
    row(0x80, 0x86, Parameters::Both(0x00, 0x00), Data::Required, give_random::give_random),
    row(0x00, 0xA4, Parameters::Any, Data::Either, select::select),
    row(0x00, 0xB0, Parameters::Any, Data::NoneWithLe, read_binary::read_binary).guarded(Guarded::Read),
    row(0x00, 0xB2, Parameters::Any, Data::NoneWithLe, read_record::read_record).guarded(Guarded::Read),
    row(0x00, 0xC0, Parameters::Both(0x00, 0x00), Data::NoneWithLe, get_response::get_response),
    row(0x00, 0xCA, Parameters::Any, Data::NoneWithLe, get_data::get_data),
    row(0x00, 0xD6, Parameters::Any, Data::Required, update_binary::update_binary).guarded(Guarded::Update),
    row(0x00, 0xDA, Parameters::Both(0x01, 0x6D), Data::Required, put_data::put_environment),
    chainable(0x00, 0xDA, Parameters::Both(0x01, 0x6E), put_data::put_object),
    row(0x00, 0xDA, Parameters::Both(0x01, 0x6F), Data::Required, put_data::put_access),
    row(0x00, 0xDC, Parameters::Any, Data::Required, update_record::update_record).guarded(Guarded::Update),
    row(0x00, 0xE0, Parameters::Both(0x00, 0x00), Data::Required, create_file::create_file),
    row(0x00, 0xE2, Parameters::Both(0x00, 0x00), Data::Required, append_record::append_record).guarded(Guarded::Append),
];

/// The classes that the CNS specification uses at all: plain, 80 and 90 for two proprietary
/// commands, B0 for the vendor's.
const CLASSES: [u8; 4] = [0x00, 0x80, 0x90, 0xB0];

/// The command's row. 6E00 for a class that the card does not know or that the instruction does not
/// go with, 6D00 for an unknown instruction, 6A86 for P1 and P2 that no row has.
///
/// `class` is the command's without what says how it travels: chained or secured.
pub(crate) fn row_for(class: Class, command: &Command<'_>) -> Result<&'static Row, Sw> {
    let class = class.0;
    if !CLASSES.contains(&class) {
        return Err(Sw::CLASS_NOT_SUPPORTED);
    }
    let mut refusal = Sw::INSTRUCTION_NOT_SUPPORTED;
    for row in TABLE
        .iter()
        .filter(|row| row.instruction == command.instruction)
    {
        if row.class != class {
            refusal = Sw::CLASS_NOT_SUPPORTED;
        } else if !row.parameters.match_those_of(command) {
            refusal = Sw::WRONG_P1_P2;
        } else {
            return Ok(row);
        }
    }
    Err(refusal)
}

impl Row {
    const fn guarded(self, guarded: Guarded) -> Self {
        Self { guarded, ..self }
    }

    /// 6700 when the command has no data field or Le field where the row needs it, or has one where
    /// the row has none.
    pub(crate) fn check_data(&self, command: &Command<'_>) -> Result<(), Sw> {
        let has_data = !command.data.is_empty();
        let fits = match self.data {
            Data::Either => true,
            Data::Required => has_data,
            Data::None => !has_data,
            Data::NoneWithLe => !has_data && command.expected_max().is_some(),
        };
        match fits {
            true => Ok(()),
            false => Err(Sw::WRONG_LENGTH),
        }
    }
}

impl Parameters {
    fn match_those_of(self, command: &Command<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::P1(p1) => command.p1 == p1,
            Self::Both(p1, p2) => (command.p1, command.p2) == (p1, p2),
        }
    }
}

const fn row(
    class: u8,
    instruction: u8,
    parameters: Parameters,
    data: Data,
    handler: fn(&mut Execution<'_>, &Command<'_>) -> Answer,
) -> Row {
    Row {
        class,
        instruction,
        parameters,
        data,
        chainable: false,
        handler,
        guarded: Guarded::Nothing,
    }
}

const fn chainable(
    class: u8,
    instruction: u8,
    parameters: Parameters,
    handler: fn(&mut Execution<'_>, &Command<'_>) -> Answer,
) -> Row {
    Row {
        class,
        instruction,
        parameters,
        data: Data::Required,
        chainable: true,
        handler,
        guarded: Guarded::Nothing,
    }
}
