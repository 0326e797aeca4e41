//! Whether the parts of a stored desk fit together.

use std::collections::BTreeSet;

use super::StoredDesk;
use crate::desk::card::CardState;
use crate::desk::certificate::CertificateState;
use crate::desk::contact::Channel;
use crate::desk::credential::CredentialState;
use crate::desk::dossier::Dossier;
use crate::desk::production::{Order, OrderId};

/// Goes through everything. A fault is where, and what.
pub(super) fn check(desk: &StoredDesk) -> Result<(), (String, String)> {
    let at = |place: String| move |reason: &'static str| (place, reason.to_owned());
    policy(desk).map_err(at("policy".to_owned()))?;
    let mut numbers = BTreeSet::new();
    for (place, dossier) in desk.dossiers.iter().enumerate() {
        let at = at(format!("dossiers[{place}]"));
        check_dossier(desk, dossier)
            .and_then(|()| {
                unless(
                    numbers.insert(dossier.number),
                    "its card has a dossier already",
                )
            })
            .map_err(at)?;
    }
    for (id, order) in &desk.orders {
        check_order(desk, *id, order).map_err(at(format!("orders.{}", id.0)))?;
    }
    let mut contacts = BTreeSet::new();
    for (place, known) in desk.address_book.iter().enumerate() {
        unless(
            contacts.insert(&known.contact),
            "the contact is known already",
        )
        .map_err(at(format!("address_book[{place}]")))?;
    }
    Ok(())
}

fn policy(desk: &StoredDesk) -> Result<(), &'static str> {
    let policy = desk.policy;
    let spans = [
        policy.one_time_code_lifetime,
        policy.identification_lifetime,
        policy.suspension_max,
    ];
    let last = spans.iter().all(|span| !span.is_negative());
    unless(last, "nothing lasts less than no time")
}

/// Card, certificate and credential are three lives that are one.
fn check_dossier(desk: &StoredDesk, dossier: &Dossier) -> Result<(), &'static str> {
    unless(
        certificate_goes_with(dossier.card, dossier.certificate),
        "the certificate is not in a state that goes with the card's",
    )?;
    let is_dead = dossier.credential.state == CredentialState::Dead;
    unless(
        is_dead == dossier.card.is_over(),
        "the codes are dead when the card is over, and then only",
    )?;
    unless(
        (dossier.card == CardState::Suspended) == dossier.suspended_since.is_some(),
        "a card is on hold since some time, and no other card is",
    )?;
    if let Some(request) = dossier.credential.request {
        unless(
            !is_dead && request.0 < desk.requests_ever,
            "its request was never taken, or the card is over",
        )?;
    }
    if let Some(order) = dossier.successor {
        unless(order.0 < desk.orders_ever, "its order was never taken")?;
    }
    let on_paper = |channel| channel == Channel::PaperSlip;
    let contact = dossier.contact.as_ref();
    unless(
        !contact.is_some_and(|contact| on_paper(contact.channel())),
        "no second part is sent to a counter",
    )?;
    unless(
        dossier.cip.as_ref().is_none_or(|cip| cip.can_be()),
        "its CIP has more tries than there are",
    )
}

fn certificate_goes_with(card: CardState, certificate: CertificateState) -> bool {
    match card {
        CardState::Requested => certificate == CertificateState::NotIssued,
        CardState::InProduction | CardState::Shipped | CardState::Delivered | CardState::Active => {
            certificate == CertificateState::Good
        }
        CardState::Suspended => certificate == CertificateState::OnHold,
        CardState::Revoked | CardState::Superseded => {
            matches!(certificate, CertificateState::Revoked(_))
        }
        CardState::Expired => certificate == CertificateState::Expired,
    }
}

fn check_order(desk: &StoredDesk, id: OrderId, order: &Order) -> Result<(), &'static str> {
    let mut dossiers = desk.dossiers.iter();
    let replaced = dossiers.find(|dossier| dossier.number == order.replaces);
    let replaced = replaced.ok_or("there is no card that it replaces")?;
    unless(
        replaced.successor == Some(id),
        "the card that it replaces has another successor",
    )
}

fn unless(holds: bool, reason: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(reason) }
}
