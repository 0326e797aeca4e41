//! ISO 7816 on the wire, and nothing else: what a command, a response, a status word and a data
//! object look like as bytes, and what they are called in words.
//!
//! This crate has no dependency and does no input or output. Every parser takes bytes from outside
//! and answers with a value or an error, never with a panic.
//!
//! | module | subject | source |
//! |---|---|---|
//! | [`command`] | command APDUs of all cases, short and extended, lossless | ISO 7816-3 §12.1 |
//! | [`response`] | response APDUs | ISO 7816-3 §12.1 |
//! | [`status`] | status words | ISO 7816-4 §5.6 |
//! | [`tlv`] | BER-TLV data objects, reading and writing | ISO 7816-4 §5.2.2 |
//! | [`chain`] | command chaining | ISO 7816-4 §5.3.3 |
//! | [`names`] | what the field calls files and applications | OpenSC's driver |
//! | [`context`] | which file is selected, heard from outside | ISO 7816-4 §7.1.1 |
//! | [`transcript`] | the lines in which exchanges are written down | |
//! | [`words`] | an exchange in plain words, with secrets masked | |

pub mod chain;
pub mod command;
pub mod context;
pub mod hex;
pub mod names;
pub mod response;
pub mod status;
pub mod tlv;
pub mod transcript;
pub mod words;

pub use chain::{BrokenChain, Chain, Link};
pub use command::{Case, Class, Command, Form, Le, Malformed};
pub use response::Response;
pub use status::Sw;
