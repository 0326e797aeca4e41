//! Whether a trusted list is signed by who publishes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use thiserror::Error;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{
    DSIG, ENVELOPED, EXCLUSIVE, RSA_SHA256, SIGNED_PROPERTIES, XADES, XML_SHA256, canonical,
};
use crate::certificate_identity::CertificateIdentity;
use crate::trusted_list::tree::{Element, XmlError};
use crate::validity::Validity;

/// Why a list is not believed.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum SignatureError {
    /// It cannot be read.
    #[error("the trusted list cannot be read: {0}")]
    Xml(#[from] XmlError),
    /// It has no signature, or several.
    #[error("the trusted list has {seen} signatures, not one")]
    Count {
        /// How many it has.
        seen: usize,
    },
    /// The signature is not of the one kind that lists have here.
    #[error("the signature of the trusted list is not as ETSI TS 119 612 has it: {what}")]
    Form {
        /// What is missing or different.
        what: &'static str,
    },
    /// It says that somebody else has signed it.
    #[error("the trusted list is signed with another certificate than that of its publisher")]
    Signer,
    /// Something was changed after it was signed.
    #[error("the trusted list was changed after it was signed: the digest of {what} is another")]
    Digest {
        /// What was changed.
        what: &'static str,
    },
    /// The publisher's certificate is not of this time.
    #[error(
        "the publisher's certificate, with which the trusted list is signed, is valid from {} to {}",
        not_before.date(),
        not_after.date()
    )]
    SignerTime {
        /// Its first second.
        not_before: OffsetDateTime,
        /// Its last second.
        not_after: OffsetDateTime,
    },
    /// The publisher has not made the signature.
    #[error("the signature of the trusted list was not made with the key of its publisher")]
    Value,
}

/// A list that its publisher has signed, under a certificate that has its time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SignedList {
    signer: Validity,
}

impl SignedList {
    /// Whether that time is `now`.
    ///
    /// # Errors
    /// [`SignatureError::SignerTime`]: it is not.
    pub fn at(&self, now: OffsetDateTime) -> Result<(), SignatureError> {
        let (not_before, not_after) = (self.signer.not_before(), self.signer.not_after());
        match not_before <= now && now <= not_after {
            true => Ok(()),
            false => Err(SignatureError::SignerTime {
                not_before,
                not_after,
            }),
        }
    }
}

/// Whether a list, XML, is signed as a whole by the owner of this certificate, DER. The list need not be
/// signed under this one: a publisher who is renewed keeps name and key.
///
/// # Errors
/// [`SignatureError`] says what is wrong.
pub fn verify(xml: &[u8], publisher_der: &[u8]) -> Result<SignedList, SignatureError> {
    let list = Element::parse(xml)?;
    let signature = list.only(DSIG, "Signature").ok_or(SignatureError::Count {
        seen: list.all(DSIG, "Signature").count(),
    })?;
    let signed_info = at(signature, "SignedInfo", "it has no SignedInfo")?;
    demand(
        algorithm(signed_info, "CanonicalizationMethod") == Some(EXCLUSIVE),
        "the canonicalisation is not the exclusive one",
    )?;
    demand(
        algorithm(signed_info, "SignatureMethod") == Some(RSA_SHA256),
        "the method is not RSA with SHA-256",
    )?;
    verify_references(&list, signature, signed_info)?;

    let certificate = binary(signature, "KeyInfo/X509Data/X509Certificate")?;
    let identity = |der| CertificateIdentity::of(der).map_err(|_| SignatureError::Signer);
    let publisher = identity(publisher_der)?;
    if identity(&certificate)? != publisher {
        return Err(SignatureError::Signer);
    }
    let value = binary(signature, "SignatureValue")?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &publisher.key_bits)
        .verify(&canonical(signed_info, None), &value)
        .map_err(|_| SignatureError::Value)?;
    signer_of(&certificate)
}

/// The publisher vouches for this certificate: its digest is among what is signed.
fn signer_of(certificate: &[u8]) -> Result<SignedList, SignatureError> {
    let (_, certificate) =
        X509Certificate::from_der(certificate).map_err(|_| SignatureError::Signer)?;
    let not_before = certificate.validity().not_before.to_datetime();
    let not_after = certificate.validity().not_after.to_datetime();
    match Validity::new(not_before, not_after) {
        Ok(signer) => Ok(SignedList { signer }),
        Err(_) => Err(SignatureError::SignerTime {
            not_before,
            not_after,
        }),
    }
}

/// Both things that are signed: the list, and what the signer says of the signature. Nothing else is
/// looked at, so that nothing else need be trusted.
fn verify_references(
    list: &Element,
    signature: &Element,
    signed_info: &Element,
) -> Result<(), SignatureError> {
    let references: Vec<&Element> = signed_info.all(DSIG, "Reference").collect();
    let [to_list, to_properties] = references.as_slice() else {
        return form("it does not have two references");
    };
    demand(
        to_list.attribute("URI") == Some(""),
        "the first reference is not to the whole list",
    )?;
    demand(
        transforms(to_list) == [ENVELOPED, EXCLUSIVE],
        "the list is transformed in another way",
    )?;
    verify_digest(to_list, &canonical(list, Some(signature)), "the list")?;

    let qualifying = at(signature, "Object", "it has no properties")?
        .only(XADES, "QualifyingProperties")
        .and_then(|properties| properties.only(XADES, "SignedProperties"));
    let Some(properties) = qualifying else {
        return form("it has no properties");
    };
    let uri = properties.attribute("Id").map(|id| format!("#{id}"));
    demand(
        uri.is_some() && to_properties.attribute("URI") == uri.as_deref(),
        "the second reference is not to the properties",
    )?;
    demand(
        to_properties.attribute("Type") == Some(SIGNED_PROPERTIES),
        "the second reference does not say that it is to the properties",
    )?;
    demand(
        transforms(to_properties) == [EXCLUSIVE],
        "the properties are transformed in another way",
    )?;
    verify_digest(
        to_properties,
        &canonical(properties, None),
        "its properties",
    )?;

    let certificate = binary(signature, "KeyInfo/X509Data/X509Certificate")?;
    let named = properties.at(
        XADES,
        "SignedSignatureProperties/SigningCertificateV2/Cert/CertDigest",
    );
    match named {
        Some(named) => verify_digest(named, &certificate, "its certificate"),
        None => form("its properties do not name the certificate"),
    }
}

fn verify_digest(
    element: &Element,
    octets: &[u8],
    what: &'static str,
) -> Result<(), SignatureError> {
    demand(
        algorithm(element, "DigestMethod") == Some(XML_SHA256),
        "a digest is not SHA-256",
    )?;
    match binary(element, "DigestValue")? == digest(&SHA256, octets).as_ref() {
        true => Ok(()),
        false => Err(SignatureError::Digest { what }),
    }
}

fn transforms(reference: &Element) -> Vec<&str> {
    let transforms = reference.only(DSIG, "Transforms");
    transforms
        .into_iter()
        .flat_map(|transforms| transforms.all(DSIG, "Transform"))
        .filter_map(|transform| transform.attribute("Algorithm"))
        .collect()
}

fn algorithm<'a>(element: &'a Element, name: &'a str) -> Option<&'a str> {
    element.only(DSIG, name)?.attribute("Algorithm")
}

/// The bytes that stand in base64, in any number of lines, at this path.
fn binary(element: &Element, path: &'static str) -> Result<Vec<u8>, SignatureError> {
    let text = at(element, path, "something is missing")?.text();
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(text).or(form("something is not base64"))
}

fn at<'a>(
    element: &'a Element,
    path: &'static str,
    what: &'static str,
) -> Result<&'a Element, SignatureError> {
    element.at(DSIG, path).ok_or(SignatureError::Form { what })
}

fn demand(holds: bool, what: &'static str) -> Result<(), SignatureError> {
    if holds { Ok(()) } else { form(what) }
}

fn form<T>(what: &'static str) -> Result<T, SignatureError> {
    Err(SignatureError::Form { what })
}
