//! A test relying party for CNS logins.
//!
//! The portal asks for a client certificate in the TLS handshake, as the portals of Italian
//! administrations do, and then says who logged in, or exactly why nobody did. It knows TLS and
//! X.509 and never an APDU: what sits behind the client's signature, a card or a file, is nothing
//! it can see.
//!
//! ```text
//! portal, accept    profile, handshake,    evidence, checks,    report, junit    routes,
//! connection        peer, possession       opinions, verdict                     pages, words
//! who may           what is proven, and    what that            what is told,    how it is
//! connect           what was seen          amounts to           in which words   shown
//! ```
//!
//! What is gathered in the handshake is a value, [`evidence::Evidence`]; every judgement is a function
//! of it.

pub mod alert;
pub mod certificate;
pub mod chain;
pub mod checks;
pub mod client_hello;
pub mod clock;
pub mod documents;
pub mod enrolment;
pub mod evidence;
pub mod fault;
pub mod handshake;
pub mod handshake_facts;
pub mod holder;
pub mod journal;
pub mod login;
pub mod opinions;
pub mod peer;
pub mod pki;
pub mod portal;
pub mod possession;
pub mod profile;
pub mod proxy;
pub mod report;
pub mod revocation;
pub mod rules;
pub mod town;
pub mod trust;
pub mod trusted_list;
pub mod verdict;

mod accept;
mod behind;
mod connection;
mod content;
mod control;
mod hints;
mod json;
mod junit;
mod metrics;
mod pages;
mod routes;
mod site;
mod tls_names;
mod wire;
mod words;

pub use clock::{Clock, ClockSetting, SystemClock, VirtualClock};
pub use cns_language::Language;
pub use documents::{Document, DocumentRequest, DocumentShelf, Documents, Freshness};
pub use enrolment::{Enrolled, Enrolment, EnrolmentError};
pub use fault::Faults;
pub use journal::{Journal, JournalCapacity, JournalEntry, RequestRecord};
pub use login::{Citizen, Outcome};
pub use pki::PublicOffices;
pub use portal::{
    Addresses, Exposure, Portal, PortalConfig, PortalError, ServerFault, ServerGuard, TrustGuard,
};
pub use profile::{PROFILES, Profile, Refusal};
pub use report::{LoginReport, VerdictReport};
pub use revocation::{
    Publications, RevocationList, RevocationQuery, RevocationSource, RevocationSources,
    RevocationStatus,
};
pub use town::{Keeper, NotKept, Staff, StaffMember, StaffRole, Town, TownHall, Workshop};
pub use trust::certificates_from_pem;
pub use trusted_list::PublishedTrustedList;
