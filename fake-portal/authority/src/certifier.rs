//! Test certifiers, one per region as in the field: a self-signed root that issues the cards'
//! certificates directly.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PublicKeyData,
};
use thiserror::Error;
use x509_parser::pem::parse_x509_pem;

use crate::certificate_profile::{self, CnsSubject, RevocationUrls};
use crate::certifier_key::{self, CertifierKey};
use crate::pem;
use crate::serial_number::SerialNumber;
use crate::signature_algorithm::SignatureAlgorithm;
use crate::trusted_list::XmlError;
use crate::validity::Validity;

/// What marks a certifier as a test certifier.
pub(crate) const MARK: &str = "COLLAUDO";

/// A test certifier and its key. Clones share the key.
#[derive(Clone)]
pub struct CertificationAuthority {
    issuer: Arc<Issuer<'static, KeyPair>>,
    certificate_der: Vec<u8>,
    organization: String,
    revocation_urls: RevocationUrls,
}

impl CertificationAuthority {
    /// A new certifier with an ECDSA P-256 key of its own.
    pub fn new(name: &CertifierName, validity: Validity) -> Result<Self, CertifierError> {
        Self::with_key(name, CertifierKey::generate()?, validity)
    }

    /// A new certifier with this key.
    pub fn with_key(
        name: &CertifierName,
        key: CertifierKey,
        validity: Validity,
    ) -> Result<Self, CertifierError> {
        let key = key.into_pair();
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
            issuer: Arc::new(Issuer::new(params, key)),
            organization: name.organization.clone(),
            revocation_urls: RevocationUrls::default(),
        })
    }

    /// A certifier that was kept: its certificate and its PKCS#8 key, both PEM. Refused are a key
    /// of another certificate, one that is neither ECDSA P-256 nor RSA, and a certifier whose name
    /// does not say `COLLAUDO`.
    pub fn from_pem_pair(
        certificate_pem: &str,
        private_key_pem: &str,
    ) -> Result<Self, CertifierError> {
        let key = CertifierKey::from_pem(private_key_pem)?.into_pair();
        let unreadable = |reason: String| CertifierError::Certificate { reason };
        let (_, pem) = parse_x509_pem(certificate_pem.as_bytes())
            .map_err(|error| unreadable(error.to_string()))?;
        let certificate = pem
            .parse_x509()
            .map_err(|error| unreadable(error.to_string()))?;

        let subject = certificate.subject();
        let first = |mut values: Vec<&str>| values.drain(..).next().unwrap_or_default().to_owned();
        let organization = first(
            subject
                .iter_organization()
                .filter_map(|value| value.as_str().ok())
                .collect(),
        );
        let common_name = first(
            subject
                .iter_common_name()
                .filter_map(|value| value.as_str().ok())
                .collect(),
        );
        checked_mark(&common_name)?;
        if certificate.public_key().raw != key.subject_public_key_info() {
            return Err(CertifierError::KeyMismatch { common_name });
        }

        let issuer = Issuer::from_ca_cert_der(&pem.contents.as_slice().into(), key)
            .map_err(CertifierError::Encoding)?;
        let certificate_der = pem.contents;
        let revocation_urls = RevocationUrls::default();
        Ok(Self {
            issuer: Arc::new(issuer),
            certificate_der,
            organization,
            revocation_urls,
        })
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

    /// What [`Self::from_pem_pair`] reads. The key is not encrypted.
    pub fn to_pem_pair(&self) -> PemPair {
        PemPair {
            certificate: self.certificate_pem(),
            private_key: self.issuer.key().serialize_pem(),
        }
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
    /// or IP addresses.
    pub fn issue_server(
        &self,
        names: &[&str],
        validity: Validity,
    ) -> Result<ServerCredential, CertifierError> {
        let key = KeyPair::generate().map_err(CertifierError::Encoding)?;
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let first = names.first().cloned().ok_or(CertifierError::NoServerName)?;
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

/// A certifier to keep in a folder. It has no `Debug`, for it holds the private key.
pub struct PemPair {
    /// The certificate.
    pub certificate: String,
    /// The private key, PKCS#8.
    pub private_key: String,
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

/// Why a certifier could not be made or could not issue.
#[derive(Debug, Error)]
pub enum CertifierError {
    /// The name does not mark the certifier as one for tests.
    #[error("the certifier {common_name:?} is refused: the name of a test certifier says COLLAUDO")]
    NotMarked {
        /// The common name.
        common_name: String,
    },
    /// A name does not fit in its field (X.520 upper bounds).
    #[error("the {field} must have 1 to 64 characters, not {seen}")]
    NameLength {
        /// Which name.
        field: &'static str,
        /// Characters in it.
        seen: usize,
    },
    /// A server certificate was asked for with no name in it.
    #[error("a server certificate needs a host name or an IP address")]
    NoServerName,
    /// A kept certifier's certificate cannot be read.
    #[error("the certifier's certificate is not a PEM certificate: {reason}")]
    Certificate {
        /// What the reader says.
        reason: String,
    },
    /// A kept certifier's key cannot be read.
    #[error("the certifier's private key is not a PKCS#8 key in PEM: {0}")]
    PrivateKey(#[source] rcgen::Error),
    /// A key of a kind that no certifier here signs with.
    #[error("the private key is neither ECDSA P-256 nor RSA")]
    KeyAlgorithm,
    /// Certificate and key are not of one pair.
    #[error(
        "the private key is not that of the certifier {common_name:?}: keep both in one folder"
    )]
    KeyMismatch {
        /// The certifier's common name.
        common_name: String,
    },
    /// The public key to certify cannot be read.
    #[error("the card's public key is not a SubjectPublicKeyInfo of a known algorithm: {0}")]
    SubjectPublicKey(#[source] rcgen::Error),
    /// The certificate cannot be written or signed.
    #[error("the certificate cannot be made: {0}")]
    Encoding(#[source] rcgen::Error),
    /// The revocation list cannot be written or signed.
    #[error("the revocation list cannot be made: {0}")]
    RevocationList(#[source] rcgen::Error),
    /// The trusted list cannot be written.
    #[error("the trusted list cannot be written: {0}")]
    TrustedList(#[source] std::io::Error),
    /// What was written cannot be read again, to be signed.
    #[error("the trusted list cannot be signed: {0}")]
    Xml(#[from] XmlError),
    /// A trusted list was to be signed with a key of another kind.
    #[error("the publisher of a trusted list signs with RSA here, and its key is of another kind")]
    TrustedListKey,
    /// The system gives no random bytes.
    #[error("the system's random number generator failed")]
    Randomness,
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
