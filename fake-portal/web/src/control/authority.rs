//! The certifiers' offices: what they have issued, and what becomes of it.

mod report;

use std::str::FromStr;

use cns_authority::{
    CardNumber, CertificateStatus, CnsCommonName, CnsSubject, CodiceFiscale, Office, OfficeError,
    Offices, SerialNumber, Validity, pem, personal_data_hash,
};
use hyper::{Method, StatusCode};
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::problem::Problem;
use super::route::{Nothing, Route};
use super::{BASE, Control};
use crate::clock::Clock as _;
use report::{CertificateRow, OfficeReport, ReasonName};

/// A certificate that was issued.
#[derive(JsonSchema, Serialize)]
struct Issued {
    /// Who issued it.
    certifier: String,
    /// Its serial number.
    serial: String,
    /// The certificate, PEM.
    certificate: String,
}

/// A certificate that is to be issued.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Application {
    /// What programs call the certifier.
    certifier: String,
    /// The holder's codice fiscale, whose check character must be right.
    #[schemars(length(equal = 16))]
    codice_fiscale: String,
    /// The number of the card, whose check digit must be right.
    #[schemars(length(equal = 16))]
    card: String,
    /// The holder's surname.
    #[schemars(length(min = 1, max = 64))]
    surname: String,
    /// The holder's given name.
    #[schemars(length(min = 1, max = 64))]
    given_name: String,
    /// Who hands the card out.
    #[serde(default = "administration")]
    #[schemars(length(min = 1, max = 64))]
    administration: String,
    /// The card's public key, as `openssl pkey -pubout` writes it.
    public_key: String,
    /// For how many days, from an hour before now. A certifier that has ended, and is not renewed, issues
    /// nothing for later than its end.
    #[serde(default = "six_years")]
    #[schemars(range(min = 1, max = 3_650))]
    days: u16,
}

/// Which certificate.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// What programs call the certifier.
    certifier: String,
    /// The serial number in hexadecimal.
    serial: String,
}

/// Which certificate, and why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Revocation {
    /// What programs call the certifier.
    certifier: String,
    /// The serial number in hexadecimal.
    serial: String,
    /// Nobody says why, if nothing is said.
    #[serde(default)]
    reason: ReasonName,
}

pub(super) fn routes() -> Vec<Route> {
    let path = |rest: &str| format!("{BASE}/ca{rest}");
    let change = || (Method::POST, StatusCode::OK);
    vec![
        Route::asking(
            &path(""),
            [
                "listCertifiers",
                "The certifiers, and what became of their certificates",
            ],
            |control, _: Nothing| {
                let Some(offices) = &control.portal.offices else {
                    return Ok(Vec::new());
                };
                Ok(offices.with(|offices| offices.iter().map(OfficeReport::of).collect()))
            },
        ),
        Route::ordering(
            (Method::POST, StatusCode::CREATED),
            &path("/issue"),
            ["issueCertificate", "Issues the certificate of a card"],
            issue,
        ),
        Route::ordering(
            change(),
            &path("/hold"),
            ["holdCertificate", "Suspends a certificate"],
            |control, which: Which| {
                control.change([which.certifier, which.serial], |office, serial, now| {
                    office.hold(serial, now)
                })
            },
        ),
        Route::ordering(
            change(),
            &path("/release"),
            [
                "releaseCertificate",
                "Makes a suspended certificate good again",
            ],
            |control, which: Which| {
                control.change([which.certifier, which.serial], |office, serial, now| {
                    office.release(serial, now)
                })
            },
        ),
        Route::ordering(
            change(),
            &path("/revoke"),
            ["revokeCertificate", "Revokes a certificate for ever"],
            |control, which: Revocation| {
                let reason = which.reason.reason();
                control.change([which.certifier, which.serial], |office, serial, now| {
                    office.revoke(serial, reason, now)
                })
            },
        ),
    ]
}

fn issue(control: &Control, application: Application) -> Result<Issued, Problem> {
    let now = control.portal.clock.now();
    let (subject, validity) = (application.subject()?, application.validity(now)?);
    let key = SubjectPublicKeyInfoDer::from_pem_slice(application.public_key.as_bytes())
        .map_err(|_| Problem::field("public_key", "it is no public key in PEM"))?;
    control.in_office(&application.certifier, |office| {
        let serial = office
            .issue(&subject, &key, validity)
            .map_err(|error| match error {
                OfficeError::OutlivesCertifier { .. } => Problem::field("days", error.to_string()),
                error => Problem::field("public_key", error.to_string()),
            })?;
        let certificate = office.certificate(serial).unwrap_or_default();
        Ok(Issued {
            certifier: office.id().to_owned(),
            serial: serial.to_string(),
            certificate: pem::encode("CERTIFICATE", certificate),
        })
    })
}

impl Control {
    /// Changes the status of a certificate: `[certifier, serial]`.
    fn change<E: ToString>(
        &self,
        [certifier, serial]: [String; 2],
        change: impl FnOnce(&mut Office, SerialNumber, OffsetDateTime) -> Result<(), E>,
    ) -> Result<CertificateRow, Problem> {
        let now = self.portal.clock.now();
        let serial: SerialNumber = parsed("serial", &serial)?;
        self.in_office(&certifier, |office| {
            if office.status(serial).is_none() {
                let detail = format!("{certifier} has issued no certificate {serial}");
                return Err(Problem::not_found(detail));
            }
            change(office, serial, now)
                .map_err(|error| Problem::conflict("serial", error.to_string()))?;
            let status = office.status(serial).unwrap_or(CertificateStatus::Good);
            Ok(CertificateRow::new(serial, status))
        })
    }

    fn in_office<T>(
        &self,
        id: &str,
        work: impl FnOnce(&mut Office) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let nobody = || Problem::not_found(format!("there is no certifier {id:?} here"));
        let offices = self.portal.offices.as_ref().ok_or_else(nobody)?;
        offices.with(|offices: &mut Offices| {
            let office = offices.office_mut(id).map_err(|_| nobody())?;
            work(office)
        })
    }
}

impl Application {
    fn subject(&self) -> Result<CnsSubject, Problem> {
        let codice_fiscale: CodiceFiscale = parsed("codice_fiscale", &self.codice_fiscale)?;
        let card_number: CardNumber = parsed("card", &self.card)?;
        for (field, name) in [
            ("surname", &self.surname),
            ("given_name", &self.given_name),
            ("administration", &self.administration),
        ] {
            if !(1..=NAME_LENGTH_MAX).contains(&name.chars().count()) {
                return Err(Problem::field(field, "it must have 1 to 64 characters"));
            }
        }
        Ok(CnsSubject {
            common_name: CnsCommonName {
                codice_fiscale,
                card_number,
                // The card's own file is not here; nobody compares it.
                personal_data_hash: personal_data_hash(self.codice_fiscale.as_bytes()),
            },
            surname: self.surname.clone(),
            given_name: self.given_name.clone(),
            issuing_administration: self.administration.clone(),
        })
    }

    fn validity(&self, now: OffsetDateTime) -> Result<Validity, Problem> {
        if !(1..=DAYS_MAX).contains(&self.days) {
            return Err(Problem::field("days", "they must be 1 to 3650"));
        }
        Validity::days(now.saturating_sub(time::Duration::HOUR), self.days)
            .map_err(|error| Problem::field("days", error.to_string()))
    }
}

fn parsed<T: FromStr<Err: ToString>>(field: &str, text: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|error: T::Err| Problem::field(field, error.to_string()))
}

/// X.520 upper bounds.
const NAME_LENGTH_MAX: usize = 64;
const DAYS_MAX: u16 = 3_650;

fn administration() -> String {
    "REGIONE COLLAUDO".to_owned()
}

fn six_years() -> u16 {
    6 * 365
}
