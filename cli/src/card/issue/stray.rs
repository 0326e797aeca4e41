//! A card with a certificate from the zoo, so that a real client shows it to a portal.

use std::path::{Path, PathBuf};

use anyhow::bail;
use cns_authority::zoo::{Animal, HeldKey, Verdict};
use cns_authority::{CertificationAuthority, SerialNumber, pem};
use cns_fixtures::{Citizen, Enclosure, Personalised, Profile, personalise_with};
use cns_reader::SystemEntropy;
use time::OffsetDateTime;

use crate::portal;

/// The animal that is called so, if a card can have it.
pub(super) fn find(id: &str) -> anyhow::Result<&'static Animal> {
    let animal = portal::animal(id)?;
    if !animal.fits_on_a_card() {
        bail!(
            "{id} is not in the card's certificate, but around it\nhint: `cns portal zoo export FOLDER --filter {id}` writes it as files"
        );
    }
    Ok(animal)
}

/// The card, and the certifier that a portal must trust to judge it by this one oddity, if that is not
/// `authority`.
pub(super) fn personalise(
    animal: &Animal,
    profile: &Profile,
    citizen: &Citizen,
    authority: &CertificationAuthority,
    now: OffsetDateTime,
) -> anyhow::Result<(Personalised, Option<String>)> {
    let enclosure = Enclosure::new(profile, citizen, now)?;
    // The nonce is of a question to an OCSP responder, which no certificate is about.
    let habitat = enclosure.habitat(authority, [0; 16]);
    let specimen = animal.make(&habitat, SerialNumber::random()?)?;
    if specimen.key != HeldKey::Card {
        bail!(
            "{} is about a key of 1024 bits, and the card of profile {} has a longer one\nhint: --profile cns10-siemens has such a key, whatever its certificate",
            animal.id,
            profile.id
        );
    }
    let is_home = specimen.certifier_der == authority.certificate_der();
    let to_trust = (!is_home).then(|| pem::encode("CERTIFICATE", &specimen.certifier_der));
    let card = personalise_with(
        specimen.certificate_der,
        profile,
        citizen,
        authority,
        now.date(),
        &mut SystemEntropy::new(),
    )?;
    Ok((card, to_trust))
}

/// Where the certifier's certificate is written: beside the card.
pub(super) fn certifier_file(card: &Path) -> PathBuf {
    card.with_extension("certifier.pem")
}

/// What is odd and what a portal must do, and how ours is told of a certifier that it should trust.
pub(super) fn words(animal: &Animal, certifier: &Path, is_home: bool) -> String {
    let check = match animal.verdict.check() {
        Some(check) => format!(" ({check})"),
        None => String::new(),
    };
    let must = format!(
        "{}: {}\na portal must {}{check}",
        animal.id,
        animal.odd,
        animal.verdict.name()
    );
    match (animal.verdict, is_home) {
        (Verdict::Accept | Verdict::SoftFail(_), false) => format!(
            "{must}, if it trusts the certifier: cns portal run --trust {}",
            certifier.display()
        ),
        _ => must,
    }
}
