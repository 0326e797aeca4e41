//! What a client offers, from the first bytes that it sends: its ClientHello (RFC 8446 §4.1.2).
//!
//! rustls tells most of it, but not the versions, and tells nothing of a hello that it refuses. These
//! are the ones that somebody asks about.

use rustls::{CipherSuite, ProtocolVersion, SignatureScheme};
use schemars::JsonSchema;
use serde::Serialize;

use crate::tls_names::{cipher_suite_name, scheme_name, version_name};

/// What a client offers, in its order, by the names of the IANA registries.
#[derive(Clone, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Offered {
    /// Versions of TLS.
    pub versions: Vec<String>,
    /// Cipher suites.
    pub cipher_suites: Vec<String>,
    /// How it can verify signatures, and in practice how it can make them.
    pub signature_schemes: Vec<String>,
    /// Application protocols.
    pub alpn: Vec<String>,
    /// Whether it holds a ticket or a key of an earlier session.
    pub wants_resumption: bool,
}

/// How many bytes a hello may take. Real ones stay below 2,000, with post-quantum keys.
pub(crate) const HELLO_LENGTH_MAX: usize = 16_384;

impl Offered {
    /// From the bytes that a client sent first. None if the hello is not whole, or is none.
    pub fn from_records(bytes: &[u8]) -> Option<Self> {
        let message = handshake_message(bytes)?;
        let mut reader = Reader(message);
        if reader.number(1)? != CLIENT_HELLO {
            return None;
        }
        let length = reader.number(3)?;
        let mut hello = Reader(reader.take(length)?);
        let version = hello.number(2)?;
        hello.take(RANDOM_LENGTH)?;
        let session_id = hello.vector(1)?;
        let cipher_suites = numbers(hello.vector(2)?);
        hello.vector(1)?; // compression methods

        let mut offered = Self {
            versions: vec![version_name(ProtocolVersion::from(version as u16))],
            cipher_suites: without_grease(&cipher_suites)
                .map(|code| cipher_suite_name(CipherSuite::from(code)))
                .collect(),
            ..Self::default()
        };
        // A hello of TLS 1.2 may end here.
        let mut extensions = Reader(hello.vector(2).unwrap_or_default());
        while let Some(extension) = extensions.number(2) {
            offered.note_extension(extension, extensions.vector(2)?, session_id)?;
        }
        Some(offered)
    }

    fn note_extension(
        &mut self,
        extension: usize,
        content: &[u8],
        session_id: &[u8],
    ) -> Option<()> {
        let mut reader = Reader(content);
        match extension {
            SIGNATURE_ALGORITHMS => {
                self.signature_schemes = without_grease(&numbers(reader.vector(2)?))
                    .map(|code| scheme_name(SignatureScheme::from(code)))
                    .collect();
            }
            ALPN => {
                let mut names = Reader(reader.vector(2)?);
                while let Some(name) = names.vector(1) {
                    self.alpn.push(String::from_utf8_lossy(name).into_owned());
                }
            }
            SUPPORTED_VERSIONS => {
                self.versions = without_grease(&numbers(reader.vector(1)?))
                    .map(|code| version_name(ProtocolVersion::from(code)))
                    .collect();
            }
            // An empty ticket says only that the client would take one; so does an empty id.
            SESSION_TICKET => {
                self.wants_resumption |= !content.is_empty() && !session_id.is_empty();
            }
            PRE_SHARED_KEY => self.wants_resumption = true,
            _ => {}
        }
        Some(())
    }
}

/// The handshake message that the first records carry, without what follows it.
fn handshake_message(bytes: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader(bytes);
    if reader.number(1)? != HANDSHAKE_RECORD {
        return None;
    }
    reader.take(2)?;
    // A hello in several records is legal, and nobody sends one: it is told without details.
    reader.vector(2)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned number of so many bytes, the most significant first.
    fn number(&mut self, length: usize) -> Option<usize> {
        let digits = self.take(length)?;
        Some(
            digits
                .iter()
                .fold(0, |number, digit| number << 8 | usize::from(*digit)),
        )
    }

    /// As many bytes as the number before them says.
    fn vector(&mut self, length_of_length: usize) -> Option<&'a [u8]> {
        let length = self.number(length_of_length)?;
        self.take(length)
    }
}

fn numbers(bytes: &[u8]) -> Vec<u16> {
    bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.try_into().ok().map(u16::from_be_bytes))
        .collect()
}

/// Without the values that browsers throw in so that servers learn to pass over what they do not know
/// (RFC 8701).
fn without_grease(codes: &[u16]) -> impl Iterator<Item = u16> {
    codes
        .iter()
        .copied()
        .filter(|code| code & 0x0F0F != 0x0A0A || code >> 8 != code & 0xFF)
}

const HANDSHAKE_RECORD: usize = 22;
const CLIENT_HELLO: usize = 1;
const RANDOM_LENGTH: usize = 32;
const SIGNATURE_ALGORITHMS: usize = 13;
const ALPN: usize = 16;
const SESSION_TICKET: usize = 35;
const PRE_SHARED_KEY: usize = 41;
const SUPPORTED_VERSIONS: usize = 43;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn hello() -> Vec<u8> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let name = "cns.test".try_into().unwrap();
        let mut client = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let mut bytes = Vec::new();
        client.write_tls(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_hello_of_rustls_is_read() {
        let offered = Offered::from_records(&hello()).unwrap();
        assert_eq!(offered.versions, ["TLSv1.3", "TLSv1.2"]);
        assert_eq!(offered.alpn, ["http/1.1"]);
        assert!(
            offered
                .signature_schemes
                .contains(&"rsa_pss_rsae_sha256".to_owned())
        );
        assert!(
            offered
                .cipher_suites
                .contains(&"TLS_AES_256_GCM_SHA384".to_owned())
        );
        assert!(!offered.wants_resumption);
    }

    #[test]
    fn damaged_hellos_do_no_harm() {
        let hello = hello();
        for length in 0..hello.len() {
            assert_eq!(Offered::from_records(&hello[..length]), None);
        }
        for position in 0..hello.len() {
            let mut damaged = hello.clone();
            damaged[position] ^= 0xFF;
            let _ = Offered::from_records(&damaged);
        }
    }

    #[test]
    fn grease_is_passed_over() {
        let codes = [0x0A0A, 0x1301, 0x2A2A, 0xFAFA, 0x0A1A];
        assert_eq!(without_grease(&codes).collect::<Vec<_>>(), [0x1301, 0x0A1A]);
    }
}
