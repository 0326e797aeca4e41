//! A client's connection to a card.

use vsmartcard::winscard::{Code, Handle, Share};

use super::reader::Reader;

/// What a connection remembers, so that it hears of what others did to its card.
pub(super) struct Connection {
    pub(super) context: Handle,
    /// The reader's place in the list.
    pub(super) reader: usize,
    pub(super) share: Share,
    card: u64,
    resets: u64,
}

impl Connection {
    pub(super) fn new(context: Handle, number: usize, share: Share, reader: &Reader) -> Self {
        Self {
            context,
            reader: number,
            share,
            card: reader.card_number,
            resets: reader.resets,
        }
    }

    /// What has happened so far is known.
    pub(super) fn catch_up(&mut self, reader: &Reader) {
        self.card = reader.card_number;
        self.resets = reader.resets;
    }

    /// Whether the card is still the one that the client connected to, and was not reset since.
    pub(super) fn check(&self, reader: &Reader) -> Result<(), Code> {
        if self.share == Share::Direct {
            return Ok(());
        }
        if self.card != reader.card_number || !reader.has_card() {
            return Err(Code::RemovedCard);
        }
        if self.resets != reader.resets {
            return Err(Code::ResetCard);
        }
        Ok(())
    }
}
