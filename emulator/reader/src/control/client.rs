//! The other side of the socket.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{Answer, ControlError, ORDER_LIMIT, Request};

/// Says one thing to the slots that are served at a socket, and waits for the answer; at most twice as
/// long as an order may take.
///
/// # Errors
/// Nobody is there, or somebody else. An order that is refused is an [`Answer`].
pub fn ask<S: DeserializeOwned>(path: &Path, request: &Request) -> Result<Answer<S>, ControlError> {
    let line = exchange(path, request, ORDER_LIMIT * 2).map_err(|source| ControlError::Nobody {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_str(&line).map_err(|error| ControlError::Unreadable {
        path: path.to_owned(),
        seen: format!("{:.100} ({error})", line.trim_end()),
    })
}

fn exchange(path: &Path, request: &Request, limit: Duration) -> io::Result<String> {
    let mut stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    let mut line = Zeroizing::new(serde_json::to_vec(request)?);
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    match BufReader::new(stream).read_line(&mut answer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(answer),
    }
}
