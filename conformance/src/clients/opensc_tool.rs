//! `opensc-tool`: the card as OpenSC sees it first.

use crate::action::{Action, ActionError, Outcome};
use crate::workbench::Workbench;

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        client: "opensc-tool",
        title: "recognises the card",
        needs: &["opensc-tool"],
        run: recognise,
    },
    Action {
        client: "opensc-tool",
        title: "reads the card number",
        needs: &["opensc-tool"],
        run: read_card_number,
    },
];

/// The ATR, and the name of the driver that wants the card.
fn recognise(workbench: &Workbench) -> Result<Outcome, ActionError> {
    let client = workbench
        .client("opensc-tool")
        .arguments(["--atr", "--name"])
        .run()?
        .succeeded()?;
    let text = client.text();
    let mut lines = text.lines();
    let (atr, name) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let expected = workbench.profile().atr.as_bytes();
    if bytes(atr.split(':')).as_deref() != Some(expected) {
        return Err(client.wrong(format!("read the ATR {atr:?}, expected {expected:02X?}")));
    }
    if !name.starts_with("CNS card") {
        return Err(client.wrong(format!("takes the card for {name:?}, not for a CNS card")));
    }
    Ok(client.outcome(format!(
        "{name}, ATR {}",
        atr.replace(':', " ").to_uppercase()
    )))
}

/// EF.ID_Carta: 16 digits, shown as hexadecimal and as text.
fn read_card_number(workbench: &Workbench) -> Result<Outcome, ActionError> {
    let client = workbench
        .client("opensc-tool")
        .argument("--serial")
        .run()?
        .succeeded()?;
    let expected = workbench.citizen().card_number.to_string();
    let text = client.text();
    let seen = text.split_whitespace().map_while(|word| {
        u8::from_str_radix(word, 16)
            .ok()
            .filter(|_| word.len() == 2)
    });
    if !seen.eq(expected.bytes()) {
        return Err(client.wrong(format!("read {:?}, expected {expected}", text.trim())));
    }
    Ok(client.outcome(format!("card {expected}")))
}

fn bytes<'a>(words: impl Iterator<Item = &'a str>) -> Option<Vec<u8>> {
    words
        .map(|word| u8::from_str_radix(word, 16).ok())
        .collect()
}
