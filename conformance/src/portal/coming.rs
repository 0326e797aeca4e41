//! How a client comes to a portal.

use rustls::SignatureScheme;

use super::{Forgery, Papers};
use crate::login::TlsVersion;

/// How the client comes.
#[derive(Clone, Copy, Debug)]
pub struct Coming {
    /// The version of TLS.
    pub version: TlsVersion,
    /// The certificate, if it sends one.
    pub papers: Option<Papers>,
    /// How the card signs.
    pub scheme: SignatureScheme,
    /// What is wrong with the signature.
    pub forgery: Forgery,
    /// The protocols of ALPN; none leaves the extension out.
    pub alpn: &'static [&'static str],
    /// Whether it says which server it wants.
    pub sends_server_name: bool,
}

impl Coming {
    /// A client in order: the card's certificate, RSA-PSS, HTTP/1.1.
    pub const fn with_card(version: TlsVersion) -> Self {
        Self {
            version,
            papers: Some(Papers::OnCard),
            scheme: SignatureScheme::RSA_PSS_SHA256,
            forgery: Forgery::None,
            alpn: &["http/1.1"],
            sends_server_name: true,
        }
    }

    /// A client without a certificate.
    pub const fn without_card(version: TlsVersion) -> Self {
        Self {
            papers: None,
            ..Self::with_card(version)
        }
    }
}
