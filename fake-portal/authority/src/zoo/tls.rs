//! The family `tls`: what comes with the certificate in the handshake, and what the portal itself shows.

use super::Verdict::{Accept, Refuse};
use super::{Animal, Habitat, HeldKey, Making, Signer, ZooError, animal_row as row};
use crate::forge::{Change, Extension, KeyPurpose};
use crate::validity::Validity;

/// A certificate that is in order, and who shows it.
pub(super) struct ChainScene<'a> {
    pub(super) habitat: &'a Habitat<'a>,
    pub(super) certificate_der: &'a [u8],
}

const CLIENT: &str = "RFC 8446 §4.4.2";
const PROOF: &str = "RFC 8446 §4.4.3";
const SERVER: &str = "RFC 9525 §6";

/// The check of the portal's own certificate, which its clients make: a portal refuses to start with
/// one that they would not take.
const OWN: &str = "server.certificate";

#[rustfmt::skip]
pub(super) const ANIMALS: &[Animal] = &[
    // What a client sends.
    row("tls.chain-with-root", Accept, "The client sends its certifier's certificate too.",
        "It need not, and may: who is trusted is the portal's own business.", CLIENT, chain(|scene| Ok(vec![
            scene.card(), scene.habitat.home.certificate_der().to_vec(),
        ]))),
    row("tls.chain-with-stranger", Accept, "The client sends the certificate of a certifier too that has nothing to do with it.",
        "What no path needs is left aside.", CLIENT, chain(|scene| Ok(vec![
            scene.card(), scene.habitat.impostor()?.certificate_der().to_vec(),
        ]))),
    row("tls.certificate-twice", Accept, "The client sends its certificate twice.",
        "What no path needs is left aside.", CLIENT, chain(|scene| Ok(vec![scene.card(), scene.card()]))),
    row("tls.root-first", Refuse("tls.possession"), "The client sends its certifier's certificate before its own.",
        "The first certificate is the client's: this client has not the key of that one.", CLIENT, chain(|scene| Ok(vec![
            scene.habitat.home.certificate_der().to_vec(), scene.card(),
        ]))),
    row("tls.another-key", Refuse("tls.possession"), "The client signs the handshake with another key than that of its certificate.",
        "A certificate is public: only who signs with its key owns it.", PROOF, Making::Chain(HeldKey::Short, |scene| Ok(vec![scene.card()]))),

    // What the portal shows.
    row("tls.server-good", Accept, "Nothing is odd: the portal's certificate is in its name, and of today.",
        "This is what clients take.", SERVER, Making::Server(Signer::Home, |_| Vec::new())),
    row("tls.server-expired", Refuse(OWN), "The portal's certificate was valid until yesterday.",
        "Every client refuses it, and blames the citizen's card.", "RFC 5280 §4.1.2.5", Making::Server(Signer::Home, |h| {
            let past = Validity::new(h.years(-1), h.now.saturating_sub(time::Duration::DAY));
            past.into_iter().map(Change::Validity).collect()
        })),
    row("tls.server-of-another-name", Refuse(OWN), "The portal's certificate is in the name of another host.",
        "A client cannot tell whom it talks to.", SERVER, Making::Server(Signer::Home, |_| vec![Change::Extension(Extension::host_name("altro.test"))])),
    row("tls.server-for-clients", Refuse(OWN), "The portal's certificate is a client's: clientAuth in place of serverAuth.",
        "Every client refuses it.", "RFC 5280 §4.2.1.12", Making::Server(Signer::Home, |_| vec![
            Change::Extension(Extension::extended_key_usage(&[KeyPurpose::ClientAuth])),
        ])),
    row("tls.server-of-stranger", Refuse(OWN), "Somebody else has signed the portal's certificate in its certifier's name.",
        "Every client refuses it.", "RFC 5280 §6.1", Making::Server(Signer::Impostor, |_| Vec::new())),
];

const fn chain(sent: fn(&ChainScene<'_>) -> Result<Vec<Vec<u8>>, ZooError>) -> Making {
    Making::Chain(HeldKey::Card, sent)
}

impl ChainScene<'_> {
    fn card(&self) -> Vec<u8> {
        self.certificate_der.to_vec()
    }
}
