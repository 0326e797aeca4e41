//! The DevTools protocol through pipes: JSON, each message with a zero byte behind it.
//!
//! ```text
//! {"id":1,"method":"Page.navigate","params":{"url":"https://..."},"sessionId":"..."}
//! {"id":1,"result":{...}}
//! {"method":"Page.loadEventFired","params":{...}}          an event: passed over
//! ```

pub(crate) mod chromium;

use std::io::{self, BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thiserror::Error;

const POLL: Duration = Duration::from_millis(20);

/// A browser's ear and mouth.
pub(crate) struct DevTools {
    to: ChildStdin,
    from: Receiver<Value>,
    number: u64,
}

/// Why there is no result.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the browser was started without pipes")]
    NoPipes,
    #[error("the browser has ended")]
    Ended,
    #[error("no answer to {0} in time")]
    Silent(&'static str),
    #[error("{0}")]
    Refused(Value),
}

impl DevTools {
    /// Listens from now on. The thread that does so ends with the browser.
    fn new(to: ChildStdin, mut from: BufReader<ChildStdout>) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while from.read_until(0, &mut message).is_ok_and(|it| 0 < it) {
                if message.last() == Some(&0) {
                    message.pop();
                }
                let Ok(value) = serde_json::from_slice(&message) else {
                    return;
                };
                if sender.send(value).is_err() {
                    return;
                }
                message.clear();
            }
        });
        Self {
            to,
            from: receiver,
            number: 0,
        }
    }

    /// Sends a command, and returns its number.
    pub(crate) fn send(
        &mut self,
        method: &'static str,
        parameters: Value,
        session: Option<&str>,
    ) -> Result<u64, Error> {
        self.number += 1;
        let mut message = json!({"id": self.number, "method": method, "params": parameters});
        if let (Some(session), Some(fields)) = (session, message.as_object_mut()) {
            fields.insert("sessionId".to_owned(), json!(session));
        }
        self.to.write_all(message.to_string().as_bytes())?;
        self.to.write_all(&[0])?;
        self.to.flush()?;
        Ok(self.number)
    }

    /// The answer to that command, if it comes within this time.
    pub(crate) fn answer_to(
        &mut self,
        number: u64,
        limit: Duration,
    ) -> Result<Option<Value>, Error> {
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = match self.from.recv_timeout(left) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => return Err(Error::Ended),
            };
            if message.get("id") != Some(&json!(number)) {
                continue;
            }
            return match (message.get("result"), message.get("error")) {
                (Some(result), _) => Ok(Some(result.clone())),
                (None, error) => Err(Error::Refused(error.cloned().unwrap_or_default())),
            };
        }
    }

    /// Sends a command and waits for its answer.
    pub(crate) fn call(
        &mut self,
        method: &'static str,
        parameters: Value,
        session: Option<&str>,
        deadline: Instant,
    ) -> Result<Value, Error> {
        let number = self.send(method, parameters, session)?;
        let left = deadline.saturating_duration_since(Instant::now());
        self.answer_to(number, left)?.ok_or(Error::Silent(method))
    }

    /// Waits for the browser's first page, and returns the session in which it is spoken to.
    fn first_page(&mut self, deadline: Instant) -> Result<String, Error> {
        let page = loop {
            let targets = self.call("Target.getTargets", json!({}), None, deadline)?;
            match page_of(&targets) {
                Some(page) => break page,
                None => thread::sleep(POLL),
            }
        };
        let attach = json!({"targetId": page, "flatten": true});
        let attached = self.call("Target.attachToTarget", attach, None, deadline)?;
        let session = attached.get("sessionId").and_then(Value::as_str);
        Ok(session.unwrap_or_default().to_owned())
    }
}

fn page_of(targets: &Value) -> Option<String> {
    let targets = targets.get("targetInfos")?.as_array()?;
    let page = targets
        .iter()
        .find(|it| it.get("type") == Some(&json!("page")))?;
    Some(page.get("targetId")?.as_str()?.to_owned())
}
