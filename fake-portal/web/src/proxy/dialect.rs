//! The headers in which proxies pass a client's certificate on.
//!
//! | dialect | headers | the certificate is |
//! |---|---|---|
//! | `apache` | `SSL_CLIENT_VERIFY`, `SSL_CLIENT_CERT` | PEM, line ends turned into spaces (mod_headers) |
//! | `nginx` | `ssl-client-verify`, `ssl-client-cert` | PEM, percent-encoded (`$ssl_client_escaped_cert`) |
//! | `haproxy` | `X-SSL-Client-Verify`, `X-SSL-Client-DER` | DER in Base64; the other is a number, 0 for good |
//! | `rfc9440` | `Client-Cert`, `Client-Cert-Chain` | DER as a Byte Sequence: `:Base64:` (RFC 9440 §2) |
//! | `traefik` | `X-Forwarded-Tls-Client-Cert` | the Base64 lines of PEM, percent-encoded; the chain after commas |
//!
//! The last two say nothing of what the proxy found: the application has to find out itself.

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use thiserror::Error;

use super::encoding::{base64, byte_sequence, byte_sequences, der, lines, pem};

/// How a proxy speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Dialect {
    /// Apache httpd, as Keycloak's provider `apache` reads it.
    Apache,
    /// nginx, as Keycloak's provider `nginx` reads it.
    Nginx,
    /// HAProxy.
    Haproxy,
    /// RFC 9440, "Client-Cert HTTP Header Field".
    Rfc9440,
    /// Traefik's PassTLSClientCert.
    Traefik,
}

/// What a proxy says of the client.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Forwarded {
    /// The client's certificate, DER.
    pub certificate: Vec<u8>,
    /// What it sent besides, DER, as far as the dialect passes that on.
    pub chain: Vec<Vec<u8>>,
    /// What the proxy thinks of it.
    pub verification: Verification,
}

/// What a proxy thinks of a certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verification {
    /// It leads to a certifier that the proxy trusts.
    Good,
    /// It does not, in the proxy's words.
    Bad(String),
    /// The dialect does not tell.
    NotTold,
}

/// Headers that no proxy of this kind sends.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum ForwardError {
    /// The same header twice: one of them is not the proxy's.
    #[error(
        "{header} came {count} times\nhint: the proxy must take away what clients send in it, and set it once"
    )]
    Repeated {
        /// The header.
        header: &'static str,
        /// How often.
        count: usize,
    },
    /// A value that cannot be read.
    #[error("{header} is not {expected}")]
    Unreadable {
        /// The header.
        header: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A certificate of which the proxy says that there is none, or the other way round.
    #[error("{verify} says {said:?}, and {certificate} says otherwise")]
    Contradiction {
        /// The header with the verdict.
        verify: &'static str,
        /// What it says.
        said: String,
        /// The header with the certificate.
        certificate: &'static str,
    },
}

/// The headers of a dialect.
struct Headers {
    certificate: &'static str,
    /// What the proxy found, and what it says when all is well.
    verify: Option<(&'static str, &'static str)>,
    chain: Option<&'static str>,
}

/// What `encodeURIComponent` leaves as it is; Traefik and nginx escape no less than is needed.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Apache,
        Self::Nginx,
        Self::Haproxy,
        Self::Rfc9440,
        Self::Traefik,
    ];

    /// As the command line names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Apache => "apache",
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
            Self::Rfc9440 => "rfc9440",
            Self::Traefik => "traefik",
        }
    }

    /// The dialect of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// Every header that it uses. A proxy takes them from what clients send.
    pub fn headers(self) -> impl Iterator<Item = &'static str> {
        let Headers {
            certificate,
            verify,
            chain,
        } = self.table();
        let verify = verify.map(|(header, _)| header);
        [Some(certificate), verify, chain].into_iter().flatten()
    }

    /// The header that it sets for every request, whether the client had a certificate or not.
    pub fn said_always(self) -> Option<&'static str> {
        self.table().verify.map(|(header, _)| header)
    }

    const fn table(self) -> Headers {
        match self {
            Self::Apache => Headers {
                certificate: "SSL_CLIENT_CERT",
                verify: Some(("SSL_CLIENT_VERIFY", "SUCCESS")),
                chain: None,
            },
            Self::Nginx => Headers {
                certificate: "ssl-client-cert",
                verify: Some(("ssl-client-verify", "SUCCESS")),
                chain: None,
            },
            Self::Haproxy => Headers {
                certificate: "X-SSL-Client-DER",
                verify: Some(("X-SSL-Client-Verify", "0")),
                chain: None,
            },
            Self::Rfc9440 => Headers {
                certificate: "Client-Cert",
                verify: None,
                chain: Some("Client-Cert-Chain"),
            },
            Self::Traefik => Headers {
                certificate: "X-Forwarded-Tls-Client-Cert",
                verify: None,
                chain: None,
            },
        }
    }

    /// Reads what a proxy says. None if the client had no certificate.
    ///
    /// # Errors
    /// The headers are such as no proxy of this kind sends: one is there twice, cannot be read, or
    /// contradicts another.
    pub fn read(self, headers: &HeaderMap) -> Result<Option<Forwarded>, ForwardError> {
        let Headers {
            certificate,
            verify,
            chain,
        } = self.table();
        let said = match verify {
            Some((header, _)) => only(headers, header)?.map(|said| (header, said)),
            None => None,
        };
        let value = only(headers, certificate)?.filter(|value| !is_none(value));
        let verification = self.verification(said, value.is_some())?;
        let Some(value) = value else { return Ok(None) };
        let unreadable = ForwardError::Unreadable {
            header: certificate,
            expected: self.expected(),
        };
        let mut certificates = self.certificates(value).ok_or(unreadable)?.into_iter();
        let first = certificates.next();
        let mut others: Vec<Vec<u8>> = certificates.collect();
        if let Some(header) = chain
            && let Some(value) = only(headers, header)?
        {
            let more = byte_sequences(value).ok_or(ForwardError::Unreadable {
                header,
                expected: "a list of Byte Sequences",
            })?;
            others.extend(more);
        }
        Ok(first.map(|certificate| Forwarded {
            certificate,
            chain: others,
            verification,
        }))
    }

    /// What the proxy found, which must fit to whether there is a certificate.
    fn verification(
        self,
        said: Option<(&'static str, &str)>,
        has_certificate: bool,
    ) -> Result<Verification, ForwardError> {
        let Headers {
            certificate,
            verify,
            ..
        } = self.table();
        let good = verify.map(|(_, good)| good);
        match (said, has_certificate) {
            (None, _) => Ok(Verification::NotTold),
            // To HAProxy all is well too when there was nothing to verify.
            (Some((_, said)), true) if Some(said) == good => Ok(Verification::Good),
            (Some((verify, said)), false) if Some(said) == good && self != Self::Haproxy => {
                Err(ForwardError::Contradiction {
                    verify,
                    said: said.to_owned(),
                    certificate,
                })
            }
            (Some((verify, said @ "NONE")), true) => Err(ForwardError::Contradiction {
                verify,
                said: said.to_owned(),
                certificate,
            }),
            (Some((_, said)), _) => Ok(Verification::Bad(said.to_owned())),
        }
    }

    /// The headers that a proxy of this kind sets.
    pub fn write(self, forwarded: &Forwarded) -> Vec<(&'static str, String)> {
        let Headers {
            certificate,
            verify,
            chain,
        } = self.table();
        let mut headers = vec![(certificate, self.value(forwarded))];
        if let Some((header, good)) = verify {
            let said = match &forwarded.verification {
                Verification::Good => good.to_owned(),
                Verification::Bad(reason) => reason.clone(),
                Verification::NotTold => return headers,
            };
            headers.push((header, said));
        }
        if let Some(header) = chain.filter(|_| !forwarded.chain.is_empty()) {
            let chain = forwarded.chain.iter();
            let all: Vec<String> = chain.map(|der| byte_sequence(der)).collect();
            headers.push((header, all.join(", ")));
        }
        headers
    }

    /// The headers that it sets for a client without a certificate.
    pub fn nobody(self) -> Vec<(&'static str, String)> {
        let said: &[(&str, &str)] = match self {
            Self::Apache => &[("SSL_CLIENT_CERT", "(null)"), ("SSL_CLIENT_VERIFY", "NONE")],
            Self::Nginx => &[("ssl-client-verify", "NONE")],
            Self::Haproxy => &[("X-SSL-Client-Verify", "0")],
            Self::Rfc9440 | Self::Traefik => &[],
        };
        let said = said.iter();
        said.map(|(name, value)| (*name, (*value).to_owned()))
            .collect()
    }

    /// The same as a map.
    pub fn to_header_map(self, forwarded: &Forwarded) -> HeaderMap {
        self.write(forwarded)
            .into_iter()
            .filter_map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
                Some((name, HeaderValue::from_str(&value).ok()?))
            })
            .collect()
    }

    fn value(self, forwarded: &Forwarded) -> String {
        match self {
            Self::Apache => lines(&forwarded.certificate, " "),
            Self::Nginx => {
                utf8_percent_encode(&lines(&forwarded.certificate, "\n"), ESCAPED).to_string()
            }
            Self::Haproxy => base64(&forwarded.certificate),
            Self::Rfc9440 => byte_sequence(&forwarded.certificate),
            Self::Traefik => {
                let all = std::iter::once(&forwarded.certificate).chain(&forwarded.chain);
                let all: Vec<String> = all
                    .map(|der| utf8_percent_encode(&base64(der), ESCAPED).to_string())
                    .collect();
                all.join(",")
            }
        }
    }

    /// The certificates in a value, the client's own first; none if it cannot be read.
    fn certificates(self, value: &str) -> Option<Vec<Vec<u8>>> {
        match self {
            Self::Apache => Some(vec![pem(value)?]),
            Self::Nginx => Some(vec![pem(&percent_decode_str(value).decode_utf8().ok()?)?]),
            Self::Haproxy => Some(vec![der(value)?]),
            Self::Rfc9440 => match byte_sequences(value)?.as_slice() {
                [one] => Some(vec![one.clone()]),
                _ => None,
            },
            Self::Traefik => value
                .split(',')
                .map(|part| der(&percent_decode_str(part).decode_utf8().ok()?))
                .collect(),
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Apache => "a certificate in PEM with spaces for line ends",
            Self::Nginx => "a certificate in PEM, percent-encoded",
            Self::Haproxy => "a certificate in Base64",
            Self::Rfc9440 => "a certificate as a Byte Sequence",
            Self::Traefik => "certificates in Base64, percent-encoded, with commas between",
        }
    }
}

/// A header's one value.
fn only<'a>(headers: &'a HeaderMap, header: &'static str) -> Result<Option<&'a str>, ForwardError> {
    let mut values = headers.get_all(header).iter();
    let (first, others) = (values.next(), values.count());
    if 0 < others {
        return Err(ForwardError::Repeated {
            header,
            count: others + 1,
        });
    }
    let text = first.map(|value| value.to_str());
    text.transpose()
        .map(|text| text.map(str::trim))
        .map_err(|_| ForwardError::Unreadable {
            header,
            expected: "text",
        })
}

/// How proxies say that there is no certificate: nothing, or Apache's word for a variable without value.
fn is_none(value: &str) -> bool {
    value.is_empty() || value == "(null)"
}
