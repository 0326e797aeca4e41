//! A reader's driver (IFD handler) of our own: pcscd loads this library in place of vpcd, and finds a
//! reader with up to 16 slots for virtual cards.
//!
//! ```text
//!   pcscd ── IFDH* ── Reader ─┬─ slot 0 ── a card file, in pcscd's own process
//!                             ├─ slot 1 ── a unix socket, at which a card in another process enters
//!                             └─ control ─ a unix socket: insert, remove, what the pinpad is given
//! ```
//!
//! What it does better than a driver that is polled:
//! - **Presence is an event.** pcscd waits on a condition variable, so an insertion is seen at once
//!   and a removal, however short, is seen as one: a card that was exchanged between two looks is
//!   shown as absent first.
//! - **Everything has a time limit.** A card that falls silent is taken for gone.
//! - **Extended length** is announced (`dwMaxAPDUDataSize`), so that a signature is one APDU.
//! - **A pinpad** (PC/SC part 10: VERIFY and MODIFY PIN DIRECT) on which the control socket types.
//!
//! Which slots there are is said by a file, see [`configuration`]; pcscd is told of that file by
//! `DEVICENAME` in `reader.conf(5)`.

pub mod configuration;
pub mod features;
pub mod installation;
pub mod library;
pub mod pinpad;

mod control;
mod reader;
mod slot;

pub use reader::VirtualReader;

vsmartcard::export_ifd_handler!(crate::reader::VirtualReader);
