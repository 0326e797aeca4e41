//! The family `crl`: what is odd is the certifier's revocation list.

use time::{Duration, OffsetDateTime};

use super::Verdict::{Accept, Refuse, SoftFail};
use super::{Animal, Answer, Fate, Habitat, Making, ZooError, animal_row as row};
use crate::certificate_status::{RevocationReason, StatusRegister};
use crate::certifier::CertificationAuthority;
use crate::forge::{Extension, ExtensionType as E, ListChange, RevocationListParts};
use crate::pem;
use crate::revocation_list::{IssuingDistributionPoint, RevocationListPlan, RevocationListScope};
use crate::serial_number::SerialNumber;
use crate::signature_algorithm::SignatureAlgorithm;

/// A certificate of the habitat's home, and what became of it.
pub(super) struct ListScene<'a> {
    pub(super) habitat: &'a Habitat<'a>,
    pub(super) register: &'a StatusRegister,
}

type Published = Result<Answer, ZooError>;

const LIST: &str = "RFC 5280 §5.1";
const VALIDATION: &str = "RFC 5280 §6.3.3";
const POINT: &str = "RFC 5280 §5.2.5";
const FETCHED: &str = "RFC 5280 §4.2.1.13";
const UNKNOWN: super::Verdict = SoftFail("rev.crl");

#[rustfmt::skip]
pub(super) const ANIMALS: &[Animal] = &[
    // What a list says.
    row("crl.good", Accept, "Nothing is odd: the list is of today, and the certificate is not on it.",
        "This is what a list looks like.", LIST, list(Fate::Good, |scene| scene.today())),
    row("crl.revoked", Refuse("rev.crl"), "The certificate is on the list: its key is compromised.",
        "Who comes with it may be anybody.", VALIDATION, list(Fate::Revoked, |scene| scene.today())),
    row("crl.on-hold", Refuse("rev.crl"), "The certificate is on hold: its card was reported lost, and may be found.",
        "As long as it is on the list it is revoked.", "RFC 5280 §5.3.1", list(Fate::OnHold, |scene| scene.today())),
    row("crl.released", Accept, "The certificate was on hold, and was released: it is not on the list any more.",
        "What is not on the list is not revoked.", "RFC 5280 §5.3.1", list(Fate::Released, |scene| scene.today())),
    row("crl.long", Refuse("rev.crl"), "The certificate is one of twenty thousand on the list.",
        "A list is read to its end, however long.", VALIDATION, list(Fate::Revoked, long)),
    row("crl.cards-only", Accept, "The list says that it is about cards, and not about certifiers.",
        "A card is what is asked about.", POINT, list(Fate::Good, |scene| scene.about(RevocationListScope::CardsOnly, LIST_URL))),

    // When it was made.
    row("crl.stale", UNKNOWN, "There should be a newer list since yesterday.",
        "What was revoked since is not on it.", VALIDATION, list(Fate::Good, |scene| scene.made(-8, -1))),
    row("crl.future", UNKNOWN, "The list was made tomorrow.",
        "Somebody's clock is wrong, and whose cannot be told.", "RFC 5280 §5.1.2.4", list(Fate::Good, |scene| scene.made(1, 8))),
    row("crl.no-next-update", UNKNOWN, "The list does not say when there will be another.",
        "Who kept it could show it for ever.", "RFC 5280 §5.1.2.5", list(Fate::Good, |scene| scene.changed(&[ListChange::RemoveNextUpdate]))),

    // Who signed it.
    row("crl.damaged-signature", UNKNOWN, "One bit of its signature is wrong.",
        "What the certifier did not sign is not the certifier's.", VALIDATION, list(Fate::Good, |scene| scene.changed(&[ListChange::DamagedSignature]))),
    row("crl.namesake-signer", UNKNOWN, "Somebody else has signed the list in the certifier's name.",
        "A name is no signature.", VALIDATION, list(Fate::Good, |scene| {
            let parts = RevocationListParts::read(&scene.der(scene.habitat.home, &scene.plan(-1, 6))?)?;
            Ok(der(scene.habitat.impostor()?.forge(&parts, &[])?))
        })),
    row("crl.another-certifier", UNKNOWN, "The list is another certifier's.",
        "It says nothing of this certifier's cards.", VALIDATION, list(Fate::Good, |scene| {
            Ok(der(scene.der(scene.habitat.impostor()?, &scene.plan(-1, 6))?))
        })),
    row("crl.sha1", UNKNOWN, "It is signed with SHA-1.",
        "Two lists with one SHA-1 signature can be made.", "RFC 9155 §2", list(Fate::Good, |scene| {
            let algorithm = SignatureAlgorithm::of(scene.habitat.home.issuer().key())?;
            scene.changed(&[ListChange::SignedWith(algorithm.with_sha1())])
        })),

    // What it is about.
    row("crl.certifiers-only", UNKNOWN, "The list is about certifiers, and not about cards.",
        "The extension is critical: a card that is not on it may be revoked all the same.", POINT, list(Fate::Good, |scene| scene.about(RevocationListScope::CertifiersOnly, LIST_URL))),
    row("crl.another-address", UNKNOWN, "The list says that it is published elsewhere than the certificate says that its list is.",
        "A certifier may have several lists, each about some of its cards: this is not the one about this card.", POINT, list(Fate::Good, |scene| scene.about(RevocationListScope::All, "http://pki.collaudo.example/other.crl"))),
    row("crl.delta", UNKNOWN, "The list has only what changed since another one.",
        "Without that other list it says nothing of what was revoked before.", "RFC 5280 §5.2.4", list(Fate::Good, |scene| scene.changed(&[ListChange::Extension(Extension::delta_crl_indicator(1))]))),
    row("crl.critical-unknown-extension", UNKNOWN, "The list has a critical extension that nobody knows.",
        "Critical means: who does not know this must not use the list to say what is good.", "RFC 5280 §5.2", list(Fate::Good, |scene| scene.changed(&[ListChange::Extension(Extension::new(E::Unknown, true, vec![5, 0]))]))),

    // How it is fetched.
    row("crl.truncated", UNKNOWN, "Half of the list comes, and then no more.",
        "Half a list is no list.", FETCHED, list(Fate::Good, |scene| {
            let whole = scene.der(scene.habitat.home, &scene.plan(-1, 6))?;
            Ok(der(whole.get(..whole.len() / 2).unwrap_or_default().to_vec()))
        })),
    row("crl.pem", UNKNOWN, "The list is in PEM, where DER is due.",
        "Who reads both may; nobody need.", FETCHED, list(Fate::Good, |scene| {
            let whole = scene.der(scene.habitat.home, &scene.plan(-1, 6))?;
            Ok(der(pem::encode("X509 CRL", &whole).into_bytes()))
        })),
    row("crl.empty", UNKNOWN, "The answer is of no byte.",
        "Nothing is no list.", FETCHED, list(Fate::Good, |_| Ok(der(Vec::new())))),
    row("crl.web-page", UNKNOWN, "A page for people comes in its place, with status 200.",
        "A page is no list.", FETCHED, list(Fate::Good, |_| Ok(Answer::page(200, "Servizio in manutenzione")))),
    row("crl.not-found", UNKNOWN, "The server does not know the list: status 404.",
        "Without a list nobody knows.", FETCHED, list(Fate::Good, |_| Ok(Answer::page(404, "Non trovato")))),
    row("crl.server-error", UNKNOWN, "The server is broken: status 500.",
        "Without a list nobody knows.", FETCHED, list(Fate::Good, |_| Ok(Answer::page(500, "Errore interno")))),
    row("crl.silence", UNKNOWN, "The server takes the request and says nothing.",
        "A login must not wait for ever: without a list nobody knows.", FETCHED, list(Fate::Good, |_| Ok(Answer::Silence))),
];

const fn list(fate: Fate, publish: fn(&ListScene<'_>) -> Published) -> Making {
    Making::RevocationList(fate, publish)
}

/// Where the certificates of this family say that their list is.
pub(super) const LIST_URL: &str = "http://pki.collaudo.example/list.crl";

impl ListScene<'_> {
    fn today(&self) -> Published {
        self.made(-1, 6)
    }

    /// Made so many days from now, and replaced in so many.
    fn made(&self, made: i64, replaced: i64) -> Published {
        Ok(der(self.der(self.habitat.home, &self.plan(made, replaced))?))
    }

    fn about(&self, scope: RevocationListScope, url: &str) -> Published {
        let mut plan = self.plan(-1, 6);
        plan.issuing_distribution_point = Some(IssuingDistributionPoint {
            urls: vec![url.to_owned()],
            scope,
        });
        Ok(der(self.der(self.habitat.home, &plan)?))
    }

    /// The list of today with these changes.
    fn changed(&self, changes: &[ListChange]) -> Published {
        let good = self.der(self.habitat.home, &self.plan(-1, 6))?;
        let parts = RevocationListParts::read(&good)?;
        Ok(der(self.habitat.home.forge(&parts, changes)?))
    }

    fn der(
        &self,
        certifier: &CertificationAuthority,
        plan: &RevocationListPlan,
    ) -> Result<Vec<u8>, ZooError> {
        Ok(certifier.issue_revocation_list(self.register, plan)?)
    }

    fn plan(&self, made: i64, replaced: i64) -> RevocationListPlan {
        let day = |count| self.habitat.now.saturating_add(Duration::days(count));
        RevocationListPlan {
            number: number(day(made)),
            this_update: day(made),
            next_update: day(replaced),
            issuing_distribution_point: None,
        }
    }
}

/// Lists are counted by the day, so that a later one has a higher number.
fn number(made: OffsetDateTime) -> u64 {
    u64::try_from(made.to_julian_day()).unwrap_or(1)
}

fn long(scene: &ListScene<'_>) -> Published {
    const OTHERS: u64 = 19_999;
    let yesterday = scene.habitat.now.saturating_sub(Duration::DAY);
    let mut register = scene.register.clone();
    let others = (1..=OTHERS).map(SerialNumber::from);
    for serial in others.filter(|&serial| scene.register.status(serial).is_none()) {
        register.enter(serial)?;
        register.revoke(serial, RevocationReason::Superseded, yesterday)?;
    }
    let plan = scene.plan(-1, 6);
    Ok(der(scene
        .habitat
        .home
        .issue_revocation_list(&register, &plan)?))
}

/// A list as servers send it (RFC 2585 §4.2).
fn der(body: Vec<u8>) -> Answer {
    Answer::Http {
        status: 200,
        content_type: "application/pkix-crl",
        body,
    }
}
