//! A Carta Nazionale dei Servizi: command APDUs in, response APDUs out.
//!
//! The crate opens no socket and no file, reads no clock, and takes its randomness from outside
//! ([`Entropy`]): the same image, the same random bytes and the same commands give the same
//! answers. [`Card`] is the only door.
//!
//! What survives power-off is one value, [`CardImage`]; it changes in one place, [`memory`], and
//! every change is committed before the response that reports it leaves. What dies at reset is
//! another, the session, and it is dropped as a whole.
//!
//! Two rules are kept by types and not by care:
//! - a PIN, PUK or key is *charged* before it is compared: only the value that proves the charge
//!   can compare (`reference_data`);
//! - the bytes of a file are reached only with the grant that its access conditions give (`access`).

mod access;
mod atr;
mod card;
mod command;
mod crypto;
mod dialect;
mod entropy;
mod file;
mod image;
mod key;
pub mod memory;
mod reference_data;
#[cfg(feature = "seams")]
mod seams;
mod secure_messaging;
mod security_environment;
mod session;

pub use access::{AccessConditions, Condition};
pub use atr::{Atr, AtrError};
pub use card::Card;
pub use crypto::{KeyError, RsaPart, RsaPartKind, RsaPrivateKey, TripleDesKey};
pub use dialect::{Dialect, FciLayout, WrongReference};
pub use entropy::{Entropy, EntropyFault};
pub use file::path::{Path, PathTooDeep};
pub use file::{Content, DedicatedFile, ElementaryFile, File, FileId, RecordStructure};
pub use image::{CardImage, ImageError, LifeCycle};
pub use key::{Key, KeyAlgorithm, KeyMaterial, KeyRules};
pub use memory::{Memory, MemoryFault, Volatile};
pub use reference_data::{
    ReferenceData, ReferenceRules, ReferenceState, ReferenceValue, ReferenceValueError,
};
#[cfg(feature = "seams")]
pub use seams::SessionSnapshot;
pub use secure_messaging::{FileMessaging, ObjectMessaging};
pub use security_environment::SecurityEnvironment;
