//! A visit to the portal: the request, the answer that came back through the client, the judgement.

use cns_portal::LoginReport;
use serde_json::Value;

use crate::action::{ActionError, Outcome};
use crate::run::Finished;
use crate::workbench::{PORTAL_NAME, Workbench};

/// What clients ask for that are given no URL but the bytes to send. The portal ends the connection
/// after its answer, and so the client.
pub(crate) fn request() -> String {
    format!("GET {PATH} HTTP/1.1\r\nHost: {PORTAL_NAME}\r\nConnection: close\r\n\r\n")
}

/// The portal's "who am I?".
pub(crate) const PATH: &str = "/api/login";

/// A version of TLS that client and portal agree on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TlsVersion {
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}

impl TlsVersion {
    /// `1.2` or `1.3`.
    pub fn number(self) -> &'static str {
        match self {
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        }
    }

    /// Whether a client with an RSA key may sign so: TLS 1.3 allows RSA-PSS alone (RFC 8446
    /// §4.2.3), TLS 1.2 that and PKCS#1 v1.5.
    fn allows(self, signature_scheme: &str) -> bool {
        signature_scheme.starts_with("rsa_pss_rsae_")
            || self == Self::Tls12 && signature_scheme.starts_with("rsa_pkcs1_")
    }
}

/// A visit to the portal that was answered.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The status code of the answer: 200, 401 or 403.
    pub status: u16,
    /// What the portal told the client, from its journal.
    pub report: LoginReport,
    client: Finished,
}

impl Visit {
    /// Reads the answer, a whole HTTP response, out of a client's output, where other lines may
    /// surround it; and finds it in the portal's journal.
    pub(crate) fn read(workbench: &Workbench, client: Finished) -> Result<Self, ActionError> {
        let text = client.text();
        let no_answer = || client.wrong(format!("no answer in:{}", client.last_words()));
        let (_, response) = text.split_once("HTTP/1.1 ").ok_or_else(no_answer)?;
        let (head, rest) = response.split_once("\r\n\r\n").ok_or_else(no_answer)?;
        let status = head
            .split(' ')
            .next()
            .and_then(|status| status.parse().ok())
            .ok_or_else(no_answer)?;
        let body: Value = serde_json::Deserializer::from_str(rest)
            .into_iter()
            .next()
            .and_then(Result::ok)
            .ok_or_else(no_answer)?;
        // The time in it, of a nanosecond's resolution, tells one connection from another.
        let report = workbench
            .portal_journal()
            .entries()
            .into_iter()
            .filter_map(|entry| entry.report)
            .find(|report| serde_json::to_value(report).is_ok_and(|value| value == body))
            .ok_or_else(|| client.wrong(format!("the portal never said this: {body}")))?;
        Ok(Self {
            status,
            report,
            client,
        })
    }

    /// The client that made it.
    pub fn client(&self) -> &Finished {
        &self.client
    }

    /// What came of it, if the card's holder was logged in with this version of TLS.
    ///
    /// # Errors
    /// [`ActionError::Wrong`] says what was not as it should be.
    pub fn judge(
        &self,
        workbench: &Workbench,
        version: TlsVersion,
    ) -> Result<Outcome, ActionError> {
        let wrong = |what: String| Err(self.client.wrong(what));
        let holder = workbench.citizen();
        let tls = &self.report.tls;
        let scheme = tls.signature_scheme.as_deref().unwrap_or("no signature");
        let Some(citizen) = &self.report.citizen else {
            return wrong(format!(
                "not logged in: {}, {:?}",
                self.report.outcome,
                self.reasons()
            ));
        };
        if self.status != 200 {
            return wrong(format!("logged in, with status {}", self.status));
        }
        if citizen.codice_fiscale != holder.codice_fiscale.to_string()
            || citizen.card_number != holder.card_number.to_string()
        {
            return wrong(format!(
                "the card of {} logged in {}, with card {}",
                holder.codice_fiscale, citizen.codice_fiscale, citizen.card_number
            ));
        }
        if tls.version.strip_prefix("TLSv") != Some(version.number()) {
            return wrong(format!(
                "TLS {} was asked for, the portal saw {}",
                version.number(),
                tls.version
            ));
        }
        if !version.allows(scheme) {
            return wrong(format!("signed by {scheme} in {}", tls.version));
        }
        let name =
            [&citizen.given_name, &citizen.surname].map(|name| name.as_deref().unwrap_or("?"));
        Ok(self.client.outcome(format!(
            "logged in as {}, {}, {}",
            name.join(" "),
            tls.version,
            scheme.to_uppercase()
        )))
    }

    /// The identifiers of the checks that the certificate failed.
    pub fn reasons(&self) -> Vec<&'static str> {
        self.report.reasons.iter().map(|reason| reason.id).collect()
    }
}
