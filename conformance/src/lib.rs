//! The conformance suite: cases and targets, wrong cards that prove it can fail, and real clients
//! driven end to end.
//!
//! ```text
//! case ── evidence, applies, state      what must hold, where it is written, for which cards
//!   │
//! suites                                one folder a suite, one file a section
//!   │
//! runner ── test_card ── target         each case from a fresh beginning; power, reset, bytes
//!   │                        │
//! mutants                 own_card      the card with one thing wrong
//! ```
//!
//! Real clients need more than a card. A [`Workbench`] is a card in a reader of its own pcscd, a
//! portal, and a home for clients; an [`Action`] lets one real program do one thing there, and judges
//! what came of it. Nothing there is replaced by a stand-in: pcscd, its driver and the clients are
//! the programs that the distribution ships, and the card answers every APDU that they send.

pub mod action;
pub mod applies;
pub mod campaign;
pub mod capabilities;
pub mod card_workshop;
pub mod case;
pub mod client_suite;
pub mod clients;
pub mod evidence;
pub mod expectations;
pub mod login;
pub mod mutants;
pub mod mutation;
pub mod openssl_judge;
pub mod own_reader;
pub mod own_verdict;
pub mod packages;
pub mod pcsc;
pub mod portal;
pub mod private_reader;
pub mod proxied;
pub mod reactions;
pub mod reader_stage;
pub mod report;
pub mod run;
pub mod runner;
pub mod selection;
pub mod state;
pub mod subject;
pub mod suites;
pub mod survey;
pub mod symptoms;
pub mod target;
pub mod test_card;
pub mod token;
pub mod town;
pub mod viewer;
pub mod workbench;

mod background;
mod constant_name;
mod desk;
mod devtools;
mod signature;

pub use action::{Action, ActionError, Outcome, Report};
pub use clients::actions;
pub use login::{TlsVersion, Visit};
pub use pcsc::{PcscCard, PcscCardError};
pub use run::{Finished, Invocation, RunError};
pub use survey::Survey;
pub use workbench::{ReaderKind, Setup, Workbench, WorkbenchError};
