//! Who is connected to what.

use std::collections::BTreeMap;

use vsmartcard::winscard::{Code, Disposition, Handle};

use super::connection::Connection;
use super::reader::Reader;

#[derive(Default)]
pub(super) struct State {
    pub(super) readers: Vec<Reader>,
    pub(super) contexts: BTreeMap<Handle, Context>,
    pub(super) connections: BTreeMap<Handle, Connection>,
    /// Handles are never used twice.
    last_handle: Handle,
}

#[derive(Default)]
pub(super) struct Context {
    pub(super) is_cancelled: bool,
}

impl State {
    pub(super) fn new_handle(&mut self) -> Handle {
        self.last_handle += 1;
        self.last_handle
    }

    pub(super) fn context(&self, context: Handle) -> Result<&Context, Code> {
        self.contexts.get(&context).ok_or(Code::InvalidHandle)
    }

    pub(super) fn both(&mut self, card: Handle) -> Result<(&mut Connection, &mut Reader), Code> {
        let connection = self.connections.get_mut(&card);
        let connection = connection.ok_or(Code::InvalidHandle)?;
        let reader = self.readers.get_mut(connection.reader);
        Ok((connection, reader.ok_or(Code::ReaderUnavailable)?))
    }

    /// Ends a connection, whatever it was in the middle of. The reader that it was to.
    pub(super) fn hang_up(&mut self, card: Handle, after: Disposition) -> Option<usize> {
        let connection = self.connections.remove(&card)?;
        let reader = self.readers.get_mut(connection.reader)?;
        reader.abandon(card);
        reader.holding.leave();
        reader.dispose(after);
        Some(connection.reader)
    }
}
