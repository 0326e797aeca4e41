//! `cns card issue`: from a profile and a citizen to an image file.

mod stray;

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::Args;
use cns_authority::RevocationUrls;
use cns_fixtures::{Citizen, Profile, citizen, common_name, personalise, profile};
use cns_reader::{ImageFile, SystemEntropy};
use serde::Serialize;
use time::OffsetDateTime;

use super::passphrase::PassphraseFile;
use crate::authority::{AuthorityFolder, HOME, pki_url};
use crate::files::{self, PUBLIC};
use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Who the card is for: a name from `cns card citizens`, or a citizen's TOML file
    #[arg(long, value_name = "NAME|FILE")]
    citizen: String,
    /// What the card is like: a name from `cns card profiles`, or a profile's TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = cns_fixtures::DEFAULT_PROFILE)]
    profile: String,
    /// PIN in place of the citizen's
    #[arg(long, value_name = "DIGITS")]
    pin: Option<String>,
    /// PUK in place of the citizen's
    #[arg(long, value_name = "DIGITS")]
    puk: Option<String>,
    /// A certificate from `cns portal zoo` in place of a good one
    #[arg(long, value_name = "ID")]
    zoo: Option<String>,
    /// Where a portal answers for the certificate: the address that `cns portal run --listen-pki` was given.
    /// The certificate names its revocation list and its OCSP responder there
    #[arg(long, value_name = "URL", value_parser = pki_url)]
    pki: Option<String>,
    /// Overwrite the file if it is there
    #[arg(long)]
    force: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    passphrase: PassphraseFile,
    #[command(flatten)]
    authority: AuthorityFolder,
    /// Where to write the card; CITIZEN.cns if not said
    file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Issued {
    file: PathBuf,
    citizen: String,
    profile: String,
    codice_fiscale: String,
    card_number: String,
    pin: String,
    puk: String,
    /// What a portal's operator writes down of it.
    enrolment: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    zoo: Option<&'static str>,
    authority: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let mut citizen = find_citizen(&arguments.citizen)?;
    if let Some(pin) = &arguments.pin {
        citizen.pin = pin
            .parse()
            .map_err(|error| anyhow!("--pin: {error}\nhint: such as --pin 12345"))?;
    }
    if let Some(puk) = &arguments.puk {
        citizen.puk = puk
            .parse()
            .map_err(|error| anyhow!("--puk: {error}\nhint: such as --puk 12345678"))?;
    }
    let profile = find_profile(&arguments.profile)?;
    let file = arguments
        .file
        .clone()
        .unwrap_or_else(|| format!("{}.cns", citizen.id).into());
    if file.exists() && !arguments.force {
        bail!(
            "{} is there already\nhint: --force overwrites it, with everything that happened to that card",
            file.display()
        );
    }
    let stray = arguments.zoo.as_deref().map(stray::find).transpose()?;
    let passphrase = arguments.passphrase.read()?;
    let mut authority = arguments.authority.open()?;
    if let Some(base) = &arguments.pki {
        authority = authority.with_revocation_urls(RevocationUrls::at(base, HOME));
    }
    let now = OffsetDateTime::now_utc();
    let (card, to_trust) = match stray {
        None => {
            let mut entropy = SystemEntropy::new();
            let card = personalise(&profile, &citizen, &authority, now.date(), &mut entropy)?;
            (card, None)
        }
        Some(animal) => stray::personalise(animal, &profile, &citizen, &authority, now)?,
    };
    let is_home = to_trust.is_none();
    let certifier = stray::certifier_file(&file);
    if let Some(pem) = &to_trust {
        files::check_free(&certifier, arguments.force)?;
        files::write(&[(&certifier, pem)], PUBLIC)?;
    }
    if is_home {
        let of_card = [
            Some(&card.certificate_der),
            card.signature_certificate_der.as_ref(),
        ];
        let of_card: Vec<&[u8]> = of_card.into_iter().flatten().map(Vec::as_slice).collect();
        arguments.authority.ledger().enter(&of_card)?;
    }
    ImageFile::create(&file, &card.image, passphrase.as_ref())?;

    let name = common_name(&citizen, now.date())?.to_string();
    let issued = Issued {
        file,
        citizen: citizen.id,
        profile: profile.id,
        codice_fiscale: citizen.codice_fiscale.to_string(),
        card_number: citizen.card_number.to_string(),
        pin: citizen.pin.as_str().to_owned(),
        puk: citizen.puk.as_str().to_owned(),
        enrolment: name.split_once('/').unwrap_or_default().1.to_owned(),
        zoo: stray.map(|animal| animal.id),
        authority: match to_trust {
            None => arguments.authority.certificate(),
            Some(_) => certifier,
        },
    };
    if arguments.json {
        output::json(&issued)?;
        return Ok(Verdict::Fine);
    }
    output::text(&format!("{}\n", issued.file.display()))?;
    output::say(&format!(
        "a card of {} {} ({}), PIN {}, PUK {}, certified by {}",
        citizen.given_name,
        citizen.surname,
        issued.profile,
        issued.pin,
        issued.puk,
        issued.authority.display(),
    ));
    if let Some(animal) = stray {
        output::say(&stray::words(animal, &issued.authority, is_home));
    }
    let option = match &arguments.passphrase.passphrase_file {
        Some(path) => format!("--passphrase-file {} ", path.display()),
        None => String::new(),
    };
    let file = issued.file.display();
    output::say(&format!("next: cns card insert {option}{file}"));
    Ok(Verdict::Fine)
}

pub(crate) fn find_citizen(name: &str) -> anyhow::Result<Citizen> {
    match files::toml(name)? {
        Some((id, text)) => Ok(Citizen::from_toml(&id, &text)?),
        None => Ok(citizen(name)?),
    }
}

pub(crate) fn find_profile(name: &str) -> anyhow::Result<Profile> {
    match files::toml(name)? {
        Some((id, text)) => Ok(Profile::from_toml(&id, &text)?),
        None => Ok(profile(name)?),
    }
}
