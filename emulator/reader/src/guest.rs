//! Cards of other processes that enter a reader at a unix socket: the reader's side of vpcd's protocol
//! (crate `vsmartcard`). [`crate::vpcd`] is the card's.

use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use vsmartcard::handler::Power;
use vsmartcard::wire::{FrameBuffer, Message, PAYLOAD_LENGTH_MAX, write_frame};

use crate::unix::{Door, SocketError, wait};

/// How long a card that has just entered may take to tell its ATR.
const GREETING_MAX: Duration = Duration::from_secs(2);

/// How long a card may take for one answer, if nobody says otherwise: longer than any real card does.
pub const SILENCE_MAX: Duration = Duration::from_secs(30);

/// What cards enter: a slot of a reader.
pub trait Entrance: Send + Sync + 'static {
    /// A card enters; its number among those that have. None if there is one already.
    fn enter(&self, guest: Guest) -> Option<u64>;

    /// The card with this number has gone.
    fn leave(&self, number: u64);
}

/// Why a card has no answer. It is taken for gone then.
#[derive(Debug, thiserror::Error)]
pub enum GuestError {
    /// It said nothing in time.
    #[error("the card said nothing for {0:?} and is taken for gone")]
    Mute(Duration),
    /// Its process has gone, or says what no card says.
    #[error("the card has gone in the middle of an exchange: {0}")]
    Gone(#[source] io::Error),
}

/// Lets cards enter at the socket `path`, one at a time, each with so much time for one answer.
///
/// # Errors
/// The path is taken, or the system refuses.
pub fn admit(
    path: &Path,
    entrance: Arc<impl Entrance>,
    silence_max: Duration,
) -> Result<Door, SocketError> {
    Door::open(path, move |listener, wake| {
        serve(&listener, &wake, &*entrance, silence_max);
    })
}

fn serve(
    listener: &UnixListener,
    wake: &UnixStream,
    entrance: &impl Entrance,
    silence_max: Duration,
) {
    /// The card that is in the slot: a handle to see it go, and its number.
    struct Inside(UnixStream, u64);
    let mut inside: Option<Inside> = None;
    loop {
        let mut waited = vec![
            PollFd::new(wake, PollFlags::IN | PollFlags::RDHUP),
            PollFd::new(listener, PollFlags::IN),
        ];
        if let Some(Inside(stream, _)) = &inside {
            waited.push(PollFd::new(stream, PollFlags::RDHUP));
        }
        if wait(&mut waited).is_err() {
            return;
        }
        let events: Vec<bool> = waited.iter().map(|fd| !fd.revents().is_empty()).collect();
        let happened = |place: usize| events.get(place).copied().unwrap_or(false);
        let (woken, knocked, left) = (happened(0), happened(1), happened(2));
        if (left || woken)
            && let Some(Inside(stream, number)) = inside.take()
        {
            // Whoever waits for the card's answer waits no longer.
            let _ = stream.shutdown(Shutdown::Both);
            entrance.leave(number);
        }
        if woken {
            return;
        }
        if knocked && let Ok((stream, _)) = listener.accept() {
            // A second card for the same slot finds its connection closed.
            if inside.is_none() {
                inside = welcome(stream, entrance, silence_max)
                    .map(|(stream, number)| Inside(stream, number));
            }
        }
    }
}

/// A card that tells its ATR enters the slot.
fn welcome(
    stream: UnixStream,
    entrance: &impl Entrance,
    silence_max: Duration,
) -> Option<(UnixStream, u64)> {
    let handle = stream.try_clone().ok()?;
    let guest = Guest::new(stream, GREETING_MAX).ok()?;
    guest.atr().ok()?;
    guest.set_silence_max(silence_max);
    let number = entrance.enter(guest)?;
    Some((handle, number))
}

/// A card at the other end of a connection. Several threads may hold it, one at a time speaks.
#[derive(Debug)]
pub struct Guest(Mutex<Connection>);

#[derive(Debug)]
struct Connection {
    stream: UnixStream,
    frames: FrameBuffer,
    chunk: Box<[u8]>,
    frame: Vec<u8>,
    silence_max: Duration,
}

impl Guest {
    fn new(stream: UnixStream, silence_max: Duration) -> io::Result<Self> {
        stream.set_write_timeout(Some(silence_max))?;
        Ok(Self(Mutex::new(Connection {
            stream,
            frames: FrameBuffer::new(),
            chunk: vec![0; 4096].into_boxed_slice(),
            frame: Vec::new(),
            silence_max,
        })))
    }

    fn set_silence_max(&self, silence_max: Duration) {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connection.silence_max = silence_max;
    }

    /// Its answer to reset.
    ///
    /// # Errors
    /// It is mute, or has gone.
    pub fn atr(&self) -> Result<Vec<u8>, GuestError> {
        self.speak(|connection| {
            let mut atr = Vec::new();
            connection.say(Message::AtrRequest.payload())?;
            connection.hear(&mut atr)?;
            match atr.is_empty() {
                true => Err(io::Error::new(ErrorKind::InvalidData, "it has no ATR")),
                false => Ok(atr),
            }
        })
    }

    /// Powers it up or down, or resets it. The answer to reset, if it has power now.
    ///
    /// # Errors
    /// It is mute, or has gone.
    pub fn power(&self, power: Power) -> Result<Vec<u8>, GuestError> {
        let message = match power {
            Power::Up => Message::PowerOn,
            Power::Reset => Message::Reset,
            Power::Down => Message::PowerOff,
        };
        self.speak(|connection| connection.say(message.payload()))?;
        match power {
            Power::Down => Ok(Vec::new()),
            Power::Up | Power::Reset => self.atr(),
        }
    }

    /// Sends a command APDU and appends the response to `response`.
    ///
    /// # Errors
    /// It is mute, or has gone.
    pub fn transmit(&self, command: &[u8], response: &mut Vec<u8>) -> Result<(), GuestError> {
        // A single byte would be taken for a control; it is no command either.
        // What does not fit a frame must not cost the card its connection.
        if !(2..=PAYLOAD_LENGTH_MAX).contains(&command.len()) {
            response.extend([0x67, 0x00]);
            return Ok(());
        }
        self.speak(|connection| {
            connection.say(command)?;
            connection.hear(response)
        })
    }

    /// A connection that has failed once is closed: its card is taken for gone.
    fn speak<T>(
        &self,
        speak: impl FnOnce(&mut Connection) -> io::Result<T>,
    ) -> Result<T, GuestError> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        speak(&mut connection).map_err(|error| {
            let _ = connection.stream.shutdown(Shutdown::Both);
            match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                    GuestError::Mute(connection.silence_max)
                }
                _ => GuestError::Gone(error),
            }
        })
    }
}

impl Connection {
    fn say(&mut self, payload: &[u8]) -> io::Result<()> {
        self.frame.clear();
        write_frame(payload, &mut self.frame).map_err(io::Error::other)?;
        self.stream.write_all(&self.frame)
    }

    /// The next frame, within the time that one answer may take in all.
    fn hear(&mut self, payload: &mut Vec<u8>) -> io::Result<()> {
        let deadline = Instant::now() + self.silence_max;
        loop {
            if let Some(received) = self.frames.next_payload() {
                payload.extend_from_slice(received);
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            self.stream.set_read_timeout(Some(left))?;
            let length = match self.stream.read(&mut self.chunk) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                read => read?,
            };
            if length == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            self.frames
                .push(self.chunk.get(..length).unwrap_or_default());
        }
    }
}
