//! A certificate, taken apart.

use super::change::{self, Change};
use super::extension::Extension;
use super::name::Name;
use super::sign::{ForgeError, Forgeable, Signing};
use crate::der::read::{DerError, only};
use crate::der::{tag, write as der};

/// What a certifier signs (RFC 5280 §4.1), each part apart:
///
/// ```text
/// TBSCertificate ::= SEQUENCE {
///     version               [0] INTEGER DEFAULT v1,
///     serialNumber          INTEGER,
///     signature             AlgorithmIdentifier,
///     issuer                Name,
///     validity              SEQUENCE { notBefore, notAfter },
///     subject               Name,
///     subjectPublicKeyInfo  SubjectPublicKeyInfo,
///     extensions            [3] SEQUENCE OF Extension OPTIONAL }
/// ```
///
/// The unique identifiers `[1]` and `[2]` of version 2 are in no certificate that anybody issues.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertificateParts {
    /// The version that it says it has.
    pub version: CertificateVersion,
    /// The content of the INTEGER, which need not be one that anybody may give.
    pub serial_number: Vec<u8>,
    /// The issuer.
    pub issuer: Name,
    /// Both times, a whole SEQUENCE.
    pub validity_der: Vec<u8>,
    /// Whose certificate it is.
    pub subject: Name,
    /// The key, a whole SubjectPublicKeyInfo.
    pub public_key_der: Vec<u8>,
    /// The extensions in their order. With none the field is left out.
    pub extensions: Vec<Extension>,
}

/// Versions, by the number that stands in the certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CertificateVersion {
    /// 0, which is the default and therefore not written.
    V1,
    /// 1.
    V2,
    /// 2, of all that have extensions.
    V3,
}

impl CertificateParts {
    /// Takes a certificate apart. Its signature is not looked at, and forgotten.
    ///
    /// # Errors
    /// It is not a certificate in DER, or one that is odd already.
    pub fn read(certificate_der: &[u8]) -> Result<Self, ForgeError> {
        Self::parse(certificate_der).map_err(ForgeError::Template)
    }

    fn parse(certificate_der: &[u8]) -> Result<Self, DerError> {
        let mut fields = only(certificate_der)?
            .reader()
            .expect(tag::SEQUENCE)?
            .reader();
        let version = match fields.explicit(0)?.map(|version| version.content) {
            None => CertificateVersion::V1,
            Some([1]) => CertificateVersion::V2,
            Some(_) => CertificateVersion::V3,
        };
        let serial_number = fields.expect(tag::INTEGER)?.content.to_vec();
        fields.expect(tag::SEQUENCE)?;
        let issuer = Name::read(fields.expect(tag::SEQUENCE)?)?;
        let validity_der = fields.expect(tag::SEQUENCE)?.der.to_vec();
        let subject = Name::read(fields.expect(tag::SEQUENCE)?)?;
        let public_key_der = fields.expect(tag::SEQUENCE)?.der.to_vec();
        let extensions = match fields.explicit(3)? {
            None => Vec::new(),
            Some(list) => Extension::read_all(list)?,
        };
        fields.end()?;
        Ok(Self {
            version,
            serial_number,
            issuer,
            validity_der,
            subject,
            public_key_der,
            extensions,
        })
    }
}

impl Forgeable for CertificateParts {
    type Change = Change;

    fn apply(&mut self, change: &Change, signing: &mut Signing) {
        change::apply(change, self, signing);
    }

    fn to_der(&self, algorithm_identifier: &[u8]) -> Vec<u8> {
        let version = match self.version {
            CertificateVersion::V1 => Vec::new(),
            CertificateVersion::V2 => der::explicit(0, &der::unsigned_integer(&[1])),
            CertificateVersion::V3 => der::explicit(0, &der::unsigned_integer(&[2])),
        };
        let mut fields = vec![
            version,
            der::element(tag::INTEGER, &self.serial_number),
            algorithm_identifier.to_vec(),
            self.issuer.to_der(),
            self.validity_der.clone(),
            self.subject.to_der(),
            self.public_key_der.clone(),
        ];
        if !self.extensions.is_empty() {
            fields.push(der::explicit(3, &Extension::all_to_der(&self.extensions)));
        }
        der::sequence(&fields)
    }
}
