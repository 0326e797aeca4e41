//! What a call came back with, and how cases judge it.

use cryptoki::error::{Error, RvError};

use crate::case::{Finding, Stop};
use crate::constant_name::constant_name;

/// What a function of the module returned.
#[derive(Debug)]
pub struct Said<T> {
    function: &'static str,
    result: Result<T, Error>,
}

impl<T> Said<T> {
    pub(super) fn new(function: &'static str, result: Result<T, Error>) -> Self {
        Self { function, result }
    }

    /// What came, after CKR_OK.
    pub fn ok(self) -> Result<T, Stop> {
        let function = self.function;
        self.result
            .map_err(|error| fail(function, "CKR_OK", &words(&error)))
    }

    /// The function refused, with one of these values.
    pub fn refused_with(self, values: &[RvError]) -> Result<(), Stop> {
        let expected: Vec<String> = values.iter().map(name).collect();
        let seen = match &self.result {
            Ok(_) => "CKR_OK".to_owned(),
            Err(Error::Pkcs11(value, _)) if values.contains(value) => return Ok(()),
            Err(error) => words(error),
        };
        Err(fail(self.function, &expected.join(" or "), &seen))
    }

    /// The function refused, whatever the reason.
    pub fn refused(self) -> Result<(), Stop> {
        match self.result {
            Ok(_) => Err(fail(self.function, "a refusal", "CKR_OK")),
            Err(_) => Ok(()),
        }
    }

    /// The return value, in the standard's words, if it is an error.
    pub fn error(&self) -> Option<String> {
        self.result.as_ref().err().map(words)
    }
}

fn fail(function: &str, expected: &str, seen: &str) -> Stop {
    Stop::Fail(Finding {
        expected: format!("{function}: {expected}"),
        seen: seen.to_owned(),
        exchange: None,
    })
}

fn words(error: &Error) -> String {
    match error {
        Error::Pkcs11(value, _) => name(value),
        other => other.to_string(),
    }
}

/// `CKR_PIN_INCORRECT`: the bindings call it PinIncorrect.
fn name(value: &RvError) -> String {
    constant_name("CKR", &format!("{value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_values_have_the_names_of_the_standard() {
        assert_eq!(name(&RvError::PinIncorrect), "CKR_PIN_INCORRECT");
        assert_eq!(
            name(&RvError::UserAlreadyLoggedIn),
            "CKR_USER_ALREADY_LOGGED_IN"
        );
    }
}
