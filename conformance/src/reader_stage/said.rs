//! What a call of PC/SC came to, and how cases judge it.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use pcsc::Error;

use crate::case::{Stop, Verdict};
use crate::constant_name::constant_name;

/// How long a call may take that has no reason to wait, and one whose reason has gone. A virtual card
/// needs a few milliseconds, vpcd 400 to see a card come or go; whoever waits for news says so himself.
const COME_BACK_LIMIT: Duration = Duration::from_secs(10);

const A_MOMENT: Duration = Duration::from_millis(20);

/// What a function of PC/SC returned.
#[derive(Debug)]
#[must_use = "a case judges what a call came to"]
pub struct Said<T> {
    function: &'static str,
    result: Result<T, Error>,
}

/// A call that has not come back yet.
#[must_use = "a case waits for what it began"]
pub struct Pending<T> {
    function: &'static str,
    result: Receiver<Result<T, Error>>,
    /// What it came to, if somebody has looked before.
    early: Option<Result<T, Error>>,
}

impl<T> Said<T> {
    pub(super) fn new(function: &'static str, result: Result<T, Error>) -> Self {
        Self { function, result }
    }

    /// What came, after SCARD_S_SUCCESS.
    pub fn ok(self) -> Result<T, Stop> {
        let function = self.function;
        self.result
            .map_err(|error| fail(function, "SCARD_S_SUCCESS", &name(error)))
    }

    /// The call was refused, with one of these codes.
    pub fn refused_with(self, codes: &[Error]) -> Verdict {
        let seen = match self.result {
            Ok(_) => "SCARD_S_SUCCESS".to_owned(),
            Err(code) if codes.contains(&code) => return Ok(()),
            Err(code) => name(code),
        };
        let expected: Vec<String> = codes.iter().copied().map(name).collect();
        Err(fail(self.function, &expected.join(" or "), &seen))
    }

    /// What the call came to, for a case that knows better than success or one code.
    pub fn result(self) -> Result<T, Error> {
        self.result
    }
}

impl<T> Pending<T> {
    pub(super) fn new(function: &'static str, result: Receiver<Result<T, Error>>) -> Self {
        Self {
            function,
            result,
            early: None,
        }
    }

    /// What the call comes to. One that does not come back has failed.
    pub fn come(self) -> Result<Said<T>, Stop> {
        self.come_within(COME_BACK_LIMIT)
    }

    /// The same with a time limit of its own.
    pub fn come_within(self, limit: Duration) -> Result<Said<T>, Stop> {
        let function = self.function;
        let come = match self.early {
            Some(result) => Ok(result),
            None => self.result.recv_timeout(limit),
        };
        match come {
            Ok(result) => Ok(Said::new(function, result)),
            Err(RecvTimeoutError::Timeout) => Err(fail(
                function,
                "it comes back",
                &format!("nothing for {limit:?}"),
            )),
            Err(RecvTimeoutError::Disconnected) => Err(Stop::broken(format!(
                "the call of {function} itself failed"
            ))),
        }
    }

    /// Whether the call has come back by now; waits a moment for it.
    pub fn has_come(&mut self) -> bool {
        if self.early.is_none() {
            self.early = self.result.recv_timeout(A_MOMENT).ok();
        }
        self.early.is_some()
    }

    /// The call waits at least so long.
    pub fn still_waits(&self, time: Duration) -> Verdict {
        match self.result.recv_timeout(time) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => Err(Stop::broken("the client has ended")),
            Ok(Ok(_)) => Err(fail(self.function, "it waits", "SCARD_S_SUCCESS")),
            Ok(Err(error)) => Err(fail(self.function, "it waits", &name(error))),
        }
    }
}

fn fail(function: &str, expected: &str, seen: &str) -> Stop {
    Stop::fail(format!("{function}: {expected}"), seen)
}

/// `SCARD_E_NO_SMARTCARD`: the bindings call it NoSmartcard. The letter tells errors from failures of
/// the service and from warnings.
fn name(error: Error) -> String {
    let kind = match error {
        Error::InternalError | Error::WaitedTooLong | Error::CommError | Error::UnknownError => "F",
        Error::Shutdown => "P",
        _ if Error::UnsupportedCard as u32 <= error as u32 => "W",
        _ => "E",
    };
    constant_name(&format!("SCARD_{kind}"), &format!("{error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_names_of_the_standard() {
        assert_eq!(name(Error::SharingViolation), "SCARD_E_SHARING_VIOLATION");
        assert_eq!(name(Error::RemovedCard), "SCARD_W_REMOVED_CARD");
        assert_eq!(name(Error::CommError), "SCARD_F_COMM_ERROR");
    }
}
