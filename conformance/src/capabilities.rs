//! What a card can do through PKCS #11: its tokens, objects and mechanisms, and which of them work.
//!
//! One file a profile, `data/capabilities/*.json`, as OpenSC's `p11test` keeps one for each of its
//! cards. They are written by `cargo run -p cns-conformance --example observe_capabilities`, read by
//! a person, and compared by a test: a change of the card, of a profile or of OpenSC is a difference.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};

use crate::action::ActionError;
use crate::clients::OPENSC;
use crate::clients::PKCS11_MODULE;
use crate::packages::locate;
use crate::run::Invocation;
use crate::workbench::Workbench;

mod listing;
mod trial;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/capabilities");

/// What a card can do through PKCS #11.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Capabilities {
    /// By which module: `OpenSC 0.23.0`.
    pub module: String,
    /// What `opensc-tool --name` calls the card, or why it does not.
    pub card: String,
    /// The tokens on it, slot by slot.
    pub tokens: Vec<Token>,
}

/// A token: a PIN and what belongs to it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The number of its slot.
    pub slot: u32,
    /// What the slot tells: label, flags, lengths of PINs.
    pub info: BTreeMap<String, String>,
    /// How the login with the right PIN ends: `done`, or `CKR_...`.
    pub login: String,
    /// What is there after the login, but for what differs from card to card.
    pub objects: Vec<Object>,
    /// The mechanisms, with key sizes and flags.
    pub mechanisms: BTreeMap<String, String>,
    /// Operations with the private key that were tried: `right`, `wrong`, or `CKR_...`.
    pub works: BTreeMap<String, String>,
}

/// An object.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// `Public Key Object; RSA 2048 bits`
    pub kind: String,
    /// Label, identifier, usage.
    pub attributes: BTreeMap<String, String>,
}

/// What is pinned of a profile.
pub fn pinned(profile: &str) -> Option<Capabilities> {
    let file = FILES.get_file(format!("{profile}.json"))?;
    serde_json::from_str(file.contents_utf8()?).ok()
}

/// Looks at the card on the workbench, and tries all that it offers.
///
/// # Errors
/// A program is not installed or did not come to an end.
pub fn observe(workbench: &Workbench) -> Result<Capabilities, ActionError> {
    let name = workbench.client("opensc-tool").argument("--name").run()?;
    let card = match name.status.success() {
        true => name.text(),
        false => name.complaint(),
    };
    let slots = pkcs11_tool(workbench)?.argument("--list-slots").run()?;
    let tokens = listing::slots(&slots.text())
        .into_iter()
        .map(|(slot, info)| token(workbench, slot, info))
        .collect::<Result<_, _>>()?;
    Ok(Capabilities {
        module: OPENSC.version(workbench)?,
        card: card.lines().last().unwrap_or_default().trim().to_owned(),
        tokens,
    })
}

fn token(
    workbench: &Workbench,
    slot: u32,
    info: BTreeMap<String, String>,
) -> Result<Token, ActionError> {
    let citizen = workbench.citizen();
    // OpenSC names a token after its PIN, and the PIN after its key set.
    let is_second = info
        .get("token label")
        .is_some_and(|it| it.contains("CNS1"));
    let pin = match is_second {
        true => citizen.signature_pin.as_str(),
        false => citizen.pin.as_str(),
    };
    workbench.reset_card()?;
    let mechanisms = in_slot(workbench, slot)?
        .argument("--list-mechanisms")
        .run()?;
    let listed = in_slot(workbench, slot)?
        .arguments(["--login", "--pin", pin, "--list-objects"])
        .run()?;
    let objects = listing::objects(&listed.text());
    let login = match listed.status.success() {
        true => "done".to_owned(),
        false => listing::refusal(&listed),
    };
    let works = match objects.iter().find(|object| object.is_private_key()) {
        Some(key) => trial::all(workbench, slot, pin, key)?,
        None => BTreeMap::new(),
    };
    Ok(Token {
        slot,
        info,
        login,
        objects,
        mechanisms: listing::mechanisms(&mechanisms.text()),
        works,
    })
}

fn pkcs11_tool(workbench: &Workbench) -> Result<Invocation<'_>, ActionError> {
    Ok(workbench
        .client("pkcs11-tool")
        .argument("--module")
        .argument(locate(PKCS11_MODULE)?))
}

fn in_slot(workbench: &Workbench, slot: u32) -> Result<Invocation<'_>, ActionError> {
    Ok(pkcs11_tool(workbench)?.arguments(["--slot", &slot.to_string()]))
}

impl Object {
    fn is_private_key(&self) -> bool {
        self.kind.starts_with("Private Key Object")
    }

    fn id(&self) -> &str {
        self.attributes.get("ID").map_or("", String::as_str)
    }
}
