//! What testers look for among the requests of the journal.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::near_miss::{self, Difference, NearMiss, difference, not_after, not_before, text};
use crate::fault::Listener;
use crate::journal::{CertificateInquiry, Inquiry, InquiryKind, OcspWord, RequestRecord};
use crate::report::Instant;

/// What a request must be: all that is said. What is not said does not matter.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RequestCriteria {
    /// Where it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    listener: Option<Listener>,
    /// The number of the connection that it came on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 4_294_967_295_u64))]
    connection: Option<u32>,
    /// Its method.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// Its path, without the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// How its path begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    path_prefix: Option<String>,
    /// The status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u16>", range(min = 100, max = 599))]
    status: Option<Status>,
    /// What it asked of the certifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    inquiry: Option<InquiryKind>,
    /// Which certifier it asked, by the name in its addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    certifier: Option<String>,
    /// The serial number of a certificate that a responder was asked about, in hexadecimal, two digits a byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    /// What the responder answered: about that certificate, or about any if no number is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<OcspWord>,
    /// Not made before this instant, by the portal's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Instant>,
    /// Not made after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
}

/// The status of an answer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "u64")]
struct Status(u16);

impl RequestCriteria {
    /// Whether a request is what is looked for.
    pub(super) fn hold(&self, request: &RequestRecord) -> bool {
        self.differences(request).is_empty()
    }

    /// Those that are not it and come nearest, the nearest first; of equals, the newest.
    pub(super) fn near_misses<'a>(
        &self,
        requests: impl Iterator<Item = &'a RequestRecord>,
    ) -> Vec<NearMiss> {
        near_miss::nearest(requests.map(|request| NearMiss {
            connection: request.connection,
            request: Some(request.request),
            differences: self.differences(request),
        }))
    }

    fn differences(&self, request: &RequestRecord) -> Vec<Difference> {
        self.differences_of_request(request)
            .into_iter()
            .chain(self.differences_of_inquiry(request.inquiry.as_ref()))
            .flatten()
            .collect()
    }

    fn differences_of_request(&self, request: &RequestRecord) -> [Option<Difference>; 8] {
        let path = || Some(request.path.clone());
        [
            self.listener.and_then(|wanted| {
                let (wanted, seen) = (wanted.name(), request.listener.name());
                (wanted != seen).then(|| difference("listener", wanted, Some(seen.to_owned())))
            }),
            self.connection.and_then(|wanted| {
                let seen = request.connection;
                let other = u64::from(wanted) != seen;
                other.then(|| difference("connection", wanted, Some(seen.to_string())))
            }),
            text("method", &self.method, Some(&request.method)),
            // Upper and lower case are not the same in a path.
            self.path
                .as_ref()
                .filter(|wanted| request.path != **wanted)
                .map(|wanted| difference("path", wanted, path())),
            self.path_prefix
                .as_ref()
                .filter(|wanted| !request.path.starts_with(wanted.as_str()))
                .map(|wanted| difference("path_prefix", wanted, path())),
            self.status.and_then(|Status(wanted)| {
                let seen = request.status;
                (wanted != seen).then(|| difference("status", wanted, Some(seen.to_string())))
            }),
            not_before("since", self.since, request.time),
            not_after("until", self.until, request.time),
        ]
    }

    fn differences_of_inquiry(&self, inquiry: Option<&Inquiry>) -> [Option<Difference>; 4] {
        let kind = inquiry.map(|it| it.kind);
        let certifier = inquiry.and_then(|it| it.certifier.as_deref());
        [
            self.inquiry
                .filter(|wanted| kind != Some(*wanted))
                .map(|wanted| {
                    let seen = kind.map(|kind| kind.name().to_owned());
                    difference("inquiry", wanted.name(), seen)
                }),
            text("certifier", &self.certifier, certifier),
            self.serial
                .as_ref()
                .filter(|_| self.asked_about(inquiry).next().is_none())
                .map(|wanted| difference("serial", wanted, inquiry.and_then(serials))),
            self.answer
                .filter(|wanted| !self.answers(inquiry).any(|answer| answer == *wanted))
                .map(|wanted| {
                    let seen: Vec<_> = self.answers(inquiry).map(OcspWord::name).collect();
                    let seen = (!seen.is_empty()).then(|| seen.join(", "));
                    difference("answer", wanted.name(), seen)
                }),
        ]
    }

    /// The certificates of an inquiry that have the number that is looked for, or all.
    fn asked_about<'a>(
        &'a self,
        inquiry: Option<&'a Inquiry>,
    ) -> impl Iterator<Item = &'a CertificateInquiry> {
        let certificates = inquiry.into_iter().flat_map(|it| &it.certificates);
        certificates.filter(|it| text("serial", &self.serial, it.serial.as_deref()).is_none())
    }

    /// What was answered about them, or instead of that.
    fn answers<'a>(&'a self, inquiry: Option<&'a Inquiry>) -> impl Iterator<Item = OcspWord> + 'a {
        let refusal = inquiry.and_then(|it| it.refusal);
        let answers = self.asked_about(inquiry).filter_map(|it| it.answer);
        refusal.into_iter().chain(answers)
    }
}

fn serials(inquiry: &Inquiry) -> Option<String> {
    let certificates = inquiry.certificates.iter();
    let serials: Vec<&str> = certificates.filter_map(|it| it.serial.as_deref()).collect();
    (!serials.is_empty()).then(|| serials.join(", "))
}

impl TryFrom<u64> for Status {
    type Error = String;

    fn try_from(status: u64) -> Result<Self, String> {
        match u16::try_from(status) {
            Ok(status @ 100..=599) => Ok(Self(status)),
            _ => Err(format!("{status} is no HTTP status from 100 to 599")),
        }
    }
}
