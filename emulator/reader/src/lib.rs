//! Cards in readers: everything that a pure card needs to be plugged in.
//!
//! | module | subject |
//! |---|---|
//! | [`contacts`] | what a reader holds |
//! | [`slot`] | a reader's slot, steered: cards in and out, faults |
//! | [`faults`] | what goes wrong, scripted |
//! | [`control`] | a socket by which another process steers slots |
//! | [`address`] | where a reader takes its cards |
//! | [`vpcd`] | the transport to a reader's driver, vsmartcard's or our own, and so to PC/SC |
//! | [`guest`] | the other end of it: a card of another process in a reader of ours |
//! | [`unix`] | sockets that processes of ours listen at |
//! | [`place`] | a file that is replaced as a whole, by one process at a time |
//! | [`store`] | a card image in a file: the card's memory when it is kept |
//! | [`journal`] | what was said between host and card, secrets masked |
//! | [`entropy`] | the operating system's random bytes |
//! | [`pcscd`] | a pcscd of one's own, for tests and demonstrations |
//! | [`awake`] | waiting without sleeping, for a moment |
//! | [`ports`] | pairs of free ports for its driver |
//! | [`folder`] | a temporary folder that goes away however its process ends |
//! | [`library`] | the libraries that go with a program |

pub mod address;
pub mod awake;
pub mod contacts;
pub mod control;
pub mod entropy;
pub mod faults;
pub mod folder;
pub mod guest;
pub mod journal;
pub mod library;
pub mod pcscd;
pub mod place;
pub mod ports;
pub mod slot;
pub mod store;
pub mod unix;
pub mod vpcd;

pub use address::Address;
pub use awake::Awake;
pub use contacts::Contacts;
pub use control::Control;
pub use entropy::SystemEntropy;
pub use folder::Folder;
pub use guest::{Entrance, Guest};
pub use journal::Journal;
pub use pcscd::{Driver, PcscdError, PrivatePcscd, Readers};
pub use slot::Slot;
pub use store::{ImageFile, Passphrase, StoreError};
pub use unix::{Door, SocketError};
pub use vpcd::{Insertion, ReaderError};
