//! What others would say of the same certificate: portals disagree, and this shows where.
//!
//! Each opinion follows the rules of the program that it is named after. It is not asked itself: a
//! test asks the real ones and compares.

pub(crate) mod openssl;
mod proxy;
mod template;

use rustls::CertificateError;

use crate::peer::PresentedCertificate;
use cns_language::{Text, text};

/// What somebody else would say.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// A short name, which does not change.
    pub who: &'static str,
    /// What it is, and how it looks.
    pub about: Text,
    /// Whether it would let the client in. Nothing, if it only passes on what it gets.
    pub accepts: Option<bool>,
    /// What it says, in its own words.
    pub says: String,
}

/// All opinions on a certificate.
pub(crate) fn of(presented: &PresentedCertificate) -> Vec<Opinion> {
    let Ok(facts) = &presented.facts else {
        return vec![webpki(presented)];
    };
    let at = presented.at;
    let openssl = openssl::verify(facts, &presented.chain.issuer, at);
    vec![
        openssl::opinion(&openssl),
        webpki(presented),
        template::opinion(facts, &openssl),
        proxy::rfc2253(facts),
        proxy::slashes(facts),
    ]
}

fn webpki(presented: &PresentedCertificate) -> Opinion {
    Opinion {
        who: "webpki",
        about: text(
            "rustls, la libreria di questo portale: catena, scopo ed estensioni critiche; tempo a parte",
            "rustls, this portal's library: chain, purpose and critical extensions; time apart",
            "rustls, die Bibliothek dieses Portals: Kette, Zweck und kritische Erweiterungen; ohne Zeit",
        ),
        accepts: Some(presented.chain.webpki.is_ok()),
        says: match &presented.chain.webpki {
            Ok(()) => "ok".to_owned(),
            // Without the long list of those that are supported.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::UnsupportedSignatureAlgorithmContext { .. },
            )) => "invalid peer certificate: UnsupportedSignatureAlgorithm".to_owned(),
            Err(error) => error.to_string(),
        },
    }
}
