//! The reader as pcscd sees it.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cns_reader::{Control, Door, ImageFile, guest};
use vsmartcard::handler::{Fault, Power, Reader};
use zeroize::Zeroizing;

use crate::configuration::{Configuration, Origin};
use crate::control::Slots;
use crate::features::{self, Request};
use crate::pinpad::Entry;
use crate::slot::{Local, Slot};

/// A reader with the slots that its file describes.
pub struct VirtualReader {
    slots: Vec<Arc<Slot>>,
    /// Where cards enter.
    _doors: Vec<Door>,
    _control: Option<Control>,
}

impl Reader for VirtualReader {
    fn open(device: &str) -> Result<Self, String> {
        let configuration = Configuration::read(Path::new(device)).map_err(words)?;
        let mut slots = Vec::with_capacity(configuration.slots.len());
        let mut doors = Vec::new();
        for (number, plan) in configuration.slots.iter().enumerate() {
            let slot = Arc::new(Slot::new(number, plan.pinpad));
            match &plan.origin {
                Origin::File { path, volatile } => {
                    let card = ImageFile::card(path, *volatile, None).map_err(words)?;
                    slot.insert(Arc::new(Local(Mutex::new(card))));
                }
                Origin::Socket(path) => {
                    make_folder_of(path)?;
                    let silence_max = configuration.silence_max;
                    let door = guest::admit(path, Arc::clone(&slot), silence_max);
                    doors.push(door.map_err(words)?);
                }
            }
            slots.push(slot);
        }
        let steered = Arc::new(Slots(slots.clone()));
        let control = configuration.control.map(|path| {
            make_folder_of(&path)?;
            Control::serve(&path, steered).map_err(words)
        });
        Ok(Self {
            slots,
            _doors: doors,
            _control: control.transpose()?,
        })
    }

    fn slots(&self) -> u8 {
        u8::try_from(self.slots.len()).unwrap_or(u8::MAX)
    }

    fn is_present(&self, slot: u8) -> bool {
        self.slot(slot).is_ok_and(|slot| slot.is_present())
    }

    fn wait_for_change(&self, slot: u8, limit: Duration) {
        if let Ok(slot) = self.slot(slot) {
            slot.wait_for_change(limit);
        }
    }

    fn stop_waiting(&self, slot: u8) {
        if let Ok(slot) = self.slot(slot) {
            slot.stop_waiting();
        }
    }

    fn power(&self, slot: u8, power: Power) -> Result<Vec<u8>, Fault> {
        self.slot(slot)?.power(power)
    }

    fn atr(&self, slot: u8) -> Result<Vec<u8>, Fault> {
        self.slot(slot)?.atr()
    }

    fn transmit(&self, slot: u8, command: &[u8], response: &mut Vec<u8>) -> Result<(), Fault> {
        self.slot(slot)?.transmit(command, response)
    }

    fn control(&self, slot: u8, code: u32, input: &[u8]) -> Result<Vec<u8>, Fault> {
        let slot = self.slot(slot)?;
        let request = Request::from_code(code, slot.has_pinpad).ok_or(Fault::NotSupported)?;
        match request {
            Request::Features => Ok(features::features(slot.has_pinpad)),
            Request::Properties => Ok(features::properties(slot.has_pinpad)),
            Request::PinProperties => Ok(features::pin_properties()),
            Request::VerifyPin => type_pin(slot, Entry::verify(input)),
            Request::ModifyPin => type_pin(slot, Entry::modify(input)),
        }
    }
}

impl VirtualReader {
    fn slot(&self, slot: u8) -> Result<&Slot, Fault> {
        let slot = self.slots.get(usize::from(slot));
        slot.map(Arc::as_ref).ok_or(Fault::NoCard)
    }
}

/// Somebody types, and the card is sent what comes of it.
fn type_pin(slot: &Slot, entry: Option<Entry>) -> Result<Vec<u8>, Fault> {
    let entry = entry.ok_or(Fault::NotSupported)?;
    let typist = slot.typist();
    std::thread::sleep(typist.delay);
    match entry.fill(&typist.typed) {
        Ok(command) => {
            let mut response = Vec::new();
            slot.transmit(&Zeroizing::new(command.to_vec()), &mut response)?;
            Ok(response)
        }
        Err(sw) => Ok(sw.to_vec()),
    }
}

/// /run is empty after each start of the machine.
fn make_folder_of(socket: &Path) -> Result<(), String> {
    let folder = socket.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)
        .map_err(|error| format!("the folder {} cannot be made: {error}", folder.display()))
}

fn words(error: impl std::error::Error) -> String {
    error.to_string()
}
