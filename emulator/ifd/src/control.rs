//! What the reader's slots do that somebody steers at the control socket (`cns_reader::control`).
//!
//! ```text
//! {"do":"status"}                  {"ok":true,"slots":[{"card":true,"pinpad":false}]}
//! {"do":"remove","slot":0}         the card is laid aside
//! {"do":"insert","slot":0}         it is put back
//! {"do":"type","slot":0,"pin":"12345","new_pin":"54321","delay_ms":700}
//! {"do":"cancel","slot":0}         the key "cancel"
//! {"do":"leave","slot":0}          nobody types: the pinpad's time runs out
//! ```
//! What is to be typed is typed each time that the pinpad asks, after the delay: 700 ms unless it
//! says, for Firefox takes no answer that comes at once.

use std::sync::Arc;
use std::time::Duration;

use cns_reader::control::{Order, Steered, no_slot};
use serde::Serialize;

use crate::pinpad::{Typed, Typist};
use crate::slot::Slot;

const DELAY_MS: u64 = 700;

/// What a slot is like.
#[derive(Serialize)]
pub(crate) struct Status {
    card: bool,
    pinpad: bool,
}

/// The slots of a reader, steered.
pub(crate) struct Slots(pub(crate) Vec<Arc<Slot>>);

impl Steered for Slots {
    type Status = Status;

    fn obey(&self, number: usize, order: Order) -> Result<(), String> {
        if order == Order::Status {
            return Ok(());
        }
        let slot = self.0.get(number);
        let slot = slot.ok_or_else(|| no_slot(number, self.0.len()))?;
        match order {
            Order::Status => Ok(()),
            Order::Remove => match slot.take_out() {
                true => Ok(()),
                false => Err(format!("there is no card in slot {number}")),
            },
            Order::Insert => match slot.put_back() {
                true => Ok(()),
                false => Err(format!(
                    "no card was taken out of slot {number}, or another is in it\n\
                     hint: `cns card insert --reader unix:SOCKET` puts one in"
                )),
            },
            Order::Type {
                pin,
                new_pin,
                delay_ms,
            } => typing(slot, number, Typed::Pins { pin, new_pin }, delay_ms),
            Order::Cancel { delay_ms } => typing(slot, number, Typed::Cancel, delay_ms),
            Order::Leave => typing(slot, number, Typed::Nothing, Some(0)),
            Order::Blink
            | Order::Swap { .. }
            | Order::Faults { .. }
            | Order::ClearFaults
            | Order::Latency { .. } => Err("this is the reader, which does as its card does\n\
                 hint: a card that `cns card insert --control PATH` holds takes this order at PATH"
                .to_owned()),
        }
    }

    fn status(&self) -> Vec<Status> {
        let status = |slot: &Arc<Slot>| Status {
            card: slot.has_card(),
            pinpad: slot.has_pinpad,
        };
        self.0.iter().map(status).collect()
    }
}

fn typing(slot: &Slot, number: usize, typed: Typed, delay_ms: Option<u64>) -> Result<(), String> {
    if !slot.has_pinpad {
        return Err(format!(
            "slot {number} has no pinpad\nhint: `pinpad = true` in the reader's file gives it one"
        ));
    }
    let delay = Duration::from_millis(delay_ms.unwrap_or(DELAY_MS));
    slot.set_typist(Typist { typed, delay });
    Ok(())
}
