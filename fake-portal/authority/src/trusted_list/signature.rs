//! The signature of a trusted list: enveloped, XAdES baseline B (ETSI TS 119 612 §5.7.1 and annex B).
//!
//! ```text
//! ds:Signature
//!     ds:SignedInfo
//!         ds:CanonicalizationMethod    exclusive, without comments
//!         ds:SignatureMethod           RSA with SHA-256
//!         ds:Reference URI=""          the whole list but this element
//!         ds:Reference URI="#…"        what the signer says of the signature
//!     ds:SignatureValue
//!     ds:KeyInfo                       the signer's certificate
//!     ds:Object
//!         xades:QualifyingProperties
//!             xades:SignedProperties   when, and with which certificate
//! ```

mod verify;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, SigningKey as _};
use ring::digest::{SHA256, digest};
use time::OffsetDateTime;

use super::canonical::canonical;
use super::tree::Element;
use super::{TrustedList, xml};
use crate::certificate_profile::{base, push_country};
use crate::certifier::{CertifierError, checked_name};
use crate::certifier_key::CertifierKey;
use crate::certifier_term::CertifierTerm;
use crate::serial_number::SerialNumber;
use crate::signature_algorithm::SignatureAlgorithm;

pub use verify::{SignatureError, SignedList, verify};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const XML_SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";

/// What the identifier of the signed properties is here.
const PROPERTIES_ID: &str = "signed-properties";

/// Who publishes a trusted list, and signs it. Portals know its certificate beforehand.
#[derive(Clone)]
pub struct TrustedListSigner {
    certificate_der: Vec<u8>,
    term: CertifierTerm,
    key: Arc<CertifierKey>,
}

impl TrustedListSigner {
    /// A publisher with this RSA key and a certificate of its own, for nothing else than signing lists
    /// (id-tsl-kp-tslSigning, ETSI TS 119 612 §5.7.1). It ends with the run, as the certifiers do.
    ///
    /// # Errors
    /// The key is not RSA.
    pub fn new(key: CertifierKey, term: CertifierTerm) -> Result<Self, CertifierError> {
        Self::certified(Arc::new(key), term)
    }

    /// The same publisher, name and key, under a new certificate, which ends with a run that begins at
    /// `now`.
    pub fn renewed(&self, now: OffsetDateTime) -> Result<Self, CertifierError> {
        let term = CertifierTerm::of_run(self.term.validity().not_before(), now)?;
        Self::certified(Arc::clone(&self.key), term)
    }

    /// Whether it is to be renewed at `now`: see [`crate::CertificationAuthority::is_due`].
    pub fn is_due(&self, now: OffsetDateTime) -> bool {
        self.term.is_due(now)
    }

    fn certified(key: Arc<CertifierKey>, term: CertifierTerm) -> Result<Self, CertifierError> {
        const ID_TSL_KP_TSL_SIGNING: [u64; 6] = [0, 4, 0, 2231, 3, 0];

        if key.algorithm() != SignatureAlgorithm::RsaWithSha256 {
            return Err(CertifierError::TrustedListKey);
        }
        let mut params = base(key.pair(), term.validity(), SerialNumber::random()?);
        push_country(&mut params.distinguished_name)?;
        for (kind, name) in [
            (DnType::OrganizationName, xml::OPERATOR),
            (DnType::CommonName, "Elenco dei certificatori COLLAUDO"),
        ] {
            params
                .distinguished_name
                .push(kind, checked_name("publisher", name)?);
        }
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(
            ID_TSL_KP_TSL_SIGNING.to_vec(),
        )];
        let certificate = params
            .self_signed(key.pair())
            .map_err(CertifierError::Encoding)?;
        Ok(Self {
            certificate_der: certificate.der().to_vec(),
            term,
            key,
        })
    }

    /// Its certificate, by which portals know it.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    fn sign(&self, octets: &[u8]) -> Result<Vec<u8>, CertifierError> {
        let signature = self.key.pair().sign(octets);
        signature.map_err(CertifierError::Encoding)
    }
}

impl TrustedList {
    /// The list as it is published, signed at the moment of its issue: XML in UTF-8.
    pub fn to_signed_xml(&self, signer: &TrustedListSigner) -> Result<Vec<u8>, CertifierError> {
        let unsigned = self.to_xml()?;
        let list = Element::parse(&unsigned)?;
        let properties = properties(signer, self.issued);
        let references = [
            reference("", "", &[ENVELOPED, EXCLUSIVE], &canonical(&list, None)),
            reference(
                &format!("#{PROPERTIES_ID}"),
                &format!(" Type=\"{SIGNED_PROPERTIES}\""),
                &[EXCLUSIVE],
                &canonical(&Element::parse(properties.as_bytes())?, None),
            ),
        ];
        let signed_info = format!(
            "<ds:SignedInfo xmlns:ds=\"{DSIG}\">\
             <ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>\
             <ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"/>{}</ds:SignedInfo>",
            references.concat()
        );
        let value = signer.sign(&canonical(&Element::parse(signed_info.as_bytes())?, None))?;
        let signature = format!(
            "<ds:Signature xmlns:ds=\"{DSIG}\" Id=\"signature\">{signed_info}\
             <ds:SignatureValue>{}</ds:SignatureValue>\
             <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>\
             </ds:KeyInfo><ds:Object><xades:QualifyingProperties xmlns:xades=\"{XADES}\" \
             Target=\"#signature\">{properties}</xades:QualifyingProperties></ds:Object>\
             </ds:Signature>",
            STANDARD.encode(value),
            STANDARD.encode(signer.certificate_der()),
        );
        Ok(before_the_end(unsigned, &signature))
    }
}

/// `unsigned` with `signature` as the last element of its root. Nothing else changes, white space
/// included: the list's digest was made without it.
fn before_the_end(mut unsigned: Vec<u8>, signature: &str) -> Vec<u8> {
    let end = unsigned.windows(2).rposition(|pair| pair == b"</");
    let end = end.unwrap_or(unsigned.len());
    let rest = unsigned.split_off(end);
    [unsigned, signature.into(), rest].concat()
}

/// What is signed besides the list: when it was signed, and with which certificate
/// (ETSI EN 319 132-1 §5.2.1 and §5.2.2).
fn properties(signer: &TrustedListSigner, signed: OffsetDateTime) -> String {
    format!(
        "<xades:SignedProperties xmlns:xades=\"{XADES}\" Id=\"{PROPERTIES_ID}\">\
         <xades:SignedSignatureProperties><xades:SigningTime>{}</xades:SigningTime>\
         <xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{}</xades:CertDigest></xades:Cert>\
         </xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>",
        xml::date_time(signed),
        hash(signer.certificate_der(), true),
    )
}

fn reference(uri: &str, kind: &str, transforms: &[&str], octets: &[u8]) -> String {
    let transforms: String = transforms
        .iter()
        .map(|transform| format!("<ds:Transform Algorithm=\"{transform}\"/>"))
        .collect();
    format!(
        "<ds:Reference{kind} URI=\"{uri}\"><ds:Transforms>{transforms}</ds:Transforms>{}</ds:Reference>",
        hash(octets, false)
    )
}

/// The two elements that say what the SHA-256 of something is; outside of a signature they say themselves
/// whose names theirs are.
fn hash(octets: &[u8], stands_alone: bool) -> String {
    let declaration = match stands_alone {
        true => format!(" xmlns:ds=\"{DSIG}\""),
        false => String::new(),
    };
    format!(
        "<ds:DigestMethod{declaration} Algorithm=\"{XML_SHA256}\"/>\
         <ds:DigestValue{declaration}>{}</ds:DigestValue>",
        STANDARD.encode(digest(&SHA256, octets))
    )
}
