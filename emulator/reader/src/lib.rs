//! Cards in readers: everything that a pure card needs to be plugged in.
//!
//! | module | subject |
//! |---|---|
//! | [`contacts`] | what a reader holds |
//! | [`slot`] | a reader's slot, steered: cards in and out, faults |
//! | [`faults`] | what goes wrong, scripted |
//! | [`control`] | a socket by which another process steers a slot |
//! | [`vpcd`] | the transport to vsmartcard's reader driver, and so to PC/SC |
//! | [`unix`] | the transport to our own reader driver |
//! | [`store`] | a card image in a file: the card's memory when it is kept |
//! | [`journal`] | what was said between host and card, secrets masked |
//! | [`entropy`] | the operating system's random bytes |
//! | [`pcscd`] | a pcscd of one's own, for tests and demonstrations |
//! | [`awake`] | waiting without sleeping, for a moment |
//! | [`ports`] | pairs of free ports for its driver |

pub mod awake;
pub mod contacts;
pub mod control;
pub mod entropy;
pub mod faults;
pub mod journal;
pub mod pcscd;
pub mod ports;
pub mod slot;
pub mod store;
pub mod unix;
pub mod vpcd;

pub use awake::Awake;
pub use contacts::Contacts;
pub use control::Control;
pub use entropy::SystemEntropy;
pub use journal::Journal;
pub use pcscd::{Driver, PcscdError, PrivatePcscd, Readers};
pub use slot::Slot;
pub use store::{ImageFile, Passphrase, StoreError};
pub use unix::{UnixRemoval, UnixSlot, UnixSlotError};
pub use vpcd::{Insertion, ReaderError};
