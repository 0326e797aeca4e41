//! What a certificate says, as plain values.

mod text;
mod urls;

use ring::digest::{SHA256, digest};
use thiserror::Error;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate, X509Error, X509Extension};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// The facts of a certificate (RFC 5280 §4.1 and §4.2) that a login depends on or shows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertificateFacts {
    /// Subject, as text.
    pub subject: String,
    /// Issuer, as text.
    pub issuer: String,
    /// Serial number in hexadecimal, two digits a byte.
    pub serial_number: String,
    /// First second of validity.
    pub not_before: OffsetDateTime,
    /// Last second of validity.
    pub not_after: OffsetDateTime,
    /// `RSA`, `EC`, or an object identifier.
    pub key_algorithm: String,
    /// Size of the RSA modulus or of the curve's field, in bits.
    pub key_bits: usize,
    /// Object identifiers of the policies.
    pub policies: Vec<String>,
    /// SHA-256 of the whole certificate, in hexadecimal.
    pub sha256: String,
    /// All common names of the subject; a CNS certificate has one.
    pub common_names: Vec<String>,
    /// First surname of the subject.
    pub surname: Option<String>,
    /// First given name of the subject.
    pub given_name: Option<String>,
    /// First organizational unit of the subject: the administration that issued the card.
    pub issuing_administration: Option<String>,
    /// Key usage, when the extension is there.
    pub key_usage: Option<KeyUsage>,
    /// Whether the extended key usage names client authentication. An absent extension allows
    /// every purpose in RFC 5280, but not in the CNS profile.
    pub client_authentication: bool,
    /// Whether there is an extended key usage at all.
    pub has_extended_key_usage: bool,
    /// 1, 2 or 3.
    pub version: u32,
    /// The content octets of the serial number.
    pub serial_octets: Vec<u8>,
    /// How the certifier signed: the object identifier of the algorithm.
    pub signature_algorithm: String,
    /// The certifier's name, DER.
    pub issuer_der: Vec<u8>,
    /// Which of its keys the certifier signed with, if the certificate says so (RFC 5280 §4.2.1.1).
    pub authority_key_identifier: Option<Vec<u8>>,
    /// First country of the subject.
    pub country: Option<String>,
    /// The subject, name by name: each is one attribute, or several at once. An attribute is its type,
    /// an object identifier, and its value.
    pub subject_names: Vec<Vec<(String, String)>>,
    /// Attributes of subject and issuer with bytes that their string type does not have: `surname
    /// (PrintableString)`.
    pub misencoded_names: Vec<String>,
    /// Whether it says that it is a certifier's.
    pub is_certifier: bool,
    /// Critical extensions that nobody here understands, by their object identifiers.
    pub unknown_critical: Vec<String>,
    /// Where its certifier's revocation lists are (RFC 5280 §4.2.1.13).
    pub revocation_list_urls: Vec<String>,
    /// Where its certifier answers OCSP (RFC 5280 §4.2.2.1).
    pub responder_urls: Vec<String>,
    /// Bytes that follow its end.
    pub trailing_bytes: usize,
    /// Whether it says inside, where it is signed, the same about the certifier's signature as outside.
    pub is_of_one_algorithm: bool,
    /// Extensions whose content is not what their type wants, by their object identifiers.
    pub damaged_extensions: Vec<String>,
}

/// The bits of the key usage extension that the CNS profile speaks of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeyUsage {
    /// Bit 0.
    pub digital_signature: bool,
    /// Bit 1, which marks a key that signs documents.
    pub non_repudiation: bool,
    /// Bit 4.
    pub key_agreement: bool,
    /// Whether the extension must be understood.
    pub is_critical: bool,
}

/// A certificate that cannot be read.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("the client's certificate cannot be read as X.509: {reason}")]
pub struct CertificateSyntaxError {
    /// What the reader says.
    pub reason: String,
}

impl CertificateFacts {
    /// Reads a DER certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateSyntaxError> {
        let (rest, certificate) = X509Certificate::from_der(der).map_err(|error| syntax(&error))?;
        let subject = certificate.subject();
        let key = certificate.public_key();
        let (key_algorithm, key_bits) = match key.parsed().map_err(|error| syntax(&error))? {
            PublicKey::RSA(rsa) => ("RSA".to_owned(), rsa.key_size()),
            PublicKey::EC(point) => ("EC".to_owned(), point.key_size()),
            _ => (key.algorithm.algorithm.to_id_string(), 0),
        };
        let of_extension = |error: X509Error| syntax(&error);
        let key_usage = certificate
            .key_usage()
            .map_err(of_extension)?
            .map(|usage| KeyUsage {
                digital_signature: usage.value.digital_signature(),
                non_repudiation: usage.value.non_repudiation(),
                key_agreement: usage.value.key_agreement(),
                is_critical: usage.critical,
            });
        let purposes = certificate.extended_key_usage().map_err(of_extension)?;

        Ok(Self {
            subject: text::of_name(subject),
            issuer: text::of_name(certificate.issuer()),
            serial_number: hexadecimal(certificate.raw_serial()),
            not_before: certificate.validity().not_before.to_datetime(),
            not_after: certificate.validity().not_after.to_datetime(),
            key_algorithm,
            key_bits,
            policies: policies(&certificate),
            sha256: hexadecimal(digest(&SHA256, der).as_ref()),
            common_names: subject
                .iter_common_name()
                .filter_map(text::of_attribute)
                .collect(),
            surname: first_attribute(subject, "2.5.4.4"),
            given_name: first_attribute(subject, "2.5.4.42"),
            issuing_administration: first_attribute(subject, "2.5.4.11"),
            key_usage,
            client_authentication: purposes
                .as_ref()
                .is_some_and(|purposes| purposes.value.client_auth),
            has_extended_key_usage: purposes.is_some(),
            version: certificate.version().0 + 1,
            serial_octets: certificate.raw_serial().to_vec(),
            signature_algorithm: certificate.signature_algorithm.algorithm.to_id_string(),
            issuer_der: certificate.issuer().as_raw().to_vec(),
            authority_key_identifier: authority_key_identifier(&certificate),
            country: first_attribute(subject, "2.5.4.6"),
            subject_names: names(subject),
            misencoded_names: [subject, certificate.issuer()]
                .into_iter()
                .flat_map(text::misencoded)
                .collect(),
            is_certifier: certificate.is_ca(),
            unknown_critical: extensions(&certificate, |extension| {
                extension.critical
                    && matches!(
                        extension.parsed_extension(),
                        ParsedExtension::UnsupportedExtension { .. }
                    )
            }),
            revocation_list_urls: urls::revocation_lists(&certificate),
            responder_urls: urls::responders(&certificate),
            trailing_bytes: rest.len(),
            is_of_one_algorithm: certificate.tbs_certificate.signature
                == certificate.signature_algorithm,
            damaged_extensions: extensions(&certificate, |extension| {
                matches!(
                    extension.parsed_extension(),
                    ParsedExtension::ParseError { .. }
                )
            }),
        })
    }
}

fn extensions(
    certificate: &X509Certificate<'_>,
    chosen: impl Fn(&X509Extension<'_>) -> bool,
) -> Vec<String> {
    let extensions = certificate.extensions().iter();
    extensions
        .filter(|extension| chosen(extension))
        .map(|extension| extension.oid.to_id_string())
        .collect()
}

fn authority_key_identifier(certificate: &X509Certificate<'_>) -> Option<Vec<u8>> {
    certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(identifier) => {
                identifier.key_identifier.as_ref().map(|key| key.0.to_vec())
            }
            _ => None,
        })
}

fn names(name: &X509Name<'_>) -> Vec<Vec<(String, String)>> {
    let attribute = |attribute: &AttributeTypeAndValue<'_>| {
        let value = text::of_attribute(attribute).unwrap_or_default();
        (attribute.attr_type().to_id_string(), value)
    };
    name.iter_rdn()
        .map(|names| names.iter().map(attribute).collect())
        .collect()
}

fn policies(certificate: &X509Certificate<'_>) -> Vec<String> {
    certificate
        .extensions()
        .iter()
        .filter_map(|extension| match extension.parsed_extension() {
            ParsedExtension::CertificatePolicies(policies) => Some(policies),
            _ => None,
        })
        .flatten()
        .map(|policy| policy.policy_id.to_id_string())
        .collect()
}

fn first_attribute(name: &X509Name<'_>, identifier: &str) -> Option<String> {
    name.iter_attributes()
        .find(|attribute| attribute.attr_type().to_id_string() == identifier)
        .and_then(text::of_attribute)
}

/// The name of a signature algorithm, an object identifier, whose hash gives two texts one value if
/// somebody wants it (RFC 3279 §2.2). None for any other.
pub(crate) fn weak_signature(algorithm: &str) -> Option<&'static str> {
    match algorithm {
        "1.2.840.113549.1.1.4" => Some("md5WithRSAEncryption"),
        "1.2.840.113549.1.1.5" => Some("sha1WithRSAEncryption"),
        "1.2.840.10045.4.1" => Some("ecdsa-with-SHA1"),
        "1.2.840.10040.4.3" => Some("dsa-with-sha1"),
        _ => None,
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn syntax(error: &impl ToString) -> CertificateSyntaxError {
    CertificateSyntaxError {
        reason: error.to_string(),
    }
}
