//! PC/SC without a daemon: the rules of pcscd for readers, cards and who uses them, in the client's
//! own process or behind a unix socket that several processes share.
//!
//! ```text
//!   client ── SCard* ── Manager ─┬─ Local ── readers ── cards          in the client's process
//!                                └─ Remote ── unix socket ── host ── Local     in a process for all
//! ```
//! | module | subject |
//! |---|---|
//! | [`local`] | readers, connections, sharing, transactions, events |
//! | [`host`] | the same for other processes, at a unix socket |
//! | [`remote`] | the other end of that socket |
//! | [`channel`] | a connection between the two |
//! | [`message`] | what is said over it |
//! | [`place`] | how a client is told where its cards are |
//! | [`library`] | the library that clients load, and a folder in which they find it |
//!
//! No root, no pcscd, no package of the distribution is needed. The library that clients load is the
//! crate `cns-pcsc-library`.

pub mod channel;
pub mod host;
pub mod library;
pub mod local;
pub mod message;
pub mod place;
pub mod remote;

mod manager;

pub use local::Local;
pub use manager::Manager;
pub use place::Place;
