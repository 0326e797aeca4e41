//! A unix socket at which a card of another process enters: the protocol of vpcd (crate
//! `vsmartcard`), without the network.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use cns_reader::unix::listen;
use rustix::event::{PollFd, PollFlags, poll};
use vsmartcard::handler::{Fault, Power};
use vsmartcard::wire::{FrameBuffer, Message, write_frame};

use crate::slot::{Contact, Slot};

/// How long a card that has just entered may take to tell its ATR.
const GREETING_MAX: Duration = Duration::from_secs(2);

/// A listening socket and the thread that serves it. Dropping it ends both.
pub(crate) struct Door {
    path: PathBuf,
    wake: UnixStream,
    thread: Option<JoinHandle<()>>,
}

/// What a thread does at a socket, until it is woken.
type Serve = Box<dyn FnOnce(UnixListener, UnixStream) + Send>;

impl Door {
    /// Lets cards enter `slot` at the socket `path`.
    pub(crate) fn for_cards(
        path: &Path,
        slot: Arc<Slot>,
        silence_max: Duration,
    ) -> Result<Self, String> {
        Self::open(
            path,
            Box::new(move |listener, wake| serve(&listener, &wake, &slot, silence_max)),
        )
    }

    /// Serves the socket `path`.
    pub(crate) fn open(path: &Path, serve: Serve) -> Result<Self, String> {
        let failed = |error: io::Error| format!("the socket {}: {error}", path.display());
        let listener = listen(path).map_err(failed)?;
        let (wake, woken) = UnixStream::pair().map_err(failed)?;
        let thread = std::thread::Builder::new()
            .name("cns-ifd".to_owned())
            .spawn(move || serve(listener, woken))
            .map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            wake,
            thread: Some(thread),
        })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = self.wake.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the thread is to end, or somebody knocks; waits for either.
pub(crate) fn knocks(listener: &UnixListener, wake: &UnixStream) -> io::Result<bool> {
    let mut waited = [
        PollFd::new(wake, PollFlags::IN | PollFlags::RDHUP),
        PollFd::new(listener, PollFlags::IN),
    ];
    retrying(&mut waited)?;
    let [woken, _] = &waited;
    Ok(woken.revents().is_empty())
}

fn serve(listener: &UnixListener, wake: &UnixStream, slot: &Arc<Slot>, silence_max: Duration) {
    /// The card that is in the slot: a handle to see it go, and its number.
    struct Guest(UnixStream, u64);
    let mut guest: Option<Guest> = None;
    loop {
        let mut waited = vec![
            PollFd::new(wake, PollFlags::IN | PollFlags::RDHUP),
            PollFd::new(listener, PollFlags::IN),
        ];
        if let Some(Guest(stream, _)) = &guest {
            waited.push(PollFd::new(stream, PollFlags::RDHUP));
        }
        if retrying(&mut waited).is_err() {
            return;
        }
        let events: Vec<bool> = waited.iter().map(|fd| !fd.revents().is_empty()).collect();
        let happened = |place: usize| events.get(place).copied().unwrap_or(false);
        let (woken, knocked, left) = (happened(0), happened(1), happened(2));
        if (left || woken)
            && let Some(Guest(_, number)) = guest.take()
        {
            slot.remove(number);
        }
        if woken {
            return;
        }
        if knocked && let Ok((stream, _)) = listener.accept() {
            // A second card for the same slot finds its connection closed.
            if guest.is_none() {
                guest = welcome(stream, slot, silence_max)
                    .map(|(stream, number)| Guest(stream, number));
            }
        }
    }
}

/// A card that tells its ATR enters the slot.
fn welcome(
    stream: UnixStream,
    slot: &Arc<Slot>,
    silence_max: Duration,
) -> Option<(UnixStream, u64)> {
    let handle = stream.try_clone().ok()?;
    let remote = Remote::new(stream, GREETING_MAX).ok()?;
    remote.atr().ok()?;
    remote.set_silence_max(silence_max);
    let number = slot.insert(Arc::new(remote))?;
    Some((handle, number))
}

fn retrying(waited: &mut [PollFd<'_>]) -> io::Result<()> {
    loop {
        match poll(waited, None) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A card at the other end of a connection.
struct Remote(Mutex<Connection>);

struct Connection {
    stream: UnixStream,
    frames: FrameBuffer,
    chunk: Box<[u8]>,
    frame: Vec<u8>,
    silence_max: Duration,
}

impl Remote {
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
        self.connection(|connection| {
            connection.silence_max = silence_max;
            Ok(())
        })
        .unwrap_or_default();
    }

    fn atr(&self) -> Result<Vec<u8>, Fault> {
        let mut atr = Vec::new();
        self.connection(|connection| {
            connection.say(Message::AtrRequest.payload())?;
            connection.hear(&mut atr)
        })?;
        match atr.is_empty() {
            true => Err(Fault::Communication),
            false => Ok(atr),
        }
    }

    /// A connection that has failed once is closed: its card is taken for gone.
    fn connection<T>(
        &self,
        speak: impl FnOnce(&mut Connection) -> io::Result<T>,
    ) -> Result<T, Fault> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        speak(&mut connection).map_err(|error| {
            let _ = connection.stream.shutdown(Shutdown::Both);
            match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => Fault::Mute,
                _ => Fault::Communication,
            }
        })
    }
}

impl Contact for Remote {
    fn power(&self, power: Power) -> Result<Vec<u8>, Fault> {
        let message = match power {
            Power::Up => Message::PowerOn,
            Power::Reset => Message::Reset,
            Power::Down => Message::PowerOff,
        };
        self.connection(|connection| connection.say(message.payload()))?;
        match power {
            Power::Down => Ok(Vec::new()),
            Power::Up | Power::Reset => self.atr(),
        }
    }

    fn transmit(&self, command: &[u8], response: &mut Vec<u8>) -> Result<(), Fault> {
        // A single byte would be taken for a control; it is no command either.
        if command.len() < 2 {
            response.extend([0x67, 0x00]);
            return Ok(());
        }
        self.connection(|connection| {
            connection.say(command)?;
            connection.hear(response)
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
            let length = self.stream.read(&mut self.chunk)?;
            if length == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            self.frames
                .push(self.chunk.get(..length).unwrap_or_default());
        }
    }
}
