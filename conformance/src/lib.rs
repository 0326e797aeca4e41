//! Real clients, driven end to end against a virtual CNS card.
//!
//! A [`Workbench`] is a card in a reader of its own pcscd, a portal, and a home for clients. An
//! [`Action`] lets one real program do one thing there, and judges what came of it:
//!
//! ```text
//! packages     workbench        run              clients      login, signature
//! what must    card, pcscd,     one program,     which        what a login or
//! be           portal, home     limited in       programs,    a signature
//! installed    for clients      time, counted    how called   must be
//! ```
//!
//! Nothing here is replaced by a stand-in: pcscd, its driver and the clients are the programs that
//! the distribution ships, and the card answers every APDU that they send.

pub mod action;
pub mod clients;
pub mod login;
pub mod packages;
pub mod pcsc;
pub mod run;
pub mod survey;
pub mod workbench;

mod background;
mod signature;

pub use action::{Action, ActionError, Outcome, Report};
pub use clients::actions;
pub use login::{TlsVersion, Visit};
pub use pcsc::{PcscCard, PcscCardError};
pub use run::{Finished, Invocation, RunError};
pub use survey::Survey;
pub use workbench::{Setup, Workbench, WorkbenchError};
