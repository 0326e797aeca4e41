//! One connection between a reader and a slot, from the first word to its end.

use std::io;
use std::time::{Duration, Instant};

use cns_apdu::Sw;
use tokio::sync::watch;
use tokio::time::Instant as Deadline;
use vsmartcard::wire::{FrameBuffer, Message, write_frame};

use crate::contacts::Contacts;
use crate::faults::{Arrival, Departure, Removal};
use crate::journal::Journal;
use crate::slot::{Slot, State};

use super::line::Line;

pub(super) struct Connection {
    line: Line,
    frames: FrameBuffer,
    /// Large enough for an extended command in few reads.
    chunk: Vec<u8>,
    // Kept from one exchange to the next for their room.
    command: Vec<u8>,
    response: Vec<u8>,
    frame: Vec<u8>,
}

/// How a connection has ended.
pub(super) enum End {
    /// The reader went away.
    Reader(io::Error),
    /// The card was pulled out; by a fault, if there is a removal.
    Pulled(Option<Removal>),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Reader(error)
    }
}

/// What the reader said, without the bytes of a command.
enum Said {
    PowerOff,
    Reset { cold: bool },
    AtrRequest,
    Command,
}

impl Connection {
    pub(super) fn new(line: Line) -> Self {
        Self {
            line,
            frames: FrameBuffer::new(),
            chunk: vec![0; 4096],
            command: Vec::new(),
            response: Vec::new(),
            frame: Vec::new(),
        }
    }

    /// Reads what the reader says; returns how many bytes, 0 at the end.
    pub(super) async fn read(&mut self) -> io::Result<usize> {
        let length = self.line.read(&mut self.chunk).await?;
        self.frames
            .push(self.chunk.get(..length).unwrap_or_default());
        Ok(length)
    }

    /// Answers until the connection ends, and says how it ended. The slot has no reader then, and no
    /// card goes into it before `empty_min` has passed.
    pub(super) async fn answer<C: Contacts>(
        mut self,
        slot: &Slot<C>,
        journal: &Journal,
        orders: &mut watch::Receiver<u64>,
        empty_min: Duration,
    ) -> End {
        slot.state().connected();
        slot.tell();
        journal.set_inserted(true);
        let end = match self.converse(slot, journal, orders).await {
            Err(end) => end,
            Ok(never) => match never {},
        };
        {
            let mut state = slot.state();
            state.disconnected();
            if let End::Pulled(removal) = &end {
                state.left(Instant::now(), empty_min, *removal);
            }
        }
        // The reader hears of it after the slot knows, and whoever waits for the slot after that.
        drop(self);
        match end {
            End::Reader(_) => journal.set_inserted(false),
            End::Pulled(_) => journal.pulled_out(),
        }
        slot.tell();
        end
    }

    async fn converse<C: Contacts>(
        &mut self,
        slot: &Slot<C>,
        journal: &Journal,
        orders: &mut watch::Receiver<u64>,
    ) -> Result<std::convert::Infallible, End> {
        loop {
            while let Some(said) = self.next() {
                self.frame.clear();
                match said {
                    Said::PowerOff => {
                        slot.state().power_off();
                        journal.event("power off");
                    }
                    Said::Reset { cold } => {
                        let (delay, fate) = slot.state().reset(cold);
                        journal.event(if cold { "power on" } else { "reset" });
                        self.reset(slot, journal, orders, delay, fate).await?;
                    }
                    Said::AtrRequest => {
                        let atr = slot.state().atr();
                        write_frame(&atr, &mut self.frame).expect("an ATR has at most 33 bytes");
                    }
                    Said::Command => self.exchange(slot, journal, orders).await?,
                }
                // One write for each answer: length and body in one packet.
                if !self.frame.is_empty() {
                    self.line.write_all(&self.frame).await?;
                }
            }
            tokio::select! {
                biased;
                read = self.read() => {
                    if read? == 0 {
                        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                    }
                }
                _ = orders.changed() => {}
            }
            if slot.state().must_leave() {
                return Err(End::Pulled(None));
            }
        }
    }

    /// The next message, a command's bytes in `self.command`.
    fn next(&mut self) -> Option<Said> {
        Some(match self.frames.next_message()? {
            Message::PowerOff => Said::PowerOff,
            Message::PowerOn => Said::Reset { cold: true },
            Message::Reset => Said::Reset { cold: false },
            Message::AtrRequest => Said::AtrRequest,
            Message::Command(command) => {
                self.command.clear();
                self.command.extend_from_slice(command);
                Said::Command
            }
        })
    }

    async fn reset<C: Contacts>(
        &mut self,
        slot: &Slot<C>,
        journal: &Journal,
        orders: &mut watch::Receiver<u64>,
        delay: Duration,
        fate: Arrival,
    ) -> Result<(), End> {
        tell_hits(slot, journal);
        self.wait(slot, orders, Some(delay)).await?;
        match fate {
            Arrival::Remove(removal) => Err(End::Pulled(Some(removal))),
            Arrival::Mute(lasts) => self.mute(slot, orders, lasts).await,
            Arrival::Execute { .. } | Arrival::Answer(_) => Ok(()),
        }
    }

    /// One command and its response, which is left as a frame.
    async fn exchange<C: Contacts>(
        &mut self,
        slot: &Slot<C>,
        journal: &Journal,
        orders: &mut watch::Receiver<u64>,
    ) -> Result<(), End> {
        let start = Instant::now();
        let fate = slot.state().arrives(&self.command);
        slot.tell();
        tell_hits(slot, journal);
        self.response.clear();
        let mut blink = false;
        let mut executes = true;
        match fate {
            Arrival::Execute { blink: power } => blink = power,
            Arrival::Answer(answer) => (self.response, executes) = (answer, false),
            Arrival::Remove(removal) => return Err(End::Pulled(Some(removal))),
            Arrival::Mute(lasts) => self.mute(slot, orders, lasts).await?,
        }
        if blink {
            slot.blink();
        }
        let (delay, fate) = {
            let mut state = slot.state();
            if executes && let Some(card) = &mut state.card {
                card.transmit(&self.command, &mut self.response);
            }
            state.faults.response(&self.command, &mut self.response)
        };
        journal.exchange(&self.command, &self.response, start.elapsed());
        tell_hits(slot, journal);
        // What the card itself took is a part of what it shall take.
        let left = delay.saturating_sub(start.elapsed());
        self.wait(slot, orders, Some(left)).await?;
        // Up to 65,536 bytes of data can be asked for, a frame carries two less.
        if write_frame(&self.response, &mut self.frame).is_err() {
            write_frame(&Sw::WRONG_LENGTH.to_bytes(), &mut self.frame)
                .expect("a status word fits a frame");
        }
        match fate {
            Departure::Send => {}
            Departure::Remove { sent, removal } => {
                if sent != 0 {
                    // The length is the frame's, and is whole.
                    self.frame.truncate(2 + sent);
                    self.line.write_all(&self.frame).await?;
                }
                return Err(End::Pulled(Some(removal)));
            }
            Departure::Mute(lasts) => self.mute(slot, orders, lasts).await?,
        }
        slot.state().status.bytes_out += self.response.len() as u64;
        Ok(())
    }

    /// Says nothing for a time, or for ever; other faults end it.
    async fn mute<C: Contacts>(
        &mut self,
        slot: &Slot<C>,
        orders: &mut watch::Receiver<u64>,
        lasts: Option<Duration>,
    ) -> Result<(), End> {
        slot.state().status.mute = true;
        slot.tell();
        self.wait(slot, orders, lasts).await?;
        slot.state().status.mute = false;
        slot.tell();
        Ok(())
    }

    /// Waits; without a time until the slot has other faults. The card may be pulled out meanwhile,
    /// and the reader may go.
    async fn wait<C: Contacts>(
        &mut self,
        slot: &Slot<C>,
        orders: &mut watch::Receiver<u64>,
        time: Option<Duration>,
    ) -> Result<(), End> {
        if time == Some(Duration::ZERO) {
            return Ok(());
        }
        let end = time.and_then(|time| Deadline::now().checked_add(time));
        let generation = slot.state().generation;
        loop {
            tokio::select! {
                () = super::until(end) => return Ok(()),
                _ = orders.changed() => {}
                read = self.read() => {
                    if read? == 0 {
                        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                    }
                }
            }
            let state = slot.state();
            if state.must_leave() {
                return Err(End::Pulled(None));
            }
            if state.generation != generation {
                return Ok(());
            }
        }
    }
}

fn tell_hits<C: Contacts>(slot: &Slot<C>, journal: &Journal) {
    let hits = slot.state().faults.take_hits();
    for hit in &hits {
        journal.note(&format!("fault: {}", hit.rule));
    }
}

impl<C: Contacts> State<C> {
    fn connected(&mut self) {
        self.status.inserted = true;
        self.status.insertions += 1;
    }

    fn power_off(&mut self) {
        if let Some(card) = &mut self.card {
            card.power_off();
        }
        self.faults.power_off();
        self.status.powered = false;
    }

    fn reset(&mut self, cold: bool) -> (Duration, Arrival) {
        match &mut self.card {
            Some(card) if cold => card.power_on(),
            Some(card) => card.reset(),
            None => {}
        }
        self.status.powered = true;
        self.status.resets += 1;
        let atr = self.card.as_ref().map(C::atr).unwrap_or_default();
        self.faults.reset(&atr)
    }

    /// The answer to reset as the reader sees it.
    fn atr(&self) -> Vec<u8> {
        match (self.faults.other_atr(), &self.card) {
            (Some(other), _) => other.to_vec(),
            (None, Some(card)) => card.atr(),
            (None, None) => Vec::new(),
        }
    }

    fn arrives(&mut self, command: &[u8]) -> Arrival {
        self.status.commands += 1;
        self.status.bytes_in += command.len() as u64;
        self.faults.command(command)
    }
}
