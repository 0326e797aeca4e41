//! Which certificate a request is about.

use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use crate::certificate_identity::CertificateIdentity;
use crate::certifier::{CertificationAuthority, CertifierError};
use crate::der::read::{DerError, Element, only};
use crate::der::{tag, write as der};
use crate::serial_number::SerialNumber;

/// The hash that a CertID names its issuer with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OcspHash {
    /// SHA-1, which every client sends unless told otherwise (RFC 5019 §2.1.1). It protects nothing
    /// here: it is an abbreviation of a name that everybody knows.
    Sha1,
    /// SHA-256 (RFC 6960 §4.3).
    Sha256,
}

impl OcspHash {
    const ALL: [Self; 2] = [Self::Sha1, Self::Sha256];

    fn object_identifier(self) -> Vec<u8> {
        match self {
            Self::Sha1 => der::object_identifier(&[1, 3, 14, 3, 2, 26]),
            Self::Sha256 => der::object_identifier(&[2, 16, 840, 1, 101, 3, 4, 2, 1]),
        }
    }

    fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &SHA256,
        }
    }
}

/// A certificate, named by its issuer's name and key and by its number (RFC 6960 §4.1.1):
///
/// ```text
/// CertID ::= SEQUENCE {
///     hashAlgorithm   AlgorithmIdentifier,
///     issuerNameHash  OCTET STRING,    -- of the issuer's Name
///     issuerKeyHash   OCTET STRING,    -- of the bits of the issuer's key
///     serialNumber    INTEGER }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertId {
    /// As it was sent, for the response must repeat it.
    der: Vec<u8>,
    /// None for a hash that is not known here.
    hash: Option<OcspHash>,
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
    /// None for a number that is given to nobody.
    serial: Option<SerialNumber>,
}

impl CertId {
    pub(super) fn parse(element: Element<'_>) -> Result<Self, DerError> {
        let mut fields = element.reader();
        let mut algorithm = fields.expect(tag::SEQUENCE)?.reader();
        let object_identifier = algorithm.expect(tag::OBJECT_IDENTIFIER)?.der;
        if !algorithm.is_empty() {
            // The parameters: NULL or nothing, and nobody cares which.
            algorithm.element()?;
        }
        algorithm.end()?;
        let issuer_name_hash = fields.expect(tag::OCTET_STRING)?.content.to_vec();
        let issuer_key_hash = fields.expect(tag::OCTET_STRING)?.content.to_vec();
        let serial = fields.expect(tag::INTEGER)?.content;
        fields.end()?;
        Ok(Self {
            der: element.der.to_vec(),
            hash: OcspHash::ALL
                .into_iter()
                .find(|hash| hash.object_identifier() == object_identifier),
            issuer_name_hash,
            issuer_key_hash,
            serial: SerialNumber::from_integer(serial),
        })
    }

    /// The certificate with this serial number, the content of its INTEGER, that the owner of this
    /// certificate (DER) issued: what a client asks about.
    pub fn of_issued(
        issuer_der: &[u8],
        serial: &[u8],
        hash: OcspHash,
    ) -> Result<Self, CertifierError> {
        let issuer = CertificateIdentity::of(issuer_der)?;
        Ok(Self::new(&issuer, serial, hash))
    }

    fn new(issuer: &CertificateIdentity, serial: &[u8], hash: OcspHash) -> Self {
        let issuer_name_hash = issuer.name_hash(hash.algorithm());
        let issuer_key_hash = issuer.key_hash(hash.algorithm());
        let der = der::sequence(&[
            der::sequence(&[hash.object_identifier(), der::null()]),
            der::octet_string(&issuer_name_hash),
            der::octet_string(&issuer_key_hash),
            der::element(tag::INTEGER, serial),
        ]);
        Self {
            der,
            hash: Some(hash),
            issuer_name_hash,
            issuer_key_hash,
            serial: SerialNumber::from_integer(serial),
        }
    }

    /// As it was sent.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The hash it was made with, if it is one that is known here.
    pub fn hash(&self) -> Option<OcspHash> {
        self.hash
    }

    /// The certificate's number, if it can be one that was given.
    pub fn serial(&self) -> Option<SerialNumber> {
        self.serial
    }

    /// Whether `issuer` certified it: name and key, for there are certifiers of one name.
    pub(crate) fn is_issued_by(&self, issuer: &CertificateIdentity) -> bool {
        self.hash.is_some_and(|hash| {
            self.issuer_name_hash == issuer.name_hash(hash.algorithm())
                && self.issuer_key_hash == issuer.key_hash(hash.algorithm())
        })
    }
}

impl CertificationAuthority {
    /// The name that OCSP has for this certifier's certificate of this number.
    pub fn cert_id(&self, serial: SerialNumber, hash: OcspHash) -> Result<CertId, CertifierError> {
        let issuer = CertificateIdentity::of(self.certificate_der())?;
        // As an INTEGER has it: positive.
        let serial = der::unsigned_integer(serial.to_bytes());
        let serial = only(&serial).map_or(&[][..], |it| it.content);
        Ok(CertId::new(&issuer, serial, hash))
    }
}
