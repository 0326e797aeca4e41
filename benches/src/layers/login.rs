//! Logins at a portal: a TLS handshake in which the card signs, a request, its answer.
//!
//! ```text
//! Visitor ── rustls ── TCP ──► portal
//!               └ Key ── Hand ── a card, a token, or OpenSSL alone
//! ```

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cns_conformance::case::Stop;
use cns_conformance::portal::{Address, CARD_FAULT, Client, End, WHO_AM_I};
use openssl::x509::X509;
use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};

use super::seat::Owner;
use crate::BenchError;
use crate::load::Worker;
use crate::operation::Operation;
use crate::task::Task;

/// What signs in a handshake.
pub(super) trait Hand: Send {
    /// The signature of a message.
    fn sign(&mut self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, BenchError>;
}

/// Somebody who logs in again and again, each time with a full handshake.
pub(super) struct Visitor {
    client: Client,
    address: Address,
    request: String,
    key: Key,
    owner: Owner,
}

/// The key as rustls sees it. Clones are the same key.
#[derive(Clone)]
struct Key(Arc<Shared>);

struct Shared {
    hand: Mutex<Box<dyn Hand>>,
    /// How long it has worked since that was asked last.
    time: Mutex<Duration>,
    /// How it can sign, the best first.
    schemes: Vec<SignatureScheme>,
}

/// A chosen scheme.
struct Chosen {
    key: Key,
    scheme: SignatureScheme,
}

impl Visitor {
    pub(super) fn boxed(
        task: &Task,
        certificate: Vec<u8>,
        hand: Box<dyn Hand>,
        owner: Owner,
    ) -> Result<Box<dyn Worker>, BenchError> {
        let (Operation::Login(version), Some(address)) = (task.operation, &task.portal) else {
            return Err(BenchError::operation("there is no portal to log in to"));
        };
        let key = Key(Arc::new(Shared {
            hand: Mutex::new(hand),
            time: Mutex::default(),
            schemes: schemes(&certificate)?,
        }));
        let certificate = CertificateDer::from(certificate);
        let identity = CertifiedKey::new(vec![certificate], Arc::new(key.clone()));
        let host = &address.host;
        Ok(Box::new(Self {
            client: Client::with_key(version, Arc::new(identity)).map_err(failed)?,
            address: address.clone(),
            request: format!(
                "GET {WHO_AM_I} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            ),
            key,
            owner,
        }))
    }
}

/// How a key signs for TLS. ring, which the portal judges with, takes 2,048 bits and more.
fn schemes(certificate: &[u8]) -> Result<Vec<SignatureScheme>, BenchError> {
    const BITS_MIN: u32 = 2048;
    let key = X509::from_der(certificate)
        .and_then(|certificate| certificate.public_key())
        .map_err(BenchError::operation)?;
    match key.bits() {
        BITS_MIN.. => Ok(vec![
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PKCS1_SHA256,
        ]),
        bits => Err(BenchError::operation(format!(
            "the card's key has {bits} bits, and portals let in {BITS_MIN} and more"
        ))),
    }
}

impl Worker for Visitor {
    fn once(&mut self) -> Result<(), BenchError> {
        let visited = self.client.visit(&self.address, &self.request);
        match visited.map_err(failed)?.end {
            End::Answered(answer) if answer.status == 200 => Ok(()),
            // A portal does not let somebody else's card in; its key was proven all the same.
            End::Answered(_) if self.owner == Owner::Somebody => Ok(()),
            End::Answered(answer) => Err(BenchError::operation(format!(
                "the portal did not let the card in: status {}",
                answer.status
            ))),
            End::Refused(alert) => Err(BenchError::operation(format!(
                "the portal refused the handshake: {alert:?}"
            ))),
        }
    }

    fn take_card_time(&mut self) -> Option<Duration> {
        Some(std::mem::take(&mut *lock(&self.key.0.time)))
    }
}

impl SigningKey for Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = self.0.schemes.iter().find(|own| offered.contains(own))?;
        Some(Box::new(Chosen {
            key: self.clone(),
            scheme: *scheme,
        }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

impl Signer for Chosen {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let mut hand = lock(&self.key.0.hand);
        let start = Instant::now();
        let signature = hand.sign(self.scheme, message);
        *lock(&self.key.0.time) += start.elapsed();
        signature.map_err(|error| rustls::Error::General(format!("{CARD_FAULT}{error}")))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl fmt::Debug for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chosen({:?})", self.scheme)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(stop: Stop) -> BenchError {
    match stop {
        Stop::Fail(finding) => {
            BenchError::operation(format!("not {}, but {}", finding.expected, finding.seen))
        }
        Stop::Skip(reason) | Stop::Broken(reason) => BenchError::operation(reason),
    }
}
