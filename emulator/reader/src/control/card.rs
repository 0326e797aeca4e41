//! What a slot does that `cns card insert` serves.

use std::path::Path;

use cns_card::Card;

use super::{ORDER_LIMIT, Order, Steered, no_slot};
use crate::faults::{Latency, Script};
use crate::slot::{Slot, Status};
use crate::store::{ImageFile, Passphrase};

impl Steered for Slot {
    type Status = Status;

    fn obey(&self, slot: usize, order: Order) -> Result<(), String> {
        if slot != 0 {
            return Err(no_slot(slot, 1));
        }
        match order {
            Order::Status => {}
            Order::Insert => {
                if !self.reinsert() {
                    return Err("there is no card\nhint: swap puts one in".to_owned());
                }
                come_about(self, "the reader has not asked for the card", is_in)?;
            }
            Order::Remove => {
                self.remove();
                let is_out = |status: &Status| !status.inserted;
                come_about(self, "the card is still in the reader", is_out)?;
            }
            Order::Blink => self.blink(),
            Order::Swap {
                file,
                volatile,
                passphrase_file,
            } => {
                let insertions = Slot::status(self).insertions;
                self.insert_card(card(&file, volatile, passphrase_file.as_deref())?);
                let is_new = |status: &Status| insertions < status.insertions && is_in(status);
                come_about(self, "the reader has not asked for the other card", is_new)?;
            }
            Order::Faults { name, script } => {
                let script = Script::from_toml(&name, &script);
                self.set_faults(script.map_err(|error| error.to_string())?);
            }
            Order::ClearFaults => self.clear_faults(),
            Order::Latency { name, model } => {
                let model = model
                    .map(|text| Latency::from_toml(&name, &text))
                    .transpose();
                self.set_latency(model.map_err(|error| error.to_string())?);
            }
            Order::Type { .. } | Order::Cancel { .. } | Order::Leave => {
                return Err(
                    "the card has no pinpad\nhint: the reader may: its driver has a control \
                     socket of its own"
                        .to_owned(),
                );
            }
        }
        Ok(())
    }

    fn status(&self) -> Vec<Status> {
        vec![Slot::status(self)]
    }
}

fn is_in(status: &Status) -> bool {
    status.inserted
}

fn come_about(
    slot: &Slot,
    complaint: &str,
    wanted: impl Fn(&Status) -> bool,
) -> Result<(), String> {
    match slot.wait_until(ORDER_LIMIT, wanted) {
        Some(_) => Ok(()),
        None => Err(format!("{complaint} after {} s", ORDER_LIMIT.as_secs())),
    }
}

fn card(file: &Path, volatile: bool, passphrase: Option<&Path>) -> Result<Card, String> {
    let passphrase = passphrase.map(Passphrase::from_file).transpose();
    let passphrase = passphrase.map_err(|error| error.to_string())?;
    let card = ImageFile::card(file, volatile, passphrase.as_ref());
    card.map_err(|error| error.to_string())
}
