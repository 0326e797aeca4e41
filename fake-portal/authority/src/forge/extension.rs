//! Extensions (RFC 5280 §4.2) with values that a CNS certificate should not have.

use crate::der::read::{DerError, Element};
use crate::der::{tag, write as der};

/// One extension of a certificate:
///
/// ```text
/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Extension {
    /// Its OBJECT IDENTIFIER, a whole element.
    pub type_der: Vec<u8>,
    /// Whether who does not know it must refuse the certificate.
    pub critical: bool,
    /// What the OCTET STRING contains.
    pub value: Vec<u8>,
}

/// Extensions that changes name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ExtensionType {
    /// What the key may be used for.
    KeyUsage,
    /// In which protocols.
    ExtendedKeyUsage,
    /// Of a server: its names.
    SubjectAlternativeName,
    /// Under which rules it was issued: of a CNS, of a CIE.
    CertificatePolicies,
    /// Whether it is a certifier's.
    BasicConstraints,
    /// Which key of the certifier signed it.
    AuthorityKeyIdentifier,
    /// An abbreviation of its own key.
    SubjectKeyIdentifier,
    /// Where the revocation list is.
    CrlDistributionPoints,
    /// Where the OCSP responder and the certifier's certificate are.
    AuthorityInformationAccess,
    /// Of a revocation list: which one it is.
    CrlNumber,
    /// Of a revocation list: what it is about.
    IssuingDistributionPoint,
    /// Of a revocation list: that it only says what is new since another.
    DeltaCrlIndicator,
    /// One that nobody has ever heard of, in the arc for documentation (RFC 5612).
    Unknown,
}

/// The bits of keyUsage (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "each is named after its bit")]
pub enum KeyUsageBit {
    DigitalSignature = 0,
    NonRepudiation = 1,
    KeyEncipherment = 2,
    DataEncipherment = 3,
    KeyAgreement = 4,
    KeyCertSign = 5,
    CrlSign = 6,
}

/// The purposes of extKeyUsage (RFC 5280 §4.2.1.12) that real cards and wrong certificates have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyPurpose {
    /// To log in with TLS.
    ClientAuth,
    /// To be a TLS server.
    ServerAuth,
    /// To sign mail.
    EmailProtection,
    /// To log in to Windows; some cards have it beside ClientAuth.
    MicrosoftSmartcardLogin,
    /// To answer for a certifier.
    OcspSigning,
    /// anyExtendedKeyUsage.
    Any,
}

/// The policies that a portal must tell apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Policy {
    /// Of a CNS, 1.3.76.16.2.1.
    Cns,
    /// Of the cards of Lombardy that are declared equivalent, 1.3.159.6.1.3.2.10.
    LombardySiss,
    /// The same of a later certifier, 1.3.76.12.1.1.10.2.2.10.
    LombardyCrs,
    /// Of a CIE, the identity card, 1.3.76.47.4.
    Cie,
    /// 1.3.76.16.211, nobody's: a pattern whose dots stand for any character takes it for a CNS.
    CnsLookalike,
    /// 1.3.76.16.2.1.1, nobody's: below the policy of a CNS, and another one.
    BelowCns,
    /// The test certifier's own.
    Certifier,
    /// anyPolicy.
    Any,
}

impl Extension {
    /// An extension with this value.
    pub fn new(kind: ExtensionType, critical: bool, value: Vec<u8>) -> Self {
        Self {
            type_der: kind.object_identifier(),
            critical,
            value,
        }
    }

    /// keyUsage with these bits, critical as it should be.
    pub fn key_usage(bits: &[KeyUsageBit]) -> Self {
        let bits: Vec<u8> = bits.iter().map(|&bit| bit as u8).collect();
        Self::new(ExtensionType::KeyUsage, true, der::named_bits(&bits))
    }

    /// extKeyUsage with these purposes.
    pub fn extended_key_usage(purposes: &[KeyPurpose]) -> Self {
        let purposes: Vec<_> = purposes
            .iter()
            .map(|purpose| der::object_identifier(purpose.arcs()))
            .collect();
        Self::new(
            ExtensionType::ExtendedKeyUsage,
            false,
            der::sequence(&purposes),
        )
    }

    /// certificatePolicies with these policies in this order, bare of notices.
    pub fn certificate_policies(policies: &[Policy]) -> Self {
        let policies: Vec<_> = policies
            .iter()
            .map(|policy| der::sequence(&[der::object_identifier(policy.arcs())]))
            .collect();
        Self::new(
            ExtensionType::CertificatePolicies,
            false,
            der::sequence(&policies),
        )
    }

    /// basicConstraints, critical: a certifier's or not. FALSE is the default and not written.
    pub fn basic_constraints(is_certifier: bool) -> Self {
        let fields = match is_certifier {
            true => vec![der::boolean(true)],
            false => Vec::new(),
        };
        Self::new(
            ExtensionType::BasicConstraints,
            true,
            der::sequence(&fields),
        )
    }

    /// subjectAltName with one name of a host, dNSName `[2] IMPLICIT IA5String` (RFC 5280 §4.2.1.6).
    pub fn host_name(name: &str) -> Self {
        let name = der::element(tag::primitive(2), name.as_bytes());
        Self::new(
            ExtensionType::SubjectAlternativeName,
            false,
            der::sequence(&[name]),
        )
    }

    /// cRLDistributionPoints with one address (RFC 5280 §4.2.1.13).
    pub fn distribution_point(url: &str) -> Self {
        let full_name = der::explicit(0, &der::uniform_resource_identifier(url));
        let point = der::sequence(&[der::explicit(0, &full_name)]);
        Self::new(
            ExtensionType::CrlDistributionPoints,
            false,
            der::sequence(&[point]),
        )
    }

    /// deltaCRLIndicator, critical: the list is only good with the one of this number
    /// (RFC 5280 §5.2.4).
    pub fn delta_crl_indicator(number: u64) -> Self {
        Self::new(
            ExtensionType::DeltaCrlIndicator,
            true,
            der::unsigned_integer(&number.to_be_bytes()),
        )
    }

    /// Puts it in the place of the one of its type; at the end if there is none.
    pub(super) fn put_into(&self, extensions: &mut Vec<Self>) {
        let old = extensions
            .iter_mut()
            .find(|extension| extension.type_der == self.type_der);
        match old {
            Some(old) => old.clone_from(self),
            None => extensions.push(self.clone()),
        }
    }

    /// Whether it is of this type.
    pub fn is(&self, kind: ExtensionType) -> bool {
        self.type_der == kind.object_identifier()
    }

    fn read(element: Element<'_>) -> Result<Self, DerError> {
        let mut fields = element.reader();
        let type_der = fields.expect(tag::OBJECT_IDENTIFIER)?.der.to_vec();
        let critical = fields.optional(tag::BOOLEAN)?;
        let value = fields.expect(tag::OCTET_STRING)?.content.to_vec();
        fields.end()?;
        Ok(Self {
            type_der,
            critical: critical.is_some_and(|critical| critical.content != [0]),
            value,
        })
    }

    /// The extensions of a certificate or a list, and as they are written in either: a SEQUENCE OF.
    pub(super) fn read_all(list: Element<'_>) -> Result<Vec<Self>, DerError> {
        let mut list = list.reader();
        let mut extensions = Vec::new();
        while !list.is_empty() {
            extensions.push(Self::read(list.expect(tag::SEQUENCE)?)?);
        }
        Ok(extensions)
    }

    pub(super) fn all_to_der(extensions: &[Self]) -> Vec<u8> {
        der::sequence(&extensions.iter().map(Self::to_der).collect::<Vec<_>>())
    }

    fn to_der(&self) -> Vec<u8> {
        let mut fields = vec![self.type_der.clone()];
        if self.critical {
            fields.push(der::boolean(true));
        }
        fields.push(der::octet_string(&self.value));
        der::sequence(&fields)
    }
}

impl ExtensionType {
    fn object_identifier(self) -> Vec<u8> {
        let arcs: &[u64] = match self {
            Self::SubjectKeyIdentifier => &[2, 5, 29, 14],
            Self::KeyUsage => &[2, 5, 29, 15],
            Self::SubjectAlternativeName => &[2, 5, 29, 17],
            Self::BasicConstraints => &[2, 5, 29, 19],
            Self::CrlNumber => &[2, 5, 29, 20],
            Self::DeltaCrlIndicator => &[2, 5, 29, 27],
            Self::IssuingDistributionPoint => &[2, 5, 29, 28],
            Self::CrlDistributionPoints => &[2, 5, 29, 31],
            Self::CertificatePolicies => &[2, 5, 29, 32],
            Self::AuthorityKeyIdentifier => &[2, 5, 29, 35],
            Self::ExtendedKeyUsage => &[2, 5, 29, 37],
            Self::AuthorityInformationAccess => &[1, 3, 6, 1, 5, 5, 7, 1, 1],
            Self::Unknown => &[1, 3, 6, 1, 4, 1, 32_473, 99],
        };
        der::object_identifier(arcs)
    }
}

impl KeyPurpose {
    const fn arcs(self) -> &'static [u64] {
        match self {
            Self::ServerAuth => &[1, 3, 6, 1, 5, 5, 7, 3, 1],
            Self::ClientAuth => &[1, 3, 6, 1, 5, 5, 7, 3, 2],
            Self::EmailProtection => &[1, 3, 6, 1, 5, 5, 7, 3, 4],
            Self::OcspSigning => &[1, 3, 6, 1, 5, 5, 7, 3, 9],
            Self::MicrosoftSmartcardLogin => &[1, 3, 6, 1, 4, 1, 311, 20, 2, 2],
            Self::Any => &[2, 5, 29, 37, 0],
        }
    }
}

impl Policy {
    const fn arcs(self) -> &'static [u64] {
        match self {
            Self::Cns => &[1, 3, 76, 16, 2, 1],
            Self::LombardySiss => &[1, 3, 159, 6, 1, 3, 2, 10],
            Self::LombardyCrs => &[1, 3, 76, 12, 1, 1, 10, 2, 2, 10],
            Self::Cie => &[1, 3, 76, 47, 4],
            Self::CnsLookalike => &[1, 3, 76, 16, 211],
            Self::BelowCns => &[1, 3, 76, 16, 2, 1, 1],
            Self::Certifier => &[1, 3, 6, 1, 4, 1, 32_473, 1, 1],
            Self::Any => &[2, 5, 29, 32, 0],
        }
    }
}
