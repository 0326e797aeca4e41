//! The only door to the card.

use cns_apdu::{BrokenChain, Command, Form, Link, Sw};

use crate::atr::Atr;
use crate::command::{Answer, Execution, Row, row_for};
use crate::entropy::Entropy;
use crate::image::CardImage;
use crate::memory::{Memory, NonVolatile, Volatile};
use crate::secure_messaging::Keys;
use crate::session::Session;

/// A card with its contacts: power, reset, bytes in, bytes out.
pub struct Card {
    memory: NonVolatile,
    session: Session,
    entropy: Box<dyn Entropy + Send>,
}

impl Card {
    /// A card that keeps what happens to it in `memory`.
    pub fn new(
        image: CardImage,
        memory: impl Memory + Send + 'static,
        entropy: impl Entropy + Send + 'static,
    ) -> Self {
        Self {
            memory: NonVolatile::new(image, Box::new(memory)),
            session: Session::new(),
            entropy: Box::new(entropy),
        }
    }

    /// A card that forgets everything when it is dropped.
    pub fn volatile(image: CardImage, entropy: impl Entropy + Send + 'static) -> Self {
        Self::new(image, Volatile, entropy)
    }

    /// Power comes on: the card answers to reset.
    pub fn power_on(&mut self) -> &Atr {
        self.reset()
    }

    /// The reset contact is pulled: everything volatile is gone, and the card answers to reset.
    pub fn reset(&mut self) -> &Atr {
        self.session = Session::new();
        &self.memory.image().atr
    }

    /// Power goes off, at any moment: everything volatile is gone.
    pub fn power_off(&mut self) {
        self.session = Session::new();
    }

    /// The card as it would be found after power-off.
    pub fn image(&self) -> &CardImage {
        self.memory.image()
    }

    /// Takes one command APDU and puts the response APDU in the place of what `response` held.
    /// Bytes that are no command APDU are answered too, with 6700.
    pub fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        response.clear();
        let sw = match self.execute(command, response) {
            Ok(sw) => sw,
            Err(refusal) => {
                response.clear();
                refusal
            }
        };
        response.extend_from_slice(&sw.to_bytes());
    }

    #[cfg(feature = "seams")]
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    #[cfg(feature = "seams")]
    pub(crate) fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    #[cfg(feature = "seams")]
    pub(crate) fn image_mut(&mut self) -> &mut CardImage {
        self.memory.image_mut()
    }

    fn execute(&mut self, bytes: &[u8], reply: &mut Vec<u8>) -> Result<Sw, Sw> {
        let command = Command::parse(bytes).map_err(|_| Sw::WRONG_LENGTH)?;
        let dialect = &self.memory.image().dialect;
        if command.form == Form::Extended && !dialect.extended_length {
            return Err(Sw::WRONG_LENGTH);
        }
        let class = match dialect.secure_messaging {
            true => command.class.unchained().unsecured(),
            false => command.class.unchained(),
        };
        // Whatever the command is, only GET RESPONSE finds what the one before it left.
        let pending = core::mem::take(&mut self.session.pending);
        // A command that is not the rest of an open chain ends it, even one that does not exist.
        let row = row_for(class, &command).inspect_err(|_| self.session.chain.forget())?;
        if command.class.is_chained() && !(row.chainable && dialect.command_chaining) {
            self.session.chain.forget();
            return Err(Sw::CHAINING_NOT_SUPPORTED);
        }
        let limit = usize::from(dialect.command_data_max);
        // The chain is taken out while it lends its data to the command.
        let mut chain = core::mem::take(&mut self.session.chain);
        let answer = match chain.feed(command, limit) {
            Ok(Link::Stored) => Ok(Sw::OK),
            Ok(Link::Whole(command)) if command.data.len() > limit => Err(Sw::WRONG_LENGTH),
            Ok(Link::Whole(command)) => self.run(row, &command, pending, reply),
            Err(BrokenChain::LastCommandExpected) => Err(Sw::LAST_COMMAND_OF_CHAIN_EXPECTED),
            Err(BrokenChain::TooLong) => Err(Sw::WRONG_LENGTH),
        };
        self.session.chain = chain;
        answer
    }

    fn run(
        &mut self,
        row: &Row,
        command: &Command<'_>,
        pending: Vec<u8>,
        reply: &mut Vec<u8>,
    ) -> Result<Sw, Sw> {
        let secure_messaging = self.memory.image().dialect.secure_messaging;
        let mut execution = Execution {
            memory: &mut self.memory,
            session: &mut self.session,
            entropy: &mut *self.entropy,
            pending,
            reply,
        };
        let sw = match secure_messaging {
            true => run_secured(row, command, &mut execution)?,
            false => run_plain(row, command, &mut execution)?,
        };
        // What the host did not ask for waits for GET RESPONSE.
        let expected = command.expected_max().unwrap_or(0);
        if reply.len() <= expected {
            return Ok(sw);
        }
        self.session.pending = reply.split_off(expected);
        Ok(Sw::more_data(self.session.pending.len()))
    }
}

fn run_plain(row: &Row, command: &Command<'_>, execution: &mut Execution<'_>) -> Answer {
    row.check_data(command)?;
    (row.handler)(execution, command)
}

/// Runs a command on a card whose objects may ask for secure messaging: 6987 when the object asks
/// and the command is not secured, 6882 when it is and the object does not ask.
fn run_secured(row: &Row, command: &Command<'_>, execution: &mut Execution<'_>) -> Answer {
    let keys = Keys::for_command(row.guarded, execution, command)?;
    match (keys.is_empty(), command.class.is_secured()) {
        (true, false) => return run_plain(row, command, execution),
        (true, true) => return Err(Sw::MESSAGING_NOT_SUPPORTED),
        (false, false) => return Err(Sw::MESSAGING_OBJECT_MISSING),
        (false, true) => {}
    }
    let data = keys.open(command, &mut execution.session.challenge)?;
    let plain = Command {
        data: &data,
        le: keys.plain_le(command),
        ..*command
    };
    let sw = run_plain(row, &plain, execution)?;
    keys.seal(command, &mut execution.session.host_random, execution.reply)?;
    Ok(sw)
}
