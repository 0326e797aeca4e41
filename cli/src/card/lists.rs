//! `cns card profiles` and `cns card citizens`.

use clap::Args;
use cns_apdu::hex;
use cns_fixtures::{CardStatus, PinState};
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
    opensc: String,
    issues: Vec<String>,
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
    signature_pin: String,
    signature_puk: String,
    pin_state: PinState,
    pin_tries_left: Option<u8>,
    puk_tries_left: Option<u8>,
    status: CardStatus,
    representative: Option<String>,
    delegate: Option<String>,
    description: String,
}

pub(crate) fn profiles(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let profiles: Vec<Profile> = cns_fixtures::profiles()
        .into_iter()
        .map(|profile| Profile {
            id: profile.id,
            description: profile.description,
            atr: hex::encode(profile.atr.as_bytes()),
            opensc: profile.opensc,
            issues: profile.issues,
        })
        .collect();
    if arguments.json {
        output::json(&profiles)?;
    } else {
        let rows = profiles.into_iter().map(|profile| {
            // What stands behind the semicolon is for the JSON.
            let opensc = profile.opensc.split(';').next().unwrap_or_default();
            [profile.id, opensc.to_owned(), profile.description]
        });
        let headings = ["profile", "OpenSC", "what it is"];
        output::text(&output::table(headings, rows))?;
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
            signature_pin: citizen.signature_pin.as_str().to_owned(),
            signature_puk: citizen.signature_puk.as_str().to_owned(),
            pin_state: citizen.pin_state,
            pin_tries_left: citizen.pin_tries_left,
            puk_tries_left: citizen.puk_tries_left,
            status: citizen.status,
            representative: citizen.representative,
            delegate: citizen.delegate,
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
                citizen.status.name().to_owned(),
                citizen.description,
            ]
        });
        let headings = [
            "citizen",
            "codice fiscale",
            "PIN",
            "PUK",
            "card",
            "who it is",
        ];
        output::text(&output::table(headings, rows))?;
    }
    Ok(Verdict::Fine)
}
