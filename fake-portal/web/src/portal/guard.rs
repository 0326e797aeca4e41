//! What a portal refuses to start with: a certifier that may be a real one, and a certificate of its own
//! that its clients would not take.

use std::net::IpAddr;

use cns_authority::test_certifier;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, RootCertStore};

use super::{PortalConfig, PortalError};
use crate::clock::Clock as _;
use crate::handshake::unix_time;

/// Whom a portal may trust.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TrustGuard {
    /// Test certifiers: their names say `COLLAUDO`, and they end within [`cns_authority::RUN_MAX`].
    TestCertifiers,
    /// Whoever is given. With a real certifier real citizens log in, and leave their data in a test portal.
    AnyCertifier,
}

/// Which certificate of its own a portal may show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ServerGuard {
    /// One that its clients take.
    WhatClientsTake,
    /// Whatever it is given, on purpose: to see what clients make of it.
    AnythingOnPurpose,
}

/// Looks at whom the portal would trust, by its own clock and by that of the machine, whichever is later:
/// certifiers were made by the one or the other.
pub(super) fn check_trusted(config: &PortalConfig) -> Result<(), PortalError> {
    if config.trust_guard == TrustGuard::AnyCertifier {
        return Ok(());
    }
    let now = config.clock.now().max(config.clock.of_machine());
    for certificate in &config.trusted {
        test_certifier(certificate, now).map_err(PortalError::NoTestCertifier)?;
    }
    Ok(())
}

/// Looks at the portal's own certificate as a client does that trusts whom the portal trusts, by the
/// machine's clock, for clients know no other.
pub(super) fn check_server(
    config: &PortalConfig,
    certifiers: &RootCertStore,
) -> Result<(), PortalError> {
    if config.server_guard == ServerGuard::AnythingOnPurpose {
        return Ok(());
    }
    let refused = |why| PortalError::ServerCertificate {
        why,
        host: config.host.clone(),
    };
    let chain = config.server.certificate_chain_der.iter();
    let mut chain = chain.map(|der| CertificateDer::from(der.as_slice()));
    let Some(own) = chain.next() else {
        return Err(refused(ServerFault::Missing));
    };
    let intermediates: Vec<_> = chain.collect();
    let parsed = ParsedCertificate::try_from(&own).map_err(|error| refused(error.into()))?;
    let judged = verify_server_cert_signed_by_trust_anchor(
        &parsed,
        certifiers,
        &intermediates,
        unix_time(config.clock.of_machine()),
        ring::default_provider()
            .signature_verification_algorithms
            .all,
    );
    match judged {
        // Somebody else's certifier, of whom clients may know.
        Ok(()) | Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {}
        Err(error) => return Err(refused(error.into())),
    }
    let names = [Some(config.host.clone()), address(config.listen.ip())];
    let is_named = |name: String| {
        let name = ServerName::try_from(name);
        name.is_ok_and(|name| verify_server_name(&parsed, &name).is_ok())
    };
    match names.into_iter().flatten().any(is_named) {
        true => Ok(()),
        false => Err(refused(ServerFault::Name)),
    }
}

/// By which clients may know the portal, if it listens at one address only.
fn address(listen: IpAddr) -> Option<String> {
    (!listen.is_unspecified()).then(|| listen.to_string())
}

/// What is wrong with a server's certificate.
#[derive(Debug, thiserror::Error)]
pub enum ServerFault {
    /// There is none.
    #[error("there is none")]
    Missing,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time is yet to come.
    #[error("it is not valid yet")]
    NotYet,
    /// It is in the name of somebody else.
    #[error("it is in the name of another host")]
    Name,
    /// It is for something else: not for servers.
    #[error("it is not for servers (extended key usage)")]
    Purpose,
    /// Its certifier has not signed it.
    #[error("the certifier that it names has not signed it")]
    Signature,
    /// What else may be wrong.
    #[error(transparent)]
    Other(rustls::Error),
}

impl From<rustls::Error> for ServerFault {
    fn from(error: rustls::Error) -> Self {
        use CertificateError as E;
        match error {
            rustls::Error::InvalidCertificate(E::Expired | E::ExpiredContext { .. }) => {
                Self::Expired
            }
            rustls::Error::InvalidCertificate(E::NotValidYet | E::NotValidYetContext { .. }) => {
                Self::NotYet
            }
            rustls::Error::InvalidCertificate(
                E::InvalidPurpose | E::InvalidPurposeContext { .. },
            ) => Self::Purpose,
            rustls::Error::InvalidCertificate(E::BadSignature) => Self::Signature,
            other => Self::Other(other),
        }
    }
}
