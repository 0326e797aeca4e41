//! Test certifiers, one per region as in the field: a self-signed root that issues the cards'
//! certificates directly.

mod error;
mod kept;

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use time::OffsetDateTime;

use crate::certificate_identity::CertificateIdentity;
use crate::certificate_profile::{self, CnsSubject, RevocationUrls};
use crate::certifier_key::{self, CertifierKey};
use crate::certifier_term::CertifierTerm;
use crate::forge::{CertificateParts, Change};
use crate::pem;
use crate::serial_number::SerialNumber;
use crate::signature_algorithm::SignatureAlgorithm;
use crate::validity::Validity;

pub use error::CertifierError;
pub use kept::{PemPair, test_certifier};

/// What marks a certifier as a test certifier.
pub(crate) const MARK: &str = "COLLAUDO";

/// A test certifier and its key. Clones share the key.
#[derive(Clone)]
pub struct CertificationAuthority {
    issuer: Arc<Issuer<'static, KeyPair>>,
    certificate_der: Vec<u8>,
    term: CertifierTerm,
    organization: String,
    revocation_urls: RevocationUrls,
}

impl CertificationAuthority {
    /// A new certifier with an ECDSA P-256 key of its own.
    pub fn new(name: &CertifierName, term: CertifierTerm) -> Result<Self, CertifierError> {
        Self::with_key(name, CertifierKey::generate()?, term)
    }

    /// A new certifier with this key.
    pub fn with_key(
        name: &CertifierName,
        key: CertifierKey,
        term: CertifierTerm,
    ) -> Result<Self, CertifierError> {
        let (key, validity) = (key.into_pair(), term.validity());
        let mut params = CertificateParams::default();
        params.distinguished_name = name.distinguished_name()?;
        params.serial_number = Some(SerialNumber::random()?.to_bytes().to_vec().into());
        params.not_before = validity.not_before();
        params.not_after = validity.not_after();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key).map_err(CertifierError::Encoding)?;
        Ok(Self {
            certificate_der: certificate.der().to_vec(),
            term,
            issuer: Arc::new(Issuer::new(params, key)),
            organization: name.organization.clone(),
            revocation_urls: RevocationUrls::default(),
        })
    }

    /// The same certifier under a new certificate, which ends with a run that begins at `now`: another
    /// number, another end, another signature, and all else as it was, the key above all. Whoever knows
    /// name and key knows the certifier still.
    pub fn renewed(&self, now: OffsetDateTime) -> Result<Self, CertifierError> {
        let term = CertifierTerm::of_run(self.validity().not_before(), now)?;
        let changes = [
            Change::SerialNumber(SerialNumber::random()?.to_bytes().to_vec()),
            Change::Validity(term.validity()),
        ];
        let certificate_der = CertificateParts::read(&self.certificate_der)
            .and_then(|parts| self.forge(&parts, &changes))
            .map_err(|error| CertifierError::Renewal(Box::new(error)))?;
        Ok(Self {
            certificate_der,
            term,
            ..self.clone()
        })
    }

    /// Whether it is to be renewed at `now`: its certificate ends within ten days, has ended, or ends
    /// later than that of a run that begins at `now`.
    pub fn is_due(&self, now: OffsetDateTime) -> bool {
        self.term.is_due(now)
    }

    /// In which time its certificate is valid.
    pub fn validity(&self) -> Validity {
        self.term.validity()
    }

    /// Whether this certificate, DER, is one of its own: of the same name, with the same key.
    pub fn is_owner_of(&self, certificate_der: &[u8]) -> bool {
        let identity = |der| CertificateIdentity::of(der).ok();
        let other = identity(certificate_der);
        other.is_some() && other == identity(&self.certificate_der)
    }

    /// The same certifier, writing these addresses into what it issues from now on.
    pub fn with_revocation_urls(self, revocation_urls: RevocationUrls) -> Self {
        Self {
            revocation_urls,
            ..self
        }
    }

    /// The certifier's own certificate, the trust anchor of what it issues.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// The same as PEM.
    pub fn certificate_pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.certificate_der)
    }

    /// How the certifier is called: `organization`, the company that runs it.
    pub(crate) fn organization(&self) -> &str {
        &self.organization
    }

    /// What it signs with.
    pub fn algorithm(&self) -> Result<SignatureAlgorithm, CertifierError> {
        SignatureAlgorithm::of(self.issuer.key())
    }

    /// What rcgen signs with.
    pub(crate) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }

    /// The certifier's signature of `content`, as the two elements that follow it.
    pub(crate) fn signature(&self, content: &[u8]) -> Result<[Vec<u8>; 2], CertifierError> {
        certifier_key::signature(self.issuer.key(), content)
    }

    /// Issues the authentication certificate of a card, as DER.
    ///
    /// `public_key_spki_der` is the card's public key as a SubjectPublicKeyInfo (RFC 5280
    /// §4.1.2.7), RSA of any size; that the card owns the private half is the caller's claim.
    pub fn issue_cns(
        &self,
        subject: &CnsSubject,
        public_key_spki_der: &[u8],
        validity: Validity,
        serial: SerialNumber,
    ) -> Result<Vec<u8>, CertifierError> {
        let (params, public_key) = certificate_profile::cns_certificate(
            subject,
            &self.organization,
            &self.revocation_urls,
            public_key_spki_der,
            validity,
            serial,
        )?;
        let certificate = params
            .signed_by(&public_key, self.issuer())
            .map_err(CertifierError::Encoding)?;
        Ok(certificate.der().to_vec())
    }

    /// Issues the certificate of a card's second key, as DER: for signatures that bind the holder,
    /// not for logins. Of the subject's common name it has the codice fiscale alone. It is a test
    /// certificate and qualified by nobody.
    pub fn issue_signature(
        &self,
        subject: &CnsSubject,
        public_key_spki_der: &[u8],
        validity: Validity,
        serial: SerialNumber,
    ) -> Result<Vec<u8>, CertifierError> {
        let (params, public_key) = certificate_profile::signature_certificate(
            subject,
            public_key_spki_der,
            validity,
            serial,
        )?;
        let certificate = params
            .signed_by(&public_key, self.issuer())
            .map_err(CertifierError::Encoding)?;
        Ok(certificate.der().to_vec())
    }

    /// Issues the certificate of a TLS server, with a new ECDSA P-256 key. `names` are host names
    /// or IP addresses. It does not outlive the certifier's own, with which clients verify it.
    pub fn issue_server(
        &self,
        names: &[&str],
        validity: Validity,
    ) -> Result<ServerCredential, CertifierError> {
        let key = KeyPair::generate().map_err(CertifierError::Encoding)?;
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let first = names.first().cloned().ok_or(CertifierError::NoServerName)?;
        let validity = self.no_longer_than_itself(validity)?;
        let mut params = certificate_profile::base(&key, validity, SerialNumber::random()?);
        params.subject_alt_names = CertificateParams::new(names)
            .map_err(CertifierError::Encoding)?
            .subject_alt_names;
        params.distinguished_name.push(DnType::CommonName, first);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params
            .signed_by(&key, self.issuer())
            .map_err(CertifierError::Encoding)?;
        Ok(ServerCredential {
            certificate_chain_der: vec![certificate.der().to_vec()],
            private_key_der: key.serialize_der(),
        })
    }

    /// This validity, or as much of it as there is before the end of the certifier's certificate.
    pub(crate) fn no_longer_than_itself(
        &self,
        validity: Validity,
    ) -> Result<Validity, CertifierError> {
        let not_after = validity.not_after().min(self.validity().not_after());
        Ok(Validity::new(validity.not_before(), not_after)?)
    }
}

/// How a certifier is called: `C=IT, O=…, OU=Servizi di Certificazione, CN=…`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertifierName {
    /// The company that runs the certifier: at most 64 characters.
    pub organization: String,
    /// The certifier, which must contain `COLLAUDO`: at most 64 characters.
    pub common_name: String,
}

impl CertifierName {
    /// The certifier of a region's citizens, named the way that real ones are.
    pub fn regional(region: &str) -> Self {
        Self {
            organization: "Certificatore di Collaudo S.p.A.".to_owned(),
            common_name: format!("{region} - CA Cittadini {MARK}"),
        }
    }

    fn distinguished_name(&self) -> Result<DistinguishedName, CertifierError> {
        checked_mark(&self.common_name)?;
        let mut name = DistinguishedName::new();
        certificate_profile::push_country(&mut name)?;
        name.push(
            DnType::OrganizationName,
            checked_name("organization", &self.organization)?,
        );
        name.push(DnType::OrganizationalUnitName, "Servizi di Certificazione");
        name.push(
            DnType::CommonName,
            checked_name("common name", &self.common_name)?,
        );
        Ok(name)
    }
}

/// What a TLS server proves its name with. It has no `Debug`, for it holds the private key.
#[derive(Clone)]
pub struct ServerCredential {
    /// The server's certificate, and after it those that lead to the certifier, if any.
    pub certificate_chain_der: Vec<Vec<u8>>,
    /// The private key, PKCS#8.
    pub private_key_der: Vec<u8>,
}

impl ServerCredential {
    /// Certificate, chain and key as one PEM text, which most servers read.
    pub fn to_pem(&self) -> String {
        let chain = self.certificate_chain_der.iter();
        let chain: String = chain.map(|der| pem::encode("CERTIFICATE", der)).collect();
        chain + &pem::encode("PRIVATE KEY", &self.private_key_der)
    }
}

fn checked_mark(common_name: &str) -> Result<(), CertifierError> {
    if common_name.contains(MARK) {
        return Ok(());
    }
    Err(CertifierError::NotMarked {
        common_name: common_name.to_owned(),
    })
}

/// `name`, if X.520 lets it stand in an organization, an organizational unit or a common name.
pub(crate) fn checked_name<'a>(
    field: &'static str,
    name: &'a str,
) -> Result<&'a str, CertifierError> {
    match name.chars().count() {
        1..=64 => Ok(name),
        seen => Err(CertifierError::NameLength { field, seen }),
    }
}
