//! A test relying party for CNS logins.
//!
//! The portal asks for a client certificate in the TLS handshake, as the portals of Italian
//! administrations do, and then says who logged in, or exactly why nobody did. It knows TLS and
//! X.509 and never an APDU: what sits behind the client's signature, a card or a file, is nothing
//! it can see.
//!
//! ```text
//! portal      handshake, peer   certificate, login, check   report      routes, pages
//! who may     what is proven    what that certificate       what is     how it is
//! connect                       amounts to                  told        shown
//! ```

pub mod certificate;
pub mod check;
pub mod clock;
pub mod handshake;
pub mod journal;
pub mod login;
pub mod peer;
pub mod portal;
pub mod proxy;
pub mod report;
pub mod trust;

mod in_italian;
mod pages;
mod routes;

pub use clock::{Clock, SystemClock};
pub use journal::{Journal, JournalEntry};
pub use login::{Citizen, Outcome};
pub use portal::{Exposure, Portal, PortalConfig, PortalError};
pub use report::LoginReport;
pub use trust::certificates_from_pem;
