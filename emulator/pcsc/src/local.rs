//! Readers, connections, sharing, transactions and events, by pcscd's rules.

mod connection;
mod entrance;
mod events;
mod inserted;
mod reader;
mod state;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cns_reader::Contacts;
use vsmartcard::winscard::{Code, Disposition, Handle, Protocols, ReaderState, Share, Status};

use connection::Connection;
use inserted::Inserted;
use reader::{Holding, Reader};
use state::{Context, State};

pub use entrance::Slot;
pub use reader::ReaderNumber;

/// Readers and who uses them, for the threads of one process.
///
/// Who is connected to what is behind one lock, which nobody holds while a card works: cards in
/// different readers work at the same time.
pub struct Local {
    state: Mutex<State>,
    changed: Condvar,
}

/// How often somebody who waits looks whether the one that it waits for is still there.
const LOOK: Duration = Duration::from_millis(100);

/// SCARD_PROTOCOL_T1, the one that these cards speak.
const T1: Protocols = Protocols(2);

impl Local {
    /// No readers yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State::default()),
            changed: Condvar::new(),
        }
    }

    /// One more reader, empty.
    pub fn add_reader(&self, name: &str) -> ReaderNumber {
        let mut state = self.state();
        state.readers.push(Reader::new(name));
        self.changed.notify_all();
        ReaderNumber(state.readers.len() - 1)
    }

    /// A card enters the reader, in the place of one that may be there.
    pub fn insert(&self, number: ReaderNumber, card: Box<dyn Contacts + Send>) {
        let atr = card.atr();
        if let Some(reader) = self.state().readers.get_mut(number.0) {
            reader.insert(Arc::new(Inserted::new(card)), atr);
        }
        self.changed.notify_all();
    }

    /// Takes the card out of the reader. False if there is none.
    pub fn remove(&self, number: ReaderNumber) -> bool {
        let card = match self.state().readers.get_mut(number.0) {
            Some(reader) => reader.card().filter(|_| reader.remove()),
            None => None,
        };
        self.changed.notify_all();
        // It may be somebody else's, who puts it elsewhere: it goes without power.
        if let Some(card) = &card {
            card.settle();
        }
        card.is_some()
    }

    /// Whether there is a card in the reader.
    pub fn has_card(&self, number: ReaderNumber) -> bool {
        let state = self.state();
        state.readers.get(number.0).is_some_and(Reader::has_card)
    }

    /// SCardEstablishContext.
    pub fn establish(&self) -> Handle {
        let mut state = self.state();
        let handle = state.new_handle();
        state.contexts.insert(handle, Context::default());
        handle
    }

    /// SCardReleaseContext, also of a client that has gone.
    pub fn release(&self, context: Handle) -> Result<(), Code> {
        let mut state = self.state();
        state.contexts.remove(&context).ok_or(Code::InvalidHandle)?;
        let left: Vec<Handle> = state
            .connections
            .iter()
            .filter(|(_, connection)| connection.context == context)
            .map(|(handle, _)| *handle)
            .collect();
        let numbers: Vec<usize> = left
            .into_iter()
            .filter_map(|handle| state.hang_up(handle, Disposition::Reset))
            .collect();
        self.changed.notify_all();
        for number in numbers {
            state = self.settle(state, number).0;
        }
        Ok(())
    }

    /// SCardIsValidContext.
    pub fn is_valid(&self, context: Handle) -> bool {
        self.state().contexts.contains_key(&context)
    }

    /// SCardListReaders.
    pub fn readers(&self, context: Handle) -> Result<Vec<String>, Code> {
        let state = self.state();
        state.context(context)?;
        Ok(state.readers.iter().map(|r| r.name.clone()).collect())
    }

    /// SCardCancel.
    pub fn cancel(&self, context: Handle) -> Result<(), Code> {
        let mut state = self.state();
        let context = state.contexts.get_mut(&context);
        context.ok_or(Code::InvalidHandle)?.is_cancelled = true;
        self.changed.notify_all();
        Ok(())
    }

    /// SCardGetStatusChange, for as long as the client `is_there`.
    pub fn wait_for_change(
        &self,
        context: Handle,
        limit: Option<Duration>,
        states: &mut [ReaderState],
        is_there: &dyn Fn() -> bool,
    ) -> Result<(), Code> {
        let deadline = limit.map(|limit| Instant::now() + limit);
        let mut state = self.state();
        state.context(context)?;
        if let Some(context) = state.contexts.get_mut(&context) {
            context.is_cancelled = false;
        }
        loop {
            if events::tell(&state.readers, states) || states.is_empty() {
                return Ok(());
            }
            if state.context(context)?.is_cancelled || !is_there() {
                return Err(Code::Cancelled);
            }
            let left = deadline.map(|end| end.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(Code::Timeout);
            }
            state = self.wait(state, left.unwrap_or(LOOK).min(LOOK));
        }
    }

    /// SCardConnect.
    pub fn connect(
        &self,
        context: Handle,
        reader: &str,
        share: Share,
        protocols: Protocols,
    ) -> Result<(Handle, Protocols), Code> {
        let mut state = self.state();
        state.context(context)?;
        let number = state.readers.iter().position(|r| r.name == reader);
        let number = number.ok_or(Code::UnknownReader)?;
        let handle = state.new_handle();
        let reader = state.readers.get_mut(number).ok_or(Code::UnknownReader)?;
        reader.admit(share)?;
        let protocol = reader.start(share, protocols)?;
        reader.holding.enter(share);
        let connection = Connection::new(context, number, share, reader);
        state.connections.insert(handle, connection);
        self.changed.notify_all();
        let (mut state, answers) = self.settle(state, number);
        if protocol != Protocols(0) && !answers {
            state.hang_up(handle, Disposition::Unpower);
            return Err(Code::UnresponsiveCard);
        }
        Ok((handle, protocol))
    }

    /// SCardReconnect.
    pub fn reconnect(
        &self,
        card: Handle,
        share: Share,
        protocols: Protocols,
        before: Disposition,
    ) -> Result<Protocols, Code> {
        let mut state = self.state();
        let (connection, reader) = state.both(card)?;
        reader.check_transaction(card)?;
        if share != connection.share {
            if share == Share::Exclusive && reader.holding != Holding::Shared(1) {
                return Err(Code::SharingViolation);
            }
            reader.holding.leave();
            reader.holding.enter(share);
            connection.share = share;
        }
        reader.dispose(before);
        let protocol = reader.start(share, protocols)?;
        connection.catch_up(reader);
        let number = connection.reader;
        self.changed.notify_all();
        match self.settle(state, number).1 {
            false if protocol != Protocols(0) => Err(Code::UnresponsiveCard),
            _ => Ok(protocol),
        }
    }

    /// SCardDisconnect.
    pub fn disconnect(&self, card: Handle, after: Disposition) -> Result<(), Code> {
        let mut state = self.state();
        let (_, reader) = state.both(card)?;
        // Going away quietly disturbs nobody's transaction.
        if after != Disposition::Leave {
            reader.check_transaction(card)?;
        }
        let number = state.hang_up(card, after);
        self.changed.notify_all();
        if let Some(number) = number {
            drop(self.settle(state, number));
        }
        Ok(())
    }

    /// SCardBeginTransaction: waits for the end of another's, for as long as the client `is_there`.
    pub fn begin(&self, card: Handle, is_there: &dyn Fn() -> bool) -> Result<(), Code> {
        let mut state = self.state();
        loop {
            let (connection, reader) = state.both(card)?;
            connection.check(reader)?;
            if reader.check_transaction(card).is_ok() {
                reader.begin(card);
                return Ok(());
            }
            if !is_there() {
                return Err(Code::Cancelled);
            }
            state = self.wait(state, LOOK);
        }
    }

    /// SCardEndTransaction.
    pub fn end(&self, card: Handle, after: Disposition) -> Result<(), Code> {
        let mut state = self.state();
        let (connection, reader) = state.both(card)?;
        connection.check(reader)?;
        reader.end(card, after)?;
        let number = connection.reader;
        self.changed.notify_all();
        if after != Disposition::Leave {
            drop(self.settle(state, number));
        }
        Ok(())
    }

    /// SCardStatus.
    pub fn status(&self, card: Handle) -> Result<Status, Code> {
        let mut state = self.state();
        let (connection, reader) = state.both(card)?;
        connection.check(reader)?;
        Ok(reader.status())
    }

    /// SCardTransmit.
    pub fn transmit(
        &self,
        card: Handle,
        command: &[u8],
        response: &mut Vec<u8>,
    ) -> Result<(), Code> {
        let inserted = {
            let mut state = self.state();
            let (connection, reader) = state.both(card)?;
            connection.check(reader)?;
            reader.check_transaction(card)?;
            reader.card().ok_or(Code::NoSmartcard)?
        };
        inserted.transmit(command, response);
        match response.is_empty() {
            true => Err(Code::NotTransacted),
            false => Ok(()),
        }
    }

    /// SCardGetAttrib: the answer to reset, the reader's name.
    pub fn attribute(&self, card: Handle, attribute: u32) -> Result<Vec<u8>, Code> {
        const ATR_STRING: u32 = 0x0009_0303;
        const FRIENDLY_NAME: u32 = 0x7FFF_0003;
        let status = self.status(card)?;
        match attribute {
            ATR_STRING => Ok(status.atr),
            FRIENDLY_NAME => Ok([status.reader.as_bytes(), &[0]].concat()),
            _ => Err(Code::UnsupportedFeature),
        }
    }

    /// Waits, without the lock, until the card in a reader has done what was ordered; whether it has
    /// answered to reset.
    fn settle<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        number: usize,
    ) -> (MutexGuard<'a, State>, bool) {
        let reader = state.readers.get(number);
        let Some((card, card_number)) = reader.and_then(|r| Some((r.card()?, r.card_number)))
        else {
            return (state, false);
        };
        drop(state);
        let atr = card.settle();
        let answers = !atr.is_empty();
        let mut state = self.state();
        if let Some(reader) = state.readers.get_mut(number) {
            reader.settled(card_number, atr);
        }
        (state, answers)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, limit: Duration) -> MutexGuard<'a, State> {
        self.changed
            .wait_timeout(state, limit)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Local {
    fn default() -> Self {
        Self::new()
    }
}
