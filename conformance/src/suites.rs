//! All cases, suite by suite. A suite is a folder, a section of it a file.

mod atr;
mod chaining;
mod class;
mod data;
mod environment;
mod files;
mod life_cycle;
mod pcsc;
mod pin;
mod pkcs11;
mod puk;
mod read;
mod records;
mod select;
mod signature;
mod tls;

use crate::campaign::Campaign as _;
use crate::case::Case;
use crate::client_suite::ClientCampaign;
use crate::portal::Portal;
use crate::reader_stage::TestReader;
use crate::runner::CaseFacts;
use crate::test_card::TestCard;
use crate::token::Token;

/// The cases of a section, a file.
type Section = &'static [Case<TestCard>];

/// The cases that need no more than a card.
pub fn card_cases() -> Vec<&'static Case<TestCard>> {
    [
        atr::SECTIONS,
        life_cycle::SECTIONS,
        class::SECTIONS,
        chaining::SECTIONS,
        data::SECTIONS,
        environment::SECTIONS,
        files::SECTIONS,
        pin::SECTIONS,
        puk::SECTIONS,
        read::SECTIONS,
        records::SECTIONS,
        select::SECTIONS,
        signature::SECTIONS,
    ]
    .concat()
    .into_iter()
    .flatten()
    .collect()
}

/// The cases that need a reader of PC/SC, with a card in it.
pub fn reader_cases() -> Vec<&'static Case<TestReader>> {
    pcsc::SECTIONS.iter().copied().flatten().collect()
}

/// The cases that need a token in a PKCS #11 module.
pub fn token_cases() -> Vec<&'static Case<Token>> {
    pkcs11::SECTIONS.iter().copied().flatten().collect()
}

/// Every case there is, whatever it runs on.
pub fn all_facts() -> Vec<CaseFacts> {
    let cards = card_cases().into_iter().map(Case::facts);
    let readers = reader_cases().into_iter().map(Case::facts);
    let tokens = token_cases().into_iter().map(Case::facts);
    let portals = portal_cases().into_iter().map(Case::facts);
    let clients = ClientCampaign::new().cases();
    cards
        .chain(readers)
        .chain(tokens)
        .chain(portals)
        .chain(clients)
        .collect()
}

/// The cases that need a portal.
pub fn portal_cases() -> Vec<&'static Case<Portal>> {
    tls::SECTIONS.iter().copied().flatten().collect()
}
