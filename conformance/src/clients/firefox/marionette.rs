//! Marionette, the remote control of Firefox: JSON over TCP, each message with its length in front.
//!
//! ```text
//! 50:{"applicationType":"gecko","marionetteProtocol":3}     greeting
//! 47:[0,1,"WebDriver:Navigate",{"url":"https://..."}]       command: 0, number, name, parameters
//! 14:[1,1,null,{}]                                          answer:  1, number, error, result
//! ```

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use thiserror::Error;

/// A connection to one Firefox.
pub(super) struct Marionette {
    stream: TcpStream,
    number: u64,
}

/// Why there is no result.
#[derive(Debug, Error)]
pub(super) enum Error {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("it does not speak the protocol: {0}")]
    Malformed(String),
    /// Its answer is an error: `error`, `message`, `stacktrace`.
    #[error("{0}")]
    Refused(Value),
}

impl Marionette {
    /// Connects, and reads the greeting. Every answer must come within the limit.
    pub(super) fn connect(port: u16, limit: Duration) -> Result<Self, Error> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(limit))?;
        stream.set_write_timeout(Some(limit))?;
        let mut connection = Self { stream, number: 0 };
        let greeting = connection.read()?;
        match greeting.get("marionetteProtocol") {
            Some(version) if *version == json!(3) => Ok(connection),
            _ => Err(Error::Malformed(greeting.to_string())),
        }
    }

    /// Sends a command and waits for its answer.
    pub(super) fn call(&mut self, name: &str, parameters: &Value) -> Result<Value, Error> {
        self.number += 1;
        let command = json!([0, self.number, name, parameters]).to_string();
        write!(self.stream, "{}:{command}", command.len())?;
        let answer = self.read()?;
        let malformed = || Error::Malformed(answer.to_string());
        let [kind, number, error, result] =
            answer.as_array().map(Vec::as_slice).ok_or_else(malformed)?
        else {
            return Err(malformed());
        };
        if *kind != json!(1) || *number != json!(self.number) {
            return Err(malformed());
        }
        match error {
            Value::Null => Ok(result.clone()),
            Value::Object(fields) => {
                let mut fields = fields.clone();
                fields.remove("stacktrace");
                Err(Error::Refused(Value::Object(fields)))
            }
            _ => Err(malformed()),
        }
    }

    fn read(&mut self) -> Result<Value, Error> {
        const LENGTH_MAX: usize = 16 << 20;
        let mut length = 0_usize;
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            match byte {
                [b':'] => break,
                [digit @ b'0'..=b'9'] if length < LENGTH_MAX => {
                    length = 10 * length + usize::from(digit - b'0');
                }
                [byte] => return Err(Error::Malformed(format!("{byte:02X} in a length"))),
            }
        }
        let mut message = vec![0; length];
        self.stream.read_exact(&mut message)?;
        serde_json::from_slice(&message).map_err(|error| Error::Malformed(error.to_string()))
    }
}
