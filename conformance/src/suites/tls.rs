//! TLS: logging in at a portal with the card, and all that must not be a login.

mod http;
mod possession;
mod refused;
mod report;
mod request;
mod server;
mod signs;
mod zoo;

use crate::applies::Needs;
use crate::case::Case;
use crate::evidence::{Document, Grade, Source, source};
use crate::portal::Portal;
use cns_fixtures::KeySize;

pub(super) const SECTIONS: &[&[Case<Portal>]] = &[
    request::CASES,
    signs::CASES,
    report::CASES,
    refused::CASES,
    zoo::CASES,
    possession::CASES,
    server::CASES,
    http::CASES,
];

/// Portals of today take no RSA key below 2048 bits.
const LOGIN: &[Needs] = &[Needs::OwnPortal, Needs::KeySize(KeySize::Rsa2048)];

/// What public portals and their configurations do.
const fn portals(what: &'static str) -> Source {
    source(Document::Clients, what, Grade::Client)
}

/// The certificate profile, as public client documentation restates it.
const fn certificate(what: &'static str) -> Source {
    source(Document::CnsCertificate, what, Grade::Web)
}
