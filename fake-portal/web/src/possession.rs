//! The proof that a client owns the key of its certificate: CertificateVerify, RFC 5246 §7.4.8 and
//! RFC 8446 §4.4.3.
//!
//! The key is taken out of the certificate here and given to ring. A path validator would read the
//! whole certificate first and give up at whatever is odd in it (an extension that nobody knows, a
//! serial number of 21 bytes, version 1), before the proof; then nothing could be said about the rest.
//! So the proof is demanded of every certificate whose key can be found.

use cns_authority::der::read::Reader;
use cns_authority::der::tag;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use rustls::{ProtocolVersion, SignatureScheme};
use thiserror::Error;

use crate::tls_names::scheme_name;

/// The client has just signed this handshake with the key of its certificate. Only `prove` makes
/// one.
#[derive(Clone, Copy, Debug)]
pub struct Possession {
    scheme: SignatureScheme,
}

impl Possession {
    /// How the client signed.
    pub fn scheme(self) -> SignatureScheme {
        self.scheme
    }
}

/// What a client signed, and how.
pub(crate) struct Signed<'a> {
    pub(crate) version: ProtocolVersion,
    pub(crate) scheme: SignatureScheme,
    pub(crate) message: &'a [u8],
    pub(crate) signature: &'a [u8],
}

/// Why there is no proof.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum PossessionError {
    /// The scheme was not asked for, or the version of TLS does not have it.
    #[error("the client signed with {scheme}, which it was not asked for")]
    Scheme {
        /// Its name in the registry.
        scheme: String,
    },
    /// The certificate has no key where one belongs, or one of an algorithm that nobody asked for.
    #[error("there is no key for {scheme} in the certificate")]
    Key {
        /// The name of the scheme in the registry.
        scheme: String,
    },
    /// The signature is not that of the key over this handshake, or the key is too short for it.
    #[error("the signature ({scheme}) is not that of the certificate's key")]
    Signature {
        /// The name of the scheme in the registry.
        scheme: String,
    },
}

/// Verifies a CertificateVerify whose scheme must be among `asked_for`.
///
/// # Errors
/// [`PossessionError`] says which part of the proof is missing.
pub(crate) fn prove(
    certificate: &[u8],
    signed: &Signed<'_>,
    asked_for: &[SignatureScheme],
    key_bits_min: u16,
) -> Result<Possession, PossessionError> {
    let scheme = || scheme_name(signed.scheme);
    let fits_version = signed.version != ProtocolVersion::TLSv1_3 || in_tls13(signed.scheme);
    if !asked_for.contains(&signed.scheme) || !fits_version {
        return Err(PossessionError::Scheme { scheme: scheme() });
    }
    let no_key = || PossessionError::Key { scheme: scheme() };
    let key = PublicKey::of_certificate(certificate).ok_or_else(no_key)?;
    let algorithm = key
        .algorithm_for(signed.scheme, key_bits_min)
        .ok_or_else(no_key)?;
    UnparsedPublicKey::new(algorithm, key.bits)
        .verify(signed.message, signed.signature)
        .map_err(|_| PossessionError::Signature { scheme: scheme() })?;
    Ok(Possession {
        scheme: signed.scheme,
    })
}

/// The key of a certificate (the bits of its SubjectPublicKeyInfo) with which its client must prove itself.
/// None if nobody could find one there, or it is of an algorithm that no login is made with.
pub fn key_of_certificate(certificate: &[u8]) -> Option<&[u8]> {
    PublicKey::of_certificate(certificate).map(|key| key.bits)
}

/// TLS 1.3 has no PKCS #1 v1.5 and no SHA-1 in CertificateVerify (RFC 8446 §4.2.3).
pub(crate) fn in_tls13(scheme: SignatureScheme) -> bool {
    !matches!(
        scheme,
        SignatureScheme::RSA_PKCS1_SHA1
            | SignatureScheme::RSA_PKCS1_SHA256
            | SignatureScheme::RSA_PKCS1_SHA384
            | SignatureScheme::RSA_PKCS1_SHA512
    )
}

/// The key in a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): its algorithm, and the bits.
struct PublicKey<'a> {
    kind: KeyKind,
    bits: &'a [u8],
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum KeyKind {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl<'a> PublicKey<'a> {
    /// Walks past everything that stands before the key, and judges nothing of it.
    fn of_certificate(certificate: &'a [u8]) -> Option<Self> {
        let sequence = |reader: &mut Reader<'a>| reader.expect(tag::SEQUENCE).ok();
        let certificate = sequence(&mut Reader::new(certificate))?;
        let mut fields = sequence(&mut certificate.reader())?.reader();
        fields.explicit(VERSION).ok()?;
        fields.expect(tag::INTEGER).ok()?;
        // Signature algorithm, issuer, validity, subject.
        for _ in 0..4 {
            sequence(&mut fields)?;
        }
        let mut info = sequence(&mut fields)?.reader();
        let algorithm = sequence(&mut info)?;
        let bits = info.expect(tag::BIT_STRING).ok()?;
        Some(Self {
            kind: KeyKind::of(algorithm.reader())?,
            // The first byte counts the unused bits of the last one: a key has none.
            bits: bits.content.strip_prefix(&[0])?,
        })
    }

    fn algorithm_for(
        &self,
        scheme: SignatureScheme,
        key_bits_min: u16,
    ) -> Option<&'static dyn VerificationAlgorithm> {
        use SignatureScheme as Scheme;
        Some(match (self.kind, scheme) {
            (KeyKind::Rsa, Scheme::RSA_PSS_SHA256) => &signature::RSA_PSS_2048_8192_SHA256,
            (KeyKind::Rsa, Scheme::RSA_PSS_SHA384) => &signature::RSA_PSS_2048_8192_SHA384,
            (KeyKind::Rsa, Scheme::RSA_PSS_SHA512) => &signature::RSA_PSS_2048_8192_SHA512,
            (KeyKind::Rsa, Scheme::RSA_PKCS1_SHA384) => &signature::RSA_PKCS1_2048_8192_SHA384,
            (KeyKind::Rsa, pkcs1) if key_bits_min < 2_048 => match pkcs1 {
                Scheme::RSA_PKCS1_SHA1 => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
                Scheme::RSA_PKCS1_SHA256 => {
                    &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
                }
                Scheme::RSA_PKCS1_SHA512 => {
                    &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
                }
                _ => return None,
            },
            (KeyKind::Rsa, Scheme::RSA_PKCS1_SHA256) => &signature::RSA_PKCS1_2048_8192_SHA256,
            (KeyKind::Rsa, Scheme::RSA_PKCS1_SHA512) => &signature::RSA_PKCS1_2048_8192_SHA512,
            // TLS 1.2 lets any curve sign with any hash; what fits in TLS 1.3 is a part of that.
            (KeyKind::P256, Scheme::ECDSA_NISTP256_SHA256) => &signature::ECDSA_P256_SHA256_ASN1,
            (KeyKind::P256, Scheme::ECDSA_NISTP384_SHA384) => &signature::ECDSA_P256_SHA384_ASN1,
            (KeyKind::P384, Scheme::ECDSA_NISTP256_SHA256) => &signature::ECDSA_P384_SHA256_ASN1,
            (KeyKind::P384, Scheme::ECDSA_NISTP384_SHA384) => &signature::ECDSA_P384_SHA384_ASN1,
            (KeyKind::Ed25519, Scheme::ED25519) => &signature::ED25519,
            _ => return None,
        })
    }
}

impl KeyKind {
    /// From what is in an AlgorithmIdentifier: an object identifier and, for a curve, another.
    fn of(mut algorithm: Reader<'_>) -> Option<Self> {
        let mut identifier = || algorithm.expect(tag::OBJECT_IDENTIFIER).ok();
        match identifier()?.content {
            RSA_ENCRYPTION => Some(Self::Rsa),
            EC_PUBLIC_KEY => match identifier()?.content {
                SECP256R1 => Some(Self::P256),
                SECP384R1 => Some(Self::P384),
                _ => None,
            },
            ED25519 => Some(Self::Ed25519),
            _ => None,
        }
    }
}

/// `[0] EXPLICIT Version`, which certificates of version 1 do not have.
const VERSION: u8 = 0;

// Content octets of object identifiers (RFC 3279 §2.3, RFC 5480 §2.1.1.1, RFC 8410 §3).
const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
const SECP256R1: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
const SECP384R1: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x22];
const ED25519: &[u8] = &[0x2B, 0x65, 0x70];

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

    use super::*;

    /// A key and its certificate, from rcgen, and a message that the key has signed.
    fn signed_message() -> (Vec<u8>, Vec<u8>) {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::default()
            .self_signed(&key)
            .unwrap();
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            &key.serialize_der(),
            &random,
        )
        .unwrap();
        let signature = pair.sign(&random, b"handshake").unwrap();
        (certificate.der().to_vec(), signature.as_ref().to_vec())
    }

    #[test]
    fn only_the_right_signature_is_a_proof() {
        let (certificate, signature) = signed_message();
        let scheme = SignatureScheme::ECDSA_NISTP256_SHA256;
        let proof = |certificate: &[u8], scheme, message: &[u8], signature: &[u8]| {
            let version = ProtocolVersion::TLSv1_3;
            let signed = Signed {
                version,
                scheme,
                message,
                signature,
            };
            let asked_for = [
                SignatureScheme::ECDSA_NISTP256_SHA256,
                SignatureScheme::RSA_PSS_SHA256,
            ];
            prove(certificate, &signed, &asked_for, 2_048)
        };
        assert!(proof(&certificate, scheme, b"handshake", &signature).is_ok());

        let refuted = |result: Result<Possession, PossessionError>| result.unwrap_err();
        assert!(matches!(
            refuted(proof(&certificate, scheme, b"another", &signature)),
            PossessionError::Signature { .. }
        ));
        assert!(matches!(
            refuted(proof(&certificate, scheme, b"handshake", &[])),
            PossessionError::Signature { .. }
        ));
        assert!(matches!(
            refuted(proof(
                &certificate,
                SignatureScheme::RSA_PSS_SHA256,
                b"handshake",
                &signature
            )),
            PossessionError::Key { .. }
        ));
        assert!(matches!(
            refuted(proof(
                &certificate,
                SignatureScheme::ED25519,
                b"handshake",
                &signature
            )),
            PossessionError::Scheme { .. }
        ));
    }

    /// Whatever is cut off or flipped: no panic, and no proof unless the key and the name of its
    /// algorithm are untouched.
    #[test]
    fn damaged_certificates_prove_nothing() {
        let (certificate, signature) = signed_message();
        let signed = Signed {
            version: ProtocolVersion::TLSv1_2,
            scheme: SignatureScheme::ECDSA_NISTP256_SHA256,
            message: b"handshake",
            signature: &signature,
        };
        let asked_for = [SignatureScheme::ECDSA_NISTP256_SHA256];
        let key = PublicKey::of_certificate(&certificate).unwrap().bits;
        let place = certificate
            .windows(key.len())
            .position(|bytes| bytes == key)
            .unwrap();
        for length in 0..place + key.len() {
            assert!(prove(&certificate[..length], &signed, &asked_for, 2_048).is_err());
        }
        for position in place..place + key.len() {
            let mut damaged = certificate.clone();
            damaged[position] ^= 0x01;
            assert!(
                prove(&damaged, &signed, &asked_for, 2_048).is_err(),
                "{position}"
            );
        }
    }
}
