//! What a Rust library needs to *be* PC/SC: the functions of libpcsclite, without a daemon behind.
//!
//! Implement [`ResourceManager`] and write [`export_winscard!`](crate::export_winscard) once, in a
//! `cdylib`; clients load it in the place of `libpcsclite.so.1`. The macro exports the functions of
//! pcsc-lite's `winscard.h`, which come here, where pointers become slices and errors numbers:
//!
//! ```text
//! SCardEstablishContext  SCardReleaseContext   SCardIsValidContext   SCardCancel
//! SCardListReaders       SCardListReaderGroups SCardGetStatusChange  SCardFreeMemory
//! SCardConnect           SCardReconnect        SCardDisconnect       SCardStatus
//! SCardBeginTransaction  SCardEndTransaction   SCardTransmit         SCardControl
//! SCardGetAttrib         SCardSetAttrib        pcsc_stringify_error  g_rgSCardT0Pci, T1, Raw
//! ```
//! Numbers have pcsc-lite's sizes: `DWORD` is an unsigned `long`, `LONG` and handles a `long`.
//!
//! A panic in a [`ResourceManager`] does not reach the client: the call is answered as an internal
//! error.

#![allow(unsafe_code)]

mod code;
mod exported;
pub mod glue;
pub mod system;

pub use code::Code;

use std::time::Duration;

/// A number of a context or of a connection to a card.
pub type Handle = std::ffi::c_long;

/// How a card is shared (SCARD_SHARE_*).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Share {
    /// Nobody else may connect.
    Exclusive,
    /// Others may connect in this way too.
    Shared,
    /// The reader is meant, with or without a card in it.
    Direct,
}

/// What becomes of a card at the end of something (SCARD_*_CARD).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Disposition {
    /// Nothing.
    Leave,
    /// A warm reset.
    Reset,
    /// Power off; the next use is a cold reset.
    Unpower,
    /// The same; nothing here can eject a card.
    Eject,
}

/// The protocols that a client takes, and the one that is in use (SCARD_PROTOCOL_*).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Protocols(pub u32);

/// What is known of a connection (SCardStatus).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Status {
    /// The reader's name.
    pub reader: String,
    /// SCARD_ABSENT, SCARD_PRESENT, ...
    pub state: u32,
    /// The protocol in use.
    pub protocol: Protocols,
    /// The answer to reset; empty without power.
    pub atr: Vec<u8>,
}

/// What a client believes of a reader, and what is so (SCardGetStatusChange).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReaderState {
    /// The reader's name.
    pub reader: String,
    /// What the client believes: SCARD_STATE_* bits, events counted in the upper half.
    pub current: u32,
    /// What is so.
    pub event: u32,
    /// The answer to reset of the card in it.
    pub atr: Vec<u8>,
}

/// Readers, cards and who uses them. All methods can be called from several threads at once.
pub trait ResourceManager: Send + Sync + Sized + 'static {
    /// The one of this process, made at the first call of any function.
    ///
    /// # Errors
    /// Why there is none; every call is answered so.
    fn start() -> Result<Self, Code>;

    /// SCardEstablishContext.
    fn establish(&self) -> Result<Handle, Code>;
    /// SCardReleaseContext: its connections end too.
    fn release(&self, context: Handle) -> Result<(), Code>;
    /// SCardIsValidContext.
    fn is_valid(&self, context: Handle) -> bool;
    /// SCardListReaders.
    fn readers(&self, context: Handle) -> Result<Vec<String>, Code>;
    /// SCardGetStatusChange; without a limit it waits for ever.
    fn wait_for_change(
        &self,
        context: Handle,
        limit: Option<Duration>,
        states: &mut [ReaderState],
    ) -> Result<(), Code>;
    /// SCardCancel: ends the waiting of another thread.
    fn cancel(&self, context: Handle) -> Result<(), Code>;
    /// SCardConnect.
    fn connect(
        &self,
        context: Handle,
        reader: &str,
        share: Share,
        protocols: Protocols,
    ) -> Result<(Handle, Protocols), Code>;
    /// SCardReconnect.
    fn reconnect(
        &self,
        card: Handle,
        share: Share,
        protocols: Protocols,
        before: Disposition,
    ) -> Result<Protocols, Code>;
    /// SCardDisconnect.
    fn disconnect(&self, card: Handle, after: Disposition) -> Result<(), Code>;
    /// SCardBeginTransaction; waits for the end of another's.
    fn begin(&self, card: Handle) -> Result<(), Code>;
    /// SCardEndTransaction.
    fn end(&self, card: Handle, after: Disposition) -> Result<(), Code>;
    /// SCardStatus.
    fn status(&self, card: Handle) -> Result<Status, Code>;
    /// SCardTransmit; `response` is empty.
    fn transmit(&self, card: Handle, command: &[u8], response: &mut Vec<u8>) -> Result<(), Code>;
    /// SCardControl.
    fn control(&self, card: Handle, code: u32, input: &[u8]) -> Result<Vec<u8>, Code>;
    /// SCardGetAttrib.
    fn attribute(&self, card: Handle, attribute: u32) -> Result<Vec<u8>, Code>;
}
