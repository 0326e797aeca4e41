//! What is said on the socket.

use std::fmt;
use std::ops::Deref;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// An order, and which slot it is for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Request {
    /// Counted from 0, which need not be said.
    #[serde(default, skip_serializing_if = "is_first")]
    pub slot: usize,
    /// What is to be done.
    #[serde(flatten)]
    pub order: Order,
}

/// What slots can be told. Each is one JSON object with the key `do`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// `{"do":"status"}`: what the slots are like.
    Status,
    /// `{"do":"insert"}`: put the card in again. Answered when the reader has asked for it.
    Insert,
    /// `{"do":"remove"}`: pull the card out. Answered when it is out; vpcd sees that when it looks
    /// for the card, within 400 ms.
    Remove,
    /// `{"do":"blink"}`: the card loses its power for a moment, and the reader is not told.
    Blink,
    /// `{"do":"swap","file":"OTHER.cns"}`: pull the card out and put another one in. Answered when
    /// the reader has asked for it. The path is the server's.
    Swap {
        /// The other card's image file.
        file: PathBuf,
        /// Leave the file as it is.
        #[serde(default)]
        volatile: bool,
        /// Where its passphrase is, if the image is sealed.
        #[serde(default)]
        passphrase_file: Option<PathBuf>,
    },
    /// `{"do":"faults","name":"mine.toml","script":"..."}`: follow a script from its beginning.
    Faults {
        /// What it is called in errors.
        name: String,
        /// The TOML text.
        script: String,
    },
    /// `{"do":"clear-faults"}`: nothing goes wrong any more.
    ClearFaults,
    /// `{"do":"latency","name":"slow.toml","model":"..."}`: another speed; without a model the
    /// card's own.
    Latency {
        /// What it is called in errors.
        name: String,
        /// The TOML text, with a `[latency]` table.
        #[serde(default)]
        model: Option<String>,
    },
    /// `{"do":"type","pin":"12345"}`: what is typed on the pinpad each time that it asks.
    Type {
        /// The PIN.
        pin: Digits,
        /// The new PIN, where one is asked for; the same if not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_pin: Option<Digits>,
        /// How long that takes; 700 ms if not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delay_ms: Option<u64>,
    },
    /// `{"do":"cancel"}`: the pinpad's key "cancel" is pressed each time that it asks.
    Cancel {
        /// How long that takes; 700 ms if not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delay_ms: Option<u64>,
    },
    /// `{"do":"leave"}`: nobody types, and the pinpad's time runs out.
    Leave,
}

/// What somebody types: nobody else's business, and gone from memory afterwards.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Digits(Zeroizing<String>);

/// What comes back. What a slot is like depends on who answers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Answer<S> {
    /// Whether it was done.
    pub ok: bool,
    /// What the slots are like then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slots: Option<Vec<S>>,
    /// Why it was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl From<Order> for Request {
    fn from(order: Order) -> Self {
        Self { slot: 0, order }
    }
}

impl From<String> for Digits {
    fn from(digits: String) -> Self {
        Self(Zeroizing::new(digits))
    }
}

impl Deref for Digits {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

impl<S> Answer<S> {
    pub(super) fn done(slots: Vec<S>) -> Self {
        Self {
            ok: true,
            slots: Some(slots),
            error: None,
        }
    }

    pub(super) fn refused(error: String) -> Self {
        Self {
            ok: false,
            slots: None,
            error: Some(error),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_first(slot: &usize) -> bool {
    *slot == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_read_as_they_are_written() {
        let check = |text: &str, request: Request| {
            assert_eq!(serde_json::to_string(&request).unwrap(), text);
            assert_eq!(serde_json::from_str::<Request>(text).unwrap(), request);
        };
        check(r#"{"do":"clear-faults"}"#, Order::ClearFaults.into());
        let pin = Order::Type {
            pin: "12345".to_owned().into(),
            new_pin: None,
            delay_ms: Some(0),
        };
        let on_second = Request {
            slot: 1,
            order: pin.clone(),
        };
        check(
            r#"{"slot":1,"do":"type","pin":"12345","delay_ms":0}"#,
            on_second,
        );
        assert!(!format!("{pin:?}").contains("12345"), "it is masked");
        for wrong in [
            "{}",
            r#"{"do":"fly"}"#,
            r#"{"do":"swap"}"#,
            r#"{"do":"cancel","pin":"12345"}"#,
            r#"{"do":"insert","slot":-1}"#,
        ] {
            assert!(serde_json::from_str::<Request>(wrong).is_err(), "{wrong}");
        }
    }
}
