//! Makes the cards of a town, and works in the office of their certifier: what a portal's desk decides
//! happens to real virtual cards.
//!
//! ```text
//! desk ── personalise ──────────► PIN and PUK on the very card      CardDrawer: files, or a reader's cards
//!      ── set_certificate_status ► hold, release, revoke             PublicOffices, by the serial number
//!      ── produce ──────────────► a new card, key and certificate    both
//! ```

mod drawer;
mod successor;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cns_authority::{
    CardNumber, CertificateStatus, CertificationAuthority, CnsCommonName, CodiceFiscale,
    OfficeError, RevocationReason, SerialNumber,
};
use cns_card::{CardImage, Entropy as _, ReferenceValue};
use cns_fixtures::{CardStatus, Citizen, Profile, Secret, personalise};
use cns_portal::PublicOffices;
use cns_portal::certificate::CertificateFacts;
use cns_portal::chain::Certifier;
use cns_portal::town::{ProducedCard, Workshop, WorkshopError};
use cns_reader::SystemEntropy;
use cns_services::desk::{CardEvent, CardSecrets, CertificateChange, CertificateState};
use time::OffsetDateTime;

pub use drawer::{CardDrawer, CardFolder, CardsAtHand};
use successor::{successor, successor_name};

/// The serials of cards that are ordered begin here: no citizen of the fixtures comes so far.
const FIRST_NEW_SERIAL: u32 = 900_000_001;

/// Where cards are made.
pub struct CardWorkshop {
    offices: PublicOffices,
    /// The certifier's office, by its name in the offices.
    office: String,
    profile: Profile,
    drawer: Box<dyn CardDrawer>,
    made: Mutex<BTreeMap<CardNumber, Made>>,
}

/// What the workshop knows of a card that it made.
#[derive(Clone)]
struct Made {
    citizen: Citizen,
    serial: SerialNumber,
}

impl CardWorkshop {
    /// A workshop that has made no card yet, for a certifier whose office is called `office`.
    pub fn new(
        offices: PublicOffices,
        office: &str,
        profile: Profile,
        drawer: impl CardDrawer + 'static,
    ) -> Self {
        Self {
            offices,
            office: office.to_owned(),
            profile,
            drawer: Box::new(drawer),
            made: Mutex::default(),
        }
    }

    /// Makes the cards of these citizens, as their files say that they are; those that are in the drawer
    /// from before stay as they are, and so do those that were ordered in their place.
    ///
    /// # Errors
    /// One of them cannot be made or kept, or is another certifier's.
    pub fn stock(&self, citizens: &[Citizen], now: OffsetDateTime) -> Result<(), WorkshopError> {
        for citizen in citizens {
            let serial = self.found_or_made(citizen, &citizen.id, now)?;
            if matches!(citizen.status, CardStatus::Revoked | CardStatus::Lost) {
                self.in_office(|office| {
                    office.revoke(serial, RevocationReason::CessationOfOperation, now)
                })?;
            }
            let made = Made {
                citizen: citizen.clone(),
                serial,
            };
            self.made().insert(citizen.card_number, made);
            self.take_up_successors(citizen)?;
        }
        Ok(())
    }

    /// The cards of a citizen that were ordered in an earlier run.
    fn take_up_successors(&self, citizen: &Citizen) -> Result<(), WorkshopError> {
        let mut holder = citizen.clone();
        for place in 2.. {
            let name = successor_name(citizen, place);
            let Some(certificate) = self.drawer.certificate(&name) else {
                break;
            };
            holder = successor(&holder, card_number_of(&certificate)?);
            self.drawer.take_up(holder.card_number, &name);
            let made = Made {
                citizen: holder.clone(),
                serial: self.enter(&certificate)?,
            };
            self.made().insert(holder.card_number, made);
        }
        Ok(())
    }

    /// Takes up what a desk knows from before this workshop: cards that were ordered, and certificates that
    /// are on hold or revoked. Since when they are, the desk does not know; the certifier hears of it now.
    ///
    /// # Errors
    /// A card cannot be made or kept.
    pub fn take_up(
        &self,
        known: &[(CardNumber, CodiceFiscale, CertificateState)],
        now: OffsetDateTime,
    ) -> Result<(), WorkshopError> {
        for (card, holder, certificate) in known {
            let Some(serial) = self.serial_of(*card, *holder, now)? else {
                continue;
            };
            self.in_office(|office| match (certificate, office.status(serial)) {
                (_, Some(CertificateStatus::Revoked { .. }) | None) => Ok(()),
                (CertificateState::OnHold, Some(CertificateStatus::Good)) => {
                    office.hold(serial, now)
                }
                (CertificateState::Revoked(reason), _) => office.revoke(serial, *reason, now),
                _ => Ok(()),
            })?;
        }
        Ok(())
    }

    /// The certificate of a card that the desk knows, ordered cards among them. None: the holder is
    /// nobody whose cards are made here.
    fn serial_of(
        &self,
        card: CardNumber,
        holder: CodiceFiscale,
        now: OffsetDateTime,
    ) -> Result<Option<SerialNumber>, WorkshopError> {
        if let Ok(made) = self.known(card) {
            return Ok(Some(made.serial));
        }
        let theirs = |made: &&Made| made.citizen.codice_fiscale == holder;
        let before = self.made().values().find(theirs).cloned();
        let Some(before) = before else {
            return Ok(None);
        };
        let citizen = successor(&before.citizen, card);
        let name = successor_name(&citizen, self.cards_of(&citizen) + 1);
        let serial = self.found_or_made(&citizen, &name, now)?;
        self.made().insert(card, Made { citizen, serial });
        Ok(Some(serial))
    }

    /// A card that lies in the drawer, or that is made now, with its certificate entered in the office.
    fn found_or_made(
        &self,
        citizen: &Citizen,
        name: &str,
        now: OffsetDateTime,
    ) -> Result<SerialNumber, WorkshopError> {
        let certificate = match self.drawer.certificate(name) {
            Some(certificate) => certificate,
            None => self.make(citizen, name, now)?,
        };
        self.enter(&certificate)
    }

    /// Makes a card and puts it into the drawer; gives its certificate, DER.
    fn make(
        &self,
        citizen: &Citizen,
        name: &str,
        now: OffsetDateTime,
    ) -> Result<Vec<u8>, WorkshopError> {
        let mut entropy = SystemEntropy::new();
        let made = self.offices.with(|offices| {
            let office = offices.office(&self.office).map_err(failed)?;
            let certifier = office.certifier();
            personalise(&self.profile, citizen, certifier, now.date(), &mut entropy).map_err(failed)
        })?;
        self.drawer.add(
            citizen.card_number,
            name,
            &made.image,
            &made.certificate_der,
        )?;
        Ok(made.certificate_der)
    }

    /// Enters a certificate in the office, so that it is good there. One that was entered before stays as
    /// it is.
    fn enter(&self, certificate: &[u8]) -> Result<SerialNumber, WorkshopError> {
        let serial = Certifier::serial_of(certificate)
            .and_then(|octets| SerialNumber::from_integer(&octets))
            .ok_or_else(|| WorkshopError("the certificate has no serial number".to_owned()))?;
        self.offices.with(|offices| {
            let office = offices.office_mut(&self.office).map_err(failed)?;
            must_be_issued_by(office.certifier(), certificate)?;
            match office.status(serial) {
                Some(_) => Ok(()),
                None => office.enter(serial).map_err(failed),
            }
        })?;
        Ok(serial)
    }

    fn in_office(
        &self,
        work: impl FnOnce(&mut cns_authority::Office) -> Result<(), OfficeError>,
    ) -> Result<(), WorkshopError> {
        self.offices.with(|offices| {
            let office = offices.office_mut(&self.office).map_err(failed)?;
            work(office).map_err(failed)
        })
    }

    fn known(&self, card: CardNumber) -> Result<Made, WorkshopError> {
        let made = self.made().get(&card).cloned();
        made.ok_or_else(|| WorkshopError(format!("no card {card} was made here")))
    }

    fn made(&self) -> MutexGuard<'_, BTreeMap<CardNumber, Made>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets a PIN or PUK on a card.
    fn set(
        &self,
        image: &mut CardImage,
        secret: Secret,
        digits: &[u8],
    ) -> Result<(), WorkshopError> {
        let digits = std::str::from_utf8(digits).map_err(failed)?;
        let value = ReferenceValue::from_digits(digits).map_err(failed)?;
        let place = self.profile.place_of(secret);
        let data = &mut image.master_file.reference_data;
        let datum = place.and_then(|place| data.iter_mut().find(|datum| datum.id == place.id));
        let datum =
            datum.ok_or_else(|| WorkshopError("this make of card has no PIN".to_owned()))?;
        let mut salt = [0; 16];
        SystemEntropy::new().fill(&mut salt).map_err(failed)?;
        *datum = datum.clone().with_value(&value, salt);
        Ok(())
    }

    /// A number that no card has yet.
    fn new_card_number(&self, citizen: &Citizen) -> Result<CardNumber, WorkshopError> {
        let ordered = self.made().len() as u32;
        let serial = FIRST_NEW_SERIAL.saturating_add(ordered);
        CardNumber::compose(citizen.region, serial).map_err(failed)
    }

    /// How many cards a citizen has had.
    fn cards_of(&self, citizen: &Citizen) -> usize {
        let made = self.made();
        let made = made.values();
        made.filter(|made| made.citizen.codice_fiscale == citizen.codice_fiscale)
            .count()
    }
}

fn card_number_of(certificate: &[u8]) -> Result<CardNumber, WorkshopError> {
    let facts = CertificateFacts::from_der(certificate).map_err(failed)?;
    let names = facts.common_names.first();
    let name = names.ok_or_else(|| WorkshopError("the certificate names no card".to_owned()))?;
    let name: CnsCommonName = name.parse().map_err(failed)?;
    Ok(name.card_number)
}

/// A drawer may be from a run with another certifier, whose office knows nothing of its cards.
fn must_be_issued_by(
    certifier: &CertificationAuthority,
    certificate: &[u8],
) -> Result<(), WorkshopError> {
    let facts = CertificateFacts::from_der(certificate).map_err(failed)?;
    let own = Certifier::from_der(certifier.certificate_der());
    let key = own.and_then(|own| own.key_identifier);
    match key.is_some() && key == facts.authority_key_identifier {
        true => Ok(()),
        false => Err(WorkshopError(format!(
            "card {} is of another certifier than this run's\n\
             hint: name that certifier's folder with --authority, or another folder with --cards",
            card_number_of(certificate)?
        ))),
    }
}

impl Workshop for CardWorkshop {
    fn personalise(
        &self,
        card: CardNumber,
        secrets: CardSecrets,
        _now: OffsetDateTime,
    ) -> Result<(), WorkshopError> {
        self.known(card)?;
        let (pin, puk) = secrets.into_pin_and_puk();
        let mut image = self.drawer.image(card)?;
        self.set(&mut image, Secret::Pin, &*pin)?;
        self.set(&mut image, Secret::Puk, &*puk)?;
        self.drawer.replace(card, &image)
    }

    fn set_certificate_status(
        &self,
        card: CardNumber,
        change: CertificateChange,
        now: OffsetDateTime,
    ) -> Result<(), WorkshopError> {
        let serial = self.known(card)?.serial;
        self.in_office(|office| match change {
            CertificateChange::Hold => office.hold(serial, now),
            CertificateChange::Release => office.release(serial, now),
            CertificateChange::Revoke(reason) => office.revoke(serial, reason, now),
        })
    }

    fn read(&self, card: CardNumber) -> Result<Option<CardEvent>, WorkshopError> {
        self.known(card)?;
        let image = self.drawer.image(card)?;
        let is_blocked = |secret| {
            let place = self.profile.place_of(secret)?;
            let mut data = image.master_file.reference_data.iter();
            let datum = data.find(|datum| datum.id == place.id)?;
            Some(datum.tries_left() == 0)
        };
        Ok(match (is_blocked(Secret::Pin), is_blocked(Secret::Puk)) {
            (_, Some(true)) => Some(CardEvent::PukBlocked),
            (Some(true), _) => Some(CardEvent::PinBlocked),
            _ => None,
        })
    }

    fn produce(
        &self,
        _holder: CodiceFiscale,
        replaces: CardNumber,
        now: OffsetDateTime,
    ) -> Result<ProducedCard, WorkshopError> {
        let replaced = self.known(replaces)?.citizen;
        let citizen = successor(&replaced, self.new_card_number(&replaced)?);
        let name = successor_name(&citizen, self.cards_of(&citizen) + 1);
        let certificate = self.make(&citizen, &name, now)?;
        let serial = self.enter(&certificate)?;
        let produced = ProducedCard {
            card: citizen.card_number,
            expires: citizen.card_period(now.date()).expires,
        };
        self.made().insert(produced.card, Made { citizen, serial });
        Ok(produced)
    }
}

impl fmt::Debug for CardWorkshop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CardWorkshop")
            .field("office", &self.office)
            .field("cards", &self.made().len())
            .finish_non_exhaustive()
    }
}

/// Why something could not be made, in a sentence. No error of these has a secret in it.
fn failed(error: impl fmt::Display) -> WorkshopError {
    WorkshopError(error.to_string())
}
