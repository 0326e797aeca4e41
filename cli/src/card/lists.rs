//! `cns card profiles` and `cns card citizens`.

use clap::Args;
use cns_apdu::hex;
use serde::Serialize;

use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Profile {
    id: String,
    description: String,
    atr: String,
}

#[derive(Serialize)]
struct Citizen {
    id: String,
    surname: String,
    given_name: String,
    codice_fiscale: String,
    card_number: String,
    pin: String,
    puk: String,
    description: String,
}

pub(crate) fn profiles(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let profiles: Vec<Profile> = cns_fixtures::profiles()
        .into_iter()
        .map(|profile| Profile {
            id: profile.id,
            description: profile.description,
            atr: hex::encode(profile.atr.as_bytes()),
        })
        .collect();
    if arguments.json {
        output::json(&profiles)?;
    } else {
        let rows = profiles
            .into_iter()
            .map(|profile| [profile.id, profile.description]);
        output::text(&output::table(["profile", "what it is"], rows))?;
    }
    Ok(Verdict::Fine)
}

/// PINs and PUKs are shown: they are invented, public, and what a person needs next.
pub(crate) fn citizens(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let citizens: Vec<Citizen> = cns_fixtures::citizens()
        .into_iter()
        .map(|citizen| Citizen {
            codice_fiscale: citizen.codice_fiscale.to_string(),
            card_number: citizen.card_number.to_string(),
            pin: citizen.pin.as_str().to_owned(),
            puk: citizen.puk.as_str().to_owned(),
            id: citizen.id,
            surname: citizen.surname,
            given_name: citizen.given_name,
            description: citizen.description,
        })
        .collect();
    if arguments.json {
        output::json(&citizens)?;
    } else {
        let rows = citizens.into_iter().map(|citizen| {
            [
                citizen.id,
                citizen.codice_fiscale,
                citizen.pin,
                citizen.puk,
                citizen.description,
            ]
        });
        let headings = ["citizen", "codice fiscale", "PIN", "PUK", "who it is"];
        output::text(&output::table(headings, rows))?;
    }
    Ok(Verdict::Fine)
}
