//! The control socket: one JSON object a line, one line of answer.
//!
//! ```text
//! {"do":"status"}                                    {"slots":[{"card":true,"pinpad":false}]}
//! {"do":"remove","slot":0}                           {"done":true}
//! {"do":"insert","slot":0}                           {"done":true}
//! {"do":"type","slot":0,"pin":"12345"}               {"done":true}
//! {"do":"type","slot":0,"pin":"12345","new_pin":"54321","delay_ms":700}
//! {"do":"cancel","slot":0,"delay_ms":0}              the key "cancel"
//! {"do":"leave","slot":0}                            nobody types: the pinpad's time runs out
//! anything else                                      {"error":"..."}
//! ```
//! `remove` lays the card aside, `insert` puts it back. What is to be typed is typed each time that
//! the pinpad asks, after the delay: 700 ms unless it says, for Firefox takes no answer that comes at
//! once.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::pinpad::{Typed, Typist};
use crate::slot::Slot;
use crate::socket::{Door, knocks};

/// How long somebody may take to say something.
const SILENCE_MAX: Duration = Duration::from_secs(2);

/// The longest request, in bytes.
const REQUEST_MAX: u64 = 4096;

const DELAY_MS: u64 = 700;

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
enum Request {
    Status,
    Remove {
        slot: usize,
    },
    Insert {
        slot: usize,
    },
    Type {
        slot: usize,
        pin: Zeroizing<String>,
        new_pin: Option<Zeroizing<String>>,
        delay_ms: Option<u64>,
    },
    Cancel {
        slot: usize,
        delay_ms: Option<u64>,
    },
    Leave {
        slot: usize,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Done(bool),
    Slots(Vec<Status>),
    Error(String),
}

#[derive(Serialize)]
struct Status {
    card: bool,
    pinpad: bool,
}

pub(crate) fn open(path: &Path, slots: Vec<Arc<Slot>>) -> Result<Door, String> {
    Door::open(
        path,
        Box::new(move |listener, wake| serve(&listener, &wake, &slots)),
    )
}

fn serve(listener: &UnixListener, wake: &UnixStream, slots: &[Arc<Slot>]) {
    while let Ok(true) = knocks(listener, wake) {
        if let Ok((stream, _)) = listener.accept() {
            // Somebody who goes in the middle of a request is no reason to end.
            let _ = converse(&stream, slots);
        }
    }
}

fn converse(stream: &UnixStream, slots: &[Arc<Slot>]) -> std::io::Result<()> {
    use std::io::Read as _;
    stream.set_read_timeout(Some(SILENCE_MAX))?;
    stream.set_write_timeout(Some(SILENCE_MAX))?;
    let mut requests = BufReader::new(stream);
    let mut line = Zeroizing::new(String::new());
    while requests.by_ref().take(REQUEST_MAX).read_line(&mut line)? != 0 {
        let answer = answer(&line, slots);
        let mut text = serde_json::to_string(&answer)?;
        text.push('\n');
        (&*stream).write_all(text.as_bytes())?;
        line.clear();
    }
    Ok(())
}

fn answer(line: &str, slots: &[Arc<Slot>]) -> Answer {
    let request = match serde_json::from_str(line) {
        Ok(request) => request,
        // The text is not repeated: a PIN may be in it.
        Err(error) => return Answer::Error(format!("no request (column {})", error.column())),
    };
    let on = |number: usize, act: &dyn Fn(&Slot) -> bool| match slots.get(number) {
        Some(slot) => Answer::Done(act(slot)),
        None => Answer::Error(format!("slot {number} of {} is none", slots.len())),
    };
    let typing = |number: usize, typed: Typed, delay_ms: Option<u64>| {
        let delay = Duration::from_millis(delay_ms.unwrap_or(DELAY_MS));
        let typist = Typist { typed, delay };
        on(number, &|slot: &Slot| {
            slot.set_typist(typist.clone());
            slot.has_pinpad
        })
    };
    match request {
        Request::Status => Answer::Slots(
            slots
                .iter()
                .map(|slot| Status {
                    card: slot.has_card(),
                    pinpad: slot.has_pinpad,
                })
                .collect(),
        ),
        Request::Remove { slot } => on(slot, &Slot::take_out),
        Request::Insert { slot } => on(slot, &Slot::put_back),
        Request::Type {
            slot,
            pin,
            new_pin,
            delay_ms,
        } => typing(slot, Typed::Pins { pin, new_pin }, delay_ms),
        Request::Cancel { slot, delay_ms } => typing(slot, Typed::Cancel, delay_ms),
        Request::Leave { slot } => typing(slot, Typed::Nothing, None),
    }
}
