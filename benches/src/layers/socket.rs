//! The card on another thread, behind a unix socket: what any transport between processes costs.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;

use cns_reader::Contacts;
use vsmartcard::wire::{FrameBuffer, write_frame};

use super::seat::{Owner, Seat};
use super::{Layer, Task};
use crate::BenchError;
use crate::cards::plugged;
use crate::load::Worker;
use crate::operation::Line;

pub(super) fn cards(task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let image = task.make.card()?;
    let seat = Seat {
        target: Layer::Socket.name(),
        owner: Owner::Ours,
        extended: true,
        batch: 1,
    };
    (0..task.cards)
        .map(|_| {
            let (here, there) =
                UnixStream::pair().map_err(|error| BenchError::layer("socket", error))?;
            let mut card = plugged(image.clone(), task.latency.as_ref());
            card.power_on();
            // It ends when the other end is dropped.
            thread::spawn(move || serve(there, &mut *card));
            let line = Socket {
                stream: here,
                frames: FrameBuffer::new(),
                chunk: vec![0; 4096],
                frame: Vec::new(),
            };
            seat.take(line, task)
        })
        .collect()
}

fn serve(mut stream: UnixStream, card: &mut dyn Contacts) -> Option<()> {
    let mut frames = FrameBuffer::new();
    let mut chunk = vec![0; 4096];
    let (mut response, mut frame) = (Vec::new(), Vec::new());
    loop {
        while let Some(command) = frames.next_payload() {
            card.transmit(command, &mut response);
            frame.clear();
            write_frame(&response, &mut frame).ok()?;
            stream.write_all(&frame).ok()?;
        }
        let length = stream.read(&mut chunk).ok().filter(|length| 0 < *length)?;
        frames.push(chunk.get(..length)?);
    }
}

struct Socket {
    stream: UnixStream,
    frames: FrameBuffer,
    chunk: Vec<u8>,
    frame: Vec<u8>,
}

impl Line for Socket {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError> {
        self.frame.clear();
        write_frame(command, &mut self.frame).map_err(BenchError::operation)?;
        self.stream
            .write_all(&self.frame)
            .map_err(BenchError::operation)?;
        loop {
            if let Some(payload) = self.frames.next_payload() {
                response.clear();
                response.extend_from_slice(payload);
                return Ok(());
            }
            let length = self
                .stream
                .read(&mut self.chunk)
                .map_err(BenchError::operation)?;
            if length == 0 {
                return Err(BenchError::operation("the card's thread has ended"));
            }
            self.frames
                .push(self.chunk.get(..length).unwrap_or_default());
        }
    }
}
