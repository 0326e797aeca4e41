//! The manager of a client's process: its own readers, or those of a host.

use std::process;
use std::time::Duration;

use vsmartcard::winscard::{
    Code, Disposition, Handle, Protocols, ReaderState, ResourceManager, Share, Status,
};

use crate::local::Local;
use crate::place::{Place, furnish};
use crate::remote::Remote;

/// Where the environment says that the cards are.
pub struct Manager {
    cards: Cards,
    /// Whose it is. A child that a client forks must not use the parent's cards and connections: two
    /// would speak over one line, and one card would be two.
    process: u32,
}

enum Cards {
    Here(Local),
    There(Remote),
}

/// A client in its own process is there as long as it asks.
const ALWAYS: &dyn Fn() -> bool = &|| true;

impl Manager {
    /// The manager for cards at this place.
    pub fn of(place: &Place) -> Result<Self, crate::place::PlaceError> {
        let cards = match place {
            Place::Here(plans) => Cards::Here(furnish(plans)?),
            Place::Socket(path) => Cards::There(Remote::at(path)),
        };
        let process = process::id();
        Ok(Self { cards, process })
    }

    fn cards(&self) -> Result<&Cards, Code> {
        match self.process == process::id() {
            true => Ok(&self.cards),
            false => Err(Code::NoService),
        }
    }
}

impl ResourceManager for Manager {
    fn start() -> Result<Self, Code> {
        let started = Place::from_environment().and_then(|place| Self::of(&place));
        started.map_err(|error| {
            eprintln!("no PC/SC: {error}");
            Code::NoService
        })
    }

    fn establish(&self) -> Result<Handle, Code> {
        match self.cards()? {
            Cards::Here(local) => Ok(local.establish()),
            Cards::There(remote) => remote.establish(),
        }
    }

    fn release(&self, context: Handle) -> Result<(), Code> {
        match self.cards()? {
            Cards::Here(local) => local.release(context),
            Cards::There(remote) => remote.release(context),
        }
    }

    fn is_valid(&self, context: Handle) -> bool {
        match self.cards() {
            Ok(Cards::Here(local)) => local.is_valid(context),
            Ok(Cards::There(remote)) => remote.is_valid(context),
            Err(_) => false,
        }
    }

    fn readers(&self, context: Handle) -> Result<Vec<String>, Code> {
        match self.cards()? {
            Cards::Here(local) => local.readers(context),
            Cards::There(remote) => remote.readers(context),
        }
    }

    fn wait_for_change(
        &self,
        context: Handle,
        limit: Option<Duration>,
        states: &mut [ReaderState],
    ) -> Result<(), Code> {
        match self.cards()? {
            Cards::Here(local) => local.wait_for_change(context, limit, states, ALWAYS),
            Cards::There(remote) => remote.wait_for_change(context, limit, states),
        }
    }

    fn cancel(&self, context: Handle) -> Result<(), Code> {
        match self.cards()? {
            Cards::Here(local) => local.cancel(context),
            Cards::There(remote) => remote.cancel(context),
        }
    }

    fn connect(
        &self,
        context: Handle,
        reader: &str,
        share: Share,
        protocols: Protocols,
    ) -> Result<(Handle, Protocols), Code> {
        match self.cards()? {
            Cards::Here(local) => local.connect(context, reader, share, protocols),
            Cards::There(remote) => remote.connect(context, reader, share, protocols),
        }
    }

    fn reconnect(
        &self,
        card: Handle,
        share: Share,
        protocols: Protocols,
        before: Disposition,
    ) -> Result<Protocols, Code> {
        match self.cards()? {
            Cards::Here(local) => local.reconnect(card, share, protocols, before),
            Cards::There(remote) => remote.reconnect(card, share, protocols, before),
        }
    }

    fn disconnect(&self, card: Handle, after: Disposition) -> Result<(), Code> {
        match self.cards()? {
            Cards::Here(local) => local.disconnect(card, after),
            Cards::There(remote) => remote.disconnect(card, after),
        }
    }

    fn begin(&self, card: Handle) -> Result<(), Code> {
        match self.cards()? {
            Cards::Here(local) => local.begin(card, ALWAYS),
            Cards::There(remote) => remote.begin(card),
        }
    }

    fn end(&self, card: Handle, after: Disposition) -> Result<(), Code> {
        match self.cards()? {
            Cards::Here(local) => local.end(card, after),
            Cards::There(remote) => remote.end(card, after),
        }
    }

    fn status(&self, card: Handle) -> Result<Status, Code> {
        match self.cards()? {
            Cards::Here(local) => local.status(card),
            Cards::There(remote) => remote.status(card),
        }
    }

    fn transmit(&self, card: Handle, command: &[u8], response: &mut Vec<u8>) -> Result<(), Code> {
        match self.cards()? {
            Cards::Here(local) => local.transmit(card, command, response),
            Cards::There(remote) => remote.transmit(card, command, response),
        }
    }

    fn control(&self, card: Handle, _: u32, _: &[u8]) -> Result<Vec<u8>, Code> {
        self.status(card)?;
        Err(Code::UnsupportedFeature)
    }

    fn attribute(&self, card: Handle, attribute: u32) -> Result<Vec<u8>, Code> {
        match self.cards()? {
            Cards::Here(local) => local.attribute(card, attribute),
            Cards::There(remote) => remote.attribute(card, attribute),
        }
    }
}
