//! Random commands for a card, and the states that they lead it through.

use cns_card::{Card, CardImage};
use cns_reader::SystemEntropy;

use crate::support::Random;

/// How many commands a script has, or one or two more.
const COMMANDS: usize = 12;

/// What commands change, as it can be read from a card.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct State {
    pub(crate) pin: &'static str,
    pub(crate) pin_tries: u8,
    pub(crate) puk_tries: u8,
    /// The byte that a file is full of.
    pub(crate) filling: u8,
}

const PINS: [&str; 3] = ["12345678", "24681357", "99999999"];
const PUK: &str = "87654321";
const WRONG: &str = "00000000";
const TRIES_MAX: u8 = 3;

/// How much of the file is filled.
const FILLED: usize = 200;

impl State {
    /// A card of the citizen mario-bianchi.
    pub(crate) const PERSONALISED: Self = Self {
        pin: PINS[0],
        pin_tries: TRIES_MAX,
        puk_tries: TRIES_MAX,
        filling: 0,
    };

    pub(crate) fn of(image: &CardImage) -> Self {
        let tries = |id: u8| {
            let mut data = image.master_file.reference_data.iter();
            data.find(|datum| datum.id == id).unwrap().tries_left()
        };
        let mut refilled = image.clone();
        for datum in &mut refilled.master_file.reference_data {
            *datum = datum.clone().with_tries_left(TRIES_MAX);
        }
        let mut card = Card::volatile(refilled, SystemEntropy::new());
        let mut send = |command: Vec<u8>| {
            let mut response = Vec::new();
            card.transmit(&command, &mut response);
            response
        };
        let pin = PINS
            .into_iter()
            .find(|pin| send(verify(pin)) == [0x90, 0x00])
            .expect("the PIN is one that was set");
        send(select());
        let bytes = send(vec![0x00, 0xB0, 0x00, 0x00, FILLED as u8]);
        let filling = bytes[0];
        assert_eq!(bytes[..FILLED], [filling; FILLED], "half old, half new");
        Self {
            pin,
            pin_tries: tries(0x10),
            puk_tries: tries(0x11),
            filling,
        }
    }
}

/// Commands, and the durable states that they lead through.
pub(crate) struct Script {
    pub(crate) frames: Vec<Vec<u8>>,
    states: Vec<State>,
    /// How many of the states are past when so many commands are answered.
    past: Vec<usize>,
}

impl Script {
    pub(crate) fn write(start: &State, random: &mut Random) -> Self {
        let mut script = Self {
            frames: Vec::new(),
            states: vec![start.clone()],
            past: vec![0],
        };
        while script.frames.len() < COMMANDS {
            script.add_any(random);
        }
        script
    }

    fn add_any(&mut self, random: &mut Random) {
        let pin = self.last().pin;
        let new = PINS[random.below(3) as usize];
        let right = random.below(3) > 0;
        let (old, puk) = match right {
            true => (pin, PUK),
            false => (WRONG, WRONG),
        };
        match random.below(5) {
            0 => self.present(verify(old), right, pin_tries, |_| {}),
            1 => {
                let apdu = command(0x24, 0x00, &[old, new]);
                self.present(apdu, right, pin_tries, |state| state.pin = new);
            }
            2 => {
                let apdu = command(0x2C, 0x00, &[puk, new]);
                self.present(apdu, right, puk_tries, |state| {
                    (state.pin, state.pin_tries) = (new, TRIES_MAX);
                });
            }
            3 => {
                let apdu = command(0x2C, 0x01, &[puk]);
                self.present(apdu, right, puk_tries, |state| state.pin_tries = TRIES_MAX);
            }
            _ => self.add_update(random.below(256) as u8),
        }
    }

    fn add_update(&mut self, filling: u8) {
        let before = self.last().clone();
        self.present(verify(before.pin), true, pin_tries, |_| {});
        self.add(select(), &[]);
        let mut apdu = vec![0x00, 0xD6, 0x00, 0x00, FILLED as u8];
        apdu.extend([filling; FILLED]);
        let mut filled = self.last().clone();
        filled.filling = filling;
        let proven = before.pin_tries > 0;
        self.add(apdu, &[filled][..usize::from(proven)]);
    }

    /// A try is taken off the counter; then, if the value is right, it is full again and the change
    /// is made.
    fn present(
        &mut self,
        apdu: Vec<u8>,
        right: bool,
        counter: fn(&mut State) -> &mut u8,
        change: impl Fn(&mut State),
    ) {
        let mut charged = self.last().clone();
        let Some(left) = counter(&mut charged).checked_sub(1) else {
            return self.add(apdu, &[]); // it is blocked
        };
        *counter(&mut charged) = left;
        let mut changed = charged.clone();
        *counter(&mut changed) = TRIES_MAX;
        change(&mut changed);
        self.add(apdu, &[charged, changed][..1 + usize::from(right)]);
    }

    fn add(&mut self, apdu: Vec<u8>, states: &[State]) {
        let mut frame = (apdu.len() as u16).to_be_bytes().to_vec();
        frame.extend(apdu);
        self.frames.push(frame);
        self.states.extend_from_slice(states);
        self.past.push(self.states.len() - 1);
    }

    fn last(&self) -> &State {
        self.states.last().unwrap()
    }

    /// What the card may be when at least so many commands were answered.
    pub(crate) fn states_after(&self, answered: usize) -> &[State] {
        &self.states[self.past[answered]..]
    }
}

fn pin_tries(state: &mut State) -> &mut u8 {
    &mut state.pin_tries
}

fn puk_tries(state: &mut State) -> &mut u8 {
    &mut state.puk_tries
}

fn verify(pin: &str) -> Vec<u8> {
    command(0x20, 0x00, &[pin])
}

/// A command about the PIN.
fn command(instruction: u8, p1: u8, values: &[&str]) -> Vec<u8> {
    let data = values.concat();
    let mut apdu = vec![0x00, instruction, p1, 0x10, data.len() as u8];
    apdu.extend(data.as_bytes());
    apdu
}

/// EF.Dati_Personali_Aggiuntivi: free to read, written with the PIN.
fn select() -> Vec<u8> {
    vec![0x00, 0xA4, 0x08, 0x0C, 0x04, 0x12, 0x00, 0x12, 0x01]
}
