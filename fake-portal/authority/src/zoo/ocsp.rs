//! The family `ocsp`: what is odd is what the certifier's OCSP responder answers.

use time::Duration;

use super::Verdict::{Accept, Refuse, SoftFail};
use super::{Animal, Answer, Fate, Habitat, Making, ZooError, animal_row as row};
use crate::certificate_status::StatusRegister;
use crate::certifier::CertificationAuthority;
use crate::der::write as der;
use crate::forge::{CertificateParts, Change, ExtensionType, damage_signature};
use crate::ocsp::{
    OcspHash, OcspRefusal, OcspRequest, OcspResponder, OcspResponseData, OcspSigner, ResponderName,
};
use crate::serial_number::SerialNumber;
use crate::validity::Validity;

/// A question about a certificate of the habitat's home.
pub(super) struct OcspScene<'a> {
    habitat: &'a Habitat<'a>,
    register: &'a StatusRegister,
    serial: SerialNumber,
    pub(super) request: OcspRequest,
}

type Answered = Result<Answer, ZooError>;

const RESPONSE: &str = "RFC 6960 §4.2";
const ACCEPTANCE: &str = "RFC 6960 §3.2";
const REFUSAL: &str = "RFC 6960 §2.3";
const DELEGATE: &str = "RFC 6960 §4.2.2.2";
const NONCE: &str = "RFC 9654 §2.1";
const HTTP: &str = "RFC 6960 appendix A.1";
const UNKNOWN: super::Verdict = SoftFail("rev.ocsp");

#[rustfmt::skip]
pub(super) const ANIMALS: &[Animal] = &[
    // What it says.
    row("ocsp.good", Accept, "Nothing is odd: the certificate is good.",
        "This is what a response looks like.", RESPONSE, ocsp(Fate::Good, |scene| scene.told(|_, _| {}))),
    row("ocsp.revoked", Refuse("rev.ocsp"), "The certificate is revoked: its key is compromised.",
        "Who comes with it may be anybody.", RESPONSE, ocsp(Fate::Revoked, |scene| scene.told(|_, _| {}))),
    row("ocsp.on-hold", Refuse("rev.ocsp"), "The certificate is on hold: its card was reported lost, and may be found.",
        "As long as it is on hold it is revoked.", "RFC 6960 §2.2", ocsp(Fate::OnHold, |scene| scene.told(|_, _| {}))),
    row("ocsp.released", Accept, "The certificate was on hold, and was released.",
        "It is good again.", RESPONSE, ocsp(Fate::Released, |scene| scene.told(|_, _| {}))),
    row("ocsp.unknown", Refuse("rev.ocsp"), "The responder has never heard of the certificate.",
        "Its certifier did not issue it, whatever the signature says.", "RFC 6960 §2.2", ocsp(Fate::NeverIssued, |scene| scene.told(|_, _| {}))),
    row("ocsp.another-certificate", UNKNOWN, "The response is about another certificate.",
        "It says nothing of this one.", ACCEPTANCE, ocsp(Fate::Good, another_certificate)),
    row("ocsp.sha256-identifier", UNKNOWN, "The response names the certificate with SHA-256, where the client had asked with SHA-1.",
        "It is the same certificate; who compares bytes does not see it.", "RFC 6960 §4.3", ocsp(Fate::Good, sha256_identifier)),

    // What it refuses.
    row("ocsp.malformed-request", UNKNOWN, "The responder says that it does not understand the request.",
        "An unsigned refusal is no status.", REFUSAL, ocsp(Fate::Good, |_| Ok(refusal(OcspRefusal::MalformedRequest)))),
    row("ocsp.internal-error", UNKNOWN, "The responder says that it is broken.",
        "An unsigned refusal is no status.", REFUSAL, ocsp(Fate::Good, |_| Ok(refusal(OcspRefusal::InternalError)))),
    row("ocsp.try-later", UNKNOWN, "The responder says that it is busy.",
        "An unsigned refusal is no status: anybody on the way can send it.", REFUSAL, ocsp(Fate::Good, |_| Ok(refusal(OcspRefusal::TryLater)))),
    row("ocsp.signature-required", UNKNOWN, "The responder answers signed requests only.",
        "An unsigned refusal is no status.", REFUSAL, ocsp(Fate::Good, |_| Ok(refusal(OcspRefusal::SignatureRequired)))),
    row("ocsp.unauthorized", UNKNOWN, "The responder does not answer this client.",
        "An unsigned refusal is no status.", REFUSAL, ocsp(Fate::Good, |_| Ok(refusal(OcspRefusal::Unauthorized)))),

    // When it was known.
    row("ocsp.stale", UNKNOWN, "There should be a newer response since yesterday.",
        "It may have been kept by somebody since before the card was stolen.", "RFC 6960 §4.2.2.1", ocsp(Fate::Good, |scene| scene.told(|data, h| {
            for response in &mut data.responses {
                response.this_update = h.now.saturating_sub(Duration::days(8));
                response.next_update = Some(h.now.saturating_sub(Duration::DAY));
            }
        }))),
    row("ocsp.future", UNKNOWN, "The response was made tomorrow.",
        "Somebody's clock is wrong, and whose cannot be told.", "RFC 6960 §4.2.2.1", ocsp(Fate::Good, |scene| scene.told(|data, h| {
            data.produced_at = h.now.saturating_add(Duration::DAY);
            for response in &mut data.responses {
                response.this_update = data.produced_at;
                response.next_update = Some(h.now.saturating_add(Duration::days(2)));
            }
        }))),
    row("ocsp.no-next-update", Accept, "The response does not say when it grows stale.",
        "That means that newer information is there at any time, and this is of now.", "RFC 6960 §4.2.2.1", ocsp(Fate::Good, |scene| scene.told(|data, _| {
            for response in &mut data.responses { response.next_update = None; }
        }))),

    // Whether it is the answer to this question.
    row("ocsp.another-nonce", UNKNOWN, "The response repeats another nonce than the client's.",
        "It answers somebody else, or an earlier question.", NONCE, ocsp(Fate::Good, |scene| scene.told(|data, h| data.nonce = Some(nonce(h.nonce.map(|byte| !byte)))))),
    row("ocsp.no-nonce", Accept, "The response does not repeat the client's nonce.",
        "Responders that sign in advance cannot; the times say how old it is.", NONCE, ocsp(Fate::Good, |scene| scene.told(|data, _| data.nonce = None))),

    // Who signed it.
    row("ocsp.delegate", Accept, "A delegate of the certifier has signed the response.",
        "Its certificate says OCSPSigning, and is the certifier's.", DELEGATE, ocsp(Fate::Good, |scene| scene.by(&scene.delegate(scene.habitat.home)?))),
    row("ocsp.delegate-without-purpose", UNKNOWN, "Somebody has signed whom the certifier has certified, but not to answer for it.",
        "Any card could answer for itself then.", DELEGATE, ocsp(Fate::Good, |scene| scene.by(&scene.delegate_with(&[Change::RemoveExtension(ExtensionType::ExtendedKeyUsage)])?))),
    row("ocsp.expired-delegate", UNKNOWN, "A delegate has signed whose certificate has expired.",
        "It may not answer any more.", DELEGATE, ocsp(Fate::Good, |scene| {
            let past = Validity::new(scene.habitat.years(-3), scene.habitat.years(-1))?;
            scene.by(&scene.delegate_with(&[Change::Validity(past)])?)
        })),
    row("ocsp.delegate-of-another", UNKNOWN, "The delegate of another certifier has signed the response.",
        "It may answer for that one, and not for this.", DELEGATE, ocsp(Fate::Good, |scene| scene.by(&scene.delegate(scene.habitat.impostor()?)?))),
    row("ocsp.another-certifier", UNKNOWN, "Another certifier has signed the response in this one's name.",
        "A name is no signature.", ACCEPTANCE, ocsp(Fate::Good, |scene| {
            let data = scene.data(OcspResponder::new(scene.habitat.home).named_by(ResponderName::Name))?;
            Ok(response(OcspResponder::new(scene.habitat.impostor()?).sign(&data)?))
        })),
    row("ocsp.damaged-signature", UNKNOWN, "One bit of its signature is wrong.",
        "What the certifier did not sign is not the certifier's.", ACCEPTANCE, ocsp(Fate::Good, |scene| {
            let responder = scene.responder();
            let data = scene.data(scene.responder())?;
            Ok(response(damage_signature(&responder.sign(&data)?)))
        })),

    // How it comes.
    row("ocsp.truncated", UNKNOWN, "Half of the response comes, and then no more.",
        "Half a response is none.", HTTP, ocsp(Fate::Good, |scene| {
            let whole = scene.responder().sign(&scene.data(scene.responder())?)?;
            Ok(response(whole.get(..whole.len() / 2).unwrap_or_default().to_vec()))
        })),
    row("ocsp.empty", UNKNOWN, "The answer is of no byte.",
        "Nothing is no status.", HTTP, ocsp(Fate::Good, |_| Ok(response(Vec::new())))),
    row("ocsp.web-page", UNKNOWN, "A page for people comes in its place, with status 200.",
        "A page is no status.", HTTP, ocsp(Fate::Good, |_| Ok(Answer::page(200, "Servizio in manutenzione")))),
    row("ocsp.server-error", UNKNOWN, "The server is broken: status 500.",
        "Without a response nobody knows.", HTTP, ocsp(Fate::Good, |_| Ok(Answer::page(500, "Errore interno")))),
    row("ocsp.silence", UNKNOWN, "The responder takes the request and says nothing.",
        "A login must not wait for ever: without a response nobody knows.", HTTP, ocsp(Fate::Good, |_| Ok(Answer::Silence))),
];

const fn ocsp(fate: Fate, respond: fn(&OcspScene<'_>) -> Answered) -> Making {
    Making::Ocsp(fate, respond)
}

impl<'a> OcspScene<'a> {
    /// The question that a portal asks.
    pub(super) fn asked(
        habitat: &'a Habitat<'a>,
        register: &'a StatusRegister,
        serial: SerialNumber,
    ) -> Result<Self, ZooError> {
        let request = OcspRequest {
            cert_ids: vec![habitat.home.cert_id(serial, OcspHash::Sha1)?],
            nonce: Some(nonce(habitat.nonce)),
            is_signed: false,
        };
        Ok(Self {
            habitat,
            register,
            serial,
            request,
        })
    }

    fn responder(&self) -> OcspResponder<'a> {
        OcspResponder::new(self.habitat.home).with_lifetime(Duration::DAY)
    }

    fn data(&self, responder: OcspResponder<'_>) -> Result<OcspResponseData, ZooError> {
        Ok(responder.data(&self.request, self.register, self.habitat.now)?)
    }

    /// What the certifier would say, edited, and signed by it.
    fn told(&self, edit: fn(&mut OcspResponseData, &Habitat<'_>)) -> Answered {
        let mut data = self.data(self.responder())?;
        edit(&mut data, self.habitat);
        Ok(response(self.responder().sign(&data)?))
    }

    /// What the certifier would say, signed by somebody else.
    fn by(&self, delegate: &OcspSigner) -> Answered {
        let data = self.data(self.responder().delegated_to(delegate))?;
        let signed = self.responder().delegated_to(delegate).sign(&data)?;
        Ok(response(signed))
    }

    fn delegate(&self, of: &CertificationAuthority) -> Result<OcspSigner, ZooError> {
        const NUMBER: u64 = 99;
        let validity = Validity::new(self.habitat.years(-1), self.habitat.years(1))?;
        Ok(of.issue_ocsp_signer(validity, SerialNumber::from(NUMBER))?)
    }

    /// A delegate whose certificate is changed.
    fn delegate_with(&self, changes: &[Change]) -> Result<OcspSigner, ZooError> {
        let delegate = self.delegate(self.habitat.home)?;
        let parts = CertificateParts::read(delegate.certificate_der())?;
        let certificate = self.habitat.home.forge(&parts, changes)?;
        Ok(delegate.with_certificate(certificate))
    }
}

/// About a certificate of which nothing is known to be wrong.
fn another_certificate(scene: &OcspScene<'_>) -> Answered {
    let mut data = scene.data(scene.responder())?;
    let another = [1, 2].map(SerialNumber::from);
    let another = another.into_iter().find(|&serial| serial != scene.serial);
    let another = another.unwrap_or(scene.serial);
    for response in &mut data.responses {
        response.cert_id = scene.habitat.home.cert_id(another, OcspHash::Sha1)?;
    }
    Ok(response(scene.responder().sign(&data)?))
}

fn sha256_identifier(scene: &OcspScene<'_>) -> Answered {
    let mut data = scene.data(scene.responder())?;
    for response in &mut data.responses {
        response.cert_id = scene.habitat.home.cert_id(scene.serial, OcspHash::Sha256)?;
    }
    Ok(response(scene.responder().sign(&data)?))
}

/// The value of the extension: an OCTET STRING (RFC 9654 §2.1).
fn nonce(bytes: [u8; 16]) -> Vec<u8> {
    der::octet_string(&bytes)
}

fn refusal(refusal: OcspRefusal) -> Answer {
    response(refusal.to_der())
}

/// A response as servers send it.
fn response(body: Vec<u8>) -> Answer {
    Answer::Http {
        status: 200,
        content_type: "application/ocsp-response",
        body,
    }
}
