//! The office of a certifier: what it issues, what becomes of that, and what it tells whoever asks.
//!
//! OCSP knows of a change at once. A revocation list is in force until the next one, so that a card on
//! hold is on hold for the one and good for the other until the next publication: how long that is,
//! [`OfficeTerms`] says.
//!
//! ```text
//!             hold                    publication
//! ──────────────┼───────────────────────────┼──────────► time
//! OCSP   good   │ on hold                     on hold
//! list   good     good                      │ on hold
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use crate::certificate_profile::{CnsSubject, RevocationUrls};
use crate::certificate_status::{CertificateStatus, RevocationReason, StatusError, StatusRegister};
use crate::certifier::{CertificationAuthority, CertifierError};
use crate::ocsp::{OcspRequest, OcspResponder, OcspSigner};
use crate::registry::{Standing, Succession};
use crate::revocation_list::RevocationListPlan;
use crate::serial_number::SerialNumber;
use crate::validity::Validity;

/// How an office keeps the world informed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct OfficeTerms {
    /// When there is a new revocation list.
    pub publication: Publication,
    /// How long after its publication a list says that it is good (nextUpdate): more than a second.
    pub list_lifetime: Duration,
    /// How long after it is given an answer of OCSP says that it is good (nextUpdate).
    pub answer_lifetime: Duration,
}

/// When there is a new revocation list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Publication {
    /// With every change, and when half of a list's time is over.
    AtOnce,
    /// So long after the one before, whatever changes: more than nothing.
    Every(Duration),
}

impl Default for OfficeTerms {
    /// Changes are published at once, lists are good for a day, answers for an hour.
    fn default() -> Self {
        Self {
            publication: Publication::AtOnce,
            list_lifetime: Duration::DAY,
            answer_lifetime: Duration::HOUR,
        }
    }
}

/// A certifier at work. A clone is a snapshot: it shares the keys, and nothing that changes.
#[derive(Clone)]
pub struct Office {
    id: String,
    standing: Standing,
    succession: Succession,
    certifier: CertificationAuthority,
    delegate: Option<OcspSigner>,
    terms: OfficeTerms,
    register: StatusRegister,
    /// What was issued here, DER. The register has more: what the certifier issued elsewhere.
    issued: BTreeMap<SerialNumber, Vec<u8>>,
    list: Option<PublishedList>,
}

/// A revocation list that is, or was, in force.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublishedList {
    /// Its number: each list has a higher one than the one before.
    pub number: u64,
    /// When it was published.
    pub this_update: OffsetDateTime,
    /// Until when it says that it is good.
    pub next_update: OffsetDateTime,
    /// The list, DER.
    pub der: Arc<[u8]>,
}

impl Office {
    /// The office of this certifier, which has issued nothing yet, answers OCSP itself, and is renewed
    /// whenever its end is near.
    pub fn new(
        id: &str,
        standing: Standing,
        certifier: CertificationAuthority,
        terms: OfficeTerms,
    ) -> Self {
        Self {
            id: id.to_owned(),
            standing,
            succession: Succession::Renewed,
            certifier,
            delegate: None,
            terms,
            register: StatusRegister::new(),
            issued: BTreeMap::new(),
            list: None,
        }
    }

    /// The same, where a delegate answers OCSP, for as long as the certifier's certificate is valid.
    pub fn delegating(mut self, now: OffsetDateTime) -> Result<Self, CertifierError> {
        self.delegate = Some(new_delegate(&self.certifier, now)?);
        Ok(self)
    }

    /// The same, where this becomes of the certifier.
    pub fn with_succession(self, succession: Succession) -> Self {
        Self { succession, ..self }
    }

    /// Renews the certifier, and with it its delegate, if it is time. Whether it was.
    pub(crate) fn keep_current(&mut self, now: OffsetDateTime) -> Result<bool, CertifierError> {
        if self.succession == Succession::Ended || !self.certifier.is_due(now) {
            return Ok(false);
        }
        let renewed = self.certifier.renewed(now)?;
        if self.delegate.is_some() {
            self.delegate = Some(new_delegate(&renewed, now)?);
        }
        self.certifier = renewed;
        Ok(true)
    }

    /// What programs call the certifier: `lombardia`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the trusted list says of the certifier.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// From the next trusted list on it says this of the certifier. Only [`crate::Offices`] can see to it
    /// that there is one.
    pub(crate) fn set_standing(&mut self, standing: Standing) {
        self.standing = standing;
    }

    /// The certifier itself.
    pub fn certifier(&self) -> &CertificationAuthority {
        &self.certifier
    }

    /// How it keeps the world informed.
    pub fn terms(&self) -> OfficeTerms {
        self.terms
    }

    /// The status of a certificate, or nothing if none of this number was issued.
    pub fn status(&self, serial: SerialNumber) -> Option<CertificateStatus> {
        self.register.status(serial)
    }

    /// All certificates and their status, by their numbers.
    pub fn statuses(&self) -> impl Iterator<Item = (SerialNumber, CertificateStatus)> + '_ {
        self.register.iter()
    }

    /// A certificate that was issued here, DER.
    pub fn certificate(&self, serial: SerialNumber) -> Option<&[u8]> {
        self.issued.get(&serial).map(Vec::as_slice)
    }

    /// From now on, certificates say that the office is at `base`, an `http` address without a path: see
    /// [`RevocationUrls::at`].
    pub fn publish_at(&mut self, base: &str) {
        let urls = RevocationUrls::at(base, &self.id);
        self.certifier = self.certifier.clone().with_revocation_urls(urls);
    }

    /// Issues the certificate of a card with this public key, a SubjectPublicKeyInfo, under a number of
    /// its own. A certifier that is renewed issues for longer than its certificate is valid now.
    ///
    /// # Errors
    /// The validity is longer than that of a certifier that is not renewed, or there is no certificate
    /// for this subject and key.
    pub fn issue(
        &mut self,
        subject: &CnsSubject,
        public_key_spki_der: &[u8],
        validity: Validity,
    ) -> Result<SerialNumber, OfficeError> {
        let end = self.certifier.validity().not_after();
        if self.succession == Succession::Ended && end < validity.not_after() {
            return Err(OfficeError::OutlivesCertifier { end });
        }
        let serial = SerialNumber::random()?;
        let certificate =
            self.certifier
                .issue_cns(subject, public_key_spki_der, validity, serial)?;
        self.register.enter(serial)?;
        self.issued.insert(serial, certificate);
        Ok(serial)
    }

    /// Enters a certificate that the certifier issued elsewhere, so that it is good here.
    ///
    /// # Errors
    /// The number was given before.
    pub fn enter(&mut self, serial: SerialNumber) -> Result<(), OfficeError> {
        Ok(self.register.enter(serial)?)
    }

    /// Suspends a certificate.
    ///
    /// # Errors
    /// It is on hold already, revoked, or was never issued.
    pub fn hold(&mut self, serial: SerialNumber, now: OffsetDateTime) -> Result<(), OfficeError> {
        self.change(now, |register| register.hold(serial, now))
    }

    /// Makes a suspended certificate good again.
    ///
    /// # Errors
    /// It is not on hold, revoked, or was never issued.
    pub fn release(
        &mut self,
        serial: SerialNumber,
        now: OffsetDateTime,
    ) -> Result<(), OfficeError> {
        self.change(now, |register| register.release(serial))
    }

    /// Revokes a certificate for ever.
    ///
    /// # Errors
    /// It is revoked already, or was never issued.
    pub fn revoke(
        &mut self,
        serial: SerialNumber,
        reason: RevocationReason,
        now: OffsetDateTime,
    ) -> Result<(), OfficeError> {
        self.change(now, |register| register.revoke(serial, reason, now))
    }

    /// The revocation list that is in force.
    pub fn revocation_list(&mut self, now: OffsetDateTime) -> Result<PublishedList, OfficeError> {
        let due = match &self.list {
            None => Some(now),
            Some(list) => self.terms.due(list, now),
        };
        match (due, &self.list) {
            (None, Some(list)) => Ok(list.clone()),
            (due, _) => self.publish(due.unwrap_or(now)),
        }
    }

    /// Publishes a new list now, whether one is due or not.
    pub fn publish(&mut self, now: OffsetDateTime) -> Result<PublishedList, OfficeError> {
        let number = self.list.as_ref().map_or(1, |list| list.number + 1);
        let plan = RevocationListPlan {
            number,
            this_update: now,
            next_update: now.saturating_add(self.terms.list_lifetime),
            issuing_distribution_point: None,
        };
        let der = self
            .certifier
            .issue_revocation_list(&self.register, &plan)?;
        let list = PublishedList {
            number,
            this_update: plan.this_update,
            next_update: plan.next_update,
            der: der.into(),
        };
        self.list = Some(list.clone());
        Ok(list)
    }

    /// Answers the body of a POST to the OCSP responder with the body of a response.
    pub fn answer(&self, request: &[u8], now: OffsetDateTime) -> Vec<u8> {
        self.responder().respond(request, &self.register, now)
    }

    /// The same for a request that was read before, from the path of a GET for one.
    pub fn answer_to(&self, request: &OcspRequest, now: OffsetDateTime) -> Vec<u8> {
        self.responder().respond_to(request, &self.register, now)
    }

    fn responder(&self) -> OcspResponder<'_> {
        let responder =
            OcspResponder::new(&self.certifier).with_lifetime(self.terms.answer_lifetime);
        match &self.delegate {
            Some(delegate) => responder.delegated_to(delegate),
            None => responder,
        }
    }

    /// Changes a status. The list that was due before is published before, without the change.
    fn change(
        &mut self,
        now: OffsetDateTime,
        change: impl FnOnce(&mut StatusRegister) -> Result<(), StatusError>,
    ) -> Result<(), OfficeError> {
        self.revocation_list(now)?;
        change(&mut self.register)?;
        if self.terms.publication == Publication::AtOnce {
            self.publish(now)?;
        }
        Ok(())
    }
}

impl OfficeTerms {
    /// When a list should have followed this one, if that is not in the future. Somebody may have set
    /// the clock back: then the list is of tomorrow, and stays.
    fn due(&self, list: &PublishedList, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let age = now - list.this_update;
        match self.publication {
            Publication::AtOnce => (self.list_lifetime / 2 <= age).then_some(now),
            Publication::Every(interval) => {
                let periods = age.whole_seconds().checked_div(interval.whole_seconds())?;
                let overdue = Duration::seconds(periods.saturating_mul(interval.whole_seconds()));
                (1 <= periods).then(|| list.this_update.saturating_add(overdue))
            }
        }
    }
}

/// Why an office did not do what it was asked for.
#[derive(Debug, Error)]
pub enum OfficeError {
    /// The certifier cannot sign it.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// The certificate is not one that this can be done with.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// Nobody would be there to answer for the certificate.
    #[error("the certifier has ended on {}, is not renewed, and issues nothing for later", end.date())]
    OutlivesCertifier {
        /// The last second of its own certificate.
        end: OffsetDateTime,
    },
}

/// It begins a day earlier, for clients whose clocks are late.
fn new_delegate(
    certifier: &CertificationAuthority,
    now: OffsetDateTime,
) -> Result<OcspSigner, CertifierError> {
    let begin = now.saturating_sub(Duration::DAY);
    let validity = Validity::new(begin, certifier.validity().not_after())?;
    certifier.issue_ocsp_signer(validity, SerialNumber::random()?)
}
