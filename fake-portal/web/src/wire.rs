//! The socket under TLS, watched: what comes first, when the last flight left, which alert went out.

use std::future::Future as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use rustls::AlertDescription;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep, timeout};

use crate::client_hello::{HELLO_LENGTH_MAX, Offered};
use crate::clock::Clock;

/// A connection whose handshake is watched. After that it is a plain socket.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    tap: Arc<Tap>,
    holding_back: Option<Pin<Box<Sleep>>>,
    /// Nothing is said any more, not even that it ends.
    is_cut: bool,
}

/// How a connection is cut, or held back, on purpose: the next thing that the portal says does not leave.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    /// It is closed (FIN).
    Close,
    /// It is reset (RST).
    Reset,
    /// It leaves later.
    HoldBack(Duration),
}

/// What was seen of a handshake from outside TLS.
#[derive(Debug)]
pub(crate) struct Tap {
    clock: Arc<dyn Clock>,
    seen: Mutex<Seen>,
    cut: Mutex<Option<Cut>>,
}

#[derive(Debug, Default)]
struct Seen {
    is_over: bool,
    first_bytes: Vec<u8>,
    last_written: Option<Duration>,
    plain_alert: Option<AlertDescription>,
    has_keys: bool,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, clock: Arc<dyn Clock>) -> (Self, Arc<Tap>) {
        let tap = Arc::new(Tap {
            clock,
            seen: Mutex::default(),
            cut: Mutex::default(),
        });
        let wire = Self {
            stream,
            tap: Arc::clone(&tap),
            holding_back: None,
            is_cut: false,
        };
        (wire, tap)
    }

    /// Sends an alert before there are keys, as a record of its own (RFC 8446 §6), and nothing after it.
    pub(crate) async fn say_alert(&mut self, description: u8) -> io::Result<()> {
        let record = [ALERT_RECORD, 3, 3, 0, 2, FATAL, description];
        self.write_all(&record).await?;
        self.shutdown().await
    }

    /// Does what was ordered before anything more is said.
    fn poll_cut(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.tap.take_cut() {
            None => {}
            Some(Cut::HoldBack(time)) => self.holding_back = Some(Box::pin(sleep(time))),
            Some(Cut::Reset) => {
                self.stream.set_zero_linger()?;
                self.is_cut = true;
            }
            Some(Cut::Close) => self.is_cut = true,
        }
        if self.is_cut {
            return Poll::Ready(Err(cut_on_purpose()));
        }
        if let Some(sleep) = &mut self.holding_back {
            ready!(sleep.as_mut().poll(context));
            self.holding_back = None;
        }
        Poll::Ready(Ok(()))
    }
}

fn cut_on_purpose() -> io::Error {
    let why = "the connection was cut by a fault that was ordered";
    io::Error::new(io::ErrorKind::ConnectionAborted, why)
}

/// Says that nothing more comes, and reads away what the client still sends, for a moment. A socket that is
/// closed with something unread is reset, and the client loses what was on its way to it: the alert, in TLS
/// 1.3, for it has sent its request before it can hear of a refusal; or the answer to a request that was too
/// long to be read.
pub(crate) async fn linger(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let drained = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(LINGER_LENGTH_MAX), &mut tokio::io::sink()).await
    };
    // Whatever is in the way of it, the connection ends now.
    let _ = timeout(LINGER_TIME_MAX, drained).await;
}

/// What a client may have on its way: a request with a body that is longer than any that is read.
const LINGER_LENGTH_MAX: u64 = 262_144;
/// A client that has not heard of the end by then never will.
const LINGER_TIME_MAX: Duration = Duration::from_secs(2);

impl Tap {
    /// What the client offers, if its hello came whole.
    pub(crate) fn offered(&self) -> Option<Offered> {
        Offered::from_records(&self.seen().first_bytes)
    }

    /// Time since the portal's last flight left: that with CertificateRequest, while the client has
    /// not yet answered it.
    pub(crate) fn since_last_flight(&self) -> Option<Duration> {
        let now = self.clock.stopwatch();
        let left = self.seen().last_written?;
        Some(now.saturating_sub(left))
    }

    /// The alert that went out unencrypted.
    pub(crate) fn plain_alert(&self) -> Option<AlertDescription> {
        self.seen().plain_alert
    }

    /// Whether the portal encrypts already what it says.
    pub(crate) fn has_keys(&self) -> bool {
        self.seen().has_keys
    }

    /// Orders a cut.
    pub(crate) fn cut(&self, cut: Cut) {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = Some(cut);
    }

    fn take_cut(&self) -> Option<Cut> {
        self.cut
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Ends the watch, and forgets the bytes.
    pub(crate) fn handshake_is_over(&self) {
        *self.seen() = Seen {
            is_over: true,
            ..Seen::default()
        };
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_read(&self, bytes: &[u8]) {
        let mut seen = self.seen();
        if !seen.is_over {
            let room = HELLO_LENGTH_MAX.saturating_sub(seen.first_bytes.len());
            let taken = bytes.get(..room).unwrap_or(bytes);
            seen.first_bytes.extend_from_slice(taken);
        }
    }

    fn note_written(&self, bytes: &[u8]) {
        let now = self.clock.stopwatch();
        let mut seen = self.seen();
        if !seen.is_over {
            seen.last_written = Some(now);
            seen.has_keys |= bytes.first() == Some(&ENCRYPTED_RECORD);
            // A record of two bytes: rustls writes each record by itself. Encrypted ones are longer.
            if let [ALERT_RECORD, _, _, 0, 2, _level, description, ..] = bytes {
                seen.plain_alert = Some(AlertDescription::from(*description));
            }
        }
    }
}

const ALERT_RECORD: u8 = 21;
/// Of TLS 1.3, whose encrypted records all say that they are application data (RFC 8446 §5.2).
const ENCRYPTED_RECORD: u8 = 23;
const FATAL: u8 = 2;

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.tap
            .note_read(buffer.filled().get(before..).unwrap_or_default());
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_cut(context))?;
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(_)) = polled {
            self.tap.note_written(bytes);
        }
        polled
    }

    // A flight leaves in one write: a client that reads its beginning, answers, and meets a closed
    // connection never gets to the alert at its end.
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        records: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_cut(context))?;
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, records);
        if let Poll::Ready(Ok(_)) = polled {
            for record in records {
                self.tap.note_written(record);
            }
        }
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_cut {
            return Poll::Ready(Err(cut_on_purpose()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
