//! What the pages of the desk call things.

use cns_language::{Text, text};

pub(super) const DESK: Text = text("Sportello", "Desk", "Schalter");
pub(super) const CARD: Text = text("Carta", "Card", "Karte");
pub(super) const HOLDER: Text = text("Titolare", "Holder", "Inhaber");
pub(super) const EXPIRES: Text = text("Scade il", "Expires on", "Gültig bis");
pub(super) const STATE: Text = text(
    "Stato della carta",
    "State of the card",
    "Zustand der Karte",
);
pub(super) const CERTIFICATE: Text = text("Certificato", "Certificate", "Zertifikat");
pub(super) const CREDENTIAL: Text = text("PIN e PUK", "PIN and PUK", "PIN und PUK");
pub(super) const SUSPENDED_SINCE: Text = text("Sospesa dal", "Suspended since", "Gesperrt seit");
pub(super) const CONTACT: Text = text("Recapito", "Contact", "Kontakt");
pub(super) const REQUEST: Text = text("Richiesta aperta", "Open request", "Offener Antrag");
pub(super) const NAME: Text = text("Nome", "Name", "Name");
pub(super) const CODICE_FISCALE: Text = text("Codice fiscale", "Codice fiscale", "Steuernummer");
pub(super) const OFFICE: Text = text("Ufficio", "Office", "Amt");

/// A state of a card, a certificate or codes, in words. One that has none here is shown as programs call it.
pub(super) fn state(name: &str) -> Option<Text> {
    let known = STATES.iter().find(|(known, _)| *known == name);
    known.map(|(_, words)| *words)
}

const STATES: &[(&str, Text)] = &[
    ("requested", text("richiesta", "requested", "beantragt")),
    (
        "in-production",
        text("in produzione", "in production", "in Herstellung"),
    ),
    ("shipped", text("spedita", "shipped", "versandt")),
    (
        "delivered",
        text(
            "consegnata, da attivare",
            "delivered, not active yet",
            "zugestellt, noch nicht aktiv",
        ),
    ),
    ("active", text("attiva", "active", "aktiv")),
    (
        "suspended",
        text("sospesa", "suspended", "vorläufig gesperrt"),
    ),
    ("revoked", text("revocata", "revoked", "widerrufen")),
    ("expired", text("scaduta", "expired", "abgelaufen")),
    ("superseded", text("sostituita", "replaced", "ersetzt")),
    ("good", text("valido", "good", "gültig")),
    ("on-hold", text("sospeso", "on hold", "ausgesetzt")),
    (
        "not-issued",
        text("non emesso", "not issued", "nicht ausgestellt"),
    ),
    ("none", text("non richiesti", "none yet", "noch keine")),
    ("request-open", text("richiesti", "asked for", "beantragt")),
    (
        "first-part-handed",
        text(
            "prima parte consegnata",
            "first part handed over",
            "erster Teil ausgehändigt",
        ),
    ),
    (
        "second-part-queued",
        text(
            "seconda parte in viaggio",
            "second part on its way",
            "zweiter Teil unterwegs",
        ),
    ),
    (
        "second-part-delivered",
        text(
            "seconda parte arrivata",
            "second part delivered",
            "zweiter Teil zugestellt",
        ),
    ),
    (
        "second-part-bounced",
        text(
            "seconda parte tornata",
            "second part came back",
            "zweiter Teil zurückgekommen",
        ),
    ),
    ("in-use", text("in uso", "in use", "in Gebrauch")),
    (
        "pin-blocked",
        text("PIN bloccato", "PIN blocked", "PIN gesperrt"),
    ),
    (
        "puk-blocked",
        text("PUK bloccato", "PUK blocked", "PUK gesperrt"),
    ),
    (
        "dead",
        text("non più validi", "no longer valid", "nicht mehr gültig"),
    ),
];
