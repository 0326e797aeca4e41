//! What a handshake showed of the client, whether it completed or not.

use std::io;
use std::time::Duration;

use rustls::{AlertDescription, ServerConnection};
use schemars::JsonSchema;
use serde::Serialize;

use crate::client_hello::Offered;
use crate::fault::{Fault, Strike};
use crate::peer::Record;
use crate::profile::Profile;
use crate::proxy::Dialect;
use crate::tls_names::{alert_name, cipher_suite_name, scheme_name, version_name};

/// A handshake, under the names of the IANA registries. Its JSON field names are stable.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct HandshakeFacts {
    /// The portal's profile that the client met.
    pub profile: &'static str,
    /// The host name that the client asked for (SNI).
    pub server_name: Option<String>,
    /// What the client offered.
    pub offered: Offered,
    /// `TLSv1.2` or `TLSv1.3`, once it is known.
    pub version: Option<String>,
    /// The cipher suite that was agreed on.
    pub cipher_suite: Option<String>,
    /// The application protocol that was agreed on.
    pub alpn: Option<String>,
    /// How the client signed.
    pub signature_scheme: Option<String>,
    /// From CertificateRequest to CertificateVerify, in milliseconds: the time of the card, of whoever
    /// types its PIN, and of the way there and back.
    pub signing_time_ms: Option<u64>,
    /// Bytes of that signature.
    pub signature_length: Option<usize>,
    /// From the first byte that could have come to the end of the client's hello, in milliseconds.
    pub hello_time_ms: Option<u64>,
    /// From there to the end of the handshake, in milliseconds, whichever end that is.
    pub handshake_time_ms: Option<u64>,
    /// Whether an earlier session was resumed. It never is.
    pub resumed: bool,
    /// The alert that the portal sent.
    pub alert_sent: Option<String>,
    /// The alert that the client sent.
    pub alert_received: Option<String>,
    /// The dialect of the proxy that shook hands in the portal's place: then the portal saw nothing of
    /// all this but the name that the request is for. Only there if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_by: Option<&'static str>,
    /// What went wrong because a tester ordered it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub faults: Vec<Strike>,
}

impl HandshakeFacts {
    pub(crate) fn offered(
        profile: &'static Profile,
        server_name: Option<String>,
        offered: Offered,
    ) -> Self {
        Self {
            profile: profile.name,
            server_name,
            offered,
            version: None,
            cipher_suite: None,
            alpn: None,
            signature_scheme: None,
            signing_time_ms: None,
            signature_length: None,
            hello_time_ms: None,
            handshake_time_ms: None,
            resumed: false,
            alert_sent: None,
            alert_received: None,
            forwarded_by: None,
            faults: Vec::new(),
        }
    }

    /// Of a handshake that a proxy made. `host` is the name in the request.
    pub(crate) fn of_proxy(
        dialect: Dialect,
        profile: &'static Profile,
        host: Option<String>,
    ) -> Self {
        Self {
            forwarded_by: Some(dialect.name()),
            ..Self::offered(profile, host, Offered::default())
        }
    }

    /// Of a client that said nothing.
    pub(crate) fn of_silence() -> Self {
        Self::offered(Profile::of_server_name(None), None, Offered::default())
    }

    pub(crate) fn note_record(&mut self, record: &Record) {
        self.version = record.version.map(version_name);
        self.signature_scheme = record.signature_scheme.map(scheme_name);
        self.signing_time_ms = record.signing_time.map(milliseconds);
        self.signature_length = record.signature_length;
        self.faults.extend(record.strike.clone());
    }

    pub(crate) fn note_negotiated(&mut self, connection: &ServerConnection) {
        self.version = connection.protocol_version().map(version_name);
        self.cipher_suite = connection
            .negotiated_cipher_suite()
            .map(|suite| cipher_suite_name(suite.suite()));
        self.alpn = connection
            .alpn_protocol()
            .map(|name| String::from_utf8_lossy(name).into_owned());
        self.resumed = connection.handshake_kind() == Some(rustls::HandshakeKind::Resumed);
    }

    /// `plain_alert` is what was seen on the wire: what was encrypted follows from the error.
    pub(crate) fn note_failure(
        &mut self,
        error: &io::Error,
        plain_alert: Option<AlertDescription>,
    ) {
        let tls = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::AlertReceived(alert)) = tls {
            self.alert_received = Some(alert_name(*alert));
        }
        let sent = plain_alert.or_else(|| tls.and_then(alert_for));
        self.alert_sent = sent.map(alert_name);
    }
}

impl HandshakeFacts {
    /// The fault that a tester ordered and that ended the handshake.
    pub(crate) fn ordered_end(&self) -> Option<&Fault> {
        let faults = self.faults.iter().map(|strike| &strike.fault);
        faults.rev().find(|fault| {
            matches!(
                fault,
                Fault::AlertAfterHello(_)
                    | Fault::AlertAfterCertificate(_)
                    | Fault::CloseAfter(_)
                    | Fault::ResetAfter(_)
            )
        })
    }

    /// Which alert a fault sent, or kept from being sent.
    pub(crate) fn note_ordered_end(&mut self) {
        self.alert_sent = match self.ordered_end() {
            None => return,
            Some(Fault::AlertAfterCertificate(alert)) => Some(alert.name().to_owned()),
            Some(_) => None,
        };
    }
}

pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The alert that rustls sends for an error that ends a handshake, where that is certain.
pub(crate) fn alert_for(error: &rustls::Error) -> Option<AlertDescription> {
    match error {
        rustls::Error::InvalidCertificate(reason) => Some(reason.clone().into()),
        rustls::Error::NoCertificatesPresented => Some(AlertDescription::CertificateRequired),
        rustls::Error::PeerMisbehaved(_) => Some(AlertDescription::IllegalParameter),
        rustls::Error::NoApplicationProtocol => Some(AlertDescription::NoApplicationProtocol),
        rustls::Error::DecryptError => Some(AlertDescription::BadRecordMac),
        _ => None,
    }
}
