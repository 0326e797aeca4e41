//! What was said between host and card. The one place that logs APDUs; PINs, PUKs and personal data
//! are masked.

use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cns_apdu::words::{Conversation, Secrets};
use tokio::sync::watch;

/// A record of exchanges. Clones write to the same one.
#[derive(Clone)]
pub struct Journal(Arc<Shared>);

struct Shared {
    commands: AtomicU64,
    inserted: watch::Sender<bool>,
    started: Instant,
    lines: Option<Mutex<Lines>>,
}

struct Lines {
    to: Box<dyn Write + Send>,
    conversation: Conversation,
}

impl Journal {
    /// Counts, and writes nothing.
    pub fn silent() -> Self {
        Self::with_lines(None)
    }

    /// Counts, and writes two lines for each exchange:
    ///
    /// ```text
    ///   12.345 ms > 00 A4 08 0C 04 11 00 11 01  SELECT 3F00/1100/1101 EF.C_Carta
    ///    0.011 ms < 90 00  done
    /// ```
    /// The first time is since the journal began, the second is how long the card took.
    pub fn writing(to: impl Write + Send + 'static) -> Self {
        Self::with_lines(Some(Mutex::new(Lines {
            to: Box::new(to),
            conversation: Conversation::new(Secrets::Masked),
        })))
    }

    fn with_lines(lines: Option<Mutex<Lines>>) -> Self {
        Self(Arc::new(Shared {
            commands: AtomicU64::new(0),
            inserted: watch::Sender::new(false),
            started: Instant::now(),
            lines,
        }))
    }

    /// How many command APDUs the card has answered.
    pub fn commands(&self) -> u64 {
        self.0.commands.load(Ordering::Relaxed)
    }

    /// Waits until a reader has spoken to the card. Whoever polls for it, as vpcd does, sees the card
    /// from then on.
    pub async fn inserted(&self) {
        let mut state = self.0.inserted.subscribe();
        // The sender lives as long as `self`, so that the wait cannot fail.
        let _ = state.wait_for(|inserted| *inserted).await;
    }

    pub(crate) fn set_inserted(&self, inserted: bool) {
        self.0.inserted.send_replace(inserted);
        self.event(if inserted {
            "card inserted"
        } else {
            "reader gone"
        });
    }

    pub(crate) fn pulled_out(&self) {
        self.0.inserted.send_replace(false);
        self.event("card pulled out");
    }

    pub(crate) fn exchange(&self, command: &[u8], response: &[u8], took: Duration) {
        self.0.commands.fetch_add(1, Ordering::Relaxed);
        self.write(|conversation| {
            format!(
                "{:>10.3} ms > {}\n{:>10.3} ms < {}\n",
                milliseconds(self.0.started.elapsed()),
                conversation.command(command),
                milliseconds(took),
                conversation.response(response),
            )
        });
    }

    /// Something that happened to the card as a whole: what was selected is so no more.
    pub(crate) fn event(&self, event: &str) {
        self.write(|conversation| {
            conversation.reset();
            format!(
                "{:>10.3} ms = {event}\n",
                milliseconds(self.0.started.elapsed())
            )
        });
    }

    /// Something that changes nothing about the card.
    pub(crate) fn note(&self, note: &str) {
        self.write(|_| {
            format!(
                "{:>10.3} ms = {note}\n",
                milliseconds(self.0.started.elapsed())
            )
        });
    }

    /// A journal that cannot be written any more (a closed pipe) does not stop the card.
    fn write(&self, line: impl FnOnce(&mut Conversation) -> String) {
        if let Some(lines) = &self.0.lines {
            let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            let line = line(&mut lines.conversation);
            let _ = lines
                .to
                .write_all(line.as_bytes())
                .and_then(|()| lines.to.flush());
        }
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Journal({} commands)", self.commands())
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
