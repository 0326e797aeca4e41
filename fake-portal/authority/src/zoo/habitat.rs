//! What animals are made of, and the making of them.

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use super::ocsp::OcspScene;
use super::revocation_list::{LIST_URL, ListScene};
use super::specimen::{HeldKey, OcspExchange, Specimen};
use super::tls::ChainScene;
use super::trusted_list::ListingScene;
use super::{Animal, Fate, LISTED, Making, SERVER_NAME, Signer};
use crate::certificate_profile::CnsSubject;
use crate::certificate_status::{RevocationReason, StatusError, StatusRegister};
use crate::certifier::{CertificationAuthority, CertifierError};
use crate::forge::{CertificateParts, Change, Extension, ForgeError};
use crate::registry::Registry;
use crate::serial_number::SerialNumber;
use crate::trusted_list::TrustedListSigner;
use crate::validity::{Validity, ValidityError};

/// What animals are made of. Nothing else decides what they are like.
pub struct Habitat<'a> {
    /// The certifier that the portal trusts.
    pub home: &'a CertificationAuthority,
    /// The other certifiers of the country, some of which the portal trusts too.
    pub registry: &'a Registry,
    /// Who publishes the trusted list of them.
    pub publisher: &'a TrustedListSigner,
    /// Whose card it is.
    pub subject: &'a CnsSubject,
    /// The card's key, a SubjectPublicKeyInfo.
    pub card_key_der: &'a [u8],
    /// An RSA key of 1024 bits, of the same holder.
    pub short_key_der: &'a [u8],
    /// A key that the holder does not have.
    pub stranger_key_der: &'a [u8],
    /// When the portal is visited.
    pub now: OffsetDateTime,
    /// What a portal that asks an OCSP responder has drawn for this one question.
    pub nonce: [u8; 16],
}

/// Why an animal could not be made.
#[derive(Debug, Error)]
pub enum ZooError {
    /// A certifier does not issue.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// Something cannot be changed.
    #[error(transparent)]
    Forge(#[from] ForgeError),
    /// A status cannot be entered.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// There is no such time.
    #[error(transparent)]
    Validity(#[from] ValidityError),
    /// A table names a certifier that there is not.
    #[error("the registry has no certifier {0:?}")]
    NoCertifier(&'static str),
}

impl Animal {
    /// Makes it; its certificate gets this number.
    ///
    /// # Errors
    /// The habitat's key or time is one that no certificate can be made for.
    pub fn make(&self, habitat: &Habitat<'_>, serial: SerialNumber) -> Result<Specimen, ZooError> {
        match self.making {
            Making::Certificate(signer, changes) => {
                let certifier = habitat.certifier(signer)?;
                let certificate = habitat.changed(signer, serial, &changes(habitat))?;
                let mut specimen = Specimen::of(certificate, certifier);
                if habitat.is_about_short_key(&specimen.certificate_der) {
                    specimen.key = HeldKey::Short;
                }
                Ok(specimen)
            }
            Making::RevocationList(fate, publish) => {
                let published = Change::Extension(Extension::distribution_point(LIST_URL));
                let certificate = habitat.changed(Signer::Home, serial, &[published])?;
                let mut specimen = Specimen::of(certificate, habitat.home);
                let register = fate.register(serial, habitat.now)?;
                let answer = publish(&ListScene {
                    habitat,
                    register: &register,
                })?;
                specimen.revocation_list = Some(answer);
                Ok(specimen)
            }
            Making::Ocsp(fate, respond) => {
                let mut specimen = habitat.good(habitat.home, serial)?;
                let register = fate.register(serial, habitat.now)?;
                let scene = OcspScene::asked(habitat, &register, serial)?;
                specimen.ocsp = Some(OcspExchange {
                    request: scene.request.to_der(),
                    answer: respond(&scene)?,
                });
                Ok(specimen)
            }
            Making::Chain(key, sent) => {
                let mut specimen = habitat.good(habitat.home, serial)?;
                let chain = sent(&ChainScene {
                    habitat,
                    certificate_der: &specimen.certificate_der,
                })?;
                specimen.sent = chain;
                specimen.key = key;
                Ok(specimen)
            }
            Making::Server(signer, changes) => {
                let mut specimen = habitat.good(habitat.home, serial)?;
                specimen.server = Some(habitat.server(signer, &changes(habitat))?);
                Ok(specimen)
            }
            Making::TrustedList(edit) => {
                let mut specimen = habitat.good(habitat.registered(LISTED)?, serial)?;
                let list = habitat.registry.trusted_list(habitat.now)?;
                specimen.publisher_der = Some(habitat.publisher.certificate_der().to_vec());
                specimen.trusted_list = Some(edit(ListingScene { list, habitat })?);
                Ok(specimen)
            }
        }
    }
}

impl Habitat<'_> {
    /// The card's own key may be the short one: then the client has that.
    fn is_about_short_key(&self, certificate_der: &[u8]) -> bool {
        self.short_key_der != self.card_key_der
            && CertificateParts::read(certificate_der)
                .is_ok_and(|parts| parts.public_key_der == self.short_key_der)
    }

    /// The certifier of the registry that programs call so.
    pub(super) fn registered(&self, id: &'static str) -> Result<&CertificationAuthority, ZooError> {
        let certifier = self.registry.certifier(id);
        Ok(&certifier.ok_or(ZooError::NoCertifier(id))?.authority)
    }

    /// Who is said to have signed.
    fn certifier(&self, signer: Signer) -> Result<&CertificationAuthority, ZooError> {
        match signer {
            Signer::Home | Signer::Impostor => Ok(self.home),
            Signer::Registered(id) => self.registered(id),
        }
    }

    /// Who has signed.
    fn hand(&self, signer: Signer) -> Result<&CertificationAuthority, ZooError> {
        match signer {
            Signer::Impostor => self.impostor(),
            honest => self.certifier(honest),
        }
    }

    /// A certifier that has nothing to do with the portal's.
    pub(super) fn impostor(&self) -> Result<&CertificationAuthority, ZooError> {
        self.registered("molise")
    }

    /// From a year ago for six years, as long as a card lives.
    pub(super) fn validity(&self) -> Result<Validity, ValidityError> {
        Validity::new(self.years(-1), self.years(5))
    }

    /// So many years from now.
    pub(super) fn years(&self, count: i64) -> OffsetDateTime {
        self.now.saturating_add(Duration::days(365 * count))
    }

    fn good(
        &self,
        certifier: &CertificationAuthority,
        serial: SerialNumber,
    ) -> Result<Specimen, ZooError> {
        let certificate =
            certifier.issue_cns(self.subject, self.card_key_der, self.validity()?, serial)?;
        Ok(Specimen::of(certificate, certifier))
    }

    fn changed(
        &self,
        signer: Signer,
        serial: SerialNumber,
        changes: &[Change],
    ) -> Result<Vec<u8>, ZooError> {
        let good = self.good(self.certifier(signer)?, serial)?;
        let parts = CertificateParts::read(&good.certificate_der)?;
        Ok(self.hand(signer)?.forge(&parts, changes)?)
    }

    fn server(
        &self,
        signer: Signer,
        changes: &[Change],
    ) -> Result<crate::certifier::ServerCredential, ZooError> {
        let certifier = self.certifier(signer)?;
        let validity = Validity::new(self.years(-1), self.years(1))?;
        let mut server = certifier.issue_server(&[SERVER_NAME], validity)?;
        for certificate in &mut server.certificate_chain_der {
            let parts = CertificateParts::read(certificate)?;
            *certificate = self.hand(signer)?.forge(&parts, changes)?;
        }
        Ok(server)
    }
}

impl Fate {
    /// What the certifier knows of the certificate by now.
    fn register(
        self,
        serial: SerialNumber,
        now: OffsetDateTime,
    ) -> Result<StatusRegister, ZooError> {
        let yesterday = now.saturating_sub(Duration::DAY);
        let mut register = StatusRegister::new();
        if let Self::NeverIssued = self {
            return Ok(register);
        }
        register.enter(serial)?;
        match self {
            Self::Good | Self::NeverIssued => {}
            Self::Revoked => register.revoke(serial, RevocationReason::KeyCompromise, yesterday)?,
            Self::OnHold => register.hold(serial, yesterday)?,
            Self::Released => {
                register.hold(serial, yesterday)?;
                register.release(serial)?;
            }
        }
        Ok(register)
    }
}
